"""Geometries of the database as columns of numbers. Pure.

Source: OGC 06-103r4, clause 8.2 (well-known binary), with the codes of ISO 13249-3 for Z and M.
"""

import numpy as np

from gis_infra.compiled import compiled
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.elements import Bytes, Elements
from gis_infra.tiles.sheets.runs import Floats, Integers, Truths
from gis_infra.tiles.sheets.sheet import Kind, Places, Shapes

# Vertices, the first vertex of each part, the first part of each feature, whether a part is no hole, boxes.
Columns = tuple[Floats, Places, Places, Truths, Floats]
Triple = tuple[int, int, int]
POINT, LINE, POLYGON = int(Kind.POINT), int(Kind.LINE), int(Kind.POLYGON)
ORDER_BYTES, COUNT_BYTES, NUMBER_BYTES = 1, 4, 8
HEAD_BYTES = ORDER_BYTES + COUNT_BYTES
# Codes of kinds go from 1: single ones, then collections of these; thousands tell of Z, M, and both.
SINGLE_KINDS, DIMENSION_STEP, BOTH = 3, 1000, 3
WEST, SOUTH, EAST, NORTH = range(4)
TRIPLE = "UniTuple(int64, 3)"


@compiled("int64(uint8[::1], int64)")
def read_count(data: Bytes, place: int) -> int:
    """The whole number of four bytes, the lowest first."""
    return int(data[place] | data[place + 1] << 8 | data[place + 2] << 16 | data[place + 3] << 24)


@compiled("int64(uint8[::1], int64, int64, float64[:,::1])")
def read_vertices(data: Bytes, place: int, dimensions: int, out: Floats) -> int:
    """Fill `out` with x and y of as many vertices as it has; the place after them."""
    numbers = np.empty(len(out) * dimensions, np.float64)
    end = place + len(numbers) * NUMBER_BYTES
    numbers.view(np.uint8)[:] = data[place:end]
    for vertex in range(len(out)):
        out[vertex, 0], out[vertex, 1] = numbers[vertex * dimensions], numbers[vertex * dimensions + 1]
    return end


@compiled("void(float64[:,::1], boolean)")
def turn(ring: Floats, is_shell: bool) -> None:
    """Have an outer ring go clockwise, as one sees it with the north above, and a hole the other way."""
    area = 0.0
    for vertex in range(1, len(ring)):
        area += (ring[vertex - 1, 0] - ring[0, 0]) * (ring[vertex, 1] - ring[0, 1])
        area -= (ring[vertex, 0] - ring[0, 0]) * (ring[vertex - 1, 1] - ring[0, 1])
    if (area > 0) == is_shell:
        ring[:] = ring[::-1].copy()


@compiled(f"{TRIPLE}(uint8[::1], UniTuple(int64, 2), {TRIPLE}, float64[:,::1], Tuple((int32[::1], boolean[::1])))")
def read_single(
    data: Bytes, kind: tuple[int, int], done: Triple, xy: Floats, of_parts: tuple[Places, Truths]
) -> Triple:
    """Read a point, a line or a polygon; the place after it, and how many parts and vertices there are then.

    kind: its code and dimensions. done: as it is returned. of_parts: of a sheet's columns, where parts end, and shells.
    """
    (code, dimensions), (place, parts, vertices) = kind, done
    count = 1
    if code == POLYGON:
        count, place = read_count(data, place), place + COUNT_BYTES
    for part in range(count):
        size = 1
        if code != POINT:
            size, place = read_count(data, place), place + COUNT_BYTES
        place = read_vertices(data, place, dimensions, xy[vertices : vertices + size])
        if size == 0:
            continue
        if code == POLYGON:
            turn(xy[vertices : vertices + size], part == 0)
        vertices += size
        of_parts[1][parts] = part == 0
        parts += 1
        of_parts[0][parts] = vertices
    return place, parts, vertices


@compiled(f"{TRIPLE}(uint8[::1], int64)")
def read_head(data: Bytes, place: int) -> Triple:
    """The code of a geometry without its dimensions, how many these are, and the place after its head."""
    code = read_count(data, place + ORDER_BYTES)
    more = code // DIMENSION_STEP
    return code % DIMENSION_STEP, 2 + (more > 0) + (more == BOTH), place + HEAD_BYTES


@compiled("Tuple((float64[:,::1], int32[::1], int32[::1], boolean[::1], float64[:,::1]))(uint8[::1], int64[::1])")
def read_shapes(data: Bytes, starts: Integers) -> Columns:
    """The columns of some geometries. starts: int64[n], where each begins in `data`."""
    most = len(data) // (2 * NUMBER_BYTES)
    xy = np.empty((most, 2), np.float64)
    of_parts = (np.zeros(most + 1, np.int32), np.empty(most, np.bool_))
    features, boxes = np.zeros(len(starts) + 1, np.int32), np.empty((4, len(starts)), np.float64)
    parts = vertices = 0
    for row, start in enumerate(starts):
        code, dimensions, place = read_head(data, start)
        count, first = 1, vertices
        if code > SINGLE_KINDS:
            count, place = read_count(data, place), place + COUNT_BYTES
        for _ in range(count):
            if code > SINGLE_KINDS:
                place += HEAD_BYTES
            single = code - SINGLE_KINDS if code > SINGLE_KINDS else code
            place, parts, vertices = read_single(data, (single, dimensions), (place, parts, vertices), xy, of_parts)
        features[row + 1] = parts
        for side, edge in enumerate((WEST, SOUTH)):
            boxes[edge, row] = xy[first:vertices, side].min() if vertices > first else np.inf
        for side, edge in enumerate((EAST, NORTH)):
            boxes[edge, row] = xy[first:vertices, side].max() if vertices > first else -np.inf
    return xy[:vertices], of_parts[0][: parts + 1], features, of_parts[1][:parts], boxes


def parse_shapes(geometries: Elements, sheet: TileAddress) -> tuple[Shapes, Floats]:
    """The geometries in widths of a sheet, and their boxes, float64[4, n] in degrees.

    geometries: well-known binary, lowest byte first, longitude first; all points, all lines or all polygons, single
    ones or several, at least one of them.
    """
    lonlat, parts, features, are_shells, boxes = read_shapes(geometries.data, geometries.starts)
    code, _, _ = read_head(geometries.data, int(geometries.starts[0]))
    xy = to_world(lonlat) * 2.0**sheet.zoom - (sheet.column, sheet.row)
    return Shapes(Kind((code - 1) % SINGLE_KINDS + 1), xy.astype(np.float32), parts, features, are_shells), boxes


def to_world(lonlat: Floats) -> Floats:
    """Shares of the world's width and height, from the north-west. lonlat: float64[v, 2] in degrees.

    Source: OGC 17-083r4, annex D.1 (WebMercatorQuad).
    """
    world = np.empty_like(lonlat)
    world[:, 0] = (lonlat[:, 0] + 180) / 360
    world[:, 1] = (1 - np.arcsinh(np.tan(np.radians(lonlat[:, 1]))) / np.pi) / 2
    return world
