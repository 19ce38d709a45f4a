"""Fixtures for tests that import."""

import pytest

from tests.imports import Importer


@pytest.fixture
def importer(engine, settings, catalogue, tables):
    """Who imports; the layers it loads are empty again afterwards."""
    importer = Importer(engine, settings, catalogue, tables)
    yield importer
    importer.empty()
