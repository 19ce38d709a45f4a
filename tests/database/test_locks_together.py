"""Locks when several are at work: people, servers, imports; and against a plain account of who holds what."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from gis_infra.catalogue.history import build
from gis_infra.errors import CannotLock, FeatureLocked, GisInfraError, LockExpired, UnknownLock
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Update
from gis_infra.features.locks import keeping, taking
from gis_infra.features.locks.tables import LOCK
from gis_infra.features.locks.taking import Terms
from gis_infra.features.query import FeatureQuery
from gis_infra.storage.transactions import writing
from tests import builders
from tests.builders import make_actor
from tests.imports import count, write_pipes

PEOPLE = {name: make_actor(("*", "editor"), username=name) for name in ("hoa", "lan")}
LINE = "LINESTRING (603000 1191000, 603010 1191005)"
OWNER = {"owner": "SAWACO"}
PIPES = 4
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'"
)


@pytest.fixture
def pipe(catalogue):
    """The layer of water pipes."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def ids(engine, tables):
    """Pipes that everybody sees, gone afterwards with their locks."""
    rows = [{"wkt": LINE, "asset_code": f"W{number}"} for number in range(PIPES)]
    with writing(engine) as connection:
        found = builders.insert_many(connection, tables, "water_pipe", rows)
    yield found
    with writing(engine) as connection:
        connection.execute(delete(tables.get("water_pipe")))
        connection.execute(delete(build(tables.get("water_pipe"))))
        connection.execute(delete(LOCK))


def lock(connection, tables, layer, name, wanted, terms=Terms()):  # noqa: B008  # a frozen value
    """Lock pipes for somebody."""
    query = FeatureQuery(layer, PEOPLE[name], ids=tuple(wanted), limit=100)
    return taking.take(connection, tables, [query], PEOPLE[name], terms)


def wait_until_one_waits(engine):
    """Return when a statement waits for a row."""
    for _ in range(1000):
        with engine.connect() as connection:
            if connection.execute(WAITING).scalar_one():
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def test_of_two_who_lock_the_same_at_once_one_has_it(engine, tables, pipe, ids):
    barrier = threading.Barrier(2)

    def run(name):
        barrier.wait(10)
        try:
            with writing(engine) as connection:
                return lock(connection, tables, pipe, name, ids)
        except GisInfraError as error:
            return error

    for _ in range(10):
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(run, PEOPLE))
        assert sorted(type(each).__name__ for each in found) == ["CannotLock", "Lock"]
        with writing(engine) as connection:
            connection.execute(delete(LOCK))


def test_a_lock_waits_for_a_change_under_way_and_is_on_what_it_leaves(engine, tables, pipe, ids):
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            apply(connection, tables, [Update(pipe, ids[0], {"name": "first"})], PEOPLE["lan"], "api")

            def run():
                with writing(engine) as other:
                    return lock(other, tables, pipe, "hoa", ids)

            later = pool.submit(run)
            wait_until_one_waits(engine)
        assert [id_ for _, id_ in later.result(30).locked] == ids


def test_a_change_that_waited_for_a_lock_to_be_made_is_refused(engine, tables, pipe, ids):
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            lock(connection, tables, pipe, "hoa", ids)

            def run():
                with writing(engine) as other, pytest.raises(FeatureLocked, match="by hoa"):
                    apply(other, tables, [Update(pipe, ids[0], {"name": "late"})], PEOPLE["lan"], "api")

            later = pool.submit(run)
            wait_until_one_waits(engine)
        later.result(30)


def test_a_lock_that_was_renewed_in_time_is_not_taken_over(engine, tables, pipe, ids):
    with writing(engine) as connection:
        mine = lock(connection, tables, pipe, "hoa", ids, Terms(duration_s=1))
    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            keeping.renew(connection, mine.id, PEOPLE["hoa"], 300)
            threading.Event().wait(1.1)  # by what others see, it has ended

            def run():
                with writing(engine) as other, pytest.raises(CannotLock):
                    lock(other, tables, pipe, "lan", ids)

            later = pool.submit(run)
            wait_until_one_waits(engine)
        later.result(30)


