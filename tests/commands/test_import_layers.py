"""`gis-infra import` of folders and archives: one layer, several, and all of them by a profile."""

import json
import zipfile

import pytest
from shapely import LineString, Point
from sqlalchemy import func, select

from gis_infra.errors import InvalidParameter
from gis_infra.storage.transactions import reading
from tests.sources import write_shapefile

LINE = LineString([(603000, 1191000), (603010, 1191005)])
POINT = Point(603000, 1191000)
PROFILE = """
owner: SAWACO
files:
  - source: ong_*
    layer: water_pipe
    crs: EPSG:9210
    map: {D2: nominal_diameter_mm}
  - source: van
    layer: water_valve
    crs: EPSG:9210
"""


@pytest.fixture
def survey(tmp_path):
    """A folder as it is handed in: two pipes without a .prj, a valve, and something the profile does not know."""
    folder = tmp_path / "survey"
    folder.mkdir()
    write_shapefile(folder / "ong_2024.shp", {"MA_ONG": ["1", "2"], "D2": [100, 5]}, [LINE] * 2)
    write_shapefile(folder / "van.shp", {"MA_VAN": ["V1"]}, [POINT])
    write_shapefile(folder / "cay.shp", {"MA": ["C1"]}, [POINT], prj=9210)
    return folder


@pytest.fixture
def profile(tmp_path):
    """The profile "cho_lon", which knows pipes and valves."""
    path = tmp_path / "profiles" / "cho_lon.yaml"
    path.parent.mkdir()
    path.write_text(PROFILE, encoding="utf-8")
    return path


def count(engine, tables, layer_id, **values):
    table = tables.get(layer_id)
    query = select(func.count()).select_from(table).filter_by(**values)
    with reading(engine) as connection:
        return connection.execute(query).scalar_one()


def test_an_archive_of_one_layer_needs_no_name_of_it(run_import, survey, engine, tables):
    with zipfile.ZipFile(survey / "van.zip", "w") as archive:
        for part in survey.glob("van.*"):
            if part.suffix != ".zip":
                archive.write(part, f"Dữ liệu/{part.name}")
    result = run_import(survey / "van.zip", "--layer", "water_valve", "--crs", "EPSG:9210")
    assert result.exit_code == 0
    assert count(engine, tables, "water_valve") == 1


def test_several_layers_are_listed_with_what_each_looks_like(run_import, survey, engine, tables):
    with pytest.raises(InvalidParameter) as refused:
        run_import(survey, "--layer", "water_pipe")
    assert refused.value.where == "--source-layer"
    words = "survey holds 3 layers, name one with --source-layer, or all by --profile: "
    assert refused.value.message.startswith(words)
    assert "cay, " in refused.value.message or "cay (looks like " in refused.value.message
    assert "ong_2024 (looks like water_pipe)" in refused.value.message
    assert count(engine, tables, "water_pipe") == 0


def test_one_of_several_is_imported_by_its_name(run_import, survey, engine, tables, tmp_path):
    said = ("--layer", "water_pipe", "--crs", "EPSG:9210", "--map", "D2=nominal_diameter_mm")
    result = run_import(survey, "--source-layer", "ong_2024", *said)
    assert result.exit_code == 1
    assert (tmp_path / "survey.ong_2024.rejected.gpkg").exists()
    assert count(engine, tables, "water_pipe") == 1


def test_a_profile_imports_every_layer_it_knows_and_names_the_others(run_import, survey, profile, engine, tables):
    result = run_import(survey, "--profile", "cho_lon")
    assert result.exit_code == 1  # one of the pipes is rejected
    assert "1 of 2 rows went into water_pipe, 1 rejected" in result.stdout
    assert "1 of 1 row went into water_valve, 0 rejected" in result.stdout
    table = result.stdout[result.stdout.index("layer of the source") :].splitlines()
    assert table[1].split() == ["ong_2024", "water_pipe", "2", "1", "1", "0"]
    assert table[2].split() == ["van", "water_valve", "1", "1", "0", "0"]
    assert table[3] == "not in the profile cho_lon, and left out: cay"
    assert count(engine, tables, "water_pipe", owner="SAWACO", nominal_diameter_mm=100) == 1
    assert count(engine, tables, "water_valve", owner="SAWACO") == 1


