"""Jobs as the worker sees them: taken up, told of, ended, and taken up again when a worker died over one.

Whoever runs a job holds an advisory lock of the database for as long. The lock goes with the process, so a job that is
said to run and whose lock is free has lost its worker, on whichever machine that was.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Text,
    case,
    cast,
    delete,
    exists,
    func,
    select,
    update,
)

from gis_infra.accounts.actor import SYSTEM
from gis_infra.errors import BusyError, GisInfraError, MissingError
from gis_infra.processes.jobs import callbacks
from gis_infra.processes.jobs.queue import CARE
from gis_infra.processes.jobs.records import OPEN, put_in_queue
from gis_infra.processes.jobs.tables import JOB, QUEUED
from gis_infra.storage.transactions import writing

MOST_ATTEMPTS = 2
OWN_KEEP_H = 1
LOST = "the worker that ran it ended before it was done; nothing was changed, ask for it again"
STORED = (
    "it changed the database, but its worker ended before it could tell what it did; see the list of imports or runs"
)


class Dismissed(GisInfraError):
    """The job that runs was dismissed; raised in its process, so that what it did is undone."""


@contextmanager
def holding(engine: Engine, job_id: uuid.UUID) -> Iterator[bool]:
    """Hold the lock of a job for the time of a block; False if somebody else has it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Closed with the block, not put back: a pooled connection would keep the lock.
        connection.detach()
        yield bool(connection.execute(select(func.pg_try_advisory_lock(to_key(job_id)))).scalar_one())


def to_key(job_id: uuid.UUID) -> int:
    """The number of a job's lock."""
    return int.from_bytes(job_id.bytes[:8], "big", signed=True)


def claim(engine: Engine, job_id: uuid.UUID) -> bool:
    """Say that a job runs now; False if it does not wait any more."""
    values = {"status": "running", "message": "running", "progress": 0, "attempts": JOB.c.attempts + 1}
    with writing(engine) as connection:
        waiting = (JOB.c.id == job_id) & (JOB.c.status == "accepted")
        started = update(JOB).where(waiting).values(**values, started_at=func.now(), updated_at=func.now())
        is_mine = connection.execute(started).rowcount == 1
        if is_mine:
            callbacks.queue(connection, job_id, "in_progress")
        return is_mine


def tell(engine: Engine, job_id: uuid.UUID, progress: int, message: str) -> None:
    """Say how far a running job is, of 100. Raises Dismissed if it was dismissed."""
    with writing(engine) as connection:
        values = {"progress": progress, "message": message, "updated_at": func.now()}
        require_running(connection.execute(update(JOB).where(select_running(job_id)).values(values)).rowcount)


def mark_stored(connection: Connection, job_id: uuid.UUID) -> None:
    """Say, in the transaction of the changes themselves, that a job has changed the database.

    From then on it is neither dismissed nor run again. Raises Dismissed if it was dismissed before.
    """
    require_running(connection.execute(update(JOB).where(select_running(job_id)).values(stored=True)).rowcount)


def require_running(found: int) -> None:
    """Return if one running job was found. Raises Dismissed."""
    if found != 1:
        raise Dismissed("the job was dismissed")


def select_running(job_id: uuid.UUID) -> ColumnElement[bool]:
    """The condition that a job runs."""
    return (JOB.c.id == job_id) & (JOB.c.status == "running")


def finish(engine: Engine, job_id: uuid.UUID, outputs: Mapping[str, Any], keep_h: int) -> None:
    """Say that a job is done. A job that was dismissed meanwhile stays so."""
    values = {"status": "successful", "progress": 100, "message": "done", "result": outputs}
    end(engine, job_id, values, keep_h)


def fail(engine: Engine, job_id: uuid.UUID, error: GisInfraError, keep_h: int) -> None:
    """Say that a job ended with an error. A job that was dismissed meanwhile stays so."""
    end(engine, job_id, to_failure(error), keep_h)


def break_off(engine: Engine, job_id: uuid.UUID, error: GisInfraError, keep_h: int) -> None:
    """Say that a job's process broke off, if the job did not say itself how it ended."""
    with writing(engine) as connection:
        stored = connection.execute(select(JOB.c.stored).where(JOB.c.id == job_id)).scalar_one_or_none()
        end_in(connection, job_id, to_failure(BusyError(STORED) if stored else error), keep_h)


def to_failure(error: GisInfraError) -> dict[str, Any]:
    """What is written down of a job that ended with an error."""
    problem = {"kind": type(error).__name__, "message": error.message, "where": error.where}
    return {"status": "failed", "message": error.message, "problem": problem}


