"""Gaps: the connected parts of each unit that a service does not reach, by the people in them who are not served.

Shapes are shapely areas in the city's CRS, metres. Nobody is lost: each unserved person of a unit stands in one of its
gaps. Meaning: docs/coverage.md, Gaps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.coverage.places.model import Places, UnitSet
from gis_infra.analysis.coverage.runs.figures import Served
from gis_infra.analysis.coverage.runs.locating import find_holding

SMALLEST_M2 = 1.0
DISC_M = 5.0
QUARTER = 8  # segments in a quarter of a disc
# Told by `found`: nothing is less than that, sums leave as much.
NOBODY = 1e-12
AREA = 3  # what shapely calls a polygon

Objects = NDArray[Any]
Column = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A gap before it has a rank. unit: row of the units."""

    unit: int
    shape: BaseGeometry
    people: float
    places: float


@dataclass(frozen=True)
class Missed:
    """Rows of places that are not wholly served, in one unit: their points, areas (None for points), people, places."""

    xy: Column
    shapes: Objects | None
    people: Column
    places: Column

    def __len__(self) -> int:
        return len(self.people)


def find_parts(units: UnitSet, area: BaseGeometry) -> list[Objects]:
    """By unit: the connected parts of it that lie outside of an area."""
    pieces = shapely.get_parts(area)
    tree = shapely.STRtree(pieces)
    found = []
    for unit in units.shapes:
        near = tree.query(unit, predicate="intersects")
        left = shapely.difference(unit, shapely.multipolygons(pieces[np.sort(near)])) if len(near) else unit
        parts = shapely.get_parts(left)
        # Of nothing left there is one part without points.
        found.append(parts[(shapely.get_type_id(parts) == AREA) & ~shapely.is_empty(parts)])
    return found


def rank(units: UnitSet, parts: list[Part]) -> list[Part]:
    """Gaps, the worst first; slivers without a place are left out."""
    kept = [each for each in parts if each.places > NOBODY or each.shape.area >= SMALLEST_M2]
    return sorted(kept, key=lambda each: (-each.people, -each.places, -each.shape.area, units.codes[each.unit]))


def find_gaps(units: UnitSet, places: Places, found: Served, outside: list[Objects]) -> list[Part]:
    """The gaps of a method that knows its area. outside: by unit, as `find_parts` gave them."""
    gaps = []
    for unit, missed in list_missed(units, places, found):
        parts = add_discs(outside[unit], missed)
        people, count = spread_out(missed, parts)
        gaps += [Part(unit, *each) for each in zip(parts, people, count, strict=True)]
    return rank(units, gaps)


def add_discs(parts: Objects, missed: Missed) -> Objects:
    """The parts of a unit out of reach, and a disc around who is not served where all lies within reach.

    There facilities are full, or no way leads; of an area that is not served in part, its point.
    """
    points = missed.xy if missed.shapes is None else missed.xy[:0]
    if missed.shapes is not None and len(parts) == 0:
        points = missed.xy
    if len(parts) and len(points):
        near, _ = shapely.STRtree(parts).query(shapely.points(points), predicate="dwithin", distance=DISC_M)
        points = np.delete(points, near, axis=0)
    return np.concatenate([parts, merge_touching(draw_discs(points))]) if len(points) else parts


def find_gaps_of_places(units: UnitSet, places: Places, found: Served, draw: Callable[[Column], Objects]) -> list[Part]:
    """The gaps of a method without an area. draw: the shapes around unserved points, float64[k,2]."""
    gaps = []
    for unit, missed in list_missed(units, places, found):
        if len(missed):
            parts = merge_touching(draw(missed.xy) if missed.shapes is None else missed.shapes)
            people, count = spread_out(missed, parts)
            gaps += [Part(unit, *each) for each in zip(parts, people, count, strict=True)]
    return rank(units, gaps)


def list_missed(units: UnitSet, places: Places, found: Served) -> list[tuple[int, Missed]]:
    """Each unit with what of its places is not served."""
    rows = np.flatnonzero(found.served < 1.0)
    rows = rows[np.argsort(found.group[rows], kind="stable")]
    edges = np.searchsorted(found.group[rows], np.arange(1, len(units) + 2))
    missing = 1.0 - found.served
    listed = []
    for unit in range(len(units)):
        own = rows[edges[unit] : edges[unit + 1]]
        shapes = places.shapes[own] if places.areal and places.shapes is not None else None
        part = Missed(places.xy[own], shapes, (found.people * missing)[own], (found.weight * missing)[own])
        listed.append((unit, part))
    return listed


def spread_out(missed: Missed, parts: Objects) -> tuple[Column, Column]:
    """(people, places) of each part: a point counts for the nearest part, an area for those it lies in, by area."""
    people, count = np.zeros(len(parts)), np.zeros(len(parts))
    if len(missed) == 0 or len(parts) == 0:
        return people, count
    if missed.shapes is not None:
        row, part, share = share_out(missed.shapes, parts)
    else:
        row, part = np.arange(len(missed)), find_nearest(missed.xy, parts)
        share = np.ones(len(row))
    np.add.at(people, part, missed.people[row] * share)
    np.add.at(count, part, missed.places[row] * share)
    return people, count


def share_out(shapes: Objects, parts: Objects) -> tuple[NDArray[np.intp], NDArray[np.intp], Column]:
    """(row, part, share): how each area lies over the parts; one that lies over none counts for the nearest."""
    row, part = shapely.STRtree(parts).query(shapes, predicate="intersects")
    inside = shapely.area(shapely.intersection(shapes[row], parts[part]))
    whole = np.bincount(row, weights=inside, minlength=len(shapes))
    share = inside / np.where(whole > 0, whole, 1.0)[row]
    lost = np.flatnonzero(whole <= 0)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes[lost]))
    kept = whole[row] > 0
    return (
        np.concatenate([row[kept], lost]),
        np.concatenate([part[kept], find_nearest(points, parts)]),
        np.concatenate([share[kept], np.ones(len(lost))]),
    )


def find_nearest(xy: Column, parts: Objects) -> NDArray[np.intp]:
    """intp[k]: the part that holds each point, else the nearest; of several the first."""
    nearest = find_holding(xy, parts).astype(np.intp)
    left = np.flatnonzero(nearest < 0)
    if len(left):
        row, part = shapely.STRtree(parts).query_nearest(shapely.points(xy[left]), all_matches=True)
        # Of several the first: they come in any order.
        nearest[left] = len(parts)
        np.minimum.at(nearest, left[row], part)
    return nearest


def draw_discs(xy: Column) -> Objects:
    """Discs of 5 m around points."""
    return np.asarray(shapely.buffer(shapely.points(xy), DISC_M, quad_segs=QUARTER), dtype=object)


def merge_touching(shapes: Objects) -> Objects:
    """The shapes, those that touch made one, in the order of the first of each."""
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(shapes), len(shapes)))
    number, member = connected_components(links, directed=False)
    _, first = np.unique(member, return_index=True)
    merged = np.empty(number, dtype=object)
    merged[:] = shapes[first]
    order = np.argsort(member, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(member[order])) + 1):
        if len(rows) > 1:
            merged[member[rows[0]]] = shapely.union_all(shapes[rows])
    return merged[np.argsort(first)]
