"""Whom some services reach when somebody else is asked for than the people of each building: every other demand.

Places that are points are reached or not; of areas the share that lies within reach counts. People spread by floors are
those of the oracle of the tests.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shapely import STRtree, unary_union
from shapely.geometry.base import BaseGeometry

from second_opinion.coverage import Ground, add_home, find_served, new_counts
from second_opinion.services import SERVICES
from tests.database.coverage_oracle.people import House, spread
from tests.database.coverage_oracle.values import Place

OCCUPANCY = {"residential": 0.04, "mixed": 0.02}
CIRCLE_SIDES = 128
Counts = dict[str, float]


@dataclass(frozen=True)
class Reckoning:
    """Whom a service reaches of one demand: counts for the city and by ward code; of `area` square metres."""

    city: Counts
    wards: dict[str, Counts]


def measure_demands(ground: Ground) -> dict[str, dict[str, dict[str, Reckoning]]]:
    """By service, method and demand."""
    found: dict[str, dict[str, dict[str, Reckoning]]] = {}
    for service, method, demands in ASKED:
        found.setdefault(service, {})[method] = {demand: DEMANDS[demand](ground, service, method) for demand in demands}
    return found


def count_places(ground: Ground, service: str, method: str, places: list[Place]) -> Reckoning:
    """The counts of places that are points."""
    looked_at = ground.look_at(places)
    served = find_served(looked_at, service, method)
    city, wards = new_counts(), defaultdict[str, Counts](new_counts)
    for place, ward in zip(places, looked_at.wards, strict=True):
        for counts in (city, wards[ward]):
            add_home(counts, place.people, float(place.id in served))
    return Reckoning(city, dict(wards))


def count_buildings(ground: Ground, service: str, method: str) -> Reckoning:
    """Every building that stands is one."""
    return count_places(ground, service, method, [Place(place.id, place.point, 1.0) for place in ground.places])


def count_parcels(ground: Ground, service: str, method: str) -> Reckoning:
    """Every parcel is one."""
    rows = ground.layers["land_parcel"]
    places = [Place(number, row.geometry.centroid, 1.0) for number, row in enumerate(rows)]
    return count_places(ground, service, method, places)


def count_dasymetric(ground: Ground, service: str, method: str) -> Reckoning:
    """The people of each ward spread over the floors of its homes."""
    houses = [
        House(number, row.geometry, row.values.get("floors"), row.values.get("height_m"), row.values.get("use"))
        for number, row in enumerate(ground.homes)
    ]
    living = spread(houses, ground.units, OCCUPANCY)
    places = [Place(number, ground.places[number].point, people) for number, people in living.items()]
    return count_places(ground, service, method, places)


def count_cells(ground: Ground, service: str, method: str) -> Reckoning:
    """The people of each cell, spread evenly over it."""
    rows = ground.layers["population_cell"]
    return count_areas(ground, service, method, [(row.geometry, float(row.values["residents"])) for row in rows])


def count_wards(ground: Ground, service: str, method: str) -> Reckoning:
    """The people of each ward, spread evenly over it."""
    reach = draw_reach(ground, service, method)
    city, wards = new_counts(), defaultdict[str, Counts](new_counts)
    for unit in ground.units:
        share = unit.shape.intersection(reach).area / unit.shape.area
        for counts in (city, wards[unit.code]):
            add_home(counts, unit.population or 0.0, share)
    return Reckoning(city, dict(wards))


def count_areas(ground: Ground, service: str, method: str, areas: list[tuple[BaseGeometry, float]]) -> Reckoning:
    """The counts of areas, each cut along the wards. areas: shapes and their people."""
    reach = draw_reach(ground, service, method)
    tree = STRtree([unit.shape for unit in ground.units])
    city, wards = new_counts(), defaultdict[str, Counts](new_counts)
    for shape, people in areas:
        parts = [(ground.units[number].code, shape.intersection(ground.units[number].shape))
                 for number in sorted(tree.query(shape).tolist())]  # fmt: skip
        rest = shape.difference(unary_union([part for _, part in parts]))
        for ward, part in [*parts, ("", rest)]:
            share = part.area / shape.area
            if share > 1e-9:
                for counts in (city, wards[ward]):
                    add_home(counts, people * share, part.intersection(reach).area / part.area, share)
    return Reckoning(city, dict(wards))


def count_area(ground: Ground, service: str, method: str) -> Reckoning:
    """Square metres of each ward."""
    reach = draw_reach(ground, service, method)
    wards = {unit.code: {"area_m2": unit.shape.area, "area_served_m2": unit.shape.intersection(reach).area}
             for unit in ground.units}  # fmt: skip
    city = {name: sum(counts[name] for counts in wards.values()) for name in ("area_m2", "area_served_m2")}
    return Reckoning(city, wards)


def draw_reach(ground: Ground, service: str, method: str) -> BaseGeometry:
    """What lies within reach: zones together, or circles of 128 sides, one of whose corners lies due east."""
    facilities = ground.list_facilities(service, SERVICES[service])
    if method == "zone":
        return unary_union([each.shape for each in facilities])
    return unary_union([each.shape.buffer(each.reach, quad_segs=CIRCLE_SIDES // 4) for each in facilities])


DEMANDS: Mapping[str, Callable[[Ground, str, str], Reckoning]] = {
    "dasymetric": count_dasymetric,
    "cells": count_cells,
    "wards": count_wards,
    "buildings": count_buildings,
    "parcels": count_parcels,
    "area": count_area,
}
# Along streets the area is left out: its shape is only drawn roughly (docs/coverage.md).
ASKED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("distribution_transformer", "straight_line", tuple(DEMANDS)),
    ("fire_hydrant", "streets", ("dasymetric", "buildings", "parcels")),
    ("stormwater_catchment", "zone", tuple(DEMANDS)),
)