class Account:
    """Who holds what, in plain Python: lock -> (person, features, whether it lasts)."""

    def __init__(self):
        self.locks = {}

    def find_holder(self, feature):
        """The lock that holds a feature, None if none does."""
        return next((key for key, (_, held, lasts) in self.locks.items() if lasts and feature in held), None)

    def take(self, name, wanted, takes_all):
        """What is locked, None if nothing is because not all can be."""
        free = {each for each in wanted if self.find_holder(each) is None}
        if takes_all and free != set(wanted):
            return None
        for key, (person, held, lasts) in self.locks.items():
            self.locks[key] = (person, held - free, lasts)
        return free


WHO, WHICH, PIPE = st.sampled_from(list(PEOPLE)), st.integers(0, 5), st.integers(0, PIPES - 1)
STEPS = st.one_of(
    st.tuples(st.just("take"), WHO, st.sets(PIPE), st.booleans()),
    st.tuples(st.just("end"), WHICH),
    st.tuples(st.just("renew"), WHO, WHICH),
    st.tuples(st.just("settle"), WHO, WHICH, PIPE, st.booleans()),
    st.tuples(st.just("change"), WHO, PIPE),
)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_who_holds_what_is_as_a_plain_account_of_it_says(connection, tables, pipe, steps):
    with connection.begin_nested() as savepoint:
        rows = [{"wkt": LINE, "asset_code": f"W{number}"} for number in range(PIPES)]
        scene = Scene(connection, tables, pipe, builders.insert_many(connection, tables, "water_pipe", rows))
        for kind, *what in steps:
            getattr(scene, kind)(*what)
        savepoint.rollback()


class Scene:
    """The same steps in the database and in the account, which must agree at each of them."""

    def __init__(self, connection, tables, layer, ids):
        self.connection, self.tables, self.layer, self.ids = connection, tables, layer, ids
        self.account, self.made, self.number = Account(), [], 0

    def attempt(self, act, *kinds):
        """What comes of it, or the error of one of these kinds, after which nothing of it is kept."""
        savepoint = self.connection.begin_nested()
        try:
            found = act()
        except kinds as error:
            savepoint.rollback()
            return error
        savepoint.commit()
        return found

    def pick(self, at):
        """One of the locks made so far, or none that was."""
        return self.made[at % len(self.made)] if self.made else str(uuid.uuid4())

    def take(self, name, wanted, takes_all):
        terms = Terms(takes_all=takes_all)
        act = lambda: lock(self.connection, self.tables, self.layer, name, [self.ids[n] for n in sorted(wanted)], terms)  # noqa: E731
        found, expected = self.attempt(act, CannotLock), self.account.take(name, wanted, takes_all)
        if expected is None:
            assert isinstance(found, CannotLock)
            return
        assert {self.ids.index(id_) for _, id_ in found.locked} == expected
        self.made.append(found.id)
        self.account.locks[found.id] = (name, set(expected), True)

    def end(self, at):
        key = self.pick(at)
        ended = func.clock_timestamp() - timedelta(seconds=1)
        self.connection.execute(update(LOCK).where(LOCK.c.id == uuid.UUID(key)).values(expires_at=ended))
        if key in self.account.locks:
            person, held, _ = self.account.locks[key]
            self.account.locks[key] = (person, held, False)

    def renew(self, name, at):
        key = self.pick(at)
        found = self.attempt(lambda: keeping.renew(self.connection, key, PEOPLE[name], 60), LockExpired)
        person, held, lasts = self.account.locks.get(key, (None, set(), False))
        if not lasts or person != name:
            assert isinstance(found, LockExpired)
        else:
            assert {self.ids.index(id_) for _, id_ in found.locked} == held

    def settle(self, name, at, feature, releases_all):
        key = self.pick(at)

        def act():
            keeping.present(self.connection, key, PEOPLE[name])
            change = Update(self.layer, self.ids[feature], {"name": self.new_name()})
            apply(self.connection, self.tables, [change], PEOPLE[name], "wfs")
            touched = [("water_pipe", self.ids[feature])]
            keeping.settle(self.connection, key, touched, releases_all=releases_all)

        found = self.attempt(act, GisInfraError)
        self.connection.execute(select(func.set_config("gis_infra.lock_id", "", True)))
        person, held, lasts = self.account.locks.get(key, (None, set(), False))
        if person != name:
            assert isinstance(found, UnknownLock)
        elif not lasts:
            assert isinstance(found, LockExpired)
        elif self.account.find_holder(feature) not in {None, key}:
            assert isinstance(found, FeatureLocked)
        else:
            assert found is None
            left = set() if releases_all else held - {feature}
            self.account.locks[key] = (person, left, True)
            if not left:
                del self.account.locks[key]

    def change(self, name, feature):
        change = Update(self.layer, self.ids[feature], {"name": self.new_name()})
        act = lambda: apply(self.connection, self.tables, [change], PEOPLE[name], "api")  # noqa: E731
        found = self.attempt(act, FeatureLocked)
        assert isinstance(found, FeatureLocked) == (self.account.find_holder(feature) is not None)

    def new_name(self):
        """A name no pipe has."""
        self.number += 1
        return f"n{self.number}"


