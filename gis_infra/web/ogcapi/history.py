"""The versions of a feature: what they were, who made them, when and by what, and how one is made current again.

No standard describes these; relations of links are those of RFC 5829. Names of people are told to who is signed in.

    GET  /collections/{id}/items/{fid}/history              the versions, the newest first, also of a deleted feature
         limit (1 to 100, 20 unless said), before (only versions with a lower number), f (json, html), lang
         -> 200 {id, collection, deleted, numberMatched, numberReturned, versions, links (self, alternate, next, prev,
            latest-version, collection)}; a version has number, from, to (null: it is current), made and, if the feature
            was taken away after it, ended (each {by, via, import}, null where it is not known or told; via is api, wfs,
            import, undo or sql), created (true where it is the first, or the feature came back), changes ([{property,
            old, new}]), geometry (null if it is as before, else {moved_m, length_change_m, area_change_m2}) and links
            (self, restore)
         -> 400, 404, 503
    GET  /collections/{id}/items/{fid}/history/{number}     one version as a GeoJSON Feature; the member `version` is as
         above. crs, lang, f (json; html leads to its place among the others)
         -> 200 with ETag, Content-Crs and links (self, collection, version-history, predecessor-version,
            successor-version, latest-version, restore); 303, 304, 400, 404, 503
    POST /collections/{id}/items/{fid}/history/{number}/restore     no body; the version becomes the current one, as a
         new version; a deleted feature comes back with its id. If-Match, If-Unmodified-Since and Prefer are heard as by
         PUT of the item
         -> 204, or 200 with a body, ETag and Content-Location; 303 to the history for a form of the HTML page
         -> 400 (with `faults`, where the layer does not allow it any more), 401, 403, 404, 409, 412, 423, 503
"""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import UnknownFeature
from gis_infra.features.formats import geojson
from gis_infra.features.query import FeatureQuery
from gis_infra.features.versions.reading import read_history, read_version
from gis_infra.features.versions.records import DEFAULT_LIMIT, MOST_VERSIONS, Author, History, Page, Subject, Version
from gis_infra.features.versions.restoring import restore
from gis_infra.spatial.crs import CrsReference
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import history_links, items, links, media, systems, validators
from gis_infra.web.ogcapi import writing as writing_views
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.pages import versions as pages
from gis_infra.web.ogcapi.parameters import parse_whole, require_known
from gis_infra.web.ogcapi.words import get_words

LISTED = frozenset({"limit", "before"})
MOST_NUMBER = 10**9
SEE_OTHER = 303


def show_history(collection_id: str, feature_id: str) -> Response:
    """A page of the versions of a feature. Raises UnknownLayer, UnknownFeature, InvalidParameter."""
    require_known(request.args, LISTED)
    services, subject = get_services(), get_subject(collection_id, feature_id)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        history = read_history(connection, services.tables, subject, parse_page())
    found = history_links.list_history_links(subject, history)
    if media.choose_form() == "html":
        return show_history_page(subject, history, found)
    return media.answer_bytes(geojson.render(to_document(subject, history, found)), media.JSON)


def get_subject(collection_id: str, feature_id: str) -> Subject:
    """The feature of this request, and who asks. Raises UnknownLayer, UnknownFeature."""
    layer = get_layer(collection_id)
    return Subject(layer, get_actor(), items.parse_id(layer, feature_id))


def parse_page() -> Page:
    """Which versions are wanted. Raises InvalidParameter."""
    limit = parse_whole(request.args, "limit", DEFAULT_LIMIT, 1, MOST_VERSIONS)
    before = parse_whole(request.args, "before", 1, 1, MOST_NUMBER) if "before" in request.args else None
    return Page(limit, before)


def show_history_page(subject: Subject, history: History, found: list[links.Link]) -> Response:
    """The page of versions for people."""
    language = choose_language()
    return media.answer_html(
        "history.html",
        layer=subject.layer,
        feature_id=subject.feature_id,
        view=pages.make_view(subject.layer, history, get_words(language), language),
        may_restore=subject.actor.is_allowed("edit", subject.layer),
        restore_href=lambda number: history_links.make_restore_url(subject, number, {"f": "html", "lang": language}),
        pages=[link for link in found if link["rel"] in {"next", "prev"}],
        features_href=history_links.make_shape_url(subject, history),
    )


