"""OGC API: features created, replaced, changed and deleted, by those who may."""

import json
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from gis_infra.catalogue.history import build
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import writing_city
from tests.web.writing_city import (
    CHIEF,
    EDITOR,
    EPSG,
    GEOJSON,
    ITEMS,
    LAN,
    PATCH,
    PLACE,
    VIEWER,
    make_collection,
    make_feature,
    read_rows,
)


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
def send(client):
    """Send a request as an editor, unless said otherwise."""

    def send(method, path, body=None, *, kind=None, auth=EDITOR, **headers):
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"PATCH": PATCH}.get(method, GEOJSON) if kind is None and content is not None else kind
        return client.open(path, method=method, data=content, content_type=kind or None, auth=auth, headers=named)

    return send


@pytest.fixture
def create(send):
    """Create a hydrant, and give its address."""

    def create(place=PLACE, **properties):
        answer = send("POST", ITEMS, make_feature(place, **properties))
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"].removeprefix("http://localhost")

    return create


@pytest.fixture
def rows(engine, tables):
    """The hydrants as they are in the database, in the order of their ids."""
    return lambda: [row for _, row in sorted(read_rows(engine, tables).items())]


# Creating.


def test_a_feature_is_created_and_found_at_its_location(client, send):
    answer = send("POST", ITEMS, make_feature(asset_code="H1", nominal_diameter_mm=100))
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert f"{ITEMS}/" in location and answer.json["id"] == int(location.rsplit("/", 1)[1])
    found = client.get(location).json
    assert found["geometry"] == {"type": "Point", "coordinates": PLACE}
    assert (found["properties"]["asset_code"], found["properties"]["nominal_diameter_mm"]) == ("H1", 100)


def test_a_collection_is_created_as_a_whole(client, send, rows):
    answer = send("POST", ITEMS, make_collection(*(make_feature(asset_code=f"H{n}") for n in range(5))))
    assert answer.status_code == 201 and answer.json["numberCreated"] == 5
    assert [row["asset_code"] for row in rows()] == [f"H{n}" for n in range(5)]
    assert answer.json["ids"] == [row["id"] for row in rows()]
    for number, link in enumerate(answer.json["links"]):
        assert client.get(link["href"]).json["properties"]["asset_code"] == f"H{number}"


def test_of_a_collection_with_a_fault_nothing_is_created_and_all_is_told(send, rows):
    answer = send(
        "POST",
        ITEMS,
        make_collection(
            make_feature(asset_code="ok"),
            make_feature(asset_code="far", place=[108.2, 16.05]),
            make_feature(nominal_diameter_mm="100", installed_on="soon", colour="red"),
            make_feature(place=None),
        ),
    )
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert [(each["index"], each["field"], each["value"]) for each in answer.json["faults"]] == [
        (1, "geometry", ""),
        (2, "nominal_diameter_mm", "100"),
        (2, "installed_on", "soon"),
        (2, "colour", "red"),
        (3, "geometry", ""),
    ]
    assert "lies outside the city" in answer.json["faults"][0]["message"]
    assert rows() == []


def test_an_id_and_what_only_the_program_sets_are_left_aside(send, rows):
    feature = make_feature(asset_code="H1", id=777_777, created_at="2001-01-01T00:00:00Z", import_id=3, updated_at=None)
    assert send("POST", ITEMS, {**feature, "id": "water.777777"}).status_code == 201
    (row,) = rows()
    assert row["id"] < 777_777 and row["import_id"] is None and row["created_at"].year > 2001


@pytest.mark.parametrize(
    ("crs", "coordinates"),
    [
        (None, PLACE),
        (f"<{EPSG}/4326>", PLACE[::-1]),
        (f"{EPSG}/4326", PLACE[::-1]),
        (f"{EPSG}/9210", [603012.68, 1190999.63]),
        (f"{EPSG}/3857", [11877088.35, 1205852.9]),
    ],
)
def test_coordinates_are_read_in_the_system_and_order_of_axes_that_is_named(client, send, crs, coordinates):
    headers = {"Content_Crs": crs} if crs else {}
    answer = send("POST", ITEMS, make_feature(coordinates), **headers)
    assert answer.status_code == 201, answer.text
    found = client.get(answer.headers["Location"]).json["geometry"]["coordinates"]
    assert found == pytest.approx(PLACE, abs=2e-5)


