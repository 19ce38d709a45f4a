"""OGC API: the items of a collection, and every way to ask for them."""

import pytest

from tests.web.test_ogcapi import CRS84, EPSG, app, client, find_link, get

__all__ = ["app", "client", "get"]

ITEMS = "/collections/fire_hydrant/items"


def codes(page):
    return [feature["properties"]["asset_code"] for feature in page["features"]]


def test_a_page_says_how_many_there_are_and_how_many_it_holds(get):
    page = get(f"{ITEMS}?limit=2")
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (5, 2, 2)
    assert page["timeStamp"].endswith("Z")


def test_next_links_lead_through_everything_once(client, get):
    page, found = get(f"{ITEMS}?limit=2&status=in_service"), []
    while True:
        found += codes(page)
        following = [link for link in page["links"] if link["rel"] == "next"]
        if not following:
            break
        assert following[0]["type"] == "application/geo+json"
        page = client.get(following[0]["href"]).json
        assert page["numberMatched"] == 5
    assert found == ["H0", "H1", "H2", "H3", "H4"]


def test_pages_by_offset_link_both_ways(client, get):
    page = get(f"{ITEMS}?limit=2&offset=2&sortby=-asset_code")
    assert codes(page) == ["H2", "H1"]
    assert codes(client.get(find_link(page, "prev")["href"]).json) == ["H4", "H3"]
    assert codes(client.get(find_link(page, "next")["href"]).json) == ["H0"]


def test_past_the_end_is_an_empty_page_that_still_counts(get):
    page = get(f"{ITEMS}?offset=100")
    assert (page["features"], page["numberMatched"], page["numberReturned"]) == ([], 5, 0)


def test_links_stand_in_the_header_too(client):
    header = client.get(f"/ogc{ITEMS}?limit=2").headers["Link"]
    assert 'rel="next"; type="application/geo+json"' in header and 'rel="self"' in header


def test_a_limit_above_the_most_is_taken_as_the_most(get):
    assert get(f"{ITEMS}?limit=99999999")["numberReturned"] == 5


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("limit=0", "limit", "limit must be a whole number, at least 1, got '0'"),
        ("limit=-1", "limit", "at least 1, got '-1'"),
        ("limit=many", "limit", "got 'many'"),
        ("limit=1.5", "limit", "got '1.5'"),
        ("limit=%D9%A3", "limit", "whole number"),
        ("offset=-1", "offset", "offset must be a whole number, at least 0"),
        ("cursor=x", "cursor", "cursor is none that a page of this service gave"),
        ("cursor=WzAsIiIsMV0&sortby=name", "cursor", "belongs to a page that was sorted otherwise"),
        ("cursor=WzAsIiIsMV0&offset=5", "cursor", "cursor and offset both say where the page begins"),
        ("bbox=1,2,3", "bbox", "bbox must be four numbers (or six with heights), got 3"),
        ("bbox=1,2,3,x", "bbox", "bbox must be four numbers"),
        ("bbox=1,9,3,4", "bbox", "ymin 9.0 above ymax 4.0"),
        ("bbox=1,2,3,nan", "bbox", "finite"),
        ("bbox=", "bbox", "bbox must be four numbers"),
        ("bbox=1,2,3,4&bbox-crs=EPSG:4326", "bbox-crs", "bbox-crs 'EPSG:4326' is not offered; offered are"),
        ("crs=http://www.opengis.net/def/crs/EPSG/0/2193", "crs", "is not offered; offered are"),
        ("crs=x", "crs", CRS84),
        ("datetime=yesterday", "datetime", "datetime must be as 2026-11-23"),
        ("datetime=2026-01-02/2026-01-01", "datetime", "begins on 2026-01-02 after it ends on 2026-01-01"),
        ("datetime=a/b/c", "datetime", "one slash"),
        ("properties=asset_code,nix", "nix", "has no property 'nix'; it has"),
        ("sortby=nix", "nix", "has no property 'nix'"),
        ("skipGeometry=yes", "skipGeometry", "must be true or false"),
        ("status=new", "status", "status must be one of abandoned"),
        ("nominal_diameter_mm=big", "nominal_diameter_mm", "must be a number, got 'big'"),
        ("colour=red", "colour", "there is no parameter 'colour' here; there are"),
        ("lang=fr", "lang", "lang must be one of vi, en, got 'fr'"),
        ("f=xml", "f", "f must be one of json, jsonfg, gml, fgb, csv, html, got 'xml'"),
        ("asset_code=a%00b", "asset_code", "without a zero byte"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(client, query, where, words):
    answer = client.get(f"/ogc{ITEMS}?{query}")
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert words in answer.json["detail"] and answer.json["where"] == where


@pytest.mark.parametrize(
    "path", ["/", "/conformance", "/api", "/collections", "/collections/fire_hydrant", "/styles/infra", f"{ITEMS}/1"]
)
def test_an_unknown_parameter_is_refused_everywhere(get, path):
    assert get(f"{path}?colour=red", status=400)["where"] == "colour"


# Boxes and systems.


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bbox=106.6935,10.768,106.6946,10.769", ["H0", "H1"]),
        ("bbox=106.6935,10.768,-5,106.6946,10.769,5", ["H0", "H1"]),
        (f"bbox=10.768,106.6935,10.769,106.6946&bbox-crs={EPSG}/4326", ["H0", "H1"]),
        (f"bbox=603000,1190999,603100,1191001&bbox-crs={EPSG}/9210", ["H0", "H1"]),
        ("bbox=170,-90,-170,90", []),
        ("bbox=-180,-90,180,90", ["H0", "H1", "H2", "H3", "H4"]),
    ],
)
def test_a_box_is_read_in_the_axis_order_of_its_system(get, query, expected):
    assert codes(get(f"{ITEMS}?{query}")) == expected


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        (CRS84, [106.6935841, 10.7684037, 2.5]),
        (f"{EPSG}/4326", [10.7684037, 106.6935841, 2.5]),
        (f"{EPSG}/9210", [603000, 1191000, 2.5]),
        (f"{EPSG}/3857", [11877075.452, 1205853.317, 2.5]),
    ],
)
def test_coordinates_come_in_the_axis_order_of_their_system(client, crs, expected):
    answer = client.get(f"/ogc{ITEMS}?limit=1&crs={crs}")
    assert answer.headers["Content-Crs"] == f"<{crs}>"
    assert answer.json["features"][0]["geometry"]["coordinates"] == pytest.approx(expected, abs=0.001)


