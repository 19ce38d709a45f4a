"""The list of imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_05"
down_revision = "2026_11_23_04"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("layer_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("settings", JSONB, nullable=False),
        sa.Column("accepted", sa.Integer),
        sa.Column("rejected", sa.Integer),
        sa.Column("report", JSONB),
        sa.PrimaryKeyConstraint("id", name="import_batch_pkey"),
        schema="gis",
    )
    op.create_index("import_batch_layer_id_idx", "import_batch", ["layer_id"], schema="gis")


def downgrade() -> None:
    """Take it away."""
    op.drop_table("import_batch", schema="gis")
