"""Parts of features on the grid of a tile, and what lines and rings have in common there. Pure."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.tiles.addresses import BUFFER_UNITS, TILE_UNITS, TileAddress
from gis_infra.tiles.sheets.runs import Integers, Truths, get_starts, sum_runs, take_runs
from gis_infra.tiles.sheets.sheet import Sheet, Singles

# float32[3]: units of the tile to a width of its sheet, and the tile's corner in them, x and y.
Grid = Singles
LEAST, MOST = -BUFFER_UNITS, TILE_UNITS + BUFFER_UNITS


@dataclass(frozen=True)
class Drawing:
    """Parts of features in tile units, those of one feature behind one another.

    xy: int64[v, 2]. counts: int64[p], the vertices of each part. rows: int64[p], the feature of each part.
    """

    xy: Integers
    counts: Integers
    rows: Integers


@dataclass(frozen=True)
class Snapped:
    """Parts as the sheet has them, on the grid; rings come back to their first vertex.

    are_shells: bool[p], false for holes.
    """

    drawing: Drawing
    are_shells: Truths


def snap(sheet: Sheet, rows: Integers, address: TileAddress) -> Snapped:
    """All parts of some rows, each vertex at the nearest place of the grid."""
    shapes = sheet.shapes
    numbers = shapes.feature_starts[rows + 1] - shapes.feature_starts[rows]
    parts = take_runs(shapes.feature_starts[rows], numbers)
    counts = (shapes.part_starts[parts + 1] - shapes.part_starts[parts]).astype(np.int64)
    xy = shapes.xy[take_runs(shapes.part_starts[parts], counts)]
    grid = get_grid(sheet, address)
    xy *= grid[0]
    xy -= grid[1:]
    drawing = Drawing(np.rint(xy, out=xy).astype(np.int64), counts, np.repeat(rows, numbers))
    return Snapped(drawing, shapes.are_shells[parts])


def get_grid(sheet: Sheet, address: TileAddress) -> Grid:
    """How places of a sheet become those of a tile in it."""
    across = 1 << address.zoom - sheet.address.zoom  # tiles of the zoom in a sheet
    column, row = address.column - sheet.address.column * across, address.row - sheet.address.row * across
    return np.array((across, column, row), np.float32) * np.float32(TILE_UNITS)


def drop_repeated(drawing: Drawing) -> Drawing:
    """The same parts, no vertex of them at the place of the one before."""
    moved = np.ones(len(drawing.xy), np.bool_)
    x, y = drawing.xy[:, 0], drawing.xy[:, 1]
    moved[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    moved[get_starts(drawing.counts)] = True
    return keep_vertices(drawing, moved)


def drop_straight(drawing: Drawing) -> Drawing:
    """The same parts without what lies straight between the vertex before and the one after; their ends stay."""
    step_x, step_y = np.diff(drawing.xy[:, 0]), np.diff(drawing.xy[:, 1])
    crossed = step_x[:-1] * step_y[1:] - step_y[:-1] * step_x[1:]
    forwards = step_x[:-1] * step_x[1:] + step_y[:-1] * step_y[1:]
    kept = np.ones(len(drawing.xy), np.bool_)
    kept[1:-1] = (crossed != 0) | (forwards <= 0)
    starts = get_starts(drawing.counts)
    kept[starts] = True
    kept[starts + drawing.counts - 1] = True
    return keep_vertices(drawing, kept)


def keep_vertices(drawing: Drawing, kept: Truths) -> Drawing:
    """The parts with some of their vertices; each has at least one. kept: bool[v]."""
    if kept.all():
        return drawing
    return Drawing(drawing.xy[kept], sum_runs(kept, drawing.counts), drawing.rows)


def keep_parts(drawing: Drawing, kept: Truths) -> Drawing:
    """Some of the parts. kept: bool[p]."""
    if kept.all():
        return drawing
    return Drawing(drawing.xy[np.repeat(kept, drawing.counts)], drawing.counts[kept], drawing.rows[kept])


def join(first: Drawing, second: Drawing) -> Drawing:
    """The parts of both, of different features."""
    if not len(second.counts):
        return first
    columns = zip((first.xy, first.counts, first.rows), (second.xy, second.counts, second.rows), strict=True)
    xy, counts, rows = (np.concatenate(pair) for pair in columns)
    return Drawing(xy, counts, rows)


def to_drawing(geometries: NDArray[np.object_], rows: Integers) -> Drawing:
    """Lines or rings of Shapely as parts. rows: int64[p], the feature of each."""
    xy, places = shapely.get_coordinates(geometries, return_index=True)
    counts = np.bincount(places, minlength=len(geometries)).astype(np.int64)
    return Drawing(np.rint(xy).astype(np.int64), counts, rows)


def to_places(counts: Integers) -> Integers:
    """The part of each vertex, int64[v]. counts: int64[p], the vertices of each part."""
    return np.repeat(np.arange(len(counts)), counts)
