"""A run made again from what was kept of it, to show that the same data give the same digits. Nothing is stored."""

import datetime
from pathlib import Path

from sqlalchemy import Engine

from gis_infra.analysis.coverage.runs.computing import Outcome, compute
from gis_infra.analysis.coverage.runs.documents import parse_sites, parse_what_if, to_document
from gis_infra.analysis.coverage.runs.inspection import Data
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.reading import get_run, read_units
from gis_infra.analysis.coverage.runs.results import CoverageRun, Figures, Repetition
from gis_infra.analysis.coverage.runs.running import check_order, hash_outcome
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.model import Demand, Service, ServiceBook, Streets, Units
from gis_infra.analysis.coverage.standards.records import read_record
from gis_infra.analysis.snapshots import looking
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter
from gis_infra.progress import Progress, tell_nobody

NUMBERS = ("people", "people_served", "places", "places_served", "area_m2", "area_served_m2", "facilities")
MOST_DIFFERENCES = 100


def repeat_run(
    engine: Engine, tables: LayerTables, book: ServiceBook, run: tuple[int, Reader, Path], tell: Progress = tell_nobody
) -> Repetition:
    """A run computed again as it was ordered, by the standards as they stood, on the data of today.

    run: its number, who asks, and the folder where what is slow to make is kept.
    Raises MissingError for a run that is not theirs to see, InvalidParameter for one from before there were other
    methods, of which too little is kept, and what `run_coverage` raises.
    """
    run_id, reader, cache = run
    with looking(engine) as connection:
        kept = get_run(connection, run_id, reader)
        before = read_units(connection, run_id)
        order = to_order(kept, reader, cache, tell)
        stood = put_back(kept, book)
        plan, data = check_order(connection, tables, stood, order)
        outcome = compute(connection, tables, stood, order, plan)
    return Repetition(
        run=run_id,
        is_same=hash_outcome(outcome) == kept.digest,
        data_changed=list_edited(kept, data),
        standard_changed=is_changed(kept, book),
        differences=list_differences(before, outcome),
    )


def to_order(run: CoverageRun, reader: Reader, cache: Path, tell: Progress) -> CoverageOrder:
    """The order of a run. Raises InvalidParameter where too little is kept of it."""
    standard = run.parameters.get("standard")
    if standard is None or run.day is None:
        raise InvalidParameter(
            f"run {run.id} is from before runs could be repeated; run {run.service} anew", where="id"
        )
    usual = (standard["distance_m"], standard["minutes"]) == (
        run.service_as_it_stood["distance_m"],
        run.service_as_it_stood["minutes"],
    )
    return CoverageOrder(
        actor=reader.actor,
        service=run.service,
        now=datetime.datetime.combine(run.day, datetime.time(12), datetime.UTC),
        cache=cache,
        catalogue=reader.catalogue,
        day=run.day,
        level=run.level,
        demand=run.demand,
        method=run.method,
        distance_m=None if usual else run.service_as_it_stood["distance_m"],
        minutes=None if usual else run.service_as_it_stood["minutes"],
        what_if=parse_what_if(run.what_if),
        sites=parse_sites(None if run.sites is None else run.sites["order"]),
        tell=tell,
    )


def list_edited(run: CoverageRun, data: Data) -> tuple[str, ...]:
    """Layers that were edited since the run."""
    before = {each.layer: each.revision for each in run.data if each.revision is not None}
    return tuple(layer for layer, was in sorted(before.items()) if data.layers.get(layer, {}).get("revision") != was)


def put_back(run: CoverageRun, book: ServiceBook) -> ServiceBook:
    """The standards as they stood when the run was made; what the run did not use, as it is today."""
    kept = run.parameters
    streets = kept.get("streets")
    return ServiceBook(
        services={run.service: read_record(Service, kept["standard"])},
        demands={run.demand: read_record(Demand, kept["demand"])},
        units=read_record(Units, kept["units"]),
        streets=book.streets if streets is None else read_record(Streets, streets),
    )


def is_changed(run: CoverageRun, book: ServiceBook) -> bool:
    """Whether standard, demand, units or streets are others today than they were."""
    if run.service not in book.services or run.demand not in book.demands:
        return True
    today = {
        "standard": book.services[run.service],
        "demand": book.demands[run.demand],
        "units": book.units,
        "streets": book.streets,
    }
    return any(name in run.parameters and run.parameters[name] != to_document(today[name]) for name in today)


def list_differences(before: tuple[Figures, ...], outcome: Outcome) -> tuple[str, ...]:
    """The sums that are not the same to the last digit, as "26701: people_served: 10 is now 11"."""
    old: dict[tuple[str, str | None], Figures] = {(each.scope, each.code): each for each in before}
    found = []
    for each in outcome.tallies:
        was = old.pop((each.scope, each.code), None)
        name = each.code or each.scope
        if was is None:
            found.append(f"{name} is new")
            continue
        for number in NUMBERS:
            first, second = getattr(was, number), getattr(each, number)
            if first != second:
                found.append(f"{name}: {number}: {first} is now {second}")
    found += [f"{each.code or each.scope} is gone" for each in old.values()]
    return tuple(found[:MOST_DIFFERENCES])
