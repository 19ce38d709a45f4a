"""The collections: one per layer the actor may see, with its extent, its count and its links."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Catalogue, Language, Layer
from gis_infra.features.state import Tally, get_tallies, get_tally
from gis_infra.spatial import crs
from gis_infra.storage.transactions import reading
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, systems
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words


def show_collections() -> Response:
    """Every collection the actor may see. Source: OGC 17-069r4, clause 7.13."""
    require_known(request.args)
    services, actor, language = get_services(), get_actor(), choose_language()
    layers = actor.list_readable(services.catalogue)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tallies = get_tallies(connection, layers, actor)
    document = {
        "links": links.list_self_links("/collections", title=get_words(language)["collections"]),
        "crs": systems.list_uris(services.settings.city_srid),
        "collections": [
            {**describe(layer, tallies[layer.id], language), "crs": ["#/crs"], "links": list_links(layer, language)}
            for layer in layers
        ],
    }
    return media.answer(document, "collections.html", sectors=group_by_sector(services.catalogue, layers, language))


def show_collection(collection_id: str) -> Response:
    """One collection. Raises UnknownLayer. Source: OGC 17-069r4, clause 7.14."""
    require_known(request.args)
    services, actor, language = get_services(), get_actor(), choose_language()
    layer = get_layer(collection_id)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tally = get_tally(connection, layer, actor)
    own = links.list_self_links(f"/collections/{layer.id}", title=layer.title.get_in(language))
    document = {
        **describe(layer, tally, language),
        "crs": systems.list_uris(services.settings.city_srid),
        "links": own + list_links(layer, language),
    }
    return media.answer(document, "collection.html", layer=layer)


def get_layer(collection_id: str) -> Layer:
    """The layer of that id. Raises UnknownLayer, in the same words whether there is none or it may not be seen."""
    layer = get_services().catalogue.get_layer(collection_id)
    get_actor().require("read", layer)
    return layer


def describe(layer: Layer, tally: Tally, language: Language) -> dict[str, Any]:
    """What a collection says of itself, but for its links and its list of CRSs."""
    document: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title.get_in(language),
        "itemType": "feature",
        "itemCount": tally.features,
        "storageCrs": crs.to_uri(get_services().settings.city_srid),
    }
    if layer.description is not None:
        document["description"] = layer.description.get_in(language)
    if tally.extent is not None:
        box = tally.extent
        document["extent"] = {
            "spatial": {"bbox": [[box.xmin, box.ymin, box.xmax, box.ymax]], "crs": systems.CRS84},
            "temporal": {"interval": [[None, None]]},
        }
    return document


def list_links(layer: Layer, language: Language) -> list[links.Link]:
    """Links from a collection to what belongs to it."""
    words, path = get_words(language), f"/collections/{layer.id}"
    return [
        links.make_link("items", links.make_url(f"{path}/items"), media.GEOJSON, layer.title.get_in(language)),
        links.make_link("items", links.make_url(f"{path}/items", {"f": "html"}), media.HTML, words["features"]),
        links.make_link(links.REL_SCHEMA, links.make_url(f"{path}/schema"), media.SCHEMA_JSON, words["schema"]),
        links.make_link(
            links.REL_QUERYABLES, links.make_url(f"{path}/queryables"), media.SCHEMA_JSON, words["queryables"]
        ),
        # Written with a capital too: GDAL 3.6 knows the relation by no other name.
        *(
            links.make_link(rel, links.make_url(f"{path}/schema.xsd"), "application/xml", words["schema"])
            for rel in ("describedby", "describedBy")
        ),
        links.make_link(links.REL_TILESETS, links.make_url(f"{path}/tiles"), media.JSON, words["tiles"]),
        *(
            links.make_link("enclosure", links.make_url(f"{path}/export", {"f": each.id}), each.mimetype, each.title)
            for each in FORMATS.values()
        ),
    ]


def group_by_sector(catalogue: Catalogue, layers: list[Layer], language: Language) -> list[Mapping[str, Any]]:
    """The ids of the layers under the title of their sector, in the catalogue's order, for the page."""
    return [
        {"title": sector.title.get_in(language), "ids": ids}
        for sector in catalogue.sectors.values()
        if (ids := [layer.id for layer in layers if layer.sector == sector.id])
    ]