def test_a_json_fg_place_comes_before_the_geometry(client, send):
    place = {"type": "Point", "coordRefSys": f"{EPSG}/4326", "coordinates": PLACE[::-1]}
    answer = send("POST", ITEMS, {**make_feature([0, 0]), "place": place}, kind="application/vnd.ogc.fg+json")
    assert answer.status_code == 201, answer.text
    assert client.get(answer.headers["Location"]).json["geometry"]["coordinates"] == PLACE


def test_heights_are_kept_and_letters_composed(client, create, rows):
    location = create([*PLACE, 2.5], name="Tru\u031b\u0323 Nguye\u0302\u0303n Hue\u0323\u0302 ")
    assert rows()[0]["name"] == "Trự Nguyễn Huệ"
    assert client.get(location).json["geometry"]["coordinates"] == [*PLACE, 2.5]


# Replacing and changing.


def test_a_put_replaces_everything(client, send, create, rows):
    location = create(asset_code="H1", nominal_diameter_mm=100, remarks="cũ")
    answer = send("PUT", location, make_feature(asset_code="H2", flow_lps=5))
    assert (answer.status_code, answer.data) == (204, b"")
    (row,) = rows()
    assert (row["asset_code"], row["nominal_diameter_mm"], row["flow_lps"], row["remarks"]) == ("H2", None, 5, None)


def test_a_put_of_what_a_get_gave_moves_no_vertex_and_makes_no_version(client, send, rows, engine, tables):
    exact = make_feature([603003.7654321, 1190991.1234567], asset_code="H1")
    location = send("POST", ITEMS, exact, Content_Crs=f"{EPSG}/9210").headers["Location"]
    (before,) = rows()
    for crs in ("", f"?crs={EPSG}/9210", f"?crs={EPSG}/3857"):
        found = client.get(location + crs)
        answer = send("PUT", location, found.json, Content_Crs=found.headers["Content-Crs"])
        assert answer.status_code == 204
        (after,) = rows()
        assert (after["geom"].desc, after["updated_at"]) == (before["geom"].desc, before["updated_at"])


def test_a_patch_changes_what_it_names(client, send, create, rows):
    location = create(asset_code="H1", nominal_diameter_mm=100, remarks="cũ")
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 150.0, "remarks": None}}).status_code == 204
    (row,) = rows()
    assert (row["asset_code"], row["nominal_diameter_mm"], row["remarks"]) == ("H1", 150, None)
    before = row["geom"].desc
    moved = [106.6940123456, 10.7684]
    assert send("PATCH", location, {"geometry": {"type": "Point", "coordinates": moved}}).status_code == 204
    assert rows()[0]["geom"].desc != before and rows()[0]["nominal_diameter_mm"] == 150
    assert send("PATCH", location, {"geometry": {"coordinates": PLACE}}).status_code == 204
    assert client.get(location).json["geometry"]["coordinates"] == PLACE


def test_a_patch_that_changes_nothing_makes_no_version(client, send, create, rows):
    location = create(asset_code="H1")
    before = client.get(location).headers["ETag"]
    assert send("PATCH", location, {}).status_code == 204
    assert send("PATCH", location, {"properties": {"asset_code": "H1", "remarks": None}}).status_code == 204
    assert client.get(location).headers["ETag"] == before


def test_what_is_deleted_is_gone(client, send, create, rows):
    location = create(asset_code="H1")
    assert send("DELETE", location).status_code == 204
    assert rows() == [] and client.get(location).status_code == 404
    assert send("DELETE", location).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("feature_id", ["999999999999", "unknown_id", "-1", "1e3", "9" * 30])
