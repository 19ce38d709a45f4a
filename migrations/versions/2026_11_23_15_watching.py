"""Changes of layers are noted for the next look at conflicts; runs tell what they covered; jobs call back."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_15"
down_revision = "2026_11_23_14"
branch_labels = None
depends_on = None

SCHEMA = "gis"
MOMENT = sa.DateTime(timezone=True)
# Functions with the rights of their owner, and what they call, look last among the temporary objects of whoever sets
# them off.
DEFINERS = sa.text(
    """
    SELECT oid::regprocedure::text AS signature, split_part(setting, '=', 2) AS path
    FROM pg_proc CROSS JOIN unnest(proconfig) AS setting
    WHERE pronamespace = CAST('gis' AS regnamespace)
      AND setting LIKE 'search_path=%' AND setting NOT LIKE '%pg_temp'
    ORDER BY signature
    """
)
TRIGGER_FUNCTIONS = ("gis.note_insert()", "gis.note_update()", "gis.note_delete()", "gis.note_truncate()")
FUNCTIONS = (
    "gis.attach_change(regclass)",
    "gis.detach_change(regclass)",
    "gis.keep_change(text, int8multirange, geometry[])",
)
BACK = """
CREATE OR REPLACE FUNCTION gis.attach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.watch_layer(layer_table);
    PERFORM gis.attach_history(layer_table);
END
$$;
CREATE OR REPLACE FUNCTION gis.detach_layer(layer_table regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM gis.detach_history(layer_table);
    PERFORM gis.unwatch_layer(layer_table);
END
$$;
"""


def upgrade() -> None:
    """Make them."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for function in op.get_bind().execute(DEFINERS).all():
        op.execute(f"ALTER FUNCTION {function.signature} SET search_path = {function.path}, pg_temp")
    add_to_runs()
    create_callbacks()


def add_to_runs() -> None:
    """What part of the city a run was over, what it answered, and why rules were not checked."""
    for column in (
        sa.Column("scope", sa.Text, nullable=False, server_default="city", comment="city, box or changes"),
        sa.Column("focus", sa.Integer, comment="Assets it was narrowed to; null for the whole city"),
        sa.Column("answers", JSONB, nullable=False, server_default="{}", comment="By severity: findings of it"),
        sa.Column("reasons", JSONB, nullable=False, server_default="{}", comment="By rule not checked: why"),
    ):
        op.add_column("conflict_run", column, schema=SCHEMA)
    op.create_check_constraint(
        op.f("conflict_run_scope_check"), "conflict_run", "scope IN ('city', 'box', 'changes')", schema=SCHEMA
    )


def create_callbacks() -> None:
    """Where jobs tell what became of them, and what is still to be told."""
    op.add_column(
        "job",
        sa.Column("subscriber", JSONB, nullable=False, server_default="{}", comment="Addresses it calls back"),
        schema=SCHEMA,
    )
    op.create_table(
        "job_callback",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="job_callback_pkey"),
        sa.ForeignKeyConstraint(["job_id"], ["gis.job.id"], name="job_callback_job_id_fkey", ondelete="CASCADE"),
        sa.CheckConstraint("event IN ('success', 'in_progress', 'failed')", name="job_callback_event_check"),
        schema=SCHEMA,
        comment="What is still to be told to those who asked to be called back",
    )
    op.create_index("job_callback_due_at_idx", "job_callback", ["due_at"], schema=SCHEMA)
    op.create_index("job_callback_job_id_idx", "job_callback", ["job_id"], schema=SCHEMA)


def downgrade() -> None:
    """Take them away; what was noted and not yet looked at is lost."""
    op.drop_table("job_callback", schema=SCHEMA)
    op.drop_column("job", "subscriber", schema=SCHEMA)
    op.drop_constraint("conflict_run_scope_check", "conflict_run", schema=SCHEMA)
    for name in ("scope", "focus", "answers", "reasons"):
        op.drop_column("conflict_run", name, schema=SCHEMA)
    op.execute(BACK)
    for function in TRIGGER_FUNCTIONS:  # the triggers go with their functions
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("change", schema=SCHEMA)
