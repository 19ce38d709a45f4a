"""Ducts of cables.

Written by `gis-infra layers migration`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_17"
down_revision = "2026_11_23_16"
branch_labels = None
depends_on = None

SCHEMA = "infra"


def upgrade() -> None:
    """Bring the tables to what the layer files of that day say."""
    op.add_column(
        "power_cable_underground",
        sa.Column("duct", sa.Text(), nullable=True, comment="Duct it lies in"),
        schema=SCHEMA,
    )
    op.create_check_constraint(
        op.f("power_cable_underground_duct_check"),
        "power_cable_underground",
        "char_length(duct) <= 100",
        schema=SCHEMA,
    )
    op.add_column(
        "telecom_cable",
        sa.Column("duct", sa.Text(), nullable=True, comment="Duct it lies in"),
        schema=SCHEMA,
    )
    op.create_check_constraint(
        op.f("telecom_cable_duct_check"),
        "telecom_cable",
        "char_length(duct) <= 100",
        schema=SCHEMA,
    )
    op.add_column("power_cable_underground", sa.Column("duct", sa.Text()), schema="history")
    op.add_column("telecom_cable", sa.Column("duct", sa.Text()), schema="history")


def downgrade() -> None:
    """Take it back; what stands in new tables and columns is lost."""
    op.drop_column("telecom_cable", "duct", schema="history")
    op.drop_column("power_cable_underground", "duct", schema="history")
    op.drop_constraint(op.f("telecom_cable_duct_check"), "telecom_cable", schema=SCHEMA)
    op.drop_column("telecom_cable", "duct", schema=SCHEMA)
    op.drop_constraint(op.f("power_cable_underground_duct_check"), "power_cable_underground", schema=SCHEMA)
    op.drop_column("power_cable_underground", "duct", schema=SCHEMA)
