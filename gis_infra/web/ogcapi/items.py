"""The items of a collection: a page of features, or one."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import UnknownFeature
from gis_infra.features import cursors
from gis_infra.features.formats import geojson
from gis_infra.features.query import FeaturePage, FeatureQuery
from gis_infra.features.reading import read_one, read_page
from gis_infra.spatial.crs import CrsReference
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, systems, validators
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.pages import answering
from gis_infra.web.ogcapi.parameters import Bounds, parse_item_query, parse_query

LARGEST_ID = 2**63 - 1


def show_items(collection_id: str) -> Response:
    """A page of features.

    Raises UnknownLayer, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty; BusyError at the time limit.
    Source: OGC 17-069r4, clause 7.15.
    """
    services, layer = get_services(), get_layer(collection_id)
    query = parse_query(request.args, layer, get_actor(), Bounds.of(services.settings))
    as_html = media.choose_form() == "html"
    query = answering.bound(query) if as_html else query
    with reading(services.engine, services.settings.read_limit_s) as connection:
        page = read_page(connection, services.tables, query, services.bookmarks)
    members = make_members(page)
    if as_html:
        return answering.answer_items(page, members)
    headers = {"Content-Crs": name_crs(query), "Link": links.render_header(members["links"])}
    return media.answer_bytes(geojson.render_page(page, members), media.GEOJSON, headers)


def show_item(collection_id: str, feature_id: str) -> Response:
    """One feature. Raises UnknownLayer, UnknownFeature, InvalidParameter, InvalidCrs.

    Source: OGC 17-069r4, clause 7.16.
    """
    services, layer = get_services(), get_layer(collection_id)
    query = parse_item_query(request.args, layer, get_actor(), services.settings.city_srid)
    as_html = media.choose_form() == "html"
    query = answering.bound_one(query) if as_html else query
    with reading(services.engine, services.settings.read_limit_s) as connection:
        feature = read_one(connection, services.tables, query, parse_id(layer, feature_id))
    members = {"links": list_item_links(layer, feature.id)}
    if as_html:
        response = answering.answer_item(query, feature, members)
    else:
        headers = {"Content-Crs": name_crs(query), "Link": links.render_header(members["links"])}
        response = media.answer_bytes(geojson.render_feature(feature, members), media.GEOJSON, headers)
    return validators.tag(response, feature.properties.get("updated_at"))


def parse_id(layer: Layer, text: str) -> int:
    """The id in an address. Raises UnknownFeature: what is no id is the id of nothing."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > LARGEST_ID:
        raise UnknownFeature(f"layer {layer.id} has no feature {text[:40]}", where="featureId")
    return int(text)


def make_members(page: FeaturePage) -> dict[str, Any]:
    """What a FeatureCollection says besides its features."""
    counted = {} if page.matched is None else {"numberMatched": page.matched}
    return {
        **counted,
        "numberReturned": len(page.features),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": list_page_links(page),
    }


def list_page_links(page: FeaturePage) -> list[links.Link]:
    """Links of a page to itself, to its neighbours and to its collection."""
    layer = page.query.layer
    path = f"/collections/{layer.id}"
    found = links.list_self_links(f"{path}/items", media.GEOJSON, layer.title.get_in(choose_language()))
    found.append(links.make_link("collection", links.make_url(path), media.JSON))
    as_html = media.choose_form() == "html"
    for rel, parameters in list_neighbours(page):
        href = links.make_url(f"{path}/items", parameters)
        found.append(links.make_link(rel, href, media.HTML if as_html else media.GEOJSON))
    return found


def list_neighbours(page: FeaturePage) -> list[tuple[str, dict[str, str]]]:
    """The relation and the query string of the pages around this one.

    They go by cursor, so that the thousandth page costs what the first does; by offset where the order has no cursors.
    """
    query, given = page.query, dict(request.args)
    fixed = {name: value for name, value in given.items() if name not in ("offset", "cursor")}
    found: list[tuple[str, dict[str, str]]] = []
    for rel, cursor, offset in (
        ("next", page.next_cursor, query.offset + query.limit),
        ("prev", page.prev_cursor, max(0, query.offset - query.limit)),
    ):
        if cursor is not None:
            text = cursors.find_text(cursor, query.layer, query.sort)
            place = {"cursor": text} if text is not None else {"offset": str(offset)}
            found.append((rel, {**fixed, **place}))
    if query.cursor is not None or query.offset > 0:
        found.append(("first", fixed))
    return found


def list_item_links(layer: Layer, feature_id: int) -> list[links.Link]:
    """Links of a feature to itself and to its collection."""
    path = f"/collections/{layer.id}"
    title = layer.title.get_in(choose_language())
    own = links.list_self_links(f"{path}/items/{feature_id}", media.GEOJSON)
    return [*own, links.make_link("collection", links.make_url(path), media.JSON, title)]


def name_crs(query: FeatureQuery) -> str:
    """The value of the `Content-Crs` header. Source: OGC 18-058r1, /req/crs/ogc-crs-header-value."""
    return f"<{systems.to_name(CrsReference(query.srid, query.swap_axes))}>"
