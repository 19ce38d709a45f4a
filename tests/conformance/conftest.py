"""The application over the small city, once for each file of tests."""

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.conformance import city


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
