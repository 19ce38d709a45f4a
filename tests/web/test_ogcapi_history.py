"""OGC API: the versions of a feature, one of them, one made current again, and the layer as of a moment."""

import re
from datetime import UTC, datetime, timedelta

import pyogrio
import pytest
from sqlalchemy import delete, func, select, update

from gis_infra.catalogue.history import build
from gis_infra.features.history import tag
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests import builders
from tests.web import writing_city
from tests.web.writing_city import EDITOR, GEOJSON, ITEMS, LAN, PATCH, VIEWER


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people in it."""
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        writing_city.clear(connection, tables)


@pytest.fixture
def client(app, engine, tables):
    """A caller; what a test wrote is gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        writing_city.empty(connection, tables)


@pytest.fixture
def hydrants(tables):
    """The table of the fire hydrants, which everybody may see."""
    return tables.get("fire_hydrant")


@pytest.fixture
def hydrant(client, engine, tables, hydrants):
    """The id of a hydrant of three versions: put in by plain SQL, renamed by the API, moved by plain SQL."""
    with writing(engine) as connection:
        id_ = builders.insert(connection, tables, "fire_hydrant", wkt="POINT (603000 1191000)", name="a")
    answer = client.patch(f"{ITEMS}/{id_}", json={"properties": {"name": "b"}}, content_type=PATCH, auth=EDITOR)
    assert answer.status_code == 204
    with writing(engine) as connection:
        connection.execute(update(hydrants).values(geom=func.st_translate(hydrants.c.geom, 3, 4)))
    return id_


def read(client, path, auth=EDITOR, status=200):
    """The JSON at an address."""
    answer = client.get(path, auth=auth)
    assert answer.status_code == status, answer.text
    return answer.json


def find(document, rel):
    """The address a document links to."""
    return next((each["href"] for each in document["links"] if each["rel"] == rel), None)


def test_the_history_tells_what_changed_by_whom_and_by_what(client, hydrant, engine):
    found = read(client, f"{ITEMS}/{hydrant}/history")
    assert (found["id"], found["collection"], found["deleted"]) == (hydrant, "fire_hydrant", False)
    assert (found["numberMatched"], found["numberReturned"]) == (3, 3)
    third, second, first = found["versions"]
    assert [each["number"] for each in (third, second, first)] == [3, 2, 1]
    assert second["made"] == {"by": "editor", "via": "api", "import": None}
    assert third["made"]["via"] == first["made"]["via"] == "sql"
    assert second["changes"] == [{"property": "name", "old": "a", "new": "b"}]
    assert third["changes"] == [] and second["geometry"] is None
    assert third["geometry"] == {"moved_m": 5.0, "length_change_m": None, "area_change_m2": None}
    assert [each["created"] for each in (third, second, first)] == [False, False, True]
    assert third["to"] is None and third["from"] == second["to"] and second["from"] == first["to"]


def test_names_of_people_are_for_those_who_signed_in(client, hydrant):
    for auth, names in ((LAN, {"editor", None}), (None, {None})):
        versions = read(client, f"{ITEMS}/{hydrant}/history", auth)["versions"]
        assert {each["made"]["by"] for each in versions} >= names - {None}
        assert ("editor" in {each["made"]["by"] for each in versions}) is (auth is not None)
        assert [each["made"]["via"] for each in versions] == ["sql", "api", "sql"]
    assert "editor" not in client.get(f"{ITEMS}/{hydrant}/history?f=html").text


def test_pages_of_versions_follow_one_another_and_back(client, hydrant):
    pages, address = [], f"{ITEMS}/{hydrant}/history?limit=1"
    while address:
        pages.append(read(client, address))
        address = find(pages[-1], "next")
    assert [each["versions"][0]["number"] for each in pages] == [3, 2, 1]
    back = [read(client, find(each, "prev")) for each in pages[1:]]
    assert [each["versions"][0]["number"] for each in back] == [3, 2]
    assert find(pages[0], "prev") is None


