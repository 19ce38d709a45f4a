"""Maximal covering, greedily: the candidate that newly serves most people, again and again.

Source: Nemhauser, Wolsey and Fisher (1978), An analysis of approximations for maximizing submodular set functions I:
what is served so is at least 1 - 1/e of the best possible. Where a site takes only so many people it keeps those it
took when it was chosen, and what is served is at least half of the best possible: a site of the best choice that is not
chosen gains no more at the end than any chosen one did, and one that is chosen is full or has left nobody. Gains only
fall as sites are chosen, so that a candidate is counted again only when it comes to the front (Minoux 1978, Accelerated
greedy algorithms).
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.sites.model import Chosen, Reaches

SAME_PEOPLE = 1e-6  # gains that differ by less are equal: the candidate given first is taken


def choose(reaches: Reaches, people: NDArray[np.float64], n: int) -> Chosen:
    """The best candidates, up to `n` or until none gains. people: float64[places], those unserved before."""
    left = people.astype(np.float64, copy=True)
    alone = count_gains(reaches, left)
    queue = [(-to_step(gain), row) for row, gain in enumerate(alone)]
    heapq.heapify(queue)
    rows: list[int] = []
    gains: list[float] = []
    while queue and len(rows) < n:
        told, row = heapq.heappop(queue)
        gain = count_gain(reaches, row, left)
        now = (-to_step(gain), row)
        if now[0] == 0:
            continue
        if now != (told, row):
            heapq.heappush(queue, now)
            continue
        rows.append(row)
        gains.append(gain)
        take(reaches, row, left)
    # A full site is counted once more: the best choice may have it serve others.
    best_left = sum(heapq.nlargest(n, count_gains(reaches, left)))
    limited = reaches.capacity is not None
    bound = min(sum(gains) + best_left, sum(heapq.nlargest(n, alone)))
    return Chosen(np.array(rows, np.int64), np.array(gains, np.float64), bound, limited)


def take(reaches: Reaches, row: int, left: NDArray[np.float64]) -> None:
    """Take from `left` the people one candidate newly serves: of the nearest place first, until it is full."""
    places = get_places(reaches, row)
    room = reaches.get_room(row)
    if np.isinf(room):
        left[places] = 0.0
        return
    here = left[places]
    before = np.cumsum(here) - here
    left[places] = here - np.clip(room - before, 0.0, here)


def to_step(gain: float) -> int:
    """A gain as a whole number of the least difference that counts."""
    return round(gain / SAME_PEOPLE)


def get_places(reaches: Reaches, row: int) -> NDArray[np.int32]:
    """The places one candidate reaches."""
    return reaches.places[reaches.starts[row] : reaches.starts[row + 1]]


def count_gain(reaches: Reaches, row: int, left: NDArray[np.float64]) -> float:
    """People whom one candidate newly serves."""
    return min(float(left[get_places(reaches, row)].sum()), reaches.get_room(row))


def count_gains(reaches: Reaches, left: NDArray[np.float64]) -> list[float]:
    """People whom each candidate newly serves."""
    return [count_gain(reaches, row, left) for row in range(len(reaches))]
