"""A drawing and its attributes as the bytes of a vector tile of one layer. Pure.

Source: Mapbox Vector Tile Specification 2.1, clauses 4.1 to 4.4.
"""

from collections.abc import Sequence

import numpy as np

from gis_infra.tiles.addresses import TILE_UNITS
from gis_infra.tiles.sheets.features import choose_values, write_features
from gis_infra.tiles.sheets.parts import Drawing
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Attribute, Sheet
from gis_infra.tiles.sheets.varints import render_one

# The first byte of a field: its number, and whether a number or a length follows.
LAYER, NAME, KEY, VERSION_2, EXTENT = b"\x1a", b"\x0a", b"\x1a", b"\x78\x02", b"\x28"


def encode(sheet: Sheet, drawing: Drawing, layer_id: str, names: Sequence[str]) -> bytes:
    """The tile; empty if nothing is drawn. names: of the attributes it carries, of those the sheet has."""
    if not len(drawing.counts):
        return b""
    rows, parts = count_parts(drawing.rows)
    tags, values = write_values([sheet.attributes[name] for name in names], rows)
    columns = (drawing.xy, drawing.counts, parts)
    features = write_features(int(sheet.shapes.kind), sheet.ids[rows], tags, columns).tobytes()
    keys = b"".join(KEY + with_length(name.encode()) for name in names)
    head, extent = NAME + with_length(layer_id.encode()), EXTENT + render_one(TILE_UNITS)
    return LAYER + with_length(b"".join((VERSION_2, head, features, keys, values, extent)))


def count_parts(rows: Integers) -> tuple[Integers, Integers]:
    """Each feature once, and how many parts it has, both int64[f]. rows: int64[p], the feature of each part."""
    firsts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    return rows[firsts], np.diff(np.append(firsts, len(rows)))


def write_values(attributes: Sequence[Attribute], rows: Integers) -> tuple[Integers, bytes]:
    """The place of each feature's value among those of the tile, int64[f, a], -1 for none; and the values."""
    tags, written, total = np.empty((len(rows), len(attributes)), np.int64), list[bytes](), 0
    for column, each in enumerate(attributes):
        count, values = choose_values((each.codes, each.starts, each.written), rows, total, tags[:, column])
        written.append(values.tobytes())
        total += count
    return tags, b"".join(written)


def with_length(content: bytes) -> bytes:
    """The content, its length before it."""
    return render_one(len(content)) + content
