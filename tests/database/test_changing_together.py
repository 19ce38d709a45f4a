"""Two who change the same features at once, and one who is cut off: each gets a true answer, nothing is half done."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import shapely
from sqlalchemy import delete, func, select, text

from gis_infra.catalogue.history import build
from gis_infra.errors import ConflictError, GisInfraError, StaleVersion, StorageError, UnknownFeature
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Delete, Expected, Insert, Origin, Shape, Update
from gis_infra.features.history import to_version
from gis_infra.storage.transactions import writing
from tests.builders import make_actor

EDITOR = make_actor(("*", "editor"))
LAYERS = ("water_pipe", "water_valve")
LINE = Shape(shapely.to_wkb(shapely.LineString([(603000, 1191000), (603010, 1191005)])), Origin(9210))
POINT = Shape(shapely.to_wkb(shapely.Point(603000, 1191000)), Origin(9210))
WAITING = text(
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"
)


@pytest.fixture
def pool():
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def do(engine, tables):
    """Apply changes in a transaction of their own; the layers are empty afterwards."""

    def do(*changes):
        with writing(engine) as connection:
            return apply(connection, tables, changes, EDITOR, "api")

    yield do
    with writing(engine) as connection:
        for layer_id in LAYERS:
            connection.execute(delete(tables.get(layer_id)))
            connection.execute(delete(build(tables.get(layer_id))))


@pytest.fixture
def pipe(catalogue):
    """The layer of water pipes."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def read(engine, tables):
    """The water pipes, by id."""

    def read():
        with engine.connect() as connection:
            return {row["id"]: row for row in connection.execute(select(tables.get("water_pipe"))).mappings()}

    return read


def run_both(pool, *functions):
    """What each function gives, or the error of ours it raises, when they begin together."""
    barrier = threading.Barrier(len(functions))

    def run(function):
        barrier.wait(10)
        try:
            return function()
        except GisInfraError as error:
            return error

    return [each.result(30) for each in [pool.submit(run, function) for function in functions]]


def wait_for_lock(engine):
    """The process of the database that waits for a lock; fails after ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            found = connection.execute(WAITING).scalars().first()
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_of_two_who_change_different_properties_both_are_heard(pool, do, read, pipe):
    (new,) = do(Insert(pipe, {"name": "a"}, LINE))
    for number in range(10):
        one, other = {"name": f"b{number}"}, {"remarks": f"c{number}"}
        answers = run_both(pool, *(partial(do, Update(pipe, new.id, each)) for each in (one, other)))
        assert not any(isinstance(each, GisInfraError) for each in answers), answers
        row = read()[new.id]
        assert {"name": row["name"], "remarks": row["remarks"]} == one | other
        assert row["updated_at"] == max(each[0].updated_at for each in answers)


def test_of_two_who_change_the_same_version_one_is_heard_and_the_other_told(pool, do, read, pipe):
    (new,) = do(Insert(pipe, {"name": "a"}, LINE))
    for _ in range(10):
        version = Expected(frozenset({to_version(read()[new.id]["updated_at"])}))
        names = ("left", "right")
        updates = [Update(pipe, new.id, {"name": name, "cover_m": time.time() % 90}, version=version) for name in names]
        answers = run_both(pool, *(partial(do, update) for update in updates))
        refused = [place for place, each in enumerate(answers) if isinstance(each, StaleVersion)]
        assert len(refused) == 1 and read()[new.id]["name"] == names[1 - refused[0]]


def test_of_one_who_changes_and_one_who_deletes_each_is_told_what_was(pool, do, read, pipe):
    for _ in range(10):
        (new,) = do(Insert(pipe, {"name": "a"}, LINE))
        both = (Update(pipe, new.id, {"name": "b"}), Delete(pipe, new.id))
        changed, deleted = run_both(pool, *(partial(do, change) for change in both))
        assert deleted[0].updated_at is None and new.id not in read()
        assert isinstance(changed, UnknownFeature) or changed[0].id == new.id


def test_lists_in_any_order_never_wait_for_each_other_in_a_circle(pool, do, pipe, catalogue):
    valve = catalogue.get_layer("water_valve")
    ids = [each.id for each in do(*(Insert(pipe, {}, LINE) for _ in range(8)))]
    others = [each.id for each in do(*(Insert(valve, {}, POINT) for _ in range(8)))]
    for number in range(15):
        there = [Update(pipe, id_, {"name": f"a{number}"}) for id_ in ids]
        there += [Update(valve, id_, {"name": f"a{number}"}) for id_ in others]
        back = [Insert(valve, {"name": "new"}, POINT), *reversed(there)]
        answers = run_both(pool, partial(do, *there), partial(do, *back))
        assert not any(isinstance(each, GisInfraError) for each in answers), answers


@pytest.mark.parametrize("change", ["insert", "update"])
def test_a_code_taken_while_one_waits_is_told_with_the_other(pool, do, engine, tables, pipe, change):
    (mine,) = do(Insert(pipe, {"owner": "S", "asset_code": "mine"}, LINE))
    wanted = {"owner": "S", "asset_code": "A"}
    late = Insert(pipe, wanted, LINE) if change == "insert" else Update(pipe, mine.id, wanted)
    with writing(engine) as connection:
        (first,) = apply(connection, tables, [Insert(pipe, wanted, LINE)], EDITOR, "api")
        waiting = pool.submit(do, late)
        wait_for_lock(engine)
    with pytest.raises(ConflictError, match=f"is that of feature {first.id}"):
        waiting.result(20)


def test_who_is_cut_off_in_the_middle_leaves_nothing(pool, do, engine, tables, read, pipe):
    """The writer is stopped when its rows are in and its trigger waits for the layer's state, then killed."""
    (old,) = do(Insert(pipe, {"name": "a"}, LINE))
    changes = [Update(pipe, old.id, {"name": "b"}), *(Insert(pipe, {"name": "c"}, LINE) for _ in range(500))]
    with engine.connect() as holder, holder.begin():
        holder.execute(text("SELECT FROM gis.layer_state WHERE layer = 'water_pipe' FOR UPDATE"))
        running = pool.submit(do, *changes)
        process = wait_for_lock(engine)
        with writing(engine) as connection:
            assert connection.execute(select(func.pg_terminate_backend(process))).scalar_one()
        with pytest.raises(StorageError):
            running.result(20)
    assert [row["name"] for row in read().values()] == ["a"]
    with engine.connect() as connection:
        versions = build(tables.get("water_pipe"))
        assert connection.execute(select(func.count()).select_from(versions)).scalar_one() == 0


def test_who_is_cut_off_before_the_end_leaves_nothing(do, engine, tables, read, pipe):
    with pytest.raises(StorageError), writing(engine) as connection:
        apply(connection, tables, [Insert(pipe, {"name": "c"}, LINE) for _ in range(50)], EDITOR, "api")
        process = connection.execute(select(func.pg_backend_pid())).scalar_one()
        with engine.connect() as other:
            other.execute(select(func.pg_terminate_backend(process)))
    assert read() == {}
