"""Arrays in relation to each other. No layer has an array, so both sides are written in the filter itself."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, literal

from gis_infra.filters import tree
from gis_infra.filters.spots import refuse
from gis_infra.filters.sql.terms import Scope
from gis_infra.filters.tree import ArrayOperator

Key = tuple[object, ...]


def relate(condition: tree.ArrayRelation, scope: Scope) -> ColumnElement[bool]:
    """The relation of two arrays as sets, the same for every feature. Raises FilterError for anything else.

    Source: OGC 21-065r2, /req/array-functions/array-predicates.
    """
    left, right = (to_keys(each, scope) for each in (condition.left, condition.right))
    return literal(RELATIONS[condition.operator](left, right))


def to_keys(expression: tree.Expression, scope: Scope) -> tuple[Key, ...]:
    """The items as values that can be compared. Raises FilterError."""
    if isinstance(expression, tree.Property):
        raise refuse(
            f"{expression.name} is no array: no property of {scope.layer.id} is; an array is written as ('a', 'b')",
            expression.spot,
        )
    if not isinstance(expression, tree.Items):
        raise refuse("an array function compares arrays, written as ('a', 'b')", expression.spot)
    return tuple(to_key(item, scope) for item in expression.items)


def to_key(item: tree.Expression, scope: Scope) -> Key:
    """One item; numbers are alike whether written whole or not, truth is no number. Raises FilterError."""
    if isinstance(item, tree.Items):
        return ("array", frozenset(to_keys(item, scope)))
    if isinstance(item, tree.Literal):
        kind = type(item.value)
        return ("number" if kind in (int, float) else kind, item.value)
    raise refuse("an array holds values and arrays, written out", item.spot)


RELATIONS: Mapping[ArrayOperator, Callable[[tuple[Key, ...], tuple[Key, ...]], bool]] = {
    "equals": lambda left, right: set(left) == set(right),
    "contains": lambda left, right: set(right) <= set(left),
    "containedby": lambda left, right: set(left) <= set(right),
    "overlaps": lambda left, right: bool(set(left) & set(right)),
}
