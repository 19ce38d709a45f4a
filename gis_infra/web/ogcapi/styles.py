"""A MapLibre style of every layer the actor may see, drawn from this server's tiles alone."""

from typing import Any

from flask import Response, request

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Layer
from gis_infra.features.formats import geojson
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.landing import make_title
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.tiles import make_tilejson

BACKGROUND = {"id": "background", "type": "background", "paint": {"background-color": "#f4f2ee"}}


def show_style() -> Response:
    """The style. Source: MapLibre Style Specification, version 8."""
    require_known(request.args)
    media.choose_form()  # refuses an unknown one; a style has no page
    services = get_services()
    layers = get_actor().list_readable(services.catalogue)
    return media.answer_bytes(geojson.render(make_style(layers, services.settings.city_extent)), media.STYLE)


def make_style(layers: list[Layer], city_extent: tuple[float, float, float, float]) -> dict[str, Any]:
    """The style document. city_extent: xmin, ymin, xmax, ymax in degrees, in whose middle a map opens."""
    xmin, ymin, xmax, ymax = city_extent
    ordered = sorted(layers, key=lambda layer: layer.style.rules.get("order", 0))
    drawn = [part for layer in ordered for part in styles.to_maplibre(layer, layer.id)]
    return {
        "version": 8,
        "name": make_title(choose_language()),
        "center": [(xmin + xmax) / 2, (ymin + ymax) / 2],
        "zoom": 11,
        "sources": {layer.id: make_source(layer) for layer in ordered},
        "layers": [BACKGROUND, *drawn],
    }


def make_source(layer: Layer) -> dict[str, Any]:
    """The layer's tiles as a source of a map."""
    tilejson = make_tilejson(layer, None)
    return {"type": "vector", **{name: tilejson[name] for name in ("tiles", "minzoom", "maxzoom")}}
