"""Where next: the greedy choice, and the best there is by trying all."""

from collections.abc import Mapping
from itertools import combinations

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
    """At most so many can n candidates newly serve: what is, and the n largest gains that are left."""
    known = served.union(*(reaches[each] for each in chosen))
    gains = sorted((count(reaches[each] - known, people) for each in reaches), reverse=True)
    return count(known - served, people) + sum(gains[:n])


def find_best(reaches: Reaches, people: Mapping[int, float], served: frozenset[int], n: int) -> float:
    """The most that any n candidates newly serve."""
    choices = combinations(reaches, min(n, len(reaches)))
    return max(count(frozenset().union(*(reaches[each] for each in some)) - served, people) for some in choices)


def count(places: frozenset[int] | set[int], people: Mapping[int, float]) -> float:
    """People of some places, added in order of ids so that a sum is the same each time."""
    return sum(people[each] for each in sorted(places))
