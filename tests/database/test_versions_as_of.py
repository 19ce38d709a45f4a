"""A layer as of a moment is what it was then: held against a replay in Python, with box, filter, order and sight."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.history import build
from gis_infra.features.counting import count
from gis_infra.features.query import FeatureQuery, SortKey
from gis_infra.features.reading import read_page, stream
from gis_infra.features.versions.sources import select_as_of
from gis_infra.filters.tree import Comparison, Literal, Property
from gis_infra.spatial.boxes import Bbox
from tests import builders

ALL = builders.make_actor(("*", "admin"))
SIGNED_IN = builders.make_actor()
SIGHTS = (
    (ALL, (None, "public", "shared", "restricted")),
    (SIGNED_IN, (None, "public", "shared")),
    (ANONYMOUS, (None, "public")),
)
WEST, SOUTH = 603000.0, 1191000.0
# Of twenty places 10 m apart the first ten, and a bit of the next.
BOX = Bbox(WEST - 1, SOUTH - 1, WEST + 91, SOUTH + 1, 9210)
WIDE = Comparison(Property("height_m"), ">=", Literal(5))


@pytest.fixture
def layer(catalogue):
    """A layer of points that the public may see."""
    return catalogue.get_layer("tree")


@pytest.fixture
def trees(tables):
    """Their table."""
    return tables.get("tree")


@dataclass
class Replay:
    """The layer in plain Python: rows by id, and what it was at each mark."""

    rows: dict[int, dict] = field(default_factory=dict)
    last: dict[int, dict] = field(default_factory=dict)  # of features that were deleted, too
    marks: list[tuple[datetime, dict[int, dict]]] = field(default_factory=list)

    def put(self, id_, **values):
        self.rows[id_] = {**self.rows.get(id_, {}), **values}
        self.last[id_] = self.rows[id_]

    def mark(self, moment):
        self.marks.append((moment, dict(self.rows)))

    def expect(self, rows, seen):
        """The ids among rows of a mark within somebody's sight, by what they were and by what became of them."""
        return {
            id_ for id_, row in rows.items() if row["sensitivity"] in seen and self.last[id_]["sensitivity"] in seen
        }


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["insert", "insert", "update", "update", "move", "hide", "same", "delete", "revive", "truncate"]
        ),
        st.integers(0, 4),
        st.integers(0, 19),
    ),
    min_size=2,
    max_size=14,
)


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OPERATIONS)
def test_a_layer_of_any_moment_is_what_a_replay_says(connection, tables, layer, trees, operations):
    with connection.begin_nested() as savepoint:
        replay = play(connection, trees, operations)
        for number, (moment, rows) in enumerate(replay.marks):
            actor, seen = SIGHTS[number % len(SIGHTS)]
            query = FeatureQuery(layer, actor, as_of=moment)
            assert_same(connection, tables, query, rows, replay.expect(rows, seen))
        savepoint.rollback()


def play(connection, trees, operations):
    """Carry the operations out on the table and on a replay, with a mark after each."""
    replay = Replay()
    for kind, which, number in operations:
        carry_out(connection, trees, replay, kind, which, number)
        replay.mark(connection.execute(select(func.clock_timestamp())).scalar_one())
    return replay


def carry_out(connection, trees, replay, kind, which, number):
    """One operation; `which` picks a row by its rank among those that are there, or that are gone."""
    there, gone = sorted(replay.rows), sorted(set(replay.last) - set(replay.rows))
    if kind == "insert":
        put_in(connection, trees, replay, number)
    elif kind == "revive" and gone:
        put_in(connection, trees, replay, number, id=gone[which % len(gone)])
    elif kind == "truncate" and number % 4 == 0:
        connection.execute(text("TRUNCATE infra.tree"))
        replay.rows.clear()
    elif there and kind in ("update", "move", "hide", "same", "delete"):
        change(connection, trees, replay, kind, there[which % len(there)], number)


def put_in(connection, trees, replay, number, **known):
    """A new row, or one that was there before. It begins now, not with the transaction: the marks are within it."""
    now = {} if known else {"created_at": func.clock_timestamp(), "updated_at": func.clock_timestamp()}
    values = {"height_m": float(number), "sensitivity": None}
    statement = insert(trees).values(geom=make_point(number), **values, **now, **known).returning(trees.c.id)
    replay.rows.pop(known.get("id"), None)
    replay.put(connection.execute(statement).scalar_one(), place=number, **values)


