"""Coverage over HTTP: services, runs, places, comparisons and files, as the map and its panel read them."""

import datetime
import zipfile
from io import BytesIO

import orjson
import pytest
from lxml import html
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.coverage.runs.orders import CoverageOrder, WhatIf
from gis_infra.analysis.coverage.runs.running import run_coverage
from gis_infra.storage.transactions import writing
from gis_infra.web.analysis import books
from gis_infra.web.app import create_app
from tests import coverage_city
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
PASSWORD = "một mật khẩu dài"
LAN, MINH, CHIEF = (("lan", PASSWORD), ("minh", PASSWORD), ("chief", PASSWORD))
RUN = "/ogc/processes/coverage/execution"


@pytest.fixture(scope="module")
def city(settings, engine, tables, catalogue):
    """The application over the small city, with two official runs of hydrants: with one, then with two of them."""
    application = create_app(settings, engine)
    ids = coverage_city.fill(engine, tables)
    with writing(engine) as connection:
        for username, _ in (LAN, MINH, CHIEF):
            people.add_person(connection, username, username, password=PASSWORD)
        people.grant_to_person(connection, "chief", "admin", "*", catalogue)
    with application.app_context():
        book = books.get_books().services

    def run(service="fire_hydrant", actor=SYSTEM, **more):
        order = CoverageOrder(actor, service, NOW, settings.home / "cache", catalogue, **more)
        return run_coverage(engine, tables, book, order)

    before = run()
    with writing(engine) as connection:
        insert(connection, tables, "fire_hydrant", wkt="POINT(603900 1192000)", asset_code="TCC-2")
    yield application, run, {**ids, "before": before, "after": run()}
    coverage_city.clear(engine, tables)
    with writing(engine) as connection:
        connection.execute(delete(PERSON))


@pytest.fixture
def ids(city):
    return city[2]


@pytest.fixture
def ask(city):
    """Asks as somebody; the public if nobody is named."""
    return lambda path, **values: city[0].test_client().open(f"/analysis/{path}", **values)


def test_services_are_listed_with_their_standard_and_their_latest_run(ask, ids):
    listed = {each["id"]: each for each in ask("coverage").json}
    hydrants = listed["fire_hydrant"]
    assert hydrants["method"] == hydrants["methods"][0] == "streets" and "straight_line" in hydrants["methods"]
    assert hydrants["distance"] == {"value": 150.0, "unit": "m"} and hydrants["layer"] == "fire_hydrant"
    assert hydrants["demand"] == "residents" and "residents" in {each["id"] for each in hydrants["demands"]}
    assert hydrants["levels"][0]["id"] == "commune" and hydrants["targets"][0]["indicator"] == "people_share"
    assert hydrants["latest_run"]["id"] == ids["after"] and hydrants["latest_run"]["city"]["people_share"] == 1.0
    assert hydrants["latest_run"]["targets"][0]["answer"] == "met"
    assert listed["post_office"]["latest_run"] is None
    assert not hydrants["may_run"] and ask("coverage", auth=LAN).json[0]["may_run"]
    assert "distribution_transformer" not in listed  # transformers are not public


def test_a_run_has_city_units_gaps_facilities_and_reach(ask, ids):
    found = ask(f"coverage/runs/{ids['before']}").json
    assert (found["city"]["people"], found["city"]["people_served"], found["main_share"]) == (40, 30, "people_share")
    unit = found["units"]["features"][0]
    assert unit["geometry"]["type"] in ("Polygon", "MultiPolygon") and unit["properties"]["code"] == "26701"
    assert unit["properties"]["targets"][0]["answer"] == "missed" and unit["properties"]["distance_unit"] == "m"
    assert sum(each["people"] for each in unit["properties"]["classes"]) == pytest.approx(40)
    assert found["gaps"]["features"][0]["properties"]["people"] == 10
    (hydrant,) = found["facilities"]["features"]
    assert (hydrant["properties"]["code"], hydrant["properties"]["state"]) == ("TCC-1", "kept")
    assert hydrant["properties"]["people"] == 30 and 106 < hydrant["geometry"]["coordinates"][0] < 107
    assert "Polygon" in found["reach"]["type"] and found["sites"]["features"] == []


def test_a_run_tells_how_it_was_made(ask, ids):
    run = ask(f"coverage/runs/{ids['after']}", auth=CHIEF).json["run"]
    assert run["official"] and run["method_title"]["en"] == "Along streets" and run["day"] == "2026-11-23"
    assert run["parameters"]["service"]["distance_m"] == 150 and run["what_if"] == {"vi": [], "en": []}
    read = {each["layer"]: each for each in run["data"]}
    assert read["fire_hydrant"]["rows"] == 2 and read["fire_hydrant"]["revision"] > 0 and "road_segment" in read
    assert run["digest"]


