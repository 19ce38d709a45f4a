"""Where next: the greedy choice, and the best there is by trying all, without and with a limit of people."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import networkx

Reaches = Mapping[int, frozenset[int]]  # candidate, in the order given -> places it reaches


def choose(reaches: Reaches, people: Mapping[int, float], served: frozenset[int], n: int) -> list[tuple[int, float]]:
    """Candidates in the order they are chosen, each with the people it newly serves."""
    known, chosen = set(served), []
    for _ in range(n):
        gains = {each: count(reaches[each] - known, people) for each in reaches}
        best = max(gains, key=lambda each: gains[each], default=None)  # of equals the first
        if best is None or gains[best] <= 0:
            break
        chosen.append((best, gains[best]))
        known |= reaches[best]
    return chosen


def bound(reaches: Reaches, people: Mapping[int, float], served: frozenset[int], chosen: list[int], n: int) -> float:
    """At most so many can n newly serve: what is, and the n largest gains left, or the n largest at first."""
    first = sorted((count(reaches[each] - served, people) for each in reaches), reverse=True)
    known = served.union(*(reaches[each] for each in chosen))
    gains = sorted((count(reaches[each] - known, people) for each in reaches), reverse=True)
    return min(count(known - served, people) + sum(gains[:n]), sum(first[:n]))


def find_best(reaches: Reaches, people: Mapping[int, float], served: frozenset[int], n: int) -> float:
    """The most that any n candidates newly serve."""
    choices = combinations(reaches, min(n, len(reaches)))
    return max(count(frozenset().union(*(reaches[each] for each in some)) - served, people) for some in choices)


def count(places: frozenset[int] | set[int], people: Mapping[int, float]) -> float:
    """People of some places, added in order of ids so that a sum is the same each time."""
    return sum(people[each] for each in sorted(places))


Nearest = Mapping[int, Sequence[int]]  # candidate, in the order given -> places it reaches, the nearest first


def choose_limited(
    reaches: Nearest, people: Mapping[int, float], room: Mapping[int, float], n: int
) -> list[tuple[int, float]]:
    """As `choose`, where each takes only so many people: of the nearest place first, and keeps whom it has."""
    left, chosen = dict(people), []
    for _ in range(n):
        free = [each for each in reaches if each not in dict(chosen)]
        gains = {each: min(room[each], sum(left[place] for place in reaches[each])) for each in free}
        best = max(gains, key=lambda each: gains[each], default=None)
        if best is None or gains[best] <= 0:
            break
        chosen.append((best, gains[best]))
        takes = room[best]
        for place in reaches[best]:
            taken = min(takes, left[place])
            left[place], takes = left[place] - taken, takes - taken
    return chosen


def find_best_limited(reaches: Nearest, people: Mapping[int, int], room: Mapping[int, float], n: int) -> float:
    """The most people that any n candidates can take, whoever goes where. people: whole numbers."""
    return max(carry({each: reaches[each] for each in some}, people, room)
               for some in combinations(reaches, min(n, len(reaches))))  # fmt: skip


def carry(reaches: Nearest, people: Mapping[int, int], room: Mapping[int, float]) -> float:
    """The most people that all of some candidates can take together: the greatest flow from places to them."""
    flow = networkx.DiGraph()
    flow.add_nodes_from(["homes", "sites"])
    for each, places in reaches.items():
        for place in places:
            flow.add_edge("homes", ("place", place), capacity=people[place])
            flow.add_edge(("place", place), ("site", each), capacity=people[place])
        flow.add_edge(("site", each), "sites", capacity=min(room[each], sum(people.values())))
    return float(networkx.maximum_flow_value(flow, "homes", "sites"))
