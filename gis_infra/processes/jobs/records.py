"""Jobs as those who asked for them see them: asked for, looked at, listed, dismissed.

A job is shown to the person who asked for it and to administrators. To all others it is not there, in the same words as
one that never was.
"""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, true, update

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.errors import ConflictError, InvalidParameter, SignInNeeded, UnknownJob
from gis_infra.processes.definitions import Inputs
from gis_infra.processes.jobs import queue
from gis_infra.processes.jobs.tables import JOB

Status = Literal["accepted", "running", "successful", "failed", "dismissed"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("accepted", "running")
MOST_OPEN = 10  # of one person
TYPE = "process"
# What the program asks of itself when something changes, and somebody waits for: in a lane of its own.
WATCHING = frozenset({"conflicts"})


@dataclass(frozen=True)
class Job:
    """A job; the fields are columns of `gis.job`.

    result: the outputs. problem: kind, message and where of the error it ended with.
    """

    id: uuid.UUID
    process: str
    person_id: int
    inputs: dict[str, Any]
    wanted: dict[str, Any]
    status: Status
    progress: int
    message: str
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    updated_at: datetime.datetime
    expires_at: datetime.datetime | None
    result: dict[str, Any] | None
    problem: dict[str, str] | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.status in OPEN


@dataclass(frozen=True)
class JobFilter:
    """Which of the actor's jobs are wanted. Empty tuples and None restrict nothing.

    created: from and to, both inclusive. duration_s: least and most seconds a job ran, or has run so far.
    """

    processes: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    created: tuple[datetime.datetime | None, datetime.datetime | None] = (None, None)
    duration_s: tuple[int | None, int | None] = (None, None)
    limit: int = 10
    offset: int = 0


COLUMNS = [JOB.c[each.name] for each in fields(Job)]


def submit(connection: Connection, actor: Actor, process: str, inputs: Inputs, wanted: Mapping[str, Any]) -> Job:
    """A new job, in the queue as soon as the transaction ends.

    wanted: which outputs are asked for, and in which form, kept for whoever shows the results; and under "subscriber"
    the addresses that are told what becomes of it, by event.
    Raises SignInNeeded for the public, ConflictError if the person has too many open jobs already.
    """
    if actor.person_id is None:
        raise SignInNeeded(f"sign in to run {process} as a job")
    require_few(connection, actor.person_id)
    values = {"id": uuid.uuid4(), "process": process, "person_id": actor.person_id, "status": "accepted"}
    kept = {name: value for name, value in wanted.items() if name != "subscriber"}
    texts = {"inputs": dict(inputs), "wanted": kept, "message": "waiting for its turn"}
    subscriber = {"subscriber": dict(wanted.get("subscriber", {}))}
    row = connection.execute(insert(JOB).values({**values, **texts, **subscriber}).returning(*COLUMNS)).one()
    put_in_queue(connection, row.id)
    return to_job(row)


def keep(connection: Connection, actor: Actor, process: str, wanted: Mapping[str, Any], inputs: Inputs) -> uuid.UUID:
    """The id of a new job that nobody has to run, for outputs that are there already. Raises SignInNeeded."""
    if actor.person_id is None:
        raise SignInNeeded(f"sign in to have outputs of {process} by reference: they are kept as a job of yours")
    job_id = uuid.uuid4()
    values = {
        "id": job_id,
        "process": process,
        "person_id": actor.person_id,
        "status": "running",
        "inputs": dict(inputs),
    }
    kept = {name: value for name, value in wanted.items() if name != "subscriber"}
    connection.execute(insert(JOB).values(**values, wanted=kept, started_at=func.now()))
    return job_id


def submit_own(connection: Connection, process: str, inputs: Inputs) -> None:
    """A new job that the program asks of itself; administrators see it."""
    job_id = uuid.uuid4()
    values = {"id": job_id, "process": process, "person_id": SYSTEM.person_id, "status": "accepted"}
    texts = {"inputs": dict(inputs), "wanted": {}, "message": "waiting for its turn"}
    connection.execute(insert(JOB).values({**values, **texts}))
    put_in_queue(connection, job_id)


def put_in_queue(connection: Connection, job_id: uuid.UUID) -> None:
    """Have a worker run an accepted job."""
    row = connection.execute(select(JOB.c.person_id, JOB.c.process).where(JOB.c.id == job_id)).one()
    lane = queue.WATCH if row.person_id == SYSTEM.person_id and row.process in WATCHING else queue.JOBS
    connection.execute(update(JOB).where(JOB.c.id == job_id).values(queue_id=queue.defer(connection, job_id, lane)))


def require_few(connection: Connection, person_id: int) -> None:
    """Return if a person has room for another job. Raises ConflictError."""
    # One at a time for each person, or several requests at once would each find room.
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"gis-infra jobs of {person_id}"))))
    mine = (JOB.c.person_id == person_id) & JOB.c.status.in_(OPEN)
    count = connection.execute(select(func.count()).select_from(JOB).where(mine)).scalar_one()
    if count >= MOST_OPEN:
        raise ConflictError(f"you have {count} jobs waiting or running; wait for one to end, or dismiss one")


