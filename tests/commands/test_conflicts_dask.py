"""`gis-infra conflicts run --dask` on a real scheduler with two workers: one is killed, a city lost, a run stopped."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select, text

from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.cli.conflicts import command
from gis_infra.errors import InvalidParameter, StorageError
from gis_infra.settings import ROOT, to_environment
from gis_infra.storage.engine import make_engine
from gis_infra.storage.transactions import writing
from tests import cities
from tests.dask_cluster import LEASH, clustering
from tests.workers import LIMIT_S, wait_for

GIS_INFRA = (sys.executable, "-c", "from gis_infra.cli.main import main; main()")
MOST = "60"
# What differs from run to run.
PASSING = ("id", "found_on", "last_run_id", "lonlat", "geom", "reach", "version", "status_on")


@pytest.fixture(scope="module")
def near(copy_database):
    """A city with streets in it, in a database of its own."""
    engine = make_engine(copy_database("near"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def far(copy_database):
    """Another city."""
    engine = make_engine(copy_database("far"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def filled(near, far, tables):
    """The engines of both cities, by name, with streets in them."""
    named = {"Gần": near, "Xa": far}
    for seed, engine in enumerate(named.values(), start=6):
        with writing(engine) as connection:
            cities.fill(connection, tables, seed, streets=2)
    return named


@pytest.fixture(scope="module")
def cluster(settings, tmp_path_factory):
    """A scheduler and two workers, whose own PostGIS is the tests'."""
    with clustering(tmp_path_factory.mktemp("dask"), to_environment(settings), workers=2) as cluster:
        yield cluster


@pytest.fixture
def registers(filled):
    """The engines of both cities, by name; nothing is in the registers before and afterwards."""
    empty(filled)
    yield filled
    empty(filled)


def empty(named):
    for engine in named.values():
        with writing(engine) as connection:
            connection.execute(delete(CONFLICT))
            connection.execute(delete(CONFLICT_RUN))


def read(engine):
    """The register, but for what differs from run to run; by fingerprint."""
    columns = [column for column in CONFLICT.columns if column.name not in PASSING]
    place = (func.st_x(CONFLICT.c.geom).label("x"), func.st_y(CONFLICT.c.geom).label("y"))
    with engine.connect() as connection:
        rows = connection.execute(select(*columns, *place).order_by(CONFLICT.c.fingerprint)).mappings()
        return {row["fingerprint"]: dict(row) for row in rows}


def require_same(found, expected):
    """Two registers hold the same; of numbers the last digits may differ."""
    assert found.keys() == expected.keys()
    for fingerprint, row in expected.items():
        assert found[fingerprint] == pytest.approx(row, abs=1e-6), (row["rule"], row["left_id"], row["right_id"])


def name_cities(named):
    """The options that name cities, by name and engine."""
    for name, engine in named.items():
        yield from ("--city", f"{name}={engine.url.render_as_string(hide_password=False)}")


