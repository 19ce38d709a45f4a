"""Where pages began that were reached by counting rows, so that the next one need not count from the start.

QGIS asks a WFS for STARTINDEX=0, 1000, 2000 and so on, and so does everyone who goes by offset; page 1,000 would cost a
thousand times the first. What is remembered holds for one revision of the layer and is forgotten with it, so it is
never wrong: every write to a layer makes a new revision, in the transaction that shows what was written, and writers
to a layer take their turns. Each process remembers what it served itself, and knows no more than a bounded number.
"""

import hashlib
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.numbering import FAR, skip_by_block
from gis_infra.features.query import Cursor, FeatureQuery
from gis_infra.features.state import LayerState, get_state

MOST_QUERIES = 200
MOST_PLACES = 64
LARGEST_CURSOR = 2000


@dataclass
class Places:
    """The places known of one query in one state of its layer: rows before each, ascending, and its cursor."""

    state: LayerState
    offsets: list[int] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)

    def find(self, offset: int) -> tuple[int, Cursor] | None:
        """The last place known at or before `offset` rows."""
        at = bisect_right(self.offsets, offset) - 1
        return (self.offsets[at], self.cursors[at]) if at >= 0 else None

    def add(self, offset: int, cursor: Cursor) -> None:
        """One place more; when they are too many, every second one before the last goes."""
        at = bisect_right(self.offsets, offset)
        if at and self.offsets[at - 1] == offset:
            return
        self.offsets.insert(at, offset)
        self.cursors.insert(at, cursor)
        if len(self.offsets) > MOST_PLACES:
            del self.offsets[:-1:2], self.cursors[:-1:2]


class Bookmarks:
    """The places of the queries asked last. One per process, shared by its threads."""

    def __init__(self) -> None:
        self._queries: OrderedDict[bytes, Places] = OrderedDict()
        self._lock = Lock()

    def shorten(self, query: FeatureQuery, state: LayerState) -> FeatureQuery:
        """A query for the same page that begins at the last place known before it.

        state: of the layer, seen in the transaction that reads the page.
        """
        key = make_key(query)
        with self._lock:
            places = self._queries.get(key)
            found = places.find(query.offset) if places is not None and places.state == state else None
        if found is None:
            return query
        return replace(query, cursor=found[1], offset=query.offset - found[0])

    def keep(self, query: FeatureQuery, state: LayerState, offset: int, cursor: Cursor) -> None:
        """Remember that `offset` rows of the query, in that state of its layer, come before the cursor's place."""
        if len(repr(cursor.values)) > LARGEST_CURSOR:
            return
        key = make_key(query)
        with self._lock:
            places = self._queries.get(key)
            if places is None or places.state != state:
                places = self._queries[key] = Places(state)
            places.add(offset, cursor)
            self._queries.move_to_end(key)
            if len(self._queries) > MOST_QUERIES:
                self._queries.popitem(last=False)


@dataclass(frozen=True)
class Marks:
    """One page's dealings with the bookmarks of its process; with none at all where it has none.

    nearest: the query to run, which begins as near to the page as is known.
    """

    query: FeatureQuery
    nearest: FeatureQuery
    state: LayerState | None = None
    bookmarks: Bookmarks | None = None

    @classmethod
    def open(
        cls, connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None
    ) -> "Marks":
        """What is known of where the page begins. The first page costs nothing: it begins at the start.

        connection: the one that reads the page, so that the layer's revision is that of its rows.
        """
        # What an actor sees of a layer that the program keeps changes with other layers than its own.
        if query.offset == 0 or query.cursor is not None or query.layer.kept is not None:
            return cls(query, query)
        if bookmarks is None:
            return cls(query, skip_by_block(connection, tables, query))
        state = get_state(connection, query.layer.id)
        nearest = bookmarks.shorten(query, state)
        if nearest.offset >= FAR:
            skipped = skip_by_block(connection, tables, query)
            nearest = nearest if skipped is query else skipped
        return cls(query, nearest, state, bookmarks)

    def keep(self, found: int, cursor: Cursor | None) -> None:
        """Remember the place after the first `found` rows of the page, if more may follow."""
        if self.bookmarks is not None and self.state is not None and cursor is not None:
            self.bookmarks.keep(self.query, self.state, self.query.offset + found, cursor)


def make_key(query: FeatureQuery) -> bytes:
    """What decides which rows a query has, and in which order; equal for queries that differ in their page only.

    What an actor may see of a layer is decided by the levels of sensitivity that are open to them.
    """
    rows = (
        query.layer.id,
        query.actor.get_visible_levels(query.layer),
        query.bbox,
        sorted(query.equals.items()),
        query.filter,
        query.ids,
        query.sort,
        query.as_of,
    )
    return hashlib.blake2b(repr(rows).encode("utf-8", "surrogatepass"), digest_size=16).digest()
