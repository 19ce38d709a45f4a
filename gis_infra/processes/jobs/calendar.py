"""Asks for the runs of coverage that are due by the calendar: one job of the program's own each.

A worker looks once a minute. What waits, runs or failed within the hour for which such a job is kept is not asked for
again, whatever number of workers there is.
"""

import datetime

from sqlalchemy import Connection, Engine, exists, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import schedules
from gis_infra.analysis.coverage.runs.schedules import Due
from gis_infra.processes.jobs import records
from gis_infra.processes.jobs.tables import JOB
from gis_infra.storage.transactions import writing

PROCESS = "coverage"


def ask(engine: Engine, day: datetime.date) -> int:
    """Have what is due on a day run; returns how many jobs are new."""
    with writing(engine) as connection:
        # One worker at a time, or each would ask for the same.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gis-infra asks for what is due"))))
        wanted = [each for each in schedules.list_due(connection, day) if not has_job(connection, each)]
        for each in wanted:
            records.submit_own(connection, PROCESS, to_inputs(each))
        return len(wanted)


def to_inputs(due: Due) -> dict[str, str]:
    """What the process is asked for."""
    return {"service": due.service, "period": due.period}


def has_job(connection: Connection, due: Due) -> bool:
    """Whether there is a job of ours for it that did not succeed, or not yet."""
    ours = (JOB.c.person_id == SYSTEM.person_id) & (JOB.c.process == PROCESS) & (JOB.c.status != "successful")
    return bool(connection.execute(select(exists().where(ours, JOB.c.inputs == to_inputs(due)))).scalar_one())
