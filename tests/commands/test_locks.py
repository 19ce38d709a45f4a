"""`gis-infra locks`, run as a person would."""

import os

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, update

from gis_infra.cli.locks import command
from gis_infra.errors import UnknownLock
from gis_infra.features.locks import taking
from gis_infra.features.locks.tables import LOCK
from gis_infra.features.locks.taking import Terms
from gis_infra.features.query import FeatureQuery
from gis_infra.storage.transactions import writing
from tests import builders
from tests.builders import make_actor

HOA = make_actor(("*", "editor"), username="hoa")
LAN = make_actor(("*", "editor"), username="lan")


@pytest.fixture
def run(settings, engine, monkeypatch):
    """Run `gis-infra locks …` on the tests' database; raises what the program refuses."""
    for variable in [each for each in os.environ if each.startswith("GIS_INFRA_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))

    def run(*arguments):
        result = CliRunner().invoke(command, arguments)
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


@pytest.fixture
def take(engine, tables, catalogue):
    """Lock all water pipes, of which there are two, for somebody; they and all locks are gone afterwards."""
    layer, table = catalogue.get_layer("water_pipe"), tables.get("water_pipe")
    with writing(engine) as connection:
        builders.insert_many(connection, tables, "water_pipe", [{"wkt": None}, {"wkt": None}])

    def take(actor):
        with writing(engine) as connection:
            return taking.take(connection, tables, [FeatureQuery(layer, actor)], actor, Terms(takes_all=False))

    yield take
    with writing(engine) as connection:
        connection.execute(delete(LOCK))
        connection.execute(delete(table))


def test_locks_are_listed_with_whose_they_are_and_what_they_hold(run, take):
    mine, empty = take(HOA), take(LAN)
    listed = run("list").splitlines()
    (told,) = [line for line in listed if mine.id in line]
    assert "hoa" in told and "water_pipe" in told and " 2 " in told
    (told,) = [line for line in listed if empty.id in line]
    assert "lan" in told and "water_pipe" not in told


def test_a_lock_that_ended_is_not_listed(run, take, engine):
    mine = take(HOA)
    with writing(engine) as connection:
        connection.execute(update(LOCK).values(expires_at=func.clock_timestamp()))
    assert mine.id not in run("list")


def test_what_was_released_is_free(run, take):
    mine = take(HOA)
    assert take(LAN).locked == ()
    assert run("release", mine.id) == f"released {mine.id}\n"
    assert len(take(LAN).locked) == 2
    for lock_id in (mine.id, "none"):
        with pytest.raises(UnknownLock, match="there is no lock"):
            run("release", lock_id)
