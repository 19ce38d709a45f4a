"""The landing page: from here a client finds everything else."""

from flask import Response, request

from gis_infra.catalogue.definitions import Language
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import find_licence, list_licence_links
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words


def show_landing() -> Response:
    """The landing page. Source: OGC 17-069r4, clause 7.2."""
    require_known(request.args)
    language = choose_language()
    document = {
        "title": make_title(language),
        "description": get_words(language)["intro"],
        "attribution": get_services().settings.attribution,
        "links": [*links.list_self_links("/"), *list_links(language), *list_licence_links(find_licence(None))],
    }
    return media.answer(document, "landing.html")


def make_title(language: Language) -> str:
    """The name of the service."""
    city = get_services().settings.city_name
    return f"Hạ tầng kỹ thuật {city}" if language == "vi" else f"Infrastructure of {city}"


def list_links(language: Language) -> list[links.Link]:
    """Links to the parts of the API."""
    words = get_words(language)
    api, conformance, data = (links.make_url(path) for path in ("/api", "/conformance", "/collections"))
    style = links.make_url("/styles/infra")
    return [
        links.make_link("service-desc", api, media.OPENAPI, words["api"]),
        links.make_link("service-doc", links.make_url("/api", {"f": "html"}), media.HTML, words["api"]),
        links.make_link("conformance", conformance, media.JSON, words["conformance"]),
        links.make_link(links.REL_CONFORMANCE, conformance, media.JSON, words["conformance"]),
        links.make_link("data", data, media.JSON, words["collections"]),
        links.make_link(links.REL_DATA, data, media.JSON, words["collections"]),
        links.make_link(links.REL_FUNCTIONS, links.make_url("/functions"), media.JSON, words["functions"]),
        links.make_link(links.REL_PROCESSES, links.make_url("/processes"), media.JSON, words["processes"]),
        links.make_link(links.REL_JOBS, links.make_url("/jobs"), media.JSON, words["jobs"]),
        links.make_link("stylesheet", style, media.STYLE, words["style"]),
    ]
