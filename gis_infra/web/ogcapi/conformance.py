"""What this API conforms to. Only what is true stands here; tests/conformance/README.md says where each is tested.

Part 5 of Features is part 3 of Common as well: its published form (2026) has the addresses of Common, clients that know
its drafts look for those of Features, and both are told.
"""

from collections.abc import Mapping

from flask import Response, request

from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.parameters import require_known

SPECIFICATIONS = "http://www.opengis.net/spec"
SCHEMAS = ("schemas", "returnables-and-receivables", "queryables", "sortables", "profile-parameter")
# Classes by the specification and version they are of.
DECLARED: Mapping[str, tuple[str, ...]] = {
    "ogcapi-features-1/1.0": ("core", "oas30", "html", "geojson"),
    "ogcapi-features-2/1.0": ("crs",),
    "ogcapi-features-3/1.0": ("queryables", "queryables-query-parameters", "filter", "features-filter"),
    "ogcapi-features-4/1.0": (
        *("create-replace-delete", "update", "features", "handling"),
        *("optimistic-locking-etags", "optimistic-locking-timestamps"),
    ),
    "ogcapi-features-5/1.0": (*SCHEMAS, "core-roles-features"),
    "ogcapi-common-3/1.0": (*SCHEMAS, "advanced-property-roles", "profile-codelists", "profile-domains"),
    "cql2/1.0": (
        *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"),
        *("accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"),
        *("spatial-functions", "temporal-functions", "property-property", "functions", "arithmetic"),
    ),
    "json-fg-1/1.0": ("core", "types-schemas"),
    "ogcapi-common-1/1.0": ("core", "landing-page", "json", "html", "oas30"),
    "ogcapi-common-2/1.0": ("collections",),
    "ogcapi-tiles-1/1.0": ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30"),
    "ogcapi-processes-1/1.0": ("core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss"),
}
CLASSES: tuple[str, ...] = tuple(
    f"{SPECIFICATIONS}/{specification}/conf/{name}" for specification, names in DECLARED.items() for name in names
)
CALLBACK = f"{SPECIFICATIONS}/ogcapi-processes-1/1.0/conf/callback"


def list_by_settings() -> tuple[str, ...]:
    """What this server conforms to by its settings: jobs call back where the operator names a host for it."""
    return (CALLBACK,) if get_services().settings.callback_hosts else ()


def show_conformance() -> Response:
    """The conformance declaration. Source: OGC 17-069r4, clause 7.4."""
    require_known(request.args)
    document = {"conformsTo": (*CLASSES, *list_by_settings()), "links": links.list_self_links("/conformance")}
    return media.answer(document, "conformance.html")
