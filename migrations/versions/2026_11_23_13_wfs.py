"""Locks on features, and queries that clients of the WFS store."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_13"
down_revision = "2026_11_23_12"
branch_labels = None
depends_on = None

SCHEMA = "gis"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make them."""
    create_locks()
    op.create_table(
        "stored_query",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("username", sa.Text, nullable=False, comment="Who stored it, and may drop it"),
        sa.Column("definition", sa.Text, nullable=False, comment="A wfs:StoredQueryDefinition as XML"),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="stored_query_pkey"),
        schema=SCHEMA,
        comment="Queries that clients of the WFS stored",
    )
    op.create_index("stored_query_username_idx", "stored_query", ["username"], schema=SCHEMA)


def create_locks() -> None:
    """One row per lock, and one per feature that a lock holds."""
    op.create_table(
        "feature_lock",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("username", sa.Text, nullable=False, comment="Whose it is; nobody else can use it"),
        sa.Column("duration_s", sa.Integer, nullable=False, comment="How long it lasts when it is made or renewed"),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", MOMENT, nullable=False, comment="When it ends; kept a day to tell so"),
        sa.PrimaryKeyConstraint("id", name="feature_lock_pkey"),
        schema=SCHEMA,
        comment="Locks that people hold on features",
    )
    op.create_table(
        "locked_feature",
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("feature_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("lock_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("layer", "feature_id", name="locked_feature_pkey"),
        sa.ForeignKeyConstraint(
            ["lock_id"], ["gis.feature_lock.id"], name="locked_feature_lock_id_fkey", ondelete="CASCADE"
        ),
        schema=SCHEMA,
        comment="The features that locks hold, one lock a feature",
    )
    op.create_index("feature_lock_username_idx", "feature_lock", ["username"], schema=SCHEMA)
    op.create_index("feature_lock_expires_at_idx", "feature_lock", ["expires_at"], schema=SCHEMA)
    op.create_index("locked_feature_lock_id_idx", "locked_feature", ["lock_id"], schema=SCHEMA)


def downgrade() -> None:
    """Take them away; nothing is locked any more, and the stored queries are lost."""
    op.drop_table("locked_feature", schema=SCHEMA)
    op.drop_table("feature_lock", schema=SCHEMA)
    op.drop_table("stored_query", schema=SCHEMA)
