"""The text of an element as a value of a field, in the forms of XML Schema; and what clients write instead of those.

An element without text is a property without value, whatever its type: QGIS and GDAL write so what was emptied.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from gis_infra.catalogue.definitions import Field, FieldType
from gis_infra.features.changing import values
from gis_infra.features.formats.gml.names import XSI_NAMESPACE
from gis_infra.filters.fes.document import get_local_name

NIL = f"{{{XSI_NAMESPACE}}}nil"
WHOLE = re.compile(r"[+-]?\d{1,30}", re.ASCII)
ZONE = re.compile(r"(?:Z|[+-]\d{2}:\d{2})$", re.ASCII)
TRUTH: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}


def read_value(element: etree._Element, field: Field) -> Any:
    """The value of a property, None for none. Raises ValueError, which says what is wrong with it."""
    if len(element):
        raise ValueError(f"must be {field.type}, and holds the element {get_local_name(element[0])[:60]}")
    text = element.text or ""
    if not text.strip() or element.get(NIL, "").strip() in {"true", "1"}:
        return None
    return PARSERS[field.type](text if field.type in {"text", "code"} else text.strip())


def parse_integer(text: str) -> int:
    """A whole number; one written as 150.0 too. Raises ValueError."""
    return values.parse_integer(int(text) if WHOLE.fullmatch(text) else parse_float(text))


def parse_number(text: str) -> float:
    """A finite number. Raises ValueError."""
    number = parse_float(text)
    if number - number:  # of infinity and of what is no number
        raise ValueError("must be a finite number")
    return number


def parse_float(text: str) -> float:
    """Whatever a float is. Raises ValueError."""
    try:
        if "_" not in text:
            return float(text)
    except ValueError:
        pass
    raise ValueError("must be a number")


def parse_boolean(text: str) -> bool:
    """A truth value. Raises ValueError. Source: XML Schema 1.0 part 2, clause 3.2.2."""
    if text.lower() not in TRUTH:
        raise ValueError("must be true or false")
    return TRUTH[text.lower()]


def parse_date(text: str) -> Any:
    """A day; the zone that XML Schema allows behind it is left aside. Raises ValueError."""
    return values.parse_date(text if "T" in text else ZONE.sub("", text))


def parse_moment(text: str) -> Any:
    """A moment, in UTC where no zone is written, which is how moments are served here. Raises ValueError."""
    return values.parse_moment(text if ZONE.search(text) else f"{text}Z")


PARSERS: Mapping[FieldType, Callable[[str], Any]] = {
    "text": values.parse_text,
    "code": values.parse_text,
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "timestamp": parse_moment,
}
