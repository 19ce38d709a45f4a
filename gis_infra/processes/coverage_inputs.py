"""The inputs of the process `coverage` as an order: what is drawn is read, counted and brought into the city's CRS.

Nothing here asks the database. What an order may ask for is bounded here and in `analysis.coverage.runs.planning`.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from shapely.geometry.base import BaseGeometry

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.methods.model import Drawn, WhatIf
from gis_infra.analysis.coverage.runs.orders import PERIODS, SOURCES, CoverageOrder, SitesOrder, Source
from gis_infra.analysis.coverage.standards.kinds import METHODS
from gis_infra.analysis.rules.model import Member
from gis_infra.analysis.works.shapes import parse_shape
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.errors import InvalidParameter
from gis_infra.filters.places import to_city
from gis_infra.processes.definitions import Context, Inputs, Parameter, read_clock
from gis_infra.spatial import crs
from gis_infra.spatial.crs import WGS84

CACHE = "cache"  # in the home of the program
MOST_DRAWN = 1000
MOST_IDS = 10_000
MOST_POINTS = 100_000
MOST_SITES = 100
LARGEST_ID = 2**63 - 1
ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
IDS = {"type": "array", "items": ID, "maxItems": MOST_IDS, "uniqueItems": True}
NAME = {"type": "string", "minLength": 1, "maxLength": 100}
WHAT_IF: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "add": {
            "type": "object",
            "description": "FeatureCollection, longitude/latitude; properties reach and capacity where they differ",
        },
        "add_layer": {"type": "array", "items": NAME, "maxItems": 10, "uniqueItems": True},
        "planned": {"type": "boolean"},
        "without": IDS,
        "closed": IDS,
        "closing": {"type": "object", "description": "GeoJSON geometry, longitude/latitude"},
    },
    "additionalProperties": False,
}
SITES: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "n": {"type": "integer", "minimum": 1, "maximum": MOST_SITES},
        "from": {"type": "string", "enum": list(SOURCES)},
        "points": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            "maxItems": MOST_POINTS,
        },
        "spacing_m": {"type": "number", "minimum": 10, "maximum": 100_000},
        "layer": NAME,
    },
    "required": ["n", "from"],
    "additionalProperties": False,
}
INPUTS: Mapping[str, Parameter] = {
    "service": Parameter(Title(vi="Dịch vụ", en="Service"), NAME, required=True),
    "demand": Parameter(Title(vi="Đối tượng phục vụ", en="Whom it is to reach"), NAME),
    "method": Parameter(Title(vi="Phương pháp", en="Method"), {"type": "string", "enum": list(METHODS)}),
    "distance_m": Parameter(
        Title(vi="Tầm phục vụ (m)", en="Reach in metres"),
        {"type": "number", "exclusiveMinimum": 0, "maximum": 100_000},
    ),
    "minutes": Parameter(
        Title(vi="Tầm phục vụ (phút)", en="Reach in minutes"),
        {"type": "number", "exclusiveMinimum": 0, "maximum": 600},
    ),
    "day": Parameter(
        Title(vi="Đơn vị hành chính của ngày", en="Administrative units of this day"),
        {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    ),
    "level": Parameter(Title(vi="Cấp đơn vị hành chính", en="Level of the units"), NAME),
    "what_if": Parameter(Title(vi="Giả định", en="What is assumed"), WHAT_IF),
    "sites": Parameter(Title(vi="Tìm vị trí đặt thêm", en="Where one more would help most"), SITES),
    "period": Parameter(
        Title(vi="Đưa vào chuỗi của kỳ vừa hết", en="Put into the series of the period that ended last"),
        {"type": "string", "enum": list(PERIODS)},
    ),
    "title": Parameter(Title(vi="Tên lần tính", en="Title of the run"), {"type": "string", "maxLength": 200}),
}


def make_order(inputs: Inputs, context: Context) -> CoverageOrder:
    """The order that inputs, which fit their schemas, ask for.

    Raises InvalidParameter for a day or a shape that is none, UnknownLayer for a layer the actor may not see.
    """
    return CoverageOrder(
        actor=context.actor,
        service=inputs["service"],
        now=read_clock(),
        catalogue=context.catalogue,
        cache=context.settings.home / CACHE,
        day=parse_day(inputs.get("day")),
        level=inputs.get("level"),
        demand=inputs.get("demand"),
        method=inputs.get("method"),
        distance_m=inputs.get("distance_m"),
        minutes=inputs.get("minutes"),
        what_if=parse_what_if(inputs.get("what_if", {}), context),
        sites=parse_sites(inputs["sites"], context) if "sites" in inputs else None,
        period=inputs.get("period"),
        title=inputs.get("title", ""),
        tell=context.progress,
    )


def parse_day(text: str | None) -> datetime.date | None:
    """The day written as 2026-11-23, None without one. Raises InvalidParameter."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter(f"day must be a day as 2026-11-23, got {text[:40]!r}", where="day") from None