def test_what_is_not_there_cannot_be_changed(send, method, feature_id):
    body = None if method == "DELETE" else make_feature()
    answer = send(method, f"{ITEMS}/{feature_id}", body, If_Match='"xyz"')
    assert answer.status_code == 404 and "has no feature" in answer.json["detail"]


# Versions.


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_upon_an_old_version_is_refused_and_loses_nothing(client, send, create, rows, method):
    location = create(asset_code="H1", remarks="một")
    old = client.get(location).headers["ETag"]
    assert send("PATCH", location, {"properties": {"remarks": "hai"}}, If_Match=old).status_code == 204
    body = None if method == "DELETE" else make_feature(remarks="ba")
    answer = send(method, location, body, If_Match=old)
    assert answer.status_code == 412 and "was changed after you read it" in answer.json["detail"]
    assert rows()[0]["remarks"] == "hai"
    assert send(method, location, body, If_Match=f'"0", {client.get(location).headers["ETag"]}').status_code == 204


def test_a_version_is_known_by_every_representation_of_it_and_through_any_proxy(client, send, create):
    location = create(remarks="một")
    tags = {client.get(location + query).headers["ETag"] for query in ("", "?lang=en", f"?crs={EPSG}/9210", "?f=html")}
    assert len(tags) == 4  # each strong, and of its own representation
    for number, tag in enumerate(sorted(tags)):
        assert send("PATCH", location, {"properties": {"remarks": "một"}}, If_Match=f"W/{tag}").status_code == 204
        assert send("PATCH", location, {}, If_Match="*").status_code == 204, number


