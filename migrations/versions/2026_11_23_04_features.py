"""Per-layer revision, counts and extents, kept by triggers."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_04"
down_revision = "2026_11_23_03"
branch_labels = None
depends_on = None

TRIGGER_FUNCTIONS = (
    "gis.after_layer_insert()",
    "gis.after_layer_update()",
    "gis.after_layer_delete()",
    "gis.after_layer_truncate()",
    "gis.before_feature_update()",
)
FUNCTIONS = (
    "gis.attach_layer(regclass)",
    "gis.detach_layer(regclass)",
    "gis.recount_layer(regclass, text, text)",
    "gis.bump_layer(text)",
)


def upgrade() -> None:
    """Make them, and put every layer's table under watch."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take them away."""
    for function in TRIGGER_FUNCTIONS:  # the triggers go with their functions
        op.execute(f"DROP FUNCTION {function} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("layer_tally", schema="gis")
    op.drop_table("layer_state", schema="gis")
