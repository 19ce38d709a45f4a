"""Short pages whose attributes come as records, as the database sends them: rows of three values in every layer.

`features.batches` reads long ones, whose columns are worth the trouble of making them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.bookmarks import Bookmarks, Marks
from gis_infra.features.box_pages import find_counted_rows
from gis_infra.features.plans import prefer_plain
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import to_cursor, to_start
from gis_infra.features.selection import select_page_with_keys
from gis_infra.storage.engine import BINARY_ROWS


@dataclass(frozen=True)
class SentRows:
    """Features column by column: id, geometry as WKB in the query's CRS, and the record of `gml.records`."""

    ids: Sequence[int] = ()
    shapes: Sequence[bytes | None] = ()
    records: Sequence[bytes] = ()

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> "SentRows":
        """The rows of a statement of `selection` in a form of GML; columns after the first three are left out."""
        return cls(*list(zip(*rows, strict=True))[:3]) if rows else cls()

    def __len__(self) -> int:
        return len(self.ids)


def read_counted(
    connection: Connection, tables: LayerTables, query: FeatureQuery
) -> tuple[Sequence[Sequence[Any]], int] | None:
    """The rows of the page with one more, if there is one, and the number of all matches, in one statement.

    query: its form is one of GML. None where they have to be read otherwise: as of `box_pages.find_counted_rows`.
    """
    prefer_plain(connection)
    rows = find_counted_rows(connection, tables, query)
    return (rows, rows[0][-1]) if rows else None


def read(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> Sequence[Sequence[Any]]:
    """The rows of the page. query: its form is one of GML. bookmarks: as of `reading.read_page`, which raises the same.

    Rows take a server less time to plan than COPY does.
    """
    prefer_plain(connection)
    marks = Marks.open(connection, tables, query, bookmarks)
    statement = select_page_with_keys(tables, marks.nearest).execution_options(**{BINARY_ROWS: True})
    rows = connection.execute(statement).all()
    if rows:
        marks.keep(0, to_start(query, rows[0]))
        marks.keep(len(rows), to_cursor(query, rows[-1], backwards=False))
    return rows
