"""`gis-infra profiles`, run as a person would."""

import pytest
from click.testing import CliRunner

from gis_infra.cli.profiles import command
from gis_infra.transfer.mapping.profile_writing import write_profile
from gis_infra.transfer.mapping.profiles import Profile, ProfileEntry

ENTRY = ProfileEntry(
    "ong_*",
    "water_pipe",
    crs="EPSG:9210",
    swap_xy=True,
    encoding="TCVN3",
    mapping={"DK": "nominal_diameter_mm", "STT": "", "VL": "material"},
    units={"DK": "cm"},
    codes={"VL": {"1": "steel", "?": ""}},
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_INFRA_PROFILES", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_without_profiles_the_list_says_how_to_make_one(run):
    result = run("list")
    assert result.exit_code == 0 and "--save-profile NAME makes one" in result.output


def test_the_list_names_profiles_and_their_faults(run, tmp_path):
    write_profile(tmp_path, Profile("cho_lon", "Chợ Lớn", "cap_nuoc", "Sawaco", (ENTRY,)))
    (tmp_path / "broken.yaml").write_text("files: 1\n", encoding="utf-8")
    lines = [line.split() for line in run("list").output.splitlines()]
    assert lines[1:] == [["broken", "0", "1"], ["cho_lon", "cap_nuoc", "Sawaco", "1", "Chợ", "Lớn"]]


def test_show_tells_how_each_kind_of_file_is_read(run, tmp_path):
    write_profile(tmp_path, Profile("cho_lon", "Chợ Lớn", "cap_nuoc", "Sawaco", (ENTRY,)))
    result = run("show", "cho_lon")
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[0] == "cho_lon Chợ Lớn department cap_nuoc, owner Sawaco"
    assert "ong_* -> water_pipe, EPSG:9210, northing first, TCVN3" in lines
    assert "DK nominal_diameter_mm cm" in lines and "STT kept" in lines
    assert "VL material 1 = steel, ? = none" in lines


def test_show_ends_in_2_with_every_fault_of_the_file(run, tmp_path):
    (tmp_path / "broken.yaml").write_text("files:\n  - source: x\n    layer: gas_pipe\n", encoding="utf-8")
    result = run("show", "broken")
    assert result.exit_code == 2
    assert f"{tmp_path.name}/broken.yaml:3: there is no layer 'gas_pipe'" in result.stderr
