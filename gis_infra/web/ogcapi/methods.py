"""What this caller may do with the features of a collection: OPTIONS, and the header Allow of every answer about them.

QGIS asks before it lets anybody edit, and of an empty collection it asks by the id "unknown_id": no feature is looked
up here, so nothing is told of which there are. Source: OGC 20-002r1, clauses 6.2 and 7.2; RFC 9110, clause 10.2.1.
"""

from collections.abc import Mapping

from flask import Blueprint, Response, request

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.web.actors import get_actor
from gis_infra.web.ogcapi import bodies, media, preferences
from gis_infra.web.ogcapi.collections import get_layer

ITEMS = "/collections/<collection_id>/items"
ITEM = f"{ITEMS}/<feature_id>"
READING = ("GET", "HEAD", "OPTIONS")
ACCEPTED: Mapping[str, tuple[str, str]] = {
    "POST": ("Accept-Post", ", ".join(bodies.ANNOUNCED)),
    "PUT": ("Accept", ", ".join(bodies.ANNOUNCED)),
    "PATCH": ("Accept-Patch", bodies.MERGE_PATCH),
}


def register(blueprint: Blueprint) -> None:
    """Answer OPTIONS, before the framework does by itself, and put the headers on."""
    for rule, view in ((ITEMS, show_items_methods), (ITEM, show_item_methods)):
        blueprint.add_url_rule(rule, view_func=view, methods=["OPTIONS"], strict_slashes=False)
    blueprint.after_request(add_headers)


def show_items_methods(collection_id: str) -> Response:
    """What may be done with a collection as a whole. Raises UnknownLayer."""
    return render_methods(get_layer(collection_id), of_item=False)


def show_item_methods(collection_id: str, feature_id: str) -> Response:
    """What may be done with a feature, whether or not there is one of that id. Raises UnknownLayer."""
    return render_methods(get_layer(collection_id), of_item=True)


def render_methods(layer: Layer, *, of_item: bool) -> Response:
    """An empty answer with what is allowed, and the types a body may have."""
    methods = list_methods(layer, get_actor(), of_item=of_item)
    headers = dict(ACCEPTED[each] for each in methods if each in {"POST", "PATCH"})
    return Response(headers={"Allow": ", ".join(methods), **headers, **media.NO_STORE})


def list_methods(layer: Layer, actor: Actor, *, of_item: bool) -> tuple[str, ...]:
    """The methods open to an actor."""
    if not actor.is_allowed("edit", layer):
        return READING
    return (*READING, "PUT", "PATCH", "DELETE") if of_item else (*READING, "POST")


def add_headers(response: Response) -> Response:
    """The answer about items with what is allowed, which types were wanted, and which preferences were heard."""
    rule = request.url_rule.rule if request.url_rule is not None else ""
    if not rule.endswith((ITEMS, ITEM)):
        return response
    if response.status_code < 400 and "Allow" not in response.headers:
        layer = get_layer((request.view_args or {})["collection_id"])
        response.headers["Allow"] = ", ".join(list_methods(layer, get_actor(), of_item=rule.endswith(ITEM)))
    if response.status_code == 415 and request.method in ACCEPTED:
        response.headers.set(*ACCEPTED[request.method])
    handling = preferences.read().get("handling") if request.method in ACCEPTED else None
    if handling is not None:
        response.headers.add("Preference-Applied", f"handling={handling}")
    return response
