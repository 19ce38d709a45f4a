"""The short way: points and lines that need nothing but moving, read from and written to bytes as whole columns.

No object is made for a shape, which takes most of the time otherwise. Only rows in which nothing at all is remarkable
are taken; whatever has to be judged, mended or told is left to the long way, so that there is one place for each rule.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gis_infra.features.shapes import headers
from gis_infra.features.shapes.headers import Bytes, Column, Integers
from gis_infra.features.shapes.heights import are_false
from gis_infra.features.shapes.mending import SHORTEST_M, are_repeated
from gis_infra.features.shapes.moving import FARTHEST_M, Box, move_coordinates
from gis_infra.features.shapes.places import Places
from gis_infra.features.shapes.shaping import Floats, Mask

POINT, LINE = 1, 2
SINGLE = {"Point": POINT, "LineString": LINE}  # the layers' types that go this way
SEVERAL = 3  # what a type of several has more than that of one
HEAD, COUNT = headers.HEAD, 4  # bytes before the vertices: order and type, and for lines how many there are


@dataclass(frozen=True)
class Task:
    """What shapes must become; as in `shapes.Frame`."""

    wanted: str
    srid: int
    extent: Box | None
    places: Places


@dataclass(frozen=True)
class Runs:
    """Points or lines as their vertices one after the other.

    rows: of which row each is. coordinates: a vertex a row, of two columns or three; counts: vertices of each.
    """

    rows: Integers
    coordinates: Floats
    counts: Integers

    @property
    def starts(self) -> Integers:
        """The first vertex of each."""
        return np.concatenate([[0], np.cumsum(self.counts)[:-1]]).astype(np.int64)

    def select(self, wanted: Mask) -> "Runs":
        """Some of them."""
        if wanted.all():
            return self
        return Runs(self.rows[wanted], self.coordinates[np.repeat(wanted, self.counts)], self.counts[wanted])


def move(wkb: pa.Array, task: Task) -> tuple[Mask, pa.Array]:
    """Which rows went the short way, and those as EWKB in the city's CRS, in their order."""
    done = np.zeros(len(wkb), dtype=bool)
    column = headers.open_column(wkb)
    if task.wanted not in SINGLE or len(column.bytes) == 0:
        return done, pa.array([], pa.binary())
    rows: list[Integers] = []
    written: list[pa.Array] = []
    for dimensions in (2, 3):
        runs = read_runs(column, SINGLE[task.wanted], dimensions)
        if len(runs.rows):
            runs = drop_remarkable(runs)
            move_coordinates(runs.coordinates, task.places)
            runs = drop_misplaced(runs, task)
            rows.append(runs.rows)
            written.append(write_runs(runs, SINGLE[task.wanted], task.srid))
    if not rows:
        return done, pa.array([], pa.binary())
    together = np.concatenate(rows)
    done[together] = True
    ewkb = pa.concat_arrays(written)
    return done, ewkb if len(rows) == 1 else ewkb.take(pa.array(np.argsort(together)))


def read_runs(column: Column, kind: int, dimensions: int) -> Runs:
    """The shapes of a kind, or several of them that are one, with two dimensions or three and whole bytes."""
    starts, rows = find_singles(column, kind, dimensions)
    counts = np.ones(len(rows), np.int64)
    body = starts + HEAD
    if kind == LINE:
        counts = headers.read_numbers(headers.gather(column, body, COUNT)).astype(np.int64)
        body = body + COUNT
    whole = (body + counts * dimensions * 8 == column.ends[rows + 1]) & (counts >= kind)
    rows, counts, body = rows[whole], counts[whole], body[whole]
    coordinates = cut(column.bytes, body, counts * dimensions * 8).view("<f8").reshape(-1, dimensions)
    return Runs(rows, coordinates, counts)


def find_singles(column: Column, kind: int, dimensions: int) -> tuple[Integers, Integers]:
    """Where the shapes of a kind begin in the bytes, and their rows; of several that are one, the one."""
    long_enough = np.flatnonzero(column.sizes >= HEAD + COUNT)
    starts = column.starts[long_enough]
    single = is_coded(column, starts, kind, dimensions)
    several = np.flatnonzero(is_coded(column, starts, kind + SEVERAL, dimensions))
    counts = headers.read_numbers(headers.gather(column, starts[several] + HEAD, COUNT))
    lone = several[(counts == 1) & (column.sizes[long_enough[several]] >= 2 * (HEAD + COUNT))]
    starts = starts.copy()
    starts[lone] += HEAD + COUNT
    single[lone] = is_coded(column, starts[lone], kind, dimensions)
    return starts[single], long_enough[single]


