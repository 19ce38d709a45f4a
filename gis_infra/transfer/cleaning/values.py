"""Values of a file as values of a field: numbers, dates, yes and no, codes. Never rounds, never cuts.

Columns are converted whole where Arrow can do it, else each distinct value once. What cannot be converted becomes null
and is told with its row, which is then rejected: an attribute is never quietly dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as make_field
from datetime import date, datetime
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import Field
from gis_infra.catalogue.names import fold
from gis_infra.features.arrow_types import ARROW_TYPES
from gis_infra.transfer.cleaning.codes import list_codes, parse_code
from gis_infra.transfer.cleaning.dates import DateWithDoubt, parse_date
from gis_infra.transfer.cleaning.measures import EXACT_UP_TO, parse_integer, parse_number, scale
from gis_infra.transfer.mapping.columns import MappedColumn

TRUE = frozenset({"1", "true", "t", "yes", "y", "co", "x", "dung", "c"})
FALSE = frozenset({"0", "false", "f", "no", "n", "khong", "sai", "k"})
PLACEHOLDERS = (0, -999, -9999, -99999)  # what files write for a number that is missing
EMPTY = frozenset({"", "-", "null", "<null>", "none", "nan", "n/a", "#n/a"})
NO_DATE = re.compile(r"[0\s/.:-]*")  # 00000000, 0000-00-00, "  /  /    "


@dataclass(frozen=True)
class Converted:
    """A column in the field's type.

    faults: index in the batch -> why the value there was refused (it is null). warnings: what had to be supposed of a
    value that was taken.
    """

    column: pa.Array
    faults: Mapping[int, str] = make_field(default_factory=dict)
    warnings: Mapping[int, str] = make_field(default_factory=dict)


def convert(column: pa.Array, mapped: MappedColumn) -> Converted:
    """A column of a file as values of the field it is mapped to; bounds and patterns are not asked here.

    Raises ValueError for a column that is mapped to no field.
    """
    if mapped.field is None:
        raise ValueError(f"{mapped.column} is mapped to no field")
    converted = convert_values(column, mapped, mapped.field)
    is_numeric = mapped.field.type in {"integer", "number"}
    return drop_placeholders(converted, mapped.field) if is_numeric else converted


def drop_placeholders(converted: Converted, field: Field) -> Converted:
    """Numbers without those that stand for none: 0 and -9999 where no such number is allowed.

    A .dbf has no other way to say that a number is missing. Each is told, so that none goes unseen.
    """
    column = converted.column
    outside = [pc.less(column, field.minimum)] if field.minimum is not None else []
    outside += [pc.greater(column, field.maximum)] if field.maximum is not None else []
    if not outside:
        return converted
    known = pc.is_in(column, pa.array(PLACEHOLDERS, pa.float64()).cast(column.type))
    wrong = pc.and_(known, pc.fill_null(reduce(pc.or_, outside), False))
    if not pc.any(wrong, min_count=0).as_py():
        return converted
    reason = "is taken for no value, for no such number is allowed here"
    warnings = {row: reason for row, bad in enumerate(wrong.to_pylist()) if bad}
    kept = pc.if_else(wrong, pa.scalar(None, column.type), column)
    return Converted(kept, converted.faults, {**converted.warnings, **warnings})


def convert_values(column: pa.Array, mapped: MappedColumn, field: Field) -> Converted:
    """A column as values of a field, placeholders among them."""
    target = ARROW_TYPES[field.type]
    if field.type in {"text", "code"} and is_text(column.type):
        column = strip(column)
        return Converted(column) if field.type == "text" else convert_distinct(column, mapped, target)
    if mapped.unit not in {None, field.unit}:
        return convert_unit(column, mapped, target)
    if (whole := convert_numbers(column, field, target)) is not None:
        return whole
    return Converted(column) if column.type == target else convert_distinct(column, mapped, target)


def convert_unit(column: pa.Array, mapped: MappedColumn, target: pa.DataType) -> Converted:
    """A column that is in another unit than the field."""
    if mapped.field is None or mapped.field.type != "number" or not is_number(column.type):
        return convert_distinct(column, mapped, target)
    floats = convert_floats(column.cast(pa.float64()))
    return Converted(scale(floats.column, mapped.unit, mapped.field.unit), floats.faults)


def convert_numbers(column: pa.Array, field: Field, target: pa.DataType) -> Converted | None:
    """A column of numbers as a field of numbers, all at once; None where each value has to be looked at."""
    if field.type in {"integer", "number"} and pa.types.is_integer(column.type):
        return Converted(column.cast(target))
    if field.type == "number" and pa.types.is_floating(column.type):
        return convert_floats(column.cast(target))
    if field.type == "integer" and pa.types.is_floating(column.type) and are_whole(column):
        return Converted(column.cast(target))
    return None


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def is_number(kind: pa.DataType) -> bool:
    """Whether a column holds numbers."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


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


