"""Which services are run by the calendar, and which of them are due.

A period (month, half year, year) is run once it has ended, on the data of that moment. Where nobody was there to run
it, it is made up later, once: of several that were missed only the last, for of the others nobody knows the data any
more.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.coverage.runs.orders import PERIODS
from gis_infra.analysis.coverage.runs.periods import get_last, get_next
from gis_infra.analysis.coverage.runs.results import Schedule
from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN, COVERAGE_SCHEDULE
from gis_infra.errors import InvalidParameter, MissingError, NotPermitted, SignInNeeded


@dataclass(frozen=True)
class Due:
    """A service whose period has ended and was not run. first: first day of the period."""

    service: str
    period: str
    first: datetime.date


def list_schedules(connection: Connection, actor: Actor, day: datetime.date) -> tuple[Schedule, ...]:
    """The schedules there are, as of a day. Raises SignInNeeded, NotPermitted unless the actor administers the city."""
    require_admin(actor)
    return read_schedules(connection, day)


def add_schedule(connection: Connection, actor: Actor, service_id: str, period: str, day: datetime.date) -> None:
    """Have a service run whenever a period ends, from the one on that `day` belongs to; nothing changes if it is so.

    service_id: of a service there is.
    Raises SignInNeeded, NotPermitted, and InvalidParameter for a period that is none.
    """
    require_admin(actor)
    if period not in PERIODS:
        raise InvalidParameter(f"period must be one of {', '.join(PERIODS)}, got {period!r}", where="period")
    values = {"service": service_id, "period": period, "begun_on": day, "actor": actor.username}
    connection.execute(insert(COVERAGE_SCHEDULE).values(values).on_conflict_do_nothing())


def remove_schedule(connection: Connection, actor: Actor, service_id: str, period: str) -> None:
    """Have a service no longer run by the calendar; its series stays.

    Raises SignInNeeded, NotPermitted, MissingError where it was not.
    """
    require_admin(actor)
    schedule = COVERAGE_SCHEDULE.c
    same = (schedule.service == service_id) & (schedule.period == period)
    if connection.execute(delete(COVERAGE_SCHEDULE).where(same)).rowcount == 0:
        raise MissingError(f"{service_id} is not run by the {period}", where="service")


def list_due(connection: Connection, day: datetime.date) -> tuple[Due, ...]:
    """What is to be run on a day: of each schedule the period that ended last, if it has no run."""
    found = []
    for each in read_schedules(connection, day):
        first = get_last(each.period, day)
        ended_on = get_next(each.period, first)
        is_new = each.latest is None or each.latest < first
        if is_new and ended_on > each.begun_on:
            found.append(Due(each.service, each.period, first))
    return tuple(found)


def read_schedules(connection: Connection, day: datetime.date) -> tuple[Schedule, ...]:
    """The schedules with the last period each has a run of."""
    schedule, run = COVERAGE_SCHEDULE.c, COVERAGE_RUN.c
    of_series = (run.service == schedule.service) & (run.period == schedule.period)
    latest = select(func.max(run.period_from)).where(of_series).scalar_subquery().label("latest")
    rows = select(*COVERAGE_SCHEDULE.columns, latest).order_by(schedule.service, schedule.period)
    return tuple(
        Schedule(row.service, row.period, row.begun_on, row.actor, row.latest, get_next(row.period, day))
        for row in connection.execute(rows)
    )


def require_admin(actor: Actor) -> None:
    """Return if an actor administers the city. Raises SignInNeeded, NotPermitted."""
    if actor.is_anonymous:
        raise SignInNeeded("sign in to plan runs of the coverage analysis")
    if not actor.is_admin():
        raise NotPermitted("only an administrator may plan runs of the coverage analysis")
