"""The list of jobs, and the queue they wait in.

The queue's tables and functions are those procrastinate 3.10 ships (its schema of version 3.4.0), frozen in the `.sql`
file beside this one; they stand in the schema `jobs`. A caller finds them by its `search_path`.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_08"
down_revision = "2026_11_23_07"
branch_labels = None
depends_on = None

SCHEMA = "gis"
QUEUE = "jobs"
MOMENT = sa.DateTime(timezone=True)
STATUSES = "status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')"


def upgrade() -> None:
    """Make them."""
    create_job()
    op.execute(f"CREATE SCHEMA {QUEUE}")
    path = op.get_bind().execute(sa.text("SELECT current_setting('search_path')")).scalar_one()
    op.execute(f"SET LOCAL search_path = {QUEUE}")
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    op.get_bind().execute(sa.select(sa.func.set_config("search_path", path, True)))
    # Triggers of the queue then find its tables whoever changes a row, psql too.
    functions = sa.text("SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = CAST(:queue AS regnamespace)")
    for function in op.get_bind().execute(functions, {"queue": QUEUE}).scalars().all():
        op.execute(f"ALTER FUNCTION {function} SET search_path = {QUEUE}, pg_temp")


def create_job() -> None:
    """One row per job somebody asked for."""
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False, comment="Who asked for it; nobody else sees it"),
        sa.Column("inputs", JSONB, nullable=False),
        sa.Column("wanted", JSONB, nullable=False, comment="Which outputs are asked for, and in which form"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("progress", sa.Integer, nullable=False, server_default="0", comment="Of 100"),
        sa.Column("message", sa.Text, nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("stored", sa.Boolean, nullable=False, server_default="false", comment="Has changed the database"),
        sa.Column("queue_id", sa.BigInteger, comment="Its row in jobs.procrastinate_jobs"),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("updated_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", MOMENT, comment="When it is forgotten; null until it is finished"),
        sa.Column("result", JSONB),
        sa.Column("problem", JSONB, comment="Kind, words and place of the error it ended with"),
        sa.PrimaryKeyConstraint("id", name="job_pkey"),
        sa.CheckConstraint(STATUSES, name=op.f("job_status_check")),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("job_progress_check")),
        schema=SCHEMA,
        comment="Long jobs somebody asked for",
    )
    op.create_index("job_person_id_created_at_idx", "job", ["person_id", "created_at"], schema=SCHEMA)
    op.create_index("job_status_idx", "job", ["status"], schema=SCHEMA)


def downgrade() -> None:
    """Take them away."""
    op.execute(f"DROP SCHEMA {QUEUE} CASCADE")
    op.drop_table("job", schema=SCHEMA)
