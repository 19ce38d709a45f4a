"""How many features a query has in all, whatever page of it is asked for. Always exact."""

from dataclasses import replace

from sqlalchemy import Connection, func

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.features.state import get_tally


def count(connection: Connection, tables: LayerTables, query: FeatureQuery) -> int:
    """The number of features that match the query and that its actor may see; limit, offset and sort do not matter.

    A whole layer's number is kept and costs nothing; anything else is counted.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    if is_whole_layer(query):
        return get_tally(connection, query.layer, query.actor).features
    rows = select_rows(tables, replace(query, after=None)).with_only_columns(func.count())
    return connection.execute(rows).scalar_one()


def is_whole_layer(query: FeatureQuery) -> bool:
    """Whether nothing but permission narrows the query."""
    return query.bbox is None and not query.equals and query.filter is None and query.ids is None


def infer_count(query: FeatureQuery, found: int, has_more: bool) -> int | None:
    """The number of matches that a page itself tells, without asking again; None if it tells none.

    found: rows on the page. has_more: whether rows follow it.
    """
    if has_more or query.after is not None or (found == 0 and query.offset > 0):
        return None
    return query.offset + found
