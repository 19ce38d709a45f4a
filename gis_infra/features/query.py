"""What is asked of a layer, and what comes back: the two values every protocol passes through.

Pure values. `features.reading` turns a query into one SELECT; the formats turn a page into bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.filters.tree import Condition
from gis_infra.spatial.boxes import Bbox

GeometryForm = Literal["wkb", "geojson"]


@dataclass(frozen=True)
class SortKey:
    """One column to sort by; nulls come last either way."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class FeatureQuery:
    """One request for a page of a layer.

    equals: property name -> value as text, all of which must hold.
    bbox: in its own CRS (`bbox.srid`), easting first.
    filter: a condition from CQL2 or FES; None is no filter.
    srid: EPSG code of the geometries wanted, easting first always; the protocol swaps at its edge.
    limit: at least 0; offset: rows to skip; after: id of the last feature of the page before (key-set paging,
        only without `sort`).
    properties: the columns wanted; None is all.
    geometry_form: "geojson" lets the database write the geometry as text, which is much faster than going through WKB.
    decimals: digits after the point in that text; None is what a centimetre needs (7 in degrees, 3 in metres).
    swap_axes: northing (latitude) first in that text; WKB is easting first whatever this says.
    """

    layer: Layer
    actor: Actor
    bbox: Bbox | None = None
    equals: Mapping[str, str] = field(default_factory=dict)
    filter: Condition | None = None
    ids: tuple[int, ...] | None = None
    sort: tuple[SortKey, ...] = ()
    srid: int = 4326
    limit: int = 10
    offset: int = 0
    after: int | None = None
    properties: tuple[str, ...] | None = None
    skip_geometry: bool = False
    want_count: bool = True
    geometry_form: GeometryForm = "wkb"
    decimals: int | None = None
    swap_axes: bool = False


@dataclass(frozen=True)
class Feature:
    """One row: its id, its geometry as WKB in the page's CRS (None if the row has none), its attributes by name.

    geojson: the geometry as GeoJSON text instead, where the query asked for that form.
    """

    id: int
    wkb: bytes | None
    properties: Mapping[str, Any]
    geojson: str | None = None


@dataclass(frozen=True)
class FeaturePage:
    """The rows of one page, in order.

    matched: exact number of rows the whole query has; None when it was not asked for.
    next_after: id to pass as `after` for the next page; None when sorted or when there is none.
    has_more: whether rows follow this page.
    """

    query: FeatureQuery
    features: tuple[Feature, ...]
    matched: int | None
    has_more: bool
    next_after: int | None
