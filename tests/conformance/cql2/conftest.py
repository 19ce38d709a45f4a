"""The application with the features the filters are tried on."""

import os

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.conformance.cql2 import city
from tests.conformance.cql2.door import Door


@pytest.fixture(scope="module")
def door(settings, engine, tables):
    """The application with features in it."""
    with writing(engine) as connection:
        city.clear(connection, tables)
        features = city.fill(connection, tables, int(os.environ.get("GIS_INFRA_CONFORMANCE_SEED", "0")))
    yield Door(create_app(settings, engine).test_client(), features)
    with writing(engine) as connection:
        city.clear(connection, tables)
