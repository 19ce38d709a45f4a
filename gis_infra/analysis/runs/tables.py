"""The table of what changed in the layers since conflicts were last looked for. Triggers fill it."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Table, Text, func
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

CHANGE = Table(
    "change",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("layer", Text, nullable=False),
    Column("ids", INT8MULTIRANGE),
    Column("place", make_geometry()),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    comment="What changed in the layers since conflicts were last looked for",
)