def test_json_of_several_is_a_list_with_what_was_left_out(run_import, survey, profile, tmp_path):
    report = tmp_path / "report.json"
    told = json.loads(run_import(survey, "--profile", "cho_lon", "--json", "--report", report).stdout)
    assert [each.get("layer") for each in told] == ["water_pipe", "water_valve", None]
    assert told[2] == {"source_layer": "cay", "error": "the profile does not know it"}
    assert json.loads(report.read_text(encoding="utf-8")) == told


def test_a_layer_that_fails_does_not_hold_up_the_others(run_import, survey, profile, engine, tables):
    (survey / "ong_2024.dbf").write_bytes(b"")
    result = run_import(survey, "--profile", "cho_lon")
    assert result.exit_code == 2
    assert "ong_2024 was not imported: " in result.stdout
    assert result.stderr.startswith("gis-infra: ong_2024: ") and result.stderr.count("\n") == 1
    assert count(engine, tables, "water_valve") == 1


def test_what_is_said_goes_before_what_the_profile_says(run_import, survey, profile, engine, tables):
    said = ("--source-layer", "ong_2024", "--owner", "Khác", "--unit", "D2=cm")
    result = run_import(survey, "--profile", "cho_lon", *said)
    assert result.exit_code == 0, result.output
    assert count(engine, tables, "water_pipe", owner="Khác", nominal_diameter_mm=50) == 1


def test_a_profile_that_knows_nothing_of_the_file_is_refused(run_import, survey, profile):
    with pytest.raises(
        InvalidParameter, match=r"profile cho_lon knows none of cay; it knows ong_\*, van; name the layer"
    ):
        run_import(survey, "--profile", "cho_lon", "--source-layer", "cay")


def test_a_layer_named_goes_where_it_is_said_even_if_the_profile_does_not_know_it(run_import, survey, profile):
    said = ("--source-layer", "cay", "--layer", "fire_hydrant")
    assert run_import(survey, "--profile", "cho_lon", *said).exit_code == 0


def test_how_a_file_was_read_is_kept_and_used_again(run_import, survey, tmp_path, engine, tables):
    pipes = survey / "ong_2024.shp"
    said = ("--layer", "water_pipe", "--crs", "EPSG:9210", "--map", "D2=nominal_diameter_mm", "--owner", "SAWACO")
    first = run_import(pipes, *said, "--save-profile", "cho_lon")
    assert f"kept in the profile cho_lon: {tmp_path / 'profiles' / 'cho_lon.yaml'}" in first.stderr
    pipes.rename(survey / "ong_2025.shp")
    for suffix in (".dbf", ".shx"):
        pipes.with_suffix(suffix).rename(survey / f"ong_2025{suffix}")
    again = run_import(survey / "ong_2025.shp", "--profile", "cho_lon")
    assert "1 unchanged" in again.stdout
    assert count(engine, tables, "water_pipe", owner="SAWACO") == 1


def test_a_dry_run_keeps_no_profile(run_import, survey, tmp_path):
    said = ("--layer", "water_valve", "--crs", "EPSG:9210", "--save-profile", "cho_lon", "--dry-run")
    assert run_import(survey / "van.shp", *said).exit_code == 0
    assert not (tmp_path / "profiles").exists()


def test_a_name_no_profile_can_have_is_refused_first(run_import, survey, engine, tables):
    with pytest.raises(InvalidParameter, match="profile"):
        run_import(survey / "van.shp", "--layer", "water_valve", "--crs", "EPSG:9210", "--save-profile", "../x")
    assert count(engine, tables, "water_valve") == 0
