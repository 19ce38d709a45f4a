"""The items of a collection: a page of features, or one, in every format.

A page of usual length is read whole and answered with its length. A longer one is sent as it is read: its numbers and
its neighbours are known before, from its first row and its last, because headers tell them. That takes a thread and a
connection to the database until the client has taken it all, so few are sent so at a time; more are read whole too.
"""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import UnknownFeature
from gis_infra.features.formats import geojson
from gis_infra.features.formats.frame import Frame
from gis_infra.features.formats.registry import FORMATS, GEOJSON, Format, Source
from gis_infra.features.outline import Outline, read_outline
from gis_infra.features.plans import PLAIN_PLANS
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_last_page, read_one, read_page
from gis_infra.features.selection import list_fields
from gis_infra.spatial.crs import CrsReference
from gis_infra.storage.transactions import reading
from gis_infra.web import sending
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import item_links, links, media, systems, validators
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.pages import answering
from gis_infra.web.ogcapi.parameters import Bounds, parse_item_query, parse_query

LARGEST_ID = 2**63 - 1
# Some megabytes: longer pages are sent as they are read.
MOST_HELD = 2000


def show_items(collection_id: str) -> Response:
    """A page of features.

    Raises UnknownLayer, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty, NotAcceptable; BusyError at the
    time limit. Source: OGC 17-069r4, clause 7.15.
    """
    services, layer = get_services(), get_layer(collection_id)
    query = parse_query(request.args, layer, get_actor(), Bounds.of(services.settings))
    form = media.choose_format()
    if form == media.HTML_FORM:
        return show_items_page(answering.bound(query))
    if query.limit > MOST_HELD:
        return stream_items(query, FORMATS[form])
    return hold_items(query, FORMATS[form])


def show_items_page(query: FeatureQuery) -> Response:
    """A page of features for people. Raises as `show_items`."""
    services = get_services()
    with reading(services.engine, services.settings.read_limit_s) as connection:
        page = read_page(connection, services.tables, query, services.bookmarks)
    return answering.answer_items(page, make_members(Outline.of(page), media.HTML_FORM))


def hold_items(query: FeatureQuery, wanted: Format) -> Response:
    """A page that is read whole before it is sent. Raises as `show_items`."""
    services = get_services()
    with reading(services.engine, services.settings.read_limit_s, PLAIN_PLANS) as connection:
        source = Source(connection, services.tables, services.bookmarks)
        if wanted is GEOJSON:
            page = read_last_page(*source.parts, replace(query, geometry_form="document"), services.bookmarks)
            outline = Outline.of(page)
            frame = make_frame(outline, wanted)
            body = geojson.write_whole(page.documents, frame)
        else:
            outline = read_outline(*source.parts, query, services.bookmarks)
            frame = make_frame(outline, wanted)
            body = b"".join(wanted.write(source, frame))
    return media.answer_bytes(body, wanted.mimetype, make_headers(outline, frame))


def stream_items(query: FeatureQuery, wanted: Format) -> Response:
    """A page that is sent as it is read; what can be refused is refused before. Raises as `show_items`."""
    services = get_services()
    with ExitStack() as stack:
        connection = stack.enter_context(reading(services.engine, services.settings.read_limit_s))
        source = Source(connection, services.tables, services.bookmarks)
        outline = read_outline(*source.parts, query, services.bookmarks)
        frame = make_frame(outline, wanted)
        pieces = wanted.write(source, frame)
        stack.callback(pieces.close)
        if not sending.find_place(stack):
            return media.answer_bytes(sending.hold(pieces), wanted.mimetype, make_headers(outline, frame))
        body = sending.begin(next(pieces), pieces, stack.pop_all())
    return media.answer_bytes(body, wanted.mimetype, make_headers(outline, frame))


def show_item(collection_id: str, feature_id: str) -> Response:
    """One feature. Raises UnknownLayer, UnknownFeature, UnknownProperty, InvalidParameter, InvalidCrs, NotAcceptable.

    Source: OGC 17-069r4, clause 7.16.
    """
    services, layer = get_services(), get_layer(collection_id)
    query = parse_item_query(request.args, layer, get_actor(), services.settings.city_srid)
    form, known = media.choose_format(), parse_id(layer, feature_id)
    if form == media.HTML_FORM:
        return show_item_page(answering.bound_one(query), known)
    list_fields(query)  # refuses a property that the layer has not
    wanted, links_of_it = FORMATS[form], item_links.list_item_links(layer, known, form)
    frame = replace(make_frame_of(query), members={"links": links_of_it})
    with reading(services.engine, services.settings.read_limit_s) as connection:
        whole = replace(query, geometry_form=wanted.form, properties=None)
        feature = read_one(connection, services.tables, whole, known)
        if wanted.render_one is not None:
            body = wanted.render_one(feature, frame)
        else:
            alone = replace(frame, query=replace(query, ids=(known,), limit=1))
            body = b"".join(wanted.write(Source(connection, services.tables), alone))
    headers = {"Content-Crs": f"<{frame.crs_name}>", "Link": item_links.render_header(links_of_it)}
    response = media.answer_bytes(body, wanted.mimetype, headers)
    return validators.tag(response, feature.properties.get("updated_at"))


def show_item_page(query: FeatureQuery, feature_id: int) -> Response:
    """One feature for people. Raises as `show_item`."""
    services = get_services()
    with reading(services.engine, services.settings.read_limit_s) as connection:
        feature = read_one(connection, services.tables, query, feature_id)
    members = {"links": item_links.list_item_links(query.layer, feature.id, media.HTML_FORM)}
    response = answering.answer_item(query, feature, members)
    return validators.tag(response, feature.properties.get("updated_at"))


def parse_id(layer: Layer, text: str) -> int:
    """The id in an address. Raises UnknownFeature: what is no id is the id of nothing."""
    if not (text.isascii() and text.isdigit() and len(text) < 20) or int(text) > LARGEST_ID:
        raise UnknownFeature(f"layer {layer.id} has no feature {text[:40]}", where="featureId")
    return int(text)


def make_frame(outline: Outline, wanted: Format) -> Frame:
    """What stands around the features of a page."""
    return replace(make_frame_of(outline.query), members=make_members(outline, wanted.name))


def make_frame_of(query: FeatureQuery) -> Frame:
    """What stands around the features of a query, but for numbers and links."""
    layer = query.layer
    described = "SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=infra:"
    return Frame(
        query=query,
        crs_name=systems.to_name(CrsReference(query.srid, query.swap_axes)),
        schema=links.make_url(f"/collections/{layer.id}/schema"),
        # The features are those of the WFS, so their schema is the one it describes them by.
        xml_schema=f"{get_origin()}/wfs?{described}{layer.id}",
    )


def make_members(outline: Outline, form: str) -> dict[str, Any]:
    """What a collection says besides its features."""
    counted = {} if outline.matched is None else {"numberMatched": outline.matched}
    return {
        **counted,
        "numberReturned": outline.returned,
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": item_links.list_page_links(outline, form),
    }


def make_headers(outline: Outline, frame: Frame) -> dict[str, str]:
    """What headers tell of a page: all that a format without a place for it leaves out.

    Source: OGC 18-058r1, /req/crs/ogc-crs-header-value; OGC 17-069r4, clause 7.15.8 and the notes of core-sf.xsd.
    """
    counted = {} if outline.matched is None else {"OGC-NumberMatched": str(outline.matched)}
    return {
        "Content-Crs": f"<{frame.crs_name}>",
        "Link": item_links.render_header(frame.members["links"]),
        "OGC-NumberReturned": str(outline.returned),
        **counted,
    }
