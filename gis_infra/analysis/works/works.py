"""Works that somebody means to do: where, how deep, when. Read from GeoJSON, as the map draws it or a file holds it."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.errors import InvalidParameter
from gis_infra.filters.places import mend, to_city
from gis_infra.spatial.crs import WGS84

Method = Literal["open_cut", "trenchless"]

METHODS: tuple[Method, ...] = ("open_cut", "trenchless")
GEOMETRY_TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
LARGEST_AREA_M2 = 25e6
LONGEST_M = 100e3
MOST_VERTICES = 5000
MOST_FEATURES = 1000
WIDEST_BUFFER_M = 500.0
DEEPEST_M = 200.0


@dataclass(frozen=True)
class Works:
    """Planned works.

    shape: in the city's CRS, easting first, without heights.
    depth_m: how deep they go below ground; None if not said. buffer_m: look at least this far around.
    starts_on, ends_on: first and last day, both included; None if not said.
    """

    shape: BaseGeometry
    depth_m: float | None = None
    method: Method = "open_cut"
    buffer_m: float = 0.0
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None


def parse_works(document: object, city_srid: int) -> Works:
    """Works from a GeoJSON geometry, Feature or FeatureCollection (whose shapes are taken together).

    Coordinates are longitude/latitude (CRS84). Of a Feature, or of the first one of a collection, the properties
    depth_m, method, buffer_m, starts_on and ends_on are read; others may be there.
    Raises InvalidParameter, which says what is wrong and what is allowed.
    """
    if not isinstance(document, dict):
        raise InvalidParameter("the works must be a GeoJSON object: a geometry, a Feature or a FeatureCollection")
    features = list_features(document)
    properties = features[0].get("properties") or {}
    if not isinstance(properties, dict):
        raise InvalidParameter("the properties of the works must be an object", where="properties")
    shape = to_city_shape(join([parse_shape(each.get("geometry")) for each in features]), city_srid)
    require_reasonable(shape)
    return Works(
        shape=shape,
        depth_m=parse_number(properties, "depth_m", DEEPEST_M),
        method=parse_method(properties),
        buffer_m=parse_number(properties, "buffer_m", WIDEST_BUFFER_M) or 0.0,
        **parse_window(properties),
    )


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
        raise InvalidParameter(f"type must be {allowed}, got {kind!r}", where="type")
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


def parse_number(properties: Mapping[str, Any], name: str, largest: float) -> float | None:
    """A number of metres from 0 to `largest`; None if it is not given. Raises InvalidParameter."""
    value = properties.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidParameter(f"{name} must be a number of metres, got {value!r}", where=name)
    if not 0 <= value <= largest:
        raise InvalidParameter(f"{name} must be from 0 to {largest:g} m, got {value:g}", where=name)
    return float(value)


def parse_method(properties: Mapping[str, Any]) -> Method:
    """How the works are done; by open cut if it is not given. Raises InvalidParameter."""
    value = properties.get("method")
    if value is None:
        return "open_cut"
    if value not in METHODS:
        raise InvalidParameter(f"method must be one of {', '.join(METHODS)}, got {value!r}", where="method")
    return cast(Method, value)


def parse_window(properties: Mapping[str, Any]) -> dict[str, datetime.date | None]:
    """The first and the last day. Raises InvalidParameter."""
    days = {name: parse_day(properties.get(name), name) for name in ("starts_on", "ends_on")}
    starts_on, ends_on = days["starts_on"], days["ends_on"]
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidParameter(f"ends_on {ends_on} is before starts_on {starts_on}", where="ends_on")
    return days


def parse_day(value: object, name: str) -> datetime.date | None:
    """A day like 2026-12-01, None if it is not given. Raises InvalidParameter."""
    if value is None or value == "":
        return None
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise InvalidParameter(f"{name} must be a day like 2026-12-01, got {value!r}", where=name) from None
