"""What cannot be taken is refused in words, and nothing of it is kept."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.web.writing_city import EPSG, GEOJSON, ITEMS, PATCH, PLACE, make_collection, make_feature


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
