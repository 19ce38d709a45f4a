"""Tiles of the features a filter asks for: the same filter as of items, kept apart, for the same eyes, never stale."""

import json

import pytest
from sqlalchemy import text

from gis_infra.storage.transactions import writing
from gis_infra.web.ogcapi import tiles
from tests.tiles import decode
from tests.web.test_ogcapi import app, client
from tests.web.test_tiles import HYDRANTS, LAN, PIPES, TILE, VIEWER, read_ids

__all__ = ["app", "client"]


@pytest.fixture
def ask(client):
    """A function that asks for the tile of the hydrants."""

    def get(headers=None, path=TILE, **parameters):
        return client.get(path, query_string=parameters, headers=headers)

    return get


@pytest.fixture
def rows(engine, app):
    """Three more hydrants in the tile, gone after the test."""
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO infra.fire_hydrant (geom, asset_code, status, installed_on) SELECT "
                "st_setsrid(st_makepoint(603001, 1191000), 9210), code, status, day FROM (VALUES "
                "('Họng A', 'in_service', DATE '2020-05-01'), ('hong b', 'abandoned', DATE '2024-05-01'), "
                "('Hẻm', 'in_service', NULL)) AS made (code, status, day)"
            )
        )
    yield
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM infra.fire_hydrant WHERE asset_code NOT LIKE 'H_'"))


def read_codes(answer):
    assert answer.status_code == 200, answer.data
    return sorted(each["properties"]["asset_code"] for each in decode(answer.data).get("fire_hydrant", []))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("asset_code = 'Hẻm'", ["Hẻm"]),
        ("ACCENTI(CASEI(asset_code)) LIKE ACCENTI(CASEI('HONG%'))", ["Họng A", "hong b"]),
        ("status IN ('abandoned')", ["hong b"]),
        ("installed_on >= DATE('2021-01-01')", ["hong b"]),
        ("installed_on BETWEEN DATE('2020-01-01') AND DATE('2020-12-31')", ["Họng A"]),
        ("installed_on IS NULL AND NOT asset_code = 'H0'", ["Hẻm"]),
        ("status = 'in_service' OR status = 'abandoned'", ["H0", "Hẻm", "Họng A", "hong b"]),
        ("asset_code = 'nothing of the kind'", []),
    ],
)
def test_a_tile_holds_what_its_filter_asks_for(ask, rows, words, codes):
    assert read_codes(ask(filter=words)) == sorted(codes)
    assert read_codes(ask(**{"filter": words, "filter-lang": "cql2-text"})) == sorted(codes)


def test_filters_are_understood_in_json_and_in_the_coordinates_of_the_city(ask, rows):
    corners = [[602990, 1190990], [603000.5, 1190990], [603000.5, 1191010], [602990, 1191010], [602990, 1190990]]
    inside = {"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Polygon", "coordinates": [corners]}]}
    asked = {"filter": json.dumps(inside), "filter-lang": "cql2-json"}
    assert read_codes(ask(**asked, **{"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/9210"})) == ["H0"]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"filter": "asset_code ="}, "the end found, at character 13"),
        ({"filter": "colour = 'red'"}, "colour"),
        ({"filter": "asset_code = 'x'", "filter-lang": "sql"}, "filter-lang must be one of"),
        ({"filter-crs": "EPSG:1"}, "filter-crs"),
        ({"datetime": "2020-01-01"}, "there is no parameter 'datetime' here"),
    ],
)
def test_a_filter_that_cannot_be_understood_is_refused_in_words(ask, parameters, words):
    answer = ask(**parameters)
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"]


def test_a_wrong_filter_is_refused_where_nothing_is_drawn_too(client):
    assert client.get(f"{HYDRANTS}/0/0/0", query_string={"filter": "colour = 1"}).status_code == 400


def test_a_wrong_filter_is_refused_to_whom_holds_the_whole_tile(ask):
    tag = ask().headers["ETag"]
    assert ask({"If-None-Match": tag}, filter="colour = 1").status_code == 400
    assert ask({"If-None-Match": tag}, filter="asset_code = 'H0'").status_code == 200


def test_tiles_of_different_filters_and_the_whole_one_are_kept_apart(ask, rows):
    first, second = ask(filter="asset_code = 'H0'"), ask(filter="asset_code = 'Hẻm'")
    assert (read_codes(first), read_codes(second)) == (["H0"], ["Hẻm"])
    assert len(read_codes(ask())) == 4
    again = ask(filter="asset_code = 'H0'")
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert len({each.headers["ETag"] for each in (first, second, ask())}) == 3
    assert ask({"If-None-Match": first.headers["ETag"]}, filter="asset_code = 'H0'").status_code == 304


def test_filtered_tiles_have_room_of_their_own(ask, app):
    ask(filter="asset_code = 'H1'")
    assert app.extensions[tiles.FILTERED].memory is not app.extensions[tiles.SHELF].memory
    assert {key.words for key in app.extensions[tiles.SHELF].memory._entries} <= {()}
    assert all(key.words for key in app.extensions[tiles.FILTERED].memory._entries)


def test_an_edit_shows_in_the_next_filtered_tile(ask, rows, engine):
    assert read_codes(ask(filter="status = 'abandoned'")) == ["hong b"]
    with writing(engine) as connection:
        connection.execute(text("UPDATE infra.fire_hydrant SET status = 'abandoned' WHERE asset_code = 'Hẻm'"))
    assert read_codes(ask(filter="status = 'abandoned'")) == ["Hẻm", "hong b"]


@pytest.mark.parametrize(("who", "count"), [(LAN, 3), (VIEWER, 4)])
def test_a_filter_opens_nothing_that_may_not_be_seen(ask, who, count):
    for words in ("id > 0", "sensitivity = 'restricted' OR id > 0", "NOT (sensitivity = 'restricted') OR id > 0"):
        assert len(read_ids(ask(who, PIPES, filter=words))) == count
    hidden = ask(who, PIPES, filter="sensitivity = 'restricted'")
    assert len(read_ids(hidden)) == (1 if who is VIEWER else 0)


def test_the_api_definition_says_that_tiles_can_be_filtered(client):
    paths = client.get("/ogc/api").json["paths"]
    (path,) = [each for each in paths if each.startswith("/collections/fire_hydrant/tiles/") and "tileCol" in each]
    named = [each.get("$ref", "").rpartition("/")[2] for each in paths[path]["get"]["parameters"]]
    assert {"filter", "filter-lang", "filter-crs"} <= set(named)