def get_job(connection: Connection, actor: Actor, job_id: str) -> Job:
    """The job of that id. Raises UnknownJob, in the same words whether there is none or it is somebody else's."""
    row = connection.execute(select(*COLUMNS).where(JOB.c.id == parse_id(job_id), select_mine(actor))).one_or_none()
    if row is None:
        raise UnknownJob(f"there is no job {job_id[:40]!r}", where="jobId")
    return to_job(row)


def read_job(connection: Connection, job_id: uuid.UUID) -> Job:
    """A job that is there, for the program itself."""
    return to_job(connection.execute(select(*COLUMNS).where(JOB.c.id == job_id)).one())


def list_wanted(job: Job) -> dict[str, Any]:
    """The outputs of a job that were asked for, by name; none of one that has no result."""
    outputs = job.result or {}
    return {name: outputs[name] for name in job.wanted.get("outputs", outputs) if name in outputs}


def to_status(job: Job) -> dict[str, Any]:
    """How a job stands, but for links. Source: OGC 18-062r2, schema statusInfo.yaml."""
    moments = {
        "created": job.created_at,
        "started": job.started_at,
        "finished": job.finished_at,
        "updated": job.updated_at,
        "expires": job.expires_at,
    }
    return {
        "processID": job.process,
        "type": TYPE,
        "jobID": str(job.id),
        "status": job.status,
        "message": job.message,
        "progress": job.progress,
        **{name: to_text(moment) for name, moment in moments.items() if moment is not None},
    }


def to_text(moment: datetime.datetime) -> str:
    """A moment as RFC 3339 has it."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_id(text: str) -> uuid.UUID:
    """The id of a job. Raises UnknownJob for what cannot be one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise UnknownJob(f"there is no job {text[:40]!r}", where="jobId") from None


def select_mine(actor: Actor) -> ColumnElement[bool]:
    """The condition that a job may be shown to an actor."""
    return true() if actor.is_admin() else JOB.c.person_id == (actor.person_id if actor.person_id is not None else -1)


def list_jobs(connection: Connection, actor: Actor, wanted: JobFilter) -> list[Job]:
    """The jobs an actor may see, newest first."""
    conditions = [select_mine(actor), *select_spans(wanted)]
    if wanted.processes:
        conditions.append(JOB.c.process.in_(wanted.processes))
    if wanted.statuses:
        conditions.append(JOB.c.status.in_(wanted.statuses))
    statement = select(*COLUMNS).where(*conditions).order_by(JOB.c.created_at.desc(), JOB.c.id)
    return [to_job(row) for row in connection.execute(statement.limit(wanted.limit).offset(wanted.offset))]


def select_spans(wanted: JobFilter) -> list[ColumnElement[bool]]:
    """The conditions on when a job was asked for and how long it ran; one that never started has no duration."""
    ran = func.extract("epoch", func.coalesce(JOB.c.finished_at, func.now()) - JOB.c.started_at)
    (first, last), (least, most) = wanted.created, wanted.duration_s
    return [
        *([JOB.c.created_at >= first] if first is not None else []),
        *([JOB.c.created_at <= last] if last is not None else []),
        *([ran >= least] if least is not None else []),
        *([ran <= most] if most is not None else []),
    ]


def dismiss(connection: Connection, actor: Actor, job_id: str, keep_h: int) -> Job:
    """Stop an open job, or forget a finished one; returns it as dismissed.

    A running one notices within a second, and what it did is undone. keep_h: hours for which it is still shown.
    Raises UnknownJob, ConflictError when it has changed the database already and only has to say so.
    """
    job = get_job(connection, actor, job_id)
    if not job.is_open:
        connection.execute(delete(JOB).where(JOB.c.id == job.id))
        return to_job_as(job, "dismissed")
    ended = {
        "finished_at": func.now(),
        "updated_at": func.now(),
        "expires_at": func.now() + func.make_interval(0, 0, 0, 0, keep_h),
    }
    can_end = (JOB.c.id == job.id) & JOB.c.status.in_(OPEN) & ~JOB.c.stored
    values = {"status": "dismissed", "message": "dismissed; nothing was changed", **ended}
    row = connection.execute(
        update(JOB).where(can_end).values(values).returning(*COLUMNS, JOB.c.queue_id)
    ).one_or_none()
    if row is None:
        raise ConflictError("the job has stored its changes already and is about to end", where="jobId")
    if row.queue_id is not None:
        queue.cancel(connection, row.queue_id)
    return to_job(row)


def to_job(row: Row[Any]) -> Job:
    """The job of a row."""
    return Job(**{each.name: getattr(row, each.name) for each in fields(Job)})


def to_job_as(job: Job, status: Status) -> Job:
    """The same job with another status."""
    return Job(**{**vars(job), "status": status})


def parse_statuses(text: str) -> tuple[Status, ...]:
    """The statuses in a comma-separated list. Raises InvalidParameter."""
    named: dict[str, Status] = {each: each for each in STATUSES}
    try:
        return tuple(named[part.strip()] for part in text.split(",") if part.strip())
    except KeyError as error:
        message = f"status must be one or more of {', '.join(STATUSES)}, got {str(error.args[0])[:40]!r}"
        raise InvalidParameter(message, where="status") from None
