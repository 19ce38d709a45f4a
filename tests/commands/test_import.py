"""`gis-infra import`, run as a person would."""

import json

import pytest
from click.testing import CliRunner
from shapely import LineString
from sqlalchemy import delete, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.cli.import_file import command
from gis_infra.errors import GisInfraError, InvalidParameter, InvalidSource, NotPermitted, UnknownLayer, UnknownProperty
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.sources import write_shapefile

LINE = LineString([(603000, 1191000), (603010, 1191005)])


@pytest.fixture
def run(settings, engine, tables, monkeypatch):
    """Run `gis-infra import …` on the tests' database; what the program refuses is raised. All is gone afterwards."""
    monkeypatch.setenv("GIS_INFRA_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("GIS_INFRA_HOME", str(settings.home))

    def run(*arguments):
        result = CliRunner().invoke(command, [str(each) for each in arguments])
        if isinstance(result.exception, GisInfraError):
            raise result.exception
        return result

    yield run
    with writing(engine) as connection:
        connection.execute(delete(tables.get("water_pipe")))
        connection.execute(delete(IMPORT_BATCH))
        connection.execute(delete(PERSON).where(PERSON.c.username == "lan"))


@pytest.fixture
def write(tmp_path):
    """Write pipes.shp with one row for each diameter."""

    def write(*diameters):
        columns = {"MA_ONG": [f"WP-{number}" for number, _ in enumerate(diameters)], "D2": list(diameters)}
        return write_shapefile(tmp_path / "pipes.shp", columns, [LINE] * len(diameters), prj=9210)

    return write


def read_diameters(engine, tables):
    table = tables.get("water_pipe")
    with reading(engine) as connection:
        return list(connection.execute(select(table.c.nominal_diameter_mm).order_by(table.c.id)).scalars())


def test_all_in_is_exit_0(run, write, engine, tables):
    result = run(write(100, 150), "--layer", "water_pipe", "--map", "D2=nominal_diameter_mm")
    assert result.exit_code == 0
    assert "column D2 -> nominal_diameter_mm, as asked" in result.output
    assert "pipes.shp: 2 of 2 rows went into water_pipe, 0 rejected" in result.output
    assert read_diameters(engine, tables) == [100, 150]


def test_some_rejected_is_exit_1_and_says_which_and_where(run, write, engine, tables, tmp_path):
    result = run(write(100, 5), "--layer", "water_pipe", "--map", "D2=nominal_diameter_mm")
    assert result.exit_code == 1
    assert "1 × D2: is below the least allowed, 15 mm" in result.output
    assert "row 2: D2 '5': is below the least allowed, 15 mm" in result.output
    assert f"rejected rows are in {tmp_path / 'pipes.rejected.gpkg'}" in result.output
    assert read_diameters(engine, tables) == [100]


def test_nothing_in_is_exit_2(run, write, engine, tables):
    result = run(write(5), "--layer", "water_pipe", "--map", "D2=nominal_diameter_mm")
    assert result.exit_code == 2
    assert "0 of 1 rows went into water_pipe, 1 rejected" in result.output
    assert read_diameters(engine, tables) == []


def test_a_dry_run_says_what_would_happen(run, write, engine, tables):
    result = run(write(100), "--layer", "water_pipe", "--dry-run")
    assert "1 of 1 rows would go into water_pipe" in result.output
    assert read_diameters(engine, tables) == []


def test_the_report_comes_as_json_too(run, write):
    result = run(write(100, 5), "--layer", "water_pipe", "--map", "D2=nominal_diameter_mm", "--json")
    report = json.loads(result.output)
    assert (report["rows"], report["accepted"], report["rejected"]) == (2, 1, 1)
    assert report["counts"] == {"D2: is below the least allowed, 15 mm": 1}
    assert report["problems"][0]["row"] == 2


def test_who_imports_is_entered_and_must_be_allowed_to(run, write, engine, catalogue):
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan")
    path = write(100)
    with pytest.raises(NotPermitted, match="lan may not import layer water_pipe"):
        run(path, "--layer", "water_pipe", "--as", "lan")
    with writing(engine) as connection:
        people.grant_to_person(connection, "lan", "importer", "water_pipe", catalogue)
    assert run(path, "--layer", "water_pipe", "--as", "lan").exit_code == 0
    with reading(engine) as connection:
        assert connection.execute(select(IMPORT_BATCH.c.username)).scalars().all() == ["lan"]


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["--layer", "gas_main"], UnknownLayer, "no layer 'gas_main'; gis-infra layers list shows them all"),
        (["--layer", "water_pip"], UnknownLayer, "no layer 'water_pip'; did you mean water_pipe"),
        (["--layer", "water_pipe", "--map", "D2"], InvalidParameter, "--map takes THEIRS=ours, got 'D2'"),
        (["--layer", "water_pipe", "--map", "D2=width"], UnknownProperty, "no property 'width'"),
        (["--layer", "water_pipe", "--map", "D9=name"], InvalidParameter, "no column 'D9'; it has MA_ONG, D2"),
        (["--layer", "water_pipe", "--encoding", "xyz"], InvalidParameter, "'xyz' is not known"),
        (["--layer", "water_pipe", "--source-layer", "b"], InvalidParameter, "no layer 'b'; it has pipes"),
    ],
)
def test_what_is_asked_wrongly_is_refused_and_nothing_is_done(run, write, engine, tables, arguments, error, words):
    with pytest.raises(error, match=words):
        run(write(100), *arguments)
    assert read_diameters(engine, tables) == []


def test_a_folder_for_rejected_rows_that_is_not_there_is_refused_first(run, write, engine, tables, tmp_path):
    result = run(write(-5), "--layer", "water_pipe", "--rejected-folder", tmp_path / "none")
    assert result.exit_code == 2 and "does not exist" in result.output
    assert read_diameters(engine, tables) == []


def test_a_missing_part_is_refused_by_name(run, write):
    path = write(100)
    path.with_suffix(".shx").unlink()
    with pytest.raises(InvalidSource, match=r"pipes\.shp has no \.shx beside it"):
        run(path, "--layer", "water_pipe")
