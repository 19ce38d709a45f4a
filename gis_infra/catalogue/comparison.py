"""Where the tables of the database differ from what the layer files say.

PostgreSQL rewrites what it is told (`IN` becomes `= ANY`), so texts cannot be compared. Instead the tables are made
anew in a schema of their own, both schemas are described by the same query, and the new one is rolled back. The history
of each layer is compared in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

import sqlalchemy as sa
from sqlalchemy.schema import CreateSchema

from gis_infra.catalogue import history
from gis_infra.catalogue.tables import LayerTables
from gis_infra.storage.system import HISTORY_SCHEMA, LAYER_SCHEMA

TRIAL_SCHEMA = "infra_as_the_files_say"
Kind = Literal["table", "column", "constraint", "index"]
Key = tuple[str, Kind, str]


@dataclass(frozen=True)
class Part:
    """The definition and comment of a table, column, constraint or index."""

    definition: str
    comment: str


@dataclass(frozen=True)
class Difference:
    """One part that the files and the database do not hold alike.

    schema: "infra" for the layers themselves, "history" for their versions. wanted: what the files say, None if they do
    not have it; found: what the database holds, None if it has none.
    """

    schema: str
    table: str
    kind: Kind
    name: str
    wanted: Part | None
    found: Part | None

    def __str__(self) -> str:
        place = self.table if self.schema == LAYER_SCHEMA else f"{self.schema}.{self.table}"
        what = f"{self.kind} {place}" + (f".{self.name}" if self.name else "")
        if self.wanted is None or self.found is None:
            return f"{what} is only in the {'files' if self.found is None else 'database'}"
        return f"{what} should be {self.wanted.definition} ({self.wanted.comment}), is {self.found}"


def compare(connection: sa.Connection, tables: LayerTables) -> tuple[Difference, ...]:
    """Every difference, by table, kind and name, those of the layers first; none if all is as the files say.

    Nothing in the database is changed. The account must be allowed to create a schema.
    """
    layers = compare_schema(connection, LAYER_SCHEMA, tables.metadata)
    return layers + compare_schema(connection, HISTORY_SCHEMA, history.build_all(tables))


def compare_schema(connection: sa.Connection, schema: str, metadata: sa.MetaData) -> tuple[Difference, ...]:
    """Every difference between one schema of the database and what it should hold."""
    found = read_parts(connection, schema)
    wanted = describe_tables(connection, metadata)
    return tuple(
        Difference(schema, *key, wanted.get(key), found.get(key))
        for key in sorted({*wanted, *found})
        if wanted.get(key) != found.get(key)
    )


def describe_tables(connection: sa.Connection, metadata: sa.MetaData) -> Mapping[Key, Part]:
    """What PostgreSQL would make of the tables; it makes them and forgets them again."""
    trial = sa.MetaData()
    for table in metadata.sorted_tables:
        drop_comments(table.to_metadata(trial, schema=TRIAL_SCHEMA))
    with connection.begin_nested() as savepoint:
        connection.execute(CreateSchema(TRIAL_SCHEMA))
        trial.create_all(connection, checkfirst=False)
        parts = read_parts(connection, TRIAL_SCHEMA)
        savepoint.rollback()
    comments = list_comments(metadata)
    return {key: replace(part, comment=comments.get(key, "")) for key, part in parts.items()}


def drop_comments(table: sa.Table) -> None:
    """Take the comments off a copy of a table: each would be a statement, and PostgreSQL keeps them as they are."""
    table.comment = None
    for column in table.columns:
        column.comment = None


def list_comments(metadata: sa.MetaData) -> Mapping[Key, str]:
    """The comments of the tables and their columns."""
    every = metadata.sorted_tables
    of_tables: dict[Key, str] = {(table.name, "table", ""): table.comment or "" for table in every}
    of_columns: dict[Key, str] = {
        (table.name, "column", column.name): column.comment or "" for table in every for column in table.columns
    }
    return of_tables | of_columns


def read_parts(connection: sa.Connection, schema: str) -> Mapping[Key, Part]:
    """Every part of every table of a schema; empty if there is no such schema."""
    query = sa.text(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    rows = connection.execute(query, {"schema_name": schema})
    return {(row.table_name, cast(Kind, row.kind), row.name): Part(row.definition, row.comment) for row in rows}
