"""Where a page far from the start of a whole layer begins, when that can be told without counting up to it.

Ids are given out one by one, so the features of a layer whose loads all went through, and of which none was deleted,
are numbered without a gap: the thousandth is the one whose id is 999 above the first.
"""

from dataclasses import replace

from sqlalchemy import Connection, func, select

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
    if not is_numbered(query):
        return query
    ids = tables.get(query.layer.id).c.id
    first, last = connection.execute(select(func.min(ids), func.max(ids))).one()
    if first is None or last - first + 1 != get_tally(connection, query.layer, query.actor).features:
        return query
    return replace(query, cursor=Cursor((), first + query.offset - 1), offset=0)


def is_numbered(query: FeatureQuery) -> bool:
    """Whether the query is for a page far from the start of a whole layer, in the order of ids."""
    narrowed = query.bbox, query.filter, query.ids, query.as_of, query.cursor
    return query.offset >= FAR and not query.equals and not query.sort and all(each is None for each in narrowed)
