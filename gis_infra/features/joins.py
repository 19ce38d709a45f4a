"""Features of several layers found together, by a condition between them: one SELECT, of their ids.

Permission is part of every side. A row of a join is one feature of each layer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select, true

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features import counting
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.filters.tree import Condition


@dataclass(frozen=True)
class JoinKey:
    """One column to sort by: of which side, which attribute; nulls come last either way."""

    of: str
    name: str
    descending: bool = False


@dataclass(frozen=True)
class Join:
    """What is asked of several layers together.

    sides: by the names the condition calls them, a query each; what a query says of its own rows holds, of its page
        nothing does. condition: between the sides; None is every combination.
    count_bound: as of `FeatureQuery`.
    """

    sides: Mapping[str, FeatureQuery]
    condition: Condition | None = None
    sort: tuple[JoinKey, ...] = ()
    limit: int = 10
    offset: int = 0
    count_bound: int | None = None


def count(connection: Connection, tables: LayerTables, join: Join) -> int:
    """The number of rows of the join, counted to the end.

    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs; BusyError at the time limit.
    """
    rows = select_combinations(tables, join, alias_tables(tables, join))
    return connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def count_up_to(connection: Connection, tables: LayerTables, join: Join) -> int | None:
    """The same number where it is at most the join's `count_bound` and quickly found, else None. Raises as `count`."""
    if join.count_bound is None:
        return count(connection, tables, join)
    rows = select_combinations(tables, join, alias_tables(tables, join)).limit(join.count_bound + 1)
    counted = select(func.count()).select_from(rows.subquery())
    found = counting.count_for_a_moment(connection, counted, {})
    return None if found is None or found > join.count_bound else found


def read_ids(connection: Connection, tables: LayerTables, join: Join) -> list[tuple[int, ...]]:
    """The ids of the rows on the page and of one more, which tells whether others follow. Raises as `count`."""
    aliases = alias_tables(tables, join)
    rows = select_combinations(tables, join, aliases)
    order: list[ColumnElement[Any]] = []
    for key in join.sort:
        column = aliases[key.of].c[join.sides[key.of].layer.get_field(key.name).name]
        order.append((column.desc() if key.descending else column.asc()).nulls_last())
    order += [each.c.id for each in aliases.values()]
    page = rows.order_by(*order).limit(join.limit + 1).offset(join.offset or None)
    return [tuple(row) for row in connection.execute(page)]


def alias_tables(tables: LayerTables, join: Join) -> dict[str, FromClause]:
    """The table of each side under a name of its own, so that a layer may be joined with itself."""
    return {name: tables.get(side.layer.id).alias() for name, side in join.sides.items()}


def select_combinations(tables: LayerTables, join: Join, aliases: Mapping[str, FromClause]) -> Select[Any]:
    """The ids of every row of the join. Raises as `count`."""
    scopes = {name: Scope(side.layer, aliases[name], tables.srid) for name, side in join.sides.items()}
    first, *others = aliases.values()
    # Joined on nothing here: what holds between them stands in WHERE, where PostgreSQL looks for it as well.
    source = reduce(lambda left, right: left.join(right, true()), others, first)
    rows = select(*(each.c.id for each in aliases.values())).select_from(source)
    for name, side in join.sides.items():
        own = select_rows(tables, side, aliases[name]).whereclause
        rows = rows.where(true() if own is None else own)
    if join.condition is None:
        return rows
    scope = Scope(next(iter(join.sides.values())).layer, first, tables.srid, joined=scopes)
    return rows.where(to_sql(join.condition, scope))
