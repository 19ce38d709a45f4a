"""Which facility is nearest, straight on the plan, and which pairs of place and facility lie within a distance.

Coordinates are float64[n,2], easting first, metres. Knows no service.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis_infra.analysis.coverage.methods.model import Objects

TIE_M = 1e-6  # facilities whose distances differ by less are equally far: the first one counts
SHORTEST_M = 0.001
TOGETHER = 200_000  # places whose nearest line or area is looked for in one go
MOST_PAIRS = 4_000_000  # of place and facility, looked at together

Floats = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Pairs:
    """Pairs of a place and a facility (indices, int32[k]) with the distance between them (float64[k])."""

    place: Rows
    facility: Rows
    distance: Floats

    def keep(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Pairs":
        """The chosen ones."""
        return Pairs(self.place[chosen], self.facility[chosen], self.distance[chosen])


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of each place: distance (inf where there is none) and index (-1)."""

    distance: Floats
    facility: Rows

    def improve(self, rows: NDArray[np.intp], other: "Nearest") -> None:
        """Take another answer for these rows where it is nearer, or as near and earlier."""
        here = self.distance[rows]
        with np.errstate(invalid="ignore"):
            apart = np.where(np.isinf(other.distance), np.inf, other.distance - here)
        tied = (np.abs(apart) <= TIE_M) & (other.facility < self.facility[rows])
        better = (apart < -TIE_M) | tied
        self.distance[rows[better]] = other.distance[better]
        self.facility[rows[better]] = other.facility[better]


def to_points(xy: Floats) -> Objects:
    """Coordinates as points."""
    return np.asarray(shapely.points(xy), dtype=object)


def make_nearest(count: int) -> Nearest:
    """No facility for any of so many places."""
    return Nearest(np.full(count, np.inf), np.full(count, -1, dtype=np.int32))


@dataclass(frozen=True)
class Points:
    """Facilities that are points. rows: the index of each among all facilities, rising; xy: float64[m,2]."""

    rows: Rows
    xy: Floats

    @cached_property
    def first(self) -> NDArray[np.intp]:
        """Of those in one place the first."""
        return np.unique(self.xy, axis=0, return_index=True)[1]

    @cached_property
    def tree(self) -> cKDTree:
        """All, each place once."""
        return cKDTree(self.xy[self.first])

    @cached_property
    def whole(self) -> cKDTree:
        """All of them."""
        return cKDTree(self.xy)

    def find_nearest(self, xy: Floats, limit: float = np.inf) -> Nearest:
        """The nearest of each place within `limit`; of those equally far the first."""
        among = min(2, len(self.first))
        answer = self.tree.query(xy, k=[*range(1, among + 1)], distance_upper_bound=limit, workers=-1)
        distance, found = np.asarray(answer[0]), np.asarray(answer[1])
        rows = np.append(self.rows[self.first], -1).astype(np.int32)
        facility = rows[found[:, 0]]
        if among == 2:
            tied = np.flatnonzero(np.isfinite(distance[:, 1]) & (distance[:, 1] <= distance[:, 0] + TIE_M))
            near = self.tree.query_ball_point(xy[tied], distance[tied, 0] + TIE_M)
            facility[tied] = [rows[each].min() for each in near]
        return Nearest(np.ascontiguousarray(distance[:, 0]), facility)

    def find_pairs(self, xy: Floats, limit: float) -> Pairs:
        """All pairs within `limit`."""
        # Most places of a city are near to none of a few facilities, and a tree of places is slow to make.
        near = np.flatnonzero(np.isfinite(self.find_nearest(xy, float(np.nextafter(limit, np.inf))).distance))
        found = cKDTree(xy[near]).sparse_distance_matrix(self.whole, limit, output_type="ndarray")
        return Pairs(near[found["i"]].astype(np.int32), self.rows[found["j"]], found["v"])

    def count_pairs(self, xy: Floats, limit: float) -> int:
        """How many pairs lie within `limit`."""
        return int(self.whole.query_ball_point(xy, limit, return_length=True, workers=-1).sum())


