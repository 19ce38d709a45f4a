"""Works that somebody means to do: where, how deep, when. Read from GeoJSON, as the map draws it or a file holds it."""

import datetime
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.works.properties import (
    WIDEST_BUFFER_M,
    Datum,
    Method,
    parse_depths,
    parse_number,
    parse_text,
    parse_window,
)
from gis_infra.analysis.works.shapes import join, list_features, parse_shape, require_reasonable, to_city_shape
from gis_infra.errors import InvalidParameter


@dataclass(frozen=True)
class Works:
    """Planned works.

    shape: in the city's CRS, easting first, without heights.
    depth_m: how deep they go below ground; None if not said. bore_m: height of a bore. buffer_m: look at least this far
    around. bottom_level_m, ground_level_m: levels above `vertical_datum` (None: not said).
    starts_on, ends_on: first and last day, both included; None if not said.
    project, phase: id and phase of the works project this is; None if it is drawn.
    """

    shape: BaseGeometry
    depth_m: float | None = None
    method: Method = "open_cut"
    buffer_m: float = 0.0
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    bore_m: float | None = None
    bottom_level_m: float | None = None
    ground_level_m: float | None = None
    vertical_datum: Datum | None = None
    name: str | None = None
    applicant: str | None = None
    project: int | None = None
    phase: str | None = None

    def find_depth(self) -> float | None:
        """How deep the bottom lies below ground, metres; None where nothing tells."""
        if self.depth_m is None and self.bottom_level_m is not None and self.ground_level_m is not None:
            return self.ground_level_m - self.bottom_level_m
        return self.depth_m

    def find_bottom_level(self) -> float | None:
        """The level of the bottom, metres; None where nothing tells."""
        if self.bottom_level_m is None and self.depth_m is not None and self.ground_level_m is not None:
            return self.ground_level_m - self.depth_m
        return self.bottom_level_m


def parse_works(document: object, city_srid: int) -> Works:
    """Works from a GeoJSON geometry, Feature or FeatureCollection (whose shapes are taken together).

    Coordinates are longitude/latitude (CRS84). Of a Feature, or of the first one of a collection, the properties named
    as the attributes of `Works` are read; others may be there.
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
        buffer_m=parse_number(properties, "buffer_m", 0.0, WIDEST_BUFFER_M) or 0.0,
        **parse_depths(properties),
        **parse_window(properties),
        name=parse_text(properties, "name"),
        applicant=parse_text(properties, "applicant"),
    )