WRONG = [
    ("history?limit=0", 400, "limit"),
    ("history?limit=101", 400, "limit"),
    ("history?before=0", 400, "before"),
    ("history?before=x", 400, "before"),
    ("history?page=2", 400, "page"),
    ("history/0", 404, "version"),
    ("history/4", 404, "has no version 4; it has 1 to 3"),
    ("history/x", 404, "version"),
    ("history/99999999999999999999", 404, "version"),
    ("history/1?crs=EPSG:1", 400, "crs"),
    ("history/1?as-of=2026-01-01", 400, "as-of"),
]


@pytest.mark.parametrize(("path", "status", "words"), WRONG)
def test_what_cannot_be_had_is_said(client, hydrant, path, status, words):
    answer = client.get(f"{ITEMS}/{hydrant}/{path}", auth=EDITOR)
    assert answer.status_code == status
    assert words in answer.json["detail"] or answer.json["where"] == words


def test_a_feature_that_never_was_has_no_history(client, hydrant):
    for path in (f"{ITEMS}/{hydrant + 1}/history", f"{ITEMS}/x/history", "/ogc/collections/none/items/1/history"):
        read(client, path, status=404)


def test_a_version_is_a_feature_with_the_coordinates_asked_for(client, hydrant):
    answer = client.get(f"{ITEMS}/{hydrant}/history/1", auth=EDITOR)
    found = answer.json
    assert answer.content_type == GEOJSON
    assert (found["type"], found["id"], found["properties"]["name"]) == ("Feature", hydrant, "a")
    assert found["version"]["number"] == 1
    assert find(found, "successor-version").endswith(f"/items/{hydrant}/history/2")
    assert find(found, "version-history").endswith(f"/items/{hydrant}/history")
    city = client.get(f"{ITEMS}/{hydrant}/history/1?crs=http://www.opengis.net/def/crs/EPSG/0/9210", auth=EDITOR)
    assert sorted(city.json["geometry"]["coordinates"]) == [603000, 1191000]
    assert "EPSG/0/9210" in city.headers["Content-Crs"]


def test_the_item_links_to_its_history_and_only_editors_are_led_to_restore(client, hydrant):
    assert find(read(client, f"{ITEMS}/{hydrant}"), "version-history").endswith(f"{hydrant}/history")
    for auth, wanted in ((EDITOR, [False, True, True]), (VIEWER, [False] * 3), (None, [False] * 3)):
        versions = read(client, f"{ITEMS}/{hydrant}/history", auth)["versions"]
        assert [find(each, "restore") is not None for each in versions] == wanted


def test_a_restored_version_is_a_new_one(client, hydrant):
    address = find(read(client, f"{ITEMS}/{hydrant}/history")["versions"][2], "restore")
    answer = client.post(address, auth=EDITOR)
    assert answer.status_code == 204 and answer.headers["ETag"]
    found = read(client, f"{ITEMS}/{hydrant}/history")
    newest = found["versions"][0]
    assert (found["numberMatched"], newest["number"]) == (4, 4)
    assert newest["made"] == {"by": "editor", "via": "undo", "import": None}
    assert newest["changes"] == [{"property": "name", "old": "b", "new": "a"}]
    assert newest["geometry"]["moved_m"] == 5.0
    assert client.post(address, auth=EDITOR).status_code == 204
    assert read(client, f"{ITEMS}/{hydrant}/history")["numberMatched"] == 4  # it was so already


