"""Features of several layers found together, by a condition between them: one SELECT of ids, then the features.

Permission is part of every side. A row of a join is one feature of each layer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, false, func, select, true

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features import reading
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.filters.tree import Condition

BATCH = 500


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


def count_up_to(connection: Connection, tables: LayerTables, join: Join) -> int | None:
    """The number of rows of the join; None above its `count_bound`.

    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs; BusyError at the time limit.
    """
    rows = select_combinations(tables, join, alias_tables(tables, join))
    if join.count_bound is not None:
        rows = rows.limit(join.count_bound + 1)
    found = connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()
    return None if join.count_bound is not None and found > join.count_bound else found


def read_ids(connection: Connection, tables: LayerTables, join: Join) -> list[tuple[int, ...]]:
    """The ids of the rows on the page and of one more, which tells whether others follow. Raises as `count_up_to`."""
    aliases = alias_tables(tables, join)
    rows = select_combinations(tables, join, aliases)
    order: list[ColumnElement[Any]] = []
    for key in join.sort:
        column = aliases[key.of].c[join.sides[key.of].layer.get_field(key.name).name]
        order.append((column.desc() if key.descending else column.asc()).nulls_last())
    order += [each.c.id for each in aliases.values()]
    page = rows.order_by(*order).limit(join.limit + 1).offset(join.offset or None)
    return [tuple(row) for row in connection.execute(page)]


def stream(
    connection: Connection, tables: LayerTables, join: Join, ids: Sequence[tuple[int, ...]]
) -> Iterator[tuple[Feature, ...]]:
    """The features of rows of `read_ids`, one of each side in every tuple, without holding them all.

    Raises as `reading.stream`.
    """
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = []
        for at, query in enumerate(join.sides.values()):
            wanted = tuple({row[at] for row in batch})
            side = replace(query, filter=None, bbox=None, ids=wanted, limit=len(wanted), offset=0, sort=())
            found.append({each.id: each for each in reading.stream(connection, tables, side)})
        yield from (tuple(side[number] for side, number in zip(found, row, strict=True)) for row in batch)


def alias_tables(tables: LayerTables, join: Join) -> dict[str, FromClause]:
    """The table of each side under a name of its own, so that a layer may be joined with itself."""
    return {name: tables.get(side.layer.id).alias() for name, side in join.sides.items()}


def select_combinations(tables: LayerTables, join: Join, aliases: Mapping[str, FromClause]) -> Select[Any]:
    """The ids of every row of the join. Raises as `count_up_to`."""
    scopes = {name: Scope(side.layer, aliases[name], tables.srid) for name, side in join.sides.items()}
    rows = select(*(each.c.id for each in aliases.values()))
    for name, side in join.sides.items():
        own = select_rows(tables, side, aliases[name]).whereclause
        rows = rows.where(true() if own is None else own)
    if join.condition is None:
        return rows
    first = next(iter(scopes.values()), None)
    return rows.where(false() if first is None else to_sql(join.condition, replace(first, joined=scopes)))
