"""Runs: over the city, a box or what changed; alone, whole or not at all; and equal wherever they look."""

import datetime
import threading

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text, cast, delete, func, select, text, update

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs import running
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.tables import CHANGE
from gis_infra.analysis.runs.turns import taking_turn
from gis_infra.errors import BusyError, InvalidParameter
from gis_infra.spatial.boxes import Bbox
from gis_infra.storage.transactions import writing
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500
LAYERS = ("water_pipe", "sewer_pipe", "utility_tunnel", "road_segment", "works_project", "building", "admin_unit")
CITY = ("id", "fingerprint", "rule", "severity", "required_m", "distance_m", "length_m", "side", "stretch")


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture
def city(engine, tables):
    """An empty city; what a test puts into it is taken away."""
    clear(engine, tables)
    yield
    clear(engine, tables)


def clear(engine, tables):
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, *(tables.get(each) for each in LAYERS), CHANGE):
            connection.execute(delete(table))


def order(packs=("qcvn01", "vn_cover"), **more):
    return RunOrder(SYSTEM, packs, NOW, **{"keeps_up": True, **more})


def line(*points):
    return f"LINESTRING({','.join(f'{EAST + x} {NORTH + y}' for x, y in points)})"


def lay(engine, tables, layer, points, **values):
    with writing(engine) as connection:
        return insert(connection, tables, layer, wkt=line(*points), **values)


def read_open(engine):
    """What the register holds open, as any run must leave it."""
    columns = [CONFLICT.c[name] for name in CITY[1:]]
    with engine.connect() as connection:
        rows = connection.execute(select(*columns).where(CONFLICT.c.status != "resolved")).all()
    return {
        row.fingerprint: tuple(round(value, 6) if isinstance(value, float) else value for value in row) for row in rows
    }


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_every_road_of_change_is_noted_with_where_it_was_and_is(engine, tables, city):
    pipe = lay(engine, tables, "water_pipe", [(0, 0), (10, 0)])
    table = tables.get("water_pipe")
    with writing(engine) as connection:
        connection.execute(update(table).values(geom=func.st_translate(table.c.geom, 100, 0)))
        connection.execute(update(table).values(cover_m=table.c.cover_m))  # leaves the row as it was
        connection.execute(delete(table))
    with writing(engine) as connection:
        connection.execute(text("TRUNCATE infra.water_pipe"))
        connection.execute(delete(table))  # of nothing
    box = cast(func.box2d(func.st_translate(CHANGE.c.place, -EAST, -NORTH)), Text)
    with engine.connect() as connection:
        rows = connection.execute(select(CHANGE.c.layer, CHANGE.c.ids, box).order_by(CHANGE.c.id)).all()
    assert [row.layer for row in rows] == ["water_pipe"] * 4
    assert [row[2] for row in rows] == ["BOX(0 0,10 0)", "BOX(0 0,110 0)", "BOX(100 0,110 0)", None]
    assert all(pipe in each.ids[0] for each in rows[:3]) and rows[3].ids is None


def test_many_rows_of_one_statement_are_one_line_and_one_box(engine, tables, city):
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO infra.water_pipe (geom) SELECT st_setsrid(st_makeline(st_makepoint(603000 + n, 1191500), "
                "st_makepoint(603001 + n, 1191501)), 9210) FROM generate_series(1, 2000) AS n"
            )
        )
    with engine.connect() as connection:
        row = connection.execute(select(CHANGE.c.ids, func.st_numgeometries(CHANGE.c.place).label("boxes"))).one()
    assert row.boxes == 1 and sum(each.upper - each.lower for each in row.ids) == 2000


def test_what_changed_is_looked_at_only_against_a_whole_run_of_the_same_rules(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)
    first = running.run_conflicts(engine, ground, order(scope="changes"))
    assert (first.scope, first.focus, first.found) == ("city", None, 1)
    assert count(engine, CHANGE) == 0
    lay(engine, tables, "water_pipe", [(0, 50), (100, 50)], cover_m=0.1)
    second = running.run_conflicts(engine, ground, order(scope="changes"))
    assert (second.scope, second.focus, second.found, second.found_new) == ("changes", 1, 1, 1)
    assert running.run_conflicts(engine, ground, order(("qcvn01",), scope="changes")).scope == "city"
    assert len(read_open(engine)) == 2


