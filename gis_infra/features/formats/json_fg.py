"""Features as JSON-FG: GeoJSON that also says of what type they are, when they are there, and in any CRS.

Source: OGC 21-045r1 (Features and Geometries JSON 1.0), classes Core and Feature Types and Schemas.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gis_infra.catalogue.definitions import GeometryType, Layer
from gis_infra.features.formats.frame import Frame
from gis_infra.features.formats.geojson import render, to_fragment
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.spatial.crs import CRS84_URI

CLASSES = (
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/core",
    "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas",
)
OPEN = ".."
DIMENSIONS: Mapping[GeometryType, int] = {
    "Point": 0,
    "MultiPoint": 0,
    "LineString": 1,
    "MultiLineString": 1,
    "Polygon": 2,
    "MultiPolygon": 2,
}


def widen(query: FeatureQuery) -> FeatureQuery:
    """The same query with every attribute read, because the time of a feature may stand in one that is not shown."""
    return replace(query, properties=None)


def write(batches: Iterable[Sequence[Feature]], frame: Frame) -> Generator[bytes, None, None]:
    """A FeatureCollection in pieces, one for each batch read with geometry_form "geojson" and `widen`."""
    start = render({"type": "FeatureCollection", **make_head(frame)})
    before = start[:-1] + b',"features":['
    for batch in batches:
        yield before + b",".join(render(to_document(feature, frame)) for feature in batch)
        before = b","
    end = render(frame.members)[1:]
    yield (b"" if before == b"," else before) + (b"]" if end == b"}" else b"],") + end


def write_one(feature: Feature, frame: Frame) -> bytes:
    """One Feature as a document of its own."""
    return render({**make_head(frame), **to_document(feature, frame), **frame.members})


def make_head(frame: Frame) -> dict[str, Any]:
    """What holds for every feature of a document, said once at its top: /req/core/metadata, /req/types-schemas."""
    layer = frame.query.layer
    head = {
        "conformsTo": CLASSES,
        "featureType": layer.id,
        "featureSchema": frame.schema,
        "geometryDimension": DIMENSIONS[layer.geometry],
    }
    return head | ({"coordRefSys": frame.crs_name} if has_place(frame) else {})


def has_place(frame: Frame) -> bool:
    """Whether the shape is told in a CRS that GeoJSON does not have: then it stands in "place", and "geometry" is null.

    Source: OGC 21-045r1, /req/core/place and /req/core/geometry.
    """
    return frame.crs_name != CRS84_URI


def to_document(feature: Feature, frame: Frame) -> dict[str, Any]:
    """One feature."""
    shape = to_fragment(feature.geojson)
    shown = frame.query.properties
    return {
        "type": "Feature",
        "id": feature.id,
        "time": make_time(frame.query.layer, feature),
        "place": shape if has_place(frame) else None,
        "geometry": None if has_place(frame) else shape,
        "properties": feature.properties
        if shown is None
        else {name: value for name, value in feature.properties.items() if name in shown},
    }


def make_time(layer: Layer, feature: Feature) -> dict[str, Any] | None:
    """From when until when the feature is there; None if it does not say. Source: OGC 21-045r1, /req/core/interval."""
    names = layer.find_time_fields()
    if names is None:
        return None
    ends: list[date | None] = [feature.properties.get(name) for name in names]
    if ends == [None, None]:
        return None
    return {"interval": [OPEN if each is None else each.isoformat() for each in ends]}
