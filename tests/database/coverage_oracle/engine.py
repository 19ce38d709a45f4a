"""Scenes of the oracle as the engine takes them: columns of numpy; and what the engine gives as the oracle has it."""

import numpy as np
from shapely import force_2d, get_coordinates

from gis_infra.analysis.coverage.methods.model import Facilities, Reached
from gis_infra.analysis.coverage.places.model import NO_UNIT, Places, UnitSet
from tests.database.coverage_oracle.values import Facility, Found, Place, Unit


def to_objects(values):
    """A column of objects, shapes among them."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def to_facilities(facilities: list[Facility]) -> Facilities:
    """Facilities in the order given, none of them drawn."""
    limits = [np.nan if each.capacity is None else each.capacity for each in facilities]
    return Facilities(
        "fire_hydrant", np.array([each.id for each in facilities], dtype=np.int64),
        to_objects(["fire_hydrant"] * len(facilities)), to_objects([each.code for each in facilities]),
        to_objects([None] * len(facilities)), to_objects([force_2d(each.shape) for each in facilities]),
        np.array([each.reach for each in facilities], dtype=float), np.array(limits, dtype=float),
        to_objects(["kept"] * len(facilities)),
    )  # fmt: skip


def to_places(places: list[Place], unit_of=None, codes=(), *, areal=False) -> Places:
    """Places in the order given. unit_of: unit code by id, where `codes` are the units in order."""
    rows = {code: row for row, code in enumerate(codes)}
    units = [NO_UNIT if unit_of is None else rows.get(unit_of[each.id], NO_UNIT) for each in places]
    shapes = to_objects([each.shape for each in places]) if areal else None
    people = np.array([each.people for each in places], dtype=float)
    return Places("building", np.array([each.id for each in places], dtype=np.int64), to_xy(places), people,
                  np.array(units, dtype=np.int32), float(people.sum()), areal, shapes)  # fmt: skip


def to_xy(places: list[Place]) -> np.ndarray:
    """Where places are asked for."""
    return get_coordinates([each.point for each in places]).reshape(-1, 2)


def to_units(units: list[Unit]) -> UnitSet:
    """Units in the order of their codes."""
    units = sorted(units, key=lambda each: each.code)
    codes, known = [each.code for each in units], [each.population for each in units]
    return UnitSet(
        np.arange(1, len(units) + 1), to_objects(codes), to_objects(codes), to_objects([each.shape for each in units]),
        np.array([each.shape.area for each in units]),
        np.array([np.nan if each is None else each for each in known], dtype=float),
    )  # fmt: skip


def to_found(reached: Reached, places: list[Place], facilities: list[Facility]) -> Found:
    """What the engine found, by the ids of places and facilities."""
    ids = [each.id for each in places]
    distance = [None if np.isnan(each) else float(each) for each in reached.distance]
    facility = [None if row < 0 else facilities[row].id for row in reached.facility]
    return Found(dict(zip(ids, map(float, reached.served), strict=True)), dict(zip(ids, distance, strict=True)),
                 dict(zip(ids, facility, strict=True)), float(reached.unassigned.sum()), reached.area)  # fmt: skip
