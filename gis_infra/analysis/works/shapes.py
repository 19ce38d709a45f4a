"""The shape of works from GeoJSON, in the city's CRS. Runs nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.errors import InvalidParameter
from gis_infra.filters.places import mend, to_city
from gis_infra.spatial.crs import WGS84

GEOMETRY_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
LARGEST_AREA_M2 = 25e6
LONGEST_M = 100e3
MOST_VERTICES = 5000
MOST_FEATURES = 1000


def list_features(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The features of a document; a bare geometry is one without properties. Raises InvalidParameter."""
    kind = document.get("type")
    if kind in GEOMETRY_TYPES:
        return [{"geometry": document}]
    if kind == "Feature":
        return [document]
    if kind != "FeatureCollection":
        allowed = ", ".join(sorted(GEOMETRY_TYPES))
        allowed = f"Feature, FeatureCollection or one of {allowed}"
        raise InvalidParameter(f"type must be {allowed}, got {kind!r:.80}", where="type")
    features = document.get("features")
    if not isinstance(features, list) or not features or not all(isinstance(each, dict) for each in features):
        raise InvalidParameter("a FeatureCollection must hold a list of at least one feature", where="features")
    if len(features) > MOST_FEATURES:
        raise InvalidParameter(f"at most {MOST_FEATURES} features are allowed, got {len(features)}", where="features")
    return features


def join(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """The shapes taken together. Raises InvalidParameter if they have too many vertices between them."""
    require_few(int(shapely.get_num_coordinates(shapes).sum()))
    if len(shapes) == 1:
        return shapes[0]
    lines = [each for each in shapes if "Line" in each.geom_type]
    others = [each for each in shapes if "Line" not in each.geom_type]
    # Lines are only put side by side: a union cuts each at every crossing, and thousands may cross thousands.
    parts = [*shapely.get_parts(lines), *(shapely.get_parts(shapely.union_all(others)) if others else ())]
    return shapely.GeometryCollection(parts)


def parse_shape(geometry: object) -> BaseGeometry:
    """The shape of one GeoJSON geometry, longitude first, mended where it crosses itself. Raises InvalidParameter."""
    if not isinstance(geometry, dict) or geometry.get("type") not in GEOMETRY_TYPES:
        allowed = ", ".join(sorted(GEOMETRY_TYPES))
        raise InvalidParameter(f"the geometry must be one of {allowed}", where="geometry")
    try:
        shape = shapely.force_2d(shapely.from_geojson(orjson.dumps(geometry)))
    except (shapely.errors.ShapelyError, orjson.JSONEncodeError, TypeError):
        raise InvalidParameter("the coordinates of the geometry cannot be read", where="geometry") from None
    if shape.is_empty:
        raise InvalidParameter("the geometry is empty", where="geometry")
    require_lonlat(shape)
    return mend(shape, "geometry")


def require_lonlat(shape: BaseGeometry) -> None:
    """Return if the coordinates are few enough and longitude/latitude. Raises InvalidParameter."""
    require_few(int(shapely.get_num_coordinates(shape)))
    xmin, ymin, xmax, ymax = shape.bounds
    if not (-180 <= xmin <= xmax <= 180 and -90 <= ymin <= ymax <= 90):
        raise InvalidParameter(
            f"coordinates must be longitude and latitude in degrees, got a box of {xmin:g},{ymin:g},{xmax:g},{ymax:g}",
            where="geometry",
        )


def require_few(vertices: int) -> None:
    """Return if works have no more vertices than they may. Raises InvalidParameter."""
    if vertices > MOST_VERTICES:
        raise InvalidParameter(
            f"the geometry has {vertices} vertices, at most {MOST_VERTICES} are allowed", where="geometry"
        )


def to_city_shape(shape: BaseGeometry, city_srid: int) -> BaseGeometry:
    """The shape in the city's CRS. Raises InvalidParameter where it lies far from the city."""
    moved = to_city(shape, WGS84, city_srid)
    if moved is None:
        raise InvalidParameter("the works lie far outside the city", where="geometry")
    return moved


def require_reasonable(shape: BaseGeometry) -> None:
    """Return if the shape is no larger than works are. Raises InvalidParameter."""
    if shape.area > LARGEST_AREA_M2:
        raise InvalidParameter(
            f"the works cover {shape.area / 1e6:.1f} km², at most {LARGEST_AREA_M2 / 1e6:.0f} km² are allowed",
            where="geometry",
        )
    if shape.length > LONGEST_M:
        raise InvalidParameter(
            f"the works are {shape.length / 1e3:.1f} km long, at most {LONGEST_M / 1e3:.0f} km are allowed",
            where="geometry",
        )
