"""What a camera or a mast sees: a sector on flat ground, and buildings that stand in the way."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import MILLIMETRE, Facility, Place

STOREY_M = 3.3


@dataclass(frozen=True)
class Building:
    """What may hide: its footprint, and its height or its floors."""

    id: int
    shape: BaseGeometry
    height_m: float | None = None
    floors: int | None = None

    @property
    def roof_m(self) -> float | None:
        """The height of its roof over the ground; None if nobody knows it."""
        if self.height_m is not None:
            return self.height_m
        return None if self.floors is None else self.floors * STOREY_M


def measure_sight(
    places: Iterable[Place], facilities: Iterable[Facility], buildings: list[Building], target_m: float
) -> dict[tuple[int, int], float]:
    """Straight distances of places to the facilities that see them; what is not seen has no entry."""
    facilities = list(facilities)
    return {(place.id, each.id): each.shape.distance(place.point) for place in places for each in facilities
            if is_in_sector(each, place.point) and not is_hidden(each, place, buildings, target_m)}  # fmt: skip


def is_in_sector(facility: Facility, point: Point) -> bool:
    """Whether a point lies in the sector, its edges included."""
    if facility.shape.distance(point) > facility.reach + MILLIMETRE:
        return False
    if facility.direction is None or facility.angle is None or facility.shape.equals(point):
        return True
    east, north = point.x - facility.shape.x, point.y - facility.shape.y
    turned = (math.degrees(math.atan2(east, north)) - facility.direction + 180.0) % 360.0 - 180.0
    return abs(turned) <= facility.angle / 2 + 1e-9


def is_hidden(facility: Facility, place: Place, buildings: Iterable[Building], target_m: float) -> bool:
    """Whether any building stands in the straight line from the eye to the target."""
    return any(hides(each, facility, place, target_m) for each in buildings)


def hides(building: Building, facility: Facility, place: Place, target_m: float) -> bool:
    """Whether the line of sight passes over a building's footprint below its roof."""
    roof, eye = building.roof_m, facility.eye_m
    assert eye is not None
    if roof is None or building.shape.covers(facility.shape) or building.shape.covers(place.point):
        return False
    sight = LineString([facility.shape, place.point])
    over = sight.intersection(building.shape)
    parts = [part for part in getattr(over, "geoms", [over]) if part.length > 1e-9]
    stations = [facility.shape.distance(Point(end)) / sight.length for part in parts for end in part.coords]
    return any(eye + (target_m - eye) * share < roof - 1e-9 for share in stations)