def change(connection, trees, replay, kind, id_, number):
    """One change of a row that is there."""
    if kind == "delete":
        connection.execute(delete(trees).where(trees.c.id == id_))
        del replay.rows[id_]
        return
    values = {
        "update": {"height_m": float(number)},
        "move": {},
        "hide": {"sensitivity": (None, "public", "shared", "restricted")[number % 4]},
        "same": {"height_m": replay.rows[id_]["height_m"]},
    }[kind]
    moved = {"geom": make_point(number)} if kind == "move" else {}
    connection.execute(update(trees).where(trees.c.id == id_).values(**values, **moved))
    replay.put(id_, **values, **({"place": number} if moved else {}))


def make_point(number):
    """The place of that number."""
    return func.st_setsrid(func.st_makepoint(WEST + 10 * number, SOUTH), 9210)


def assert_same(connection, tables, query, rows, seen):
    """Whole, in the box, by the filter, in order and page by page: those rows of the replay that are seen."""
    near = {id_ for id_ in seen if rows[id_]["place"] < 10}
    wide = {id_ for id_ in seen if rows[id_]["height_m"] >= 5}
    for narrowed, wanted in (
        (query, seen),
        (replace(query, bbox=BOX), near),
        (replace(query, filter=WIDE), wide),
        (replace(query, bbox=BOX, filter=WIDE), near & wide),
    ):
        page = read_page(connection, tables, replace(narrowed, limit=100, srid=9210))
        assert [each.id for each in page.features] == sorted(wanted)
        assert page.matched == len(wanted) == count(connection, tables, narrowed)
        for each in page.features:
            assert each.properties["height_m"] == rows[each.id]["height_m"]
            assert shapely.from_wkb(each.wkb).x == WEST + 10 * rows[each.id]["place"]
    assert turn_pages(connection, tables, query) == sorted(seen, key=lambda id_: (-rows[id_]["height_m"], id_))


def turn_pages(connection, tables, query):
    """The ids in descending order of height, by pages of two and their cursors."""
    found = []
    part = replace(query, sort=(SortKey("height_m", descending=True),), limit=2)
    while True:
        page = read_page(connection, tables, part)
        found += [each.id for each in page.features]
        if page.next_cursor is None:
            return found
        part = replace(part, cursor=page.next_cursor)


def test_before_its_first_version_a_layer_is_empty(connection, tables, layer):
    builders.insert(connection, tables, "tree", height_m=3)
    long_ago = FeatureQuery(layer, ALL, as_of=datetime(1990, 1, 1, tzinfo=UTC))
    assert read_page(connection, tables, long_ago).matched == 0
    assert list(stream(connection, tables, long_ago)) == []


def test_now_a_layer_is_as_it_is(connection, tables, layer):
    ids = [builders.insert(connection, tables, "tree", height_m=each) for each in (3, 4)]
    now = connection.execute(select(func.clock_timestamp())).scalar_one()
    found = read_page(connection, tables, FeatureQuery(layer, ALL, as_of=now))
    assert [each.id for each in found.features] == ids


def test_a_version_begins_at_its_moment_and_ends_before_that_of_the_next(connection, tables, layer, trees):
    builders.insert(connection, tables, "tree", height_m=3)
    connection.execute(update(trees).values(height_m=4))
    changed = connection.execute(select(trees.c.updated_at)).scalar_one()
    moments = (changed - timedelta(microseconds=1), changed)
    pages = [read_page(connection, tables, FeatureQuery(layer, ALL, as_of=each)) for each in moments]
    assert [[each.properties["height_m"] for each in page.features] for page in pages] == [[3], [4]]


def test_what_was_public_and_is_restricted_now_is_nowhere_for_the_public(connection, tables, layer, trees):
    id_ = builders.insert(connection, tables, "tree", wkt=f"POINT ({WEST} {SOUTH})")
    connection.execute(update(trees).values(sensitivity="restricted"))
    then = FeatureQuery(layer, ANONYMOUS, as_of=read_start(connection, trees))
    assert read_page(connection, tables, then).matched == 0
    assert count(connection, tables, replace(then, bbox=BOX)) == 0
    assert list(stream(connection, tables, then)) == []
    assert [each.id for each in read_page(connection, tables, replace(then, actor=ALL)).features] == [id_]
    connection.execute(delete(trees))
    assert read_page(connection, tables, then).matched == 0  # nor when it is gone
    assert [each.id for each in read_page(connection, tables, replace(then, actor=ALL)).features] == [id_]


