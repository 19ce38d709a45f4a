"""Reading over HTTP: links by cursor, counts up to a bound, limits, simplified shapes, earlier moments."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree
from sqlalchemy import text

from gis_infra.catalogue.history import build
from gis_infra.web.app import create_app
from gis_infra.web.ogcapi import parameters
from tests.web.test_ogcapi import app, client, find_link, get

__all__ = ["app", "client", "get"]

ITEMS = "/collections/fire_hydrant/items"
WFS = "/wfs?service=WFS&version=2.0.0&request=GetFeature&typenames=infra:fire_hydrant"
FILTERED = "filter=<Filter xmlns='http://www.opengis.net/fes/2.0'>"
FILTERED += "<PropertyIsLike wildCard='*' singleChar='.' escapeChar='!'>"
FILTERED += "<ValueReference>asset_code</ValueReference><Literal>H*</Literal></PropertyIsLike></Filter>"


def codes(page):
    return [feature["properties"]["asset_code"] for feature in page["features"]]


def find_links(page):
    return {link["rel"]: link["href"] for link in page["links"] if link["rel"] in ("first", "prev", "next")}


@pytest.mark.parametrize("sort", ["", "&sortby=-asset_code", "&sortby=status,-id", "&sortby=remarks"])
def test_links_lead_to_the_end_and_back(client, get, sort):
    pages = [get(f"{ITEMS}?limit=2{sort}")]
    while "next" in find_links(pages[-1]):
        pages.append(client.get(find_links(pages[-1])["next"]).json)
    forwards = [codes(page) for page in pages]
    assert [len(page) for page in forwards] == [2, 2, 1] and {page["numberMatched"] for page in pages} == {5}
    back = [codes(client.get(find_links(pages[-1])["prev"]).json), codes(client.get(find_links(pages[1])["prev"]).json)]
    assert back == [forwards[1], forwards[0]]
    assert codes(client.get(find_links(pages[2])["first"]).json) == forwards[0]


def test_a_page_by_offset_leads_on_by_cursor(client, get):
    page = get(f"{ITEMS}?limit=2&offset=2")
    assert "cursor=" in find_link(page, "next")["href"] and "offset" not in find_link(page, "next")["href"]
    assert codes(client.get(find_link(page, "next")["href"]).json) == ["H4"]


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("sortby=geometry", "sortby", "geometry is a geometry, which has no order"),
        ("sortby=" + ",".join(["name"] * 9), "sortby", "at most 8 properties can be sorted by, got 9"),
        ("zoom-level=25", "zoom-level", "zoom-level must be a whole number, from 0 to 24, got '25'"),
        ("zoom-level=x", "zoom-level", "got 'x'"),
        ("zoom-level=3&max-allowable-offset=5", "zoom-level", "both say how much to simplify"),
        ("max-allowable-offset=-1", "max-allowable-offset", "must be a number from 0 to 100000, got '-1'"),
        ("max-allowable-offset=nan", "max-allowable-offset", "got 'nan'"),
        ("as-of=yesterday", "as-of", "as-of must be as 2026-11-23"),
        ("as-of=2026-11-23T08:00:00", "as-of", "as-of must be as 2026-11-23 or 2026-11-23T08:00:00Z"),
        ("bbox=1,2,9,3,4,5", "bbox", "zmin 9.0 above zmax 5.0"),
        ("cursor=", "cursor", "cursor is none that a page of this service gave"),
        ("cursor=%00", "cursor", "cursor is none that a page of this service gave"),
        ("cursor=" + "A" * 30000, "cursor", "cursor is none that a page of this service gave"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, query, where, words):
    answer = client.get(f"/ogc{ITEMS}?{query}")
    assert answer.status_code == 400 and answer.json["where"] == where
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"zoom-level": "24"}, 0.0093307),
        ({"zoom-level": "0"}, 156543.034),
        ({"zoom-level": "14"}, 9.5546),
        ({"max-allowable-offset": "2.5"}, 2.5),
        ({"max-allowable-offset": "0"}, 0.0),
    ],
)
def test_a_tolerance_is_metres_or_a_pixel_of_the_zoom(arguments, expected):
    assert parameters.parse_tolerance(arguments) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("2020-11-23", datetime(2020, 11, 23, 23, 59, 59, 999999, UTC)),
        ("2020-11-23T08:00:00Z", datetime(2020, 11, 23, 8, tzinfo=UTC)),
        ("2020-11-23t08:00:00z", datetime(2020, 11, 23, 8, tzinfo=UTC)),
        ("2020-11-23T08:00:00+07:00", datetime(2020, 11, 23, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_time_or_the_end_of_a_day(text, expected):
    assert parameters.parse_as_of(text) == expected


def test_a_sort_key_keeps_its_name_but_for_one_sign():
    assert [key.name for key in parameters.parse_sort("+name,-status, --odd")] == ["name", "status", "-odd"]


# Counts.


@pytest.fixture(scope="module")
def bounded(app, settings, engine):
    """The same application, which counts up to two."""
    return create_app(replace(settings, count_limit=2), engine).test_client()


def test_a_count_above_the_bound_is_left_out_and_the_page_goes_on(bounded):
    page = bounded.get(f"/ogc{ITEMS}?limit=2&status=in_service").json
    assert "numberMatched" not in page and page["numberReturned"] == 2 and "next" in find_links(page)
    assert bounded.get(f"/ogc{ITEMS}?limit=2").json["numberMatched"] == 5


def test_wfs_says_unknown_on_a_page_and_counts_for_hits(bounded):
    page = etree.fromstring(bounded.get(f"{WFS}&{FILTERED}&count=2&startindex=1").data)
    assert (page.get("numberMatched"), page.get("numberReturned")) == ("unknown", "2")
    assert "STARTINDEX=3" in page.get("next")
    last = etree.fromstring(bounded.get(f"{WFS}&{FILTERED}&count=2&startindex=3").data)
    assert (last.get("numberReturned"), last.get("next")) == ("2", None)
    past = etree.fromstring(bounded.get(f"{WFS}&{FILTERED}&count=2&startindex=9").data)
    assert (past.get("numberReturned"), past.get("next")) == ("0", None)
    hits = etree.fromstring(bounded.get(f"{WFS}&{FILTERED}&resulttype=hits").data)
    assert hits.get("numberMatched") == "5"


# Limits.


def test_a_read_that_takes_too_long_is_told_to_come_back(app, settings, engine):
    hurried = create_app(replace(settings, read_limit_s=1), engine).test_client()
    with engine.connect() as connection, connection.begin():
        connection.execute(text("LOCK TABLE infra.fire_hydrant IN ACCESS EXCLUSIVE MODE"))
        answer = hurried.get(f"/ogc{ITEMS}")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "10"
    assert "longer than its time limit" in answer.json["detail"]


# Earlier moments.


def test_a_layer_is_read_as_it_was(app, client, get, engine, tables):
    before = datetime.now(UTC).isoformat()
    table = tables.get("fire_hydrant")
    with engine.begin() as connection:
        moved = connection.execute(table.update().where(table.c.asset_code == "H1").values(status="abandoned"))
    try:
        assert moved.rowcount == 1
        earlier = f"{ITEMS}?as-of={before.replace('+', '%2B')}&status=in_service"
        assert get(f"{ITEMS}?status=in_service")["numberMatched"] == 4
        assert sorted(codes(get(earlier))) == ["H0", "H1", "H2", "H3", "H4"]
        page = get(f"{earlier}&limit=3&sortby=-asset_code&bbox=106,10,107,11")
        assert codes(page) == ["H4", "H3", "H2"]
        assert codes(client.get(find_links(page)["next"]).json) == ["H1", "H0"]
        assert get(f"{ITEMS}?as-of=2000-01-01")["features"] == []
    finally:
        with engine.begin() as connection:
            connection.execute(table.update().where(table.c.asset_code == "H1").values(status="in_service"))
            connection.execute(build(table).delete())
