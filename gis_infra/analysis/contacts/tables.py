"""The table of contacts, in schema `gis`. The area is in the city's CRS, easting first."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

OWNER_CONTACT = Table(
    "owner_contact",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("owner", Text, nullable=False, comment="As assets name it in their attribute owner"),
    Column("name", Text, nullable=False, comment="The office or person to write to"),
    Column("sectors", ARRAY(Text), nullable=False, comment="Asked about works also with nothing of theirs there"),
    Column("area", make_geometry(), comment="Where they are to be asked; null: everywhere"),
    Column("email", Text),
    Column("phone", Text),
    Column("address", Text, comment="Lines of a letter's address"),
    Column("version", Integer, nullable=False, server_default="1", comment="Counts the changes"),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("updated_by", Text, nullable=False),
    UniqueConstraint("owner", "name"),
    CheckConstraint("length(owner) BETWEEN 1 AND 200 AND length(name) BETWEEN 1 AND 200", name="named"),
    CheckConstraint("area IS NULL OR GeometryType(area) = 'MULTIPOLYGON'", name="area"),
    Index("owner_contact_area_idx", "area", postgresql_using="gist"),
    comment="Whom to ask and tell before digging",
)
