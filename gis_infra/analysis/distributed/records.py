"""Rows on their way between databases: each as JSON, numbers to their last digit, geometries as hexadecimal EWKB.

So rows of any columns travel in one frame, and no column has to be named twice.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, Table, Text, cast, func, select, true

from gis_infra.features.loading import open_cursor

Values = Sequence[str | int | bool | None]


def select_records(table: Table, columns: Iterable[Column[Any]], *others: ColumnElement[Any]) -> Select[Any]:
    """Columns of each row as the text of one JSON object, without what is null; before it other values of the row."""
    kept = [cast(each, Text).label(each.name) if isinstance(each.type, Geometry) else each for each in columns]
    row = select(*kept).correlate(table).lateral("said")
    record = cast(func.json_strip_nulls(func.row_to_json(row.table_valued())), Text)
    return select(*others, record).select_from(table.join(row, true()))


def expand_record(record: ColumnElement[Any], columns: Iterable[Column[Any]]) -> FromClause:
    """The columns that a JSON object holds, as something to select from beside the row it is in."""
    said = func.json_to_record(record).table_valued(*(Column(each.name, each.type) for each in columns))
    return said.render_derived(with_types=True)


def copy_into(connection: Connection, table: Table, rows: Iterable[Values]) -> int:
    """Put rows into a temporary table, values in the order of its columns; how many they were."""
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    count = 0
    with open_cursor(connection).copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count
