"""How many features a query has in all, whatever page of it is asked for. A number that is told is exact."""

from collections.abc import Mapping

from sqlalchemy import Connection, Select, func, literal, select
from sqlalchemy.exc import OperationalError

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features import plans
from gis_infra.features.bookmarks import Bookmarks, Marks
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_place, select_rows
from gis_infra.features.state import get_tally
from gis_infra.storage.transactions import require_time

# What a person does not notice on top of a page.
COUNT_LIMIT_S = 0.25
# A bitmap of all that lies in a box is complete before the first row is counted: of a box that holds 4,700,000 rows it
# took 11 s to count the first 100,000. Row by row the count stops at its bound.
STEP_BY_STEP = {"enable_bitmapscan": "off"}
GIVEN_UP = "57014"  # SQLSTATE of a statement that reached its time limit


def count(connection: Connection, tables: LayerTables, query: FeatureQuery) -> int:
    """The number of features that match the query and that its actor may see; limit, offset and sort do not matter.

    A whole layer's number is kept and costs nothing; anything else is counted to the end.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs; BusyError at the time limit of the connection.
    """
    if is_whole_layer(query):
        return get_tally(connection, query.layer, query.actor).features
    return connection.execute(select_rows(tables, query).with_only_columns(func.count())).scalar_one()


def count_up_to(
    connection: Connection, tables: LayerTables, query: FeatureQuery, *, is_last: bool = False
) -> int | None:
    """The same number where it is at most the query's `count_bound` and quickly found, else None.

    is_last: whether nothing is asked in this transaction any more, which saves what would keep it in order.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    if query.count_bound is None or is_whole_layer(query):
        return count(connection, tables, query)
    count_quickly = count_to_the_end if is_last else count_for_a_moment
    plan = STEP_BY_STEP if is_bare_box(query) else {}
    found = count_quickly(connection, select_bounded(tables, query, query.count_bound), plan)
    return None if found is None or found > query.count_bound else found


def count_page(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> int:
    """The number of features on the page of the query, without reading them.

    Raises as `count`; bookmarks: as of `reading.read_page`.
    """
    nearest = Marks.open(connection, tables, query, bookmarks).nearest
    rows = select_place(tables, nearest).with_only_columns(literal(1)).limit(query.limit).offset(nearest.offset or None)
    return connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def select_bounded(tables: LayerTables, query: FeatureQuery, bound: int) -> Select[int]:
    """The number of matches, or one more than `bound` if they are more."""
    rows = select_rows(tables, query)
    return select(func.count()).select_from(rows.with_only_columns(literal(1)).limit(bound + 1).subquery())


def is_bare_box(query: FeatureQuery) -> bool:
    """Whether a box and permission alone narrow the query."""
    return query.bbox is not None and query.filter is None and query.ids is None and not query.equals


def is_found_whole(query: FeatureQuery) -> bool:
    """Whether all matches are looked for at once, to count them and to read the page of them.

    Of a bare box an index tells them; anything else might have to look at the whole layer for the few that match.
    """
    is_page_by_id = not query.sort and query.offset == 0 and query.as_of is None
    return query.want_count and is_page_by_id and is_bare_box(query)


def count_for_a_moment(connection: Connection, counted: Select[int], plan: Mapping[str, str]) -> int | None:
    """What the statement counts; None if that takes too long, and the transaction goes on either way.

    plan: settings of the planner for this statement.
    """
    savepoint = connection.begin_nested()
    found = count_to_the_end(connection, counted, plan)
    # Undone even where it was counted: the time limit goes back to what it was.
    savepoint.rollback()
    return found


def count_to_the_end(connection: Connection, counted: Select[int], plan: Mapping[str, str]) -> int | None:
    """What the statement counts; None if that takes too long, upon which the transaction can do nothing but end."""
    left_s = min(COUNT_LIMIT_S, require_time(connection) or COUNT_LIMIT_S)
    plans.prefer(connection, {**plan, "statement_timeout": plans.to_milliseconds(left_s)})
    try:
        return connection.execute(counted).scalar_one()
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != GIVEN_UP:
            raise
        return None


def is_whole_layer(query: FeatureQuery) -> bool:
    """Whether nothing but permission narrows the query."""
    narrowed = query.bbox, query.filter, query.ids, query.as_of
    return not query.equals and all(each is None for each in narrowed)


def infer_count(query: FeatureQuery, found: int, has_more: bool) -> int | None:
    """The number of matches that a page itself tells, without asking again; None if it tells none.

    found: rows on the page. has_more: whether rows follow it.
    """
    if has_more or query.cursor is not None or (found == 0 and query.offset > 0):
        return None
    return query.offset + found
