"""Straight lines: a place is served when any facility lies within its own reach of it. Meaning: docs/coverage.md."""

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods import areas, capacity, rings
from gis_infra.analysis.coverage.methods.facilities import require_reach
from gis_infra.analysis.coverage.methods.model import Facilities, Ground, Objects, Reached
from gis_infra.analysis.coverage.methods.nearest import (
    Floats,
    Index,
    Nearest,
    Pairs,
    list_pairs,
    make_indexes,
    make_nearest,
    split_reaches,
)
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.standards.model import Service
from gis_infra.analysis.rules.model import TOLERANCE_M


def reach_straight(ground: Ground, service: Service, facilities: Facilities, places: Places) -> Reached:
    """Whom the facilities reach straight on the plan; distances in metres.

    Areal places are served by the share of their area; where facilities take only so many people, in their point.
    Raises InvalidParameter for a service without a distance.
    """
    require_reach(service, facilities)
    nearest, served = find_reaching(facilities.shapes, facilities.reach, places.xy)
    distance = np.where(nearest.facility < 0, np.nan, nearest.distance)
    area = areas.draw_reach(facilities.shapes, facilities.reach)
    share = served.astype(np.float64)
    limited = bool(np.isfinite(facilities.capacity).any())
    if places.areal and places.shapes is not None and not limited:
        share = areas.share_areas(places.shapes, area)
    reached = Reached(distance, nearest.facility, share, area, np.zeros(len(places)))
    if not limited:
        return reached
    return capacity.fill(reached, places.people, rings.assign_straight(facilities, places))


def find_reaching(shapes: Objects, reach: Floats, xy: Floats) -> tuple[Nearest, NDArray[np.bool_]]:
    """The nearest facility of each place among those that reach it, else of all, and whether one reaches it.

    shapes, reach: of the facilities, metres. xy: float64[n,2]. Of facilities equally far the first.
    """
    nearest = make_nearest(len(xy))
    served = np.zeros(len(xy), dtype=np.bool_)
    if len(shapes) == 0 or len(xy) == 0:
        return nearest, served
    everything = np.arange(len(xy))
    for index in make_indexes(shapes, np.arange(len(shapes), dtype=np.int32)):
        nearest.improve(everything, index.find_nearest(xy))
    served = nearest.distance <= reach[nearest.facility] + TOLERANCE_M
    # The nearest one may reach less far than one behind it.
    rest = np.flatnonzero(~served & (nearest.distance <= reach.max() + TOLERANCE_M))
    farther = find_farther(shapes, reach, xy[rest])
    found = farther.facility >= 0
    nearest.distance[rest[found]] = farther.distance[found]
    nearest.facility[rest[found]] = farther.facility[found]
    served[rest[found]] = True
    return nearest, served


def find_farther(shapes: Objects, reach: Floats, xy: Floats) -> Nearest:
    """The nearest facility of each place among those that reach it."""
    best = make_nearest(len(xy))
    if len(xy) == 0:
        return best
    everything = np.arange(len(xy))
    for rows in split_reaches(reach):
        for index in make_indexes(shapes, rows):
            best.improve(everything, find_in_class(index, reach, xy, float(reach[rows].max())))
    return best


def find_in_class(index: Index, reach: Floats, xy: Floats, longest: float) -> Nearest:
    """The nearest facility of each place among those of `index` that reach it; `longest`: the longest reach of them."""
    limit = float(np.nextafter(longest + TOLERANCE_M, np.inf))
    nearest = index.find_nearest(xy, limit)
    near = np.flatnonzero(nearest.facility >= 0)
    short = near[nearest.distance[near] > reach[nearest.facility[near]] + TOLERANCE_M]
    nearest.distance[short], nearest.facility[short] = np.inf, -1
    for pairs in list_pairs(index, xy[short], limit):
        reaching = pairs.keep(pairs.distance <= reach[pairs.facility] + TOLERANCE_M)
        take_first(nearest, short, reaching)
    return nearest


def take_first(nearest: Nearest, rows: NDArray[np.intp], pairs: Pairs) -> None:
    """Give each of `rows`, which the places of the pairs count, the nearest facility of its pairs."""
    order = np.lexsort((pairs.facility, capacity.to_steps(pairs.distance), pairs.place))
    places, first = np.unique(pairs.place[order], return_index=True)
    chosen = order[first]
    nearest.distance[rows[places]] = pairs.distance[chosen]
    nearest.facility[rows[places]] = pairs.facility[chosen]
