"""`gis-infra inspect`, run as a person would."""

import json
from pathlib import Path

import geopandas
import pytest
from click.testing import CliRunner
from shapely import LineString, Point

from gis_infra.cli.inspect_file import command
from gis_infra.errors import GisInfraError, InvalidSource
from tests.sources import TM3_ESRI, write_shapefile

LINE = LineString([(603000, 1191000, 1.5), (603010, 1191005, 1.4)])
ROWS = {
    "MA_ONG": ["WP-1", "WP-2"],
    "DUONG_KINH": [100, 150],
    "GHI_CHU": ["đã sửa chữa", "đường Nguyễn Huệ"],
    "CAP_MAY": ["x", "y"],
}


@pytest.fixture
def inspect(monkeypatch):
    """Run `gis-infra inspect …`; what the program refuses is raised."""
    monkeypatch.delenv("GIS_INFRA_LAYERS", raising=False)

    def inspect(*arguments):
        result = CliRunner().invoke(command, [str(each) for each in arguments])
        if isinstance(result.exception, GisInfraError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return inspect


@pytest.fixture
def pipes(tmp_path):
    """A surveyor's file: VNI text that says it is 1252, a datum that is a lie, heights."""
    prj = TM3_ESRI.format(name="HCM_VN2000", datum="WGS_1984", meridian=105.75, scale=0.9999)
    return write_shapefile(tmp_path / "ong_cap_nuoc.shp", ROWS, [LINE, LINE], encoding="VNI", cpg="1252", prj=prj)


def test_what_is_in_a_file_is_said_with_the_reasons(inspect, pipes):
    output = inspect(pipes)
    for words in (
        "ong_cap_nuoc.shp: layer ong_cap_nuoc, ESRI Shapefile",
        "features  2 of LineString, with heights",
        "CRS       EPSG:9210 (not sure): the file (HCM_VN2000) names the datum 'World Geodetic System 1984'",
        "lands     in the city (longitude 106.6936",
        "text      VNI: read so, 100% of the words are Vietnamese syllables",
        "the .cpg (1252) says CP1252, which is not so",
        "reads 'đã sửa chữa'",
        "asset_code, by alias",
        "nominal_diameter_mm, by alias",
        "could be  water_pipe (Water pipe): 3 of 4 columns map",
    ):
        assert words in output


def test_json_says_the_same(inspect, pipes):
    (found,) = json.loads(inspect(pipes, "--json"))
    assert (found["features"], found["geometry"], found["has_z"]) == (2, "LineString", True)
    assert (found["crs"]["srid"], found["crs"]["certain"], found["crs"]["distance_km"]) == (9210, False, 0)
    assert (found["text"]["encoding"], found["text"]["certain"]) == ("VNI", True)
    assert found["text"]["samples"][0]["after"] == "đã sửa chữa"
    assert [field["name"] for field in found["fields"]] == list(ROWS)
    assert found["fields"][1]["samples"] == ["100", "150"]
    assert found["suggestions"][0] == {
        "layer": "water_pipe",
        "mapping": {"MA_ONG": "asset_code", "DUONG_KINH": "nominal_diameter_mm", "GHI_CHU": "remarks"},
        "kept": ["CAP_MAY"],
    }


def test_what_is_not_sure_is_said_so(inspect, tmp_path):
    path = write_shapefile(tmp_path / "x.shp", {"A": ["Müller"]}, [Point(650000, 1191000)], encoding="latin-1")
    output = inspect(path)
    assert "CRS       EPSG:9210 (not sure): the file does not say its coordinate system; EPSG:9210 (VN-2000" in output
    assert "or EPSG:32648 (WGS 84 / UTM zone 48N): in the city" in output
    assert "(not sure): no encoding leads clearly" in output


def test_an_empty_file_is_described(inspect, tmp_path):
    path = write_shapefile(tmp_path / "x.shp", {"A": []}, [], geometry_type="Point", prj=9210)
    assert "features  0 of Point" in inspect(path)


def test_every_layer_of_a_geopackage_is_described(inspect, tmp_path):
    for name in ("one", "two"):
        frame = geopandas.GeoDataFrame({"TEN": ["Trạm 1"]}, geometry=[Point(106.7, 10.77)], crs=4326)
        frame.to_file(tmp_path / "two.gpkg", layer=name)
    output = inspect(tmp_path / "two.gpkg")
    assert "two.gpkg: layer one, GPKG" in output
    assert "two.gpkg: layer two, GPKG" in output
    assert "text      Unicode, as the format has it" in output


@pytest.mark.parametrize("name", ["missing.shp", "notes.txt", "broken.shp"])
def test_what_cannot_be_read_is_refused_by_name(inspect, tmp_path, name):
    for existing in ("notes.txt", "broken.shp"):
        Path(tmp_path / existing).write_text("no data")
    with pytest.raises(InvalidSource, match=name):
        inspect(tmp_path / name)
