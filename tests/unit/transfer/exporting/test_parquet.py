"""GeoParquet 1.1, as pyarrow and GeoPandas read it."""

import json

import geopandas
import pyarrow.parquet
import pytest
from shapely.geometry import LineString, Point

from gis_infra.transfer.exporting import parquet
from tests.exports import make_content


@pytest.fixture
def write(layers, tmp_path):
    """A function that writes hydrants and gives the path."""

    def write(rows, **more):
        path = tmp_path / "file.parquet"
        parquet.write_parquet(path, make_content(layers[more.pop("layer", "fire_hydrant")], rows, **more))
        return path

    return write


def read_metadata(path):
    return json.loads(pyarrow.parquet.read_metadata(path).metadata[b"geo"])


def test_the_file_says_what_its_geometry_is(write):
    path = write([{"geometry": Point(603000, 1191000)}, {"geometry": Point(603010, 1191005, 2)}, {}])
    metadata = read_metadata(path)
    column = metadata["columns"]["geometry"]
    assert (metadata["version"], metadata["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert column["geometry_types"] == ["Point", "Point Z"]
    assert column["bbox"] == [603000, 1191000, 603010, 1191005]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 9210}


def test_longitude_latitude_is_the_standard_s_own_default(write):
    assert "crs" not in read_metadata(write([{"geometry": Point(106, 10)}], srid=4326))["columns"]["geometry"]


def test_geopandas_reads_it_and_reads_only_a_box_of_it(write):
    path = write([{"asset_code": f"H{n}", "geometry": Point(n, n)} for n in range(5)])
    frame = geopandas.read_parquet(path)
    assert frame.crs.to_epsg() == 9210 and list(frame["asset_code"]) == ["H0", "H1", "H2", "H3", "H4"]
    assert list(geopandas.read_parquet(path, bbox=(0.5, 0.5, 2.5, 2.5))["asset_code"]) == ["H1", "H2"]


def test_an_empty_layer_is_an_empty_file_that_can_be_read(write):
    path = write([])
    assert len(geopandas.read_parquet(path)) == 0
    assert read_metadata(path)["columns"]["geometry"]["geometry_types"] == []


def test_rows_come_in_groups(write, monkeypatch):
    monkeypatch.setattr(parquet, "GROUP_ROWS", 2)
    line = LineString([(0, 0), (1, 1)])
    path = write([{"geometry": line}] * 5, layer="water_pipe")
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == 3
