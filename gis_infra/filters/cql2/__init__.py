"""CQL2, the filter language of OGC API: text or JSON into the one tree. `parse` is the one door.

Source: OGC 21-065r2; OGC 19-079r2 (the parameters filter, filter-lang and filter-crs).
"""

from collections.abc import Mapping
from typing import Any

from gis_infra.errors import InvalidParameter
from gis_infra.filters.cql2.document import parse_document
from gis_infra.filters.cql2.geometries import Frame
from gis_infra.filters.cql2.text import parse_text as read_text
from gis_infra.filters.tree import Condition
from gis_infra.spatial import crs

TEXT, JSON = "cql2-text", "cql2-json"
# What GDAL asks in, and only if it is offered by this name; for GDAL itself LIKE minds no capitals.
GDAL_TEXT = "cql-text"
LANGUAGES = (TEXT, JSON, GDAL_TEXT)


def parse(
    filter: str | Mapping[str, Any],
    filter_lang: str = TEXT,
    filter_srid: int = crs.WGS84,
    swap_axes: bool = False,
) -> Condition:
    """The condition a filter says.

    filter: its text, or for cql2-json a document already read. filter_srid: EPSG code its geometries are in; swap_axes:
        whether northing (latitude) is written first. CRS84 is 4326 without swapping.
    Raises FilterError, which says at which character; InvalidParameter for another language. Whether the layer has
    the properties, and of what type, is asked by `to_sql`.
    """
    frame = Frame(filter_srid, swap_axes)
    if filter_lang == JSON:
        return parse_document(filter, frame)
    if filter_lang not in (TEXT, GDAL_TEXT) or not isinstance(filter, str):
        known = ", ".join(LANGUAGES)
        raise InvalidParameter(f"filter-lang must be one of {known}, got {filter_lang[:40]!r}", where="filter-lang")
    return read_text(filter, frame, folds_like=filter_lang == GDAL_TEXT)


def parse_text(text: str) -> Condition:
    """The condition of a CQL2 text, its geometries in CRS84. Raises FilterError."""
    return parse(text, TEXT)


def parse_json(document: str | Mapping[str, Any]) -> Condition:
    """The condition of a CQL2 JSON document or its text, its geometries in CRS84. Raises FilterError."""
    return parse(document, JSON)
