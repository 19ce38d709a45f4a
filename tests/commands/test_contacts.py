"""`gis-infra contacts`, and `gis-infra conflicts check, report, letters` with files, run as a person would."""

import json
from functools import partial

import pytest
from sqlalchemy import delete

from gis_infra.analysis.contacts.tables import OWNER_CONTACT
from gis_infra.cli import conflicts, contacts
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing
from tests.builders import insert

LINE = {"type": "LineString", "coordinates": [[106.69404, 10.7728], [106.69404, 10.77295]]}
AREA = {"type": "Polygon", "coordinates": [[[106.6, 10.7], [106.8, 10.7], [106.8, 10.9], [106.6, 10.7]]]}


@pytest.fixture
def run(call, known_layers, engine, tables):
    """Run a command on the tests' database; contacts and pipes are gone afterwards."""
    yield call
    with writing(engine) as connection:
        for table in (OWNER_CONTACT, tables.get("water_pipe"), tables.get("works_project")):
            connection.execute(delete(table))


@pytest.fixture
def keep(run):
    return partial(run, contacts.command)


@pytest.fixture
def works(engine, tables, tmp_path):
    """A file of works across a water pipe."""
    with writing(engine) as connection:
        wkt = "LINESTRING(603000 1191500,603100 1191500)"
        insert(connection, tables, "water_pipe", wkt=wkt, asset_code="ON-1", owner="Sawaco")
    path = tmp_path / "works.geojson"
    path.write_text(json.dumps(LINE))
    return path


def test_contacts_are_added_listed_changed_and_removed(keep, tmp_path):
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps(AREA))
    made = keep("add", "--owner", "Sawaco", "--name", "Ban", "--sector", "water", "--phone", "028 1", "--area", area)
    number = made.output.split()[1].rstrip(":")
    assert made.output == f"contact {number}: Ban of Sawaco\n"
    assert all(each in keep("list").output for each in ("Sawaco", "Ban", "water", "part of the city", "028 1"))
    keep("change", number, "--phone", "", "--email", "a@b.vn")
    (found,) = json.loads(keep("list", "--json").output)
    assert (found["phone"], found["email"], found["sectors"], found["version"]) == (None, "a@b.vn", ["water"], 2)
    assert found["area"]["type"] == "MultiPolygon"
    assert keep("remove", number).output == "Ban of Sawaco is removed\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "--owner", "x"), "a contact needs name"),
        (("add", "--owner", "x", "--name", "y", "--sector", "gas"), "a sector is one of"),
        (("add", "--owner", "x", "--name", "y", "--area", "none.geojson"), "cannot be read: No such file"),
        (("change", "987654321", "--name", "y"), "there is no contact 987654321"),
        (("remove", "987654321"), "there is no contact 987654321"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(keep, arguments, words):
    with pytest.raises(GisInfraError, match=words):
        keep(*arguments)


def test_a_check_names_contacts_and_writes_files(run, keep, works, tmp_path):
    keep("add", "--owner", "Sawaco", "--name", "Ban", "--phone", "028 1")
    keep("add", "--owner", "FPT", "--name", "Hạ tầng", "--sector", "telecom")
    report, letters = tmp_path / "r.html", tmp_path / "l.html"
    told = run(conflicts.command, "check", works, "--report", report, "--letters", letters, "--lang", "en").output
    assert "ask Sawaco: 1 water_pipe\n      Ban, 028 1\n" in told
    assert "ask FPT: nothing of theirs is recorded here" in told
    assert "Nothing recorded here, as of" in report.read_text(encoding="utf-8")
    assert letters.read_text(encoding="utf-8").count('class="letter"') == 2


def test_a_project_is_checked_by_its_id(run, engine, tables, works):
    ring = "MULTIPOLYGON(((603040 1191490,603060 1191490,603060 1191510,603040 1191490)))"
    with writing(engine) as connection:
        project = insert(connection, tables, "works_project", wkt=ring)
    assert "ask Sawaco: 1 water_pipe" in run(conflicts.command, "check", "--project", project).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check",), "give either a GeoJSON file or --project"),
        (("check", "--project", "987654321"), "there is no works project 987654321"),
        (("check", "x.geojson", "--report", "r.doc"), "must end in .html, .pdf, .xlsx"),
        (("report", "--out", "r"), "must end in .html, .pdf, .xlsx"),
        (("letters", "--out", "r.xlsx"), "must end in .html, .pdf"),
    ],
)
def test_a_wrong_call_is_refused_in_words(run, arguments, words):
    with pytest.raises(GisInfraError, match=words):
        run(conflicts.command, *arguments)


@pytest.mark.parametrize("ending", ["html", "xlsx", "csv", "gpkg", "geojson"])
def test_an_empty_register_is_a_report_too(run, tmp_path, ending):
    out = tmp_path / f"r.{ending}"
    said = run(conflicts.command, "report", "--out", out, "--rule", "australia").output
    assert said == f"0 conflicts written to {out}\n"
    assert out.stat().st_size > 0


def test_letters_about_nothing_are_none(run, tmp_path):
    run(conflicts.command, "letters", "--out", tmp_path / "l.html", "--rule", "australia", "--lang", "en")
    assert "There is nothing within what was asked" in (tmp_path / "l.html").read_text(encoding="utf-8")