def test_the_latest_of_a_service_is_that_run(ask, ids):
    assert ask("coverage/fire_hydrant").json["run"]["id"] == ids["after"]
    assert [each["id"] for each in ask("coverage/fire_hydrant/runs").json] == [ids["after"], ids["before"]]
    assert len(ask("coverage/fire_hydrant/runs?limit=1").json) == 1


def test_places_are_found_by_box_and_by_whether_they_are_served(ask, ids):
    path = f"coverage/runs/{ids['before']}/places"
    found = ask(path).json
    assert found["numberMatched"] == 2 and {each["geometry"]["type"] for each in found["features"]} == {"Point"}
    assert {each["properties"]["people"] for each in found["features"]} == {30, 10}
    (far,) = ask(f"{path}?served=no").json["features"]
    assert far["properties"]["served"] == 0 and far["properties"]["distance"] == pytest.approx(420, abs=0.001)
    x, y = far["geometry"]["coordinates"]
    assert ask(f"{path}?bbox={x - 0.001},{y - 0.001},{x + 0.001},{y + 0.001}").json["numberMatched"] == 1
    assert ask(f"{path}?bbox=105,9,105.1,9.1").json["features"] == []
    assert ask(f"{path}?limit=1").json["numberReturned"] == 1


def test_two_runs_are_compared(ask, ids):
    found = ask(f"coverage/compare?before={ids['before']}&after={ids['after']}").json
    assert (found["before"]["id"], found["after"]["id"]) == (ids["before"], ids["after"])
    assert (found["city"]["served_before"], found["city"]["served_after"], found["city"]["newly"]) == (30, 40, 10)
    assert found["city"]["share_before"] == 0.75 and found["city"]["no_longer"] == 0
    assert found["units"]["features"][0]["properties"]["state"] == "same" and len(found["reasons"]["vi"]) > 0


TYPES = {
    "html": "text/html", "csv": "text/csv", "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "geojson": "application/geo+json",
}  # fmt: skip


@pytest.mark.parametrize("form", list(TYPES))
def test_a_run_is_a_file_too(ask, ids, form):
    answer = ask(f"coverage/runs/{ids['before']}/report?f={form}&lang=en")
    assert answer.status_code == 200 and answer.mimetype == TYPES[form]
    kept = "inline" if form == "html" else "attachment"
    name = f"coverage-{ids['before']}.{form}"
    assert answer.headers["Content-Disposition"] == f'{kept}; filename="{name}"'
    if form == "html":
        text = html.fromstring(answer.data).text_content()
        assert "Fire hydrants" in text and "75.0 %" in text and "Phường Một" in text
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if form == "xlsx":
        assert zipfile.ZipFile(BytesIO(answer.data)).testzip() is None


