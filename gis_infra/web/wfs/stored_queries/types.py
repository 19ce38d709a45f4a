"""The types of the parameters of stored queries, and whether a text is of one. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from gis_infra.filters.fes.values import GML_NAMESPACES
from gis_infra.web.wfs.names import XSD

WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,4})?|-?INF|NaN", re.ASCII)
NAME = re.compile(r"[^\W\d][\w.-]*")
QNAME = re.compile(r"([^\W\d][\w.-]*:)?[^\W\d][\w.-]*")
# What XML can hold. Source: XML 1.0 clause 2.2.
CHARACTERS = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
GEOMETRY = "geometry"
QUALIFIED = "QName"


def is_text(text: str) -> bool:
    """True for any text."""
    return True


def is_boolean(text: str) -> bool:
    """Whether it is a truth value."""
    return text in {"true", "false", "1", "0"}


def is_whole(text: str) -> bool:
    """Whether it is a whole number."""
    return WHOLE.fullmatch(text) is not None


def is_natural(text: str) -> bool:
    """Whether it is a whole number from 0 on."""
    return is_whole(text) and int(text) >= 0


def is_positive(text: str) -> bool:
    """Whether it is a whole number from 1 on."""
    return is_whole(text) and int(text) >= 1


def is_number(text: str) -> bool:
    """Whether it is a number."""
    return NUMBER.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether it is a name without a prefix."""
    return NAME.fullmatch(text) is not None


def is_qualified_name(text: str) -> bool:
    """Whether it is a name, with a prefix or without."""
    return QNAME.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Whether it can be an address: text without blanks."""
    return not re.search(r"\s", text)


def make_check(parse: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether a text can be parsed."""

    def is_parsed(text: str) -> bool:
        """Whether this one can."""
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return is_parsed


CHECKS: Mapping[str, Callable[[str], bool]] = {
    **dict.fromkeys(("string", "normalizedString", "token", "language"), is_text),
    **dict.fromkeys(("integer", "long", "int", "short", "byte"), is_whole),
    **dict.fromkeys(("nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"), is_natural),
    "positiveInteger": is_positive,
    **dict.fromkeys(("decimal", "double", "float"), is_number),
    "boolean": is_boolean,
    **dict.fromkeys(("NCName", "ID", "Name"), is_name),
    QUALIFIED: is_qualified_name,
    "anyURI": is_address,
    "date": make_check(date.fromisoformat),
    "dateTime": make_check(datetime.fromisoformat),
    "time": make_check(time.fromisoformat),
}


def find_type(namespace: str | None, local: str) -> str | None:
    """The type of a qualified name: one of CHECKS, or GEOMETRY for any of GML's; None for one not known here."""
    if namespace in GML_NAMESPACES:
        return GEOMETRY
    return local if namespace == XSD and local in CHECKS else None


def is_of_type(text: str, kind: str) -> bool:
    """Whether a text is a value of a type of `find_type` other than GEOMETRY, and can stand in XML."""
    return CHECKS[kind](text) and CHARACTERS.fullmatch(text) is not None
