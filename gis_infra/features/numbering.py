"""Where a page far from the start of a whole layer begins, when that can be told without counting up to it.

Ids are given out one by one, so the features of a layer whose loads all went through, and of which none was deleted,
are numbered without a gap: the thousandth is the one whose id is 999 above the first. Where there are gaps, rows are
counted along the index of ids, which is far shorter than the table, if the actor may see all of them.
"""

from dataclasses import replace

from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import Cursor, FeatureQuery
from gis_infra.features.state import get_tally

# Counting up to fewer rows takes no longer than looking whether it is needed.
FAR = 5_000


def skip_by_number(connection: Connection, tables: LayerTables, query: FeatureQuery) -> FeatureQuery:
    """A query for the same page that need not skip rows; the same query where that cannot be had.

    As many features as there are numbers from the first to the last, and none of them twice, leave no gap; the count is
    of what the actor may see, so nothing is hidden between them either.
    """
    if not is_far(query):
        return query
    ids = tables.get(query.layer.id).c.id
    first, last = connection.execute(select(func.min(ids), func.max(ids))).one()
    if first is None or last - first + 1 != get_tally(connection, query.layer, query.actor).features:
        return query
    return replace(query, cursor=Cursor((), first + query.offset - 1), offset=0)


def skip_by_index(connection: Connection, tables: LayerTables, query: FeatureQuery) -> FeatureQuery:
    """A query for the same page whose rows to skip were counted along the index of ids; the same where that is no use.

    It is of use where the actor may see every row: the index alone, a fiftieth of the table, tells the id before the
    page. Where some may be hidden each row must be looked at.
    """
    if not is_far(query) or hides_rows(connection, query):
        return query
    ids = tables.get(query.layer.id).c.id
    rows = select(ids).order_by(ids).offset(query.offset - 1).limit(1)
    before = connection.execute(
        rows if query.cursor is None else rows.where(ids > query.cursor.id)
    ).scalar_one_or_none()
    return query if before is None else replace(query, cursor=Cursor((), before), offset=0)


def hides_rows(connection: Connection, query: FeatureQuery) -> bool:
    """Whether the layer has features that the actor may not see."""
    seen = get_tally(connection, query.layer, query.actor)
    return seen.features != get_tally(connection, query.layer, SYSTEM).features


def is_far(query: FeatureQuery) -> bool:
    """Whether the query skips many rows of a whole layer, in the order of ids."""
    narrowed = query.bbox, query.filter, query.ids, query.as_of
    return query.offset >= FAR and not query.equals and not query.sort and all(each is None for each in narrowed)
