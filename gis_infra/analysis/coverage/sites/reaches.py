"""Which of the places that are left each candidate reaches, by the method of the service."""

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.sparse import coo_array

from gis_infra.analysis.coverage.methods.capacity import to_steps
from gis_infra.analysis.coverage.methods.facilities import get_reach
from gis_infra.analysis.coverage.methods.model import Ground
from gis_infra.analysis.coverage.methods.nearest import Floats, Pairs, list_pairs, make_indexes
from gis_infra.analysis.coverage.methods.sector import make_all_round, make_scene, require_sector
from gis_infra.analysis.coverage.methods.seeing import list_seen
from gis_infra.analysis.coverage.methods.streets import measure_sites
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.sites.model import Candidates, Reaches
from gis_infra.analysis.coverage.standards.model import Service
from gis_infra.analysis.rules.model import TOLERANCE_M
from gis_infra.errors import InvalidParameter

MOST_PAIRS = 60_000_000  # of candidate and place: half a gigabyte
LIMITED = ("straight_line", "streets")  # methods whose facilities may take only so many people


def find_reaches(ground: Ground, service: Service, candidates: Candidates, places: Places) -> Reaches:
    """Which places each candidate reaches. Raises InvalidParameter for a method whose facilities have no reach."""
    reach = get_reach(service)
    if reach is None or service.method not in ("straight_line", "streets", "sector"):
        message = f"{service.id} is measured by {service.method}, which knows no reach that a new site would have"
        raise InvalidParameter(message, where="sites")
    found = list_reached(ground, service, (candidates, reach), places)
    if service.method not in LIMITED or np.isnan(candidates.capacity).all():
        return gather(found, len(candidates), len(places))
    return gather_nearest_first(found, candidates.capacity)


def list_reached(
    ground: Ground, service: Service, thought_of: tuple[Candidates, float], places: Places
) -> Iterable[Pairs]:
    """All pairs of place and candidate within reach of each other, in runs. thought_of: candidates and their reach."""
    candidates, reach = thought_of
    if service.method == "streets":
        found = measure_sites(ground, service, candidates.shapes, np.full(len(candidates), reach), places)
        return [Pairs(found.place, found.facility, found.distance)]
    if service.method == "straight_line":
        return list_straight(candidates, places.xy, reach)
    sector = require_sector(service)
    eyes = make_all_round(sector, candidates.shapes, reach)
    return list_seen(make_scene(ground, sector, eyes, places)[0])


def list_straight(candidates: Candidates, xy: Floats, reach_m: float) -> Iterator[Pairs]:
    """All pairs of place and candidate that lie within reach of each other, straight on the plan, in runs."""
    for index in make_indexes(candidates.shapes, np.arange(len(candidates), dtype=np.int32)):
        yield from list_pairs(index, xy, reach_m + TOLERANCE_M)


def gather(found: Iterable[Pairs], candidates: int, places: int) -> Reaches:
    """Pairs by candidate. Raises InvalidParameter for more than memory should hold."""
    rows, columns = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for pairs in require_few(found):
        rows.append(pairs.facility)
        columns.append(pairs.place)
    where = (np.concatenate(rows), np.concatenate(columns))
    table = coo_array((np.ones(len(where[0]), np.int8), where), shape=(candidates, places)).tocsr()
    table.sort_indices()
    return Reaches(table.indptr.astype(np.int64), table.indices.astype(np.int32))


def gather_nearest_first(found: Iterable[Pairs], capacity: Floats) -> Reaches:
    """Pairs by candidate, of each the nearest first, of equally near ones the smaller place. Raises as `gather`."""
    every = list(require_few(found))
    place, candidate = (np.concatenate([np.empty(0, np.int32), *(getattr(each, name) for each in every)])
                        for name in ("place", "facility"))  # fmt: skip
    distance = np.concatenate([np.empty(0), *(each.distance for each in every)])
    order = np.lexsort((place, to_steps(distance), candidate))
    starts = np.searchsorted(candidate[order], np.arange(len(capacity) + 1)).astype(np.int64)
    return Reaches(starts, place[order], capacity)


def require_few(found: Iterable[Pairs]) -> Iterator[Pairs]:
    """The pairs. Raises InvalidParameter for more than memory should hold."""
    total = 0
    for pairs in found:
        total += len(pairs.place)
        if total > MOST_PAIRS:
            message = f"the candidates reach more than {MOST_PAIRS} places in all; take fewer, or a shorter distance"
            raise InvalidParameter(message, where="sites")
        yield pairs