def hold(importer, code, name="hoa"):
    """Lock the pipe of that asset code."""
    (id_,) = [row["id"] for row in importer.read_rows() if row["asset_code"] == code]
    with writing(importer.engine) as connection:
        return lock(connection, importer.tables, importer.catalogue.get_layer("water_pipe"), name, [id_])


@pytest.fixture
def held(importer, tmp_path):
    """Two imported pipes, a and b, of which hoa holds b."""
    importer.load(write_pipes(tmp_path, [{"MA_ONG": code, "DN": 100} for code in "ab"]), **OWNER)
    yield hold(importer, "b")
    with writing(importer.engine) as connection:
        connection.execute(delete(LOCK))


def read_sizes(importer):
    """The diameters by asset code."""
    return {row["asset_code"]: row["nominal_diameter_mm"] for row in importer.read_rows()}


def test_an_import_does_not_change_what_somebody_holds(importer, tmp_path, held):
    rows = [{"MA_ONG": code, "DN": 200} for code in "abc"]
    with pytest.raises(FeatureLocked, match=rf"water_pipe\.{held.locked[0][1]} is locked by hoa until"):
        importer.load(write_pipes(tmp_path, rows), **OWNER)
    assert read_sizes(importer) == {"a": 100, "b": 100}
    unchanged = [{"MA_ONG": "a", "DN": 200}, {"MA_ONG": "b", "DN": 100}, {"MA_ONG": "c", "DN": 200}]
    report = importer.load(write_pipes(tmp_path, unchanged), **OWNER)
    assert count(report) == {"inserted": 1, "updated": 1, "unchanged": 1}


def test_an_import_does_not_delete_what_somebody_holds(importer, tmp_path, held):
    file = write_pipes(tmp_path, [{"MA_ONG": "a", "DN": 100}])
    with pytest.raises(FeatureLocked):
        importer.load(file, replace=True, **OWNER)
    assert set(read_sizes(importer)) == {"a", "b"}
    with writing(importer.engine) as connection:
        connection.execute(update(LOCK).values(expires_at=func.clock_timestamp()))
    assert count(importer.load(file, replace=True, **OWNER)) == {"unchanged": 1, "deleted": 1}


def test_an_import_is_not_undone_under_somebodys_hands(importer, held):
    (batch,) = importer.read_batches()
    with pytest.raises(FeatureLocked):
        importer.undo(batch["id"])
    assert set(read_sizes(importer)) == {"a", "b"}
    with writing(importer.engine) as connection:
        connection.execute(delete(LOCK))
    assert importer.undo(batch["id"]).removed == 2
