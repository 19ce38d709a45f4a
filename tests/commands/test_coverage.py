"""`gis-infra coverage`, run as a person would."""

import json
import re

import geopandas
import pytest

from gis_infra.cli.coverage import command
from gis_infra.errors import GisInfraError
from gis_infra.storage.transactions import writing
from tests import coverage_city
from tests.builders import insert


@pytest.fixture
def run(call, known_layers, engine, tables):
    """Run `gis-infra coverage …` on a ward with one hydrant, one house near it and one far; all gone afterwards."""
    coverage_city.fill(engine, tables)
    yield lambda *arguments: call(command, *arguments).output
    coverage_city.clear(engine, tables)


def read(told):
    """The JSON a command told."""
    return json.loads(told)


def test_all_services_are_run_when_none_is_named(run):
    told = run("run")
    assert re.search(r"fire_hydrant +streets +150 m +75.0 % +50.0 %", told)
    assert "post_office" in told and "green_space" in told and "never run" not in told


def test_one_service_is_run_and_shown_by_unit(run):
    assert "post_office" not in run("run", "fire_hydrant")
    told = run("show", "fire_hydrant")
    assert "26701" in told and "Phường Một" in told and "the city" in told and "MISSED" in told
    assert "30 of 40 (75.0 %)" in told and "* the number was not verified in its source" in told
    assert re.search(r"\d+ gaps; worst: 10 people in 26701", told)
    found = read(run("show", "fire_hydrant", "--json"))
    assert found["city"]["people_share"] == 0.75 and found["run"]["official"]
    assert found["gaps"]["features"][0]["properties"]["people"] == 10
    assert run("show", found["run"]["id"]) == told


def test_services_that_were_never_run_are_listed_as_such(run):
    found = read(run("list", "--json"))
    assert len(found) > 10 and {each["latest_run"] for each in found} == {None}
    assert run("list").count("never run") == len(found)


def test_gaps_are_written_to_a_file(run, tmp_path):
    run("run", "fire_hydrant", "--method", "straight_line")
    newest = read(run("runs", "fire_hydrant", "--json"))[0]
    run("show", newest["id"], "--gaps", tmp_path / "gaps.gpkg")
    found = geopandas.read_file(tmp_path / "gaps.gpkg").to_crs(32648)
    # A square kilometre less a circle of 150 m, in another projection (0.1 % larger or smaller).
    assert found.area.sum() == pytest.approx(1_000_000 - 70_686, rel=0.002)


def test_a_run_otherwise_than_the_standard_says_is_not_official(run):
    run("run", "fire_hydrant", "--distance", "450", "--title", "Wide")
    (entry,) = read(run("runs", "fire_hydrant", "--json"))
    assert (entry["official"], entry["title"], entry["distance"]) == (False, "Wide", {"value": 450.0, "unit": "m"})
    assert entry["city"]["people_share"] == 1.0
    assert read(run("runs", "fire_hydrant", "--official", "--json")) == []


def test_a_what_if_tells_what_it_assumes(run, tmp_path):
    drawn = {"type": "Point", "coordinates": [106.954, 10.776]}
    (tmp_path / "new.geojson").write_text(json.dumps(drawn), encoding="utf-8")
    told = run("what-if", "fire_hydrant", "--add", tmp_path / "new.geojson", "--distance", "450")
    assert "assumed: facilities drawn: 1" in told
    assert "40 of 40" in told


def test_where_next_gives_sites_with_their_gain(run):
    found = read(run("next", "fire_hydrant", "--n", "2", "--from", "grid", "--spacing", "100", "--json"))
    (best, *_) = found["sites"]["features"]
    assert best["properties"]["rank"] == 1 and best["properties"]["gain"] == 10
    assert found["sites"]["share_of_bound"] >= 0.632
    told = run("next", "fire_hydrant", "--from", "nodes")
    assert "where most are gained: at least 63.2% of the best possible choice" in told


