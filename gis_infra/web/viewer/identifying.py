"""What lies near a point of the map, layer by layer, in words of the user's language.

Distances are metres in the city's CRS; geometries come out in longitude/latitude. Everything is read through
`features.reading`, so nothing shows here that the actor could not page through.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.catalogue.units import UNITS
from gis_infra.errors import InvalidParameter
from gis_infra.features import reading
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.filters.tree import Condition
from gis_infra.spatial import boxes, crs
from gis_infra.web.ogcapi.parameters import parse_condition
from gis_infra.web.viewer.parameters import parse_number

MAX_PER_LAYER = 25
# A box finds what only its corner touches; so many are read before the circle decides.
MOST_READ = 4 * MAX_PER_LAYER
# A centimetre at least: a box without any area meets no polygon.
MIN_RADIUS_M, MAX_RADIUS_M = 0.01, 500.0


@dataclass(frozen=True)
class Place:
    """A point to look around. longitude, latitude: degrees; radius_m: how far to look, metres on the ground plan."""

    longitude: float
    latitude: float
    radius_m: float


@dataclass(frozen=True)
class Around:
    """The same point in the city's CRS, and what is needed to bring findings back. x, y: easting, northing, metres."""

    x: float
    y: float
    radius_m: float
    srid: int


@dataclass(frozen=True)
class Wanted:
    """Whose features are looked for, for whom. filter: what the map lets through, None for all."""

    layer: Layer
    actor: Actor
    filter: Condition | None = None


@dataclass(frozen=True)
class Found:
    """One feature within reach. distance_m: metres on the ground plan, 0 inside an area; geometry: the city's CRS."""

    distance_m: float
    geometry: BaseGeometry
    feature: Feature


def parse_place(arguments: Mapping[str, str]) -> Place:
    """Read `lon`, `lat` and `radius_m` (5 m unless given). Raises InvalidParameter."""
    return Place(
        longitude=parse_number(arguments, "lon", -180, 180),
        latitude=parse_number(arguments, "lat", -90, 90),
        radius_m=parse_number(arguments, "radius_m", MIN_RADIUS_M, MAX_RADIUS_M, default=5),
    )


def parse_layers(text: str | None, visible: Sequence[Layer]) -> Sequence[Layer]:
    """The layers named in `layers`, a comma-separated list of ids; all visible ones when it is not given.

    Raises InvalidParameter for an id that is not among `visible`; whether it exists is not told.
    """
    if text is None:
        return visible
    known = {layer.id: layer for layer in visible}
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            raise InvalidParameter(f"there is no layer {name[:60]!r}", where="layers")
    return tuple(layer for layer in visible if layer.id in set(names))


def to_around(place: Place, srid: int) -> Around:
    """`place` in the CRS `srid`. Raises InvalidParameter when it cannot be expressed there."""
    x, y = crs.get_transformer(crs.WGS84, srid).transform(place.longitude, place.latitude)
    box = (x - place.radius_m, y - place.radius_m, x + place.radius_m, y + place.radius_m)
    if not all(abs(number) < 1e8 for number in box):
        raise InvalidParameter(
            f"lon {place.longitude} lat {place.latitude} lies outside what EPSG:{srid} can express", where="lon"
        )
    return Around(x, y, place.radius_m, srid)


def parse_filter(arguments: Mapping[str, str], layer: Layer, city_srid: int) -> Condition | None:
    """What the map lets through of a layer: CQL2 text in `filter.` and its id. Raises InvalidParameter."""
    text = arguments.get(f"filter.{layer.id}")
    return None if text is None else parse_condition({"filter": text}, layer, city_srid)


def read_layer(connection: Connection, tables: LayerTables, wanted: Wanted, around: Around) -> list[Found]:
    """The features of a layer within reach, nearest first."""
    box = boxes.make(
        around.x - around.radius_m,
        around.y - around.radius_m,
        around.x + around.radius_m,
        around.y + around.radius_m,
        srid=around.srid,
    )
    query = FeatureQuery(
        wanted.layer,
        wanted.actor,
        bbox=box,
        srid=around.srid,
        filter=wanted.filter,
        limit=MOST_READ,
        want_count=False,
    )
    page = reading.read_page(connection, tables, query)
    found = [measure(feature, around) for feature in page.features]
    near = [each for each in found if each.distance_m <= around.radius_m]
    return sorted(near, key=lambda each: (each.distance_m, each.feature.id))


def measure(feature: Feature, around: Around) -> Found:
    """The feature with its distance from the point; a feature found by a box has a geometry."""
    geometry = cast(BaseGeometry, shapely.from_wkb(feature.wkb))
    return Found(float(shapely.distance(geometry, shapely.Point(around.x, around.y))), geometry, feature)


def to_group(layer: Layer, found: list[Found], around: Around, language: Language) -> dict[str, Any]:
    """One layer's findings as JSON values; `more` says that some were left off."""
    return {
        "id": layer.id,
        "title": layer.title.get_in(language),
        "features": [to_finding(layer, each, around, language) for each in found[:MAX_PER_LAYER]],
        "more": len(found) > MAX_PER_LAYER,
    }


def to_finding(layer: Layer, found: Found, around: Around, language: Language) -> dict[str, Any]:
    """One feature: its label, its geometry in longitude/latitude, and every attribute that has a value."""
    feature = found.feature
    label = feature.properties.get(layer.label) if layer.label else None
    return {
        "id": feature.id,
        "label": None if label is None else str(label),
        "distance_m": round(found.distance_m, 3),
        "geometry": to_lonlat(found.geometry, around.srid),
        "attributes": [
            to_attribute(field, feature.properties[field.name], language)
            for field in layer.fields
            if feature.properties.get(field.name) is not None
        ],
    }


def to_lonlat(geometry: BaseGeometry, srid: int) -> Any:
    """A geometry of the CRS `srid` as GeoJSON in longitude/latitude, on the ground plan."""
    x, y = shapely.get_coordinates(geometry).T
    moved = np.column_stack(crs.get_transformer(srid, crs.WGS84).transform(x, y))
    return json.loads(shapely.to_geojson(shapely.set_coordinates(shapely.force_2d(geometry), moved)))


def to_attribute(field: Field, value: Any, language: Language) -> dict[str, Any]:
    """One attribute: its title, its unit as people write it, the stored value, and for a code what the code means."""
    meaning = field.codes.get(value) if isinstance(value, str) else None
    return {
        "name": field.name,
        "title": field.title.get_in(language),
        "type": field.type,
        "unit": None if field.unit is None else UNITS[field.unit].symbol,
        "value": value.isoformat() if isinstance(value, date) else value,
        "text": None if meaning is None else meaning.get_in(language),
        "universal": field.universal,
        "system": field.system,
    }
