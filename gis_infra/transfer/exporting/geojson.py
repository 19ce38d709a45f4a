"""GeoJSON by RFC 7946: longitude/latitude, outer rings counter-clockwise, the feature's id as its id.

In another CRS, which the standard no longer has, the file says so in a member `crs` as GeoJSON of 2008 did.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely

from gis_infra.features.batches import GEOMETRY, ID, SOURCE_ATTRIBUTES
from gis_infra.features.formats.geojson import render, to_fragment
from gis_infra.spatial import crs
from gis_infra.transfer.exporting.content import Content


def write_geojson(path: Path, content: Content) -> tuple[str, ...]:
    """One FeatureCollection, a feature a line. Nine decimals of a degree, which is a tenth of a millimetre."""
    with path.open("wb") as file:
        file.write(render_start(content))
        separator = b"\n"
        for batch in content.batches:
            for line in render_features(batch, content):
                file.write(separator + line)
                separator = b",\n"
        file.write(b"\n]}\n")
    if content.srid == crs.WGS84:
        return ()
    return (f"the coordinates are EPSG:{content.srid}, which RFC 7946 does not allow; GDAL and QGIS read it",)


def render_start(content: Content) -> bytes:
    """The collection up to its features, which come last."""
    members: dict[str, Any] = {"type": "FeatureCollection", "name": content.layer.id}
    if content.srid != crs.WGS84:
        members["crs"] = {"type": "name", "properties": {"name": crs.to_urn(content.srid)}}
    return orjson.dumps(members).removesuffix(b"}") + b',"features":['


def render_features(batch: pa.RecordBatch, content: Content) -> Iterator[bytes]:
    """Each feature as GeoJSON bytes."""
    ids = batch.column(ID).to_pylist()
    shapes = render_shapes(batch.column(GEOMETRY), content.decimals)
    names = [name for name in content.columns if name != ID]
    rows = zip(*(batch.column(name).to_pylist() for name in names), strict=True) if names else [()] * len(ids)
    for feature_id, shape, values in zip(ids, shapes, rows, strict=True):
        properties = dict(zip(names, values, strict=True))
        if properties.get(SOURCE_ATTRIBUTES) is not None:
            properties[SOURCE_ATTRIBUTES] = orjson.Fragment(properties[SOURCE_ATTRIBUTES])
        yield render({"type": "Feature", "id": feature_id, "geometry": to_fragment(shape), "properties": properties})


def render_shapes(wkb: pa.Array, decimals: int) -> list[str | None]:
    """Geometries as GeoJSON text. Source: RFC 7946, 3.1.6 (order of rings)."""
    shapes = shapely.orient_polygons(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)))
    rounded = shapely.transform(
        shapes, lambda each: np.round(each, decimals), include_z=bool(shapely.has_z(shapes).any())
    )
    texts: list[str | None] = shapely.to_geojson(rounded).tolist()
    return texts