def test_two_runs_are_compared_by_unit_with_reasons(run, engine, tables):
    run("run", "fire_hydrant")
    with writing(engine) as connection:
        insert(connection, tables, "fire_hydrant", wkt="POINT(603900 1192000)", asset_code="TCC-2")
    run("run", "fire_hydrant")
    after, before = (each["id"] for each in read(run("runs", "fire_hydrant", "--json")))
    found = read(run("compare", before, after, "--json"))
    assert (found["city"]["served_before"], found["city"]["served_after"], found["city"]["newly"]) == (30, 40, 10)
    assert "facilities that came: 1" in found["reasons"]["en"]
    told = run("compare", before, after)
    assert "the city" in told and "+10" in told and "why: facilities that came: 1" in told


def test_a_run_made_again_is_the_same_to_the_last_digit_until_data_change(run, engine, tables):
    run("run", "fire_hydrant")
    (entry,) = read(run("runs", "fire_hydrant", "--json"))
    assert "the same to the last digit" in run("repeat", entry["id"])
    with writing(engine) as connection:
        insert(connection, tables, "fire_hydrant", wkt="POINT(603900 1192000)", asset_code="TCC-2")
    told = run("repeat", entry["id"])
    assert "not the same" in told and "edited since: fire_hydrant" in told
    assert "26701: people_served: 30.0 is now 40.0" in told
    assert read(run("repeat", entry["id"], "--json"))["is_same"] is False


def test_services_are_put_on_the_calendar_and_taken_off_it(run):
    assert "half_year" in run("schedule", "fire_hydrant", "half_year")
    (found,) = read(run("schedule", "--json"))
    assert (found["service"], found["period"], found["latest"]) == ("fire_hydrant", "half_year", None)
    assert "fire_hydrant" not in run("schedule", "fire_hydrant", "half_year", "--off")


def test_a_run_of_a_series_is_named_after_its_period(run):
    run("run", "fire_hydrant", "--period", "year")
    (entry,) = read(run("runs", "fire_hydrant", "--json"))
    assert entry["period"] == "year" and entry["period_title"]["en"].isdigit()
    with pytest.raises(GisInfraError, match="has its run of fire_hydrant already"):
        run("run", "fire_hydrant", "--period", "year")


@pytest.mark.parametrize("ending", ["html", "xlsx", "csv", "gpkg", "geojson"])
def test_a_report_is_written_by_the_ending_of_its_name(run, tmp_path, ending):
    run("run", "fire_hydrant")
    path = tmp_path / f"report.{ending}"
    assert f"written to {path}" in run("report", "fire_hydrant", "--out", path).replace("\n", "")
    assert path.stat().st_size > 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "taxi"), "there is no service 'taxi'; there are base_station"),
        (("show", "taxi"), "there is no service 'taxi'; there are base_station, base_station_2g"),
        (("show", "green_space"), "the coverage of green_space was never run"),
        (("show", "999"), "there is no coverage run 999"),
        (("show", "fire_hydrant", "--gaps", "x.pdf"), "x.pdf must end in .geojson"),
        (("report", "fire_hydrant", "--out", "x.docx"), "x.docx must end in .html, .pdf, .xlsx"),
        (("run", "fire_hydrant", "--demand", "ghosts"), "there is no demand 'ghosts'"),
        (("run", "fire_hydrant", "--day", "soon"), "day must be a day as 2026-11-23, got 'soon'"),
        (("run", "post_office", "--period", "month", "--distance", "9"), "a run of a series is as the standard says"),
        (("compare", "998", "999"), "there is no coverage run 998"),
        (("repeat", "999"), "there is no coverage run 999"),
        (("schedule", "fire_hydrant"), "give a service and a period"),
        (("schedule", "taxi", "year"), "there is no service 'taxi'"),
        (("schedule", "fire_hydrant", "year", "--off"), "fire_hydrant is not run by the year"),
        (("what-if", "fire_hydrant"), "say what is assumed: --add"),
        (("what-if", "fire_hydrant", "--add", "none.geojson"), "none.geojson cannot be read: No such file"),
        (("next", "fire_hydrant", "--from", "given"), "sites from given needs points"),
        (("next", "fire_hydrant", "--from", "given", "--point", "here"), "a point is longitude,latitude, got 'here'"),
    ],
)
def test_what_cannot_be_done_is_refused_in_plain_words(run, arguments, words):
    with pytest.raises(GisInfraError, match=words):
        run(*arguments)
