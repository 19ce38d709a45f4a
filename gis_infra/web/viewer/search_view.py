"""The view of the search box."""

from flask import Response, jsonify, request

from gis_infra.errors import InvalidParameter
from gis_infra.features.plans import PLAIN_PLANS
from gis_infra.spatial import written
from gis_infra.storage import transactions
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.viewer import finding, searching, terms
from gis_infra.web.viewer.views import keep_private

# Somebody is typing: an answer that takes longer is for words already changed.
FIND_LIMIT_S = 5


def find() -> Response:
    """What `q` names, by kind, for whoever asks, in `lang`. Raises InvalidParameter without it."""
    services, actor = get_services(), get_actor()
    settings = services.settings
    asked = read_terms()
    readings = written.find_places(asked.text, settings.city_srid, settings.city_extent)
    if readings:
        return keep_private(jsonify(finding.to_document(asked, readings, {}, choose_language())))
    plans = {**PLAIN_PLANS, **searching.PLANS}
    with transactions.reading(services.engine, min(settings.read_limit_s, FIND_LIMIT_S), plans) as connection:
        layers = actor.list_readable(services.catalogue)
        found = finding.read_found(connection, services.tables, layers, actor, asked)
    return keep_private(jsonify(finding.to_document(asked, (), found, choose_language())))


def read_terms() -> terms.Terms:
    """What the request looks for. Raises InvalidParameter when nothing is said, or too much."""
    text = request.args.get("q")
    if text is None:
        raise InvalidParameter("q is missing; give what is looked for", where="q")
    return terms.parse(text)
