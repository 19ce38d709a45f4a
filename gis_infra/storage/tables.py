"""The one system table of this room: what the database was made for."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, Table, true

from gis_infra.storage.system import SYSTEM

CITY = Table(
    "city",
    SYSTEM,
    Column("one", Boolean, primary_key=True, server_default=true(), comment="True: there is one row."),
    Column("srid", Integer, nullable=False, comment="EPSG code of the coordinate system the layers are stored in."),
    CheckConstraint("one", name="one"),
    comment="What the database was made for.",
)
