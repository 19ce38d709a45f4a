"""Batches of plain points and lines, which most batches are: their GML as columns, with nothing done for each of them.

Other batches are written by `geometry`, to the same bytes.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import shapely

from gis_infra.features.formats.gml.dialects import Dialect
from gis_infra.features.formats.gml.geometry import (
    Array,
    Floats,
    GmlAxes,
    Places,
    find_known_boxes,
    write_runs,
)

# Of all rows: the same text in each, or a text or null for each.
Part: TypeAlias = str | pa.StringArray
Parts: TypeAlias = Sequence[Part]
KINDS = {"Point": shapely.GeometryType.POINT, "LineString": shapely.GeometryType.LINESTRING}


def is_plain(shapes: Array, kind: str) -> bool:
    """Whether all shapes are there, of one of the `KINDS`, without heights."""
    if kind not in KINDS or (shapely.get_type_id(shapes) != KINDS[kind]).any():
        return False
    return not (shapely.is_empty(shapes) | shapely.has_z(shapes)).any()


def list_geometry_parts(shapes: Array, name: Parts, kind: str, axes: GmlAxes, dialect: Dialect) -> list[Part]:
    """Geometries in parts that follow each other. shapes: plain, of type `kind`; name: of their gml:id, likewise."""
    markup, srs_name = dialect.markup, f' srsName="{axes.srs_name}"'
    coordinates, owners = shapely.get_coordinates(shapes, return_index=True)
    ends = np.cumsum(np.bincount(owners, minlength=len(shapes)))
    is_point = kind == "Point"
    start = markup.position if is_point else markup.positions
    end = markup.position_end if is_point else markup.positions_end
    named = (' gml:id="', *name, f'"{srs_name} srsDimension="2"') if markup.has_ids else (srs_name,)
    written = write_column(coordinates, ends, axes, dialect, f"{end}</gml:{kind}>")
    return [f"<gml:{kind}", *named, f">{start}", *written]


def list_box_parts(shapes: Array, axes: GmlAxes, dialect: Dialect) -> list[Part] | None:
    """The boxes of shapes in parts that follow each other; nothing where none is to be written, None where some are."""
    bounds: Floats = shapely.bounds(shapes)
    known = find_known_boxes(bounds, axes)
    if not known.all():
        return None if known.any() else []
    start, between, end = dialect.markup.corners
    tag, ends = f"gml:{dialect.markup.envelope}", np.arange(1, len(bounds) + 1)
    return [
        f'<{tag} srsName="{axes.srs_name}">{start}',
        *write_column(bounds[:, :2], ends, axes, dialect, between),
        *write_column(bounds[:, 2:], ends, axes, dialect, f"{end}</{tag}>"),
    ]


def write_column(coordinates: Floats, ends: Places, axes: GmlAxes, dialect: Dialect, after: str) -> tuple[Part, Part]:
    """Runs of positions as a column, and what comes after each: the column has the first letter of it already.

    coordinates, ends: as of `geometry.render_runs`.
    """
    text, places = write_runs(coordinates, ends, axes, dialect.markup)
    text[places] = ord(after[0])
    offsets = np.concatenate([[0], places + 1]).astype(np.int32)
    return pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(text)), after[1:]
