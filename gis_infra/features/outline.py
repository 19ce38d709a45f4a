"""A page without its features: how many, of how many, where its neighbours begin. Known before any feature is read."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.bookmarks import Bookmarks
from gis_infra.features.counting import count_page
from gis_infra.features.query import Cursor, FeaturePage, FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.features.selection import is_backwards


@dataclass(frozen=True)
class Outline:
    """matched: as of FeaturePage. returned: rows of the page. next_cursor, prev_cursor: as of FeaturePage."""

    query: FeatureQuery
    matched: int | None
    returned: int
    next_cursor: Cursor | None
    prev_cursor: Cursor | None

    @classmethod
    def of(cls, page: FeaturePage) -> "Outline":
        """What a page that was read tells of itself."""
        return cls(page.query, page.matched, page.returned, page.next_cursor, page.prev_cursor)


def read_outline(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> Outline:
    """The outline of a page of any length, from its first row and its last.

    bookmarks: as of `reading.read_page`, which raises the same. query.limit must be at least 1.
    """
    bare = replace(query, geometry_form="wkb", skip_geometry=True, properties=(), limit=1)
    ends = replace(bare, offset=query.offset + query.limit - 1, want_count=False)
    near = read_page(connection, tables, bare, bookmarks)
    far = read_page(connection, tables, ends, bookmarks)
    returned = query.limit if far.features else count_page(connection, tables, query, bookmarks)
    first, last = (far, near) if is_backwards(query) else (near, far)
    return Outline(query, near.matched, returned, last.next_cursor, first.prev_cursor)
