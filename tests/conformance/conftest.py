"""The application over the small city, once for each file of tests."""

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.conformance import city
from tests.conformance.pipes import ITEMS, make_pipe


@pytest.fixture(scope="module")
def conformance_app(settings, engine, tables, catalogue):
    """The application over the city of `tests.conformance.city`."""
    with writing(engine) as connection:
        city.clear(connection, tables)
        city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture(scope="module")
def anyone(conformance_app):
    """A caller who is not signed in."""
    return city.Caller(conformance_app)


@pytest.fixture(scope="module")
def editor(conformance_app):
    """A caller who may edit what is in the sector water."""
    return city.Caller(conformance_app, city.LAN)


@pytest.fixture(scope="module")
def api(anyone):
    """The API definition for everybody."""
    return anyone.get("/api")


@pytest.fixture
def made(editor, engine, tables):
    """The address of a pipe made for a test, as its answer told it; what the test leaves is taken away."""
    answer = editor.send("POST", ITEMS, make_pipe(asset_code="made", nominal_diameter_mm=100))
    assert answer.status_code == 201, answer.text
    yield answer.headers["Location"]
    with writing(engine) as connection:
        table = tables.get("water_pipe")
        connection.execute(table.delete().where(table.c.asset_code.not_in([f"W{n}" for n in range(5)])))
