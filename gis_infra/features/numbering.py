"""Where a page far from the start of a whole layer begins, without counting up to it.

Triggers count the features of each block of ids, so that only the ids of the block in which a page begins have to be
looked at, if the actor may see every feature of the layer. Where some may be hidden each row must be looked at.
"""

from dataclasses import replace

from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import Cursor, FeatureQuery
from gis_infra.features.state import get_tally
from gis_infra.features.tables import BLOCK_BITS, LAYER_BLOCK

# Counting up to fewer rows takes no longer than looking whether it is needed.
FAR = 5_000
AFTER_ALL = Cursor((), 2**63 - 1)


def skip_by_block(connection: Connection, tables: LayerTables, query: FeatureQuery) -> FeatureQuery:
    """A query for the same page that need not skip rows; the same query where that cannot be had.

    The blocks are those of the moment the transaction sees, as the rows are: both were changed together.
    """
    if not is_far(query) or hides_rows(connection, query):
        return query
    found = find_block(connection, query)
    if found is None:
        return replace(query, cursor=AFTER_ALL, offset=0)
    block, earlier = found
    ids = tables.get(query.layer.id).c.id
    rows = select(ids).where(ids >= block << BLOCK_BITS).order_by(ids)
    before = connection.execute(rows.offset(query.offset - earlier - 1).limit(1)).scalar_one()
    return replace(query, cursor=Cursor((), before), offset=0)


def find_block(connection: Connection, query: FeatureQuery) -> tuple[int, int] | None:
    """The block with the last feature before the page, and how many features come before it; None beyond the end."""
    blocks = LAYER_BLOCK.c
    running = func.sum(blocks.features).over(order_by=blocks.block)
    counted = select(blocks.block, blocks.features, running.label("until")).where(blocks.layer == query.layer.id)
    found = counted.subquery("counted").c
    wanted = select(found.block, (found.until - found.features).label("before")).where(found.until >= query.offset)
    row = connection.execute(wanted.order_by(found.block).limit(1)).one_or_none()
    return None if row is None else (row.block, int(row.before))


def hides_rows(connection: Connection, query: FeatureQuery) -> bool:
    """Whether the layer has features that the actor may not see."""
    seen = get_tally(connection, query.layer, query.actor)
    return seen.features != get_tally(connection, query.layer, SYSTEM).features


def is_far(query: FeatureQuery) -> bool:
    """Whether the query skips many rows of a whole layer, in the order of ids."""
    narrowed = query.bbox, query.filter, query.ids, query.as_of, query.cursor
    return query.offset >= FAR and not query.equals and not query.sort and all(each is None for each in narrowed)
