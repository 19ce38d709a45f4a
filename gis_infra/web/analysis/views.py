"""The answers of this room. Each shows what the asker may see; the public sees public assets only."""

from typing import Any

import orjson
from flask import Response, request

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.known_rules import require_rule
from gis_infra.analysis.register.reading import read_register
from gis_infra.processes import works_check
from gis_infra.reports.features import to_register
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.bodies import make_context, read_works
from gis_infra.web.analysis.books import get_books
from gis_infra.web.analysis.parameters import parse_register_query
from gis_infra.web.context import get_services

JSON = "application/json"
GEOJSON = "application/geo+json"


def show_conflicts() -> Response:
    """The register as GeoJSON. Raises InvalidParameter, InvalidBbox."""
    services = get_services()
    query = parse_register_query(request.args, get_actor(), services.settings.max_page)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        require_rule(connection, Ground(get_books().rules, services.catalogue, services.tables), query)
        page = read_register(connection, services.catalogue, services.tables, query)
    return answer(to_register(page), GEOJSON)


def check_works() -> Response:
    """What works, drawn or kept, would meet. Raises InvalidParameter, UnknownFeature."""
    outputs = works_check.check(read_works(), make_context(), get_books().rules)
    return answer(outputs, JSON)


def answer(value: Any, media_type: str) -> Response:
    """A value as JSON. It is of this asker and this moment, so nothing between may keep it."""
    made = Response(orjson.dumps(value), mimetype=media_type)
    made.headers["Cache-Control"] = "private, no-store"
    return made