def convert_distinct(column: pa.Array, mapped: MappedColumn, target: pa.DataType) -> Converted:
    """Each distinct value converted once, by what the field's type reads."""
    parse = choose_parser(mapped)
    coded = column.dictionary_encode()
    values: list[object] = []
    faults: dict[int, str] = {}
    warnings: dict[int, str] = {}
    for number, value in enumerate(coded.dictionary.to_pylist()):
        try:
            values.append(None if is_empty(value, mapped) else parse(value))
        except DateWithDoubt as doubt:
            values.append(doubt.day)
            warnings[number] = str(doubt)
        except ValueError as error:
            values.append(None)
            faults[number] = str(error)
    converted = pa.array(values, target).take(coded.indices)
    return Converted(converted, spread(faults, coded.indices), spread(warnings, coded.indices))


def spread(told: Mapping[int, str], indices: pa.Array) -> dict[int, str]:
    """What is told of distinct values, told of every row that has them."""
    if not told:
        return {}
    return {row: told[number] for row, number in enumerate(indices.to_pylist()) if number in told}


def is_empty(value: object, mapped: MappedColumn) -> bool:
    """Whether a value stands for none; "none" may be a code, and somebody may have said what a value means."""
    if value is None or mapped.field is None:
        return True
    text = to_text(value)
    if text in mapped.codes:
        return False
    if mapped.field.type == "date" and NO_DATE.fullmatch(text):
        return True
    return isinstance(value, str) and text.casefold() in EMPTY and text.casefold() not in mapped.field.codes


def choose_parser(mapped: MappedColumn) -> Callable[[object], object]:
    """What reads one value of the field's type; it raises ValueError with the reason."""
    field = mapped.field
    if field is None or field.type == "text":
        return to_text
    if field.type == "code":
        return partial(parse_text_code, partial(parse_code, list_codes(field), mapped.codes, mapped.column))
    parsers: Mapping[str, Callable[[object], object]] = {
        "integer": partial(parse_integer, field.unit, mapped.unit),
        "number": partial(parse_number, field.unit, mapped.unit),
        "boolean": parse_boolean,
        "date": partial(parse_date, mapped.date_order),
        "timestamp": parse_timestamp,
    }
    return parsers[field.type]


def parse_text_code(parse: Callable[[str], str | None], value: object) -> str | None:
    """The code of a value of any type. Raises ValueError."""
    return parse(to_text(value))


def to_text(value: object) -> str:
    """A value of another type as text; a whole float without its ".0"."""
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT_UP_TO:
        return str(int(value))
    return value.isoformat() if isinstance(value, date | datetime) else str(value).strip()


def parse_boolean(value: object) -> bool:
    """Yes or no, in digits, English or Vietnamese. Raises ValueError."""
    word = fold(to_text(value))
    if word not in TRUE | FALSE:
        raise ValueError("is neither yes nor no (1/0, true/false, có/không)")
    return word in TRUE


def parse_timestamp(value: object) -> datetime:
    """A moment in ISO 8601. Raises ValueError."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(to_text(value))
