"""The application with people who import, for the tests of jobs and of imports."""

import pytest

from gis_infra.processes.jobs.tables import JOB
from gis_infra.processes.uploads import store
from gis_infra.storage.transactions import writing
from gis_infra.transfer.tables import IMPORT_BATCH
from gis_infra.web.app import create_app
from tests.web import import_city


@pytest.fixture(scope="module")
def importing_app(settings, engine, tables, catalogue):
    """The application with people in it."""
    with writing(engine) as connection:
        import_city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        import_city.clear(connection, tables)


@pytest.fixture
def client(importing_app, settings, engine, tables):
    """A caller; layers, jobs, imports and uploads of a test are gone after it."""
    yield importing_app.test_client()
    with writing(engine) as connection:
        for table in (JOB, IMPORT_BATCH, *(tables.get(each) for each in import_city.LAYERS)):
            connection.execute(table.delete())
    for each in store.read_all(settings):
        store.remove(settings, each.id)
