"""Streets and barriers from the database, and the words that say in which state they were read."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    cast,
    column,
    func,
    not_,
    select,
    table,
)

from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.coverage.standards.model import Streets
from gis_infra.analysis.coverage.streets.model import Barriers, Objects, StreetLines
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.state import get_state

TOGETHER = 20_000  # rows fetched at a time


def read_streets(connection: Connection, tables: LayerTables, streets: Streets) -> StreetLines:
    """All streets that satisfy the conditions of `streets` and have a geometry, by id; in the city's CRS, 2D.

    A street of which nothing is said is two-way.
    """
    layer = tables.get(streets.member.layer)
    statement = (
        select(
            layer.c.id,
            func.st_asbinary(func.st_force2d(layer.c.geom)).label("shape"),
            layer.c[streets.class_field].label("road_class"),
            func.coalesce(layer.c[streets.one_way_field], False).label("one_way"),
        )
        .where(select_shaped(layer), select_all(layer, streets.member.where))
        .order_by(layer.c.id)
    )
    rows = fetch(connection, statement)
    return StreetLines(
        np.array([row.id for row in rows], dtype=np.int64),
        to_shapes([bytes(row.shape) for row in rows]),
        to_objects([row.road_class for row in rows]),
        np.array([row.one_way for row in rows], dtype=np.bool_),
    )


def read_barriers(connection: Connection, tables: LayerTables, streets: Streets) -> Barriers:
    """Every barrier of `streets`, in the order named, then by id; areas that cross themselves are mended."""
    shapes: list[bytes] = []
    cuts: list[bool] = []
    for barrier in streets.barriers:
        layer = tables.get(barrier.member.layer)
        statement = (
            select(func.st_asbinary(func.st_makevalid(func.st_force2d(layer.c.geom))).label("shape"))
            .where(select_shaped(layer), select_all(layer, barrier.member.where))
            .order_by(layer.c.id)
        )
        found = [bytes(row.shape) for row in fetch(connection, statement)]
        shapes += found
        cuts += [barrier.blocks == "streets"] * len(found)
    return Barriers(to_shapes(shapes), np.array(cuts, dtype=np.bool_))


def read_state(connection: Connection, layers: Iterable[str]) -> str:
    """Which database this is, and how far each of these layers has been edited there, in words for a key."""
    system = table("pg_database", column("oid"), column("datname"))
    own = select(cast(system.c.oid, BigInteger)).where(system.c.datname == func.current_database())
    whole: Select[Any] = select(column("system_identifier")).select_from(func.pg_control_system())
    words = [str(connection.execute(each).scalar_one()) for each in (whole, own)]
    for layer in layers:
        state = get_state(connection, layer)
        words.append(f"{layer} {state.revision} {state.changed_at}")
    return "; ".join(words)


def select_shaped(layer: Table) -> ColumnElement[bool]:
    """True for rows that are somewhere."""
    return and_(layer.c.geom.is_not(None), not_(func.st_isempty(layer.c.geom)))


def fetch(connection: Connection, statement: Select[Any]) -> list[Any]:
    """All rows, fetched many at a time."""
    return list(connection.execute(statement, execution_options={"yield_per": TOGETHER}))


def to_shapes(texts: list[bytes]) -> Objects:
    """The shapes of WKB texts."""
    shapes: Objects = np.asarray(shapely.from_wkb(to_objects(texts)), dtype=object)
    return shapes


def to_objects(values: list[Any]) -> Objects:
    """Values as a column of objects."""
    column_of = np.empty(len(values), dtype=object)
    column_of[:] = values
    return column_of
