"""The schemas of a collection: what its features have, what it can be filtered and what it can be sorted by.

QGIS and GDAL take field types and the geometry type from here; without it they guess from the first ten features.
Served at `/collections/{id}/schema`, `/queryables` and `/sortables`, each as JSON Schema or as a page. `profile` may
ask for profiles; one that is not had is no error, and the `Link` header says which hold.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from gis_infra.catalogue import schemas
from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.errors import InvalidParameter
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words

PROFILE_BASE = "http://www.opengis.net/def/profile/OGC/0"
LONGEST_PROFILE = 2000
KINDS: Mapping[str, Callable[[Layer, Language], dict[str, Any]]] = {
    "schema": schemas.to_schema,
    "queryables": schemas.to_queryables,
    "sortables": schemas.to_sortables,
}


def show_schema(collection_id: str) -> Response:
    """What features of a collection have, and what may be written. Raises UnknownLayer, InvalidParameter.

    Source: OGC 23-058r2, clause 10 (returnables and receivables).
    """
    return answer_schema(get_layer(collection_id), "schema")


def show_queryables(collection_id: str) -> Response:
    """The properties that filters and query parameters may name. Raises UnknownLayer, InvalidParameter.

    Source: OGC 23-058r2, clause 11; OGC 19-079r2, clause 6.2.
    """
    return answer_schema(get_layer(collection_id), "queryables")


def show_sortables(collection_id: str) -> Response:
    """The properties that `sortby` may name. Raises UnknownLayer, InvalidParameter. Source: OGC 23-058r2, clause 12."""
    return answer_schema(get_layer(collection_id), "sortables")


def answer_schema(layer: Layer, kind: str) -> Response:
    """The layer's schema of that kind under its address."""
    require_known(request.args, {"profile"})
    require_profiles(request.args.get("profile", ""))
    language = choose_language()
    document = {**KINDS[kind](layer, language), "$id": links.make_url(f"/collections/{layer.id}/{kind}")}
    answer = media.answer(
        document, "schema.html", mimetype=media.SCHEMA_JSON, layer=layer, heading=get_words(language)[kind]
    )
    answer.headers["Link"] = render_profiles()
    return answer


def require_profiles(text: str) -> None:
    """Return if `profile` is a list of names of any profiles. Raises InvalidParameter.

    Source: OGC 23-058r2, /req/profile-parameter/profile-param and /rec/profile-parameter/profile-negotiation.
    """
    if len(text) > LONGEST_PROFILE or not text.isprintable():
        raise InvalidParameter(f"profile must be at most {LONGEST_PROFILE} printable characters", where="profile")


def render_profiles() -> str:
    """The profiles that hold for every schema, as a `Link` header.

    Source: OGC 23-058r2, /req/profile-parameter/profile-param-response.
    """
    return ", ".join(f'<{PROFILE_BASE}/{name}>; rel="profile"' for name in schemas.PROFILES)
