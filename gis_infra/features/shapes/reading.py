"""WKB as shapes: what cannot be read is told, rings are closed, curves become lines, M values are dropped."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import shapely

from gis_infra.features.shapes import curves, headers
from gis_infra.features.shapes.shaping import Mask, Shapes, Shaping


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
    unread = draw_curves(shaping, each, np.isin(kinds, (headers.COLLECTION, *headers.CURVED)))
    unread |= {index: tell_solid(int(kinds[index]), wanted) for index in list_solids(kinds)}
    refuse_unread(shaping, wkb, unread)
    drop_measures(shaping, headers.have_measures(codes))
    return shaping


def close_rings(shaping: Shaping, wkb: Shapes, unread: Mask) -> None:
    """Areas whose rings end elsewhere than they began, closed: it is what their being areas means."""
    shaping.shapes[unread] = shapely.from_wkb(wkb[unread], on_invalid="fix")
    for index in np.flatnonzero(unread & ~shapely.is_missing(shaping.shapes)):
        shaping.warn(int(index), "was repaired: a ring was not closed")


def draw_curves(shaping: Shaping, wkb: Shapes, curved: Mask) -> dict[int, str]:
    """Arcs as lines of short chords, said how often; why what could not be drawn was not, by index."""
    unread = {}
    for index in map(int, np.flatnonzero(curved)):
        try:
            shaping.shapes[index], has_curves = curves.draw(wkb[index])
            shaping.notes[f"curves drawn as chords of {curves.STEP_DEG:g} degree"] += has_curves
        except curves.Unreadable as error:
            unread[index] = str(error)
    return unread


def list_solids(kinds: headers.Integers) -> list[int]:
    """The rows whose shape is a solid, or a face of one."""
    solids: list[int] = np.flatnonzero(np.isin(kinds, list(headers.SOLIDS))).tolist()
    return solids


def tell_solid(kind: int, wanted: str) -> str:
    """Why a solid is refused. wanted: the layer's type."""
    return f"is a {headers.SOLIDS[kind]}; the layer takes {wanted}"


def refuse_unread(shaping: Shaping, wkb: pa.Array, reasons: Mapping[int, str]) -> None:
    """Rows without a shape, with one that cannot be read, and with an empty one. reasons: known ones, by index."""
    none = wkb.is_null().to_numpy(zero_copy_only=False)
    unread = shapely.is_missing(shaping.shapes) & ~none
    shaping.refuse(none, "has no shape")
    shaping.refuse(unread, lambda index: reasons.get(index, "the shape cannot be read"))
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
