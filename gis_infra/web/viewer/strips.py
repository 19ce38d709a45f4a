"""The ground that works along a street or a drawn line take, as an area in longitude/latitude.

Measured in the city's CRS. Streets are read through `features.reading`, so none shows that the actor could not page
through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.works.properties import WIDEST_BUFFER_M, parse_number
from gis_infra.analysis.works.shapes import parse_shape, require_reasonable, to_city_shape
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter, UnknownFeature
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.web.viewer.identifying import to_lonlat

STREETS = "road_segment"
MOST_SEGMENTS = 500
# Streets of one name in two quarters are two streets; pieces of one meet, or leave a junction between them.
MOST_GAP_M = 40.0
# Of a street whose width nobody recorded.
USUAL_WIDTH_M = 6.0
LEAST_REACH_M = 0.05
# Arcs of so many pieces a quarter circle, then corners nobody could dig: works are checked with few vertices.
QUARTER_PIECES, CORNER_M = 4, 0.02


@dataclass(frozen=True)
class StripOrder:
    """What a strip is wanted of: pieces of streets or a shape in the city's CRS, one of the two.

    whole: with all pieces of the same streets. reach_m: to either side; None: half the width of each street.
    """

    segments: tuple[int, ...] = ()
    shape: BaseGeometry | None = None
    whole: bool = False
    reach_m: float | None = None


def parse_order(document: object, srid: int) -> StripOrder:
    """The order in a JSON object: `segments` and `whole`, or a GeoJSON `geometry`, and `reach_m`.

    Raises InvalidParameter.
    """
    if not isinstance(document, dict) or ("segments" in document) == ("geometry" in document):
        raise InvalidParameter("give either segments, a list of ids of streets, or geometry", where="body")
    reach_m = parse_number(document, "reach_m", LEAST_REACH_M, WIDEST_BUFFER_M)
    if "segments" in document:
        return StripOrder(parse_segments(document["segments"]), whole=document.get("whole") is True, reach_m=reach_m)
    shape = to_city_shape(parse_shape(document["geometry"]), srid)
    require_reasonable(shape)
    return StripOrder(shape=shape, reach_m=reach_m)


def parse_segments(value: object) -> tuple[int, ...]:
    """The ids of pieces of streets. Raises InvalidParameter."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_SEGMENTS:
        raise InvalidParameter(f"segments must be a list of 1 to {MOST_SEGMENTS} ids", where="segments")
    for each in value:
        if isinstance(each, bool) or not isinstance(each, int) or not 0 < each < 2**53:
            raise InvalidParameter(f"segments must be ids, got {each!r:.40}", where="segments")
    return tuple(dict.fromkeys(value))


@dataclass(frozen=True)
class Ground:
    """What streets are read from, for whom."""

    catalogue: Catalogue
    tables: LayerTables
    actor: Actor


def make_strip(connection: Connection, ground: Ground, order: StripOrder) -> dict[str, Any]:
    """The strip as JSON values: geometry (MultiPolygon, longitude/latitude), area_m2, and of streets their segments,
    names and length_m.

    Raises UnknownFeature for a street that is not there or may not be seen, InvalidParameter where there is no area.
    """
    if order.shape is not None:
        return to_document(widen(np.array([order.shape]), np.array([order.reach_m or 0.0])), ground.tables.srid)
    found = read_streets(connection, ground, order)
    lines = np.array([shapely.force_2d(shapely.from_wkb(each.wkb)) for each in found], dtype=object)
    strip = widen(lines, np.array([order.reach_m or get_width(each) / 2 for each in found]))
    names = dict.fromkeys(each.properties["name"] for each in found if each.properties["name"])
    streets = {"segments": [each.id for each in found], "names": list(names)}
    return to_document(strip, ground.tables.srid) | streets | {"length_m": float(shapely.length(lines).sum())}


def get_width(street: Feature) -> float:
    """How wide a street is, metres."""
    return street.properties["width_m"] or USUAL_WIDTH_M


def widen(shapes: NDArray[Any], reach_m: NDArray[np.float64]) -> BaseGeometry:
    """All that lies within reach of the shapes, one reach each. Raises InvalidParameter where that is no area."""
    strip = shapely.simplify(shapely.union_all(shapely.buffer(shapes, reach_m, quad_segs=QUARTER_PIECES)), CORNER_M)
    if strip.is_empty:
        raise InvalidParameter("a line needs reach_m, how far works go to either side", where="reach_m")
    require_reasonable(strip)
    return strip


def to_document(strip: BaseGeometry, srid: int) -> dict[str, Any]:
    """An area of the city's CRS as JSON values."""
    area = shapely.MultiPolygon(list(shapely.get_parts(strip)))
    return {"geometry": to_lonlat(area, srid), "area_m2": float(area.area)}


def read_streets(connection: Connection, ground: Ground, order: StripOrder) -> list[Feature]:
    """The streets of an order, by id; of whole streets every piece of them. Raises UnknownFeature."""
    found = read_segments(connection, ground, {"ids": order.segments})
    if len(found) < len(order.segments):
        gone = set(order.segments) - {each.id for each in found}
        raise UnknownFeature(f"there is no street with the id {min(gone)}", where="segments")
    names = {each.properties["name"] for each in found} - {None, ""}
    if not order.whole or not names:
        return found
    named = [each for name in sorted(names) for each in read_segments(connection, ground, {"equals": {"name": name}})]
    known = {each.id: each for each in (*found, *named)}
    return list_joined([known[key] for key in sorted(known)], set(order.segments))[:MOST_SEGMENTS]


def read_segments(connection: Connection, ground: Ground, narrowed: Mapping[str, Any]) -> list[Feature]:
    """Pieces of streets with a shape, their names and widths, by id."""
    layer = ground.catalogue.get_layer(STREETS)
    query = FeatureQuery(
        layer,
        ground.actor,
        srid=ground.tables.srid,
        limit=MOST_SEGMENTS,
        properties=("name", "width_m"),
        want_count=False,
        **narrowed,
    )
    return [each for each in read_page(connection, ground.tables, query).features if each.wkb is not None]


def list_joined(streets: Sequence[Feature], chosen: set[int]) -> list[Feature]:
    """The chosen streets and all that join on to them, also by way of others."""
    lines = np.array([shapely.from_wkb(each.wkb) for each in streets], dtype=object)
    left, right = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=MOST_GAP_M)
    reached = np.array([each.id in chosen for each in streets])
    while True:
        further = reached.copy()
        further[right[reached[left]]] = True
        if (further == reached).all():
            return [each for each, is_in in zip(streets, reached, strict=True) if is_in]
        reached = further