@dataclass(frozen=True)
class Shapes:
    """Facilities that are lines or areas, whose nearest part counts. rows as in Points; shapes: shapely, object[m]."""

    rows: Rows
    shapes: Objects

    @cached_property
    def tree(self) -> shapely.STRtree:
        """All of them."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def corners(self) -> cKDTree:
        """The corners of all of them."""
        return cKDTree(shapely.get_coordinates(self.shapes))

    def find_nearest(self, xy: Floats, limit: float = np.inf) -> Nearest:
        """The nearest of each place within `limit`; of those equally far the first."""
        answer = make_nearest(len(xy))
        for start in range(0, len(xy), TOGETHER):
            part = slice(start, start + TOGETHER)
            # None is farther than its nearest corner, so that few are left whose distance has to be measured.
            farthest = np.asarray(self.corners.query(xy[part], workers=-1)[0])
            pairs = self.measure_within(xy[part], np.minimum(farthest, limit) + TIE_M)
            pairs = pairs.keep(pairs.distance <= limit)
            order = np.lexsort((pairs.facility, np.rint(pairs.distance / TIE_M), pairs.place))
            places, first = np.unique(pairs.place[order], return_index=True)
            answer.distance[part][places] = pairs.distance[order[first]]
            answer.facility[part][places] = pairs.facility[order[first]]
        return answer

    def measure_within(self, xy: Floats, limits: Floats) -> Pairs:
        """All pairs within the limit of each place, float64[n]."""
        points = to_points(xy)
        place, found = self.tree.query(points, predicate="dwithin", distance=limits)
        distance = np.asarray(shapely.distance(points[place], self.shapes[found]))
        return Pairs(place.astype(np.int32), self.rows[found], distance)

    def find_pairs(self, xy: Floats, limit: float) -> Pairs:
        """All pairs within `limit`."""
        return self.measure_within(xy, np.full(len(xy), limit))

    def count_pairs(self, xy: Floats, limit: float) -> int:
        """How many pairs may lie within `limit`: their boxes do."""
        boxes = shapely.box(xy[:, 0] - limit, xy[:, 1] - limit, xy[:, 0] + limit, xy[:, 1] + limit)
        return int(self.tree.query(boxes).shape[1])


Index = Points | Shapes


def make_indexes(shapes: Objects, rows: Rows) -> list[Index]:
    """Indexes over these rows of all facilities: one of the points, one of the rest."""
    kinds = shapely.get_type_id(shapes[rows])
    points = rows[kinds == shapely.GeometryType.POINT]
    rest = rows[kinds != shapely.GeometryType.POINT]
    indexes: list[Index] = []
    if len(points):
        indexes.append(Points(points, shapely.get_coordinates(shapes[points])))
    if len(rest):
        indexes.append(Shapes(rest, shapes[rest]))
    return indexes


def split_reaches(reach: Floats) -> Iterator[Rows]:
    """Facilities in classes whose reaches differ by less than twice.

    Else, for the sake of one with a long reach, all pairs of the others would be looked at as far as it reaches.
    """
    classes = np.floor(np.log2(np.maximum(reach, SHORTEST_M)))
    for each in np.unique(classes):
        yield np.flatnonzero(classes == each).astype(np.int32)


def split_places(index: Index, xy: Floats, limit: float) -> Iterator[slice]:
    """The places in runs whose pairs within `limit` can be looked at together."""
    sample = xy[:: max(1, len(xy) // 1000)]
    pairs_each = index.count_pairs(sample, limit) / max(1, len(sample))
    step = max(1, int(MOST_PAIRS / max(pairs_each, 1.0)))
    for start in range(0, len(xy), step):
        yield slice(start, start + step)


def list_pairs(index: Index, xy: Floats, limit: float) -> Iterator[Pairs]:
    """All pairs within `limit`, in runs of places."""
    for part in split_places(index, xy, limit):
        found = index.find_pairs(xy[part], limit)
        yield Pairs((found.place + np.int32(part.start)).astype(np.int32), found.facility, found.distance)
