"""A drawing and its attributes as the bytes of a vector tile of one layer. Pure.

All numbers of all features stand in a few arrays, which become bytes at once; that is what makes it fast.
Source: Mapbox Vector Tile Specification 2.1, clauses 4.1 to 4.4.
"""

from collections.abc import Sequence

import numpy as np

from gis_infra.tiles.addresses import TILE_UNITS
from gis_infra.tiles.sheets import varints
from gis_infra.tiles.sheets.parts import Drawing
from gis_infra.tiles.sheets.runs import Integers, get_starts, sum_runs, take_runs
from gis_infra.tiles.sheets.sheet import Attribute, Kind, Sheet
from gis_infra.tiles.sheets.varints import Numbers

MOVE_TO, LINE_TO, CLOSE_PATH, COUNT_BITS = 1, 2, 7, 3
ONE_MOVE, CLOSING = MOVE_TO | 1 << COUNT_BITS, CLOSE_PATH | 1 << COUNT_BITS
# The first byte of a field: its number, and whether a number or a length follows.
LAYER, NAME, KEY, VERSION_2, EXTENT = b"\x1a", b"\x0a", b"\x1a", b"\x78\x02", b"\x28"
FEATURE, ID, TAGS, TYPE, GEOMETRY = 0x12, 0x08, 0x12, 0x18, 0x22


def encode(sheet: Sheet, drawing: Drawing, layer_id: str, names: Sequence[str]) -> bytes:
    """The tile; empty if nothing is drawn. names: of the attributes it carries, of those the sheet has."""
    if not len(drawing.counts):
        return b""
    rows, parts = count_parts(drawing.rows)
    commands, numbers = write_geometries(sheet.shapes.kind, drawing, parts)
    tags, values = choose_values([sheet.attributes[name] for name in names], rows)
    features = write_features(sheet.ids[rows], sheet.shapes.kind, tags, (commands, numbers))
    keys = b"".join(KEY + with_length(name.encode()) for name in names)
    parts_of_layer = (NAME + with_length(layer_id.encode()), features, keys, values)
    extent = EXTENT + varints.render_one(TILE_UNITS)
    return LAYER + with_length(VERSION_2 + b"".join(parts_of_layer) + extent)


def count_parts(rows: Integers) -> tuple[Integers, Integers]:
    """Each feature once, and how many parts it has, both int64[f]. rows: int64[p], the feature of each part."""
    firsts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    return rows[firsts], np.diff(np.append(firsts, len(rows)))


def write_geometries(kind: Kind, drawing: Drawing, parts: Integers) -> tuple[Numbers, Integers]:
    """The commands of all features behind one another, and how many numbers each feature has, int64[f].

    parts: int64[f], of each feature.
    """
    vertices = sum_runs(drawing.counts, parts)
    step = np.diff(drawing.xy, axis=0, prepend=0)
    firsts = get_starts(vertices)
    step[firsts] = drawing.xy[firsts]  # the pen is at the tile's corner when a feature begins
    if kind is Kind.POINT:
        return write_points(varints.to_zigzag(step), vertices), 2 * vertices + 1
    more = 3 if kind is Kind.POLYGON else 2
    commands = write_paths(varints.to_zigzag(step), drawing.counts, more)
    return commands, sum_runs(2 * drawing.counts + more, parts)


def write_points(step: Numbers, counts: Integers) -> Numbers:
    """The commands of features of points. step: unsigned[v, 2]. counts: int64[f], the points of each."""
    lengths = 2 * counts + 1
    starts = get_starts(lengths)
    commands = np.empty(int(lengths.sum()), step.dtype)
    commands[starts] = counts << COUNT_BITS | MOVE_TO
    is_step = np.ones(len(commands), np.bool_)
    is_step[starts] = False
    commands[is_step] = step.ravel()
    return commands


