"""Locks on features: whom they hold off, on every road, and when they end."""

import uuid
from datetime import timedelta

import pytest
import shapely
from sqlalchemy import delete, func, select, update

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.errors import (
    CannotLock,
    ConflictError,
    FeatureLocked,
    InvalidParameter,
    LockedByAnother,
    LockExpired,
    NotPermitted,
    SignInNeeded,
    UnknownLayer,
    UnknownLock,
)
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Delete, Insert, Origin, Replace, Shape, Update
from gis_infra.features.locks import keeping, taking
from gis_infra.features.locks.tables import LOCK, LOCKED
from gis_infra.features.locks.taking import Terms
from gis_infra.features.query import FeatureQuery, SortKey
from tests import builders
from tests.builders import make_actor

HOA = make_actor(("*", "editor"), username="hoa")
LAN = make_actor(("*", "editor"), username="lan")
VIEWER = make_actor(("*", "viewer"), username="viewer")
LINE = "LINESTRING (603000 1191000, 603010 1191005)"
SHAPE = Shape(shapely.to_wkb(shapely.from_wkt(LINE)), Origin(9210))
MANY = 1000
HALF = Terms(takes_all=False)


@pytest.fixture
def layer(catalogue):
    """The layer of water pipes."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def ids(connection, tables):
    """Three water pipes."""
    rows = [{"wkt": LINE, "asset_code": f"W{number}", "owner": "x"} for number in range(3)]
    return builders.insert_many(connection, tables, "water_pipe", rows)


@pytest.fixture
def take(connection, tables, layer):
    """Lock pipes, by id, for somebody."""

    def take(*wanted, actor=HOA, terms=Terms(), **more):  # noqa: B008  # a frozen value
        query = FeatureQuery(layer, actor, ids=wanted or None, limit=MANY, **more)
        return taking.take(connection, tables, [query], actor, terms)

    return take


@pytest.fixture
def run(connection, tables):
    """Apply changes as lan."""

    def run(*changes, actor=LAN):
        return apply(connection, tables, changes, actor, "wfs")

    return run


def end(connection, lock):
    """Let a lock have ended a second ago."""
    ended = func.clock_timestamp() - timedelta(seconds=1)
    connection.execute(update(LOCK).where(LOCK.c.id == uuid.UUID(lock.id)).values(expires_at=ended))


def keys(*ids):
    return tuple(("water_pipe", id_) for id_ in ids)


def test_what_is_locked_is_changed_by_nobody_without_the_lock(connection, layer, ids, take, run):
    lock = take(ids[0])
    assert lock.locked == keys(ids[0]) and lock.refused == ()
    for change in (
        Update(layer, ids[0], {"name": "a"}),
        Replace(layer, ids[0], {"name": "a"}, SHAPE),
        Delete(layer, ids[0]),
    ):
        for actor in (LAN, HOA):
            with pytest.raises(FeatureLocked, match=rf"water_pipe\.{ids[0]} is locked by hoa until 20\d\d-") as caught:
                run(change, actor=actor)
            assert caught.value.where == "lockId" and not isinstance(caught.value, LockedByAnother)
    run(Update(layer, ids[1], {"name": "a"}), Insert(layer, {"name": "new"}, SHAPE))


def test_the_lock_lets_its_holder_through(connection, layer, ids, take, run):
    lock = take(ids[0])
    keeping.present(connection, lock.id, HOA)
    run(Update(layer, ids[0], {"name": "a"}), actor=HOA)
    keeping.settle(connection, lock.id, keys(ids[0]), releases_all=False)
    assert connection.execute(select(func.count()).select_from(LOCK)).scalar_one() == 0


def test_a_lock_opens_nothing_that_another_holds(connection, layer, ids, take, run):
    take(ids[0], actor=LAN)
    mine = take(ids[1])
    keeping.present(connection, mine.id, HOA)
    with pytest.raises(LockedByAnother, match="lan until"):
        run(Update(layer, ids[0], {"name": "a"}), actor=HOA)


@pytest.mark.parametrize("text", ["", "lock-does-not-exist", "0" * 32, "é" * 500, "DROP TABLE x"])
def test_an_id_of_no_lock_is_refused(connection, text):
    with pytest.raises(UnknownLock, match="there is no lock"):
        keeping.present(connection, text, HOA)
    with pytest.raises(LockExpired, match="or never was"):
        keeping.renew(connection, text, HOA, 60)


def test_a_lock_is_of_no_use_to_anybody_else(connection, ids, take):
    lock = take(ids[0])
    with pytest.raises(UnknownLock):
        keeping.present(connection, lock.id, LAN)
    with pytest.raises(LockExpired):
        keeping.renew(connection, lock.id, LAN, 60)


def test_a_lock_that_has_ended_holds_nothing_and_opens_nothing(connection, layer, ids, take, run):
    lock = take(*ids)
    end(connection, lock)
    run(Update(layer, ids[0], {"name": "a"}))
    with pytest.raises(LockExpired, match="has expired"):
        keeping.present(connection, lock.id, HOA)
    with pytest.raises(LockExpired):
        keeping.renew(connection, lock.id, HOA, 60)
    assert take(*ids, actor=LAN).locked == keys(*ids)
    assert keeping.read_features(connection, lock.id) == ()


def test_all_are_locked_or_none(connection, ids, take):
    take(ids[1])
    savepoint = connection.begin_nested()
    with pytest.raises(CannotLock, match=rf"1 of 3 features are locked already; water_pipe\.{ids[1]} is, by hoa until"):
        take(*ids, actor=LAN)
    savepoint.rollback()
    assert connection.execute(select(func.count()).select_from(LOCKED)).scalar_one() == 1


def test_or_those_that_can_be(ids, take):
    take(ids[1])
    lock = take(*ids, actor=LAN, terms=HALF)
    assert lock.locked == keys(ids[0], ids[2]) and lock.refused == keys(ids[1])
    assert take(*ids, terms=HALF).locked == ()


def test_a_page_of_a_query_is_locked_and_no_more(ids, take):
    assert take(sort=(SortKey("asset_code", descending=True),), offset=1).locked == keys(ids[0], ids[1])


def test_a_renewed_lock_lasts_anew_with_all_it_holds(connection, ids, take):
    lock = take(*ids, terms=Terms(duration_s=10))
    assert keeping.renew(connection, lock.id, HOA, 500).locked == keys(*ids)
    left = connection.execute(select(LOCK.c.expires_at - func.clock_timestamp())).scalar_one()
    assert timedelta(seconds=480) < left <= timedelta(seconds=500)


def test_what_was_changed_is_released_and_the_rest_lasts_anew(connection, ids, take):
    lock = take(*ids, terms=Terms(duration_s=100))
    connection.execute(update(LOCK).values(expires_at=func.clock_timestamp() + timedelta(seconds=5)))
    keeping.present(connection, lock.id, HOA)
    keeping.settle(connection, lock.id, keys(ids[0]), releases_all=False)
    assert keeping.read_features(connection, lock.id) == keys(ids[1], ids[2])
    left = connection.execute(select(LOCK.c.expires_at - func.clock_timestamp())).scalar_one()
    assert left > timedelta(seconds=80)
    keeping.settle(connection, lock.id, (), releases_all=True)
    assert take(*ids, actor=LAN).locked == keys(*ids)


@pytest.mark.parametrize(
    ("actor", "error"), [(ANONYMOUS, SignInNeeded), (VIEWER, NotPermitted), (make_actor(("*", "importer")), None)]
)
def test_who_may_not_edit_may_not_lock(catalogue, connection, tables, actor, error):
    query = FeatureQuery(catalogue.get_layer("fire_hydrant"), actor)
    if error is None:
        assert taking.take(connection, tables, [query], actor, Terms()).locked == ()
        return
    with pytest.raises(error):
        taking.take(connection, tables, [query], actor, Terms())


def test_a_layer_one_may_not_see_is_not_there(catalogue, connection, tables):
    query = FeatureQuery(catalogue.get_layer("substation"), ANONYMOUS)
    with pytest.raises(UnknownLayer):
        taking.take(connection, tables, [query], ANONYMOUS, Terms())


@pytest.mark.parametrize("duration_s", [0, -1, 86_401, 10**12])
def test_a_lock_does_not_last_for_ever(ids, take, duration_s):
    with pytest.raises(InvalidParameter, match="from 1 second to 86400") as caught:
        take(*ids, terms=Terms(duration_s))
    assert caught.value.where == "expiry"


def test_a_lock_holds_a_bounded_number_and_nobody_has_too_many(ids, take, monkeypatch):
    monkeypatch.setattr(taking, "MOST_FEATURES", 2)
    with pytest.raises(InvalidParameter, match="at most 2 features"):
        take(*ids)
    monkeypatch.setattr(taking, "MOST_LOCKS", 1)
    take(ids[0])
    with pytest.raises(ConflictError, match="holds 1 locks"):
        take(ids[1])
    take(ids[1], actor=LAN)


def test_locks_that_ended_long_ago_are_forgotten(connection, ids, take):
    old, recent = take(ids[0]), take(ids[1])
    for lock, days in ((old, 2), (recent, 0.5)):
        ended = func.clock_timestamp() - timedelta(days=days)
        connection.execute(update(LOCK).where(LOCK.c.id == uuid.UUID(lock.id)).values(expires_at=ended))
    take(ids[2])
    with pytest.raises(UnknownLock):
        keeping.present(connection, old.id, HOA)
    with pytest.raises(LockExpired):
        keeping.present(connection, recent.id, HOA)


def test_a_feature_that_is_gone_is_in_nobodys_way(connection, tables, layer, ids, take, run):
    lock = take(*ids)
    connection.execute(delete(tables.get("water_pipe")))
    keeping.present(connection, lock.id, HOA)
    keeping.settle(connection, lock.id, (), releases_all=True)
    assert take().locked == ()
