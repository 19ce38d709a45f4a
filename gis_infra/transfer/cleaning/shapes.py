"""Shapes of a file as shapes of a layer: of its type, in its CRS, whole and valid; heights kept where they are real.

Everything works on arrays of shapes. A shape that cannot be kept as it is, is told with the reason and left out; a
repair is made only where it keeps the area.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_infra.catalogue.definitions import GeometryType

Shapes = npt.NDArray[np.object_]
Box = tuple[float, float, float, float]
Mask = npt.NDArray[np.bool_]

TYPE_IDS: Mapping[str, int] = {
    "Point": 0,
    "LineString": 1,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
}
TYPE_NAMES = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
NO_HEIGHT = -9999.0  # what programs write for a height nobody measured
ABSURD_HEIGHT_M = 1e6  # beyond it, a placeholder such as -1.79e308
AREA_KEPT = 1e-6  # share by which a repair may change an area


@dataclass(frozen=True)
class Frame:
    """What shapes must become. wanted: the layer's type; srid: of the city's CRS, in which they are kept.

    transformer: from the file's CRS to the city's, easting first on both sides, None if they are in it. extent: box in
    the city's CRS outside which a shape is refused, None to take it wherever it is. swap_xy: whether the file has the
    northing first.
    """

    wanted: GeometryType
    srid: int
    transformer: Transformer | None = None
    extent: Box | None = None
    swap_xy: bool = False


@dataclass
class ShapeCheck:
    """The shapes of a batch on their way: None where one was refused, and why; how often what was done.

    ewkb: what came out, as EWKB with the city's CRS, null where refused.
    """

    shapes: Shapes
    faults: dict[int, str]
    warnings: dict[int, str]
    notes: Counter[str]
    ewkb: pa.Array

    def refuse(self, wrong: Mask, reason: str) -> None:
        """Take out the shapes for which `wrong` is true."""
        for index in np.flatnonzero(wrong):
            self.faults[int(index)] = reason
        self.shapes[wrong] = None


def prepare(wkb: pa.Array, frame: Frame) -> ShapeCheck:
    """The shapes of a batch as the layer takes them.

    wkb: one WKB or null a row, in the file's CRS, easting first unless the frame says otherwise.
    Returns shapes of exactly the wanted type, with heights only where all of theirs are real.
    """
    each = wkb.to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore", over="ignore"):  # coordinates that are no numbers are looked for, not met
        check = ShapeCheck(shapely.from_wkb(each, on_invalid="ignore"), {}, {}, Counter(), wkb)
        refuse_missing(check, each)
        drop_measures(check)
        refuse_infinite(check)
        drop_false_heights(check)
        fit_type(check, frame.wanted)
        move(check, frame.transformer, swap_xy=frame.swap_xy)
        refuse_outside(check, frame.extent)
        refuse_degenerate(check)
        mend_areas(check)
    check.ewkb = render_ewkb(check.shapes, frame.srid)
    return check


def refuse_missing(check: ShapeCheck, wkb: npt.NDArray[np.object_]) -> None:
    """Rows without a shape, with an empty one, and with one that cannot be read."""
    none = np.fromiter((each is None for each in wkb), bool, len(wkb))
    check.refuse(~none & shapely.is_missing(check.shapes), "the shape cannot be read")
    check.refuse(none, "has no shape")
    check.refuse(shapely.is_empty(check.shapes), "is empty")


def drop_measures(check: ShapeCheck) -> None:
    """M values are not kept; said how often."""
    measured = shapely.has_m(check.shapes)
    if not measured.any():
        return
    with_z = measured & shapely.has_z(check.shapes)
    # Through WKB, because force_3d loses the Z of shapes that have an M as well (seen with GEOS 3.14).
    check.shapes[with_z] = shapely.from_wkb(shapely.to_wkb(check.shapes[with_z], output_dimension=3))
    flat = measured & ~with_z
    check.shapes[flat] = shapely.force_2d(check.shapes[flat])
    check.notes["M values dropped"] += int(measured.sum())


def refuse_infinite(check: ShapeCheck, reason: str = "has a coordinate that is not a finite number") -> None:
    """Shapes with a coordinate that is no number."""
    coordinates, owners = shapely.get_coordinates(check.shapes, return_index=True)
    bad = np.zeros(len(check.shapes), dtype=bool)
    bad[owners[~np.isfinite(coordinates).all(axis=1)]] = True
    check.refuse(bad, reason)


def drop_false_heights(check: ShapeCheck) -> None:
    """Heights that nobody measured: all 0, -9999, absurdly large, or not a number.

    A shape of which only some vertices have a height keeps none, and is told.
    """
    heighted = shapely.has_z(check.shapes)
    if not heighted.any():
        return
    coordinates, owners = shapely.get_coordinates(check.shapes, include_z=True, return_index=True)
    heights = coordinates[:, 2]
    false = ~(np.abs(heights) < ABSURD_HEIGHT_M) | (heights == NO_HEIGHT)
    size = len(check.shapes)
    vertices = np.bincount(owners, minlength=size)
    missing = np.bincount(owners[false], minlength=size)
    nothing = np.bincount(owners[false | (heights == 0)], minlength=size) == vertices
    flatten = heighted & ((missing > 0) | nothing)
    for index in np.flatnonzero(heighted & (missing > 0) & ~nothing):
        check.warnings[int(index)] = f"{missing[index]} of {vertices[index]} vertices have no height, so none was kept"
    check.shapes[flatten] = shapely.force_2d(check.shapes[flatten])
    check.notes["placeholder heights treated as missing"] += int((heighted & nothing).sum())


def fit_type(check: ShapeCheck, wanted: GeometryType) -> None:
    """Single shapes made multiple, and multiple ones of one part single, as the layer has them; others refused."""
    target = TYPE_IDS[wanted]
    if wanted.startswith("Multi"):
        wrap(check, TYPE_IDS[wanted.removeprefix("Multi")], wanted)
    else:
        unwrap(check, TYPE_IDS[f"Multi{wanted}"], wanted)
    kinds = shapely.get_type_id(check.shapes)
    for kind in np.unique(kinds[(kinds != target) & (kinds >= 0)]):
        name = TYPE_NAMES[kind] if kind < len(TYPE_NAMES) else "collection"
        check.refuse(kinds == kind, f"is a {name}; the layer takes {wanted}")


def wrap(check: ShapeCheck, single: int, wanted: str) -> None:
    """Single shapes as multiple ones of one part."""
    makers: Mapping[str, Any] = {
        "MultiPoint": shapely.multipoints,
        "MultiLineString": shapely.multilinestrings,
        "MultiPolygon": shapely.multipolygons,
    }
    chosen = np.flatnonzero(shapely.get_type_id(check.shapes) == single)
    if len(chosen):
        check.shapes[chosen] = makers[wanted](check.shapes[chosen], indices=np.arange(len(chosen)))


def unwrap(check: ShapeCheck, multiple: int, wanted: str) -> None:
    """Multiple shapes of one part as single ones; lines that run on end to start are one line."""
    several = shapely.get_type_id(check.shapes) == multiple
    if wanted == "LineString" and several.any():
        check.shapes[several] = shapely.line_merge(check.shapes[several], directed=True)
        several = shapely.get_type_id(check.shapes) == multiple
    parts = shapely.get_num_geometries(check.shapes)
    one = several & (parts == 1)
    check.shapes[one] = shapely.get_geometry(check.shapes[one], 0)
    for index in np.flatnonzero(several & (parts > 1)):
        check.faults[int(index)] = f"has {parts[index]} separate parts; the layer takes {wanted}, one part a row"
    check.shapes[several & (parts > 1)] = None


def move(check: ShapeCheck, transformer: Transformer | None, *, swap_xy: bool) -> None:
    """All coordinates into the city's CRS, in place; heights stay as they are. swap_xy: northing first until here."""
    if transformer is None and not swap_xy:
        return
    heighted = shapely.has_z(check.shapes)
    for chosen, include_z in ((heighted, True), (~heighted, False)):
        coordinates = shapely.get_coordinates(check.shapes[chosen], include_z=include_z)
        if swap_xy:
            coordinates[:, [0, 1]] = coordinates[:, [1, 0]]
        if transformer is not None:
            coordinates[:, 0], coordinates[:, 1] = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        check.shapes[chosen] = shapely.set_coordinates(check.shapes[chosen], coordinates)
    refuse_infinite(check, "lies where the coordinate system has no answer")


