"""Whom a service is to reach: people spread over buildings, cells and units, and the unit each place lies in."""

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shapely import Point
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import Place, Unit

STOREY_M = 3.3


@dataclass(frozen=True)
class House:
    """One building as demand sees it."""

    id: int
    shape: BaseGeometry
    floors: int | None = None
    height_m: float | None = None
    use: str | None = None


def is_valid(day: datetime.date, first: datetime.date | None, end: datetime.date | None) -> bool:
    """Whether a unit counts on a day: from its first day to its last, both included."""
    return (first is None or first <= day) and (end is None or day <= end)


def find_unit(point: Point, units: Iterable[Unit]) -> str | None:
    """The code of the unit that covers a point, on a shared border the smaller one."""
    return min((each.code for each in units if each.shape.covers(point)), default=None)


def weigh(house: House, occupancy: Mapping[str | None, float]) -> float:
    """How many people would live in a building by its floors and use."""
    floors = house.floors
    if floors is None:
        floors = 1 if house.height_m is None else math.ceil(house.height_m / STOREY_M)
    return house.shape.area * floors * occupancy.get(house.use, 0.0)


def spread(houses: Iterable[House], units: list[Unit], occupancy: Mapping[str | None, float]) -> dict[int, float]:
    """People by building, so that each unit's buildings add up to its known number; uninhabited ones are left out."""
    weights = {each.id: weigh(each, occupancy) for each in houses}
    unit_of = {each.id: find_unit(each.shape.centroid, units) for each in houses}
    sums: dict[str | None, float] = defaultdict(float)
    for each, weight in weights.items():
        sums[unit_of[each]] += weight
    known = {each.code: each.population for each in units}
    people = {}
    for each, weight in weights.items():
        population = known.get(unit_of[each] or "")
        if weight > 0:
            people[each] = weight if population is None else weight * population / sums[unit_of[each]]
    return people


def find_homeless(
    houses: Iterable[House], units: list[Unit], occupancy: Mapping[str | None, float]
) -> dict[str, float]:
    """Units with people and no building that houses any: their people by code."""
    housed = {find_unit(each.shape.centroid, units) for each in houses if weigh(each, occupancy) > 0}
    return {each.code: each.population for each in units if each.population and each.code not in housed}


def share_area(place: Place, units: Iterable[Unit]) -> dict[str, float]:
    """The shares of a place's area by unit; what is missing to 1 lies in none (units do not overlap)."""
    assert place.shape is not None
    shares = {each.code: each.shape.intersection(place.shape).area / place.shape.area for each in units}
    return {code: share for code, share in shares.items() if share > 0}
