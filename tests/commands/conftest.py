"""Running a command of `gis-infra` as a person would."""

from functools import partial

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from gis_infra.accounts.tables import PERSON
from gis_infra.cli import import_file
from gis_infra.storage.transactions import writing
from gis_infra.transfer.tables import IMPORT_BATCH

LOADED = ("water_pipe", "water_valve", "fire_hydrant")


@pytest.fixture
def call(settings, monkeypatch):
    """Run a command on the tests' database; what the program refuses is raised."""
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")

    def call(command, *arguments, **more):
        result = CliRunner().invoke(command, [str(each) for each in arguments], **more)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def known_layers(catalogue, tables, monkeypatch):
    """Let commands take the layers of the session; reading them again for every one would take most of the time."""
    monkeypatch.setattr("gis_infra.cli.contexts.read_catalogue", lambda folder: catalogue)
    monkeypatch.setattr("gis_infra.cli.contexts.build_tables", lambda catalogue, srid: tables)


@pytest.fixture
def run_import(call, engine, tables, monkeypatch, tmp_path):
    """Run `gis-infra import …` on the tests' database; what the program refuses is raised. All is gone afterwards."""
    monkeypatch.setenv("GIS_INFRA_PROFILES", str(tmp_path / "profiles"))
    yield partial(call, import_file.command)
    with writing(engine) as connection:
        for layer_id in LOADED:
            connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(IMPORT_BATCH))
        connection.execute(delete(PERSON).where(PERSON.c.username == "lan"))
