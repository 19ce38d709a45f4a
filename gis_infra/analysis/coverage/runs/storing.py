"""Keeps what a run found: the run and all that belongs to it, in one transaction of the caller's.

Rows of single places are kept of the latest official runs of a service, of those of a series for some more than a year,
and of others for a month; results by unit, gaps, facilities and sites stay.
"""

import datetime
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, insert, literal, not_, or_, select

from gis_infra.analysis.coverage.runs import columns
from gis_infra.analysis.coverage.runs.computing import Outcome
from gis_infra.analysis.coverage.runs.documents import to_document
from gis_infra.analysis.coverage.runs.inspection import Data
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.periods import get_last
from gis_infra.analysis.coverage.runs.planning import NOTHING, Plan
from gis_infra.analysis.coverage.runs.tables import (
    COVERAGE_FACILITY,
    COVERAGE_GAP,
    COVERAGE_PLACE,
    COVERAGE_RUN,
    COVERAGE_SITE,
    COVERAGE_UNIT,
)
from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.errors import ConflictError
from gis_infra.features.loading import copy_batches

LATEST_KEPT = 3  # official runs of a service whose single places are kept
SERIES_KEPT = datetime.timedelta(days=400)  # so that this June can be compared with last June
OTHERS_KEPT = datetime.timedelta(days=31)
REACH_M = 1.0  # how far what is drawn of the reach may lie beside it
MOST_POINTS = 200_000
COARSEST_M = 1_000.0


def store(
    connection: Connection, srid: int, book: ServiceBook, order: CoverageOrder, found: tuple[Plan, Data, Outcome, str]
) -> int:
    """The id of a new run with all it found; what is too old of single places goes.

    srid: of the city's CRS. found: the plan, what took part, the outcome and its digest.
    Raises ConflictError if the period of a series has its run already.
    """
    plan, data, outcome, digest = found
    if order.period is not None:
        require_first(connection, plan, order)
    values = to_run(book, order, plan, outcome) | {
        "takes": data.takes,
        "data": data.layers,
        "digest": digest,
        "reach": draw_reach(outcome.reached.area, srid),
    }
    run_id: int = connection.execute(insert(COVERAGE_RUN).values(values).returning(COVERAGE_RUN.c.id)).scalar_one()
    shared = (run_id, plan.service.id)
    copy(connection, COVERAGE_UNIT, [columns.make_units(outcome.tallies, outcome.units.shapes, srid)], shared)
    copy(connection, COVERAGE_GAP, [columns.make_gaps(outcome, srid)], shared)
    copy(connection, COVERAGE_FACILITY, [columns.make_facilities(outcome, srid)], shared)
    copy(connection, COVERAGE_SITE, [columns.make_sites(outcome, srid)], shared)
    copy(connection, COVERAGE_PLACE, columns.make_places(outcome, srid), shared)
    forget_places(connection, order.now)
    # New ranges of these small indexes are known to them only once they are summed up.
    for column in ("geom", "lonlat"):
        index = func.to_regclass(f"gis.coverage_place_{column}_idx")
        connection.execute(select(func.brin_summarize_new_values(index)))
    return run_id


