"""Streets for tests: drawn by their corners, and measured in one call."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from gis_infra.analysis.coverage.standards.model import StreetProfile
from gis_infra.analysis.coverage.streets.building import build_graph
from gis_infra.analysis.coverage.streets.measuring import measure_reached
from gis_infra.analysis.coverage.streets.model import Barriers, Graph, Pace, StreetLines, no_barriers
from gis_infra.analysis.coverage.streets.pairs import measure_each
from gis_infra.analysis.coverage.streets.reaching import reach_area
from gis_infra.analysis.coverage.streets.snapping import snap_shapes
from gis_infra.catalogue.definitions import Title

SNAP_M = 50.0


def to_column(values):
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def make_profile(**values):
    """On foot everywhere, but the right way along one-way streets."""
    plain = {"excluded": frozenset(), "one_way": True, "speeds_kmh": {}, "other_kmh": 6.0}
    return StreetProfile("test", Title("thử", "test"), **(plain | values))


def draw(*lines, one_way=(), classes=None):
    """Streets of ids 1, 2, ... by their corners; one_way: the ids of those that are."""
    shapes = to_column([shapely.LineString(each) for each in lines])
    ids = np.arange(1, len(lines) + 1)
    return StreetLines(ids, shapes, to_column(classes or [None] * len(lines)), np.isin(ids, one_way))


def bar(*shapes, cuts=False):
    """Barriers that no way crosses, or, with `cuts`, no street."""
    return Barriers(to_column(shapes), np.full(len(shapes), cuts))


@dataclass
class Quarter:
    """Streets and what stands between them."""

    lines: StreetLines
    barriers: Barriers = field(default_factory=no_barriers)
    pace: Pace = field(default_factory=lambda: Pace(make_profile()))
    join_m: float = 0.5
    snap_m: float = SNAP_M

    @property
    def graph(self) -> Graph:
        return build_graph(self.lines, self.barriers, self.pace, self.join_m)

    def snap(self, shapes):
        given = [each if hasattr(each, "geom_type") else shapely.Point(each) for each in shapes]
        return snap_shapes(self.graph, self.barriers, to_column(given), self.snap_m)

    def measure(self, facilities, places, reach=np.inf, direction="from"):
        """Distance (inf for none), facility and whether it is served, a row for each place."""
        reaches = np.broadcast_to(np.asarray(reach, dtype=float), len(facilities))
        starts, ends = self.snap(facilities), self.snap(places)
        nearest, served = measure_reached(self.graph, starts, ends, reaches, direction)
        return list(zip(nearest.distance.tolist(), nearest.facility.tolist(), served.tolist(), strict=True))

    def tell(self, facility, place, direction="from"):
        """How far one place is from one facility."""
        return self.measure([facility], [place], direction=direction)[0][0]

    def list_pairs(self, facilities, places, reach, direction="from"):
        """(facility, place) -> distance of all pairs within reach."""
        starts, ends = self.snap(facilities), self.snap(places)
        reaches = np.broadcast_to(np.asarray(reach, dtype=float), len(facilities))
        pairs = measure_each(self.graph, starts, ends, reaches, direction)
        return dict(zip(zip(pairs.facility.tolist(), pairs.place.tolist(), strict=True), pairs.distance, strict=True))

    def draw_area(self, facilities, reach, direction="from"):
        """The area within reach."""
        reaches = np.broadcast_to(np.asarray(reach, dtype=float), len(facilities))
        return reach_area(self.graph, self.barriers, self.snap(facilities), reaches, self.snap_m, direction)
