"""Who may change features over the OGC API, and from which page."""

import json
import re

import pytest

from tests.web.writing_city import CHIEF, EDITOR, GEOJSON, ITEMS, LAN, PATCH, VIEWER, make_feature


@pytest.mark.parametrize(
    ("auth", "items", "item"),
    [
        (None, "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
        (LAN, "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
        (VIEWER, "GET, HEAD, OPTIONS", "GET, HEAD, OPTIONS"),
        (EDITOR, "GET, HEAD, OPTIONS, POST", "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"),
    ],
)
def test_everybody_is_told_what_they_may(client, create, auth, items, item):
    location = create()
    assert client.options(ITEMS, auth=auth).headers["Allow"] == items
    assert client.get(ITEMS, auth=auth).headers["Allow"] == items
    for path in (location, f"{ITEMS}/unknown_id"):
        answer = client.options(path, auth=auth)
        assert (answer.status_code, answer.headers["Allow"]) == (200, item)
    assert client.get(location, auth=auth).headers["Allow"] == item


def test_options_name_the_types_a_body_may_have(client):
    assert client.options(ITEMS, auth=EDITOR).headers["Accept-Post"] == "application/geo+json, application/json"
    assert client.options(f"{ITEMS}/1", auth=EDITOR).headers["Accept-Patch"] == PATCH
    assert "Accept-Post" not in client.options(ITEMS).headers


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403), (VIEWER, 403)])
def test_who_may_not_changes_nothing(send, create, rows, auth, status):
    location = create(remarks="một")
    for method, path, body in (
        ("POST", ITEMS, make_feature()),
        ("PUT", location, make_feature()),
        ("PATCH", location, {"properties": {"remarks": "hai"}}),
        ("DELETE", location, None),
        ("POST", ITEMS, b"not even JSON"),
        ("DELETE", f"{ITEMS}/99999999", None),
    ):
        assert send(method, path, body, auth=auth).status_code == status
    assert [row["remarks"] for row in rows()] == ["một"]


@pytest.mark.parametrize("auth", [None, LAN])
def test_a_layer_that_may_not_be_seen_is_not_there(send, client, auth):
    path = "/ogc/collections/water_plant/items"
    assert client.options(path, auth=auth).status_code == 404
    assert send("POST", path, make_feature(), auth=auth).status_code == 404
    assert send("DELETE", f"{path}/1", auth=auth).status_code == 404


def test_an_editor_keeps_a_feature_back_and_only_who_administers_opens_it(send, create, rows):
    location = create(asset_code="H1")
    assert send("PATCH", location, {"properties": {"sensitivity": "restricted"}}).status_code == 204
    for step in ("shared", "public", None):
        answer = send("PATCH", location, {"properties": {"sensitivity": step}})
        assert answer.status_code == 403 and "is opened by who administers layer fire_hydrant" in answer.json["detail"]
    assert send("PUT", location, make_feature(asset_code="H2")).status_code == 204
    assert (rows()[0]["asset_code"], rows()[0]["sensitivity"]) == ("H2", "restricted")
    assert send("PATCH", location, {"properties": {"sensitivity": "shared"}}, auth=CHIEF).status_code == 204
    assert rows()[0]["sensitivity"] == "shared"


def test_the_map_writes_with_its_token_and_not_without(client, rows):
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    name, password = EDITOR
    client.post("/sign-in", data={"username": name, "password": password, "csrf_token": token})
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
    assert client.options(ITEMS).headers["Allow"].endswith("POST")
    body = {"data": json.dumps(make_feature()), "content_type": GEOJSON}
    assert client.post(ITEMS, **body).status_code == 403 and rows() == []
    assert client.post(ITEMS, **body, headers={"X-CSRF-Token": token}).status_code == 201


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "http://localhost"}, 201),
    ],
)
def test_a_page_of_another_site_changes_nothing_with_a_password_the_browser_keeps(send, rows, headers, status):
    assert send("POST", ITEMS, make_feature(), **headers).status_code == status
    assert len(rows()) == (status == 201)
