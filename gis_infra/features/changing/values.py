"""One value of a JSON document as a value of a field. Strict: what is of another type is refused, never converted.

But for what all programs do: a whole number may be written 150.0, letters may be decomposed (they are composed here),
a date may have a midnight behind it, and text is taken without the blanks around it, none being no value, as the
importer takes it.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from gis_infra.catalogue.definitions import FieldType

EXACT_UP_TO = 2**53  # whole numbers beyond it are not exact once a program has read them as a float
LARGEST = 2**63 - 1
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)


def parse_text(value: object) -> str | None:
    """Text, its letters composed, without the blanks around it; None if nothing is left. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, and is {name_type(value)}")
    return unicodedata.normalize("NFC", value).strip() or None


def parse_integer(value: object) -> int:
    """A whole number. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a whole number, and is {name_type(value)}")
    if isinstance(value, float) and (not math.isfinite(value) or value != math.floor(value)):
        raise ValueError("must be a whole number")
    if abs(value) > (EXACT_UP_TO if isinstance(value, float) else LARGEST):
        raise ValueError("is too large for a whole number")
    return int(value)


def parse_number(value: object) -> float:
    """A number. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a number, and is {name_type(value)}")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("is too large for a number") from None


def parse_boolean(value: object) -> bool:
    """True or false. Raises ValueError."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, and is {name_type(value)}")
    return value


def parse_date(value: object) -> date:
    """A day of the calendar, written 2026-11-23. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"must be a date as 2026-11-23, and is {name_type(value)}")
    match = DATE.fullmatch(value.strip())
    if match is None:
        raise ValueError("must be a date as 2026-11-23")
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise ValueError("is no day of the calendar") from None


def parse_moment(value: object) -> datetime:
    """A moment, written 2026-11-23T08:30:00Z or with an offset; without either nobody knows which it is.

    Raises ValueError. Source: RFC 3339 clause 5.6.
    """
    if not isinstance(value, str):
        raise ValueError(f"must be a moment as 2026-11-23T08:30:00Z, and is {name_type(value)}")
    if MOMENT.fullmatch(value.strip().upper()) is None:
        raise ValueError("must be a moment as 2026-11-23T08:30:00Z or 2026-11-23T15:30:00+07:00")
    try:
        return datetime.fromisoformat(value.strip().upper())
    except ValueError:
        raise ValueError("is no moment of the calendar") from None


PARSERS: Mapping[FieldType, Callable[[object], Any]] = {
    "text": parse_text,
    "code": parse_text,
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "timestamp": parse_moment,
}


def name_type(value: object) -> str:
    """What JSON calls the type of a value, with an article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "an object" if isinstance(value, Mapping) else "a list"
