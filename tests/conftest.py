"""Fixtures every test may use: settings, and a database made by the real migrations.

Each run has a database of its own, so that several runs can go on at once on one cluster. It is the private cluster of
this checkout, or the server GIS_INFRA_TEST_DATABASE_URL names (its account must be allowed to create databases).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine

from gis_infra.catalogue import reading
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables, build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine, parse_url
from tests.homes import make_home


@pytest.fixture(scope="session")
def server() -> URL:
    """The address of the PostgreSQL server tests may make databases on."""
    given = os.environ.get("GIS_INFRA_TEST_DATABASE_URL", "")
    return parse_url(given) if given else PrivateCluster(read_settings().home).ensure_running()


@pytest.fixture(scope="session")
def database(server: URL) -> Iterator[URL]:
    """A fresh, empty database of this run, dropped at the end."""
    name = f"gis_infra_test_{os.getpid()}"
    yield databases.create(server, name)
    databases.drop(server, name)


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
    schema.upgrade(engine, settings.city_srid)
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