def test_a_reader_who_has_it_is_told_so(client, create, send):
    location = create(remarks="một")
    tag = client.get(location).headers["ETag"]
    again = client.get(location, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(f"{location}?lang=en", headers={"If-None-Match": tag}).status_code == 200
    send("PATCH", location, {"properties": {"remarks": "hai"}})
    assert client.get(location, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_tells_the_version_it_made(client, send, create):
    location = create(remarks="một")
    before = client.get(location).headers["ETag"]
    for method, body in (("PUT", make_feature(remarks="hai")), ("PATCH", {"properties": {"remarks": "ba"}})):
        answer = send(method, location, body, If_Match=before)
        assert answer.headers["ETag"] != before and answer.headers["Last-Modified"]
        before = answer.headers["ETag"]
    assert send("DELETE", location, If_Match=before).status_code == 204


def test_a_moment_is_a_condition_too(client, send, create):
    location = create(remarks="một")
    moment = client.get(location).headers["Last-Modified"]
    early = "Mon, 02 Nov 2020 08:00:00 GMT"
    patch = {"properties": {"remarks": "hai"}}
    assert send("PATCH", location, patch, If_Unmodified_Since=early).status_code == 412
    assert send("PATCH", location, patch, If_Unmodified_Since=moment).status_code == 204
    assert send("DELETE", location, If_Unmodified_Since=early).status_code == 412
    assert send("PATCH", location, {}, If_Unmodified_Since="yesterday").status_code == 204


# Preferences.


def test_who_prefers_the_feature_gets_it_as_it_is_now(client, send, create):
    answer = send("POST", ITEMS, make_feature(asset_code="H1"), Prefer="return=representation")
    assert (answer.status_code, answer.mimetype) == (201, GEOJSON)
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert answer.json == client.get(answer.headers["Location"]).json
    location = answer.headers["Location"]
    changed = send(
        "PATCH", location, {"properties": {"remarks": "hai"}}, Prefer="return=representation; x, handling=lenient"
    )
    assert changed.status_code == 200 and changed.json["properties"]["remarks"] == "hai"
    assert changed.headers["ETag"] == client.get(location).headers["ETag"] and changed.headers["Content-Location"]
    applied = ",".join(changed.headers.getlist("Preference-Applied"))
    assert applied == "return=representation,handling=lenient"


def test_who_prefers_little_gets_little(send, create):
    answer = send("POST", ITEMS, make_feature(), Prefer="return=minimal")
    assert answer.status_code == 201 and "type" not in answer.json
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert send("PATCH", create(), {}, Prefer="return=minimal").status_code == 204


def test_what_was_taken_with_a_remark_is_told_and_refused_to_who_is_strict(send, rows):
    feature = make_feature(installed_on="2999-01-01")
    strict = send("POST", ITEMS, feature, Prefer="handling=strict")
    assert strict.status_code == 400 and strict.headers["Preference-Applied"] == "handling=strict"
    assert strict.json["faults"][0]["field"] == "installed_on" and rows() == []
    answer = send("POST", ITEMS, feature)
    assert answer.status_code == 201
    (warning,) = answer.json["warnings"]
    assert warning["field"] == "installed_on" and "must hold: installed_on <= today" in warning["message"]
    assert send("POST", ITEMS, make_feature(created_at="2026-01-01T00:00:00Z"), Prefer="handling=strict").json[
        "faults"
    ] == [
        {
            "index": 0,
            "field": "created_at",
            "value": "2026-01-01T00:00:00Z",
            "message": "is set by the program alone",
        }
    ]


# Who may.


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


def test_who_did_it_is_kept(send, create, engine, tables):
    location = create(remarks="một")
    send("PATCH", location, {"properties": {"remarks": "hai"}}, auth=CHIEF)
    send("DELETE", location)
    versions = build(tables.get("fire_hydrant"))
    with engine.connect() as connection:
        kept = connection.execute(select(versions).order_by(versions.c.ended_at)).mappings().all()
    assert [(row["remarks"], row["ended_by"], row["ended_via"]) for row in kept] == [
        ("một", "chief", "api"),
        ("hai", "editor", "api"),
    ]


# What is refused.


@pytest.mark.parametrize(
    ("feature", "field", "words"),
    [
        (make_feature(nominal_diameter_mm="150"), "nominal_diameter_mm", "must be a whole number, and is text"),
        (make_feature(nominal_diameter_mm=150.5), "nominal_diameter_mm", "must be a whole number"),
        (make_feature(nominal_diameter_mm=True), "nominal_diameter_mm", "and is true or false"),
        (make_feature(nominal_diameter_mm=10), "nominal_diameter_mm", "is below the least allowed, 15 mm"),
        (make_feature(nominal_diameter_mm=10**30), "nominal_diameter_mm", "is too large for a whole number"),
        (make_feature(flow_lps="5"), "flow_lps", "must be a number, and is text"),
        (make_feature(flow_lps=[5]), "flow_lps", "must be a number, and is a list"),
        (make_feature(name=5), "name", "must be text, and is a number"),
        (make_feature(name={"vi": "x"}), "name", "must be text, and is an object"),
        (make_feature(name="x" * 201), "name", "is longer than the 200 letters allowed"),
        (make_feature(name="a\x00b"), "name", "holds a NUL character"),
        (make_feature(status="new"), "status", "is none of the codes proposed, under_construction"),
        (make_feature(installed_on="23/11/2026"), "installed_on", "must be a date as 2026-11-23"),
        (make_feature(installed_on="2026-02-30"), "installed_on", "is no day of the calendar"),
        (make_feature(installed_on=2026), "installed_on", "and is a number"),
        (make_feature(nominal_diameter=5), "nominal_diameter", "fire_hydrant; did you mean nominal_diameter_mm"),
        (make_feature(geom=5), "geom", "is no property of fire_hydrant"),
        (
            make_feature(installed_on="2020-01-02", decommissioned_on="2020-01-01"),
            "installed_on",
            "must hold: installed_on <= decommissioned_on",
        ),
        (make_feature(None), "geometry", "must have a shape; the layer takes Point"),
        ({**make_feature(), "properties": []}, "properties", "must be an object"),
        ({"type": "Feature", "geometry": make_feature()["geometry"]}, "properties", "must be an object"),
        (make_feature([106.69]), "geometry", "has coordinates that are not nested as those of a Point are"),
        (make_feature(["106.69", "10.76"]), "geometry", "or a position of no numbers"),
        (make_feature([]), "geometry", "is empty"),
        (make_feature([10**400, 1]), "geometry", "number is infinity"),
        (make_feature([106.69, 95]), "geometry", "lies where the coordinate system has no answer"),
        ({**make_feature(), "geometry": {"type": "Circle"}}, "geometry", "must be a GeoJSON geometry of type Point"),
        ({**make_feature(), "geometry": {"type": ["Point"]}}, "geometry", "must be a GeoJSON geometry of type Point"),
        ({**make_feature(), "geometry": [1, 2]}, "geometry", "must be a GeoJSON geometry of type Point"),
        ({**make_feature(), "geometry": {"type": "Point"}}, "geometry", "must have a list of coordinates"),
        (
            {**make_feature(), "geometry": {"type": "MultiPoint", "coordinates": [PLACE, [106.7, 10.77]]}},
            "geometry",
            "has 2 separate parts; the layer takes Point",
        ),
        (
            {**make_feature(), "geometry": {"type": "LineString", "coordinates": [PLACE, [106.7, 10.77]]}},
            "geometry",
            "is a LineString; the layer takes Point",
        ),
    ],
)
def test_a_feature_the_layer_does_not_allow_is_refused_in_words(send, rows, feature, field, words):
    answer = send("POST", ITEMS, feature)
    assert answer.status_code == 400, answer.text
    if "faults" in answer.json:
        (fault,) = answer.json["faults"]
        assert (fault["index"], fault["field"]) == (0, field) and words in fault["message"]
    assert words in answer.json["detail"] and rows() == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b"\xff\xfe", "the body is not JSON"),
        (b'{"type": "Feature", "properties": {"name": "\\ud800"}}', "the body is not JSON"),
        (b'{"type": "Feature", "type": "Feature"}', "the member 'type' twice"),
        (b"[" * 100_000, "the body is not JSON"),
        (b"[" * 1000 + b"]" * 1000, "nested too deeply"),
        (b'{"a": NaN}', "the body is not JSON"),
        (b"[]", "must be a GeoJSON Feature or FeatureCollection"),
        (b'"Feature"', "must be a GeoJSON Feature or FeatureCollection"),
        (b'{"type": "Point"}', "got type 'Point'"),
        (b'{"type": "FeatureCollection"}', "must have a list of features"),
        (b'{"type": "FeatureCollection", "features": []}', "with at least one"),
        (b'{"type": "FeatureCollection", "features": [5]}', "must be a Feature"),
        (b'{"type": "FeatureCollection", "features": [' + b"{}," * 20_000 + b"{}]}", "at most 20000 features"),
        (
            b'{"type": "Feature", "crs": {"type": "name", "properties": {"name": "EPSG:9210"}}}',
            "name the system in the header Content-Crs",
        ),
    ],
)
def test_a_body_that_is_no_feature_is_refused_in_words(send, rows, body, words):
    answer = send("POST", ITEMS, body)
    assert answer.status_code == 400 and words in answer.json["detail"] and rows() == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"diameter": 7}, "a patch has no member 'diameter'; a feature has properties and geometry"),
        ([{"op": "replace", "path": "/properties/name", "value": "x"}], "a patch must be an object"),
        ({"id": 99}, "by its id, which never changes"),
        ({"type": "FeatureCollection"}, "must be a GeoJSON Feature, got"),
        ({"properties": {"colour": "red"}}, "is no property of fire_hydrant"),
        ({"properties": 5}, "must be an object"),
        ({"geometry": None}, "must have a shape"),
        ({"geometry": {"type": "LineString", "coordinates": PLACE}}, "not nested as those of a LineString"),
    ],
)
def test_a_wrong_patch_is_refused_in_words(send, create, rows, body, words):
    location = create(remarks="một")
    answer = send("PATCH", location, body)
    assert answer.status_code == 400 and words in answer.json["detail"]
    assert rows()[0]["remarks"] == "một"


