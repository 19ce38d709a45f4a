"""Coverage tells nobody of what they may not see: not in a list, a count, a file, a collection, an extent or an error.

Two cities of one shape are asked the same: what somebody is told with a run that is not theirs to see is what they are
told without it, but for moments and numbers that count up.
"""

import re

import pytest
from sqlalchemy import delete

from gis_infra.accounts.people import get_actor
from gis_infra.analysis.coverage.methods.model import WhatIf
from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN
from gis_infra.storage.transactions import reading, writing
from tests.builders import insert
from tests.web import test_coverage
from tests.web.test_coverage import CHIEF, COLLECTIONS, LAN, MINH

city, ids, ask = test_coverage.city, test_coverage.ids, test_coverage.ask
TILE = "/ogc/collections/coverage_gap/tiles/WebMercatorQuad/14/7698/13047"
WFS = "/wfs?service=WFS&version=2.0.0&request="
LISTS = (
    "/analysis/coverage", "/analysis/coverage/fire_hydrant", "/analysis/coverage/fire_hydrant/runs",
    *(f"/ogc/collections/{name}/items" for name in COLLECTIONS),
    *(f"/ogc/collections/{name}/items?f=html" for name in COLLECTIONS),
    *(f"/ogc/collections/{name}" for name in COLLECTIONS),
    *(f"{WFS}GetFeature&typeNames=infra:{name}&resultType=hits" for name in COLLECTIONS),
    f"{WFS}GetPropertyValue&typeNames=infra:coverage_gap&valueReference=people",
    TILE, "/ogc/collections/coverage_unit/tiles/WebMercatorQuad/12/1924/3261",
)  # fmt: skip
MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+\d\d:\d\d)?|token\"[^>]*")


@pytest.fixture
def hidden(city, ids, engine):
    """The number of a run that Lan made for herself, a what if; gone after the test."""
    run = city[1]
    with reading(engine) as connection:
        lan = get_actor(connection, LAN[0])
    run_id = run(actor=lan, what_if=WhatIf(without=(ids["hydrant"],)), title="Bí mật của Lan")
    yield run_id
    with writing(engine) as connection:
        connection.execute(delete(COVERAGE_RUN).where(COVERAGE_RUN.c.id == run_id))


@pytest.fixture
def secret(city, ids, engine, tables):
    """The number of an official run in which a hydrant took part that few may see; all gone after the test."""
    with writing(engine) as connection:
        place = "POINT(603100 1192000)"
        row = insert(connection, tables, "fire_hydrant", wkt=place, asset_code="MAT-9", sensitivity="restricted")
    run_id = city[1](title="Bí mật")
    yield run_id
    with writing(engine) as connection:
        connection.execute(delete(COVERAGE_RUN).where(COVERAGE_RUN.c.id == run_id))
        table = tables.get("fire_hydrant")
        connection.execute(delete(table).where(table.c.id == row))


def look(city, path, auth):
    """The answer without moments."""
    answer = city[0].test_client().get(path, auth=auth)
    return answer.status_code, MOMENT.sub(b"", answer.data)


def list_paths(run_id):
    """Every address of one run."""
    one = f"/analysis/coverage/runs/{run_id}"
    return (one, f"{one}/places", *(f"{one}/report?f={form}" for form in ("html", "xlsx", "csv", "gpkg", "geojson")))


@pytest.mark.parametrize("path", LISTS)
def test_an_answer_is_the_same_whether_or_not_somebody_elses_run_is_there(city, engine, hidden, path):
    with_it = look(city, path, MINH)
    with writing(engine) as connection:
        connection.execute(delete(COVERAGE_RUN).where(COVERAGE_RUN.c.id == hidden))
    assert with_it == look(city, path, MINH) and with_it[0] in (200, 204)


@pytest.mark.parametrize("auth", [None, MINH])
def test_a_run_somebody_made_for_themselves_is_not_there_for_others(city, hidden, auth):
    for path in list_paths(hidden):
        status, told = look(city, path, auth)
        assert status == 404 and f"there is no coverage run {hidden}".encode() in told
        unknown = look(city, path.replace(str(hidden), "999999999"), auth)
        assert told.replace(str(hidden).encode(), b"999999999") == unknown[1]


@pytest.mark.parametrize("auth", [LAN, CHIEF])
def test_it_is_there_for_who_made_it_and_for_administrators(city, hidden, auth):
    for path in list_paths(hidden):
        assert look(city, path, auth)[0] == 200
    assert str(hidden).encode() in look(city, "/analysis/coverage/fire_hydrant/runs", auth)[1]
    assert look(city, f"/ogc/collections/coverage_unit/items?run_id={hidden}", auth)[1].count(b"26701") > 0


def test_two_people_with_the_same_grants_are_not_given_each_others_tiles(city, hidden, ids, engine):
    tiles = [city[0].test_client().get(TILE, auth=auth) for auth in (LAN, MINH)]
    assert len(tiles[0].data) > len(tiles[1].data) > 0 and tiles[0].headers["ETag"] != tiles[1].headers["ETag"]


@pytest.mark.parametrize("auth", [None, LAN, MINH])
def test_a_run_in_which_a_hidden_row_took_part_is_not_there(city, ids, secret, auth):
    for path in list_paths(secret):
        assert look(city, path, auth)[0] == 404
    runs = look(city, "/analysis/coverage/fire_hydrant/runs", auth)[1]
    assert str(ids["after"]).encode() in runs and "Bí mật".encode() not in runs
    for before, after in ((ids["before"], secret), (secret, ids["after"])):
        assert look(city, f"/analysis/coverage/compare?before={before}&after={after}", auth)[0] == 404
    told = look(city, f"/ogc/collections/coverage_unit/items?run_id={secret}", LAN)[1]
    assert b'"numberMatched":0' in told.replace(b" ", b"")


def test_an_older_run_does_not_stand_in_for_the_latest_that_is_hidden(city, ids, secret):
    assert look(city, "/analysis/coverage/fire_hydrant", CHIEF)[0] == 200
    assert look(city, "/analysis/coverage/fire_hydrant", LAN)[0] == 404


def test_nobody_runs_what_they_may_not_see_all_of(city, secret):
    inputs = {"inputs": {"service": "fire_hydrant"}}
    answer = city[0].test_client().post(test_coverage.RUN, json=inputs, auth=LAN)
    assert answer.status_code == 403 and "every row that takes part" in answer.json["detail"]
    assert "MAT-9" not in answer.text


def test_who_ran_what_all_may_see_is_told_to_nobody(ask, ids):
    assert ask(f"coverage/runs/{ids['after']}").json["run"]["actor"] is None
    assert ask(f"coverage/runs/{ids['after']}", auth=LAN).json["run"]["actor"] is None


@pytest.mark.parametrize(
    "condition", ["1/(people-10)>0", "1 div (people-10)>0", "(people-11)^(0.5)>0", "(people-10)^(-1)>0"]
)
def test_no_filter_fails_on_a_row_that_is_not_shown(city, hidden, condition):
    path = "/ogc/collections/coverage_gap/items"
    answer = city[0].test_client().get(path, auth=MINH, query_string={"filter": condition})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert all(each["properties"]["run_id"] != hidden for each in answer.json["features"])


def test_a_revision_of_a_layer_is_told_to_who_may_see_all_of_it(ask, ids):
    public = ask(f"coverage/runs/{ids['after']}").json["run"]["data"]
    assert {each["revision"] for each in public} == {None}
    assert "None" not in ask(f"coverage/runs/{ids['after']}/report").text