def test_a_deleted_feature_comes_back_with_its_id(client, hydrant):
    assert client.delete(f"{ITEMS}/{hydrant}", auth=EDITOR).status_code == 204
    gone = read(client, f"{ITEMS}/{hydrant}/history")
    assert gone["deleted"] is True
    assert gone["versions"][0]["ended"] == {"by": "editor", "via": "api", "import": None}
    answer = client.post(
        f"{ITEMS}/{hydrant}/history/2/restore", auth=EDITOR, headers={"Prefer": "return=representation"}
    )
    assert (answer.status_code, answer.json["id"], answer.json["properties"]["name"]) == (200, hydrant, "b")
    found = read(client, f"{ITEMS}/{hydrant}/history")
    assert (found["deleted"], found["numberMatched"], found["versions"][0]["created"]) == (False, 4, True)


def test_a_stale_condition_stops_restoring(client, hydrant):
    path = f"{ITEMS}/{hydrant}/history/1/restore"
    stale = client.get(f"{ITEMS}/{hydrant}/history/2", auth=EDITOR).headers["ETag"]
    current = client.get(f"{ITEMS}/{hydrant}", auth=EDITOR).headers["ETag"]
    assert client.post(path, auth=EDITOR, headers={"If-Match": stale}).status_code == 412
    assert client.post(path, auth=EDITOR, headers={"If-Match": current}).status_code == 204
    client.delete(f"{ITEMS}/{hydrant}", auth=EDITOR)
    assert client.post(path, auth=EDITOR, headers={"If-Match": current}).status_code == 412
    assert client.get(f"{ITEMS}/{hydrant}", auth=EDITOR).status_code == 404


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (VIEWER, 403), (LAN, 403)])
def test_only_who_may_edit_restores(client, hydrant, auth, status):
    assert client.post(f"{ITEMS}/{hydrant}/history/1/restore", auth=auth).status_code == status
    assert read(client, f"{ITEMS}/{hydrant}/history")["numberMatched"] == 3


def test_a_version_that_is_not_allowed_any_more_is_refused_with_the_reason(client, engine, tables, hydrants):
    with writing(engine) as connection:
        id_ = builders.insert(connection, tables, "fire_hydrant", wkt="POINT (603000 1191000)")
        connection.execute(update(hydrants).values(name="b"))
        connection.execute(update(build(hydrants)).values(status="of old"))
    answer = client.post(f"{ITEMS}/{id_}/history/1/restore", auth=EDITOR)
    assert answer.status_code == 400
    assert answer.json["faults"][0]["field"] == "status" and "of old" in answer.json["detail"]


def test_what_became_restricted_is_nowhere_for_the_public(client, hydrant, engine, hydrants):
    before = read(client, f"{ITEMS}/{hydrant}/history", None)["versions"][0]["from"]
    with writing(engine) as connection:
        connection.execute(update(hydrants).values(sensitivity="restricted"))
    answers = []
    for path in ("", "/history", "/history/1", "/history/3", f"?as-of={before}", "/history?f=html"):
        answers.append(client.get(f"{ITEMS}/{hydrant}{path}"))
        assert answers[-1].status_code == 404
    missing = client.get(f"{ITEMS}/{hydrant + 1}/history")
    assert answers[1].json["detail"].replace(str(hydrant), "n") == missing.json["detail"].replace(str(hydrant + 1), "n")
    page = read(client, f"{ITEMS}?as-of={before}", None)
    assert (page["numberMatched"], page["features"]) == (0, [])
    assert read(client, f"{ITEMS}?as-of={before}")["numberMatched"] == 1
    with writing(engine) as connection:
        connection.execute(delete(hydrants))
    read(client, f"{ITEMS}/{hydrant}/history", None, 404)
    assert read(client, f"{ITEMS}/{hydrant}/history")["numberMatched"] == 4


def test_versions_that_were_restricted_leave_no_gap_in_what_the_public_sees(client, hydrant, engine, hydrants):
    for level in ("restricted", None):
        with writing(engine) as connection:
            tag(connection, "minh", "wfs")
            connection.execute(update(hydrants).values(sensitivity=level))
    seen = read(client, f"{ITEMS}/{hydrant}/history", None)
    assert [each["number"] for each in seen["versions"]] == [4, 3, 2, 1]
    assert seen["versions"][0]["changes"] == []
    assert read(client, f"{ITEMS}/{hydrant}/history")["numberMatched"] == 5


