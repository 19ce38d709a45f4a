"""The filter form: one row a property, with an operator and a value; to CQL2 text and back. Pure.

A filter that the form can show comes back as rows; any other is shown as the CQL2 it is. Empty rows ask nothing.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.errors import InvalidParameter
from gis_infra.reports.clocks import CITY_TIME

Operator = Literal["contains", "starts", "equals", "differs", "between", "below", "above", "empty", "filled"]

OPERATORS: Mapping[FieldType, tuple[Operator, ...]] = {
    "text": ("contains", "starts", "equals", "differs", "empty", "filled"),
    "code": ("equals", "differs", "empty", "filled"),
    "integer": ("between", "equals", "differs", "below", "above", "empty", "filled"),
    "number": ("between", "equals", "differs", "below", "above", "empty", "filled"),
    "boolean": ("equals", "empty", "filled"),
    "date": ("between", "equals", "below", "above", "empty", "filled"),
    "timestamp": ("between", "empty", "filled"),
}
WITHOUT_VALUE: frozenset[Operator] = frozenset({"empty", "filled"})
SIGNS: Mapping[Operator, str] = {"equals": "=", "differs": "<>", "below": "<", "above": ">"}
# A property called so must be quoted. Source: OGC 21-065r2, annex B, the keywords of the grammar.
KEYWORDS = frozenset(
    (
        *("accenti", "and", "between", "bbox", "box", "casei", "date", "div", "false", "geometrycollection", "in"),
        *("interval", "is", "like", "linestring", "multilinestring", "multipoint", "multipolygon", "not", "null", "or"),
        *("point", "polygon", "timestamp", "true"),
    )
)
MOST_TEXT = 200
WILD = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True)
class Row:
    """One condition.

    value: as the form has it, a day as 2026-11-23; to: the other end of `between`, of which either may be open.
    """

    name: str
    operator: Operator
    value: str = ""
    to: str = ""


def read_rows(given: Mapping[str, str], layer: Layer) -> tuple[Row, ...]:
    """The rows of a form that was sent: `o.<name>` is the operator, `v.<name>` the value, `t.<name>` the other end.

    Raises InvalidParameter for an operator that the property has not.
    """
    rows = []
    for field in layer.fields:
        operator = given.get(f"o.{field.name}", OPERATORS[field.type][0])
        value, to = (given.get(f"{part}.{field.name}", "").strip() for part in "vt")
        if operator not in OPERATORS[field.type]:
            allowed = ", ".join(OPERATORS[field.type])
            raise InvalidParameter(
                f"o.{field.name} must be one of {allowed}, got {operator[:40]!r}", where=f"o.{field.name}"
            )
        row = Row(field.name, operator, value, to if operator == "between" else "")
        if row.value or row.to or operator in WITHOUT_VALUE:
            rows.append(row)
    return tuple(rows)


def to_text(rows: Iterable[Row], layer: Layer, expert: str = "") -> str:
    """The rows as CQL2 text, all of which must hold, and `expert`, CQL2 as somebody wrote it; empty for no condition.

    Raises InvalidParameter where a value is not of the property's type, UnknownProperty.
    """
    parts = [write(row, layer.get_field(row.name)) for row in rows]
    if expert:
        parts.append(f"({expert})" if parts else expert)
    return " AND ".join(parts)


def write(row: Row, field: Field) -> str:
    """One row as CQL2 text."""
    name = quote_name(field.name)
    if row.operator == "empty":
        return f"{name} IS NULL"
    if row.operator == "filled":
        return f"{name} IS NOT NULL"
    if row.operator in ("contains", "starts"):
        start = "%" if row.operator == "contains" else ""
        pattern = quote_text(f"{start}{require_short(row.value, field).translate(WILD)}%")
        return f"CASEI(ACCENTI({name})) LIKE CASEI(ACCENTI({pattern}))"
    if row.operator == "between":
        return write_range(row, field, name)
    return f"{name} {SIGNS[row.operator]} {write_value(row.value, field)}"


def write_range(row: Row, field: Field, name: str) -> str:
    """A row from one value to another, both included, either of which may be open."""
    if field.type == "timestamp":
        return write_days(row, field, name)
    ends = [write_value(end, field) if end else "" for end in (row.value, row.to)]
    if all(ends):
        return f"{name} BETWEEN {ends[0]} AND {ends[1]}"
    return f"{name} >= {ends[0]}" if ends[0] else f"{name} <= {ends[1]}"


def write_days(row: Row, field: Field, name: str) -> str:
    """Moments from the beginning of one day of the city to the end of another."""
    parts = []
    if row.value:
        parts.append(f"{name} >= {write_midnight(parse_day(row.value, field))}")
    if row.to:
        parts.append(f"{name} < {write_midnight(parse_day(row.to, field), days=1)}")
    return " AND ".join(parts)


def write_midnight(day: date, days: int = 0) -> str:
    """The moment, `days` later, at which a day of the city begins. Raises InvalidParameter beyond the calendar."""
    try:
        moment = datetime.combine(day + timedelta(days=days), time.min, CITY_TIME).astimezone(UTC)
    except OverflowError:
        raise InvalidParameter(f"there is no day after {day}", where="filter") from None
    return f"TIMESTAMP('{moment:%Y-%m-%dT%H:%M:%S}Z')" if moment.year >= 1000 else f"TIMESTAMP('{moment.isoformat()}')"


def write_value(text: str, field: Field) -> str:
    """A value of the form as CQL2 has it. Raises InvalidParameter if it is not of the property's type."""
    if field.type in ("integer", "number"):
        return write_number(text, field)
    if field.type == "date":
        return f"DATE('{parse_day(text, field).isoformat()}')"
    if field.type == "boolean":
        return write_truth(text, field)
    if field.type == "code" and text not in field.codes:
        raise InvalidParameter(
            f"{field.name} has no value {text[:40]!r}; it has {', '.join(field.codes)}", where=field.name
        )
    return quote_text(require_short(text, field))


def write_number(text: str, field: Field) -> str:
    """A number; a comma is read as the point, as Vietnamese writes decimals. Raises InvalidParameter."""
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    try:
        number = float(plain)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or len(plain) > 30:
        raise InvalidParameter(f"{field.name} is compared with a number, got {text[:40]!r}", where=field.name)
    return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def write_truth(text: str, field: Field) -> str:
    """TRUE or FALSE. Raises InvalidParameter."""
    if text not in ("true", "false"):
        raise InvalidParameter(f"{field.name} is true or false, got {text[:40]!r}", where=field.name)
    return text.upper()


def parse_day(text: str, field: Field) -> date:
    """The day that a form sent. Raises InvalidParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(
            f"{field.name} is compared with a day such as 2026-11-23, got {text[:40]!r}", where=field.name
        ) from None


def require_short(text: str, field: Field) -> str:
    """The text, if it is no longer than anybody types. Raises InvalidParameter."""
    if len(text) > MOST_TEXT or "\x00" in text:
        raise InvalidParameter(
            f"{field.name} is compared with at most {MOST_TEXT} characters, got {len(text)}", where=field.name
        )
    return text


def quote_text(text: str) -> str:
    """A text as a CQL2 literal. Source: OGC 21-065r2, annex B, characterLiteral."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def quote_name(name: str) -> str:
    """A property's name as CQL2 has it."""
    return f'"{name}"' if name.lower() in KEYWORDS else name
