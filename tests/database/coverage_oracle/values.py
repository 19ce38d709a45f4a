"""What a scene of coverage is made of: facilities, places, units, buildings that hide. Rows are known by their ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely import Point
from shapely.geometry.base import BaseGeometry

MILLIMETRE = 0.001


@dataclass(frozen=True)
class Facility:
    """One facility. reach: metres or minutes; capacity: people it takes, None for any number."""

    id: int
    shape: BaseGeometry
    reach: float
    capacity: float | None = None
    direction: float | None = None
    angle: float | None = None
    eye_m: float | None = None
    code: str | None = None


@dataclass(frozen=True)
class Place:
    """One place: where it is asked for, how many people it has, and its shape where it is more than a point."""

    id: int
    point: Point
    people: float
    shape: BaseGeometry | None = None
    code: str | None = None


@dataclass(frozen=True)
class Unit:
    """One administrative unit of the level and day asked for; population is None where nobody knows it."""

    code: str
    shape: BaseGeometry
    population: float | None = None


@dataclass(frozen=True)
class Found:
    """Whom a service reaches, by the id of the place: the share served, the distance and the facility it is to."""

    served: Mapping[int, float]
    distance: Mapping[int, float | None] = field(default_factory=dict)
    facility: Mapping[int, int | None] = field(default_factory=dict)
    unassigned: float = 0.0
    area: BaseGeometry | None = None
