"""Features created, replaced, changed and deleted. Source: OGC 20-002r1 (OGC API - Features - Part 4).

Conditions are honoured where they are sent (412) and never demanded, because QGIS sends none. What only the program
sets (id, created_at, updated_at, import_id, source_srid) is left aside in a body, because clients send back all they
got; `Prefer: handling=strict` refuses it, and everything that would be taken with a remark.

    POST   /collections/{id}/items        Feature or FeatureCollection -> 201; Location of the one feature
    PUT    /collections/{id}/items/{fid}  Feature -> 204, or 200 with a body; 404 where there is none
    PATCH  /collections/{id}/items/{fid}  merge patch (RFC 7396) -> 204, or 200 with a body
    DELETE /collections/{id}/items/{fid}  -> 204
    OPTIONS of both                       -> 200, Allow, Accept-Post, Accept-Patch (`methods`)

All of them: 400 (with `faults`: index, field, value, message), 401, 403, 404, 409, 412, 413, 415, 423, 503. Headers
heard: Content-Type, Content-Crs, If-Match, If-Unmodified-Since, Prefer (return, handling). Headers told: Location,
ETag, Last-Modified, Preference-Applied, Allow. A body without `return=representation` says {id, links, warnings} of
one feature, {ids, numberCreated, links, warnings} of several.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import Fault, InvalidFeature, UnknownFeature
from gis_infra.features.changing import documents
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import MOST_FAULTS, Applied, Change, Delete
from gis_infra.features.changing.documents import Target
from gis_infra.features.formats import geojson
from gis_infra.storage.transactions import writing
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import bodies, items, links, media, preferences, validators
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import ITEM, require_known
from gis_infra.web.problems import to_document

CREATED, DONE, NOTHING_TO_SAY = 201, 200, 204


def create_items(collection_id: str) -> Response:
    """New features, all of them or none.

    Raises UnknownLayer, SignInNeeded, NotPermitted, InvalidParameter, InvalidCrs, UnsupportedMediaType, InvalidFeature,
    ConflictError, BusyError.
    """
    layer = get_editable(collection_id)
    document = bodies.read_features(needs_type=True)
    applied = carry_out(documents.read_inserts(document, layer, bodies.make_reading()))
    if document["type"] == "FeatureCollection":
        return answer_several(applied)
    return answer_one(applied[0], CREATED)


def replace_item(collection_id: str, feature_id: str) -> Response:
    """A feature in the place of another of the same id. Raises as `update_item` does."""
    layer = get_editable(collection_id)
    target = Target(layer, items.parse_id(layer, feature_id), validators.read_expected())
    document = bodies.read_features(needs_type=False)
    return answer_one(carry_out([documents.read_replace(document, target, bodies.make_reading())])[0], DONE)


def update_item(collection_id: str, feature_id: str) -> Response:
    """Some of a feature changed, the rest as it is.

    Raises what `create_items` does, UnknownFeature and StaleVersion.
    """
    layer = get_editable(collection_id)
    target = Target(layer, items.parse_id(layer, feature_id), validators.read_expected())
    document = bodies.read_patch()
    return answer_one(carry_out([documents.read_update(document, target, bodies.make_reading())])[0], DONE)


def delete_item(collection_id: str, feature_id: str) -> Response:
    """A feature taken away.

    Raises UnknownLayer, UnknownFeature, SignInNeeded, NotPermitted, StaleVersion, BusyError.
    """
    layer = get_editable(collection_id)
    carry_out([Delete(layer, items.parse_id(layer, feature_id), validators.read_expected())])
    return Response(status=NOTHING_TO_SAY, headers=media.NO_STORE)


def get_editable(collection_id: str) -> Layer:
    """The layer of that id, if the caller may edit it: asked before a body is read.

    Raises UnknownLayer, SignInNeeded, NotPermitted, InvalidParameter.
    """
    layer = get_layer(collection_id)
    get_actor().require("edit", layer)
    require_known(request.args, ITEM)
    return layer


def carry_out(changes: Sequence[Change]) -> tuple[Applied, ...]:
    """What became of each change, when all of them are kept. A caller who is strict has none kept with a remark."""
    services = get_services()
    with writing(services.engine, services.settings.read_limit_s) as connection:
        applied = apply(connection, services.tables, changes, get_actor(), "api")
        if preferences.is_strict():
            require_no_remarks([remark for each in applied for remark in each.remarks])
    return applied


def require_no_remarks(remarks: Sequence[Fault]) -> None:
    """Return if there is none. Raises InvalidFeature."""
    if remarks:
        raise InvalidFeature(
            f"{remarks[0]}; handling=strict was asked for", where="Prefer", faults=tuple(remarks[:MOST_FAULTS])
        )


def answer_one(applied: Applied, status: int) -> Response:
    """The answer about one feature: as it is now where that is preferred, else where it is, else nothing."""
    wanted = preferences.read().get("return")
    response = find_representation(applied, status) if wanted == preferences.REPRESENTATION else None
    if response is None:
        wanted = wanted if wanted == preferences.MINIMAL else None
        response = render_minimal(applied, status)
    address = make_address(applied)
    response.headers["Location" if status == CREATED else "Content-Location"] = address
    if wanted is not None:
        response.headers["Preference-Applied"] = f"return={wanted}"
    return response


def find_representation(applied: Applied, status: int) -> Response | None:
    """The feature as a GET of it would give it; None if somebody deleted it since."""
    try:
        response = items.show_item(applied.layer.id, str(applied.id))
    except UnknownFeature:
        return None
    response.status_code = status
    return response


def render_minimal(applied: Applied, status: int) -> Response:
    """Where a feature is, and what there is to remark; no body where nothing is new to the caller."""
    if status == CREATED or applied.remarks:
        told = {"id": applied.id, "links": [make_item_link(applied)], **list_warnings([applied])}
        response = media.answer_bytes(geojson.render(told), media.JSON)
        response.status_code = status
    else:
        response = Response(status=NOTHING_TO_SAY, headers=media.NO_STORE)
    if applied.updated_at is not None:
        validators.mark(response, applied.updated_at)
    return response


def answer_several(applied: Sequence[Applied]) -> Response:
    """The ids and addresses of new features, in the order they were sent."""
    told = {
        "ids": [each.id for each in applied],
        "numberCreated": len(applied),
        "links": [make_item_link(each) for each in applied],
        **list_warnings(applied),
    }
    response = media.answer_bytes(geojson.render(told), media.JSON)
    response.status_code = CREATED
    if len(applied) == 1:
        response.headers["Location"] = make_address(applied[0])
    return response


def make_address(applied: Applied) -> str:
    """The address of a feature."""
    return links.make_url(f"/collections/{applied.layer.id}/items/{applied.id}")


def make_item_link(applied: Applied) -> links.Link:
    """A link to a feature."""
    return links.make_link("item", make_address(applied), media.GEOJSON)


def list_warnings(applied: Sequence[Applied]) -> dict[str, Any]:
    """What was taken with a remark, as a member of an answer."""
    remarks = [to_document(remark) for each in applied for remark in each.remarks]
    return {"warnings": remarks} if remarks else {}
