"""A condition tree as one SQL condition on a layer's table.

Names are checked against the layer, values are read as the type of what they are compared with and bound, never
pasted. The only reader of the tree.
"""

from collections.abc import Sequence

from sqlalchemy import ARRAY, BigInteger, ColumnElement, FromClause, and_, any_, false, literal, not_, or_, true

from gis_infra.filters import places, tree
from gis_infra.filters.sql import arrays, comparisons, shapes, times
from gis_infra.filters.sql.binding import bind
from gis_infra.filters.sql.terms import Scope
from gis_infra.filters.tree import Condition

__all__ = ["Scope", "bind", "select_ids", "to_sql"]


def to_sql(condition: Condition, scope: Scope) -> ColumnElement[bool]:
    """The condition on the rows of `scope.table`; unknown values make it unknown, as in SQL.

    Raises UnknownProperty for a name the layer has not, InvalidParameter for a value that does not fit its field,
    FilterError for types and functions that do not go together, InvalidCrs for a box or shape in a CRS that has no
    numbers around the city.
    """
    match condition:
        case tree.And(parts):
            return and_(true(), *(to_sql(part, scope) for part in parts))
        case tree.Or(parts):
            return or_(false(), *(to_sql(part, scope) for part in parts))
        case tree.Not(part):
            return not_(to_sql(part, scope))
        case tree.IsNull(operand):
            if isinstance(operand, Condition):
                return to_sql(operand, scope).is_(None)
            return comparisons.is_null(operand, scope)
        case tree.IdIn(ids):
            return select_ids(scope.get_of(condition).table, ids)
        case tree.InBox(box):
            return places.select_in_box(scope.get_of(condition).table, box, scope.city_srid)
        case _:
            return to_relation_sql(condition, scope)


def to_relation_sql(
    condition: tree.Truth
    | tree.Comparison
    | tree.Between
    | tree.In
    | tree.Like
    | tree.Spatial
    | tree.Near
    | tree.Temporal
    | tree.ArrayRelation,
    scope: Scope,
) -> ColumnElement[bool]:
    """A condition that relates expressions. Raises as `to_sql` does."""
    match condition:
        case tree.Truth(expression):
            return comparisons.is_true(expression, scope)
        case tree.Comparison():
            return comparisons.compare(condition, scope)
        case tree.Between():
            return comparisons.select_between(condition, scope)
        case tree.In():
            return comparisons.select_in(condition, scope)
        case tree.Like():
            return comparisons.select_like(condition, scope)
        case tree.Spatial():
            return shapes.relate(condition, scope)
        case tree.Near():
            return shapes.select_near(condition, scope)
        case tree.Temporal():
            return times.relate(condition, scope)
        case tree.ArrayRelation():
            return arrays.relate(condition, scope)


def select_ids(table: FromClause, ids: Sequence[int]) -> ColumnElement[bool]:
    """True for the rows of these ids. One value is bound for all of them: the driver takes no more than 65,535."""
    found: ColumnElement[bool] = table.c.id == any_(literal(list(ids), ARRAY(BigInteger)))
    return found
