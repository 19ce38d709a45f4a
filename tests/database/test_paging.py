"""Turning pages: in any order, both ways, far from the start, and while others write."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from threading import Event, Thread

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.errors import BusyError, InvalidParameter
from gis_infra.features import box_pages, counting, cursors, numbering
from gis_infra.features.bookmarks import MOST_PLACES, Bookmarks
from gis_infra.features.query import Cursor, FeatureQuery, SortKey
from gis_infra.features.reading import read_page, stream
from gis_infra.features.tables import BLOCK_BITS, LAYER_BLOCK
from gis_infra.spatial.boxes import Bbox
from gis_infra.storage.transactions import reading, writing
from tests.builders import insert_many

KEYS = ("name", "nominal_diameter_mm", "flow_lps", "tested_on", "in_service", "kind", "id")
VALUES = {
    "name": (None, "a", "ab", "b", "c"),
    "nominal_diameter_mm": (None, 100, 150, 200),
    "flow_lps": (None, 0.1, 0.30000000000000004, 12.5),
    "tested_on": (None, date(1970, 1, 1), date(2024, 2, 29)),
    "in_service": (None, False, True),
    "kind": (None, "pillar", "wall"),
}
SHARED = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def hydrant(catalogue):
    return catalogue.get_layer("fire_hydrant")


@pytest.fixture
def ask(connection, tables, hydrant):
    """A function that reads a page of hydrants; cursors go through their text, as those of clients do."""

    def read(bookmarks=None, **more):
        query = FeatureQuery(hydrant, SYSTEM, **more)
        if query.cursor is not None:
            written = cursors.find_text(query.cursor, hydrant, query.sort)
            query = replace(query, cursor=cursors.parse(written, hydrant, query.sort))
        return read_page(connection, tables, query, bookmarks)

    return read


@pytest.fixture
def rows(connection, tables):
    """43 hydrants that share most of their values: dictionaries with their ids."""
    lot = random.Random(4)
    made = [
        {"wkt": f"POINT({603000 + n} 1191000)", **{name: lot.choice(values) for name, values in VALUES.items()}}
        for n in range(43)
    ]
    found = insert_many(connection, tables, "fire_hydrant", made)
    return [{**row, "id": each} for row, each in zip(made, found, strict=True)]


def sort_plainly(rows, sort):
    """The ids in order, sorted by Python: by each key from the last to the first, nulls last, ties by id."""
    ordered = sorted(rows, key=lambda row: row["id"])
    for key in reversed(sort):
        known = [row for row in ordered if row[key.name] is not None]
        unknown = [row for row in ordered if row[key.name] is None]
        # Python keeps the order of equal values when it sorts downwards too.
        ordered = sorted(known, key=lambda row, name=key.name: row[name], reverse=key.descending) + unknown
    return [row["id"] for row in ordered]


def ids(page):
    return [feature.id for feature in page.features]


orders = st.lists(st.sampled_from(KEYS), max_size=4, unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(SortKey, st.just(name), st.booleans()) for name in names))
)


@given(sort=orders, limit=st.integers(1, 50))
@SHARED
def test_pages_forwards_and_back_are_what_a_plain_sort_gives(ask, rows, sort, limit):
    expected = sort_plainly(rows, sort)
    pages = [ask(sort=sort, limit=limit, want_count=False)]
    while pages[-1].next_cursor is not None:
        pages.append(ask(sort=sort, limit=limit, cursor=pages[-1].next_cursor, want_count=False))
    assert [each for page in pages for each in ids(page)] == expected
    back = [pages[-1]]
    while back[-1].prev_cursor is not None:
        back.append(ask(sort=sort, limit=limit, cursor=back[-1].prev_cursor, want_count=False))
    turned = [ids(page) for page in reversed(back)]
    assert [each for page in turned for each in page] == expected
    assert all(len(page) == limit for page in turned[1:-1]) and back[-1].has_more == (len(back) > 1)


@given(sort=orders, offset=st.integers(0, 60), limit=st.integers(0, 20), data=st.data())
@SHARED
def test_pages_by_offset_are_the_same_whatever_is_remembered(ask, rows, sort, offset, limit, data):
    expected = sort_plainly(rows, sort)
    bookmarks = Bookmarks()
    for visited in data.draw(st.lists(st.integers(0, 50), max_size=4)):
        ask(bookmarks, sort=sort, limit=7, offset=visited)
    page = ask(bookmarks, sort=sort, limit=limit, offset=offset)
    assert ids(page) == expected[offset : offset + limit]
    assert page.has_more == (offset + limit < len(rows)) and page.matched == len(rows)


@given(sort=orders, limit=st.integers(1, 50))
@SHARED
def test_a_stream_from_any_cursor_gives_the_page(ask, rows, connection, tables, hydrant, sort, limit):
    first = ask(sort=sort, limit=limit)
    for cursor in (first.next_cursor, replace(first.next_cursor, backwards=True) if first.next_cursor else None):
        if cursor is not None:
            page = ask(sort=sort, limit=limit, cursor=cursor)
            assert [each.id for each in stream(connection, tables, page.query)] == ids(page)


def test_the_place_of_a_cursor_stays_when_its_row_goes(ask, rows, connection, tables):
    sort = (SortKey("name", descending=True),)
    expected = sort_plainly(rows, sort)
    first = ask(sort=sort, limit=10)
    connection.execute(delete(tables.get("fire_hydrant")).where(tables.get("fire_hydrant").c.id == expected[9]))
    assert ids(ask(sort=sort, limit=5, cursor=first.next_cursor)) == expected[10:15]
    assert ids(ask(sort=sort, limit=3, cursor=replace(first.next_cursor, backwards=True))) == expected[6:9]


def test_pages_back_and_forth_meet(ask, rows):
    first = ask(limit=10)
    second = ask(limit=10, cursor=first.next_cursor)
    back = ask(limit=10, cursor=second.prev_cursor)
    assert ids(back) == ids(first) and (back.prev_cursor, back.next_cursor) == (None, first.next_cursor)


def test_an_offset_counts_from_the_cursor(ask, rows):
    first = ask(limit=10)
    assert ids(ask(limit=3, cursor=first.next_cursor, offset=5)) == [row["id"] for row in rows[15:18]]


# Others write meanwhile.


@pytest.fixture
def kept(engine, tables):
    """A hundred hydrants that others see; gone afterwards."""
    with writing(engine) as connection:
        made = insert_many(connection, tables, "fire_hydrant", [{"name": f"n{n % 7}"} for n in range(100)])
    yield made
    with writing(engine) as connection:
        connection.execute(delete(tables.get("fire_hydrant")))


def test_pages_do_not_overlap_while_others_insert(engine, tables, hydrant, kept):
    sort, stop, found, cursor = (SortKey("name"),), Event(), [], None

    def insert():
        while not stop.is_set():
            with writing(engine) as connection:
                insert_many(connection, tables, "fire_hydrant", [{"name": "n0"}, {"name": "n6"}, {}])

    writer = Thread(target=insert)
    writer.start()
    try:
        while len(found) < 300:
            with reading(engine) as connection:
                page = read_page(connection, tables, FeatureQuery(hydrant, SYSTEM, sort=sort, limit=7, cursor=cursor))
            found += ids(page)
            cursor = page.next_cursor
            if cursor is None:
                break
    finally:
        stop.set()
        writer.join()
    assert len(found) == len(set(found)) and set(kept) <= set(found)


def test_what_is_remembered_is_forgotten_with_the_revision(engine, tables, hydrant, kept):
    bookmarks, table = Bookmarks(), tables.get("fire_hydrant")
    query = FeatureQuery(hydrant, SYSTEM, limit=10, offset=40)

    def read(**more):
        with reading(engine) as connection:
            return ids(read_page(connection, tables, replace(query, **more), bookmarks))

    assert read() == kept[40:50] and read(offset=50) == kept[50:60]
    with writing(engine) as connection:
        connection.execute(delete(table).where(table.c.id.in_(kept[:5])))
    assert read(offset=50) == kept[55:65]
    with writing(engine) as connection:
        connection.execute(update(table).where(table.c.id == kept[99]).values(name="z"))
    assert read(offset=60, sort=(SortKey("name"),)) == read_plainly(engine, tables, 60, 10)


def read_plainly(engine, tables, offset, limit):
    table = tables.get("fire_hydrant")
    with engine.connect() as connection:
        ordered = select(table.c.id).order_by(table.c.name, table.c.id).offset(offset).limit(limit)
        return connection.execute(ordered).scalars().all()


def test_a_reader_sees_no_page_of_one_who_may_see_more(engine, tables, catalogue):
    layer, bookmarks = catalogue.get_layer("sewer_pipe"), Bookmarks()
    steps = ["restricted", None] * 20
    with writing(engine) as connection:
        made = insert_many(connection, tables, "sewer_pipe", [{"sensitivity": each} for each in steps])
    try:
        with reading(engine) as connection:
            read_page(connection, tables, FeatureQuery(layer, SYSTEM, limit=10, offset=5), bookmarks)
            page = read_page(connection, tables, FeatureQuery(layer, ANONYMOUS, limit=5, offset=15), bookmarks)
        assert ids(page) == made[1::2][15:20]
    finally:
        with writing(engine) as connection:
            connection.execute(delete(tables.get("sewer_pipe")))


def test_no_more_is_remembered_than_is_bounded(ask, rows):
    bookmarks = Bookmarks()
    for offset in range(1, 43):
        for limit in (1, 2, 3):
            ask(bookmarks, limit=limit, offset=offset)
    (places,) = bookmarks._queries.values()
    assert len(places.offsets) <= MOST_PLACES
    assert places.offsets == sorted(set(places.offsets))


@pytest.mark.parametrize(
    ("deleted", "hidden"), [((), ()), ((3,), ()), ((0, 99), ()), (tuple(range(20, 50)), ()), ((), (3,))]
)
@pytest.mark.parametrize("bits", [3, 12])
def test_a_far_page_begins_where_counting_would_find_it(
    connection, tables, hydrant, monkeypatch, deleted, hidden, bits
):
    monkeypatch.setattr(numbering, "FAR", 20)
    made = insert_many(connection, tables, "fire_hydrant", [{"name": "x"} for _ in range(100)])
    ids_of = tables.get("fire_hydrant").c.id
    connection.execute(delete(tables.get("fire_hydrant")).where(ids_of.in_([made[n] for n in deleted])))
    secret = update(tables.get("fire_hydrant")).where(ids_of.in_([made[n] for n in hidden]))
    connection.execute(secret.values(sensitivity="restricted"))
    regroup(connection, monkeypatch, bits)
    seen = [each for n, each in enumerate(made) if n not in deleted + hidden]
    for offset in (20, 35, 60, 64, len(seen)):
        query = FeatureQuery(hydrant, ANONYMOUS, offset=offset, limit=7)
        assert (numbering.skip_by_block(connection, tables, query).cursor is not None) == (not hidden)
        assert ids(read_page(connection, tables, query)) == seen[offset : offset + 7]
    beyond = FeatureQuery(hydrant, ANONYMOUS, offset=len(seen) + 1)
    assert (numbering.skip_by_block(connection, tables, beyond).cursor is not None) == (not hidden)
    page = read_page(connection, tables, beyond)
    assert (ids(page), page.matched, page.has_more, page.next_cursor) == ([], len(seen), False, None)


def regroup(connection, monkeypatch, bits):
    """Have blocks of another size, in this transaction: ids of a test lie in one or two of the usual ones."""
    monkeypatch.setattr(numbering, "BLOCK_BITS", bits)
    connection.execute(delete(LAYER_BLOCK).where(LAYER_BLOCK.c.layer == "fire_hydrant"))
    counted = text(
        "INSERT INTO gis.layer_block SELECT 'fire_hydrant', id >> :bits, count(*) FROM infra.fire_hydrant GROUP BY 2"
    )
    connection.execute(counted, {"bits": bits})


def test_blocks_hold_what_edits_of_any_kind_leave(connection, tables):
    table = tables.get("fire_hydrant")
    made = insert_many(connection, tables, "fire_hydrant", [{"name": "x"} for _ in range(30)])
    far = [{"id": made[-1] + 10_000 + n, "name": "y"} for n in range(5)]
    insert_many(connection, tables, "fire_hydrant", far)
    assert count_blocks(connection) == count_rows(connection, table)
    connection.execute(delete(table).where(table.c.id.in_([*made[5:9], far[0]["id"]])))
    connection.execute(update(table).values(name="z"))
    assert count_blocks(connection) == count_rows(connection, table)
    assert sum(count_blocks(connection).values()) == 30
    connection.execute(text("TRUNCATE infra.fire_hydrant CASCADE"))
    assert count_blocks(connection) == {}
    insert_many(connection, tables, "fire_hydrant", [{"name": "x"}])
    assert count_blocks(connection) == count_rows(connection, table)


def count_blocks(connection):
    """What the blocks say, without those that are empty."""
    found = select(LAYER_BLOCK.c.block, LAYER_BLOCK.c.features).where(LAYER_BLOCK.c.layer == "fire_hydrant")
    return {block: features for block, features in connection.execute(found) if features}


def count_rows(connection, table):
    """The features in each block, counted one by one."""
    return Counter(id >> BLOCK_BITS for id in connection.execute(select(table.c.id)).scalars())


# Counts.


def test_a_filtered_count_is_told_up_to_its_bound(ask, rows):
    everywhere = Bbox(106, 10, 107, 11, 4326)
    assert ask(bbox=everywhere, limit=1, count_bound=43).matched == 43
    assert ask(bbox=everywhere, limit=1, count_bound=42).matched is None
    assert ask(bbox=everywhere, limit=43, count_bound=10).matched == 43  # the page tells it
    assert ask(limit=1, count_bound=10).matched == 43  # kept, not counted


def test_a_count_that_takes_long_is_not_told_and_the_page_is(ask, rows, monkeypatch, connection):
    monkeypatch.setattr(counting, "select_bounded", lambda *_: select(counting.func.pg_sleep(5)))
    page = ask(bbox=Bbox(106, 10, 107, 11, 4326), sort=(SortKey("id"),), limit=2, count_bound=100)
    assert (page.matched, len(page.features)) == (None, 2)
    assert ask().matched == 43


@pytest.mark.parametrize("backwards", [False, True])
def test_a_box_of_few_is_found_once_and_has_the_same_pages_as_one_of_many(ask, rows, monkeypatch, backwards):
    box = Bbox(603000, 1190999, 603029, 1191001, 9210)
    kept = {"bbox": box, "limit": 7, "cursor": Cursor((), ask().features[0].id + 20, backwards)}
    few = ask(**kept)
    monkeypatch.setattr(box_pages, "MOST_FOUND", 29)
    many = ask(**kept)
    assert (few.matched, many.matched) == (30, 30)
    assert replace(few, query=many.query) == many


def test_a_page_counts_what_is_on_it(connection, tables, hydrant, rows):
    query = FeatureQuery(hydrant, SYSTEM, limit=10, offset=40)
    assert counting.count_page(connection, tables, query, Bookmarks()) == 3
    assert counting.count_page(connection, tables, replace(query, offset=20), None) == 10


# Limits.


def test_a_request_of_several_statements_has_one_limit(engine, tables, hydrant, monkeypatch):
    # A statement alone may take as long as it likes.
    with reading(engine, limit_s=0.5, parameters={"statement_timeout": "0"}) as connection:
        connection.execute(select(counting.func.pg_sleep(0.3)))
        connection.execute(select(counting.func.pg_sleep(0.3)))
        with pytest.raises(BusyError, match="the request took longer than its time limit"):
            read_page(connection, tables, FeatureQuery(hydrant, SYSTEM))


# Shapes.


def test_simplified_shapes_stay_near_valid_and_there(connection, tables, catalogue):
    ring = ", ".join(f"{603000 + 100 * n / 60:.3f} {1191000 + (n % 2) * 0.5:.3f}" for n in range(61))
    shape = f"MULTIPOLYGON((({ring}, 603100 1191200, 603000 1191200, 603000 1191000)))"
    insert_many(connection, tables, "pressure_zone", [{"wkt": shape}])
    query = FeatureQuery(catalogue.get_layer("pressure_zone"), SYSTEM, srid=9210)
    shapes = [read_shape(connection, tables, replace(query, tolerance_m=each)) for each in (None, 2.0, 1e5)]
    assert len(shapes[0].geoms[0].exterior.coords) == 64
    assert len(shapes[1].geoms[0].exterior.coords) < 10 and shapes[1].hausdorff_distance(shapes[0]) <= 2.0
    assert all(each.is_valid and each.area > 0 for each in shapes)
    degrees = read_shape(connection, tables, replace(query, srid=4326, tolerance_m=2.0))
    assert len(degrees.geoms[0].exterior.coords) < 10


def read_shape(connection, tables, query):
    return shapely.from_wkb(read_page(connection, tables, query).features[0].wkb)


# Heights.


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ((0, 10), ["low", "rising", "edge", "flat"]),
        ((10, 20), ["rising", "edge", "flat"]),
        ((21, 30), ["flat"]),
        (None, ["low", "rising", "edge", "flat"]),
    ],
)
@pytest.mark.parametrize("srid", [9210, 4326, 3857])
def test_a_box_with_heights_holds_what_reaches_into_it(connection, tables, catalogue, heights, expected, srid):
    lines = {
        "low": "LINESTRING Z (603000 1191000 1, 603010 1191000 2)",
        "rising": "LINESTRING Z (603000 1191000 5, 603010 1191000 20)",
        "edge": "LINESTRING Z (603000 1191000 10, 603010 1191000 10)",
        "flat": "LINESTRING (603000 1191000, 603010 1191000)",
        "elsewhere": "LINESTRING Z (605000 1191000 5, 605010 1191000 6)",
    }
    made = [{"wkt": wkt, "asset_code": name} for name, wkt in lines.items()]
    insert_many(connection, tables, "sewer_pipe", made)
    corners = {
        9210: (602900, 1190900, 603100, 1191100),
        4326: (106.6930, 10.7680, 106.6945, 10.7690),
        3857: (11876900, 1205700, 11877300, 1206000),
    }[srid]
    query = FeatureQuery(catalogue.get_layer("sewer_pipe"), SYSTEM, bbox=Bbox(*corners, srid, heights))
    page = read_page(connection, tables, query)
    assert [feature.properties["asset_code"] for feature in page.features] == expected


def test_a_cursor_of_another_order_is_refused(hydrant):
    written = cursors.find_text(Cursor((1,), 5), hydrant, (SortKey("nominal_diameter_mm"),))
    with pytest.raises(InvalidParameter, match="was sorted otherwise"):
        cursors.parse(written, hydrant, (SortKey("nominal_diameter_mm", descending=True),))
