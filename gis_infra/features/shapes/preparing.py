"""Shapes of a file as shapes of a layer: of its type, in its CRS, whole and valid; heights kept where they are real.

Everything works on whole columns. Rows in which nothing is to be done but moving them go the short way, over their
bytes; all others go through Shapely, where a shape that cannot be kept as it is, is told with the reason and left out.
Both ways give the same answer.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer

from gis_infra.catalogue.definitions import GeometryType
from gis_infra.features.shapes import heights, mending, moving, plain, reading, types
from gis_infra.features.shapes.places import Places
from gis_infra.features.shapes.shaping import Mask, Shapes, Shaping

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """What shapes must become. wanted: the layer's type; srid: of the city's CRS, in which they are kept.

    transformer: from the file's CRS to the city's, easting first on both sides, None if they are in it. extent: box in
    the city's CRS outside which a shape is refused, None to take it wherever it is. swap_xy: whether the file has the
    northing first. source: what the shapes come from, in words.
    """

    wanted: GeometryType
    srid: int
    transformer: Transformer | None = None
    extent: Box | None = None
    swap_xy: bool = False
    source: str = "the file"


@dataclass(frozen=True)
class ShapeCheck:
    """The shapes of a batch as the layer takes them.

    ewkb: one EWKB a row with the city's CRS, null where a shape was refused. faults: index -> why; warnings: index ->
    what was repaired. notes: how often what was done.
    """

    ewkb: pa.Array
    faults: dict[int, str]
    warnings: dict[int, str]
    notes: Counter[str]


def prepare(wkb: pa.Array, frame: Frame) -> ShapeCheck:
    """The shapes of a batch as the layer takes them.

    wkb: one WKB or null a row, in the file's CRS, easting first unless the frame says otherwise.
    Returns shapes of exactly the wanted type, with heights only where all of theirs are real.
    """
    places = Places(frame.transformer, frame.swap_xy, frame.source)
    with np.errstate(invalid="ignore", over="ignore"):  # coordinates that are no numbers are looked for, not met
        done, ewkb = plain.move(wkb, plain.Task(frame.wanted, frame.srid, frame.extent, places))
        if done.all():
            return ShapeCheck(ewkb, {}, {}, Counter())
        left = wkb.filter(pa.array(~done))
        shaping = shape(left, frame, places)
    rows = np.flatnonzero(~done).tolist()
    faults = {rows[index]: reason for index, reason in shaping.faults.items()}
    warnings = {rows[index]: remark for index, remark in shaping.warnings.items()}
    merged = merge(done, ewkb, render_ewkb(shaping.shapes, frame.srid))
    return ShapeCheck(merged, faults, warnings, +shaping.notes)


def shape(wkb: pa.Array, frame: Frame, places: Places) -> Shaping:
    """The long way: every step on every shape."""
    shaping = reading.read(wkb, frame.wanted)
    moving.refuse_infinite(shaping)
    heights.drop_false(shaping)
    mending.drop_repeated(shaping)
    types.fit(shaping, frame.wanted)
    moving.move(shaping, places)
    moving.refuse_far(shaping)
    moving.refuse_outside(shaping, frame.extent, places)
    mending.refuse_degenerate(shaping, places)
    mending.mend_invalid(shaping, places)
    mending.turn_rings(shaping)
    return shaping


def merge(done: Mask, short: pa.Array, long: pa.Array) -> pa.Array:
    """One column of what came by either way, in the order of the rows."""
    if not done.any():
        return long
    place = np.empty(len(done), np.int64)
    place[done] = np.arange(len(short))
    place[~done] = len(short) + np.arange(len(long))
    return pa.concat_arrays([short, long]).take(pa.array(place))


def render_ewkb(shapes: Shapes, srid: int) -> pa.Array:
    """EWKB with its CRS, null where there is no shape.

    The CRS is written into the bytes: shapely's set_srid copies every shape, which took as long as the rendering.
    """
    flat = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    # Byte 4 is the flags of the type: 80 has heights, 20 a CRS, which then follows.
    code = srid.to_bytes(4, "little")
    without_z = pc.binary_replace_slice(flat, 4, 5, b"\x20" + code)
    heighted = shapely.has_z(shapes)
    if not heighted.any():
        return without_z
    return pc.if_else(pa.array(heighted), pc.binary_replace_slice(flat, 4, 5, b"\xa0" + code), without_z)