def start(settings, *arguments):
    """`gis-infra conflicts …` in a process of its own."""
    environment = {**os.environ, **to_environment(settings)}
    whole = [*LEASH, *GIS_INFRA, "conflicts", *map(str, arguments)]
    return subprocess.Popen(whole, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def end(process):
    """What a process said, and its exit code."""
    said, complained = process.communicate(timeout=LIMIT_S)
    return said, complained, process.returncode


@pytest.fixture(scope="module")
def expected(filled):
    """City -> its register after a run without workers."""
    found = {}
    for name, engine in filled.items():
        address = engine.url.render_as_string(hide_password=False)
        run = CliRunner().invoke(command, ["run"], env={"GIS_INFRA_DATABASE_URL": address})
        assert run.exit_code == 0, run.output
        found[name] = read(engine)
    return found


def test_two_cities_are_found_the_same_by_workers_of_which_one_is_killed_midway(settings, cluster, expected, registers):
    killed = next(iter(cluster.workers))
    with cluster.holding(killed):
        run = start(settings, "run", "--dask", cluster.address, "--most", MOST, *name_cities(registers))
        cluster.wait_for_work(run, killed)
        cluster.kill(killed)
    said, complained, code = end(run)
    cluster.add_worker(f"{killed}-again")
    cluster.wait_for_workers()
    assert code == 0, complained
    for name, engine in registers.items():
        assert len(expected[name]) > 30
        assert f"{name}: {len(expected[name])} conflicts: {len(expected[name])} new" in said
        require_same(read(engine), expected[name])


def test_a_city_that_is_lost_does_not_spoil_the_other(settings, server, cluster, expected, registers):
    lost = server.set(database="gis_infra_nowhere").render_as_string(hide_password=False)
    options = ("--most", MOST, "--city", f"Mất={lost}", *name_cities({"Xa": registers["Xa"]}))
    said, complained, code = end(start(settings, "run", "--dask", cluster.address, *options))
    assert code == 1
    assert "Mất: not checked, its register is as it was: the database cannot be reached" in complained
    assert "gis_infra_nowhere" not in complained
    assert said.startswith(f"Xa: {len(expected['Xa'])} conflicts")
    assert read(registers["Xa"]).keys() == expected["Xa"].keys()


def test_a_city_whose_database_is_lost_midway_does_not_spoil_the_other(settings, cluster, expected, registers):
    options = ("--most", MOST, *name_cities(registers))
    with cluster.holding():
        run = start(settings, "run", "--dask", cluster.address, *options)
        cluster.wait_for_work(run)
        end_sessions(registers["Gần"])
    said, complained, code = end(run)
    assert code == 1, said
    assert complained.startswith("Gần: not checked, its register is as it was: ")
    assert read(registers["Gần"]) == {}
    assert read(registers["Xa"]).keys() == expected["Xa"].keys()


def end_sessions(engine):
    """End everybody's session in a database, as when its server stops."""
    engine.dispose()
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'gis-infra'"
            )
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_the_registers_as_they_were(settings, cluster, registers, number):
    with cluster.holding():
        run = start(settings, "run", "--dask", cluster.address, "--most", MOST, *name_cities(registers))
        cluster.wait_for_work(run)
        run.send_signal(number)
    said, complained, code = end(run)
    assert (said, code) == ("", 130)
    assert "stopped" in complained and "Traceback" not in complained
    assert [read(engine) for engine in registers.values()] == [{}, {}]
    wait_for(cluster.is_idle, "a scheduler with nothing left to do")


def test_a_run_whose_client_is_killed_leaves_the_register_as_it_was_and_the_next_one_runs(
    settings, cluster, expected, registers
):
    options = ("run", "--dask", cluster.address, "--most", MOST, *name_cities({"Xa": registers["Xa"]}))
    with cluster.holding():
        run = start(settings, *options)
        cluster.wait_for_work(run)
        run.kill()
        end(run)
    assert read(registers["Xa"]) == {}
    wait_for(cluster.is_idle, "a scheduler with nothing left to do")
    _, complained, code = end(start(settings, *options))
    assert code == 0, complained
    assert read(registers["Xa"]).keys() == expected["Xa"].keys()


def test_without_a_scheduler_the_run_says_so(call):
    with pytest.raises(StorageError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:9"):
        call(command, "run", "--dask", "tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--city", "Huế=postgresql://h/n"), "--city needs --dask"),
        (("--dask", "127.0.0.1:9", "--city", "A=postgresql://h/n", "--city", "A=postgresql://h/m"), "A is named twice"),
        (("--dask", "127.0.0.1:9", "--city", "A"), "NAME=DATABASE_URL"),
        (("--dask", "nowhere"), "tcp://host:port"),
        (("--dask", "127.0.0.1:9", "--out", "x.gpkg"), "--out does not go with --dask"),
        (("--dask", "127.0.0.1:9", "--rules", "none"), "there is no rule pack 'none'"),
    ],
)
def test_what_cannot_be_asked_of_workers_is_refused(call, options, words):
    with pytest.raises(InvalidParameter, match=words):
        call(command, "run", *options)
