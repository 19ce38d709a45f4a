"""Revision, counts and extents: kept by the database with every change, whoever makes it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM, Actor
from gis_infra.errors import UnknownLayer
from gis_infra.features.counting import count
from gis_infra.features.query import FeatureQuery
from gis_infra.features.state import Tally, get_state, get_tallies, get_tally
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert, insert_many

LAYER = "fire_hydrant"
STEPS = (None, "public", "shared", "restricted")


@pytest.fixture
def hydrant(catalogue):
    return catalogue.get_layer(LAYER)


@pytest.fixture
def five(connection, tables):
    """Five hydrants in a row, 100 m apart; their ids."""
    rows = [{"wkt": f"POINT({603000 + 100 * n} 1191000)"} for n in range(5)]
    return insert_many(connection, tables, LAYER, rows)


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO infra.fire_hydrant (asset_code) VALUES ('x')",
        "UPDATE infra.fire_hydrant SET name = 'y'",
        "DELETE FROM infra.fire_hydrant",
        "TRUNCATE infra.fire_hydrant",
    ],
)
def test_every_change_by_plain_sql_raises_the_revision(connection, five, change):
    before = get_state(connection, LAYER)
    connection.execute(text(change))
    after = get_state(connection, LAYER)
    assert after.revision == before.revision + 1 and after.changed_at > before.changed_at


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE infra.fire_hydrant SET name = 'y' WHERE id < 0",
        "DELETE FROM infra.fire_hydrant WHERE id < 0",
        "INSERT INTO infra.fire_hydrant (name) SELECT 'x' WHERE false",
    ],
)
def test_a_statement_that_changes_no_row_leaves_the_revision(connection, five, change):
    before = get_state(connection, LAYER)
    connection.execute(text(change))
    assert get_state(connection, LAYER) == before


def test_copy_counts_like_any_insert(connection, hydrant, five):
    driver = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("COPY infra.fire_hydrant (asset_code) FROM STDIN") as copy:
        copy.write("C1\nC2\n")
    assert get_tally(connection, hydrant, SYSTEM).features == 7


def test_an_insert_that_meets_a_conflict_counts_once(connection, hydrant, five):
    connection.execute(
        text("INSERT INTO infra.fire_hydrant (id, name) VALUES (:id, 'x') ON CONFLICT (id) DO UPDATE SET name = 'x'"),
        {"id": five[0]},
    )
    assert get_tally(connection, hydrant, SYSTEM).features == 5


def test_an_undone_change_leaves_everything_as_it_was(connection, hydrant, five):
    before = get_state(connection, LAYER), get_tally(connection, hydrant, SYSTEM)
    nested = connection.begin_nested()
    connection.execute(text("TRUNCATE infra.fire_hydrant"))
    nested.rollback()
    assert (get_state(connection, LAYER), get_tally(connection, hydrant, SYSTEM)) == before


def test_the_extent_shrinks_when_the_outermost_goes(connection, tables, hydrant, five):
    wide = get_tally(connection, hydrant, SYSTEM).extent
    connection.execute(tables.get(LAYER).delete().where(tables.get(LAYER).c.id == five[4]))
    narrow = get_tally(connection, hydrant, SYSTEM).extent
    # 100 m are 0.000914 degrees of longitude here.
    assert wide.xmax - narrow.xmax == pytest.approx(0.000914, abs=2e-6) and wide.xmin == narrow.xmin


def test_a_layer_of_nothing_lies_nowhere(connection, tables, hydrant):
    assert get_tally(connection, hydrant, SYSTEM).extent is None
    insert(connection, tables, LAYER)
    assert get_tally(connection, hydrant, SYSTEM).extent is None
    assert get_tally(connection, hydrant, SYSTEM).features == 1


def test_the_extent_does_not_betray_what_is_secret(connection, tables, catalogue):
    layer = catalogue.get_layer("water_pipe")
    insert(connection, tables, "water_pipe", wkt="LINESTRING(603000 1191000, 603010 1191000)")
    near = get_tally(connection, layer, SYSTEM).extent
    far = "LINESTRING(620000 1191000, 620010 1191000)"
    insert(connection, tables, "water_pipe", wkt=far, sensitivity="restricted")
    assert get_tally(connection, layer, Actor(person_id=1)).extent == near
    assert get_tally(connection, layer, SYSTEM).extent.xmax > near.xmax + 0.1


def test_tallies_of_a_layer_one_may_not_see_are_refused(connection, catalogue):
    with pytest.raises(UnknownLayer, match="water_pipe"):
        get_tallies(connection, [catalogue.get_layer("water_pipe")], ANONYMOUS)


def test_an_id_never_changes(connection, tables, five):
    nested = connection.begin_nested()
    with pytest.raises(Exception, match="the id of a feature never changes"):
        connection.execute(text("UPDATE infra.fire_hydrant SET id = id + 1000000"))
    nested.rollback()


def test_the_clock_says_when_a_row_changed_and_nobody_else(connection, tables, five):
    connection.execute(text("UPDATE infra.fire_hydrant SET updated_at = '2000-01-01', created_at = '2000-01-01'"))
    table = tables.get(LAYER)
    years = connection.execute(
        select(func.date_part("year", table.c.created_at), func.date_part("year", table.c.updated_at))
    ).all()
    assert all(created >= 2026 and updated >= 2026 for created, updated in years)


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["insert", "move", "reclassify", "delete", "lose place"]),
        st.integers(0, 9),
        st.integers(0, 50),
        st.sampled_from(STEPS),
    ),
    max_size=12,
)


@given(changes=CHANGES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_and_extents_are_exact_after_any_changes(connection, tables, hydrant, changes):
    """The oracle counts and measures the rows themselves."""
    nested = connection.begin_nested()
    table = tables.get(LAYER)
    for action, which, where, step in changes:
        place = func.st_setsrid(func.st_makepoint(603000 + 10 * where, 1191000 + where % 7), 9210)
        some = table.c.id % 3 == which % 3
        connection.execute(
            {
                "insert": table.insert().values(geom=place, sensitivity=step),
                "move": table.update().where(some).values(geom=place),
                "reclassify": table.update().where(some).values(sensitivity=step),
                "delete": table.delete().where(some),
                "lose place": table.update().where(some).values(geom=None),
            }[action]
        )
    for actor in (SYSTEM, ANONYMOUS, Actor(person_id=1)):
        assert get_tally(connection, hydrant, actor) == measure(connection, table, hydrant, actor)
    assert count(connection, tables, FeatureQuery(hydrant, SYSTEM)) == get_tally(connection, hydrant, SYSTEM).features
    nested.rollback()


def measure(connection, table, layer, actor):
    """The tally, worked out from the rows one by one."""
    columns = select(table.c.sensitivity, func.st_x(table.c.lonlat), func.st_y(table.c.lonlat))
    levels = (None, *actor.get_visible_levels(layer))
    seen = [(x, y) for step, x, y in connection.execute(columns) if step in levels]
    placed = [point for point in seen if point[0] is not None]
    if not placed:
        return Tally(len(seen), None)
    xs, ys = zip(*placed, strict=True)
    return Tally(len(seen), Bbox(min(xs), min(ys), max(xs), max(ys), 4326))
