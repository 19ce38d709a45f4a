"""What a hostile caller of the OGC API asks: filters that grow as they are read, patterns that break, secrets."""

import re

import pytest
from sqlalchemy.dialects import postgresql

from gis_infra.filters.cql2 import parse_text
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.web import sending
from gis_infra.web.places import AT_ONCE
from tests.web.test_ogcapi import PASSWORD, app, client, get

__all__ = ["app", "client", "get"]

ITEMS = "/collections/fire_hydrant/items"
ACUTE = "\u0301"  # an accent by itself, which ACCENTI takes away


@pytest.fixture
def measure(tables, catalogue):
    """A function that gives the number of characters of a filter's SQL."""
    layer = catalogue.get_layer("fire_hydrant")
    scope = Scope(layer, tables.get(layer.id), tables.srid)

    def read(text):
        return len(str(to_sql(parse_text(text), scope).compile(dialect=postgresql.dialect())))

    return read


def nest(name, times, inner="id"):
    """A function of itself, so many times."""
    return f"{name}(" * times + inner + ")" * times


def add(count):
    """The sum of so many ids, its brackets as shallow as can be."""
    return "id" if count == 1 else f"({add(count // 2)} + {add(count - count // 2)})"


@pytest.mark.parametrize("name", ["round", "floor", "ceil", "abs"])
def test_a_function_of_a_function_makes_sql_that_grows_with_it_and_no_faster(measure, name):
    lengths = [measure(f"{nest(name, times)} = 1") for times in (4, 8, 16)]
    assert lengths[2] - lengths[1] <= 2.2 * (lengths[1] - lengths[0])


@pytest.mark.parametrize("options", [("1",), ("1", "1.5"), ("1", "'2'", "1.5", "99999999999999999999")])
def test_a_long_value_in_a_long_list_makes_sql_of_the_length_of_both(measure, options):
    listed = ", ".join(options * (200 // len(options)))
    value, alone = measure(f"{add(200)} = 1"), measure(f"id IN ({listed})")
    assert measure(f"{add(200)} IN ({listed})") <= 4 * value + 2 * alone


@pytest.mark.parametrize("name", ["lower", "upper", "trim", "abs", "floor", "ceil", "round", "casei", "accenti"])
@pytest.mark.parametrize("times", [10, 30, 31, 58])
def test_functions_within_functions_are_answered_or_refused(client, name, times):
    inner, wanted = ("id", "1") if name in ("abs", "floor", "ceil", "round") else ("asset_code", "'h0'")
    answer = client.get(f"/ogc{ITEMS}", query_string={"filter": f"{nest(name, times, inner)} = {wanted}"})
    assert answer.status_code == 200 or (answer.status_code == 400 and "within more than" in answer.json["detail"])
    assert times > 30 or answer.status_code == 200


@pytest.mark.parametrize("pattern", [f"H\\{ACUTE}", f"H%\\{ACUTE}", f"%\\{ACUTE}", f"H\\\\\\{ACUTE}"])
@pytest.mark.parametrize(
    "form", ["asset_code LIKE ACCENTI('{}')", "CASEI(ACCENTI(asset_code)) LIKE CASEI(ACCENTI('{}'))"]
)
def test_a_pattern_whose_last_accent_is_taken_away_does_not_end_in_an_escape(get, form, pattern):
    assert get(f"{ITEMS}?filter={form.format(pattern)}")["numberReturned"] in (0, 5)


@pytest.mark.parametrize(
    ("pattern", "found"), [("\\H0", 1), ("\\H\\_", 0), ("H\\%", 0), ("H_", 5), ("\\h%", 0), ("H\\0", 1), ("\\\\H%", 0)]
)
def test_a_backslash_escapes_wild_characters_and_means_nothing_before_others(get, pattern, found):
    literal = pattern.replace("\\", "\\\\")  # once for the language, once for the pattern
    assert get(f"{ITEMS}?filter=asset_code LIKE '{literal}'")["numberMatched"] == found


def test_a_page_reads_a_filter_in_its_own_coordinates(client):
    asked = {
        "filter": "S_INTERSECTS(geom, BBOX(603099, 1190999, 603101, 1191001))",
        "filter-crs": "http://www.opengis.net/def/crs/EPSG/0/9210",
        "f": "html",
        "lang": "en",
    }
    answer = client.get(f"/ogc{ITEMS}", query_string=asked)
    assert answer.status_code == 200 and "1 feature<" in answer.text


def find_token(client):
    """The token of a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]


def test_no_letter_of_a_token_stands_in_two_pages(client):
    """Pages are compressed together with what their address says, and their length tells what is in them twice."""
    client.post("/sign-in", data={"username": "lan", "password": PASSWORD, "csrf_token": find_token(client)})
    first, second = find_token(client), find_token(client)
    assert sum(one == other for one, other in zip(first, second, strict=True)) < len(first) / 4
    for token, status in ((first[:-4], 403), (first[::-1], 403), ("", 403), ("é", 403), (second, 303)):
        assert client.post("/sign-out", data={"csrf_token": token}).status_code == status


@pytest.mark.parametrize("form", ["json", "csv"])
def test_clients_that_take_nothing_hold_no_more_than_their_places(client, engine, form):
    address = f"/ogc{ITEMS}?limit=3000&f={form}"
    whole = strip_time(client.get(address).data)
    left = [client.get(address, buffered=False) for _ in range(20)]
    assert engine.pool.checkedout() == AT_ONCE
    assert [strip_time(answer.data) for answer in left] == [whole] * 20
    assert engine.pool.checkedout() == 0


def test_a_long_page_without_a_place_is_not_held_beyond_memory(client, monkeypatch):
    monkeypatch.setattr(sending, "MOST_BYTES", 100)
    address = f"/ogc{ITEMS}?limit=3000"
    left = [client.get(address, buffered=False) for _ in range(AT_ONCE)]
    refused = client.get(address)
    assert refused.status_code == 503 and "ask for fewer features" in refused.json["detail"]
    assert all(len(answer.data) > 100 for answer in left)


def strip_time(body):
    """A page without the moment at which it was made."""
    return re.sub(rb'"timeStamp":"[^"]*"', b"", body)
