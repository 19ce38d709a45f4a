"""Contacts of owners: whom to ask and tell before digging."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY

revision = "2026_11_23_16"
down_revision = "2026_11_23_15"
branch_labels = None
depends_on = None

SCHEMA = "gis"
GEOMETRY = Geometry(geometry_type=None, srid=-1, spatial_index=False)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "owner_contact",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("owner", sa.Text, nullable=False, comment="As assets name it in their attribute owner"),
        sa.Column("name", sa.Text, nullable=False, comment="The office or person to write to"),
        sa.Column(
            "sectors", ARRAY(sa.Text), nullable=False, comment="Asked about works also with nothing of theirs there"
        ),
        sa.Column("area", GEOMETRY, comment="Where they are to be asked; null: everywhere"),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("address", sa.Text, comment="Lines of a letter's address"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1", comment="Counts the changes"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="owner_contact_pkey"),
        sa.UniqueConstraint("owner", "name", name="owner_contact_owner_name_key"),
        sa.CheckConstraint(
            "length(owner) BETWEEN 1 AND 200 AND length(name) BETWEEN 1 AND 200", name="owner_contact_named_check"
        ),
        sa.CheckConstraint("area IS NULL OR GeometryType(area) = 'MULTIPOLYGON'", name="owner_contact_area_check"),
        schema=SCHEMA,
        comment="Whom to ask and tell before digging",
    )
    op.create_index("owner_contact_area_idx", "owner_contact", ["area"], schema=SCHEMA, postgresql_using="gist")


def downgrade() -> None:
    """Take it away; the contacts are lost."""
    op.drop_table("owner_contact", schema=SCHEMA)
