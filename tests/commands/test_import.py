"""`gis-infra import`, run as a person would."""

import json
import re
import shlex

import lxml.html
import pytest
from shapely import LineString
from sqlalchemy import func, select

from gis_infra.accounts import people
from gis_infra.errors import InvalidCrs, InvalidParameter, InvalidSource, NotPermitted, UnknownLayer, UnknownProperty
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer import importing
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.sources import TM3_ESRI, write_shapefile

LINE = LineString([(603000, 1191000), (603010, 1191005)])
PIPES = ("--layer", "water_pipe", "--map", "D2=nominal_diameter_mm")


@pytest.fixture
def write(tmp_path):
    """Write pipes.shp with one row for each diameter."""

    def write(*diameters, **more):
        columns = {"MA_ONG": [f"WP-{number}" for number, _ in enumerate(diameters, 1)], "D2": list(diameters)}
        return write_shapefile(tmp_path / "pipes.shp", columns, [LINE] * len(diameters), **{"prj": 9210, **more})

    return write


def read_rows(engine, tables, *names):
    """Columns of all pipes, in the order of their codes."""
    table = tables.get("water_pipe")
    query = select(*(table.c[name] for name in names)).order_by(table.c.asset_code)
    with reading(engine) as connection:
        return [tuple(row) if len(names) > 1 else row[0] for row in connection.execute(query)]


def read_diameters(engine, tables):
    return read_rows(engine, tables, "nominal_diameter_mm")


def test_all_in_is_exit_0(run_import, write, engine, tables):
    result = run_import(write(100, 150), *PIPES)
    assert result.exit_code == 0
    assert "D2 → nominal_diameter_mm, as asked" in result.stdout
    assert "went in     2 of 2 rows: 2 inserted" in result.stdout
    assert "pipes.shp: 2 of 2 rows went into water_pipe, 0 rejected" in result.stdout
    assert read_diameters(engine, tables) == [100, 150]


def test_some_rejected_is_exit_1_and_says_which_where_and_what_next(run_import, write, engine, tables, tmp_path):
    result = run_import(write(100, 5), *PIPES)
    assert result.exit_code == 1
    assert "rejected    1 row: D2: is below the least allowed, 15 mm\n              row 2: '5'\n" in result.stdout
    file = tmp_path / "pipes.rejected.gpkg"
    assert f"next        the rejected rows are in {file}" in result.stdout
    assert f"gis-infra import {file} --layer water_pipe --map D2=nominal_diameter_mm\n" in result.stdout
    assert read_diameters(engine, tables) == [100]


def test_nothing_in_is_exit_2_and_the_one_reason_is_said_once(run_import, write, engine, tables):
    result = run_import(write(*[0.15] * 50), *PIPES)
    assert result.exit_code == 2
    assert "all 50 rows: D2: is not a whole number\n              row 1: '0.15'\n" in result.stdout
    assert result.stdout.count("is not a whole number") == 1
    assert "→ if the numbers are in m, say so: --unit D2=m" in result.stdout
    assert "0 of 50 rows went into water_pipe, 50 rejected" in result.stdout
    assert read_diameters(engine, tables) == []


def test_what_the_report_advises_mends_it(run_import, write, engine, tables):
    assert run_import(write(0.15, 0.2), *PIPES, "--unit", "D2=m").exit_code == 0
    assert read_diameters(engine, tables) == [150, 200]


def test_a_value_is_told_the_code_it_stands_for(run_import, tmp_path, engine, tables):
    columns = {"MA_ONG": ["1", "2", "3"], "VAT_LIEU": ["a=b", "xx", "Gang dẻo"]}
    path = write_shapefile(tmp_path / "pipes.shp", columns, [LINE] * 3, prj=9210)
    first = run_import(path, "--layer", "water_pipe", "--dry-run")
    assert "→ say which code each value means: --code VAT_LIEU:a=b=CODE" in first.stdout
    codes = ("--code", "VAT_LIEU:a=b=steel", "--code", "VAT_LIEU:xx=")
    assert run_import(path, "--layer", "water_pipe", *codes).exit_code == 0
    assert read_rows(engine, tables, "material") == ["steel", None, "ductile_iron"]


def test_a_dry_run_says_what_would_happen(run_import, write, engine, tables):
    result = run_import(write(100), "--layer", "water_pipe", "--dry-run")
    assert "1 of 1 row would go into water_pipe" in result.stdout
    assert read_diameters(engine, tables) == []


def test_the_report_comes_as_json_too(run_import, write):
    report = json.loads(run_import(write(100, 5), *PIPES, "--json").stdout)
    assert (report["rows"], report["accepted"], report["rejected"]) == (2, 1, 1)
    assert report["counts"] == {"D2: is below the least allowed, 15 mm": 1}
    assert report["problems"][0]["row"] == 2
    assert len(report["sha256"]) == 64 and report["username"] == "system"


