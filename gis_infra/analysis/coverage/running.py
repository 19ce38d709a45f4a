"""One run of the coverage of one service: who and what lies within reach, by ward and for the city, and the gaps.

First method: straight line. A building is served when its centroid lies within the reach of a facility; areas are those
of the circles (or of the bands around areas) cut out of each ward.
"""

import dataclasses
import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Double, Engine, cast, false, func, insert, null, select, text

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.coverage import scratch
from gis_infra.analysis.coverage.services import Service, ServiceBook
from gis_infra.analysis.coverage.tables import COVERAGE_RUN
from gis_infra.analysis.rules.model import TOLERANCE_M
from gis_infra.analysis.scratch import insert_from, make_scratch
from gis_infra.analysis.snapshots import analysing, take_turn
from gis_infra.analysis.statements import read_statement
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import NotPermitted

SMALLEST_GAP_M2 = 1.0


@dataclasses.dataclass(frozen=True)
class CoverageOrder:
    """Who wants a service looked at, as of which moment; the wards are those of that day."""

    actor: Actor
    now: datetime.datetime


def run_coverage(engine: Engine, tables: LayerTables, book: ServiceBook, service_id: str, order: CoverageOrder) -> int:
    """Compute the coverage of a service and keep it; returns the id of the run.

    Raises NotPermitted unless the actor administers the city (results are of all facilities, also those others may not
    see), MissingError for an unknown service, BusyError while the same service is run by another.
    """
    if not order.actor.is_admin():
        raise NotPermitted("only an administrator may run the coverage analysis")
    service = book.get_service(service_id)
    with analysing(engine) as connection:
        take_turn(connection, f"coverage of {service_id}")
        return run_in(connection, tables, book, service, order)


def run_in(
    connection: Connection, tables: LayerTables, book: ServiceBook, service: Service, order: CoverageOrder
) -> int:
    """The run inside its transaction."""
    make_scratch(connection, scratch.FACILITY, scratch.DEMAND, scratch.WARD)
    insert_facilities(connection, tables, service)
    insert_demand(connection, tables, book)
    insert_wards(connection, tables, book, order.now.date())
    farthest_m = connection.execute(select(func.coalesce(func.max(scratch.FACILITY.c.distance_m), 0.0))).scalar_one()
    connection.execute(read_statement("coverage/serve_demand"), {"tolerance_m": TOLERANCE_M, "farthest_m": farthest_m})
    connection.execute(read_statement("coverage/assign_wards"))
    connection.execute(read_statement("coverage/find_gaps"))
    run_id = start_run(connection, tables, book, service, order)
    connection.execute(read_statement("coverage/coverage_results"), {"run_id": run_id})
    connection.execute(read_statement("coverage/coverage_gaps"), {"run_id": run_id, "smallest_m2": SMALLEST_GAP_M2})
    return run_id


def insert_facilities(connection: Connection, tables: LayerTables, service: Service) -> None:
    """Put the facilities in service, each with its reach in metres, into `facility`."""
    table = tables.get(service.facilities.layer)
    own = [cast(table.c[service.distance_field], Double)] if service.distance_field is not None else []
    reach = func.coalesce(*own, cast(service.distance_m, Double))
    rows = select(table.c.id, func.st_force2d(table.c.geom), reach).where(
        table.c.geom.is_not(None), select_all(table, service.facilities.where)
    )
    insert_from(connection, scratch.FACILITY, rows)
    connection.execute(text("CREATE INDEX ON facility USING gist (geom)"))
    connection.execute(text("ANALYZE facility"))


def insert_demand(connection: Connection, tables: LayerTables, book: ServiceBook) -> None:
    """Put the centroid and the people of everything to be reached into `demand`."""
    table = tables.get(book.demand.member.layer)
    people = func.coalesce(cast(table.c[book.demand.people], BigInteger), 0)
    rows = select(table.c.id, func.st_centroid(table.c.geom), people, cast(null(), BigInteger), false()).where(
        table.c.geom.is_not(None), select_all(table, book.demand.member.where)
    )
    insert_from(connection, scratch.DEMAND, rows)


def insert_wards(connection: Connection, tables: LayerTables, book: ServiceBook, day: datetime.date) -> None:
    """Put the wards that were there on `day` into `ward`."""
    units = book.units
    table = tables.get(units.member.layer)
    first, end = table.c[units.from_field], table.c[units.to_field]
    # An area that crosses itself cannot be cut; mended, it can.
    area = func.st_collectionextract(func.st_makevalid(func.st_force2d(table.c.geom)), 3)
    rows = select(table.c.id, table.c[units.code], table.c[units.name], area, null()).where(
        table.c.geom.is_not(None),
        select_all(table, units.member.where),
        func.coalesce(first <= day, True),
        func.coalesce(end > day, True),
    )
    insert_from(connection, scratch.WARD, rows)
    connection.execute(text("CREATE INDEX ON ward USING gist (geom)"))


def start_run(
    connection: Connection, tables: LayerTables, book: ServiceBook, service: Service, order: CoverageOrder
) -> int:
    """Enter the run with everything needed to repeat it; returns its id."""
    values = {
        "service": service.id,
        "started_at": order.now,
        "finished_at": func.clock_timestamp(),
        "actor": order.actor.username,
        "method": service.method,
        "distance_m": service.distance_m,
        "parameters": to_parameters(book, service, order) | {"steps": list_steps(connection, tables, book, service)},
        "facilities": select(func.count()).select_from(scratch.FACILITY).scalar_subquery(),
    }
    started: int = connection.execute(insert(COVERAGE_RUN).values(values).returning(COVERAGE_RUN.c.id)).scalar_one()
    return started


def list_steps(
    connection: Connection, tables: LayerTables, book: ServiceBook, service: Service
) -> dict[str, list[str]]:
    """Layer id -> each sensitivity among its rows that take part, "" for rows that say nothing.

    Kept with the run, because results tell of every row: the edge of a gap is an arc around a facility.
    """
    found: dict[str, set[str]] = {}
    for member in (service.facilities, book.demand.member, book.units.member):
        table = tables.get(member.layer)
        step = func.coalesce(table.c.sensitivity, "")
        steps = select(step).where(table.c.geom.is_not(None), select_all(table, member.where)).distinct()
        found.setdefault(member.layer, set()).update(connection.execute(steps).scalars())
    return {layer_id: sorted(steps) for layer_id, steps in found.items()}


def to_parameters(book: ServiceBook, service: Service, order: CoverageOrder) -> dict[str, Any]:
    """The service, the demand and the units as they stood, and the day of the wards."""
    return {
        "service": dataclasses.asdict(service),
        "demand": dataclasses.asdict(book.demand),
        "units": dataclasses.asdict(book.units),
        "day": order.now.date().isoformat(),
    }