def test_a_put_of_another_id_is_refused(send, create):
    location = create()
    answer = send("PUT", location, {**make_feature(), "id": 5})
    assert answer.status_code == 400 and "which never changes" in answer.json["detail"]
    same = int(location.rsplit("/", 1)[1])
    assert send("PUT", location, {**make_feature(), "id": same}).status_code == 204
    assert send("PUT", location, {**make_feature(), "id": str(same)}).status_code == 204


@pytest.mark.parametrize(
    ("method", "kind", "status"),
    [
        ("POST", GEOJSON, 201),
        ("POST", f"{GEOJSON}; charset=UTF-8", 201),
        ("POST", "application/json", 201),
        ("POST", "text/xml", 201),
        ("POST", "", 400),
        ("POST", "text/plain", 415),
        ("POST", "application/x-www-form-urlencoded", 415),
        ("POST", "multipart/form-data; boundary=x", 415),
        ("POST", "application/gml+xml", 415),
        ("POST", f"{GEOJSON}; charset=iso-8859-1", 415),
        ("PUT", "", 204),
        ("PUT", "application/json", 204),
        ("PUT", PATCH, 415),
        ("PATCH", PATCH, 204),
        ("PATCH", "application/json", 204),
        ("PATCH", "", 400),
        ("PATCH", "application/json-patch+json", 415),
        ("PATCH", GEOJSON, 415),
    ],
)
def test_a_body_is_taken_by_its_type(send, create, method, kind, status):
    path = ITEMS if method == "POST" else create()
    answer = send(method, path, make_feature(), kind=kind)
    assert answer.status_code == status, answer.text
    if status == 415 and method != "PUT":
        assert answer.headers["Accept-Post" if method == "POST" else "Accept-Patch"]


