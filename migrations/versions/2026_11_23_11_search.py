"""Search that minds neither capitals nor accents: `Nguyen Hue` finds `Nguyễn Huệ`; and arithmetic for filters."""

from pathlib import Path

from alembic import op

revision = "2026_11_23_11"
down_revision = "2026_11_23_10"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "gis.calculate(text, double precision, double precision)",
    "gis.to_double(numeric)",
    "gis.fold_text(text)",
    "gis.fold_accents(text)",
    "gis.fold_case(text)",
)


def upgrade() -> None:
    """Make it."""
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take it away."""
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
