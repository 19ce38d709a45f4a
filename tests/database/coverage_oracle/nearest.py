"""Places and facilities paired by a distance, whichever way it is measured, with and without a limit of people."""

from collections.abc import Iterable, Mapping

from tests.database.coverage_oracle.values import MILLIMETRE, Facility, Found, Place

Distances = Mapping[tuple[int, int], float]  # (place, facility) -> distance; no way, no entry


def measure_straight(places: Iterable[Place], facilities: Iterable[Facility]) -> dict[tuple[int, int], float]:
    """Straight distances of every place to every facility."""
    return {(place.id, each.id): place.point.distance(each.shape) for place in places for each in facilities}


def serve(places: list[Place], facilities: list[Facility], distances: Distances, drawn: int = 0) -> Found:
    """Who is reached: by the nearest of the facilities that reach the place, else it is told how far the nearest is.

    drawn: how many facilities at the end of the list are drawn ones, which come after all others where two are equal.
    """
    order = rank(facilities, drawn)
    served: dict[int, float] = {}
    distance: dict[int, float | None] = {}
    facility: dict[int, int | None] = {}
    for place in places:
        ways = [(distances[place.id, each.id], order[each.id], each) for each in facilities
                if (place.id, each.id) in distances]  # fmt: skip
        reaching = [way for way in ways if way[0] <= way[2].reach + MILLIMETRE]
        best = min(reaching or ways, default=None, key=lambda way: way[:2])
        served[place.id] = 1.0 if reaching else 0.0
        distance[place.id] = best[0] if best else None
        facility[place.id] = best[2].id if best else None
    return Found(served, distance, facility)


def assign(places: list[Place], facilities: list[Facility], distances: Distances, drawn: int = 0) -> Found:
    """Who is served where facilities take only so many: pair by pair, nearest first.

    A place's facility and distance are those of the nearest it goes to; if it goes to none, as without a limit.
    """
    nearest = serve(places, facilities, distances, drawn)
    distance, facility = dict(nearest.distance), dict(nearest.facility)
    order = rank(facilities, drawn)
    people = {place.id: place.people for place in places}
    left = dict(people)
    room = {each.id: float("inf") if each.capacity is None else each.capacity for each in facilities}
    reach = {each.id: each.reach for each in facilities}
    pairs = [(metres, place, order[each], each) for (place, each), metres in distances.items()
             if metres <= reach[each] + MILLIMETRE]  # fmt: skip
    for metres, place, _, each in sorted(pairs):
        taken = min(left[place], room[each])
        if taken > 0 and left[place] == people[place]:
            distance[place], facility[place] = metres, each
        left[place] -= taken
        room[each] -= taken
    within = {place for _, place, _, _ in pairs}
    served = {each: (people[each] - left[each]) / people[each] if people[each] else nearest.served[each]
              for each in people}  # fmt: skip
    return Found(served, distance, facility, sum(left[each] for each in sorted(within)))


def rank(facilities: list[Facility], drawn: int) -> dict[int, tuple[bool, int]]:
    """What comes first of two facilities that are equally near: by id, drawn ones last as they were given."""
    kept = len(facilities) - drawn
    return {each.id: (index >= kept, index if index >= kept else each.id) for index, each in enumerate(facilities)}