def write_paths(step: Numbers, counts: Integers, more: int) -> Numbers:
    """The commands of lines or rings.

    step: unsigned[v, 2]. counts: int64[p], the vertices of each. more: numbers of each besides its steps.
    """
    lengths = 2 * counts + more
    starts = get_starts(lengths)
    commands = np.empty(int(lengths.sum()), step.dtype)
    is_step = np.ones(len(commands), np.bool_)
    for places, command in ((starts, ONE_MOVE), (starts + 3, (counts - 1) << COUNT_BITS | LINE_TO)):
        commands[places] = command
        is_step[places] = False
    if more > 2:
        commands[starts + lengths - 1] = CLOSING
        is_step[starts + lengths - 1] = False
    commands[is_step] = step.ravel()
    return commands


def choose_values(attributes: Sequence[Attribute], rows: Integers) -> tuple[Integers, bytes]:
    """The place of each feature's value among those of the tile, int64[f, a], -1 for none; and the values."""
    tags, values, count = np.full((len(rows), len(attributes)), -1, np.int64), list[bytes](), 0
    for column, attribute in enumerate(attributes):
        codes = attribute.codes[rows]
        is_used = np.zeros(len(attribute.starts), np.bool_)
        is_used[codes] = True
        is_used[-1] = False  # where -1 went
        places = np.cumsum(is_used) + count - 1
        places[-1] = -1
        tags[:, column] = places[codes]
        used = np.flatnonzero(is_used)
        lengths = attribute.starts[used + 1] - attribute.starts[used]
        values.append(attribute.written[take_runs(attribute.starts[used], lengths)].tobytes())
        count += len(used)
    return tags, b"".join(values)


def write_features(ids: Integers, kind: Kind, tags: Integers, geometries: tuple[Numbers, Integers]) -> bytes:
    """All features. tags: as `choose_values`; geometries: as `write_geometries` tells them."""
    commands, lengths = geometries
    sizes = varints.measure(commands)
    geometry_bytes = sum_runs(sizes, lengths)
    heads, head_sizes = write_heads(ids, kind, tags, geometry_bytes)
    counts = np.stack((head_sizes.sum(axis=1, dtype=np.int64), geometry_bytes), axis=1).ravel()
    is_head = np.repeat(np.arange(len(counts)) % 2 == 0, counts)
    features = np.empty(len(is_head), np.uint8)
    features[is_head] = varints.render(heads, head_sizes)
    features[~is_head] = varints.render(commands, sizes)
    return features.tobytes()


def write_heads(ids: Integers, kind: Kind, tags: Integers, geometry_bytes: Integers) -> tuple[Numbers, varints.Sizes]:
    """What stands before the commands of each feature as numbers [f, h], and the bytes of each, 0 of what is not there.

    geometry_bytes: int64[f], of the commands.
    """
    pairs = np.stack(np.broadcast_arrays(np.arange(tags.shape[1]), tags), axis=2).reshape(len(ids), -1)
    is_there = np.repeat(tags >= 0, 2, axis=1)
    columns = [FEATURE, 0, ID, ids, TAGS, 0, *np.where(is_there, pairs, 0).T, TYPE, int(kind), GEOMETRY, geometry_bytes]
    heads = np.empty((len(ids), len(columns)), np.int64)
    for place, column in enumerate(columns):
        heads[:, place] = column
    first, last = 6, 6 + pairs.shape[1]
    tag_sizes = varints.measure(varints.narrow(heads[:, first:last])) * is_there
    heads[:, 5] = tag_sizes.sum(axis=1)
    numbers = varints.narrow(heads)
    sizes = varints.measure(numbers)
    sizes[:, first:last] = tag_sizes
    # From the field after the length of the whole.
    numbers[:, 1] = sizes[:, 2:].sum(axis=1, dtype=np.int64) + geometry_bytes
    sizes[:, 1] = varints.measure(numbers[:, 1])
    return numbers, sizes


def with_length(content: bytes) -> bytes:
    """The content, its length before it."""
    return varints.render_one(len(content)) + content
