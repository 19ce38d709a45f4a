"""The register of conflicts becomes one people work with: answers, stretches, who does what by when, history."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_14"
down_revision = "2026_11_23_13"
branch_labels = None
depends_on = None

SCHEMA = "gis"
MOMENT = sa.DateTime(timezone=True)
ANSWERS = "severity IN ('violation', 'possible', 'vertical_unknown', 'opportunity')"
OLD_ANSWERS = "severity IN ('violation', 'possible')"
SIDES = "side IN ('left', 'right', 'above', 'below', 'across', 'inside')"
REASONED = "status <> 'approved' OR reason IS NOT NULL"
ACTIONS = (
    "action IN ('found', 'found_again', 'changed', 'gone', 'came_back', 'owned', 'assigned', 'due', 'commented', "
    "'reviewed', 'approved', 'resolved', 'reopened')"
)


def upgrade() -> None:
    """Add to the register, keep what it held, and begin its history."""
    add_findings()
    add_work()
    create_events()
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    op.create_check_constraint(op.f("conflict_reason_check"), "conflict", REASONED, schema=SCHEMA)


def add_findings() -> None:
    """What a finding says since there are stretches and more answers than two."""
    for column in (
        sa.Column(
            "side", sa.Text, comment="Where the right asset lies from the left one, looking along it; null for others"
        ),
        sa.Column("stretch", sa.Integer, nullable=False, server_default="1", comment="Along the left asset, from 1"),
        sa.Column("accuracy_m", sa.Double, comment="Sum of both accuracies"),
        sa.Column(
            "accuracy_known",
            sa.Boolean,
            nullable=False,
            server_default="false",
            comment="False where one of them is not recorded",
        ),
        sa.Column(
            "vertical_m", sa.Double, comment="Bottom of the upper less top of the lower; null where heights are unknown"
        ),
        sa.Column("street", sa.Text, comment="Name of the nearest street when last found"),
    ):
        op.add_column("conflict", column, schema=SCHEMA)
    op.alter_column("conflict", "distance_m", nullable=True, schema=SCHEMA, comment="Null where heights are unknown")
    op.alter_column("conflict", "last_run_id", schema=SCHEMA, comment="Last run that found it otherwise than before")
    op.drop_constraint("conflict_severity_check", "conflict", schema=SCHEMA)
    op.create_check_constraint(op.f("conflict_severity_check"), "conflict", ANSWERS, schema=SCHEMA)
    op.create_check_constraint(op.f("conflict_side_check"), "conflict", SIDES, schema=SCHEMA)


def add_work() -> None:
    """Who has to settle a conflict, by when, and how it stands."""
    for column in (
        sa.Column("owner", sa.Text, comment="Department that has to settle it"),
        sa.Column("assignee", sa.Text, comment="User name of who works on it"),
        sa.Column("due_on", sa.Date),
        sa.Column("reason", sa.Text, comment="Why it has the status a person gave it; one that is approved has it"),
        sa.Column(
            "status_on", MOMENT, nullable=False, server_default=sa.func.now(), comment="Since when it has its status"
        ),
        sa.Column("status_by", sa.Text, comment="User name of who gave it; null for a run"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1", comment="Rises with every change"),
    ):
        op.add_column("conflict", column, schema=SCHEMA)
    op.create_foreign_key(
        "conflict_owner_fkey",
        "conflict",
        "department",
        ["owner"],
        ["code"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
        onupdate="CASCADE",
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        "conflict_assignee_fkey",
        "conflict",
        "person",
        ["assignee"],
        ["username"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
        onupdate="CASCADE",
        ondelete="SET NULL",
    )
    for column in ("owner", "assignee", "street"):
        op.create_index(f"conflict_{column}_idx", "conflict", [column], schema=SCHEMA)


def create_events() -> None:
    """One row per thing that became of a conflict, by a run or by a person; never changed."""
    op.create_table(
        "conflict_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("conflict_id", sa.BigInteger, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False, comment="User name; of a run, who asked for it"),
        sa.Column("run_id", sa.BigInteger, comment="Null for what a person did"),
        sa.Column("text", sa.Text, comment="The comment or the reason"),
        sa.Column("changes", JSONB, comment="By column: its value before and after"),
        sa.PrimaryKeyConstraint("id", name="conflict_event_pkey"),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["gis.conflict.id"], name="conflict_event_conflict_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["gis.conflict_run.id"], name="conflict_event_run_id_fkey"),
        sa.CheckConstraint(ACTIONS, name=op.f("conflict_event_action_check")),
        schema=SCHEMA,
        comment="What became of each conflict, by whom and when",
    )
    op.create_index("conflict_event_conflict_id_idx", "conflict_event", ["conflict_id", "id"], schema=SCHEMA)


def downgrade() -> None:
    """Take it away; conflicts of answers there were not before, of later stretches, and the history are lost."""
    op.execute(Path(__file__).with_name("2026_11_23_14_register_back.sql").read_text(encoding="utf-8"))
    op.drop_table("conflict_event", schema=SCHEMA)
    for check in ("reason", "side", "severity"):
        op.drop_constraint(f"conflict_{check}_check", "conflict", schema=SCHEMA)
    op.create_check_constraint(op.f("conflict_severity_check"), "conflict", OLD_ANSWERS, schema=SCHEMA)
    op.alter_column("conflict", "distance_m", nullable=False, schema=SCHEMA, comment=None)
    op.alter_column("conflict", "last_run_id", schema=SCHEMA, comment="Last run that found it")
    for column in ("version", "status_by", "status_on", "reason", "due_on", "assignee", "owner"):
        op.drop_column("conflict", column, schema=SCHEMA)
    for column in ("street", "vertical_m", "accuracy_known", "accuracy_m", "stretch", "side"):
        op.drop_column("conflict", column, schema=SCHEMA)