def test_a_compressed_body_and_one_of_xml_are_refused(send):
    assert send("POST", ITEMS, make_feature(), Content_Encoding="gzip").status_code == 415
    assert send("POST", ITEMS, b"<Transaction/>", kind="text/xml").status_code == 415


def test_a_body_beyond_the_limit_is_refused(send):
    assert send("POST", ITEMS, b" " * (16 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("name", ["EPSG:4326", f"{EPSG}/2193", "x", ""])
def test_a_system_that_is_not_offered_is_refused(send, name):
    answer = send("POST", ITEMS, make_feature(), Content_Crs=name)
    assert answer.status_code == 400 and "is not offered; offered are" in answer.json["detail"]


def test_an_unknown_parameter_is_refused(send):
    assert send("POST", f"{ITEMS}?colour=red", make_feature()).status_code == 400


def test_an_asset_code_that_is_taken_is_refused_with_the_id_of_the_other(send, create, rows):
    other = create(asset_code="H1", owner="SAWACO").rsplit("/", 1)[1]
    answer = send("POST", ITEMS, make_feature(asset_code="H1", owner="SAWACO"))
    assert answer.status_code == 409 and f"is that of feature {other}" in answer.json["detail"]
    assert answer.json["faults"][0]["field"] == "asset_code"
    assert send("POST", ITEMS, make_feature(asset_code="H1", owner="another")).status_code == 201
    twins = make_collection(*(make_feature(asset_code="H2", owner="SAWACO") for _ in range(2)))
    answer = send("POST", ITEMS, twins)
    assert answer.status_code == 409 and "is the same as in feature 0 of the request" in answer.json["detail"]
    assert len(rows()) == 2


@pytest.mark.parametrize(("method", "path"), [("PUT", ITEMS), ("DELETE", ITEMS), ("POST", f"{ITEMS}/1")])
def test_a_method_there_is_not_is_refused_with_those_there_are(send, method, path):
    answer = send(method, path, make_feature())
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"] and "OPTIONS" in answer.headers["Allow"]


# Pages in a browser.


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


# What clients send. Source: traces of QGIS 3.40.6 and OWSLib 0.35.


def test_qgis_edits(client, send):
    """Insert with all fields and nulls, read back, change one field, then the shape, delete."""
    system = {"import_id": None, "source_srid": None, "created_at": None, "updated_at": None}
    feature = {**make_feature([106.693700, 10.768400], asset_code="Q1", nominal_diameter_mm=None, **system)}
    axes = {"Content_Crs": f"{EPSG}/4326"}
    feature["geometry"]["coordinates"].reverse()
    assert {"POST"} <= set(client.options(ITEMS, auth=EDITOR).headers["Allow"].split(", "))
    answer = send("POST", ITEMS, feature, **axes)
    location = answer.headers["Location"]
    assert answer.status_code == 201 and "/items/" in location
    assert send("GET", location).status_code == 200
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 7}}, **axes).status_code == 400
    assert send("PATCH", location, {"properties": {"nominal_diameter_mm": 70}}, **axes).status_code == 204
    moved = {"geometry": {"type": "Point", "coordinates": [10.768412345678, 106.693712345678]}}
    assert send("PATCH", location, moved, **axes).status_code == 204
    found = send("GET", location).json
    assert found["properties"]["nominal_diameter_mm"] == 70
    assert found["geometry"]["coordinates"] == pytest.approx([106.6937123, 10.7684123], abs=1e-8)
    assert send("DELETE", location).status_code == 204


