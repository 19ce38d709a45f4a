"""Addresses of this API as clients see them, and the links between its documents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import request

from gis_infra.web.addresses import get_origin
from gis_infra.web.ogcapi import media

Link = dict[str, Any]

REL_CONFORMANCE = "http://www.opengis.net/def/rel/ogc/1.0/conformance"
REL_DATA = "http://www.opengis.net/def/rel/ogc/1.0/data"
REL_SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/schema"
REL_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
REL_SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
REL_FUNCTIONS = "http://www.opengis.net/def/rel/ogc/1.0/functions"
REL_TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
REL_TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
REL_PROCESSES = "http://www.opengis.net/def/rel/ogc/1.0/processes"
REL_EXECUTE = "http://www.opengis.net/def/rel/ogc/1.0/execute"
REL_JOBS = "http://www.opengis.net/def/rel/ogc/1.0/job-list"
REL_RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"
REL_EXCEPTIONS = "http://www.opengis.net/def/rel/ogc/1.0/exceptions"


def get_base() -> str:
    """The address of the landing page, without a slash at the end."""
    return f"{get_origin()}/ogc"


def make_url(path: str, parameters: Mapping[str, str] | None = None) -> str:
    """An address of this API; `path` begins with a slash, `parameters` follow in their order."""
    query = f"?{urlencode(parameters, quote_via=quote, safe=',:/')}" if parameters else ""
    return f"{get_base()}{path}{query}"


def make_link(rel: str, href: str, mimetype: str, title: str = "") -> Link:
    """One link object. Source: OGC 17-069r4, schema link.yaml."""
    link = {"rel": rel, "href": href, "type": mimetype}
    return {**link, "title": title} if title else link


def list_self_links(path: str, mimetype: str = media.JSON, title: str = "") -> list[Link]:
    """The links of a document to itself and to its other form; other parameters of the request are kept."""
    parameters = {name: value for name, value in request.args.items() if name != "f"}
    json = make_url(path, {**parameters, "f": "json"})
    html = make_url(path, {**parameters, "f": "html"})
    if media.choose_form() == "html":
        return [make_link("self", html, media.HTML, title), make_link("alternate", json, mimetype, title)]
    return [make_link("self", json, mimetype, title), make_link("alternate", html, media.HTML, title)]


def render_header(links: list[Link]) -> str:
    """The same links as the value of a `Link` header. Source: RFC 8288."""
    return ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"' for link in links)
