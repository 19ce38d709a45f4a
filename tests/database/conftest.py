"""Fixtures for tests against the database: it is shared, so each file begins with what it expects."""

import pytest
from sqlalchemy import delete, text

from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.catalogue.history import build
from gis_infra.features.tables import CREATION
from tests.imports import Importer

FILLED = text("SELECT DISTINCT layer FROM gis.layer_tally WHERE features > 0")


@pytest.fixture(scope="module", autouse=True)
def _begin_empty(engine, tables):
    """Layers, their history and the register are empty when a file of tests begins, whatever another left in them."""
    with engine.begin() as connection:
        for layer_id in connection.execute(FILLED).scalars().all():
            connection.execute(delete(tables.get(layer_id)))
        for table in list(tables.metadata.sorted_tables):
            connection.execute(delete(build(table)))
        for table in (CREATION, CONFLICT, CONFLICT_RUN):
            connection.execute(delete(table))


@pytest.fixture
def importer(engine, settings, catalogue, tables):
    """Who imports; the layers it loads are empty before and afterwards."""
    importer = Importer(engine, settings, catalogue, tables)
    importer.empty()  # others share the database, and history remembers what they took away
    yield importer
    importer.empty()
