"""Features as bytes of a vector tile: what each is, which values it has, and the commands that draw it. Pure.

Source: Mapbox Vector Tile Specification 2.1, clauses 4.2 to 4.4; Protocol Buffers, Encoding.
"""

import numpy as np
from numpy.typing import NDArray

from gis_infra.compiled import compiled
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Kind, Places

BITS, MORE, LOW = 7, 128, 127
MOST_BYTES = 10  # of one number
MOVE_TO, LINE_TO, CLOSE_PATH, COUNT_BITS = 1, 2, 7, 3
ONE_MOVE, CLOSING = MOVE_TO | 1 << COUNT_BITS, CLOSE_PATH | 1 << COUNT_BITS
POINT, POLYGON = int(Kind.POINT), int(Kind.POLYGON)
# The first byte of a field: its number, and whether a number or a length follows.
FEATURE, ID, TAGS, TYPE, GEOMETRY = 0x12, 0x08, 0x12, 0x18, 0x22
# Numbers that stand before the values and the commands of a feature, and commands of a part besides its steps.
MOST_BEFORE, MOST_OF_PART = 10, 3
PAIR = "UniTuple(int64, 2)"
DRAWING = "Tuple((int64[:,::1], int64[::1], int64[::1]))"
ATTRIBUTE = "Tuple((int32[::1], int32[::1], uint8[::1]))"

Bytes = NDArray[np.uint8]
Pair = tuple[int, int]


@compiled("int64(int64)")
def to_zigzag(signed: int) -> int:
    """A signed number as one from 0 up, small ones staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return (signed << 1) ^ (signed >> 63)


@compiled("int64(int64)")
def measure(number: int) -> int:
    """How many bytes a number from 0 up takes."""
    size = 1
    while number >= MORE:
        number >>= BITS
        size += 1
    return size


@compiled("int64(uint8[::1], int64, int64)")
def put(out: Bytes, place: int, number: int) -> int:
    """Write a number from 0 up into `out` at `place`; the place after it."""
    while number >= MORE:
        out[place] = number & LOW | MORE
        number >>= BITS
        place += 1
    out[place] = number
    return place + 1


@compiled(f"Tuple((int64, {PAIR}))(uint8[::1], int64, {PAIR}, int64[:,::1], {PAIR})")
def put_steps(out: Bytes, place: int, pen: Pair, xy: Integers, among: Pair) -> tuple[int, Pair]:
    """Write the steps to some vertices; the place after them, and where the pen is. among: the first, and the end."""
    x, y = pen
    for vertex in range(among[0], among[1]):
        place = put(out, place, to_zigzag(xy[vertex, 0] - x))
        place = put(out, place, to_zigzag(xy[vertex, 1] - y))
        x, y = xy[vertex, 0], xy[vertex, 1]
    return place, (x, y)


@compiled("int64(uint8[::1], int64, int64[:,::1], int64[::1], int64)")
def put_geometry(out: Bytes, kind: int, xy: Integers, counts: Integers, first: int) -> int:
    """Write the commands of a feature; how many bytes. counts: vertices of its parts. first: of them all, in `xy`."""
    place, pen = 0, (0, 0)  # the pen is at the tile's corner when a feature begins
    if kind == POINT:
        place = put(out, place, len(counts) << COUNT_BITS | MOVE_TO)
        return put_steps(out, place, pen, xy, (first, first + len(counts)))[0]
    for count in counts:
        place = put(out, place, ONE_MOVE)
        place, pen = put_steps(out, place, pen, xy, (first, first + 1))
        place = put(out, place, (count - 1) << COUNT_BITS | LINE_TO)
        place, pen = put_steps(out, place, pen, xy, (first + 1, first + count))
        if kind == POLYGON:
            place = put(out, place, CLOSING)
        first += count
    return place


@compiled(f"int64(uint8[::1], int64, {PAIR}, int64[::1], int64)")
def put_head(out: Bytes, place: int, what: Pair, tags: Integers, geometry_bytes: int) -> int:
    """Write what stands before the commands of a feature; the place after it. what: id and kind; tags: -1 for none."""
    number, kind = what
    tag_bytes = 0
    for name, tag in enumerate(tags):
        tag_bytes += measure(name) + measure(tag) if tag >= 0 else 0
    around = 1 + measure(number) + 1 + measure(tag_bytes) + 2 + 1 + measure(geometry_bytes)
    for each in (FEATURE, around + tag_bytes + geometry_bytes, ID, number, TAGS, tag_bytes):
        place = put(out, place, each)
    for name, tag in enumerate(tags):
        if tag >= 0:
            place = put(out, put(out, place, name), tag)
    for each in (TYPE, kind, GEOMETRY, geometry_bytes):
        place = put(out, place, each)
    return place


@compiled(f"uint8[::1](int64, int64[::1], int64[:,::1], {DRAWING})")
def write_features(kind: int, ids: Integers, tags: Integers, drawing: tuple[Integers, Integers, Integers]) -> Bytes:
    """All features, each as a field of a layer.

    ids: int64[f]. tags: int64[f, a], the place of each value among those of the tile, -1 for none.
    drawing: xy int64[v, 2], counts int64[p], the vertices of each part, and parts int64[f], how many each feature has.
    """
    xy, counts, parts = drawing
    commands = np.empty(MOST_BYTES * (2 * len(xy) + MOST_OF_PART * len(counts)), np.uint8)
    out = np.empty(len(commands) + MOST_BYTES * (MOST_BEFORE * len(ids) + 2 * tags.size), np.uint8)
    place = vertex = part = 0
    for feature in range(len(ids)):
        own = counts[part : part + parts[feature]]
        size = put_geometry(commands, kind, xy, own, vertex)
        place = put_head(out, place, (ids[feature], kind), tags[feature], size)
        out[place : place + size] = commands[:size]
        place, part, vertex = place + size, part + len(own), vertex + own.sum()
    return out[:place]


@compiled(f"Tuple((int64, uint8[::1]))({ATTRIBUTE}, int64[::1], int64, int64[:])")
def choose_values(
    attribute: tuple[Places, Places, Bytes], rows: Integers, first: int, tags: Integers
) -> tuple[int, Bytes]:
    """How many different values some rows have, and those values; writes into `tags` which one each has, -1 for none.

    attribute: codes, starts and written of it, as in a sheet. first: the place of the first value in the tile.
    """
    codes, starts, written = attribute
    places = np.full(len(starts), -1, np.int32)
    used = np.empty(min(len(rows), len(starts)), np.int64)
    count = size = 0
    for feature, row in enumerate(rows):
        code = codes[row]
        if code >= 0 and places[code] < 0:
            places[code], used[count] = first + count, code
            count, size = count + 1, size + starts[code + 1] - starts[code]
        tags[feature] = places[code]  # that of -1 is the last, which is never used
    values, place = np.empty(size, np.uint8), 0
    for code in used[:count]:
        value = written[starts[code] : starts[code + 1]]
        values[place : place + len(value)] = value
        place += len(value)
    return count, values
