"""The body of a request that changes features: of a type that is read here, in a CRS that is offered.

More types are taken than are announced, because clients send them: OWSLib posts `text/xml` and puts without a type.
The types that a page of another site can send without being asked first (forms and plain text) are not among them.
"""

from functools import partial
from typing import Any

from flask import request

from gis_infra.errors import InvalidParameter, UnsupportedMediaType
from gis_infra.features.changing.changes import Origin
from gis_infra.features.changing.documents import Reading, parse_json
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import media, preferences, systems

MERGE_PATCH = "application/merge-patch+json"
ANNOUNCED = (media.GEOJSON, media.JSON)
TAKEN = frozenset({*ANNOUNCED, "application/fg+json", "application/vnd.ogc.fg+json", "text/json", "text/xml"})
PATCHES = frozenset({MERGE_PATCH, media.JSON})
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


def read_features(*, needs_type: bool) -> Any:
    """The GeoJSON in the body of this request, parsed. needs_type: refuse one that does not say its type.

    Raises UnsupportedMediaType, InvalidParameter. Source: OGC 20-002r1, /req/create-replace-delete/post-content-type.
    """
    require_type(TAKEN, ANNOUNCED, needs_type=needs_type)
    return parse_json(request.get_data())


def read_patch() -> Any:
    """The merge patch in the body of this request, parsed. Raises UnsupportedMediaType, InvalidParameter."""
    require_type(PATCHES, (MERGE_PATCH,), needs_type=True)
    return parse_json(request.get_data())


def read_json() -> Any:
    """The JSON in the body of this request, parsed. Raises UnsupportedMediaType, InvalidParameter."""
    require_type(frozenset({media.JSON}), (media.JSON,), needs_type=True)
    return parse_json(request.get_data())


def require_type(taken: frozenset[str], announced: tuple[str, ...], *, needs_type: bool) -> None:
    """Return if the body of this request is of a type that is read. Raises UnsupportedMediaType, InvalidParameter."""
    given, listed = request.mimetype, " or ".join(announced)
    if not given and needs_type:
        raise InvalidParameter(f"the header Content-Type must say what the body is: {listed}", where="Content-Type")
    if given and (given not in taken or request.get_data()[:1] == b"<"):
        raise UnsupportedMediaType(f"a body of type {given[:80]} is not read here; send {listed}", where="Content-Type")
    if request.mimetype_params.get("charset", "utf-8").lower() not in CHARSETS:
        raise UnsupportedMediaType("JSON is read in UTF-8 alone", where="Content-Type")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("a body is read as it is, not compressed", where="Content-Encoding")


def make_reading() -> Reading:
    """How the body of this request is read. Raises InvalidCrs.

    Source: OGC 20-002r1, /req/features/content-crs-header; QGIS sends the name without angle brackets.
    """
    origin = make_origin("Content-Crs", request.headers.get("Content-Crs", systems.CRS84))
    return Reading(origin, partial(make_origin, "coordRefSys"), strict=preferences.is_strict())


def make_origin(where: str, name: str) -> Origin:
    """Coordinates in a CRS that is offered, of the city. where: what names it. Raises InvalidCrs."""
    settings = get_services().settings
    reference = systems.parse_offered(name, where, settings.city_srid)
    return Origin(reference.srid, reference.swap_axes, settings.city_extent)