def test_reports_are_written_as_html_and_json(run_import, write, tmp_path):
    reports = [tmp_path / "bao cao.html", tmp_path / "report.json"]
    options = [word for path in reports for word in ("--report", path)]
    assert run_import(write(100, 5), *PIPES, *options, "--language", "vi").exit_code == 1
    document = lxml.html.fromstring(reports[0].read_text(encoding="utf-8"))
    told = document.text_content()
    assert "Một số dòng bị từ chối" in told and "Some rows" not in told
    assert "nhỏ hơn mức thấp nhất cho phép, 15 mm" in told
    assert len(document.xpath("//circle")) == 1
    assert json.loads(reports[1].read_text(encoding="utf-8"))["rejected"] == 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("report.txt", "--report takes a file ending in .html or .json, got "),
        ("none/report.html", "--report cannot write to "),
        ("pipes.json", "--report would overwrite what is imported"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_first(run_import, tmp_path, engine, tables, report, words):
    (tmp_path / "pipes.json").write_text("{}")
    with pytest.raises(InvalidParameter, match=re.escape(words)):
        run_import(tmp_path / "pipes.json", *PIPES, "--report", tmp_path / report)
    assert (tmp_path / "pipes.json").read_text() == "{}"


def test_who_imports_is_entered_and_must_be_allowed_to(run_import, write, engine, catalogue):
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan")
    path = write(100)
    with pytest.raises(NotPermitted, match="lan may not import layer water_pipe"):
        run_import(path, "--layer", "water_pipe", "--as", "lan")
    with writing(engine) as connection:
        people.grant_to_person(connection, "lan", "importer", "water_pipe", catalogue)
    assert run_import(path, "--layer", "water_pipe", "--as", "lan").exit_code == 0
    with reading(engine) as connection:
        assert connection.execute(select(IMPORT_BATCH.c.username)).scalars().all() == ["lan"]


@pytest.mark.parametrize(
    ("arguments", "error", "words", "where"),
    [
        (
            ["--layer", "gas_main"],
            UnknownLayer,
            "no layer 'gas_main'; gis-infra layers list shows them all",
            "gas_main",
        ),
        (["--layer", "water_pip"], UnknownLayer, "no layer 'water_pip'; did you mean water_pipe", "water_pip"),
        ([], InvalidParameter, "name the layer of the city with --layer; pipes.shp looks like water_pipe", "--layer"),
        ([*PIPES[:2], "--map", "D2"], InvalidParameter, "--map takes COLUMN=field, got 'D2'", "--map"),
        ([*PIPES, "--map", "D2=name"], InvalidParameter, "--map says two things of D2", "--map"),
        ([*PIPES[:2], "--map", "D2=width"], UnknownProperty, "no field 'width'", "--map"),
        ([*PIPES[:2], "--map", "D9=name"], InvalidParameter, "no column 'D9'; it has D2, MA_ONG", "--map"),
        ([*PIPES, "--unit", "D2=stone"], InvalidParameter, "stone", "--unit"),
        ([*PIPES, "--code", "VAT_LIEU=steel"], InvalidParameter, "--code takes COLUMN:VALUE=code", "--code"),
        ([*PIPES, "--encoding", "xyz"], InvalidParameter, "'xyz' is not known", "--encoding"),
        ([*PIPES, "--encoding", "VNI", "--encoding", "TCVN3"], InvalidParameter, "VNI and TCVN3", "--encoding"),
        ([*PIPES, "--source-layer", "b"], InvalidParameter, "no layer 'b'; it has pipes", "--source-layer"),
        ([*PIPES, "--crs", "EPSG:9999"], InvalidCrs, "EPSG has no coordinate system 9999", "--crs"),
        ([*PIPES, "--replace"], InvalidParameter, "name it with --owner", "--owner"),
    ],
)
def test_what_is_asked_wrongly_is_refused_by_option(run_import, write, engine, tables, arguments, error, words, where):
    with pytest.raises(error, match=words) as refused:
        run_import(write(100), *arguments)
    assert refused.value.where == where
    assert read_diameters(engine, tables) == []


def test_a_guess_is_asked_back_with_the_option_to_add_and_taken_with_it(run_import, write, engine, tables):
    prj = TM3_ESRI.format(name="HCM", datum="WGS_1984", meridian=105.75, scale=0.9999)
    path = write(100, prj=prj)
    with pytest.raises(InvalidCrs, match=r"is not sure: .* add --crs EPSG:9210, or --accept-guess") as refused:
        run_import(path, *PIPES)
    assert refused.value.where == "--crs"
    assert run_import(path, *PIPES, "--accept-guess").exit_code == 0
    assert read_diameters(engine, tables) == [100]


def test_a_folder_for_rejected_rows_that_is_not_there_is_refused_first(run_import, write, engine, tables, tmp_path):
    result = run_import(write(-5), "--layer", "water_pipe", "--rejected-folder", tmp_path / "none")
    assert result.exit_code == 2 and "does not exist" in result.output
    assert read_diameters(engine, tables) == []


def test_what_would_be_deleted_is_shown_and_asked(run_import, write, engine, tables):
    owner = ("--owner", "SAWACO")
    assert run_import(write(100, 150, 200), *PIPES, *owner).exit_code == 0
    path = write(100)
    with pytest.raises(InvalidParameter, match=r"nothing was imported; --yes deletes without asking"):
        run_import(path, *PIPES, *owner, "--replace", input="n\n")
    with pytest.raises(InvalidParameter, match=r"2 rows of SAWACO in water_pipe would be deleted: .*WP-2.*WP-3"):
        run_import(path, *PIPES, *owner, "--replace")  # nobody there to answer
    assert read_diameters(engine, tables) == [100, 150, 200]
    dry = run_import(path, *PIPES, *owner, "--replace", "--dry-run")
    assert "would go    2 rows of the owner that the file lacks: " in dry.stdout
    agreed = run_import(path, *PIPES, *owner, "--replace", input="y\n")
    assert "2 rows of SAWACO in water_pipe would be deleted" in agreed.stderr
    assert "deleted     2 rows of the owner that the file lacks: " in agreed.stdout
    assert read_diameters(engine, tables) == [100]


def test_with_yes_nothing_is_asked(run_import, write, engine, tables):
    owner = ("--owner", "SAWACO")
    run_import(write(100, 150), *PIPES, *owner)
    assert run_import(write(100), *PIPES, *owner, "--replace", "--yes").exit_code == 0
    assert read_diameters(engine, tables) == [100]


def test_the_second_import_of_a_file_changes_nothing(run_import, write):
    path = write(100, 150)
    assert "2 inserted" in run_import(path, *PIPES, "--owner", "SAWACO").stdout
    assert "2 of 2 rows: 2 unchanged" in run_import(path, *PIPES, "--owner", "SAWACO").stdout


def test_an_interrupted_import_is_exit_130_and_leaves_nothing(run_import, write, engine, tables, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "copy_batches", interrupt)
    result = run_import(write(100), *PIPES)
    assert result.exit_code == 130
    assert result.stderr == "gis-infra: interrupted; nothing was imported\n"
    assert read_diameters(engine, tables) == []


def test_an_interruption_after_the_rows_went_in_is_told_as_such(run_import, write, engine, tables, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(importing.RejectedFile, "keep", interrupt)
    result = run_import(write(100), *PIPES)
    assert result.exit_code == 130
    assert re.fullmatch(
        r"gis-infra: interrupted; but the rows of pipes.shp were in already, as import \d+\n", result.stderr
    )
    assert read_diameters(engine, tables) == [100]


def test_a_missing_part_is_refused_by_name(run_import, write):
    path = write(100)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(InvalidSource, match=r"pipes\.shp has no \.dbf beside it.*--bare-geometry"):
        run_import(path, "--layer", "water_pipe")
    assert run_import(path, "--layer", "water_pipe", "--bare-geometry").exit_code == 0


def test_help_has_the_options_under_headings(run_import):
    told = run_import("--help").stdout
    headings = re.findall(r"^(\S.*):$", told, re.MULTILINE)
    assert headings == [
        "What is imported, and where to",
        "How it is read; what is not said is found out",
        "What becomes of the rows",
        "What is told of it",
        "Options",
    ]


def test_the_command_of_the_report_is_the_one_that_was_typed_without_what_the_file_now_says(run_import, write):
    said = (*PIPES, "--owner", "Cấp nước", "--unit", "D2=mm", "--crs", "EPSG:9210", "--encoding", "VNI", "--strict")
    result = run_import(write(100, 5), *said)
    (line,) = re.findall(r"^ +gis-infra import (.*)$", result.stdout, re.MULTILINE)
    assert shlex.split(line)[1:] == [*PIPES, "--unit", "D2=mm", "--owner", "Cấp nước", "--strict"]


def test_nothing_is_counted_twice(run_import, write, engine, tables):
    report = json.loads(run_import(write(100, 5, 150), *PIPES, "--json").stdout)
    assert report["inserted"] + report["updated"] + report["unchanged"] + report["skipped"] == report["accepted"]
    with reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(tables.get("water_pipe"))).scalar_one()
    assert report["accepted"] == count
