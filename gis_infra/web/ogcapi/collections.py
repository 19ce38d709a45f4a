"""The collections: one per layer the actor may see, with its extent, its count, its terms of use and its links.

All are in one answer: a city has tens of layers, not thousands, and clients (QGIS, GDAL) follow no page of collections.
No temporal extent is told: it would have to be read from every row, and those of rows one may not see must not show.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from gis_infra.catalogue.definitions import Language, Layer, Licence
from gis_infra.errors import UnknownLayer
from gis_infra.features.formats.registry import FORMATS
from gis_infra.features.state import Tally, get_changes, get_tallies, get_tally
from gis_infra.spatial import crs
from gis_infra.storage.transactions import reading
from gis_infra.transfer.exporting.formats import FORMATS as FILES
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, systems
from gis_infra.web.ogcapi.pages.layers import make_layer_view, make_shelves
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words


def show_collections() -> Response:
    """Every collection the actor may see. Source: OGC 17-069r4, clause 7.13; OGC 18-058r1, clause 6.2."""
    require_known(request.args)
    services, actor, language = get_services(), get_actor(), choose_language()
    layers = actor.list_readable(services.catalogue)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tallies = get_tallies(connection, layers, actor)
        changes = get_changes(connection, layers, actor) if media.choose_form() == "html" else {}
    own = links.list_self_links("/collections", title=get_words(language)["collections"])
    document = {
        "links": [*own, *list_licence_links(find_licence(None))],
        "crs": systems.list_uris(services.settings.city_srid),
        "collections": [
            {**describe(layer, tallies[layer.id], language), "crs": ["#/crs"], "links": list_links(layer, language)}
            for layer in layers
        ],
    }
    return media.answer(
        document, "collections.html", shelves=make_shelves(services.catalogue, layers, tallies, changes, language)
    )


def show_collection(collection_id: str) -> Response:
    """One collection. Raises UnknownLayer. Source: OGC 17-069r4, clause 7.14."""
    require_known(request.args)
    services, actor, language = get_services(), get_actor(), choose_language()
    layer = get_layer(collection_id)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tally = get_tally(connection, layer, actor)
        changes = get_changes(connection, [layer], actor)
    own = links.list_self_links(f"/collections/{layer.id}", title=layer.title.get_in(language))
    document = {
        **describe(layer, tally, language),
        "crs": systems.list_uris(services.settings.city_srid),
        "links": own + list_links(layer, language),
    }
    view = make_layer_view(services.catalogue, layer, tally, changes.get(layer.id), language)
    return media.answer(document, "collection.html", layer=layer, view=view)


def get_layer(collection_id: str) -> Layer:
    """The layer of that id. Raises UnknownLayer, in the same words whether there is none or it may not be seen."""
    try:
        layer = get_services().catalogue.get_layer(collection_id)
        get_actor().require("read", layer)
    except UnknownLayer as error:
        told = f"{error.message}; {url_for('ogcapi.show_collections')} lists those you may see"
        raise UnknownLayer(told, where=error.where) from None
    return layer


def describe(layer: Layer, tally: Tally, language: Language) -> dict[str, Any]:
    """What a collection says of itself, but for its links and its list of CRSs."""
    services = get_services()
    document: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title.get_in(language),
        "keywords": [services.catalogue.sectors[layer.sector].title.get_in(language)],
        "attribution": layer.attribution.get_in(language) if layer.attribution else services.settings.attribution,
        "itemType": "feature",
        "itemCount": tally.features,
        "storageCrs": crs.to_uri(services.settings.city_srid),
    }
    if layer.description is not None:
        document["description"] = layer.description.get_in(language)
    if tally.extent is not None:
        box = tally.extent
        document["extent"] = {
            "spatial": {"bbox": [[box.xmin, box.ymin, box.xmax, box.ymax]], "crs": systems.CRS84},
        }
    return document


def find_licence(layer: Layer | None) -> Licence | None:
    """The terms on which the layer's data, or the city's, may be used; None if none are told."""
    if layer is not None and layer.licence is not None:
        return layer.licence
    settings = get_services().settings
    return Licence(settings.licence_url, settings.licence_title) if settings.licence_url else None


def list_licence_links(licence: Licence | None) -> list[links.Link]:
    """A link to the terms of use, if there are any. Source: OGC 17-069r4, /rec/core/fc-md-license."""
    return [] if licence is None else [links.make_link("license", licence.url, media.HTML, licence.title)]


def list_links(layer: Layer, language: Language) -> list[links.Link]:
    """Links from a collection to what belongs to it."""
    words, path = get_words(language), f"/collections/{layer.id}"
    return [
        *list_items_links(layer, language),
        *list_schema_links(path, words),
        links.make_link(links.REL_TILESETS, links.make_url(f"{path}/tiles"), media.JSON, words["tiles"]),
        links.make_link("stylesheet", links.make_url("/styles/infra"), media.STYLE, words["style"]),
        *(
            links.make_link("enclosure", links.make_url(f"{path}/export", {"f": each.id}), each.mimetype, each.title)
            for each in FILES.values()
        ),
        *list_licence_links(find_licence(layer)),
    ]


def list_items_links(layer: Layer, language: Language) -> list[links.Link]:
    """Links to the features, one in each format. Source: OGC 17-069r4, /req/core/fc-md-items-links."""
    path, title, words = f"/collections/{layer.id}/items", layer.title.get_in(language), get_words(language)
    # The first has no `f`: clients take it for the address of the items, and add parameters of their own.
    plain = links.make_link("items", links.make_url(path), media.GEOJSON, title)
    others = [
        links.make_link("items", links.make_url(path, {"f": each.name}), each.accepts[0], f"{title} ({each.title})")
        for each in FORMATS.values()
        if each.accepts[0] != media.GEOJSON
    ]
    page = links.make_link("items", links.make_url(path, {"f": "html"}), media.HTML, words["features"])
    return [plain, *others, page]


def list_schema_links(path: str, words: Mapping[str, str]) -> list[links.Link]:
    """Links to what says which properties there are. Source: OGC 23-058r2, clauses 10 to 12, each its /link."""
    rels = {"schema": links.REL_SCHEMA, "queryables": links.REL_QUERYABLES, "sortables": links.REL_SORTABLES}
    xsd = links.make_url(f"{path}/schema.xsd")
    return [
        *(
            links.make_link(rel, links.make_url(f"{path}/{kind}"), media.SCHEMA_JSON, words[kind])
            for kind, rel in rels.items()
        ),
        # Written with a capital too: GDAL 3.6 knows the relation by no other name.
        *(links.make_link(rel, xsd, "application/xml", words["schema"]) for rel in ("describedby", "describedBy")),
    ]