def test_owslib_edits(send, rows):
    """It posts as XML, puts without a type, and says what it takes."""
    answer = send("POST", ITEMS, make_feature(asset_code="O1"), kind="text/xml", Accept="application/json")
    assert answer.status_code == 201
    location = answer.headers["Location"]
    assert send("PUT", location, make_feature(asset_code="O2"), kind="", Accept="application/json").status_code == 204
    assert rows()[0]["asset_code"] == "O2"
    assert send("DELETE", location).status_code == 204


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_representation_has_an_etag_of_its_own_that_works_the_same(client, send, create, coding):
    location = create(remarks="một " * 500)
    plain = client.get(location).headers["ETag"]
    packed = client.get(location, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding and packed.headers["ETag"] != plain
    tag = packed.headers["ETag"]
    again = client.get(location, headers={"Accept-Encoding": coding, "If-None-Match": tag})
    assert again.status_code == 304
    assert send("PATCH", location, {"properties": {"remarks": "hai"}}, If_Match=tag).status_code == 204
    assert send("PATCH", location, {"properties": {"remarks": "ba"}}, If_Match=tag).status_code == 412


# Whatever is sent.

LEAVES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8)),
    st.sampled_from(["Feature", "FeatureCollection", "Point", "Polygon", "restricted", "2026-11-23", f"{EPSG}/9210"]),
)
NAMES = st.sampled_from(
    [
        *("type", "id", "geometry", "properties", "features", "coordinates", "geometries", "place", "coordRefSys"),
        *("crs", "name", "asset_code", "owner", "sensitivity", "nominal_diameter_mm", "installed_on", "colour", "href"),
    ]
)
VALUES = st.recursive(LEAVES, lambda part: st.lists(part, max_size=4) | st.dictionaries(NAMES, part, max_size=5))
FEATURES = st.fixed_dictionaries(
    {"type": st.just("Feature"), "properties": VALUES, "geometry": VALUES},
    optional={"place": VALUES, "id": VALUES, "crs": VALUES, "coordRefSys": VALUES},
)
BODIES = st.one_of(
    VALUES, FEATURES, st.fixed_dictionaries({"type": st.just("FeatureCollection"), "features": st.lists(FEATURES)})
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES, method=st.sampled_from(["POST", "PUT", "PATCH"]))
def test_whatever_json_is_sent_is_taken_or_refused_in_words(send, create, rows, body, method):
    kept = rows()
    location = f"{ITEMS}/{kept[0]['id']}" if kept else create(asset_code="kept")
    answer = send(method, ITEMS if method == "POST" else location, body)
    assert answer.status_code in (200, 201, 204, 400, 403, 409), answer.text
    assert answer.status_code < 400 or answer.json["detail"]


@pytest.mark.parametrize(
    ("header", "applied"),
    [
        ("return=minimal, return=representation", "return=minimal"),
        ('Return = "representation" ; foo=1', "return=representation"),
        ("return=other", None),
        ("respond-async, ,=,;", None),
    ],
)
def test_of_preferences_those_that_are_known_are_heard(send, header, applied):
    assert send("POST", ITEMS, make_feature(), Prefer=header).headers.get("Preference-Applied") == applied