def end(engine: Engine, job_id: uuid.UUID, values: Mapping[str, Any], keep_h: int) -> None:
    """Put a running job into its last state."""
    with writing(engine) as connection:
        end_in(connection, job_id, values, keep_h)


def end_in(connection: Connection, job_id: uuid.UUID, values: Mapping[str, Any], keep_h: int) -> None:
    """Put an open job into its last state, in the caller's transaction; it expires `keep_h` hours from now."""
    # What the program asked of itself is one job an edit; nobody comes for its results.
    kept_h = case((JOB.c.person_id == SYSTEM.person_id, min(keep_h, OWN_KEEP_H)), else_=keep_h)
    expires = func.now() + func.make_interval(0, 0, 0, 0, kept_h)
    times = {"finished_at": func.now(), "updated_at": func.now(), "expires_at": expires}
    opened = (JOB.c.id == job_id) & JOB.c.status.in_(OPEN)
    if connection.execute(update(JOB).where(opened).values({**values, **times})).rowcount:
        callbacks.queue(connection, job_id, "success" if values["status"] == "successful" else "failed")


def read_run(connection: Connection, job_id: uuid.UUID) -> tuple[str, dict[str, Any], int]:
    """Process, inputs and person of a job. Raises MissingError if it was forgotten meanwhile."""
    row = connection.execute(
        select(JOB.c.process, JOB.c.inputs, JOB.c.person_id).where(JOB.c.id == job_id)
    ).one_or_none()
    if row is None:
        raise MissingError(f"there is no job {job_id}")
    return row.process, row.inputs, row.person_id


def put_back(engine: Engine, job_id: uuid.UUID) -> None:
    """Have a job that a worker had to leave at its own end run again; the attempt does not count."""
    with writing(engine) as connection:
        mine = select_running(job_id) & ~JOB.c.stored
        back = {"status": "accepted", "message": "waiting for a worker", "progress": 0, "attempts": JOB.c.attempts - 1}
        if connection.execute(update(JOB).where(mine).values(**back, updated_at=func.now())).rowcount:
            put_in_queue(connection, job_id)


def recover_lost(engine: Engine, keep_h: int) -> int:
    """Put every job that lost its worker back into the queue, or say that it failed; returns how many there were."""
    with writing(engine) as connection:
        lost = [row for row in connection.execute(select_unqueued()) if is_free(connection, row.id)]
        for row in lost:
            recover(connection, row, keep_h)
    return len(lost)


def select_unqueued() -> Select[Any]:
    """The open jobs that no longer wait in the queue: somebody runs them, or did."""
    waits = exists().where(QUEUED.c.id == JOB.c.queue_id, cast(QUEUED.c.status, Text) == "todo")
    columns = (JOB.c.id, JOB.c.attempts, JOB.c.stored, JOB.c.queue_id)
    return select(*columns).where(JOB.c.status.in_(OPEN), ~waits).order_by(JOB.c.created_at, JOB.c.id)


def is_free(connection: Connection, job_id: uuid.UUID) -> bool:
    """Whether nobody runs a job; if so, nobody can take it up until the transaction ends."""
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(to_key(job_id)))).scalar_one())


def recover(connection: Connection, row: Row[Any], keep_h: int) -> None:
    """Have a job that lost its worker run again, unless it has stored its changes or was tried often enough."""
    connection.execute(delete(QUEUED).where(QUEUED.c.id == row.queue_id))
    if row.stored or row.attempts >= MOST_ATTEMPTS:
        end_in(connection, row.id, to_failure(BusyError(STORED if row.stored else LOST)), keep_h)
        return
    mine = (JOB.c.id == row.id) & JOB.c.status.in_(OPEN)
    back = {"status": "accepted", "message": "waiting for a worker", "progress": 0}
    if connection.execute(update(JOB).where(mine).values(**back, updated_at=func.now())).rowcount:
        put_in_queue(connection, row.id)


def forget_expired(engine: Engine) -> None:
    """Take finished jobs off the list whose time is over, and cleanings that a worker began and did not end."""
    left = (QUEUED.c.queue_name == CARE) & (cast(QUEUED.c.status, Text) == "doing") & QUEUED.c.worker_id.is_(None)
    with writing(engine) as connection:
        connection.execute(delete(JOB).where(JOB.c.expires_at < func.now()))
        connection.execute(delete(QUEUED).where(left))
