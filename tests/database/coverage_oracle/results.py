"""What is told of a unit and of the city: sums, distances, gaps, and what changed between two runs."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from math import inf

from shapely import MultiPoint, unary_union
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import Found, Place, Unit


@dataclass(frozen=True)
class Sums:
    """People and places of a unit, and how many of each are served; of their distances what is told."""

    people: float
    people_served: float
    places: int
    places_served: float
    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    largest: float | None = None


def sum_up(places: list[Place], found: Found) -> Sums:
    """The sums of some places."""
    far = [(found.distance.get(each.id), each.people) for each in places]
    ways = sorted((metres, people) for metres, people in far if metres is not None and people > 0)
    total = sum(people for _, people in ways)
    return Sums(
        math.fsum(each.people for each in places),
        math.fsum(each.people * found.served[each.id] for each in places),
        len(places),
        math.fsum(found.served[each.id] for each in places),
        math.fsum(metres * people for metres, people in ways) / total if ways else None,
        *(find_percentile(ways, share) for share in (0.5, 0.9, 1.0)),
    )


def find_percentile(ways: list[tuple[float, float]], share: float) -> float | None:
    """The smallest distance within which a share of the people live."""
    total, so_far = math.fsum(people for _, people in ways), 0.0
    for metres, people in ways:
        so_far += people
        if so_far >= share * total * (1 - 1e-12):
            return metres
    return None


def sum_units(places: list[Place], found: Found, unit_of: Mapping[int, str | None]) -> dict[str | None, Sums]:
    """The sums by unit code; of what lies in none under None."""
    by_unit: dict[str | None, list[Place]] = defaultdict(list)
    for each in places:
        by_unit[unit_of[each.id]].append(each)
    return {code: sum_up(some, found) for code, some in by_unit.items()}


@dataclass(frozen=True)
class Gap:
    """A part of a unit that is out of reach, with the people unserved in it."""

    unit: str
    shape: BaseGeometry
    people: float
    places: int


def find_gaps(units: Iterable[Unit], reach: BaseGeometry, places: list[Place], found: Found,
              unit_of: Mapping[int, str | None]) -> list[Gap]:  # fmt: skip
    """Connected parts of units outside a reach, the worst first; discs where none is near."""
    gaps = []
    for unit in units:
        left = unit.shape.difference(reach)
        parts = [each for each in getattr(left, "geoms", [left]) if each.area > 0]
        here = [each for each in places if unit_of[each.id] == unit.code and found.served[each.id] < 1]
        lone = [each.point for each in here if min((part.distance(each.point) for part in parts), default=inf) > 5]
        discs = unary_union([each.buffer(5, quad_segs=8) for each in lone])
        parts += [each for each in getattr(discs, "geoms", [discs]) if each.area > 0]
        nearest = {each.id: min(range(len(parts)), key=lambda i: parts[i].distance(each.point)) for each in here}
        for index, part in enumerate(parts):
            inside = [each for each in here if nearest[each.id] == index]
            if part.area >= 1 or inside:
                people = math.fsum(each.people * (1 - found.served[each.id]) for each in inside)
                gaps.append(Gap(unit.code, part, people, len(inside)))
    return sorted(gaps, key=lambda gap: -gap.people)


def find_clusters(places: list[Place], found: Found, grounds: Mapping[int, BaseGeometry]) -> list[tuple[float, int]]:
    """Gaps of a method without an area, as people and places: own parcels or discs of 5 m, merged where they touch."""
    unserved = [each for each in places if found.served[each.id] < 1]
    shapes = {each.id: grounds.get(each.id, each.point.buffer(5)) for each in unserved}
    merged = unary_union(list(shapes.values())) if shapes else MultiPoint()
    gaps = []
    for part in getattr(merged, "geoms", [merged]):
        inside = [each for each in unserved if part.intersects(each.point)]
        gaps.append((math.fsum(each.people * (1 - found.served[each.id]) for each in inside), len(inside)))
    return sorted(gaps, reverse=True)


@dataclass(frozen=True)
class Change:
    """Why the people served of a unit are others than before; together these are the difference."""

    came: float = 0.0
    went: float = 0.0
    changed: float = 0.0
    newly: float = 0.0
    no_longer: float = 0.0

    @property
    def difference(self) -> float:
        """People served after, less people served before."""
        return math.fsum(getattr(self, each.name) for each in fields(self))


Seen = Mapping[int, tuple[str | None, float, float]]  # place -> unit, people, share served


def compare(before: Seen, after: Seen) -> dict[str | None, Change]:
    """What changed, by unit code; losses are negative."""
    sums: dict[str | None, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if old and (not new or new[0] != old[0]):
            sums[old[0]]["went"] -= old[1] * old[2]
        if new and (not old or new[0] != old[0]):
            sums[new[0]]["came"] += new[1] * new[2]
        if old and new and old[0] == new[0]:
            sums[old[0]]["changed"] += (new[1] - old[1]) * old[2]
            share = new[2] - old[2]
            sums[old[0]]["newly" if share > 0 else "no_longer"] += share * new[1]
    return {unit: Change(**parts) for unit, parts in sums.items()}
