"""Buildings that house people, read from the database, each unit's adding up to its known number."""

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Connection, Double, Table, case, cast, func, literal

from gis_infra.analysis.coverage.places.dasymetric import Buildings, count_floors, find_homeless, scale
from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.places.points import Told, read_points, select_number, tell_shapeless
from gis_infra.analysis.coverage.places.units import locate
from gis_infra.analysis.coverage.standards.model import Demand, Homes
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.tables import LayerTables


def read_dasymetric(connection: Connection, tables: LayerTables, demand: Demand, units: UnitSet) -> Places:
    """Buildings that house people, and a place for the people of each unit that has no such building."""
    member, homes = demand.member or Member(""), demand.homes or Homes(None, None, None, {})
    table = tables.get(member.layer)
    buildings, unknown = read_buildings(connection, table, member, homes, units)
    housed = (
        count_floors(buildings.floors, buildings.height_m, homes.storey_m)
        * buildings.footprint_m2
        * buildings.occupancy
    )
    people = scale(housed, buildings.unit, units)
    lone = find_homeless(housed, buildings.unit, units)
    lives = housed > 0
    told: Told = {"use_not_recorded": unknown} if unknown else {}
    told |= tell_homes(buildings, lives, units, lone)
    nowhere = tell_shapeless(connection, table, member, literal(0.0, Double))
    told |= {key: value for key, value in nowhere.items() if key == "without_geometry"}
    ids = np.concatenate([-units.ids[lone], buildings.ids[lives]])
    order = np.argsort(ids, kind="stable")
    on_units = shapely.get_coordinates(shapely.point_on_surface(units.shapes[lone]))
    counted = np.concatenate([units.population[lone], people[lives]])[order]
    return Places(
        layer=member.layer,
        ids=ids[order],
        xy=np.concatenate([on_units, buildings.xy[lives]])[order],
        people=counted,
        unit=np.concatenate([lone.astype(np.int32), buildings.unit[lives]])[order],
        total=float(counted.sum()),
        told=told,
    )


def read_buildings(
    connection: Connection, table: Table, member: Member, homes: Homes, units: UnitSet
) -> tuple[Buildings, int]:
    """Buildings as they are recorded, and how many have no use recorded."""
    use = None if homes.use_field is None else table.c[homes.use_field]
    values: dict[str, ColumnElement[float]] = {
        "footprint": cast(func.st_area(table.c.geom), Double),
        "floors": select_number(table, homes.floors_field),
        "height": select_number(table, homes.height_field),
        "persons": cast(literal(homes.unrecorded) if use is None else select_occupancy(use, homes), Double),
    }
    unrecorded = literal(1) if use is None else case((use.is_(None), 1), else_=0)
    rows = read_points(connection, table, member, {**values, "unknown": cast(unrecorded, BigInteger)})
    xy = np.column_stack([rows["x"], rows["y"]])
    buildings = Buildings(
        ids=rows["id"].copy(),
        xy=xy,
        footprint_m2=rows["footprint"].copy(),
        floors=rows["floors"].copy(),
        height_m=rows["height"].copy(),
        occupancy=rows["persons"].copy(),
        unit=locate(xy, units),
    )
    return buildings, int(rows["unknown"].sum())


def select_occupancy(use: ColumnElement[str], homes: Homes) -> ColumnElement[float]:
    """Persons per square metre of floor, by the use of each building; a use the demand does not name houses nobody."""
    named = [(use == code, literal(rate, Double)) for code, rate in homes.occupancy.items()]
    return case((use.is_(None), literal(homes.unrecorded, Double)), *named, else_=literal(0.0, Double))


def tell_homes(buildings: Buildings, lives: NDArray[np.bool_], units: UnitSet, lone: NDArray[np.int64]) -> Told:
    """What a report says of how people were shared out."""
    unfloored = lives & ~(buildings.floors > 0)
    return {
        "floors_from_height": int((unfloored & (buildings.height_m > 0)).sum()),
        "floors_assumed": int((unfloored & ~(buildings.height_m > 0)).sum()),
        "units_not_recorded": int(np.isnan(units.population).sum()),
        "units_without_homes": len(lone),
        "people_without_homes": float(units.population[lone].sum()),
    }
