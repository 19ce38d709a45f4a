"""The table of jobs: what somebody asked for, how far it is, what became of it; and the queue's table, to look at."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    column,
    false,
    func,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.storage.system import SYSTEM

QUEUE_SCHEMA = "jobs"
MOMENT = DateTime(timezone=True)

JOB = Table(
    "job",
    SYSTEM,
    Column("id", Uuid, primary_key=True),
    Column("process", Text, nullable=False),
    # No foreign key: a job outlives the account of who asked for it until it expires, and is then seen by nobody.
    Column("person_id", BigInteger, nullable=False, comment="Who asked for it; nobody else sees it"),
    Column("inputs", JSONB, nullable=False),
    Column("wanted", JSONB, nullable=False, comment="Which outputs are asked for, and in which form"),
    Column("status", Text, nullable=False, index=True),
    Column("progress", Integer, nullable=False, server_default="0", comment="Of 100"),
    Column("message", Text, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("stored", Boolean, nullable=False, server_default=false(), comment="Has changed the database"),
    Column("queue_id", BigInteger, comment="Its row in jobs.procrastinate_jobs"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("started_at", MOMENT),
    Column("finished_at", MOMENT),
    Column("updated_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, comment="When it is forgotten; null until it is finished"),
    Column("result", JSONB),
    Column("problem", JSONB, comment="Kind, words and place of the error it ended with"),
    Column("subscriber", JSONB, nullable=False, server_default="{}", comment="Addresses it calls back"),
    CheckConstraint("status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')", name="status"),
    CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
    Index("job_person_id_created_at_idx", "person_id", "created_at"),
    comment="Long jobs somebody asked for",
)
JOB_CALLBACK = Table(
    "job_callback",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("job_id", Uuid, ForeignKey(JOB.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("event", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", MOMENT, nullable=False, server_default=func.now(), index=True),
    CheckConstraint("event IN ('success', 'in_progress', 'failed')", name="event"),
    comment="What is still to be told to those who asked to be called back",
)
QUEUED = table(
    "procrastinate_jobs",
    *(column("id", BigInteger), column("status", Text), column("queue_name", Text), column("worker_id", BigInteger)),
    schema=QUEUE_SCHEMA,
)
