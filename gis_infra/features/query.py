"""What is asked of a layer, and what comes back: the two values every protocol passes through.

Pure values. `features.reading` turns a query into one SELECT; the formats turn a page into bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.filters.tree import Condition
from gis_infra.spatial.boxes import Bbox

GeometryForm = Literal["wkb", "geojson", "document", "gml32", "gml31", "gml2"]
KeyValue = str | int | float | bool | date | datetime | None


@dataclass(frozen=True)
class SortKey:
    """One column to sort by; nulls come last either way."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Cursor:
    """A place in the order of a query: just beyond the row with these values of its sort keys and this id.

    values: one for each key of the query's sort, in its order. backwards: the page ends before the row instead of
    beginning after it. The row itself need not be there any more.
    """

    values: tuple[KeyValue, ...]
    id: int
    backwards: bool = False


@dataclass(frozen=True)
class FeatureQuery:
    """One request for a page of a layer.

    equals: property name -> value as text, all of which must hold.
    bbox: in its own CRS (`bbox.srid`), easting first.
    filter: a condition from CQL2 or FES; None is no filter.
    srid: EPSG code of the geometries wanted, easting first always; the protocol swaps at its edge.
    limit: at least 0; offset: rows to skip. cursor: the place where the page begins or, backwards, ends, as an earlier
        page of the same sort gave it; `offset` counts from there.
    properties: the columns wanted; None is all.
    geometry_form: "geojson" lets the database write the geometry as text, which is much faster than going through WKB;
        "document" lets it write each feature whole, as GeoJSON; a version of GML lets it write the attributes, and the
        geometry comes as WKB.
    decimals: digits after the point in that text; None is what a centimetre needs (7 in degrees, 3 in metres).
    swap_axes: northing (latitude) first in that text; WKB is easting first whatever this says.
    count_bound: matches are counted up to this number only, and only for a moment; None counts them all. Where the
        number is known without counting, it is told whatever this says.
    tolerance_m: metres by which shapes may be simplified; None leaves them as they are.
    as_of: the moment at which the layer is looked at; None is now.
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
    cursor: Cursor | None = None
    properties: tuple[str, ...] | None = None
    skip_geometry: bool = False
    want_count: bool = True
    geometry_form: GeometryForm = "wkb"
    decimals: int | None = None
    swap_axes: bool = False
    count_bound: int | None = None
    tolerance_m: float | None = None
    as_of: datetime | None = None


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

    documents: the features as GeoJSON instead, where the query asked for that form.
    matched: exact number of rows the whole query has; None when it was not asked for, or is above the query's bound.
    has_more: whether rows follow this page; of a page reached backwards, that is where it was reached from.
    next_cursor, prev_cursor: where the pages after and before it begin; None when there is none, or no row to tell it.
    """

    query: FeatureQuery
    features: tuple[Feature, ...]
    matched: int | None
    has_more: bool
    next_cursor: Cursor | None
    prev_cursor: Cursor | None
    documents: tuple[bytes, ...] = ()

    @property
    def returned(self) -> int:
        """The number of rows, in whichever form."""
        return len(self.documents or self.features)
