"""Fixtures for tests that import."""

import pytest

from tests.imports import Importer


@pytest.fixture
def importer(engine, settings, catalogue, tables):
    """Who imports; the layers it loads are empty before and afterwards."""
    importer = Importer(engine, settings, catalogue, tables)
    importer.empty()  # others share the database, and history remembers what they took away
    yield importer
    importer.empty()
