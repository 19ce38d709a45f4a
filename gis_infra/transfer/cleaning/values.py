"""Values of a file as values of a field: numbers, dates, yes and no, codes. Never rounds, never cuts.

Columns are converted whole where Arrow can do it, else each distinct value once. What cannot be converted becomes null
and is told with its row, which is then rejected: an attribute is never quietly dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as make_field
from datetime import date, datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import Field
from gis_infra.transfer.mapping.columns import fold

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
TRUE = frozenset({"1", "true", "t", "yes", "y", "co", "x", "dung", "c"})
FALSE = frozenset({"0", "false", "f", "no", "n", "khong", "sai", "k"})
EMPTY = frozenset({"", "-", "null", "<null>", "none", "nan", "n/a", "#n/a"})
NO_DATE = frozenset({"0", "00000000", "0000-00-00"})
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?: 0{1,2}:00(?::00)?)?")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
MONTH_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR = re.compile(r"(\d{4})")
NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
WITH_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
DIAMETER_SIGN = re.compile(r"^(?:DN|D|Ø|Φ|φ|ø|phi)\s*(?=\d)", re.IGNORECASE)
EXACT_UP_TO = 2.0**53  # whole numbers beyond it may have lost digits in a float


@dataclass(frozen=True)
class Converted:
    """A column in the field's type. faults: index in the batch -> why the value there was refused (it is null)."""

    column: pa.Array
    faults: Mapping[int, str] = make_field(default_factory=dict)


def convert(column: pa.Array, field: Field) -> Converted:
    """A column of a file as values of `field`; bounds and patterns are not asked here."""
    target = ARROW_TYPES[field.type]
    if field.type in {"text", "code"} and is_text(column.type):
        column = strip(column)
        return Converted(column) if field.type == "text" else convert_distinct(column, field, target)
    if field.type in {"integer", "number"} and pa.types.is_integer(column.type):
        return Converted(column.cast(target))
    if field.type == "number" and pa.types.is_floating(column.type):
        return convert_floats(column.cast(target))
    if field.type == "integer" and pa.types.is_floating(column.type) and are_whole(column):
        return Converted(column.cast(target))
    if column.type == target:
        return Converted(column)
    return convert_distinct(column, field, target)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def strip(column: pa.Array) -> pa.Array:
    """Text without the blanks around it; what is empty then is null."""
    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def are_whole(column: pa.Array) -> bool:
    """Whether every number of a float column is whole and exact."""
    fitting = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), EXACT_UP_TO))
    return pc.all(fitting, min_count=0).as_py() is not False


def convert_floats(column: pa.Array) -> Converted:
    """Numbers, with those that are not finite refused (NaN is no value, and taken as none)."""
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    infinite = pc.fill_null(pc.is_inf(column), False)
    if not pc.any(infinite, min_count=0).as_py():
        return Converted(column)
    faults = {index: "is not a finite number" for index, bad in enumerate(infinite.to_pylist()) if bad}
    return Converted(pc.if_else(infinite, pa.scalar(None, pa.float64()), column), faults)


def convert_distinct(column: pa.Array, field: Field, target: pa.DataType) -> Converted:
    """Each distinct value converted once, by what the field's type reads."""
    parse = choose_parser(field)
    coded = column.dictionary_encode()
    values: list[object] = []
    faults: dict[int, str] = {}
    for number, value in enumerate(coded.dictionary.to_pylist()):
        try:
            values.append(None if is_empty(value, field) else parse(value))
        except ValueError as error:
            values.append(None)
            faults[number] = str(error)
    converted = pa.array(values, target).take(coded.indices)
    if not faults:
        return Converted(converted)
    rows = {row: faults[number] for row, number in enumerate(coded.indices.to_pylist()) if number in faults}
    return Converted(converted, rows)


def is_empty(value: object, field: Field) -> bool:
    """Whether a value stands for none; "none" may be a code."""
    if value is None:
        return True
    word = to_text(value).casefold()
    if field.type == "date" and word in NO_DATE:
        return True
    return isinstance(value, str) and word in EMPTY and word not in field.codes


