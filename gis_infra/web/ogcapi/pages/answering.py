"""The pages of features as answers: what the request asks besides its query, and what stands around a feature."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.query import Cursor, Feature, FeaturePage, FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.spatial.crs import WGS84
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.pages import feature as features
from gis_infra.web.ogcapi.pages import items
from gis_infra.web.ogcapi.pages.narrowing import Asked
from gis_infra.web.ogcapi.parameters import parse_filter
from gis_infra.web.ogcapi.words import get_words


def bound(query: FeatureQuery) -> FeatureQuery:
    """The query for a page of features that people read."""
    return items.bound(query, request.args)


def bound_one(query: FeatureQuery) -> FeatureQuery:
    """The query for a feature that people read: all of it, where the map wants it."""
    return replace(query, srid=WGS84, swap_axes=False, properties=None, skip_geometry=False, tolerance_m=None)


def answer_items(page: FeaturePage, document: Mapping[str, Any]) -> Response:
    """The page of a layer's features. document: the members of the collection beside its features."""
    layer = page.query.layer
    view = items.make_view(page, document, read_asked(layer), get_words(choose_language()))
    return media.answer_html("items.html", layer=layer, view=view, document=document)


def answer_item(query: FeatureQuery, feature: Feature, document: Mapping[str, Any]) -> Response:
    """The page of one feature. query: by which it was read; document: its members beside the feature itself."""
    layer, words = query.layer, get_words(choose_language())
    may_edit = query.as_of is None and get_actor().is_allowed("edit", layer)
    around = features.Around(may_edit, *find_neighbours(query, feature.id))
    view = features.make_view(layer, feature, read_asked(layer), around, words)
    return media.answer_html("item.html", layer=layer, view=view, document=document)


def read_asked(layer: Layer) -> Asked:
    """What this request asks of the layer's items."""
    path = url_for("ogcapi.show_items", collection_id=layer.id)
    condition = parse_filter(request.args, get_services().settings.city_srid)
    return Asked(path, request.args, choose_language(), condition)


def find_neighbours(query: FeatureQuery, feature_id: int) -> tuple[int | None, int | None]:
    """The ids before and after a feature among those the reader may see, None where there is none."""
    services = get_services()
    step = replace(query, limit=1, want_count=False, properties=(), skip_geometry=True)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        before, after = (
            read_page(connection, services.tables, replace(step, cursor=Cursor((), feature_id, backwards))).features
            for backwards in (True, False)
        )
    return before[0].id if before else None, after[0].id if after else None
