"""The first features of a file as a map can show them before they are imported: GeoJSON, longitude first."""

import json
import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from gis_infra.spatial.crs import WGS84, get_transformer
from gis_infra.transfer.cleaning.batch import find_geometry
from gis_infra.transfer.coordinates.systems import CrsGuess
from gis_infra.transfer.inspecting import Inspection, read_columns
from gis_infra.transfer.planning import read_names
from gis_infra.transfer.problems import show
from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import Source

ROWS = 200
MOST_VERTICES = 20_000
SHOWN_ROWS = 5
DIGITS = 7  # of a degree: a centimetre
Shapes = npt.NDArray[np.object_]
Places = npt.NDArray[np.float64]


def sample(source: Source, inspection: Inspection) -> dict[str, Any]:
    """A FeatureCollection of at most 200 of the first features with their columns, read as inspected.

    Empty where nobody knows the coordinate system. Shapes that cannot be shown are left out, and so is what comes
    after 20,000 vertices. Raises InvalidSource.
    """
    features: list[dict[str, Any]] = []
    batch = next(read_batches(source, ROWS), None)
    if batch is not None and inspection.crs.srid is not None:
        shapes = to_lonlat(read_shapes(batch), inspection.crs)
        columns = read_columns(source, read_names(source, inspection.text), inspection.text)
        features = list(make_features(shapes, {name: each.to_pylist() for name, each in columns.items()}))
    return {"type": "FeatureCollection", "features": features}


def list_rows(source: Source, inspection: Inspection) -> list[dict[str, Any]]:
    """The first rows with their columns as read, where they lie or not; none of a layer without rows.

    Raises InvalidSource.
    """
    columns = read_columns(source, read_names(source, inspection.text), inspection.text)
    values = [column.slice(0, SHOWN_ROWS).to_pylist() for column in columns.values()]
    return [dict(zip(columns, map(to_plain, row), strict=True)) for row in zip(*values, strict=True)]


def read_shapes(batch: pa.RecordBatch) -> Shapes:
    """The shapes of a batch; None where there is none or it is none."""
    at = find_geometry(batch.schema)
    if at is None:
        return np.empty(0, dtype=object)
    found: Shapes = shapely.from_wkb(batch.column(at).to_numpy(zero_copy_only=False), on_invalid="ignore")
    return found


def to_lonlat(shapes: Shapes, crs: CrsGuess) -> Shapes:
    """Shapes of a file in longitude and latitude, without heights; None for those with no place on the earth."""
    moved: Shapes = shapely.transform(shapes, partial(move, crs=crs))
    there = np.isfinite(shapely.bounds(moved)).all(axis=1) & ~shapely.is_empty(moved)
    moved[~there] = None
    return moved


def move(xy: Places, crs: CrsGuess) -> Places:
    """Places of a file as longitude and latitude."""
    x, y = (xy[:, 1], xy[:, 0]) if crs.swap_xy else (xy[:, 0], xy[:, 1])
    if crs.srid is not None and crs.srid != WGS84:
        x, y = get_transformer(crs.srid, WGS84).transform(x, y)
    places: Places = np.column_stack((x, y)).astype(np.float64)
    return places.round(DIGITS)


def make_features(shapes: Shapes, columns: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """A feature for each shape that is there, with the values of its row."""
    vertices = 0
    for row, shape in enumerate(shapes):
        if shape is None:
            continue
        vertices += shapely.get_num_coordinates(shape)
        if vertices > MOST_VERTICES:
            return
        values = {name: to_plain(column[row]) for name, column in columns.items() if row < len(column)}
        yield {
            "type": "Feature",
            "id": row + 1,
            "geometry": json.loads(shapely.to_geojson(shape)),
            "properties": values,
        }


def to_plain(value: Any) -> Any:
    """A value as JSON can hold it; long text is shortened."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return show(value)