def test_numbers_are_not_longer_than_a_centimetre_needs(client):
    assert '"coordinates":[106.6935841,10.7684037,2.5]' in client.get(f"/ogc{ITEMS}?limit=1").text


# Time.


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("2026-03-15", ["spring", "someday"]),
        ("2026-03-15T08:00:00Z", ["spring", "someday"]),
        ("2026-05-01", ["someday"]),
        ("2026-04-30/..", ["spring", "someday"]),
        ("../2026-02-28", ["someday"]),
        ("/2026-03-01", ["spring", "someday"]),
        ("../..", ["spring", "someday"]),
        ("2026-01-01/2026-12-31T23:59:59+07:00", ["spring", "someday"]),
    ],
)
def test_works_are_found_by_when_they_are_done(get, interval, expected):
    found = codes(get(f"/collections/works_project/items?datetime={interval.replace('+', '%2B')}"))
    assert found == expected


def test_features_that_know_no_time_match_any(get):
    assert get(f"{ITEMS}?datetime=1900-01-01")["numberMatched"] == 5


# Other ways to ask.


def test_properties_and_geometry_can_be_left_out(get):
    feature = get(f"{ITEMS}?limit=1&properties=asset_code&skipGeometry=true")["features"][0]
    assert feature["properties"] == {"asset_code": "H0"} and feature["geometry"] is None


def test_a_property_is_a_parameter(get):
    assert codes(get(f"{ITEMS}?asset_code=H3")) == ["H3"]


def test_one_feature_is_had_by_its_id(client, get):
    first = get(f"{ITEMS}?limit=1")["features"][0]
    answer = client.get(f"/ogc{ITEMS}/{first['id']}")
    assert answer.mimetype == "application/geo+json" and answer.headers["Content-Crs"] == f"<{CRS84}>"
    document = answer.json
    assert find_link(document, "collection")["href"].endswith("/ogc/collections/fire_hydrant")
    del document["links"]
    assert document == first


@pytest.mark.parametrize("feature_id", ["999999999", "x", "-1", "1.5", "9" * 30, "%00"])
def test_what_is_no_id_is_the_id_of_nothing(client, feature_id):
    answer = client.get(f"/ogc{ITEMS}/{feature_id}")
    assert answer.status_code == 404 and "fire_hydrant has no feature" in answer.json["detail"]


def test_other_methods_are_not_allowed(client):
    assert client.post(f"/ogc{ITEMS}/1").status_code == 405