def is_coded(column: Column, starts: Integers, kind: int, dimensions: int) -> Mask:
    """Whether a shape of a kind, least byte first, begins at each place."""
    head = headers.gather(column, starts, HEAD)
    codes = headers.read_numbers(head[:, 1:])
    wanted = (kind,) if dimensions == 2 else (1000 + kind, headers.HAS_Z | kind)
    found: Mask = (head[:, 0] == 1) & np.isin(codes, wanted)
    return found


def cut(content: Bytes, starts: Integers, sizes: Integers) -> Bytes:
    """The bytes of stretches that are in order and do not touch, one after the other."""
    edges = np.zeros(len(content) + 1, np.int8)
    edges[starts] = 1
    edges[starts + sizes] = -1
    chosen: Bytes = content[np.cumsum(edges[:-1], dtype=np.int8).view(bool)]
    return chosen


def drop_remarkable(runs: Runs) -> Runs:
    """Those without a coordinate that is no number, without doubtful heights and without repeated vertices."""
    good = np.isfinite(runs.coordinates).all(axis=1)
    owners = np.repeat(np.arange(len(runs.counts)), runs.counts)
    good &= ~are_repeated(runs.coordinates, owners)
    clean = np.logical_and.reduceat(good, runs.starts)
    if runs.coordinates.shape[1] == 3:
        height = runs.coordinates[:, 2]
        clean &= ~np.logical_or.reduceat(are_false(height), runs.starts)
        clean &= np.logical_or.reduceat(height != 0, runs.starts)
    return runs.select(clean)


def drop_misplaced(runs: Runs, task: Task) -> Runs:
    """Those that have a place in the city's CRS, reach into its extent, and are long enough if they are lines."""
    if not len(runs.rows):
        return runs
    x, y = runs.coordinates[:, 0], runs.coordinates[:, 1]
    near = (np.abs(x) <= FARTHEST_M) & (np.abs(y) <= FARTHEST_M)  # false for what is no number, too
    fit = np.logical_and.reduceat(near, runs.starts)
    if task.extent is not None:
        xmin, ymin, xmax, ymax = task.extent
        fit &= (np.minimum.reduceat(x, runs.starts) <= xmax) & (np.maximum.reduceat(x, runs.starts) >= xmin)
        fit &= (np.minimum.reduceat(y, runs.starts) <= ymax) & (np.maximum.reduceat(y, runs.starts) >= ymin)
    if task.wanted == "LineString":
        fit &= measure(runs) >= 2 * SHORTEST_M  # near the limit the long way decides
    return runs.select(fit)


def measure(runs: Runs) -> Floats:
    """The length of each on the plan."""
    steps = np.zeros(len(runs.coordinates))
    steps[1:] = np.hypot(*np.diff(runs.coordinates[:, :2], axis=0).T)
    steps[runs.starts] = 0
    return np.add.reduceat(steps, runs.starts)


def write_runs(runs: Runs, kind: int, srid: int) -> pa.Array:
    """Points or lines as EWKB with their CRS."""
    dimensions = runs.coordinates.shape[1]
    code = kind | headers.HAS_SRID | (headers.HAS_Z if dimensions == 3 else 0)
    head = np.frombuffer(b"\x01" + code.to_bytes(4, "little") + srid.to_bytes(4, "little"), np.uint8)
    heads = np.tile(head, (len(runs.counts), 1))
    if kind == LINE:
        heads = np.hstack([heads, runs.counts.astype("<u4").view(np.uint8).reshape(-1, COUNT)])
    ends = np.concatenate([[0], np.cumsum(heads.shape[1] + runs.counts * dimensions * 8)])
    content = np.empty(ends[-1], np.uint8)
    is_head = np.zeros(len(content), dtype=bool)
    is_head[ends[:-1, None] + np.arange(heads.shape[1])] = True
    content[is_head] = heads.ravel()
    content[~is_head] = np.ascontiguousarray(runs.coordinates).view(np.uint8).ravel()
    buffers = [None, pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.binary(), len(runs.rows), buffers)
