"""The table of stored queries."""

from sqlalchemy import Column, DateTime, Table, Text, func

from gis_infra.storage.system import SYSTEM

STORED_QUERY = Table(
    "stored_query",
    SYSTEM,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, index=True, comment="Who stored it, and may drop it"),
    Column("definition", Text, nullable=False, comment="A wfs:StoredQueryDefinition as XML"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="Queries that clients of the WFS stored",
)