def choose_parser(field: Field) -> Callable[[object], object]:
    """What reads one value of the field's type; it raises ValueError with the reason."""
    if field.type == "code":
        return partial(parse_code, list_codes(field), tuple(field.codes))
    parsers: Mapping[str, Callable[[object], object]] = {
        "text": to_text,
        "integer": partial(parse_integer, field.unit),
        "number": partial(parse_number, field.unit),
        "boolean": parse_boolean,
        "date": parse_date,
        "timestamp": parse_timestamp,
    }
    return parsers[field.type]


def to_text(value: object) -> str:
    """A value of another type as text; a whole float without its ".0"."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_UP_TO:
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value).strip()


def list_codes(field: Field) -> dict[str, str]:
    """Folded code or title -> code; the codes themselves count before titles."""
    titles = {fold(name): code for code, title in field.codes.items() for name in (title.vi, title.en)}
    return {**titles, **{fold(code): code for code in field.codes}}


def parse_code(codes: Mapping[str, str], allowed: tuple[str, ...], value: object) -> str:
    """The code a value means, by the code or by its title in either language, without marks. Raises ValueError."""
    code = codes.get(fold(to_text(value)))
    if code is None:
        raise ValueError(f"is none of the codes {', '.join(allowed)}, nor a title of one")
    return code


def parse_number(unit: str | None, value: object) -> float:
    """A number, with a decimal comma or point, and the field's own unit behind it or a diameter sign before it.

    "1.234,5" and "1,234.5" have thousands marked; "1,234" is 1.234, since a decimal comma is what Vietnam writes.
    Raises ValueError.
    """
    if isinstance(value, bool) or not isinstance(value, str):
        return to_float(value)
    text = strip_unit(value.strip().replace("\u2212", "-").replace("\u00a0", ""), unit)
    if WITH_THOUSANDS.fullmatch(text):
        text = drop_thousands(text)
    if not NUMBER.fullmatch(text):
        raise ValueError(f"is not a number{f' in {unit}' if unit else ''}")
    number = float(text.replace(",", "."))
    if number in {float("inf"), float("-inf")}:
        raise ValueError("is not a finite number")
    return number


def drop_thousands(text: str) -> str:
    """A number without the marks between its thousands: the mark that comes first."""
    mark = min((mark for mark in ".," if mark in text), key=text.index)
    return text.replace(mark, "")


def to_float(value: object) -> float:
    """A number of another type. Raises ValueError for what is no number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise ValueError("is not a number")


def strip_unit(text: str, unit: str | None) -> str:
    """The number without the unit behind it, or the diameter sign before it where the unit is mm."""
    if unit is None:
        return text
    if unit == "mm":
        text = DIAMETER_SIGN.sub("", text)
    return text[: -len(unit)].rstrip() if text.casefold().endswith(unit.casefold()) else text


def parse_integer(unit: str | None, value: object) -> int:
    """A whole number. Raises ValueError for a fraction, which is never rounded away, and for lost digits."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value.strip()):
        return within_bigint(int(value))
    number = parse_number(unit, value)
    if not number.is_integer():
        raise ValueError("is not a whole number")
    if abs(number) >= EXACT_UP_TO:
        raise ValueError("is too large to be exact")
    return int(number)


def within_bigint(number: int) -> int:
    """The number back if 64 bits hold it. Raises ValueError."""
    if not -(2**63) <= number < 2**63:
        raise ValueError("is too large")
    return number


def parse_boolean(value: object) -> bool:
    """Yes or no, in digits, English or Vietnamese. Raises ValueError."""
    word = fold(to_text(value))
    if word not in TRUE | FALSE:
        raise ValueError("is neither yes nor no (1/0, true/false, có/không)")
    return word in TRUE


def parse_date(value: object) -> date:
    """A date: 31/12/2020, 31-12-2020, 2020-12-31, 20201231; 12/2020 and 2020 are the first day of it.

    A year of two digits is refused, since nobody can tell the century. Raises ValueError.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = to_text(value)
    year, month, day = split_date(text)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("is no day of the calendar") from None


def split_date(text: str) -> tuple[int, int, int]:
    """Year, month and day of a date as text. Raises ValueError for a form that is not known."""
    if match := DAY_FIRST.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := MONTH_YEAR.fullmatch(text):
        return int(match[2]), int(match[1]), 1
    if match := YEAR.fullmatch(text):
        return int(match[1]), 1, 1
    raise ValueError("is not a date; written as 31/12/2020, 2020-12-31, 12/2020 or 2020")


def parse_timestamp(value: object) -> datetime:
    """A moment in ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(to_text(value))
