"""A condition tree as one SQL condition on a layer's table.

Names are checked against the layer, values are read as the field's type and bound, never pasted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    Table,
    Text,
    and_,
    any_,
    cast,
    collate,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.errors import InvalidParameter
from gis_infra.filters import places
from gis_infra.filters.tree import (
    And,
    Between,
    Comparison,
    Condition,
    IdIn,
    InBox,
    IsNull,
    Like,
    Not,
    Or,
    Spatial,
    Value,
)
from gis_infra.filters.values import parse_number, parse_text, parse_value

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
# Knows the letters of Vietnamese in whatever locale the database was made; "C" folds only a to z.
FOLDING = "und-x-icu"


@dataclass(frozen=True)
class Scope:
    """What a condition is about. city_srid: EPSG code of the table's column `geom`."""

    layer: Layer
    table: Table
    city_srid: int


def to_sql(condition: Condition, scope: Scope) -> ColumnElement[bool]:
    """The condition on the rows of `scope.table`; unknown values make it unknown, as in SQL.

    Raises UnknownProperty for a name the layer has not, InvalidParameter for a value that does not fit its field,
    InvalidCrs for a box or shape in a CRS that has no numbers around the city.
    """
    match condition:
        case And(parts):
            return and_(true(), *(to_sql(part, scope) for part in parts))
        case Or(parts):
            return or_(false(), *(to_sql(part, scope) for part in parts))
        case Not(part):
            return not_(to_sql(part, scope))
        case InBox(box):
            return places.select_in_box(scope.table, box, scope.city_srid)
        case Spatial(operator, wkb, srid):
            return places.select_related(scope.table, operator, wkb, srid, scope.city_srid)
        case IdIn(ids):
            return select_ids(scope.table, ids)
        case _:
            return to_property_sql(condition, scope)


def select_ids(table: Table, ids: Sequence[int]) -> ColumnElement[bool]:
    """True for the rows of these ids. One value is bound for all of them: the driver takes no more than 65,535."""
    found: ColumnElement[bool] = table.c.id == any_(literal(list(ids), ARRAY(BigInteger)))
    return found


def to_property_sql(condition: Comparison | Between | Like | IsNull, scope: Scope) -> ColumnElement[bool]:
    """A condition on one attribute. Raises UnknownProperty and InvalidParameter."""
    field = scope.layer.get_field(condition.name)
    column = scope.table.c[field.name]
    match condition:
        case Comparison():
            return compare(field, column, condition)
        case Between(_, low, high):
            return and_(column >= bind(field, low, exact=False), column <= bind(field, high, exact=False))
        case Like(_, pattern, match_case):
            return select_like(field, column, pattern, match_case)
        case IsNull():
            return column.is_(None)


def compare(field: Field, column: ColumnElement[Any], condition: Comparison) -> ColumnElement[bool]:
    """`column operator value`. Raises InvalidParameter."""
    operate = OPERATORS[condition.operator]
    if field.type == "boolean" and condition.operator not in ("=", "<>"):
        raise InvalidParameter(f"{field.name} is true or false and has no order", where=field.name)
    value = bind(field, condition.value, exact=condition.operator in ("=", "<>"))
    if condition.match_case or field.type not in ("text", "code"):
        result: ColumnElement[bool] = operate(column, value)
        return result
    folded: ColumnElement[bool] = operate(fold(column), fold(value))
    return folded


def select_like(field: Field, column: ColumnElement[Any], pattern: str, match_case: bool) -> ColumnElement[bool]:
    """`column LIKE pattern`; a field that is not text is compared as it is written."""
    text = column if field.type in ("text", "code") else cast(column, Text)
    bound = literal(parse_text(field, pattern), Text)
    if match_case:
        return text.like(bound, escape="\\")
    return fold(text).like(fold(bound), escape="\\")


def fold(text: ColumnElement[Any]) -> ColumnElement[str]:
    """Text without the difference of capitals."""
    return func.lower(collate(text, FOLDING))


def bind(field: Field, value: Value, *, exact: bool) -> ColumnElement[Any]:
    """The value as a bound parameter of the field's type.

    exact: for equality, where a code must be one of the list and an integer whole. For order any number will do:
        `nominal_diameter_mm > 100.5` is a fair question.
    Raises InvalidParameter.
    """
    if field.type == "integer":
        number = parse_value(field, value) if exact else parse_number(field, value)
        return literal(number, BigInteger if isinstance(number, int) else Double)
    if field.type == "code" and not exact:
        return literal(parse_text(field, value), Text)
    if field.type == "number":
        return literal(float(parse_number(field, value)), Double)
    return literal(parse_value(field, value))
