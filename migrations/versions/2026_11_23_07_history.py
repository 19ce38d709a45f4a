"""History: the versions of every feature, kept by triggers; and what became of the rows of each import."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_07"
down_revision = "2026_11_23_06"
branch_labels = None
depends_on = None

COUNTS = ("inserted", "updated", "unchanged", "skipped", "deleted")
TRIGGER_FUNCTIONS = (
    "gis.keep_updated_versions()",
    "gis.keep_deleted_versions()",
    "gis.keep_truncated_versions()",
)
FUNCTIONS = (
    "gis.attach_layer(regclass)",
    "gis.detach_layer(regclass)",
    "gis.attach_history(regclass)",
    "gis.detach_history(regclass)",
    "gis.list_columns(regclass, text)",
    "gis.get_author()",
)


def upgrade() -> None:
    """Make it, and begin the history of every layer there is."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    for name in COUNTS:
        op.add_column("import_batch", sa.Column(name, sa.Integer), schema="gis")
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime(timezone=True)), schema="gis")
    op.add_column("import_batch", sa.Column("undone_by", sa.Text), schema="gis")


def downgrade() -> None:
    """Take it away; the versions that were kept are lost."""
    for name in ("undone_by", "undone_at", *reversed(COUNTS)):
        op.drop_column("import_batch", name, schema="gis")
    for function in TRIGGER_FUNCTIONS:  # the triggers go with their functions
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.execute("ALTER FUNCTION gis.watch_layer(regclass) RENAME TO attach_layer")
    op.execute("ALTER FUNCTION gis.unwatch_layer(regclass) RENAME TO detach_layer")
    op.execute("DROP SCHEMA history CASCADE")
