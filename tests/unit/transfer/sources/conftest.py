"""What the tests of this room have in common: a file with two lines, and a look at what is read of a source."""

import pytest
from shapely import LineString, from_wkb

from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import open_source
from tests.sources import write_shapefile

LINES = [LineString([(603000, 1191000), (603010, 1191000)]), LineString([(603000, 1191005), (603010, 1191005)])]


@pytest.fixture
def pipes(tmp_path):
    """Two lines with a text and a number, in EPSG:9210."""
    return write_shapefile(
        tmp_path / "pipes.shp", {"TÊN": ["Ống 1", "Ống 2"], "DN": [100, 150]}, LINES, encoding="CP1258", prj=9210
    )


@pytest.fixture
def look():
    """The description of a source, no longer open."""

    def look(path, layer=None, **options):
        with open_source(path, layer, **options) as source:
            return source

    return look


@pytest.fixture
def read():
    """A source, its rows as dictionaries, and its shapes."""

    def read(path, layer=None, **options):
        rows, shapes = [], []
        with open_source(path, layer, **options) as source:
            for batch in read_batches(source, rows=2):
                shapes += from_wkb(batch.column(batch.num_columns - 1).to_pylist()).tolist()
                rows += batch.drop_columns(batch.schema.names[-1]).to_pylist()
        return source, rows, shapes

    return read
