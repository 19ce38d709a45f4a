"""`gis-infra inspect`, run as a person would."""

import json
import shlex
from pathlib import Path

import geopandas
import pytest
from click.testing import CliRunner
from shapely import LineString, Point

from gis_infra.cli import inspect_file
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
def inspect(catalogue, monkeypatch):
    """Run `gis-infra inspect …`; what the program refuses is raised."""
    monkeypatch.setattr(inspect_file, "read_catalogue", lambda _: catalogue)  # which takes a second to read

    def inspect(*arguments):
        result = CliRunner().invoke(inspect_file.command, [str(each) for each in arguments])
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
        "features    2 × LineString, with heights",
        "coordinates EPSG:9210 (not sure): the file (HCM_VN2000) names the datum 'World Geodetic System 1984'",
        "lands       in the city (longitude 106.6936",
        "text        VNI: ",
        "reads 'đã sửa chữa'",
        "could be    water_pipe (Water pipe): the file is named like it; 3 of 4 columns map",
        "asset_code, by alias",
        "nominal_diameter_mm, by alias",
        f"to import   gis-infra import {pipes} --layer water_pipe --crs EPSG:9210 --owner OWNER",
        "OWNER is whose assets these are",
    ):
        assert words in output, words


def test_json_says_the_same(inspect, pipes):
    (found,) = json.loads(inspect(pipes, "--json"))
    assert (found["features"], found["geometry"], found["has_z"]) == (2, "LineString", True)
    assert (found["crs"]["srid"], found["crs"]["certain"], found["crs"]["distance_km"]) == (9210, False, 0)
    assert (found["text"]["encoding"], found["text"]["certain"]) == ("VNI", True)
    assert found["text"]["samples"][0]["after"] == "đã sửa chữa"
    assert [field["name"] for field in found["fields"]] == list(ROWS)
    assert found["fields"][1]["samples"] == ["100", "150"]
    assert found["fields"][1]["filled"] == 1
    best = found["suggestions"][0]
    assert best["layer"] == "water_pipe"
    assert best["mapping"] == {"MA_ONG": "asset_code", "DUONG_KINH": "nominal_diameter_mm", "GHI_CHU": "remarks"}
    assert best["kept"] == ["CAP_MAY"]
    assert best["columns"][3] == {"column": "CAP_MAY", "field": None, "reason": "kept as it is", "unit": None}
    assert found["command"][:3] == ["gis-infra", "import", str(pipes)]


def test_the_command_at_the_end_needs_only_what_stands_in_capitals(inspect, run_import, pipes):
    (line,) = (line for line in inspect(pipes).splitlines() if "to import" in line)
    words = shlex.split(line.partition("gis-infra import ")[2].replace("OWNER", "SAWACO"))
    result = run_import(*words, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "2 of 2 rows would go into water_pipe" in result.output


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ({}, "--layer fire_hydrant --owner OWNER"),
        ({"columns": {"CHU_SH": ["SAWACO"]}}, "--layer fire_hydrant"),
        ({"prj": None}, "--layer fire_hydrant --crs EPSG:9210 --owner OWNER"),
        ({"at": (1191000, 603000)}, "--layer fire_hydrant --crs EPSG:9210 --swap-xy --owner OWNER"),
        ({"at": (603000, 1891000)}, "--layer fire_hydrant --accept-outside --owner OWNER"),
        ({"name": "x", "columns": {"A": ["Müller"]}}, "--layer LAYER --encoding ENCODING --owner OWNER"),
    ],
)
def test_the_command_says_what_has_to_be_said_and_no_more(inspect, tmp_path, file, options):
    path = tmp_path / f"{file.get('name', 'fire_hydrant')}.shp"
    columns = file.get("columns", {"MA": ["a"]})
    write_shapefile(
        path, columns, [Point(file.get("at", (603000, 1191000)))], encoding="latin-1", prj=file.get("prj", 9210)
    )
    assert f"to import   gis-infra import {path} {options}\n" in inspect(path)


def test_what_is_not_sure_is_said_so(inspect, tmp_path):
    path = write_shapefile(tmp_path / "x.shp", {"A": ["Müller"]}, [Point(650000, 1191000)], encoding="latin-1")
    output = inspect(path)
    assert "coordinates EPSG:9210 (not sure): the file does not say its coordinate system; EPSG:9210 (VN-2000" in output
    assert "or EPSG:32648 (WGS 84 / UTM zone 48N): in the city" in output
    assert ": --crs EPSG:32648" in output
    (found,) = json.loads(inspect(path, "--json"))
    choice = next(each for each in found["crs"]["choices"] if each["srid"] == 32648)
    assert (choice["swap_xy"], choice["options"]) == (False, "--crs EPSG:32648")
    assert choice["lands"].startswith("in the city (")
    assert "(not sure): no encoding leads clearly" in output


