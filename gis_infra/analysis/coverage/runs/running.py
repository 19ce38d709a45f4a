"""One run of the coverage of one service, from the order to what is kept of it.

What takes part is looked at as of one moment of the database, in a transaction that stores nothing; what was found is
stored by a short one after it, whole or not at all: a run that is killed or cancelled leaves nothing. Runs do not stand
in each other's way.
"""

import hashlib

import numpy as np
import orjson
from sqlalchemy import Connection, Engine

from gis_infra.analysis.coverage.runs.computing import STEPS, Outcome, compute
from gis_infra.analysis.coverage.runs.documents import to_document
from gis_infra.analysis.coverage.runs.inspection import Data, inspect_data, require_rows
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.planning import Plan, list_members, make_plan
from gis_infra.analysis.coverage.runs.storing import store
from gis_infra.analysis.coverage.runs.visibility import Reader, get_visible
from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.analysis.rules.model import Member
from gis_infra.analysis.snapshots import looking
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import NotPermitted
from gis_infra.storage.transactions import writing


def run_coverage(engine: Engine, tables: LayerTables, book: ServiceBook, order: CoverageOrder) -> int:
    """Compute the coverage of a service and keep it; returns the id of the run.

    Raises SignInNeeded, NotPermitted where not all that takes part is the actor's to see, MissingError for an unknown
    service, InvalidParameter for what it cannot be asked, ConflictError for a period that has its run, BusyError when
    the database takes too long.
    """
    with looking(engine) as connection:
        plan, data = check_order(connection, tables, book, order)
        require_ids(connection, tables, book, (plan, order))
        outcome = compute(connection, tables, book, order, plan)
    digest = hash_outcome(outcome)
    with writing(engine) as connection:
        run_id = store(connection, tables.srid, book, order, (plan, data, outcome, digest))
        order.tell(STEPS, STEPS)
    return run_id


def check_order(
    connection: Connection, tables: LayerTables, book: ServiceBook, order: CoverageOrder
) -> tuple[Plan, Data]:
    """What an order comes to and what takes part, if the actor may have it run. Raises as `run_coverage` does."""
    get_visible(book, order.catalogue, order.actor, order.service)
    plan = make_plan(book, order)
    members = list_members(book, plan, order)
    for layer_id in {member.layer for member in members}:
        order.actor.require("read", order.catalogue.get_layer(layer_id))
    data = inspect_data(connection, tables, members)
    if not Reader(order.actor, order.catalogue).may_see(data.takes):
        raise NotPermitted("a run is for those who may see every row that takes part in it")
    return plan, data


def require_ids(
    connection: Connection, tables: LayerTables, book: ServiceBook, asked: tuple[Plan, CoverageOrder]
) -> None:
    """Return if every facility counted out and every street closed takes part. Raises InvalidParameter.

    Not asked of a run that is repeated: it says what was edited since.
    """
    plan, what_if = asked[0], asked[1].what_if
    facilities = plan.service.facilities
    of_layer = Member(facilities.layer) if what_if.planned else facilities
    if what_if.without:
        require_rows(connection, tables, of_layer, what_if.without, "what_if.without")
    if what_if.closed:
        require_rows(connection, tables, book.streets.member, what_if.closed, "what_if.closed")


def hash_outcome(outcome: Outcome) -> str:
    """A short text that is the same for the same result to the last digit."""
    found = hashlib.sha256()
    places, reached = outcome.places, outcome.reached
    facilities = np.append(outcome.facilities.ids, 0)[reached.facility]
    for column in (places.ids, places.people, places.unit, reached.distance, reached.served, facilities):
        found.update(np.ascontiguousarray(column).tobytes())
    sites = None if outcome.sites is None else outcome.sites.chosen.gains
    figures = (
        outcome.tallies,
        [(each.unit, each.people, each.places, each.shape.area) for each in outcome.gaps],
        outcome.whom.people.tolist(),
        [] if sites is None else sites.tolist(),
    )
    found.update(orjson.dumps(to_document(figures)))
    return found.hexdigest()[:32]
