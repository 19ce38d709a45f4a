"""`gis-infra layers`, run as a person would."""

import shutil

import pytest
from click.testing import CliRunner

from gis_infra.cli.layers import command
from gis_infra.errors import GisInfraError
from gis_infra.settings import ROOT


@pytest.fixture
def folder(tmp_path):
    """A copy of the city's layer files."""
    return shutil.copytree(ROOT / "layers", tmp_path / "layers")


@pytest.fixture
def run(folder, monkeypatch):
    """Run `gis-infra layers …` on that copy; raises what the program refuses."""
    monkeypatch.setenv("GIS_INFRA_LAYERS", str(folder))

    def run(*arguments):
        result = CliRunner().invoke(command, arguments)
        if isinstance(result.exception, GisInfraError):
            raise result.exception
        return result

    return run


def spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_list_has_a_line_for_each_of_the_43_layers(run):
    lines = run("list").output.splitlines()
    assert len(lines) == 1 + 45
    assert any(" ".join(line.split()) == "water_pipe Water pipe Water supply LineString shared 8" for line in lines)


def test_list_speaks_vietnamese_when_asked(run):
    output = run("list", "--language", "vi").output
    assert "Ống cấp nước" in output and "Cấp nước" in output and "Water" not in output


def test_show_tells_what_a_layer_is_and_its_attributes(run):
    output = run("show", "water_pipe").output
    assert output.startswith("water_pipe  Water pipe\nsector water, LineString, shared, labelled by asset_code\n")
    assert "outer size from outer_diameter_mm, or else nominal_diameter_mm" in output
    assert "integer, mm, 15 … 4 000" in output and "DUONG_KINH" in output and "ductile_iron  Ductile iron" in output
    assert "survey_method" not in output


def test_show_all_has_the_universal_attributes_too(run):
    output = run("show", "tree", "--all", "--language", "vi").output
    assert "survey_method" in output and "Toàn đạc điện tử" in output


def test_an_unknown_layer_is_refused(run):
    with pytest.raises(GisInfraError, match="there is no layer 'gas_pipe'"):
        run("show", "gas_pipe")


def test_check_is_content_with_the_citys_layers(run):
    checked = run("check")
    assert (checked.exit_code, checked.output) == (0, "45 layers in 6 sectors, no problem\n")


def test_check_prints_every_problem_by_file_and_line(run, folder):
    spoil(folder / "water" / "water_pipe.yaml", "access: shared", "access: secret")
    spoil(folder / "power" / "substation.yaml", "label: name", "label: nam")
    (folder / "shared" / "tree_row.yaml").write_text("id: [\n", encoding="utf-8")
    checked = run("check", str(folder))
    assert checked.exit_code == 2 and checked.stderr == "3 problems\n"
    power, shared, water = checked.stdout.splitlines()
    assert power == "layers/power/substation.yaml:6: label names 'nam', which is not a field of the layer"
    assert shared.startswith("layers/shared/tree_row.yaml:2: is not YAML: ")
    assert water == "layers/water/water_pipe.yaml:5: access must be one of public, shared, restricted, got 'secret'"


def test_check_finds_a_rule_that_names_no_layer(run, folder):
    spoil(folder / "rules" / "classes.yaml", "water_pipe", "water_pip")
    checked = run("check")
    assert checked.exit_code == 2 and checked.stdout.startswith("layers/rules/classes.yaml:")
    assert "water_pip" in checked.stdout


def test_check_of_a_folder_that_is_not_there_is_refused(run, tmp_path):
    with pytest.raises(GisInfraError, match="there is no folder"):
        run("check", str(tmp_path / "nowhere"))


@pytest.fixture
def with_database(settings, engine, monkeypatch):
    """The tests' database as the city's."""
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))


@pytest.mark.usefixtures("with_database")
def test_no_migration_is_written_when_files_and_database_agree(run, tmp_path):
    written = run("migration", "--output", str(tmp_path))
    assert (written.exit_code, written.output) == (0, "the database is as the layer files say\n")
    assert list(tmp_path.glob("*.py")) == []


@pytest.mark.parametrize("title", ["", '"""', "a\\b", "two\nlines"])
def test_a_title_that_would_break_the_file_is_refused(run, title, tmp_path):
    with pytest.raises(GisInfraError, match="the title must be words"):
        run("migration", title, "--output", str(tmp_path))


@pytest.mark.usefixtures("with_database")
def test_a_migration_is_written_for_an_added_layer(run, folder, tmp_path):
    text = (folder / "environment" / "tree.yaml").read_text(encoding="utf-8")
    (folder / "environment" / "hedge.yaml").write_text(text.replace("id: tree", "id: hedge"), encoding="utf-8")
    written = run("migration", "Hedges", "--output", str(tmp_path))
    (path,) = tmp_path.glob("*_hedges.py")
    assert written.output == f"{path}\n"
    source = path.read_text(encoding="utf-8")
    assert source.startswith('"""Hedges.\n') and '"hedge",\n' in source and "water_pipe" not in source
    compile(source, str(path), "exec")


@pytest.mark.usefixtures("with_database")
def test_a_layer_that_is_gone_from_the_files_is_left_to_a_person(run, folder, tmp_path):
    (folder / "environment" / "tree.yaml").unlink()
    written = run("migration", "--output", str(tmp_path))
    assert "left to you: table tree is only in the database\n" in written.output
    assert written.output.endswith("nothing to write\n") and list(tmp_path.glob("*.py")) == []
