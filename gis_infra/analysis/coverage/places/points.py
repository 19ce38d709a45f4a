"""Places that are points: rows of a layer at their centroid, each in the unit that covers it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Connection, Double, Select, Table, cast, func, literal, select

from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.coverage.places.columns import read_columns, read_shapes, select_shaped
from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.places.units import locate
from gis_infra.analysis.coverage.standards.model import Demand
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.tables import LayerTables

Told = dict[str, int | float]


def read_column(connection: Connection, tables: LayerTables, demand: Demand, units: UnitSet) -> Places:
    """Rows of a layer with the attribute that says how many people each has; 1 each where the demand names none."""
    member = demand.member or Member("")
    table = tables.get(member.layer)
    people = literal(1.0, Double) if demand.people is None else cast(table.c[demand.people], Double)
    rows = read_points(connection, table, member, {"people": people})
    counted, told = count_people(rows["people"])
    told |= tell_shapeless(connection, table, member, people)
    xy = np.column_stack([rows["x"], rows["y"]])
    return Places(member.layer, rows["id"].copy(), xy, counted, locate(xy, units), float(counted.sum()), told=told)


def count_people(recorded: NDArray[np.float64]) -> tuple[NDArray[np.float64], Told]:
    """People by row, 0 where none are recorded (nan) or fewer than none; and how many rows had none recorded."""
    missing = np.isnan(recorded)
    counted = np.where(missing | (recorded < 0), 0.0, recorded)
    return counted, {"not_recorded": int(missing.sum())} if missing.any() else {}


def read_points(
    connection: Connection, table: Table, member: Member, values: Mapping[str, ColumnElement[Any]]
) -> NDArray[np.void]:
    """Id, centroid (x, y) and values of a layer's rows that are somewhere, in the order of ids."""
    centre = func.st_centroid(table.c.geom).label("centre")
    named = [value.label(name) for name, value in values.items()]
    # OFFSET 0, or PostgreSQL would compute the centroid once for x and once for y.
    inner = select_rows(table, member, get_id(table), centre, *named).offset(0).subquery()
    x = cast(func.st_x(inner.c.centre), Double).label("x")
    y = cast(func.st_y(inner.c.centre), Double).label("y")
    rows = read_columns(connection, select(inner.c.id, x, y, *(inner.c[name] for name in values)))
    return rows[np.argsort(rows["id"], kind="stable")]


def get_id(table: Table) -> ColumnElement[int]:
    """The id of a layer's rows."""
    return cast(table.c.id, BigInteger).label("id")


def select_rows(table: Table, member: Member, *columns: ColumnElement[Any]) -> Select[Any]:
    """The columns of a member's rows that are somewhere."""
    return select(*columns).where(select_shaped(table.c.geom), select_all(table, member.where))


def select_number(table: Table, field: str | None) -> ColumnElement[float]:
    """An attribute as a number, null where there is none."""
    return cast(literal(None) if field is None else table.c[field], Double)


def tell_shapeless(connection: Connection, table: Table, member: Member, people: ColumnElement[float]) -> Told:
    """How many rows are nowhere, and how many people they have: they cannot be looked for, so they are told."""
    nowhere = func.coalesce(func.st_isempty(table.c.geom), True)
    counted = select(func.count(), func.coalesce(func.sum(people), 0.0)).select_from(table)
    rows, lost = connection.execute(counted.where(nowhere, select_all(table, member.where))).one()
    return {"without_geometry": rows, "people_without_geometry": float(lost)} if rows else {}


def read_own_shapes(connection: Connection, table: Table, places: Places, member: Member) -> NDArray[Any]:
    """The shape of each place that is a row of `table`, mended; of people without a home the point they are put at."""
    ids, shapes = read_shapes(
        connection, select_rows(table, member, get_id(table), func.st_asbinary(func.st_force2d(table.c.geom)))
    )
    # Here and not in the database, which takes three times as long.
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    order = np.argsort(ids, kind="stable")
    own = places.ids > 0
    found = np.empty(len(places), dtype=object)
    found[own] = shapes[order[np.searchsorted(ids, places.ids[own], sorter=order)]]
    found[~own] = shapely.points(places.xy[~own])
    return found