def test_a_report_speaks_the_language_that_is_asked_for(ask, ids):
    path = f"coverage/runs/{ids['before']}/report"
    assert "Báo cáo độ bao phủ" in ask(path).text and "Report on coverage" in ask(f"{path}?lang=en").text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("coverage/taxi", 404, "there is no service 'taxi'; there are "),
        ("coverage/distribution_transformer", 404, "there is no service 'distribution_transformer'"),
        ("coverage/post_office", 404, "the coverage of post_office was never run, or not on what you may see"),
        ("coverage/taxi/runs", 404, "there is no service 'taxi'"),
        ("coverage/runs/999999999", 404, "there is no coverage run 999999999"),
        (f"coverage/runs/{2**63}", 404, "there is no coverage run"),
        ("coverage/runs/0/places", 404, "there is no coverage run"),
        ("coverage/runs/999999999/report", 404, "there is no coverage run 999999999"),
        ("coverage?x=1", 400, "unknown parameter 'x'; known are none"),
        ("coverage/fire_hydrant/runs?limit=many", 400, "limit must be a whole number"),
        ("coverage/compare", 400, "before must be the id of a run"),
        ("coverage/compare?before=1&after=x", 400, "after must be a whole number from 0, got 'x'"),
        ("coverage/compare?before=1&after=999999998", 404, "there is no coverage run"),
        ("coverage/runs/1/places?bbox=1,2,3", 400, "bbox must be four numbers"),
        ("coverage/runs/1/places?served=perhaps", 400, "served must be yes or no, got 'perhaps'"),
        ("coverage/runs/1/places?colour=red", 400, "unknown parameter 'colour'; known are bbox, limit, served"),
        ("coverage/runs/1/report?f=docx", 400, "f must be one of html, xlsx, csv, gpkg, geojson"),
    ],
)
def test_what_is_not_there_or_wrong_is_told_by_name(ask, path, status, words):
    answer = ask(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert words in answer.json["detail"] and len(answer.data) < 1000


def test_answers_are_kept_by_nobody_between(ask, ids):
    for path in ("coverage", f"coverage/runs/{ids['after']}", f"coverage/runs/{ids['after']}/report?f=csv"):
        assert ask(path).headers["Cache-Control"] == "private, no-store"


def execute(city, inputs, **values):
    return city[0].test_client().post(RUN, json={"inputs": inputs}, **values)


@pytest.mark.parametrize(
    ("inputs", "auth", "status", "words"),
    [
        ({"service": "fire_hydrant"}, None, 401, "sign in to run"),
        ({"service": "taxi"}, LAN, 404, "there is no service 'taxi'"),
        ({"service": "fire_hydrant", "method": "zone"}, LAN, 400, "fire_hydrant can be told by streets"),
        ({"service": "fire_hydrant", "period": "month"}, LAN, 403, "only an administrator may add to a series"),
        ({"service": "fire_hydrant", "what_if": {"add_layer": ["substation"]}}, LAN, 404, "there is no layer"),
        ({"service": "fire_hydrant", "sites": {"n": 3, "from": "given"}}, LAN, 400, "sites from given needs points"),
        ({"service": "fire_hydrant", "distance_m": 5, "minutes": 5}, LAN, 400, "give distance_m or minutes"),
    ],
)
def test_a_run_that_cannot_be_is_refused_before_it_waits(city, inputs, auth, status, words):
    answer = execute(city, inputs, auth=auth)
    assert answer.status_code == status and words in answer.json["detail"]


def test_a_run_that_can_be_becomes_a_job(city, engine):
    answer = execute(city, {"service": "fire_hydrant", "title": "Lan's"}, auth=LAN)
    assert answer.status_code == 201 and answer.json["processID"] == "coverage"
    city[0].test_client().delete(answer.headers["Location"], auth=LAN)


def test_a_what_if_is_told_with_what_it_assumes(city, ask, ids):
    run_id = city[1](what_if=WhatIf(without=(ids["hydrant"],), closed=(ids["street"],)))
    found = ask(f"coverage/runs/{run_id}", auth=CHIEF).json
    assert found["run"]["what_if"]["en"] == [
        f"facilities counted out: 1 (id {ids['hydrant']})", f"streets closed: 1 (id {ids['street']})",
    ]  # fmt: skip
    assert not found["run"]["official"]
    assert "out" in {each["properties"]["state"] for each in found["facilities"]["features"]}
    assert "Assumed, not as things stand" in ask(f"coverage/runs/{run_id}/report?lang=en", auth=CHIEF).text
    assert ask("coverage/fire_hydrant").json["run"]["id"] == ids["after"]


COLLECTIONS = ("coverage_unit", "coverage_gap", "coverage_place", "coverage_site")


def get(city, path, auth=LAN):
    return city[0].test_client().get(f"/ogc/collections/{path}", auth=auth)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_results_are_collections_to_be_read_only(city, name):
    assert get(city, name).status_code == 200 and get(city, name, auth=None).status_code == 404
    client = city[0].test_client()
    feature = {"type": "Feature", "geometry": None, "properties": {}}
    assert client.post(f"/ogc/collections/{name}/items", json=feature, auth=CHIEF).status_code in (403, 405)


def test_units_and_gaps_are_found_by_run(city, ids):
    units = get(city, f"coverage_unit/items?run_id={ids['before']}").json
    assert units["numberMatched"] == 1 and units["features"][0]["properties"]["people_share"] == 0.75
    assert units["features"][0]["properties"]["service"] == "fire_hydrant"
    gaps = get(city, f"coverage_gap/items?run_id={ids['before']}&sortby=rank").json
    assert gaps["features"][0]["properties"]["people"] == 10
    places = get(city, f"coverage_place/items?run_id={ids['before']}&filter=served%3C1").json
    assert [each["properties"]["people"] for each in places["features"]] == [10]


def test_results_are_features_of_the_wfs_and_tiles(city, ids):
    client = city[0].test_client()
    wfs = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=infra:coverage_gap&count=1"
    answer = client.get(wfs, auth=LAN)
    assert answer.status_code == 200 and b"coverage_gap" in answer.data and b"MultiSurface" in answer.data
    tile = client.get("/ogc/collections/coverage_unit/tiles/WebMercatorQuad/12/1924/3261", auth=LAN)
    assert tile.status_code == 200 and b"people_share" not in tile.data and len(tile.data) > 50


def test_a_report_that_json_holds_can_be_read_back(ask, ids):
    answer = ask(f"coverage/runs/{ids['after']}")
    assert orjson.loads(answer.data) == answer.json and "NaN" not in answer.text