def to_run(book: ServiceBook, order: CoverageOrder, plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """The columns of a run that do not hang on the database."""
    service = plan.service
    return {
        "service": service.id,
        "started_at": order.now,
        "finished_at": func.clock_timestamp(),
        "actor": order.actor.username,
        "person_id": order.actor.person_id,
        "shared": plan.shared,
        "official": plan.official,
        "period": order.period,
        "period_from": None if order.period is None else get_last(order.period, order.now.date()),
        "title": order.title,
        "method": service.method,
        "distance_m": service.distance_m,
        "minutes": service.minutes,
        "demand": plan.demand.id,
        "level": plan.level,
        "day": plan.day,
        "facilities": len(outcome.facilities),
        "told": to_document(outcome.told),
        "parameters": to_parameters(book, plan),
        "what_if": None if order.what_if == NOTHING else to_document(order.what_if),
        "sites": to_search(order, outcome),
    }


def to_parameters(book: ServiceBook, plan: Plan) -> dict[str, Any]:
    """The service, the demand and the units as they stood, and the streets where distances were measured along them."""
    along = {"streets": to_document(book.streets)} if plan.service.method == "streets" else {}
    return {
        "standard": to_document(plan.standard),
        "service": to_document(plan.service),
        "demand": to_document(plan.demand),
        "units": to_document(book.units),
        **along,
    }


def to_search(order: CoverageOrder, outcome: Outcome) -> dict[str, Any] | None:
    """The search for sites as it was asked for, and how good its answer is at least."""
    if order.sites is None or outcome.sites is None:
        return None
    chosen = outcome.sites.chosen
    found = {
        "candidates": len(outcome.sites.candidates), "served": chosen.gained, "bound": chosen.bound,
        "share_of_bound": chosen.share_of_bound, "limited": chosen.limited,
    }  # fmt: skip
    return {"order": to_document(order.sites), "found": to_document(found)}


def require_first(connection: Connection, plan: Plan, order: CoverageOrder) -> None:
    """Return if the series has no run of the period; nobody can store one until the transaction ends.

    Raises ConflictError.
    """
    key = func.hashtextextended(f"gis-infra coverage {plan.service.id} {order.period}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))
    first = get_last(order.period or "year", order.now.date())
    run = COVERAGE_RUN.c
    same = select(run.id).where(run.service == plan.service.id, run.period == order.period, run.period_from == first)
    if connection.execute(same).first() is not None:
        message = f"the {order.period} from {first.isoformat()} has its run of {plan.service.id} already"
        raise ConflictError(message, where="period")


def draw_reach(area: BaseGeometry | None, srid: int) -> Any:
    """The area within reach drawn with fewer points, as an expression; None without one."""
    if area is None:
        return None
    off_m, drawn = REACH_M, shapely.simplify(area, REACH_M)
    while shapely.get_num_coordinates(drawn) > MOST_POINTS and off_m < COARSEST_M:
        off_m *= 2
        drawn = shapely.simplify(area, off_m)
    parts = shapely.get_parts(shapely.make_valid(drawn))
    areas = parts[shapely.get_dimensions(parts) == 2]
    return func.st_geomfromwkb(shapely.to_wkb(shapely.multipolygons(shapely.get_parts(areas))), srid)


def copy(connection: Connection, table: Table, parts: Iterable[dict[str, Any]], shared: tuple[int, str]) -> None:
    """Add rows to a table of results; shared: the run and its service, which stand in every row."""
    run_id, service = shared
    batches = (
        pa.RecordBatch.from_pydict(
            {
                "run_id": pa.repeat(pa.scalar(run_id, pa.int64()), count),
                "service": pa.repeat(pa.scalar(service), count),
                **part,
            }
        )
        for part in parts
        if (count := len(next(iter(part.values()), ()))) > 0
    )
    for _ in copy_batches(connection, table, batches):
        pass


def forget_places(connection: Connection, now: datetime.datetime) -> None:
    """Take away the single places of runs that are too old for them."""
    old = select(COVERAGE_RUN.c.id).where(not_(select_kept(now)))
    connection.execute(delete(COVERAGE_PLACE).where(COVERAGE_PLACE.c.run_id.in_(old)))


def select_kept(now: datetime.datetime) -> ColumnElement[bool]:
    """True for the runs whose single places are kept."""
    run = COVERAGE_RUN.c
    number = func.row_number().over(partition_by=run.service, order_by=run.id.desc()).label("number")
    ranked = select(run.id, number).where(run.official).subquery()
    latest = select(ranked.c.id).where(ranked.c.number <= LATEST_KEPT)
    return or_(
        run.id.in_(latest),
        and_(run.period.is_not(None), run.started_at > literal(now - SERIES_KEPT)),
        and_(not_(run.official), run.started_at > literal(now - OTHERS_KEPT)),
    )
