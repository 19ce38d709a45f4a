"""Conflicts and works checks over HTTP: the shapes the map is built on, and what strangers learn."""

import datetime

import pytest
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.storage.transactions import writing
from gis_infra.web.analysis import books
from gis_infra.web.app import create_app
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
LAYERS = ("sewer_pipe", "water_pipe")
PASSWORD = "một mật khẩu dài"
LAN = ("lan", PASSWORD)  # signed in without grants: sees what is shared
STRIP = {"type": "LineString", "coordinates": [[106.69404, 10.7728], [106.69404, 10.77295]]}


def line(north_m):
    return f"LINESTRING(603000 {1191500 + north_m},603100 {1191500 + north_m})"


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application over two sewers too near each other and a water pipe beside them."""
    application = create_app(settings, engine)
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
        insert(connection, tables, "sewer_pipe", wkt=line(0), asset_code="S-1", owner="Thoát nước", system="storm")
        insert(connection, tables, "sewer_pipe", wkt=line(0.2), asset_code="S-2", system="storm")
        insert(connection, tables, "water_pipe", wkt=line(0.4), asset_code="W-1", owner="Sawaco")
    with application.app_context():
        found, given = books.get_books(), application.extensions["gis_infra"]
    ground = Ground(found.rules, given.catalogue, given.tables)
    run_conflicts(engine, ground, RunOrder(SYSTEM, ("qcvn01",), NOW))
    yield application
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, PERSON, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


@pytest.fixture
def ask(app):
    """Asks as somebody; the public if nobody is named."""
    return lambda path, **values: app.test_client().open(f"/analysis/{path}", **values)


def test_the_register_comes_as_geojson_with_what_the_map_needs(ask):
    answer = ask("conflicts", auth=LAN)
    assert answer.status_code == 200 and answer.mimetype == "application/geo+json"
    assert answer.json["numberMatched"] == 3 and len(answer.json["features"]) == 3
    one = next(each for each in answer.json["features"] if each["properties"]["left_code"] == "S-1"
               and each["properties"]["right_code"] == "S-2")  # fmt: skip
    assert one["geometry"]["type"] == "Point" and 106.69 < one["geometry"]["coordinates"][0] < 106.70
    names = ("rule", "severity", "status", "left_layer", "left_owner", "right_layer", "right_owner")
    assert [one["properties"][name] for name in names] == [
        "qcvn01.horizontal.storm_drain.storm_drain", "violation", "new", "sewer_pipe", "Thoát nước", "sewer_pipe", None,
    ]  # fmt: skip
    assert (one["properties"]["required_m"], one["properties"]["distance_m"]) == (0.4, 0.2)
    assert one["properties"]["rule_title"]["en"] == "Storm drain - Storm drain, side by side"
    assert one["properties"]["verified"] is False and one["properties"]["found_on"].startswith("2026-11-23T")


def test_the_public_sees_only_what_is_between_public_assets(ask):
    found = ask("conflicts").json
    assert found["numberMatched"] == 1
    assert {each["properties"]["right_layer"] for each in found["features"]} == {"sewer_pipe"}


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("bbox=106.69,10.77,106.70,10.78", 3),
        ("bbox=106.60,10.77,106.61,10.78", 0),
        ("bbox=170,-10,-170,10", 0),
        ("rule=qcvn01", 3),
        ("rule=qcvn01.horizontal.storm_drain.storm_drain", 1),
        ("status=resolved", 0),
        ("status=new,active", 3),
        ("status=all", 3),
    ],
)
def test_the_register_is_narrowed(ask, query, matched):
    assert ask(f"conflicts?{query}", auth=LAN).json["numberMatched"] == matched


def test_a_limit_shortens_the_list_and_not_the_count(ask):
    found = ask("conflicts?limit=1", auth=LAN).json
    assert (len(found["features"]), found["numberMatched"], found["numberReturned"]) == (1, 3, 1)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("bbox=1,2,3", "bbox must be four numbers"),
        ("status=open,closed", "status must be one of new, active"),
        ("limit=many", "limit must be a whole number from 0, got 'many'"),
        ("limit=-1", "limit must be a whole number"),
        ("colour=red", "unknown parameter 'colour'; known are bbox, rule, status, severity"),
        ("rule=%00", "rule must be a rule's id"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(ask, query, words):
    answer = ask(f"conflicts?{query}")
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_works_are_checked_with_owners_and_what_was_looked_at(ask):
    works = {"type": "Feature", "geometry": STRIP, "properties": {"depth_m": 1.2, "method": "open_cut"}}
    answer = ask("works-check", auth=LAN, method="POST", json=works)
    assert answer.status_code == 200
    found = answer.json
    assert [each["properties"]["right_code"] for each in found["conflicts"]["features"]] == ["S-1", "S-2", "W-1"]
    one = found["conflicts"]["features"][0]
    assert one["properties"]["severity"] == "vertical_unknown" and one["geometry"]["type"] == "LineString"
    assert one["properties"]["left_layer"] is None and one["properties"]["rule"] == "works.asset"
    sawaco = next(each for each in found["owners"] if each["owner"] == "Sawaco")
    assert (sawaco["answer"], sawaco["layers"], sawaco["contacts"]) == ("met", {"water_pipe": 1}, [])
    assert found["checked"]["unknown_depth"] == 3 and "water_pipe" in found["checked"]["layers"]
    assert "works.asset" in found["checked"]["rules"]


def test_the_public_may_check_works_against_public_assets(ask):
    found = ask("works-check", method="POST", json=STRIP).json
    assert [each["properties"]["right_layer"] for each in found["conflicts"]["features"]] == ["sewer_pipe"] * 2
    assert "water_pipe" not in found["checked"]["layers"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b'"x"', "must be a GeoJSON object"),
        (b'{"type":"Point","coordinates":[603000,1191500]}', "must be longitude and latitude"),
        (b'{"type":"Point","coordinates":[106.7,10.8],"x":' + b"[" * 2000 + b"]" * 2000 + b"}", "the body is not JSON"),
    ],
)
def test_works_that_cannot_be_read_are_a_clear_400(ask, body, words):
    answer = ask("works-check", method="POST", data=body)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_answers_are_kept_by_nobody_between(ask):
    assert ask("conflicts").headers["Cache-Control"] == "private, no-store"
