"""What a service comes to in each unit, in none, and in the city, which is the sum of the others. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.runs import distances
from gis_infra.analysis.coverage.runs.distances import Spread
from gis_infra.analysis.coverage.runs.results import Counted

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Served:
    """What was found of each row of the places, all columns of one length.

    weight: what part of its place a row is; served: share; distance: nan without; group: unit + 1, 0 for none.
    """

    weight: Column
    people: Column
    served: Column
    unassigned: Column | None
    distance: Column
    group: NDArray[np.int32]


@dataclass(frozen=True)
class Tally(Counted):
    """What was counted in the city, a unit or in none. position: 0 is the city, last is what lies in no unit.

    classes: (over, up to or None, people, places).
    """

    position: int
    spread: Spread
    classes: tuple[tuple[float, float | None, float, float], ...] = ()
    targets: tuple[Mapping[str, Any], ...] = ()

    @property
    def indicators(self) -> dict[str, float | None]:
        """By name as targets name them; None where there is nothing to divide by."""
        radius2 = divide(self.area_m2, pi * self.facilities) if self.area_m2 > 0 else None
        return {
            "people_share": divide(self.people_served, self.people),
            "places_share": divide(self.places_served, self.places),
            "area_share": None if self.area_served_m2 is None else divide(self.area_served_m2, self.area_m2),
            "mean_distance": self.spread.mean,
            "median_distance": self.spread.median,
            "p90_distance": self.spread.p90,
            "largest_distance": self.spread.largest,
            "mean_radius_m": None if radius2 is None else sqrt(radius2),
            "people_per_facility": divide(self.people, self.facilities),
            "facilities": float(self.facilities),
            "amount_per_person": None if self.amount is None else divide(self.amount, self.people),
        }


@dataclass(frozen=True)
class Sums:
    """What is known by group beside the places: group 0 is what lies in no unit, then the units.

    area_served_m2: None in methods that know no area; amount: None where the service asks for none.
    """

    facilities: NDArray[np.int64]
    area_served_m2: Column | None
    amount: Column | None


def divide(part: float, whole: float) -> float | None:
    """part / whole, None when the whole is nothing."""
    return part / whole if whole > 0 else None


def weigh(places: Places) -> Column:
    """float64[n]: what part of its place each row is; the rows of one place come to 1. People have no part in it."""
    if not places.areal or places.shapes is None:
        return np.ones(len(places))
    area = np.asarray(shapely.area(places.shapes), dtype=np.float64)
    _, member, pieces = np.unique(places.ids, return_inverse=True, return_counts=True)
    whole = np.bincount(member, weights=area)[member]
    return np.where(whole > 0, area / np.where(whole > 0, whole, 1.0), 1.0 / pieces[member])


def tally(units: UnitSet, found: Served, sums: Sums, reach: float | None, *, in_metres: bool) -> tuple[Tally, ...]:
    """The city, then each unit in its order, then what lies in no unit if anything does."""
    groups = len(units) + 1
    spreads = distances.spread_by_group(found.distance, found.people, found.group, groups)
    classes = tally_classes(found, groups, reach, in_metres=in_metres)
    people = add(found.people, found.group, groups)
    served = add(found.people * found.served, found.group, groups)
    unassigned = None if found.unassigned is None else add(found.unassigned, found.group, groups)
    places = add(found.weight, found.group, groups)
    places_served = add(found.weight * found.served, found.group, groups)
    parts = []
    for group in [*range(1, groups), 0]:
        unit = group - 1
        parts.append(
            Tally(
                position=group if group else groups,
                scope="unit" if group else "outside",
                code=(units.codes[unit] or None) if group else None,
                name=(units.names[unit] or None) if group else None,
                population=to_known(units.population[unit]) if group else None,
                people=float(people[group]),
                people_served=float(served[group]),
                people_unassigned=None if unassigned is None else float(unassigned[group]),
                places=float(places[group]),
                places_served=float(places_served[group]),
                area_m2=float(units.area_m2[unit]) if group else 0.0,
                area_served_m2=None if sums.area_served_m2 is None else float(sums.area_served_m2[group]),
                facilities=int(sums.facilities[group]),
                amount=None if sums.amount is None else float(sums.amount[group]),
                spread=spreads[group],
                classes=classes[group],
            )
        )
    city = add_up(parts, spreads[groups], classes[groups])
    if parts[-1].places == 0 and parts[-1].facilities == 0:
        parts.pop()
    return (city, *parts)


def add(values: Column, group: NDArray[np.int32], groups: int) -> Column:
    """The sum of values by group."""
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)


def to_known(value: float) -> float | None:
    """A number, None for nan."""
    return None if np.isnan(value) else float(value)


def tally_classes(
    found: Served, groups: int, reach: float | None, *, in_metres: bool
) -> list[tuple[tuple[float, float | None, float, float], ...]]:
    """The classes of distance of each group, then of all together; none without a reach."""
    bounds = distances.list_bounds(reach)
    if not bounds:
        return [()] * (groups + 1)
    number = len(bounds) + 1
    member = distances.classify(found.distance, bounds, in_metres=in_metres)
    known = member >= 0
    cell = found.group[known].astype(np.int64) * number + member[known]
    people, places = (
        np.bincount(cell, weights=column[known], minlength=groups * number).reshape(groups, number)
        for column in (found.people, found.weight)
    )
    edges = list(zip([0.0, *bounds], [*bounds, None], strict=True))
    rows = [*zip(people, places, strict=True), (people.sum(axis=0), places.sum(axis=0))]
    return [
        tuple((over, up_to, float(p), float(w)) for (over, up_to), p, w in zip(edges, first, second, strict=True))
        for first, second in rows
    ]


def add_up(
    parts: Sequence[Tally], spread: Spread, classes: tuple[tuple[float, float | None, float, float], ...]
) -> Tally:
    """The city: the sum of its parts, so that nobody is made or lost."""
    return Tally(
        position=0,
        scope="city",
        code=None,
        name=None,
        population=add_known(part.population for part in parts),
        people=sum(part.people for part in parts),
        people_served=sum(part.people_served for part in parts),
        people_unassigned=add_known(part.people_unassigned for part in parts),
        places=sum(part.places for part in parts),
        places_served=sum(part.places_served for part in parts),
        area_m2=sum(part.area_m2 for part in parts),
        area_served_m2=add_known(part.area_served_m2 for part in parts),
        facilities=sum(part.facilities for part in parts),
        amount=add_known(part.amount for part in parts),
        spread=spread,
        classes=classes,
    )


def add_known(values: Iterable[float | None]) -> float | None:
    """The sum of those that are known, None if none is."""
    known = [each for each in values if each is not None]
    return sum(known) if known else None