def read_start(connection, trees):
    """The moment at which the first version of the only tree began."""
    return connection.execute(select(build(trees).c.updated_at)).scalars().first()


@pytest.fixture
def committing(engine, trees):
    """An engine whose rows of trees are gone afterwards, and their history."""
    yield engine
    with engine.begin() as connection:
        connection.execute(delete(trees))
        connection.execute(delete(build(trees)))


def test_a_moment_gains_what_a_transaction_brings_that_was_under_way_then(committing, tables, layer, trees):
    """What a transaction changes is entered at the moment it is changed, and shows when the transaction is through."""
    with committing.begin() as setting_up:
        builders.insert(setting_up, tables, "tree", height_m=1)
    with committing.connect() as slow:
        with slow.begin():
            slow.execute(update(trees).values(height_m=2))
            between = read_clock(committing)
            assert read_heights(committing, tables, layer, between) == [1]
        assert read_heights(committing, tables, layer, between) == [2]


def test_two_changes_of_one_transaction_have_a_moment_between_them(committing, tables, layer, trees):
    with committing.begin() as connection:
        first, second = (builders.insert(connection, tables, "tree", height_m=1) for _ in range(2))
    with committing.begin() as connection:
        connection.execute(update(trees).where(trees.c.id == first).values(height_m=2))
        between = connection.execute(select(func.clock_timestamp())).scalar_one()
        connection.execute(update(trees).where(trees.c.id == second).values(height_m=2))
    assert read_heights(committing, tables, layer, between) == [2, 1]


def test_who_waits_for_a_row_comes_after_whom_it_waited_for(committing, tables, layer, trees):
    with committing.begin() as connection:
        builders.insert(connection, tables, "tree", height_m=1)
    with committing.connect() as early, committing.connect() as late:
        early.begin()
        started = early.execute(select(func.now())).scalar_one()
        with late.begin():
            late.execute(update(trees).values(height_m=2))
        early.execute(update(trees).values(height_m=3))  # in a transaction older than the change it finds
        early.commit()
    versions = build(trees)
    with committing.connect() as connection:
        kept = connection.execute(select(versions.c.height_m).order_by(versions.c.updated_at)).scalars().all()
        assert kept == [1, 2]
    assert read_heights(committing, tables, layer, started) == [1]
    assert read_heights(committing, tables, layer, read_clock(committing)) == [3]


def read_clock(engine):
    """The database's clock."""
    with engine.connect() as connection:
        return connection.execute(select(func.clock_timestamp())).scalar_one()


def read_heights(engine, tables, layer, moment):
    """The heights of the trees of a moment, by id, as another connection sees them."""
    with engine.connect() as connection:
        page = read_page(connection, tables, FeatureQuery(layer, ALL, as_of=moment))
        return [each.properties["height_m"] for each in page.features]


@pytest.mark.parametrize("actor", [ALL, ANONYMOUS], ids=["all", "public"])
def test_a_box_finds_both_halves_of_a_moment_by_their_indexes(connection, trees, layer, actor):
    connection.execute(
        text(
            "INSERT INTO infra.tree (geom) "
            "SELECT ST_SetSRID(ST_MakePoint(600000 + i % 200 * 10, 1190000 + i / 20), 9210)"
            " FROM generate_series(1, 20000) AS i"
        )
    )
    connection.execute(update(trees).values(height_m=2))
    connection.execute(text("ANALYZE infra.tree"))
    connection.execute(text("ANALYZE history.tree"))
    moment = connection.execute(select(func.now())).scalar_one()
    then = select_as_of(trees, build(trees), moment, actor.get_visible_levels(layer))
    box = func.st_makeenvelope(600500, 1190500, 600600, 1190600, 9210)
    statement = select(then.c.id).where(then.c.geom.op("&&")(box)).order_by(then.c.id).limit(100)
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": False, "render_postcompile": True})
    rows = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).scalars().all()
    plan = "\n".join(rows)
    assert plan.count("tree_place_idx") == 2
    assert "Seq Scan" not in plan
