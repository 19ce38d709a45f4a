"""Coverage over HTTP: services, runs, places, comparisons. Each asker is told of the runs they may see, and no others.

GET /analysis/coverage; /analysis/coverage/<service> and .../runs; /analysis/coverage/runs/<id> and .../places;
/analysis/coverage/compare. Runs are made by the process `coverage`.
"""

from flask import Response, request

from gis_infra.analysis.coverage.runs.comparing import compare_runs
from gis_infra.analysis.coverage.runs.reading import list_runs, read_latest, read_places, read_report
from gis_infra.analysis.coverage.runs.visibility import Reader, get_visible, list_visible
from gis_infra.errors import MissingError
from gis_infra.reports.coverage.comparison import to_comparison
from gis_infra.reports.coverage.documents import list_entries, to_places, to_report
from gis_infra.reports.coverage.services import to_services
from gis_infra.reports.coverage.terms import Terms
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.books import get_books
from gis_infra.web.analysis.coverage_parameters import (
    parse_comparison,
    parse_limit,
    parse_places_query,
    require_id,
    require_known,
)
from gis_infra.web.analysis.files import opening
from gis_infra.web.analysis.views import JSON, answer
from gis_infra.web.context import get_services


def show_services() -> Response:
    """The services and the city's share of each. Raises InvalidParameter."""
    require_known(request.args, ())
    services, reader = get_services(), make_reader()
    shown = list_visible(get_books().services, services.catalogue, reader.actor)
    with opening() as connection:
        latest = read_latest(connection, [each.id for each in shown], reader)
    return answer(to_services(shown, latest, make_terms(), may_run=not reader.actor.is_anonymous), JSON)


def show_latest(service_id: str) -> Response:
    """The latest official run of a service. Raises MissingError, InvalidParameter."""
    require_known(request.args, ())
    service = find_service(service_id)
    with opening() as connection:
        latest = read_latest(connection, [service_id], make_reader()).get(service)
        if latest is None:
            message = f"the coverage of {service} was never run, or not on what you may see"
            raise MissingError(message, where=service)
        return answer(to_report(read_report(connection, latest.id, make_reader()), make_terms()), JSON)


def show_runs(service_id: str) -> Response:
    """The runs of a service, the newest first. Raises MissingError, InvalidParameter."""
    limit = parse_limit(request.args)
    service = find_service(service_id)
    with opening() as connection:
        return answer(list_entries(list_runs(connection, service, make_reader(), limit=limit), make_terms()), JSON)


def show_run(run_id: int) -> Response:
    """One run with all it found. Raises MissingError, InvalidParameter."""
    require_known(request.args, ())
    require_id(run_id)
    with opening() as connection:
        return answer(to_report(read_report(connection, run_id, make_reader()), make_terms()), JSON)


def show_places(run_id: int) -> Response:
    """Single places of a run. Raises MissingError, InvalidParameter, InvalidBbox."""
    query = parse_places_query(request.args)
    require_id(run_id)
    with opening() as connection:
        page = read_places(connection, run_id, make_reader(), query.bbox, query.limit, query.served)
    return answer(to_places(page), JSON)


def show_comparison() -> Response:
    """What changed between two runs of a service, and why. Raises MissingError, InvalidParameter."""
    before, after = parse_comparison(request.args)
    with opening() as connection:
        return answer(to_comparison(compare_runs(connection, before, after, make_reader()), make_terms()), JSON)


def find_service(service_id: str) -> str:
    """The id of a service the asker may see. Raises MissingError, which lists those."""
    return get_visible(get_books().services, get_services().catalogue, get_actor(), service_id).id


def make_reader() -> Reader:
    """Who reads results in this request."""
    return Reader(get_actor(), get_services().catalogue)


def make_terms() -> Terms:
    """What services and layers are called by the files this application runs with."""
    return Terms(get_books().services, get_services().catalogue)