def refuse_outside(check: ShapeCheck, extent: Box | None) -> None:
    """Shapes that lie wholly outside a box."""
    if extent is None:
        return
    xmin, ymin, xmax, ymax = extent
    bounds = shapely.bounds(check.shapes)
    inside = (bounds[:, 0] <= xmax) & (bounds[:, 2] >= xmin) & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)
    check.refuse(~inside & ~shapely.is_missing(check.shapes), "lies outside the city")


def refuse_degenerate(check: ShapeCheck) -> None:
    """Lines without length and areas without area."""
    dimensions = shapely.get_dimensions(check.shapes)
    check.refuse((dimensions == 1) & (shapely.length(check.shapes) == 0), "is a line without length")
    check.refuse((dimensions == 2) & (shapely.area(check.shapes) == 0), "is an area of nothing")


def mend_areas(check: ShapeCheck) -> None:
    """Invalid areas repaired where that keeps their size; else refused with the place that is wrong."""
    wrong = np.flatnonzero(~shapely.is_valid(check.shapes) & ~shapely.is_missing(check.shapes))
    for index in wrong:
        shape = check.shapes[index]
        reason = shapely.is_valid_reason(shape).replace("[", " at ").removesuffix("]")
        mended = mend(shape)
        if mended is None:
            check.faults[int(index)] = f"is not valid, and a repair would change it: {reason}"
        else:
            check.warnings[int(index)] = f"was repaired: {reason}"
        check.shapes[index] = mended


def mend(shape: BaseGeometry) -> BaseGeometry | None:
    """A valid area of the same type and size; None if there is none."""
    repaired: BaseGeometry = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    if shape.geom_type == "MultiPolygon" and isinstance(repaired, Polygon):
        repaired = MultiPolygon([repaired])
    same = repaired.geom_type == shape.geom_type and abs(repaired.area - shape.area) <= AREA_KEPT * shape.area
    return repaired if same else None


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
