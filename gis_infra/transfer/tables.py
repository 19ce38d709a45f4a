"""The list of imports: who brought which file into which layer, when, how, and what became of it."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.storage.system import SYSTEM

IMPORT_BATCH = Table(
    "import_batch",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("layer_id", Text, nullable=False, index=True),
    Column("person_id", BigInteger),  # no foreign key: what was imported outlives the account of who did it
    Column("username", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("finished_at", DateTime(timezone=True)),
    Column("settings", JSONB, nullable=False),
    Column("accepted", Integer),
    Column("rejected", Integer),
    Column("report", JSONB),
    Column("inserted", Integer),
    Column("updated", Integer),
    Column("unchanged", Integer),
    Column("skipped", Integer),
    Column("deleted", Integer),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
)
