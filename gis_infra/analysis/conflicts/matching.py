"""Conditions, classes and sizes as SQL over the layers' tables. Runs nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, FromClause, Integer, Text, and_, cast, func, literal, or_

from gis_infra.analysis.rules.model import Condition, Member, Size


def select_condition(table: FromClause, condition: Condition) -> ColumnElement[bool]:
    """True for rows that satisfy the condition; never null."""
    column = table.c[condition.field]
    if condition.operator == "in":
        return func.coalesce(column.in_(to_values(column, condition.values)), False)
    if condition.operator == "not_in":
        return or_(column.is_(None), column.not_in(to_values(column, condition.values)))
    if condition.operator == "has":
        words = func.string_to_array(column, literal(","))
        return func.coalesce(words.op("&&", is_comparison=True)(cast(list(condition.values), ARRAY(Text))), False)
    compared = {
        "at_least": column >= condition.number,
        "at_most": column <= condition.number,
        "over": column > condition.number,
        "under": column < condition.number,
    }[condition.operator]
    return func.coalesce(compared, False)


def to_values(column: ColumnElement[Any], words: Iterable[str]) -> list[Any]:
    """The words of a rule file as values of the column's type."""
    if isinstance(column.type, Boolean):
        return [word == "true" for word in words]
    if isinstance(column.type, Integer):
        return [int(word) for word in words]
    return list(words)


def select_all(table: FromClause, conditions: Iterable[Condition]) -> ColumnElement[bool]:
    """True for rows that satisfy every condition; all rows if there is none."""
    return and_(literal(True), *(select_condition(table, each) for each in conditions))


def select_member(table: FromClause, member: Member) -> ColumnElement[bool]:
    """True for rows of the member's layer that belong to its class."""
    return select_all(table, member.where)


def select_present(table: FromClause) -> ColumnElement[bool]:
    """True for rows that are somewhere: they have a geometry, and were not taken out of the ground."""
    return and_(table.c.geom.is_not(None), table.c.status.is_distinct_from("removed"))


def select_radius(table: FromClause, layer_id: str, sizes: Mapping[str, Size]) -> ColumnElement[float]:
    """Half the outer width of each row in metres, 0 where it is not known or the layer has none."""
    size = sizes.get(layer_id)
    if size is None:
        return literal(0.0)
    width = func.coalesce(*(table.c[name] for name in size.fields), 0.0)
    return width * (size.factor_m / 2.0)


def select_size_unknown(table: FromClause, layer_id: str, sizes: Mapping[str, Size]) -> ColumnElement[bool]:
    """True for rows of a layer that should have a width, and have none."""
    size = sizes.get(layer_id)
    if size is None:
        return literal(False)
    return func.coalesce(*(table.c[name] for name in size.fields)).is_(None)
