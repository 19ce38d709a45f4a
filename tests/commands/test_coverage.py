"""`gis-infra coverage`, run as a person would."""

import json

import geopandas
import pytest
from sqlalchemy import delete

from gis_infra.analysis.coverage.tables import COVERAGE_RUN
from gis_infra.cli.coverage import command
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing
from tests.builders import insert

LAYERS = ("admin_unit", "building", "fire_hydrant")
WARD = "MULTIPOLYGON(((603000 1191500,604000 1191500,604000 1192500,603000 1192500,603000 1191500)))"
NEAR = "MULTIPOLYGON(((603490 1191990,603510 1191990,603510 1192010,603490 1192010,603490 1191990)))"
FAR = "MULTIPOLYGON(((603890 1192390,603910 1192390,603910 1192410,603890 1192410,603890 1192390)))"


@pytest.fixture
def run(call, known_layers, engine, tables):
    """Run `gis-infra coverage …` on a ward with one hydrant, one building near it and one far; all gone afterwards."""
    with writing(engine) as connection:
        insert(connection, tables, "admin_unit", wkt=WARD, code="26701", name="Phường Một", level="commune")
        insert(connection, tables, "fire_hydrant", wkt="POINT(603500 1192000)")
        insert(connection, tables, "building", wkt=NEAR, residents=30)
        insert(connection, tables, "building", wkt=FAR, residents=10)

    yield lambda *arguments: call(command, *arguments).output
    with writing(engine) as connection:
        for table in (COVERAGE_RUN, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


def test_all_services_are_run_when_none_is_named(run):
    told = run("run")
    assert "fire_hydrant" in told and "75.0%" in told and "50.0%" in told
    assert "post_office" in told and "never run" not in told


def test_one_service_is_run_and_shown_by_ward(run):
    assert "post_office" not in run("run", "fire_hydrant")
    told = run("show", "fire_hydrant")
    assert "26701" in told and "Phường Một" in told and "the city" in told and "1 gaps" in told
    found = json.loads(run("show", "fire_hydrant", "--json"))
    assert found["run"]["city"]["population_share"] == 0.75
    assert found["gaps"]["features"][0]["properties"]["population"] == 10


def test_services_that_were_never_run_are_listed_as_such(run):
    assert run("list").count("never run") == 8
    assert [each["latest_run"] for each in json.loads(run("list", "--json"))] == [None] * 6


def test_gaps_are_written_to_a_file(run, tmp_path):
    run("run", "fire_hydrant")
    assert "1 gaps written" in run("show", "fire_hydrant", "--gaps", tmp_path / "gaps.gpkg")
    found = geopandas.read_file(tmp_path / "gaps.gpkg").to_crs(32648)
    # A square kilometre less a circle of 150 m, in another projection (0.1 % larger or smaller).
    assert found.area.iloc[0] == pytest.approx(1_000_000 - 70_686, rel=0.002)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "taxi"), "there is no service 'taxi'; there are base_station"),
        (("show", "taxi"), "there is no service 'taxi'; there are base_station, distribution_transformer"),
        (("show", "green_space"), "the coverage of green_space was never run"),
        (("show", "fire_hydrant", "--gaps", "x.pdf"), "x.pdf must end in .geojson"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(run, arguments, words):
    with pytest.raises(GisInfraError, match=words):
        run(*arguments)
