"""Clearances in which a point or an area takes part: the least distance of the outlines less the radii.

Of a left line the parts within the limit are told, of anything else there is one place.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from gis_infra.analysis.conflicts.clearance.assets import UNKNOWN, Assets
from gis_infra.analysis.conflicts.clearance.exempting import draw_each
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.pieces import INSIDE, Asked, Pieces, find_gap, to_side
from gis_infra.analysis.conflicts.clearance.segments import Segments
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Objects, Places, spread

QUARTER = 64  # segments of a quarter of a circle about what stands within the limit
DECIMALS = 6  # of metres: what differs by less is as near
NOWHERE = -1


@dataclass(frozen=True)
class Parts(Columns):
    """Straight parts of left lines within the limit, and left assets that are none, whole; each with the right asset.

    segment: of the left line, NOWHERE where it is no line. here, there: the nearest places.
    """

    asked: Places
    segment: Places
    part: Objects
    right: Objects


def measure_plain(assets: Assets, segments: Segments, pairs: Pairs, asked: Asked, rows: Places) -> Pieces:
    """The pieces within the limits. rows: of what is asked, those of pairs that are not two lines."""
    parts = list_parts(assets, segments, pairs, asked, rows)
    here, at_m = find_nearest(segments, parts)
    there = shapely.get_point(shapely.shortest_line(here, parts.right), 1)
    off_m = shapely.distance(here, parts.right)
    pair = asked.pair[parts.asked]
    plan_m = off_m - pairs.radii_m[pair]
    gap_m = find_gaps(assets, segments, pairs, (asked, parts), (at_m, there))
    spatial = asked.is_spatial[parts.asked]
    space_m = np.sqrt(np.maximum(plan_m, 0) ** 2 + np.maximum(gap_m, 0) ** 2)
    is_area = (assets.dimension[pairs.left[pair]] == 2) | (assets.dimension[pairs.right[pair]] == 2)
    x, y = (shapely.get_coordinates(here) + shapely.get_coordinates(there)).T / 2
    start_m = take_or_nan(segments.start_m, parts.segment)
    begin_m, end_m = (locate(segments, parts.segment, shapely.get_point(to_line(parts), end)) for end in (0, -1))
    return Pieces(
        asked=parts.asked,
        left=parts.segment,
        right=np.arange(len(parts)),
        facing=np.full(len(parts), NOWHERE),
        from_m=start_m + np.minimum(begin_m, end_m),
        to_m=start_m + np.maximum(begin_m, end_m),
        at_m=start_m + at_m,
        plan_m=plan_m,
        measured_m=np.where(spatial, space_m, plan_m),
        gap_m=gap_m,
        side=np.where(
            is_area & (off_m == 0), INSIDE, to_side(find_across(segments, parts.segment, here, there))
        ).astype(np.int8),
        x=x,
        y=y,
    )


def list_parts(assets: Assets, segments: Segments, pairs: Pairs, asked: Asked, rows: Places) -> Parts:
    """The parts of left assets that are within the limit."""
    left, right = (shapes[places] for shapes, places in (
        draw_each(assets, side[asked.pair[rows]]) for side in (pairs.left, pairs.right)))  # fmt: skip
    near = shapely.distance(left, right) < asked.limit_m[rows]
    rows, left, right = rows[near], left[near], right[near]
    is_line = assets.dimension[pairs.left[asked.pair[rows]]] == 1
    whole = Parts(rows[~is_line], np.full(np.count_nonzero(~is_line), NOWHERE), left[~is_line], right[~is_line])
    return Parts.join([whole, cut_lines(segments, pairs, asked, rows[is_line], right[is_line])])


def cut_lines(segments: Segments, pairs: Pairs, asked: Asked, rows: Places, right: Objects) -> Parts:
    """The straight parts of left lines within the limit. rows: of what is asked, each with its right asset."""
    areas = shapely.buffer(right, asked.limit_m[rows], quad_segs=QUARTER)
    line = pairs.left[asked.pair[rows]]
    begins = np.searchsorted(segments.asset, line)
    owners, places = spread(np.searchsorted(segments.asset, line, side="right") - begins)
    segment = begins[owners] + places
    near = meet_boxes(segments, segment, shapely.bounds(areas)[owners])
    owners, segment = owners[near], segment[near]
    ends = np.stack(
        [segments.x[segment], segments.y[segment], segments.end_x[segment], segments.end_y[segment]], axis=1
    )
    cut = shapely.intersection(shapely.linestrings(ends.reshape(-1, 2, 2)), areas[owners])
    part, at = shapely.get_parts(cut, return_index=True)
    straight = (shapely.get_dimensions(part) == 1) & ~shapely.is_empty(part)
    part, at = part[straight], at[straight]
    return Parts(rows[owners[at]], segment[at], part, right[owners[at]])


def meet_boxes(segments: Segments, rows: Places, boxes: Numbers) -> Marks:
    """True for segments whose boxes meet others."""
    west, south, east, north = boxes.T
    meet: Marks = (np.minimum(segments.x[rows], segments.end_x[rows]) <= east) & (
        np.maximum(segments.x[rows], segments.end_x[rows]) >= west
    )
    meet &= (np.minimum(segments.y[rows], segments.end_y[rows]) <= north) & (
        np.maximum(segments.y[rows], segments.end_y[rows]) >= south
    )
    return meet


def find_nearest(segments: Segments, parts: Parts) -> tuple[Objects, Numbers]:
    """The nearest place of each part, of several the first along the line, and metres along its segment (nan: none)."""
    best = shapely.get_point(shapely.shortest_line(parts.part, parts.right), 0)
    best_at, best_m = locate(segments, parts.segment, best), np.round(shapely.distance(best, parts.right), DECIMALS)
    lines = np.flatnonzero(parts.segment >= 0)
    drawn = parts.part[lines]
    for spot in (find_entry(segments, parts.take(lines)), shapely.get_point(drawn, 0), shapely.get_point(drawn, -1)):
        at = locate(segments, parts.segment[lines], spot)
        off_m = np.round(shapely.distance(spot, parts.right[lines]), DECIMALS)
        better = (off_m < best_m[lines]) | ((off_m == best_m[lines]) & (at < best_at[lines]))
        rows = lines[better]
        best[rows], best_at[rows], best_m[rows] = spot[better], at[better], off_m[better]
    return best, best_at


def find_entry(segments: Segments, parts: Parts) -> Objects:
    """Where each part comes upon the right asset first, None where they do not meet."""
    met = shapely.intersection(parts.part, parts.right)
    starts = shapely.points(segments.x[parts.segment], segments.y[parts.segment])
    entry: Objects = shapely.get_point(shapely.shortest_line(met, starts), 0)
    return entry


def locate(segments: Segments, rows: Places, places: Objects) -> Numbers:
    """Metres along segments of places on them, nan of what is none."""
    x, y = shapely.get_x(places), shapely.get_y(places)
    along_x, along_y = take_or_nan(segments.along_x, rows), take_or_nan(segments.along_y, rows)
    return (x - take_or_nan(segments.x, rows)) * along_x + (y - take_or_nan(segments.y, rows)) * along_y


def find_across(segments: Segments, rows: Places, here: Objects, there: Objects) -> Numbers:
    """How far to the left of segments a place lies from another, nan where there is no segment."""
    ahead_x, ahead_y = shapely.get_x(there) - shapely.get_x(here), shapely.get_y(there) - shapely.get_y(here)
    return ahead_y * take_or_nan(segments.along_x, rows) - ahead_x * take_or_nan(segments.along_y, rows)


def take_or_nan(values: Numbers, rows: Places) -> Numbers:
    """The values of rows, nan where there is no row."""
    found = np.full(len(rows), np.nan)
    found[rows >= 0] = values[rows[rows >= 0]]
    return found


def to_line(parts: Parts) -> Objects:
    """The parts that are lines, None of others."""
    lines = parts.part.copy()
    lines[parts.segment < 0] = None
    return lines


def find_gaps(
    assets: Assets, segments: Segments, pairs: Pairs, what: tuple[Asked, Parts], where: tuple[Numbers, Objects]
) -> Numbers:
    """The gap in height of each part at its worst place where a rule asks in space; nan where not known, or not asked.

    where: metres along the left segment, and the place of the right asset.
    """
    (asked, parts), (at_m, there) = what, where
    gaps = np.full(len(parts), np.nan)
    pair = asked.pair[parts.asked]
    left, right = pairs.left[pair], pairs.right[pair]
    comparable = (assets.frame[left] != UNKNOWN) & (assets.frame[left] == assets.frame[right])
    rows = np.flatnonzero(asked.is_spatial[parts.asked] & comparable)
    if not len(rows):
        return gaps
    left, right, segment = left[rows], right[rows], parts.segment[rows]
    start, end = take_or_nan(segments.ref_start, segment), take_or_nan(segments.ref_end, segment)
    share = at_m[rows] / take_or_nan(segments.length_m, segment)
    ours = np.where(segment >= 0, start + (end - start) * share, find_reference(assets, left))
    higher = ours - find_reference_at(assets, right, there[rows])
    over = assets.bottom_over[left] - assets.top_over[right]
    under = assets.bottom_over[right] - assets.top_over[left]
    gaps[rows] = find_gap(higher + over, under - higher)
    return gaps


def find_reference(assets: Assets, rows: Places) -> Numbers:
    """The reference heights of points and areas; nan of areas whose vertices tell them."""
    z = np.where(assets.dimension[rows] == 0, assets.vertices[assets.first[rows], 2], np.nan)
    return np.where(assets.by_z[rows], z, 0.0) + assets.ref_up[rows]


def find_reference_at(assets: Assets, rows: Places, places: Objects) -> Numbers:
    """The reference heights of assets at places; lines have one for each place along them."""
    heights = find_reference(assets, rows)
    for at in np.flatnonzero(assets.dimension[rows] == 1).tolist():
        row = rows[at]
        vertices = assets.vertices[assets.first[row] : assets.first[row + 1]]
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(vertices[:, :2], axis=0).T))])
        metres = shapely.line_locate_point(shapely.linestrings(vertices[:, :2]), places[at])
        if assets.by_z[row]:
            heights[at] = np.interp(metres, along, vertices[:, 2]) + assets.ref_up[row]
        else:
            share = metres / along[-1] if along[-1] else 0.0
            heights[at] = assets.ref_up[row] + (assets.ref_down[row] - assets.ref_up[row]) * share
    return heights