def test_a_run_of_what_no_rule_speaks_of_is_not_entered(engine, ground, tables, city):
    running.run_conflicts(engine, ground, order())
    with writing(engine) as connection:
        insert(
            connection,
            tables,
            "building",
            wkt=f"MULTIPOLYGON((({EAST} {NORTH}, {EAST + 5} {NORTH}, {EAST} {NORTH + 5}, {EAST} {NORTH})))",
        )
    report = running.run_conflicts(engine, ground, order(scope="changes"))
    assert (report.id, report.focus, count(engine, CONFLICT_RUN), count(engine, CHANGE)) == (0, 0, 1, 0)


def test_a_deleted_asset_takes_its_conflicts_with_it(engine, ground, tables, city):
    pipe = lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=2.0)
    lay(engine, tables, "sewer_pipe", [(0, 0.3), (100, 0.3)], system="storm", cover_m=2.0)
    running.run_conflicts(engine, ground, order())
    assert len(read_open(engine)) == 1
    with writing(engine) as connection:
        connection.execute(delete(tables.get("water_pipe")).where(tables.get("water_pipe").c.id == pipe))
    report = running.run_conflicts(engine, ground, order(scope="changes"))
    assert (report.found, report.resolved) == (0, 1) and read_open(engine) == {}


def test_what_a_tunnel_held_apart_is_looked_at_when_the_tunnel_goes_or_narrows(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=2.0)
    lay(engine, tables, "sewer_pipe", [(0, 0.3), (100, 0.3)], system="storm", cover_m=2.0)
    tunnel = lay(engine, tables, "utility_tunnel", [(-10, 0), (110, 0)], width_mm=4000)
    running.run_conflicts(engine, ground, order())
    assert read_open(engine) == {}
    table = tables.get("utility_tunnel")
    with writing(engine) as connection:
        connection.execute(update(table).where(table.c.id == tunnel).values(width_mm=100))
    report = running.run_conflicts(engine, ground, order(scope="changes"))
    assert report.scope == "changes"
    narrowed = read_open(engine)
    assert any(each[1].startswith("qcvn01") and "water" in each[1] for each in narrowed.values())
    running.run_conflicts(engine, ground, order())
    assert read_open(engine) == narrowed


def test_a_truncated_layer_has_the_whole_city_looked_at(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)
    running.run_conflicts(engine, ground, order())
    with writing(engine) as connection:
        connection.execute(text("TRUNCATE infra.water_pipe"))
    report = running.run_conflicts(engine, ground, order(scope="changes"))
    assert (report.scope, report.resolved) == ("city", 1)


def test_a_run_over_a_box_leaves_the_rest_as_it_was(engine, ground, tables, city):
    for north in (0, 5000):
        lay(engine, tables, "water_pipe", [(0, north), (100, north)], cover_m=0.1)
    box = Bbox(EAST - 10, NORTH - 10, EAST + 200, NORTH + 10, 9210)
    report = running.run_conflicts(engine, ground, order(scope="box", box=box))
    assert (report.scope, report.focus, report.found) == ("box", 1, 1)
    assert report.layers["water_pipe"].checked == 1
    assert count(engine, CHANGE) == 2  # a box is not all that changed
    with writing(engine) as connection:
        table = tables.get("water_pipe")
        connection.execute(update(table).values(geom=func.st_translate(table.c.geom, 0, 20000)))
    gone = running.run_conflicts(engine, ground, order(scope="box", box=box))
    assert (gone.focus, gone.found, gone.resolved) == (1, 1, 0)  # it lies elsewhere now, and is too shallow there
    with pytest.raises(InvalidParameter, match="needs the box"):
        running.run_conflicts(engine, ground, order(scope="box"))


def test_a_run_waits_for_the_one_at_work_as_long_as_it_may(engine, ground, city):
    with taking_turn(engine, 0):
        with pytest.raises(BusyError, match="another run of conflicts is at work"):
            running.run_conflicts(engine, ground, order())
        with pytest.raises(BusyError):
            running.run_conflicts(engine, ground, order(wait_s=0.2))
    assert running.run_conflicts(engine, ground, order(wait_s=0.2)).id > 0


def test_a_second_run_sees_what_the_first_one_entered(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)
    reports = []

    def run():
        reports.append(running.run_conflicts(engine, ground, order(wait_s=60)))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.found_new for each in reports) == [0, 0, 1]


def test_what_people_do_while_a_run_looks_is_kept(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)
    running.run_conflicts(engine, ground, order())

    def find_slowly(connection, ground, rules, focus):
        running.find(connection, ground, rules, focus)
        with writing(engine) as other:
            other.execute(update(CONFLICT).values(due_on=datetime.date(2027, 1, 1), version=CONFLICT.c.version + 1))
        lay(engine, tables, "water_pipe", [(0, 50), (100, 50)], cover_m=0.1)

    report = running.run_conflicts(engine, ground, order(), find_slowly)
    assert report.found == 1
    with engine.connect() as connection:
        assert connection.execute(select(CONFLICT.c.due_on)).scalar_one() == datetime.date(2027, 1, 1)
    # What came after the moment the run looked at is still to be looked at.
    assert count(engine, CHANGE) == 1
    assert running.run_conflicts(engine, ground, order(scope="changes")).found_new == 1


