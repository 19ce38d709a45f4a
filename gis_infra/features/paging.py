"""The order of a query as SQL: what it sorts by, and the rows beyond a place in that order.

Every order ends in the id, so that it is total and pages never overlap. Nulls come last whichever way a key goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Text,
    and_,
    false,
    literal,
    or_,
    types,
)

from gis_infra.catalogue.definitions import FieldType, Layer
from gis_infra.errors import InvalidParameter
from gis_infra.features.query import Cursor, FeatureQuery, KeyValue, SortKey

ID = "id"
GEOMETRY_NAMES = frozenset({"geom", "geometry", "lonlat"})
# Enough for any table a person reads; each key lengthens the condition of a later page, and its cursor.
MOST_KEYS = 8
# The widest type of each kind, so that a number beyond a narrow column is compared and not an error.
BOUND_TYPES: dict[FieldType, types.TypeEngine[Any]] = {
    "text": Text(),
    "code": Text(),
    "integer": BigInteger(),
    "number": Double(),
    "boolean": Boolean(),
    "date": Date(),
    "timestamp": DateTime(timezone=True),
}


@dataclass(frozen=True)
class Term:
    """One column of an order. type: of values it is compared with."""

    column: ColumnElement[Any]
    descending: bool
    nullable: bool
    type: types.TypeEngine[Any]


def list_terms(query: FeatureQuery, table: FromClause) -> list[Term]:
    """The columns a query sorts by, without the id that ends every order.

    Raises UnknownProperty; InvalidParameter for a geometry or too many keys.
    """
    if len(query.sort) > MOST_KEYS:
        raise InvalidParameter(
            f"at most {MOST_KEYS} properties can be sorted by, got {len(query.sort)}", where="sortby"
        )
    return [make_term(query.layer, table, key) for key in query.sort]


def make_term(layer: Layer, table: FromClause, key: SortKey) -> Term:
    """One column to sort by. Raises UnknownProperty; InvalidParameter for a geometry, which has no order."""
    if key.name == ID:
        return Term(table.c.id, key.descending, nullable=False, type=BigInteger())
    if key.name in GEOMETRY_NAMES:
        raise InvalidParameter(f"{key.name} is a geometry, which has no order; sort by a property", where="sortby")
    field = layer.get_field(key.name)
    column = table.c[field.name]
    return Term(column, key.descending, bool(getattr(column, "nullable", True)), BOUND_TYPES[field.type])


def order_by(terms: Sequence[Term], last: ColumnElement[int], *, backwards: bool) -> list[ColumnElement[Any]]:
    """The ORDER BY of the terms and the id; backwards, the very same order from its end."""
    named = [order_term(term, backwards=backwards) for term in terms]
    return [*named, last.desc() if backwards else last.asc()]


def order_term(term: Term, *, backwards: bool) -> ColumnElement[Any]:
    """One column of an ORDER BY; nulls last in the order itself, so first when it is read from its end."""
    ordered = term.column.desc() if term.descending != backwards else term.column.asc()
    return ordered.nulls_first() if backwards else ordered.nulls_last()


def select_beyond(terms: Sequence[Term], last: ColumnElement[int], cursor: Cursor) -> ColumnElement[bool]:
    """True for rows that come after the cursor's place, or before it if it goes backwards.

    last: the column of the id. Raises InvalidParameter for a cursor of another sort.
    """
    if len(terms) != len(cursor.values):
        raise InvalidParameter("the cursor belongs to a page that was sorted otherwise", where="cursor")
    place = literal(cursor.id, BigInteger)
    condition: ColumnElement[bool] = last < place if cursor.backwards else last > place
    for term, value in zip(reversed(terms), reversed(cursor.values), strict=True):
        condition = or_(is_beyond(term, value, cursor.backwards), and_(is_tie(term, value), condition))
    bound = find_bound(terms[0], cursor.values[0], cursor.backwards) if terms else None
    return condition if bound is None else and_(bound, condition)


def is_beyond(term: Term, value: KeyValue, backwards: bool) -> ColumnElement[bool]:
    """True where the column comes after `value` in its own order (before it, if backwards); nulls come after all."""
    if value is None:
        return term.column.is_not(None) if backwards else false()
    bound = literal(value, term.type)
    beyond: ColumnElement[bool] = term.column < bound if term.descending != backwards else term.column > bound
    return or_(beyond, term.column.is_(None)) if term.nullable and not backwards else beyond


def is_tie(term: Term, value: KeyValue) -> ColumnElement[bool]:
    """True where the column has that very value, or none where it is None."""
    if value is None:
        return term.column.is_(None)
    tie: ColumnElement[bool] = term.column == literal(value, term.type)
    return tie


def find_bound(term: Term, value: KeyValue, backwards: bool) -> ColumnElement[bool] | None:
    """What the first key of every row beyond keeps to; None if there is no such bound.

    It follows from the condition, and says it in the one form in which an index finds where to begin.
    """
    if value is None or (term.nullable and not backwards):
        return None
    bound = literal(value, term.type)
    kept: ColumnElement[bool] = term.column <= bound if term.descending != backwards else term.column >= bound
    return kept
