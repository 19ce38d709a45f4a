"""What the register refers to, asked once a statement: entering what a run found takes half as long."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_21"
down_revision = "2026_11_23_20"
branch_labels = None
depends_on = None

SCHEMA = "gis"
FUNCTIONS = (
    "gis.check_conflicts()",
    "gis.check_conflict_events()",
    "gis.forget_conflicts()",
    "gis.forget_all_conflicts()",
    "gis.keep_conflict_runs()",
)


def upgrade() -> None:
    """Let statements be asked."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Let rows be asked again."""
    for function in FUNCTIONS:  # the triggers go with their functions
        op.execute(f"DROP FUNCTION {function} CASCADE")
    refer("conflict", "last_run_id", "conflict_run")
    refer("conflict_event", "run_id", "conflict_run")
    refer("conflict_event", "conflict_id", "conflict", "CASCADE")


def refer(table: str, column: str, target: str, ondelete: str | None = None) -> None:
    """Let a column name rows of another table by their id."""
    op.create_foreign_key(
        f"{table}_{column}_fkey",
        table,
        target,
        [column],
        ["id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
        ondelete=ondelete,
    )
