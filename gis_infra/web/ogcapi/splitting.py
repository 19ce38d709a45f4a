"""A line split in two as one change, and that taken back as one; no standard describes it.

POST /collections/{id}/items/{fid}/split    {"at": [longitude, latitude], "asset_code": text or null}
     The longer half stays the feature, the other becomes a new one with the same attributes and that asset code.
     If-Match and If-Unmodified-Since are heard as by PUT of the item.
     -> 201 {kept, piece}, each {id, etag, links}; Location of the new half
     -> 400 (with `faults`), 401, 403, 404, 409, 412, 413, 415, 423, 503
POST /collections/{id}/items/{fid}/unsplit  {"version": number, "piece": id, "etag": text or null}
     The feature is again as its version of that number was, and the other half is gone; both, or neither. If-Match is
     of the feature, `etag` of the other half.
     -> 200 {id, etag, links}; the same refusals
"""

from typing import Any

from flask import Response

from gis_infra.errors import InvalidParameter
from gis_infra.features import splitting, unsplitting
from gis_infra.features.changing.changes import Applied, Expected
from gis_infra.features.changing.values import parse_number, parse_text
from gis_infra.features.formats import geojson
from gis_infra.features.history import to_version
from gis_infra.features.versions.records import Subject
from gis_infra.storage.transactions import writing
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import bodies, items, media, validators
from gis_infra.web.ogcapi import writing as writing_views

MEMBERS = frozenset({"at", "asset_code"})
SPLIT_MEMBERS = frozenset({"version", "piece", "etag"})


def split_item(collection_id: str, feature_id: str) -> Response:
    """A line split in two. Raises what `writing.update_item` does; InvalidParameter for what cannot be split."""
    layer, services = writing_views.get_editable(collection_id), get_services()
    known, expected = items.parse_id(layer, feature_id), validators.read_expected()
    longitude, latitude, code = read_body(bodies.read_json())
    cut = splitting.Cut(layer, known, longitude, latitude, code, expected)
    with writing(services.engine, services.settings.read_limit_s) as connection:
        kept, piece = splitting.split(connection, services.tables, cut, get_actor(), "api")
    response = media.answer_bytes(geojson.render({"kept": tell(kept), "piece": tell(piece)}), media.JSON)
    response.status_code = writing_views.CREATED
    response.headers["Location"] = writing_views.make_address(piece)
    return response


def unsplit_item(collection_id: str, feature_id: str) -> Response:
    """A split taken back. Raises what `writing.delete_item` does; InvalidParameter for a body that says no split."""
    layer, services = writing_views.get_editable(collection_id), get_services()
    subject = Subject(layer, get_actor(), items.parse_id(layer, feature_id))
    split = read_split(bodies.read_json())
    with writing(services.engine, services.settings.read_limit_s) as connection:
        line = unsplitting.unsplit(connection, services.tables, subject, split)
    return media.answer_bytes(geojson.render(tell(line)), media.JSON)


def read_split(document: Any) -> unsplitting.Split:
    """The split that is to be taken back. Raises InvalidParameter."""
    told: dict[str, Any] = document if isinstance(document, dict) else {}
    version, piece, etag = told.get("version"), told.get("piece"), told.get("etag")
    if not SPLIT_MEMBERS.issuperset(told) or type(version) is not int or type(piece) is not int:
        raise InvalidParameter('the body must be as {"version": 3, "piece": 17, "etag": null}', where="body")
    seen = None if etag is None else Expected(versions=frozenset({validators.take_version(str(etag).strip('"'))}))
    return unsplitting.Split(version, piece, validators.read_expected(), seen)


def read_body(document: Any) -> tuple[float, float, str | None]:
    """Longitude and latitude of the place, and the asset code of the new half. Raises InvalidParameter."""
    if not isinstance(document, dict) or not MEMBERS.issuperset(document):
        raise InvalidParameter('the body must be as {"at": [106.7, 10.8], "asset_code": "P-2"}', where="body")
    place, code = document.get("at"), document.get("asset_code")
    if not isinstance(place, list) or len(place) != 2:
        raise InvalidParameter("at must be a list of longitude and latitude", where="at")
    try:
        longitude, latitude = map(parse_number, place)
    except ValueError as error:
        raise InvalidParameter(f"at {error}", where="at") from error
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise InvalidParameter("at must be degrees, longitude first", where="at")
    try:
        return longitude, latitude, None if code is None else parse_text(code)
    except ValueError as error:
        raise InvalidParameter(f"asset_code {error}", where="asset_code") from error


def tell(applied: Applied) -> dict[str, Any]:
    """A half: its id, what names its version, and where it is."""
    if applied.updated_at is None:
        raise RuntimeError("a half of a line that was split is gone")
    version = f'"{to_version(applied.updated_at)}"'
    return {"id": applied.id, "etag": version, "links": [writing_views.make_item_link(applied)]}
