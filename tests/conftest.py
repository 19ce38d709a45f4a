"""Fixtures every test may use: settings, and a database made by the real migrations.

Each run has a database of its own, so that several runs can go on at once on one cluster. It is the private cluster of
this checkout, or the server GIS_INFRA_TEST_DATABASE_URL names (its account must be allowed to create databases).
"""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from psycopg import sql
from sqlalchemy import URL, Connection, Engine

from gis_infra.catalogue import reading
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables, build_tables
from gis_infra.collector import collector_paused
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine, parse_url
from tests.homes import make_home

# The files that take longest begin first, so that of two processes none is left with one of them at the end.
LONG_FILES = (
    "commands/test_conflicts_killed.py", "commands/test_conflicts_dask.py", "commands/test_serve.py",
    "database/test_conflict_oracle.py", "journeys/test_import.py", "journeys/test_pages.py",
    "journeys/test_coverage.py", "commands/test_coverage.py", "database/test_watching.py",
    "journeys/test_open_in_qgis.py", "commands/test_worker.py", "database/test_schema.py", "database/test_cluster.py",
    "journeys/test_map.py", "database/test_layer_schema.py", "web/test_wfs_formats.py", "journeys/test_print.py",
    "journeys/test_board.py", "journeys/test_facts.py", "qgis/test_reading.py", "database/test_import_stopped.py",
    "journeys/test_measure.py", "database/test_runs.py", "web/test_jobs.py", "web/test_workers.py",
    "journeys/test_planted_truths.py", "qgis/test_editing.py", "web/test_tiles_made_once.py",
)  # fmt: skip

# The gate draws the same examples each time, so that what fails is what changed; `explore` draws new ones.
hypothesis.settings.register_profile("gate", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

# Modules and tests stay to the end: to go through them for garbage over and over took a fifth of the processor time.
OBJECTS_BETWEEN = 20_000


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and afterwards look for it only in what is made from then on."""
    with collector_paused():
        collected = yield
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN)
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; within a file everything stays as it is."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def server() -> URL:
    """The address of the PostgreSQL server tests may make databases on."""
    given = os.environ.get("GIS_INFRA_TEST_DATABASE_URL", "")
    return parse_url(given) if given else PrivateCluster(read_settings().home).ensure_running()


@pytest.fixture(scope="session")
def blueprint(server: URL) -> Iterator[URL]:
    """A database with the schema in it that nobody is connected to, so that others can be copied from it."""
    url = databases.create(server, f"gis_infra_blueprint_{os.getpid()}")
    engine = make_engine(url)
    schema.upgrade(engine, read_settings({}).city_srid)
    engine.dispose()
    yield url
    databases.drop(server, str(url.database))


@pytest.fixture(scope="session")
def copy_database(server: URL, blueprint: URL) -> Iterator[Callable[[str], URL]]:
    """Makes a database with the schema in it, by a name that this run adds its number to; all are dropped at the end.

    A copy takes a fraction of a second, where the migrations take some.
    """
    made: list[str] = []

    def make(name: str) -> URL:
        made.append(f"gis_infra_{name}_{os.getpid()}")
        databases.drop(server, made[-1])
        with databases.connect(server) as connection:
            names = map(sql.Identifier, (made[-1], str(blueprint.database)))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return server.set(database=made[-1])

    yield make
    for name in made:
        databases.drop(server, name)


@pytest.fixture(scope="session")
def database(copy_database: Callable[[str], URL]) -> URL:
    """The database of this run, with the schema in it and nothing else."""
    return copy_database("test")


@pytest.fixture(scope="session")
def settings(database: URL, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of this run: its own database and its own home."""
    return make_settings(database, tmp_path_factory.mktemp("home"))


def make_settings(database: URL, home: Path) -> Settings:
    """Default settings with a database and a home folder; nothing of the caller's environment."""
    address = database.render_as_string(hide_password=False)
    return read_settings({"GIS_INFRA_DATABASE_URL": address, "GIS_INFRA_HOME": str(home)})


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The database with the schema in it. What a test commits here it must take away itself."""
    engine = make_engine(parse_url(settings.database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder for a private cluster of the test's own."""
    with make_home() as home:
        yield home


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is undone after the test."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture(scope="session")
def catalogue(settings: Settings) -> Catalogue:
    """The layers of this checkout."""
    return reading.read_catalogue(settings.layers)


@pytest.fixture(scope="session")
def tables(catalogue: Catalogue, settings: Settings) -> LayerTables:
    """The tables of those layers, as SQLAlchemy knows them."""
    return build_tables(catalogue, settings.city_srid)
