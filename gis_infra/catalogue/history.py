"""The history of each layer, as SQLAlchemy knows it: the versions its rows had before. Triggers fill it.

A version lived from its `updated_at` up to, and not at, its `ended_at`. The tables keep what was once allowed, so they
have none of the layers' rules.
"""

import sqlalchemy as sa

from gis_infra.catalogue.tables import LayerTables
from gis_infra.storage.system import HISTORY_SCHEMA


def build_all(tables: LayerTables) -> sa.MetaData:
    """The history tables of every layer, in schema `history`."""
    metadata = sa.MetaData(schema=HISTORY_SCHEMA)
    for table in tables.metadata.sorted_tables:
        build(table, metadata)
    return metadata


def build(table: sa.Table, metadata: sa.MetaData | None = None) -> sa.Table:
    """The history table of one layer: the columns of `table`, and when, by whom and by what the version ended.

    ended_via: "sql" where the writer did not say. ended_import: the import that ended it, or was undone by it.
    """
    return sa.Table(
        table.name,
        metadata if metadata is not None else sa.MetaData(),
        *(sa.Column(column.name, column.type, autoincrement=False) for column in table.columns),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text),
        sa.Column("ended_via", sa.Text),
        sa.Column("ended_import", sa.BigInteger),
        sa.Index(f"{table.name}_id_ended_at_idx", "id", "ended_at"),
        sa.Index(f"{table.name}_ended_at_idx", "ended_at"),
        sa.Index(f"{table.name}_ended_import_idx", "ended_import"),
        sa.Index(f"{table.name}_place_idx", "lonlat", "geom", postgresql_using="gist"),
        schema=HISTORY_SCHEMA,
    )