@pytest.mark.parametrize("when", ["looking", "entering"])
def test_a_run_that_is_killed_leaves_nothing_of_itself(engine, ground, tables, city, when, monkeypatch):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)

    def end(connection, *_):
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    if when == "entering":
        monkeypatch.setattr(running, "finish_run", end)
    with pytest.raises(Exception, match="database"):
        running.run_conflicts(engine, ground, order(), end if when == "looking" else running.find)
    assert (count(engine, CONFLICT), count(engine, CONFLICT_RUN), count(engine, CHANGE)) == (0, 0, 1)
    monkeypatch.undo()
    assert running.run_conflicts(engine, ground, order()).found_new == 1


def test_a_run_is_broken_off_between_two_rules(engine, ground, tables, city):
    lay(engine, tables, "water_pipe", [(0, 0), (100, 0)], cover_m=0.1)

    def dismiss(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_conflicts(engine, ground, order(tell=dismiss))
    assert (count(engine, CONFLICT), count(engine, CHANGE)) == (0, 1)
    assert running.run_conflicts(engine, ground, order()).found == 1  # the turn is free again


# Streets of a few assets, and edits of them: moved, changed, deleted, added; every kind that has context among them.
POINT = st.tuples(st.integers(0, 40), st.integers(0, 10)).map(lambda p: (p[0] / 10, p[1] / 10))
POINTS = st.lists(POINT, min_size=2, max_size=3, unique=True)
ASSET = st.one_of(
    st.tuples(
        st.just("water_pipe"),
        st.fixed_dictionaries(
            {
                "nominal_diameter_mm": st.sampled_from([None, 300]),
                "cover_m": st.sampled_from([None, 0.2, 0.6, 2.0]),
            }
        ),
        POINTS,
    ),
    st.tuples(
        st.just("sewer_pipe"),
        st.fixed_dictionaries({"system": st.sampled_from(["foul", "storm"]), "cover_m": st.sampled_from([0.3, 1])}),
        POINTS,
    ),
    st.tuples(
        st.just("utility_tunnel"), st.fixed_dictionaries({"width_mm": st.sampled_from([None, 500, 2400])}), POINTS
    ),
    st.tuples(st.just("road_segment"), st.fixed_dictionaries({"width_m": st.sampled_from([None, 1.0, 6.0])}), POINTS),
)
EDIT = st.tuples(st.integers(0, 9), st.sampled_from(["move", "delete", "change"]), POINTS, ASSET)
SCENE = st.lists(ASSET, min_size=2, max_size=6)
EDITS = st.lists(st.lists(EDIT, min_size=1, max_size=3), min_size=1, max_size=2)


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(scene=SCENE, edits=EDITS)
def test_what_runs_of_changes_leave_is_what_a_run_over_the_city_leaves(engine, ground, tables, city, scene, edits):
    clear(engine, tables)
    packs = tuple(each for each in ("qcvn01", "vn_cover", "data", "works", "overbuild") if each in ground.book.packs)
    laid = [(layer, lay(engine, tables, layer, points, **values)) for layer, values, points in scene]
    running.run_conflicts(engine, ground, order(packs))
    for step in edits:
        for at, what, points, asset in step:
            edit(engine, tables, laid, at, what, points, asset)
        assert running.run_conflicts(engine, ground, order(packs, scope="changes")).scope == "changes"
    kept = read_open(engine)
    running.run_conflicts(engine, ground, order(packs))
    assert read_open(engine) == kept


def edit(engine, tables, laid, at, what, points, asset):
    """One edit of one asset, or a new one where there is none of that number."""
    if at >= len(laid):
        layer, values, own = asset
        laid.append((layer, lay(engine, tables, layer, own, **values)))
        return
    layer, number = laid[at]
    table = tables.get(layer)
    with writing(engine) as connection:
        if what == "delete":
            connection.execute(delete(table).where(table.c.id == number))
        elif what == "move":
            values = {"geom": func.st_geomfromtext(line(*points), tables.srid)}
            connection.execute(update(table).where(table.c.id == number).values(values))
        else:
            values = asset[1] if asset[0] == layer else {"status": "removed"}
            connection.execute(update(table).where(table.c.id == number).values(values))