def test_an_empty_file_is_described(inspect, tmp_path):
    path = write_shapefile(tmp_path / "x.shp", {"A": []}, [], geometry_type="Point", prj=9210)
    output = inspect(path)
    assert "features    0 × Point" in output
    assert "always empty" in output


def test_every_layer_of_a_geopackage_is_described(inspect, tmp_path):
    for name in ("one", "two"):
        frame = geopandas.GeoDataFrame({"TEN": ["Trạm 1"]}, geometry=[Point(106.7, 10.77)], crs=4326)
        frame.to_file(tmp_path / "two.gpkg", layer=name)
    output = inspect(tmp_path / "two.gpkg")
    assert "two.gpkg: layer one, GPKG" in output
    assert "two.gpkg: layer two, GPKG" in output
    assert "text        Unicode, as the format has it" in output
    assert "--source-layer two --layer" in output
    assert output.endswith("and next time gis-infra import --profile NAME takes all layers at once\n")


def test_a_layer_that_cannot_be_read_does_not_hide_the_others(inspect, pipes):
    (pipes.parent / "spoilt.shp").write_text("no data")
    output = inspect(pipes.parent)
    assert "unreadable  " in output and "spoilt.shp" in output
    assert "could be    water_pipe" in output
    found = json.loads(inspect(pipes.parent, "--json"))
    assert [set(each) & {"error", "command"} for each in found] == [{"command"}, {"error"}]


def test_a_shapefile_without_attributes_is_described_with_the_option_it_needs(inspect, pipes):
    pipes.with_suffix(".dbf").unlink()
    output = inspect(pipes)
    assert "features    2 × LineString" in output
    assert "--bare-geometry" in output


def test_the_values_shown_are_the_most_frequent(inspect, tmp_path):
    values = [*range(20), 7, 7, 7, 11, 11]
    path = write_shapefile(tmp_path / "x.shp", {"A": values}, [Point(603000, 1191000)] * len(values), prj=9210)
    assert "whole number  7 | 11 | 0" in inspect(path)


def test_text_that_needs_no_reading_is_not_shown_twice(inspect, tmp_path):
    path = write_shapefile(
        tmp_path / "x.shp", {"A": ["đường"] * 3}, [Point(603000, 1191000)] * 3, encoding="VNI", prj=9210
    )
    assert inspect(path).count("reads 'đường'") <= 1


def test_nothing_in_a_file_writes_to_the_terminal(inspect, tmp_path):
    frame = geopandas.GeoDataFrame({"A\x1b[31m": ["\x1b]0;pwned\x07"]}, geometry=[Point(106.7, 10.77)], crs=4326)
    frame.to_file(tmp_path / "x.geojson")
    output = inspect(tmp_path / "x.geojson")
    assert "\x1b" not in output and "\x07" not in output


@pytest.mark.parametrize("name", ["missing.shp", "notes.txt", "broken.shp"])
def test_what_cannot_be_read_is_refused_by_name(inspect, tmp_path, name):
    for existing in ("notes.txt", "broken.shp"):
        Path(tmp_path / existing).write_text("no data")
    with pytest.raises(InvalidSource, match=name):
        inspect(tmp_path / name)


def test_numbers_that_are_odd_in_their_unit_are_said_with_what_to_add(inspect, tmp_path):
    columns = {"DUONG_KINH": [0.1, 0.3, 0.6], "MA_ONG": ["A", "B", "C"], "NAM_LD": ["2019", "2020", "Quý I/2020"]}
    path = write_shapefile(tmp_path / "ong_cap_nuoc.shp", columns, [LINE] * 3, prj=9210)
    output = inspect(path)
    assert "odd         DUONG_KINH: 0.1 to 0.6 mm are odd for nominal_diameter_mm; in m they would be" in output
    assert "say --unit DUONG_KINH=m or --unit DUONG_KINH=mm" in output
    assert "note        NAM_LD: dates without a day, such as 2019, are taken as the first day of the month" in output
    (best, *_) = json.loads(inspect(path, "--json"))[0]["suggestions"]
    assert len(best["warnings"]) == len(best["notes"]) == 1