def test_items_as_of_a_moment_are_what_they_were(client, hydrant):
    versions = read(client, f"{ITEMS}/{hydrant}/history")["versions"]
    for version, name in zip(versions, ("b", "b", "a"), strict=True):
        page = read(client, f"{ITEMS}?as-of={version['from']}&bbox=105,10,108,12", None)
        assert (page["numberMatched"], page["features"][0]["properties"]["name"]) == (1, name)
        one = read(client, f"{ITEMS}/{hydrant}?as-of={version['from']}", None)
        assert one["properties"]["name"] == name
    assert read(client, f"{ITEMS}?as-of=2001-01-01", None)["numberMatched"] == 0
    today = datetime.now(UTC).date().isoformat()
    assert read(client, f"{ITEMS}?as-of={today}", None)["features"][0]["properties"]["name"] == "b"


@pytest.mark.parametrize("form", ["gpkg", "shp", "csv", "geojson"])
def test_a_file_as_of_a_moment_holds_what_was_there_then(client, hydrant, tmp_path, form):
    began = read(client, f"{ITEMS}/{hydrant}/history")["versions"][2]["from"]
    answer = client.get(f"{ITEMS.removesuffix('items')}export?f={form}&as-of={began}")
    assert answer.status_code == 200, answer.text
    path = tmp_path / f"then.{'zip' if form == 'shp' else form}"
    path.write_bytes(answer.data)
    assert pyogrio.read_arrow(path)[1].column("name").to_pylist() == ["a"]


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=3)])
def test_nobody_knows_what_will_be(client, hydrant, ahead):
    moment = (datetime.now(UTC) + ahead).isoformat(timespec="seconds").replace("+00:00", "Z")
    for path in (f"{ITEMS}?as-of={moment}", f"{ITEMS}/{hydrant}?as-of={moment}"):
        assert "must not lie in the future" in read(client, path, None, 400)["detail"]
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    assert "must not lie in the future" in read(client, f"{ITEMS}?as-of={day}", None, 400)["detail"]


def test_the_page_for_people_shows_the_versions_and_restores_by_a_form(client, hydrant):
    page = client.get(f"{ITEMS}/{hydrant}/history?f=html&lang=en", auth=EDITOR)
    assert page.status_code == 200 and page.content_type.startswith("text/html")
    assert f"/items/{hydrant}/history/1/restore" in page.text
    assert "/restore" not in client.get(f"{ITEMS}/{hydrant}/history?f=html&lang=en", auth=VIEWER).text
    answer = client.post(f"{ITEMS}/{hydrant}/history/1/restore?f=html&lang=en", auth=EDITOR)
    assert answer.status_code == 303 and "f=html" in answer.headers["Location"]
    place = client.get(f"{ITEMS}/{hydrant}/history/2?f=html&lang=en", auth=EDITOR)
    assert place.status_code == 303 and place.headers["Location"].endswith("#version-2")


def test_a_form_of_a_session_restores_with_its_token_only(client, hydrant, engine, hydrants):
    name, password = EDITOR
    token = find_token(client.get("/sign-in").text)
    client.post("/sign-in", data={"username": name, "password": password, "csrf_token": token})
    path = f"{ITEMS}/{hydrant}/history"
    token = find_token(client.get(f"{path}?f=html").text)
    assert client.post(f"{path}/1/restore?f=html").status_code == 403
    assert read_name(engine, hydrants) == "b"
    assert client.post(f"{path}/1/restore?f=html", data={"csrf_token": token}).status_code == 303
    assert read_name(engine, hydrants) == "a"


def find_token(page):
    """The token in a form of a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def read_name(engine, hydrants):
    """The name of the only hydrant."""
    with engine.connect() as connection:
        return connection.execute(select(hydrants.c.name)).scalar_one()
