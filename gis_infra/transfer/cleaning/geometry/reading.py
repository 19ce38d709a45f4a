"""WKB as shapes: what cannot be read is told, rings are closed, curves become lines, M values are dropped."""

import numpy as np
import pyarrow as pa
import shapely

from gis_infra.transfer.cleaning.geometry import curves, headers
from gis_infra.transfer.cleaning.geometry.shaping import Mask, Shapes, Shaping

SOLIDS = {15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}  # of GDAL's multipatches; nothing of a city plan


def read_shapes(wkb: pa.Array) -> Shapes:
    """One shape a row, curves as lines; None where there is none, or none that can be read."""
    with np.errstate(invalid="ignore", over="ignore"):  # coordinates that are no numbers are no matter here
        return read(wkb, "").shapes


def read(wkb: pa.Array, wanted: str) -> Shaping:
    """The shapes of rows, those that cannot be taken refused. wanted: the layer's type, for what is said.

    Heights stay, M values do not.
    """
    each = wkb.to_numpy(zero_copy_only=False)
    codes = headers.read_codes(wkb)
    kinds = headers.to_kinds(codes)
    linear = np.isin(kinds, headers.LINEAR)
    shaping = Shaping(np.full(len(wkb), None, dtype=object))
    shaping.shapes[linear] = shapely.from_wkb(each[linear], on_invalid="ignore")
    close_rings(shaping, each, linear & shapely.is_missing(shaping.shapes))
    draw_curves(shaping, each, np.isin(kinds, headers.CURVED))
    refuse_unread(shaping, wkb, kinds, wanted)
    drop_measures(shaping, headers.have_measures(codes))
    return shaping


def close_rings(shaping: Shaping, wkb: Shapes, unread: Mask) -> None:
    """Areas whose rings end elsewhere than they began, closed: it is what their being areas means."""
    shaping.shapes[unread] = shapely.from_wkb(wkb[unread], on_invalid="fix")
    for index in np.flatnonzero(unread & ~shapely.is_missing(shaping.shapes)):
        shaping.warn(int(index), "was repaired: a ring was not closed")


def draw_curves(shaping: Shaping, wkb: Shapes, curved: Mask) -> None:
    """Arcs as lines of short chords, said how often."""
    for index in np.flatnonzero(curved):
        shaping.shapes[index] = curves.find_drawn(wkb[index])
    drawn = int((curved & ~shapely.is_missing(shaping.shapes)).sum())
    shaping.notes[f"curves drawn as chords of {curves.STEP_DEG:g} degree"] += drawn


def refuse_unread(shaping: Shaping, wkb: pa.Array, kinds: np.ndarray, wanted: str) -> None:
    """Rows without a shape, with one that cannot be read or is a solid, and with an empty one."""
    none = wkb.is_null().to_numpy(zero_copy_only=False)
    unread = shapely.is_missing(shaping.shapes)
    shaping.refuse(none, "has no shape")
    for kind, name in SOLIDS.items():
        shaping.refuse(kinds == kind, f"is a {name}; the layer takes {wanted}")
    shaping.refuse(unread & ~none & ~np.isin(kinds, list(SOLIDS)), "the shape cannot be read")
    shaping.refuse(shapely.is_empty(shaping.shapes), "is empty")


def drop_measures(shaping: Shaping, measured: Mask) -> None:
    """M values are not kept; said how often."""
    shapes = shaping.shapes
    shaping.notes["M values dropped"] += int((measured & ~shapely.is_missing(shapes)).sum())
    left = shapely.has_m(shapes)
    with_z = left & shapely.has_z(shapes)
    # Through WKB, because force_3d loses the Z of shapes that have an M as well (seen with GEOS 3.14).
    shapes[with_z] = shapely.from_wkb(shapely.to_wkb(shapes[with_z], output_dimension=3))
    shapes[left & ~with_z] = shapely.force_2d(shapes[left & ~with_z])
