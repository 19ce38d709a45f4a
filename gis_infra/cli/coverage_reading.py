"""What commands on coverage read: services, the run a word means, and the runs of a service, as JSON holds them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from gis_infra.analysis.coverage.runs.reading import get_run, list_runs, read_latest, read_report
from gis_infra.analysis.coverage.runs.visibility import Reader, get_visible, list_visible
from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.errors import MissingError
from gis_infra.processes.definitions import Context
from gis_infra.reports.coverage.documents import to_entry, to_report
from gis_infra.reports.coverage.services import to_services
from gis_infra.reports.coverage.terms import Terms
from gis_infra.storage.transactions import reading

LONGEST_NUMBER = 18
MOST_GAPS, MOST_FACILITIES = 100_000, 1_000_000
MOST_OF_SERIES = 40


def read_book(context: Context) -> ServiceBook:
    """The services of this city. Raises LayerFileError."""
    return read_services(context.settings.layers, context.catalogue)


def make_terms(context: Context) -> Terms:
    """What services and layers are called. Raises LayerFileError."""
    return Terms(read_book(context), context.catalogue)


def make_reader(context: Context) -> Reader:
    """Who reads."""
    return Reader(context.actor, context.catalogue)


def read_overview(context: Context, made: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Every service with its latest official run; of those just made, service id -> run, these runs."""
    terms, reader = make_terms(context), make_reader(context)
    services = list_visible(terms.book, context.catalogue, context.actor)
    services = tuple(each for each in services if made is None or each.id in made)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        runs = dict(read_latest(connection, [each.id for each in services], reader))
        runs |= {service: get_run(connection, run_id, reader) for service, run_id in (made or {}).items()}
    return to_services(services, runs, terms, may_run=True)


def find_report(context: Context, word: str) -> dict[str, Any]:
    """The run a word means: its number, or a service for its latest official run. Raises MissingError."""
    terms, reader = make_terms(context), make_reader(context)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        run_id = find_run_id(connection, context, terms.book, word)
        return to_report(read_report(connection, run_id, reader, MOST_GAPS, MOST_FACILITIES), terms)


def find_run_id(connection: Connection, context: Context, book: ServiceBook, word: str) -> int:
    """The number of the run a word means. Raises MissingError for an unknown service, or one that was never run."""
    if word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER:
        return int(word)
    service = get_visible(book, context.catalogue, context.actor, word)
    latest = read_latest(connection, [service.id], make_reader(context)).get(service.id)
    if latest is None:
        raise MissingError(f"the coverage of {service.id} was never run", where=service.id)
    return latest.id


def read_series(context: Context, service_id: str) -> list[dict[str, Any]]:
    """The official runs of a service, the newest first."""
    with reading(context.engine, context.settings.read_limit_s) as connection:
        runs = list_runs(connection, service_id, make_reader(context), official_only=True, limit=MOST_OF_SERIES)
    terms = make_terms(context)
    return [to_entry(each, terms) for each in runs]
