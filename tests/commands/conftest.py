"""Running `gis-infra import` as a person would."""

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from gis_infra.accounts.tables import PERSON
from gis_infra.cli import import_file
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing
from gis_infra.transfer.tables import IMPORT_BATCH

LOADED = ("water_pipe", "water_valve", "fire_hydrant")


@pytest.fixture
def run_import(settings, engine, tables, monkeypatch, tmp_path):
    """Run `gis-infra import …` on the tests' database; what the program refuses is raised. All is gone afterwards."""
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))
    monkeypatch.setenv("GIS_INFRA_PROFILES", str(tmp_path / "profiles"))

    def run(*arguments, **more):
        result = CliRunner().invoke(import_file.command, [str(each) for each in arguments], **more)
        if isinstance(result.exception, GisInfraError):
            raise result.exception
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield run
    with writing(engine) as connection:
        for layer_id in LOADED:
            connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(IMPORT_BATCH))
        connection.execute(delete(PERSON).where(PERSON.c.username == "lan"))
