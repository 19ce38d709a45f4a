"""The functions a filter may use, as a resource of its own. Source: OGC 19-079r2, clause 8.5 (CQL2 functions)."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Language
from gis_infra.filters.functions import FUNCTIONS, ArgumentKind, FunctionDefinition
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words

# The standard's words for kinds of values; it has none for a day that is not also one for a moment.
TYPES: Mapping[ArgumentKind, str] = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "datetime",
    "timestamp": "datetime",
    "geometry": "geometry",
}


def show_functions() -> Response:
    """Every function there is. Raises InvalidParameter.

    Source: OGC 19-079r2, /req/filter/get-functions-operation and /req/filter/get-functions-response-json.
    """
    require_known(request.args)
    language = choose_language()
    document = {
        "functions": [describe(each, language) for each in FUNCTIONS.values()],
        "links": links.list_self_links("/functions", title=get_words(language)["functions"]),
    }
    return media.answer(document, "functions.html")


def describe(function: FunctionDefinition, language: Language) -> dict[str, Any]:
    """One function: its name, what it gives and what it takes."""
    return {
        "name": function.name,
        "description": function.description.get_in(language),
        "arguments": [{"title": each.name, "type": to_types(each.kinds)} for each in function.arguments],
        "returns": to_types((function.returns,)),
    }


def to_types(kinds: Iterable[ArgumentKind]) -> list[str]:
    """The standard's words for these kinds, each once."""
    return list(dict.fromkeys(TYPES[each] for each in kinds))
