"""Areas with people spread evenly over them, read from the database; and the units themselves."""

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Table

from gis_infra.analysis.coverage.places.areas import cut
from gis_infra.analysis.coverage.places.columns import read_columns, read_shapes, select_area
from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.places.points import (
    Told,
    count_people,
    get_id,
    select_number,
    select_rows,
    tell_shapeless,
)
from gis_infra.analysis.coverage.standards.model import Demand
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.tables import LayerTables


def read_areal(connection: Connection, tables: LayerTables, demand: Demand, units: UnitSet) -> Places:
    """Areas cut along the units, people spread by area; the units themselves where the demand names no layer."""
    if demand.member is None:
        counted, told = count_people(units.population)
        return replace(read_units_as_places(connection, tables, demand, units), people=counted, told=told)
    table = tables.get(demand.member.layer)
    people = select_number(table, demand.people).label("people")
    rows = read_columns(connection, select_rows(table, demand.member, get_id(table), people))
    rows = rows[np.argsort(rows["id"], kind="stable")]
    counted, told = count_people(rows["people"])
    told |= tell_shapeless(connection, table, demand.member, people)
    shapes = read_areas(connection, table, demand.member)
    flat = shapely.area(shapes) <= 0
    told |= tell_flat(flat, counted)
    pieces = cut(shapes[~flat], units)
    return Places(
        layer=demand.member.layer,
        ids=rows["id"][~flat][pieces.area],
        xy=shapely.get_coordinates(shapely.centroid(pieces.shapes)),
        people=counted[~flat][pieces.area] * pieces.share,
        unit=pieces.unit,
        total=float(counted[~flat].sum()),
        areal=True,
        shapes=pieces.shapes,
        told=told,
    )


def tell_flat(flat: NDArray[np.bool_], people: NDArray[np.float64]) -> Told:
    """Areas without any area, over which nobody can be spread."""
    return {"without_area": int(flat.sum()), "people_without_area": float(people[flat].sum())} if flat.any() else {}


def read_areas(connection: Connection, table: Table, member: Member) -> NDArray[Any]:
    """The areas of a member's rows that are somewhere, mended, in the order of ids."""
    ids, shapes = read_shapes(connection, select_rows(table, member, get_id(table), select_area(table.c.geom)))
    return shapes[np.argsort(ids, kind="stable")]


def read_units_as_places(connection: Connection, tables: LayerTables, demand: Demand, units: UnitSet) -> Places:
    """The units themselves: areas, without people."""
    return Places(
        layer="",
        ids=units.ids,
        xy=shapely.get_coordinates(shapely.centroid(units.shapes)),
        people=np.zeros(len(units)),
        unit=np.arange(len(units), dtype=np.int32),
        total=0.0,
        areal=True,
        shapes=units.shapes,
    )
