"""The one way to read features: a query in, a page out. Every protocol, export and analysis comes through here."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import UnknownFeature
from gis_infra.features.bookmarks import Bookmarks, Marks
from gis_infra.features.box_pages import find_counted_rows
from gis_infra.features.counting import count_up_to, infer_count
from gis_infra.features.plans import prefer_plain
from gis_infra.features.query import Cursor, Feature, FeaturePage, FeatureQuery
from gis_infra.features.selection import (
    is_backwards,
    list_fields,
    select_page_and_next,
    select_page_with_keys,
)
from gis_infra.storage.transactions import require_time

BATCH = 1000


def read_page(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> FeaturePage:
    """The page of features the query asks for; an empty one when nothing matches.

    connection: of `storage.transactions.reading`, which sets the time limit and makes page and count agree.
    bookmarks: of this process, by which pages far from the start are reached without counting up to them.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidBbox, InvalidCrs; BusyError at the time limit.
    """
    prefer_plain(connection)
    counted = find_counted_page(connection, tables, query)
    if counted is not None:
        return counted
    marks = Marks.open(connection, tables, query, bookmarks)
    rows = connection.execute(select_page_and_next(tables, marks.nearest)).all()
    page = make_page(query, rows)
    if query.want_count:
        page = replace(page, matched=find_matched(connection, tables, query, page.returned, len(rows) > query.limit))
    if page.returned:
        marks.keep(0, to_start(query, rows[0]))
        marks.keep(page.returned, page.next_cursor)
    return page


def find_counted_page(connection: Connection, tables: LayerTables, query: FeatureQuery) -> FeaturePage | None:
    """The page with the number of matches, in one statement; None where it has to be read otherwise."""
    rows = find_counted_rows(connection, tables, query)
    return make_page(query, rows, matched=rows[0][-1]) if rows else None


def make_page(query: FeatureQuery, rows: Sequence[Sequence[Any]], matched: int | None = None) -> FeaturePage:
    """The page of rows of `select_page_and_next`."""
    more, rows = len(rows) > query.limit, rows[: query.limit]
    if is_backwards(query):
        rows = rows[::-1]
    before, after = look_around(query, more)
    return FeaturePage(
        query=query,
        features=() if query.geometry_form == "document" else tuple(to_features(query, rows)),
        matched=matched,
        has_more=after,
        next_cursor=to_cursor(query, rows[-1], backwards=False) if rows and after else None,
        prev_cursor=to_cursor(query, rows[0], backwards=True) if rows and before else None,
        documents=tuple(map(itemgetter(1), rows)) if query.geometry_form == "document" else (),
    )


def look_around(query: FeatureQuery, more: bool) -> tuple[bool, bool]:
    """Whether rows come before a page and after it. more: whether there are more in the direction it was read.

    In the other direction lies the place it was reached from.
    """
    if is_backwards(query):
        return more, True
    return query.cursor is not None or query.offset > 0, more


def to_cursor(query: FeatureQuery, row: Sequence[Any], *, backwards: bool) -> Cursor:
    """The place of a row of `select_page` with its keys, which are its last columns."""
    values = tuple(row)
    return Cursor(values[len(values) - len(query.sort) :], values[0], backwards)


def read_last_page(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> FeaturePage:
    """The same page, where nothing else is asked in this transaction any more. Raises as `read_page`."""
    prefer_plain(connection)
    counted = find_counted_page(connection, tables, query)
    if counted is not None:
        return counted
    page = read_page(connection, tables, replace(query, want_count=False), bookmarks)
    if not query.want_count:
        return page
    more = page.prev_cursor is not None if is_backwards(query) else page.has_more
    matched = find_matched(connection, tables, query, page.returned, more, is_last=True)
    return replace(page, query=query, matched=matched)


def to_start(query: FeatureQuery, row: Row[Any]) -> Cursor:
    """The place before a row: beyond one with the same values and the id before, whether there is such a row or not."""
    place = to_cursor(query, row, backwards=False)
    return replace(place, id=place.id - 1)


def find_matched(
    connection: Connection,
    tables: LayerTables,
    query: FeatureQuery,
    found: int,
    more: bool,
    *,
    is_last: bool = False,
) -> int | None:
    """The number of matches, counted only where the page does not already tell it; None above the query's bound."""
    inferred = infer_count(query, found, more)
    return count_up_to(connection, tables, query, is_last=is_last) if inferred is None else inferred


def read_one(connection: Connection, tables: LayerTables, query: FeatureQuery, feature_id: int) -> Feature:
    """The feature of that id, in the CRS and form the query asks for.

    Raises UnknownLayer; UnknownFeature if there is none that the actor may see.
    """
    page = read_page(connection, tables, replace(query, ids=(feature_id,), limit=1, want_count=False))
    if not page.features:
        raise UnknownFeature(f"layer {query.layer.id} has no feature {feature_id}", where="featureId")
    return page.features[0]


def stream(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> Iterator[Feature]:
    """The features of the page one by one, without holding them all; for exports and large answers.

    The statement runs at the first feature asked for, so errors come then. bookmarks: as of `read_page`, which raises
    the same; also BusyError when the whole takes longer than the connection has.
    """
    for batch in stream_rows(connection, tables, query, bookmarks):
        yield from to_features(query, batch)


def stream_documents(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None = None
) -> Iterator[Sequence[bytes]]:
    """The features of the page as GeoJSON, some at a time; geometry_form must be "document". Raises as `stream`."""
    for batch in stream_rows(connection, tables, query, bookmarks):
        yield [tuple(row)[1] for row in batch]


def stream_rows(
    connection: Connection, tables: LayerTables, query: FeatureQuery, bookmarks: Bookmarks | None
) -> Iterator[Sequence[Row[Any]]]:
    """The rows of `select_page_with_keys`, some at a time. Raises as `stream`."""
    prefer_plain(connection)
    marks = Marks.open(connection, tables, query, bookmarks)
    statement = select_page_with_keys(tables, marks.nearest)
    found = 0
    with connection.execute(statement, execution_options={"yield_per": BATCH}) as result:
        for batch in result.partitions():
            require_time(connection)
            if not found:
                marks.keep(0, to_start(query, batch[0]))
            found += len(batch)
            yield batch
            marks.keep(found, to_cursor(query, batch[-1], backwards=False))


def read_all(connection: Connection, tables: LayerTables, layer: Layer, actor: Actor) -> Iterator[Feature]:
    """Every feature of a layer the actor may see, in the city's CRS, by id. Raises UnknownLayer."""
    return stream(connection, tables, FeatureQuery(layer, actor, srid=tables.srid, limit=2**62))


def to_features(query: FeatureQuery, rows: Sequence[Sequence[Any]]) -> Iterator[Feature]:
    """The features in rows of `select_page`."""
    names = [field.name for field in list_fields(query)]
    as_text = query.geometry_form == "geojson"
    for feature_id, geometry, *values in map(tuple, rows):
        properties = dict(zip(names, values, strict=False))  # the keys of the order may follow
        if as_text:
            yield Feature(feature_id, None, properties, geometry)
        else:
            yield Feature(feature_id, geometry, properties)
