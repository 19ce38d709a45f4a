"""Shapes from the file's coordinates to the city's, and whether they then lie where the city is."""

import numpy as np
import shapely
from pyproj import Transformer

from gis_infra.features.shapes.places import Places
from gis_infra.features.shapes.shaping import Floats, Mask, Shapes, Shaping

Box = tuple[float, float, float, float]

# In the city's CRS. A shape that reaches beyond has no longitude/latitude the database could keep: PROJ gives up there.
FARTHEST_M = 1e7


def refuse_infinite(shaping: Shaping) -> None:
    """Shapes with a coordinate that is no number, told by the vertex."""
    coordinates, owners = shapely.get_coordinates(shaping.shapes, return_index=True)
    wrong: Mask = np.logical_not(np.isfinite(coordinates).all(axis=1))
    first = find_first(owners, wrong, len(shaping.shapes))
    starts = np.searchsorted(owners, np.arange(len(shaping.shapes)))
    shaping.refuse(
        first >= 0,
        lambda index: f"has a coordinate that is not a finite number at vertex {first[index] - starts[index] + 1}",
    )


def find_first(owners: np.ndarray, wrong: Mask, size: int) -> np.ndarray:
    """The row of the first wrong vertex of each of `size` shapes, -1 where there is none."""
    first = np.full(size, -1)
    at = np.flatnonzero(wrong)[::-1]
    first[owners[at]] = at  # the last assignment stands, which is that of the first vertex
    return first


def move(shaping: Shaping, places: Places) -> None:
    """All coordinates into the city's CRS; heights stay as they are. Shapes that have no place there are refused."""
    if places.transformer is None and not places.swap_xy:
        return
    heighted = shapely.has_z(shaping.shapes)
    for chosen, include_z in ((heighted, True), (~heighted, False)):
        rows = np.flatnonzero(chosen & ~shapely.is_missing(shaping.shapes))
        shapes = shaping.shapes[rows]
        coordinates, owners = shapely.get_coordinates(shapes, include_z=include_z, return_index=True)
        move_coordinates(coordinates, places)
        lost = find_first(owners, np.logical_not(np.isfinite(coordinates[:, :2]).all(axis=1)), len(rows)) >= 0
        moved = set_coordinates(shapes[~lost], coordinates[~lost[owners]])
        lost[~lost] = shapely.is_missing(moved)
        refuse_lost(shaping, rows[lost], places)
        shaping.shapes[rows[~lost]] = moved[~shapely.is_missing(moved)]


def set_coordinates(shapes: Shapes, coordinates: Floats) -> Shapes:
    """The shapes with other coordinates; None for one whose rings they do not close.

    Far from where a projection holds, PROJ may give two answers for one place, by a millimetre (seen with 9.5).
    """
    try:
        moved: Shapes = shapely.set_coordinates(shapes, coordinates)
    except shapely.errors.GEOSException:
        if len(shapes) == 1:
            return np.array([None], dtype=object)
        half = len(shapes) // 2
        edge = int(shapely.get_num_coordinates(shapes[:half]).sum())
        parts = ((shapes[:half], coordinates[:edge]), (shapes[half:], coordinates[edge:]))
        return np.concatenate([set_coordinates(*part) for part in parts])
    return moved


def refuse_lost(shaping: Shaping, rows: np.ndarray, places: Places) -> None:
    """Take out the shapes that cannot be moved, each with the first place where it cannot."""
    reasons = {int(row): tell_lost(shaping.shapes[row], places) for row in rows}
    shaping.refuse(np.isin(np.arange(len(shaping.shapes)), rows), lambda index: reasons[index])


def move_coordinates(coordinates: Floats, places: Places) -> None:
    """The first two columns into the city's CRS, easting first, in place."""
    if places.swap_xy:
        coordinates[:, [0, 1]] = coordinates[:, [1, 0]]
    if places.transformer is not None:
        coordinates[:, 0], coordinates[:, 1] = transform(places.transformer, coordinates)


def transform(transformer: Transformer, coordinates: Floats) -> tuple[Floats, Floats]:
    """Eastings and northings by the transformer; what it has no answer for is not finite.

    Heights are taken into account, as the database does when it keeps longitude/latitude: 2 cm at 570 m between the
    datums. Left out, a shape with heights would not come back to where it was exported from.
    """
    x, y, *_ = transformer.transform(*coordinates.T)
    return x, y


def tell_lost(shape: shapely.Geometry, places: Places) -> str:
    """Why a shape cannot be moved, with the first place where it cannot."""
    for x, y in shapely.get_coordinates(shape):
        where = places.tell_from_file(float(x), float(y))
        if where.endswith(f"of {places.source}"):
            return f"lies where the coordinate system has no answer{where}"
    return "lies where the coordinate system has no answer"


def refuse_far(shaping: Shaping) -> None:
    """Shapes that reach farther than any projection of a city holds."""
    bounds = shapely.bounds(shaping.shapes)
    far: Mask = np.any(np.abs(bounds) > FARTHEST_M, axis=1)
    shaping.refuse(
        far, lambda index: f"reaches {np.abs(bounds[index]).max():.3g} m, beyond where coordinates have a place"
    )


def refuse_outside(shaping: Shaping, extent: Box | None, places: Places) -> None:
    """Shapes that lie wholly outside a box."""
    if extent is None:
        return
    xmin, ymin, xmax, ymax = extent
    bounds = shapely.bounds(shaping.shapes)
    inside = (bounds[:, 0] <= xmax) & (bounds[:, 2] >= xmin) & (bounds[:, 1] <= ymax) & (bounds[:, 3] >= ymin)
    shaping.refuse(
        ~inside & ~shapely.is_missing(shaping.shapes),
        lambda index: f"lies outside the city{places.tell(float(bounds[index, 0]), float(bounds[index, 1]))}",
    )
