"""PostGIS, the two schemas and the coordinate systems with their pinned operations."""

revision = "2026_11_23_01"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""


def downgrade() -> None:
    """Take them away."""