def to_document(subject: Subject, history: History, found: list[links.Link]) -> dict[str, Any]:
    """A page of versions as JSON has it."""
    return {
        "id": subject.feature_id,
        "collection": subject.layer.id,
        "deleted": history.is_deleted,
        "numberMatched": history.total,
        "numberReturned": len(history.versions),
        "versions": [
            {**describe(each), "links": history_links.list_version_links(subject, each)} for each in history.versions
        ],
        "links": found,
    }


def describe(version: Version) -> dict[str, Any]:
    """A version as JSON has it, but for its links."""
    ended = {"ended": describe_author(version.ended)} if version.ended is not None else {}
    shape = version.shape
    return {
        "number": version.number,
        "from": to_text(version.begins),
        "to": to_text(version.ends) if version.ends is not None else None,
        "made": describe_author(version.made),
        **ended,
        "created": version.is_first,
        "changes": [{"property": each.name, "old": each.old, "new": each.new} for each in version.changes],
        "geometry": None
        if shape is None
        else {
            "moved_m": shape.moved_m,
            "length_change_m": shape.length_change_m,
            "area_change_m2": shape.area_change_m2,
        },
    }


def describe_author(author: Author) -> dict[str, Any]:
    """Who did something, and by what."""
    return {"by": author.username, "via": author.via, "import": author.import_id}


def to_text(moment: datetime) -> str:
    """A moment to the microsecond, as `as-of` takes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def show_version(collection_id: str, feature_id: str, number: str) -> Response:
    """One version as a feature. Raises UnknownLayer, UnknownFeature, InvalidParameter, InvalidCrs."""
    require_known(request.args, {"crs"})
    services, subject = get_services(), get_subject(collection_id, feature_id)
    wanted = systems.parse_offered(request.args.get("crs", systems.CRS84), "crs", services.settings.city_srid)
    known = parse_number(subject.layer, number)
    if media.choose_form() == "html":
        return lead_to(history_links.make_place_url(subject, known))
    query = FeatureQuery(
        subject.layer, subject.actor, srid=wanted.srid, swap_axes=wanted.swap_axes, geometry_form="geojson"
    )
    with reading(services.engine, services.settings.read_limit_s) as connection:
        version, feature = read_version(connection, services.tables, query, subject.feature_id, known)
    found = history_links.list_feature_links(subject, version)
    body = geojson.render_feature(feature, {"version": describe(version), "links": found})
    crs_name = systems.to_name(CrsReference(query.srid, query.swap_axes))
    headers = {"Content-Crs": f"<{crs_name}>", "Link": history_links.render_header(found)}
    return validators.tag(media.answer_bytes(body, media.GEOJSON, headers), version.begins)


def lead_to(address: str) -> Response:
    """Another page in the place of this one. Source: RFC 9110, clause 15.4.4."""
    return Response(status=SEE_OTHER, headers={"Location": address, **media.NO_STORE})


def parse_number(layer: Layer, text: str) -> int:
    """The number of a version in an address. Raises UnknownFeature: what is no number is the number of none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UnknownFeature(f"a feature of layer {layer.id} has no version {text[:40]!r}", where="version")
    return int(text)


def restore_version(collection_id: str, feature_id: str, number: str) -> Response:
    """A version made the current one again.

    Raises UnknownLayer, UnknownFeature, SignInNeeded, NotPermitted, InvalidFeature, ConflictError, StaleVersion.
    """
    writing_views.get_editable(collection_id)
    services, subject = get_services(), get_subject(collection_id, feature_id)
    known, expected = parse_number(subject.layer, number), validators.read_expected()
    is_page = media.choose_form() == "html"  # before anything is done: an unknown form is refused
    with writing(services.engine, services.settings.read_limit_s) as connection:
        applied = restore(connection, services.tables, subject, known, expected)
    if is_page:
        return lead_to(history_links.make_place_url(subject, None))
    return writing_views.answer_one(applied, writing_views.DONE)