def parse_what_if(asked: Mapping[str, Any], context: Context) -> WhatIf:
    """What is assumed, in the city's CRS. Raises InvalidParameter, UnknownLayer."""
    srid = context.settings.city_srid
    layers = [require_layer(each, context.catalogue, context.actor) for each in asked.get("add_layer", [])]
    return WhatIf(
        drawn=parse_drawn(asked["add"], srid) if "add" in asked else (),
        layers=tuple(layers),
        planned=asked.get("planned", False),
        without=tuple(asked.get("without", [])),
        closed=tuple(asked.get("closed", [])),
        closing=move(parse_shape(asked["closing"]), srid, "what_if.closing") if "closing" in asked else None,
    )


def require_layer(layer_id: str, catalogue: Catalogue, actor: Actor) -> Member:
    """All rows of a layer that the actor may see. Raises UnknownLayer."""
    layer = catalogue.get_layer(layer_id)
    actor.require("read", layer)
    return Member(layer_id)


def parse_drawn(document: Mapping[str, Any], srid: int) -> tuple[Drawn, ...]:
    """The facilities of a FeatureCollection, in its order. Raises InvalidParameter."""
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InvalidParameter("what_if.add must be a GeoJSON FeatureCollection", where="what_if.add")
    if len(features) > MOST_DRAWN:
        raise InvalidParameter(
            f"at most {MOST_DRAWN} facilities can be drawn, got {len(features)}", where="what_if.add"
        )
    return tuple(parse_facility(each, srid) for each in features)


def parse_facility(feature: object, srid: int) -> Drawn:
    """One drawn facility. Raises InvalidParameter."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise InvalidParameter("every feature of what_if.add must be a GeoJSON Feature", where="what_if.add")
    properties = feature.get("properties") or {}
    shape = move(parse_shape(feature.get("geometry")), srid, "what_if.add")
    return Drawn(shape, parse_number(properties, "reach"), parse_number(properties, "capacity"))


def parse_number(properties: Mapping[str, Any], name: str) -> float | None:
    """The number in a property of a drawn facility, None without one. Raises InvalidParameter."""
    value = properties.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidParameter(f"{name} of a drawn facility must be a number, got {value!r:.40}", where="what_if.add")
    return float(value)


def move(shape: BaseGeometry, srid: int, where: str) -> BaseGeometry:
    """A shape in longitude/latitude in the city's CRS. Raises InvalidParameter far from the city."""
    moved = to_city(shape, WGS84, srid)
    if moved is None:
        raise InvalidParameter("what is drawn lies far outside the city", where=where)
    return moved


def parse_sites(asked: Mapping[str, Any], context: Context) -> SitesOrder:
    """The search for sites. Raises InvalidParameter, UnknownLayer."""
    layer = asked.get("layer")
    return SitesOrder(
        n=asked["n"],
        source=cast(Source, asked["from"]),
        points=move_points(asked.get("points", []), context.settings.city_srid),
        spacing_m=asked.get("spacing_m"),
        member=None if layer is None else require_layer(layer, context.catalogue, context.actor),
    )


def move_points(points: Sequence[Sequence[float]], srid: int) -> tuple[tuple[float, float], ...]:
    """Points given as longitude, latitude in the city's CRS, easting first. Raises InvalidParameter."""
    if not points:
        return ()
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise InvalidParameter("sites.points must be longitude and latitude in degrees", where="sites.points")
    # One by one: a shape of them all would lose their order, which says what counts among equals.
    east, north = crs.get_transformer(WGS84, srid).transform(*np.asarray(points, dtype=np.float64).T)
    if not np.isfinite(east).all() or not np.isfinite(north).all():
        raise InvalidParameter("a point of sites.points lies far outside the city", where="sites.points")
    return tuple(zip(east.tolist(), north.tolist(), strict=True))
