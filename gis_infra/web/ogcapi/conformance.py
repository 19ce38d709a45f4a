"""What this API conforms to. Only what is true, and tested, stands here."""

from flask import Response, request

from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.parameters import require_known

FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
PROCESSES = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
CLASSES: tuple[str, ...] = (
    f"{FEATURES}/core",
    f"{FEATURES}/oas30",
    f"{FEATURES}/html",
    f"{FEATURES}/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
    f"{PROCESSES}/core",
    f"{PROCESSES}/ogc-process-description",
    f"{PROCESSES}/json",
    f"{PROCESSES}/html",
    f"{PROCESSES}/oas30",
    f"{PROCESSES}/job-list",
    f"{PROCESSES}/dismiss",
)


def show_conformance() -> Response:
    """The conformance declaration. Source: OGC 17-069r4, clause 7.4."""
    require_known(request.args)
    document = {"conformsTo": CLASSES, "links": links.list_self_links("/conformance")}
    return media.answer(document, "conformance.html")
