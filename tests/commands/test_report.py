"""`gis-infra report`, run as a person would."""

import json

import pyogrio
import pytest
from sqlalchemy import delete

from gis_infra.accounts.people import add_person
from gis_infra.accounts.tables import PERSON
from gis_infra.cli.report import command
from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.storage.transactions import writing
from tests.builders import insert

LINE = "LINESTRING(603000 1191000, 603250 1191000)"


@pytest.fixture
def city(engine, tables):
    """Two drainage pipes, one of them restricted; Chi was granted nothing."""
    with writing(engine) as connection:
        insert(connection, tables, "sewer_pipe", wkt=LINE, sensitivity="restricted")
        insert(connection, tables, "sewer_pipe", wkt=LINE)
        add_person(connection, "chi", "Chi")
    yield
    with writing(engine) as connection:
        for table in (tables.get("sewer_pipe"), PERSON):
            connection.execute(delete(table))


def find_sewers(found):
    layers = (layer for sector in found["sectors"] for layer in sector["layers"])
    return next((each["features"], each["size"]) for each in layers if each["id"] == "sewer_pipe")


def test_a_year_is_reported_on_for_everybody_and_for_one_person(call, known_layers, city):
    whole = json.loads(call(command, "2026", "--json").output)
    assert (whole["period"]["code"], find_sewers(whole)) == ("2026", (2, 500.0))
    assert find_sewers(json.loads(call(command, "2026", "--json", "--as", "chi").output)) == (1, 250.0)


@pytest.mark.parametrize("name", ["r.html", "r.xlsx"])
def test_a_report_is_written_as_what_its_name_ends_in(call, known_layers, catalogue, city, tmp_path, name):
    said = call(command, "2026", "--out", tmp_path / name, "--lang", "en").output
    assert said == f"report on 2026 written to {tmp_path / name}\n"
    if name == "r.xlsx":
        frame = pyogrio.read_dataframe(tmp_path / name, layer="Layer")
        assert frame.set_index("Layer")["Length, area: End"][catalogue.get_layer("sewer_pipe").title.en] == 500.0
    else:
        assert "Report on infrastructure, 2026" in (tmp_path / name).read_text(encoding="utf-8")


def test_without_a_period_it_is_of_the_last_month(call, known_layers):
    assert json.loads(call(command, "--json").output)["period"]["kind"] == "month"


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (("2026",), InvalidParameter, "say --json, or with --out the file"),
        (("2026", "--out", "r.pdfx"), InvalidParameter, "must end in .html, .pdf, .xlsx"),
        (("2026-13", "--json"), InvalidParameter, "must be a month as 2026-10"),
        (("9000", "--json"), InvalidParameter, "has not begun"),
        (("2026", "--json", "--as", "nobody"), MissingError, "no person 'nobody'"),
    ],
)
def test_what_cannot_be_reported_on_is_refused_in_words(call, known_layers, arguments, error, words):
    with pytest.raises(error, match=words):
        call(command, *arguments)
