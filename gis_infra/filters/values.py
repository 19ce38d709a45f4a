"""A value as a caller wrote it, read as the type of the field it is compared with. Knows no SQL."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from gis_infra.catalogue.definitions import Field, FieldType
from gis_infra.errors import InvalidParameter
from gis_infra.filters.tree import Value

INT8_LIMIT = 2**63 - 1
LONGEST_WHOLE = 19  # digits of INT8_LIMIT
TRUTH: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "1"), True),
    **dict.fromkeys(("false", "f", "no", "0"), False),
}
# int() and float() also take "1_000", " 7" and Arabic digits; a request may not.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
SHOWN_CODES = 40


def parse_value(field: Field, value: Value) -> Value:
    """The value to compare `field` with, in the field's own type.

    value: text from a request, or what a filter language already made of it.
    Raises InvalidParameter, which names the field, what was given and what is allowed.
    """
    return PARSERS[field.type](field, value)


def parse_text(field: Field, value: Value) -> str:
    """Text; numbers and dates are taken as they would be written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.isoformat() if isinstance(value, date) else str(value)
    if "\x00" in text:
        raise refuse(field, value, "text without a zero byte")
    return text


def parse_code(field: Field, value: Value) -> str:
    """One of the field's codes."""
    text = parse_text(field, value)
    if field.codes and text not in field.codes:
        shown = sorted(field.codes)
        more = f" and {len(shown) - SHOWN_CODES} more" if len(shown) > SHOWN_CODES else ""
        raise refuse(field, value, "one of " + ", ".join(shown[:SHOWN_CODES]) + more)
    return text


def parse_integer(field: Field, value: Value) -> int:
    """A whole number; 150.0 is one."""
    number = parse_number(field, value)
    if isinstance(number, float) and not number.is_integer():
        raise refuse(field, value, "a whole number")
    whole = int(number)
    if abs(whole) > INT8_LIMIT:
        raise refuse(field, value, "a whole number of at most 19 digits")
    return whole


def parse_number(field: Field, value: Value) -> int | float:
    """A finite number, kept whole where it is written whole, so that large ones lose no digits."""
    if isinstance(value, str):
        if not NUMBER.fullmatch(value.strip()):
            raise refuse(field, value, "a number")
        # Longer than any bigint it need not keep its digits; int() refuses thousands of them.
        whole = value.strip().lstrip("+-")
        value = int(value) if whole.isdigit() and len(whole) <= LONGEST_WHOLE else float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not is_double(value):
        raise refuse(field, value, "a number")
    return value


def is_double(value: float) -> bool:
    """Whether the number is finite and within the range of the database's double precision."""
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond it
        return False


def parse_boolean(field: Field, value: Value) -> bool:
    """True or false, in the spellings of the protocols."""
    if isinstance(value, bool):
        return value
    found = TRUTH.get(str(value).strip().lower())
    if found is None:
        raise refuse(field, value, "true or false")
    return found


def parse_date(field: Field, value: Value) -> date:
    """A day; a time of day is allowed only where it is midnight."""
    moment = read_moment(field, value, "a date as 2026-11-23")
    if not isinstance(moment, datetime):
        return moment
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise refuse(field, value, "a date as 2026-11-23, without a time of day")
    return moment.date()


def parse_timestamp(field: Field, value: Value) -> datetime:
    """A moment; without a zone it is UTC, a day alone is its midnight."""
    moment = read_moment(field, value, "a date and time as 2026-11-23T08:30:00Z")
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def read_moment(field: Field, value: Value, allowed: str) -> date | datetime:
    """A day or a moment in ISO 8601. Raises InvalidParameter, which says what is `allowed`."""
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        raise refuse(field, value, allowed) from None


def refuse(field: Field, value: Value, allowed: str) -> InvalidParameter:
    """The error for a value that is not allowed."""
    return InvalidParameter(f"{field.name} must be {allowed}, got {str(value)[:100]!r}", where=field.name)


PARSERS: Mapping[FieldType, Callable[[Field, Value], Value]] = {
    "text": parse_text,
    "code": parse_code,
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "timestamp": parse_timestamp,
}
