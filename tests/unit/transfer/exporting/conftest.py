"""The layers of this checkout, without a database."""

import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT


@pytest.fixture(scope="session")
def layers():
    return read_catalogue(ROOT / "layers").layers
