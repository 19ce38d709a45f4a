"""Hostile requests: whatever a stranger sends is answered or refused in our words, soon, and nothing breaks."""

import gzip
import json
import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote

import pytest
from lxml import etree
from sqlalchemy import delete, text

from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.web import wfs_city
from tests.web.wfs_city import OWS

HYDRANTS = "/ogc/collections/fire_hydrant"
FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'

# Text that has broken programs of this kind before. The long numbers are beyond bigint, beyond double and beyond int().
NASTY = (
    *("", "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%0d%0aX-Evil:%201", "%25", "%E2%80%8B", "%D9%A3", quote("😀" * 50)),
    *("9" * 19, "9" * 30, "9" * 400, "9" * 5000, "1" + "0" * 400),
    *("NaN", "inf", "-infinity", "1e400", "-1e400", "1e308", "-1", "0", "1_000", "0x10", "true", "null", "{}"),
    *("[]", "(((((", "*", "a,b,,c", "%27%20OR%201=1--", "%3Cscript%3Ealert(1)%3C/script%3E", "%3CEPSG:1%3E"),
    *("__class__", "../..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "9999-12-31", "0001-01-01"),
    *("2026-02-30", "9999-12-31T23:59:59.9-23:59", "0001-01-01T00:00:00%2B23:59", "nan,nan,nan,nan"),
    *("-1e308,-1e308,1e308,1e308", "1e308,1e308,1e308,1e308", "180,-90,-180,90", "0,0,0,0", "1,2,3,4"),
)  # fmt: skip
PARTS = {
    **{"collection_id": "fire_hydrant", "feature_id": "1", "matrix_set": "WebMercatorQuad", "service_id": "hydrant"},
    **{"zoom": "0", "row": "0", "column": "0", "filename": "x", "name": "x", "secret": "x"},
    **{"process_id": "coverage", "job_id": "x", "upload_id": "x", "import_id": "x", "number": "1", "output": "run"},
    **{"conflict_id": "1", "contact_id": "1", "layer_id": "fire_hydrant", "run_id": "1"},
}
ITEM_PARAMETERS = (
    *("limit", "offset", "cursor", "bbox", "bbox-crs", "crs", "datetime", "properties", "skipGeometry"),
    *("filter", "filter-lang", "filter-crs", "as-of", "zoom-level", "max-allowable-offset", "id"),
    *("sortby", "f", "lang", "asset_code", "status", "nominal_diameter_mm", "flow_lps", "in_service"),
    *("installed_on", "created_at", "import_id"),
)  # fmt: skip
WFS_PARAMETERS = (
    *("SERVICE", "VERSION", "REQUEST", "TYPENAMES", "FILTER", "PROPERTYNAME", "SORTBY", "SRSNAME", "COUNT"),
    *("STARTINDEX", "BBOX", "RESOURCEID", "RESULTTYPE", "OUTPUTFORMAT", "NAMESPACES", "STOREDQUERY_ID", "ID"),
    *("ACCEPTVERSIONS", "SECTIONS"),
)  # fmt: skip
MAP_PARAMETERS = {
    "/analysis/conflicts": ("bbox", "rule", "status", "limit", "lang"),
    "/viewer/config": ("lang",),
    "/viewer/find": ("q", "lang"),
    "/viewer/identify": ("lon", "lat", "radius_m", "layers", "lang"),
}
HEADERS = (
    *(("Accept", "text/html;q=abc, ;;,"), ("Accept-Language", ";;;,q="), ("If-None-Match", '"')),
    *(("Host", "a b"), ("Host", 'evil.example"><script>'), ("Host", "evil:99999999"), ("Content-Length", "abc")),
    *(("Cookie", "gis_infra_session=x.y.z"), ("Cookie", "remember_token=1|abc"), ("Accept-Encoding", "gzip;q=0")),
    *(("Authorization", "Basic AAA6AAA="), ("Authorization", "Basic bGFu"), ("Authorization", "Bearer \xff")),
    *(("Authorization", "Bearer"), ("Content-Type", "multipart/form-data; boundary="), ("X-CSRF-Token", "\xff")),
    ("Range", "bytes=9-1"),
)


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application over a handful of features."""
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)
        wfs_city.fill(connection, tables)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)


@pytest.fixture
def client(app):
    """A stranger."""
    return app.test_client()


def require_form(answer, path):
    """Return if an answer is one of ours: not a failure, and a refusal in the form of its protocol."""
    assert answer.status_code < 500, path
    if answer.status_code < 400 or answer.request.method == "HEAD":
        return
    if answer.mimetype == "text/xml":
        assert etree.fromstring(answer.data).tag == f"{OWS}ExceptionReport", path
    elif "/sign-in" not in path:
        assert answer.mimetype == "application/problem+json" and answer.json["status"] == answer.status_code, path


def list_routes(app):
    """Each GET route, with each of its variable parts nasty in turn."""
    for rule in app.url_map.iter_rules():
        for part in rule.arguments if "GET" in rule.methods else ():
            for nasty in NASTY:
                filled = PARTS | {part: nasty}
                yield re.sub(r"<(?:\w+:)?(\w+)>", lambda match, filled=filled: filled[match[1]], rule.rule)


def test_no_nasty_path_breaks_any_route(app, client):
    paths = list(list_routes(app))
    assert len(paths) > 500
    for path in paths:
        require_form(client.get(path), path)


@pytest.mark.parametrize("name", ITEM_PARAMETERS)
def test_no_nasty_parameter_breaks_the_items(client, name):
    for nasty in NASTY:
        path = f"{HYDRANTS}/items?{name}={nasty}"
        require_form(client.get(path), path)


@pytest.mark.parametrize("srid", [3857, 9210, 4756])
def test_no_nasty_box_breaks_the_items(client, srid):
    for nasty in NASTY:
        path = f"{HYDRANTS}/items?bbox-crs=http://www.opengis.net/def/crs/EPSG/0/{srid}&bbox={nasty}"
        require_form(client.get(path), path)


@pytest.mark.parametrize("name", WFS_PARAMETERS)
def test_no_nasty_parameter_breaks_the_wfs(client, name):
    for operation in ("GetFeature", "GetCapabilities"):
        given = {"SERVICE": "WFS", "REQUEST": operation, "TYPENAMES": "fire_hydrant"}
        fixed = "&".join(f"{key}={value}" for key, value in given.items() if key != name)
        for nasty in NASTY:
            path = f"/wfs?{fixed}&{name}={nasty}"
            answer = client.get(path)
            require_form(answer, path)
            if answer.mimetype != "application/json":
                etree.fromstring(answer.data)


@pytest.mark.parametrize("path", MAP_PARAMETERS)
def test_no_nasty_parameter_breaks_what_the_map_asks(client, path):
    for name in MAP_PARAMETERS[path]:
        others = {
            key: value for key, value in (("lon", "106.69"), ("lat", "10.76")) if "identify" in path and key != name
        }
        for nasty in NASTY:
            full = f"{path}?{name}={nasty}" + "".join(f"&{key}={value}" for key, value in others.items())
            require_form(client.get(full), full)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"])
def test_no_nasty_header_breaks_any_door(client, method):
    paths = ("/", "/ogc/", f"{HYDRANTS}/tiles/WebMercatorQuad/0/0/0", "/wfs?service=WFS&request=GetCapabilities")
    for path in (*paths, "//ogc//collections", "/sign-in", "/sign-out", "/viewer/static/plain.css", "/healthz"):
        for header in HEADERS:
            body = b"abc" if method in ("POST", "PUT") else None
            require_form(
                client.open(path, method=method, headers=[header], data=body, buffered=True),
                f"{method} {path} {header}",
            )


# Bodies.

POINT = {"type": "Point", "coordinates": [106.69, 10.76]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\x00\xff", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (gzip.compress(b"{}", mtime=0), "not JSON"),
        (b"null", "must be a GeoJSON object"),
        ({"type": []}, "type must be"),
        ({"type": {}}, "type must be"),
        ({"type": "Feature", "geometry": {"type": [], "coordinates": []}}, "the geometry must be one of"),
        ({"type": "Feature", "geometry": POINT, "properties": [1]}, "must be an object"),
        ({"type": "Feature", "geometry": POINT, "properties": {"method": {}}}, "method must be one of"),
        ({"type": "Feature", "geometry": POINT, "properties": {"starts_on": {"a": 1}}}, "starts_on must be a day"),
        ({"type": "Point", "coordinates": [1e308, 1e308]}, "longitude and latitude"),
        ({"type": "Point", "coordinates": [{}, 2]}, "cannot be read"),
    ],
)
def test_nonsense_for_works_is_refused_in_words(client, body, words):
    data = body if isinstance(body, bytes) else json.dumps(body)
    answer = client.post("/analysis/works-check", data=data, content_type="application/json")
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_a_body_beyond_the_limit_is_refused_in_the_protocols_form(client):
    for path in ("/analysis/works-check", "/wfs", "/sign-in"):
        answer = client.post(path, data=b"x" * (17 * 2**20), content_type="text/xml")
        assert answer.status_code in (403, 413)
        require_form(answer, path)


XML_TRAPS = {
    "an external entity": '<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><Filter>&x;</Filter>',
    "entities in entities": '<!DOCTYPE f [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Filter>&b;</Filter>',
    "an external subset": '<!DOCTYPE f SYSTEM "http://127.0.0.1:9/x.dtd"><Filter/>',
    "an inclusion": '<Filter xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></Filter>',
    "deep nesting": "<Filter>" + "<Not>" * 100_000,
    "thousands of attributes": "<Filter " + " ".join(f'a{each}="1"' for each in range(40_000)) + "/>",
    "thousands of namespaces": "<Filter " + " ".join(f'xmlns:a{each}="u"' for each in range(20_000)) + "/>",
    "a namespace that is no address": '<Filter xmlns:a="http://[bad %zz"/>',
    "a name that is none": "<EPSG:4326/>",
    "an unknown encoding": '<?xml version="1.0" encoding="x-none"?><Filter/>',
    "another encoding than it says": '<?xml version="1.0" encoding="UTF-16"?><Filter/>',
    "an unknown entity": "<Filter>&x;</Filter>",
}


@pytest.mark.parametrize("kind", XML_TRAPS)
def test_a_trap_in_xml_is_refused_at_once(client, kind):
    given = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES": "fire_hydrant"}
    for answer in (
        client.post("/wfs", data=given | {"FILTER": XML_TRAPS[kind]}),
        client.post("/wfs", data=XML_TRAPS[kind]),
    ):
        # An operator nobody knows is a filter that cannot be processed, which WFS answers with 403.
        assert answer.status_code in (400, 403) and "root:" not in answer.text
        require_form(answer, kind)


def test_more_ids_than_the_driver_takes_are_no_trouble(client):
    given = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES": "tree"}
    answer = client.post("/wfs", data=given | {"RESOURCEID": ",".join(f"tree.{each}" for each in range(1, 45_000))})
    assert answer.status_code == 200
    ids = "".join(f'<fes:ResourceId rid="tree.{each}"/>' for each in range(9000))
    answer = client.post("/wfs", data=given | {"FILTER": f"<fes:Filter {FES}>{ids}</fes:Filter>"})
    assert answer.status_code == 200


def test_a_request_holds_no_more_queries_than_there_is_use_for(client):
    given = {"SERVICE": "WFS", "REQUEST": "GetFeature"}
    answer = client.post("/wfs", data=given | {"TYPENAMES": "(infra:tree)" * 101})
    assert answer.status_code == 400 and "at most 100 queries, got 101" in answer.text
    assert client.post("/wfs", data=given | {"TYPENAMES": "(infra:tree)" * 3}).status_code == 200


def test_a_layer_is_sorted_by_no_more_keys_than_it_has(client):
    answer = client.get(f"{HYDRANTS}/items?sortby={','.join(['name'] * 500)}")
    assert answer.status_code == 400 and "sorted by, got 500" in answer.json["detail"]


# Every side of it crosses nearly every other: 2,000 turns of a star.
SCRIBBLE = [
    (106.69 + 0.01 * (step * 997 % 2003) / 2003, 10.76 + 0.01 * (step * 1451 % 2011) / 2011) for step in range(2000)
]


def test_a_scribble_of_works_is_refused_or_checked_at_once(client):
    ring = [*SCRIBBLE, SCRIBBLE[0]]
    polygon = client.post("/analysis/works-check", json={"type": "Polygon", "coordinates": [ring]})
    assert polygon.status_code == 400 and "crosses itself" in polygon.json["detail"]
    line = client.post("/analysis/works-check", json={"type": "LineString", "coordinates": SCRIBBLE})
    assert line.status_code == 400 and "km long" in line.json["detail"]
    sides = [{"type": "LineString", "coordinates": side} for side in pairwise(SCRIBBLE[:1000])]
    features = [{"type": "Feature", "geometry": side} for side in sides]
    many = client.post("/analysis/works-check", json={"type": "FeatureCollection", "features": features})
    assert many.status_code == 400 and "km long" in many.json["detail"]


def test_works_of_many_features_have_no_more_vertices_than_works_of_one(client):
    ring = [(106.69 + 0.0001 * place, 10.76) for place in range(600)]
    features = [{"type": "Feature", "geometry": {"type": "LineString", "coordinates": ring}}] * 9
    answer = client.post("/analysis/works-check", json={"type": "FeatureCollection", "features": features})
    assert answer.status_code == 400 and "5400 vertices, at most 5000" in answer.json["detail"]


def test_a_small_bow_tie_is_still_mended(client):
    ring = [(106.69, 10.76), (106.691, 10.761), (106.691, 10.76), (106.69, 10.761), (106.69, 10.76)]
    assert client.post("/analysis/works-check", json={"type": "Polygon", "coordinates": [ring]}).status_code == 200


@pytest.mark.parametrize("srid", [4326, 3857])
def test_a_scribble_in_a_filter_is_refused_or_answered_at_once(client, srid):
    ring = " ".join(f"{x} {y}" for x, y in [*SCRIBBLE, SCRIBBLE[0]])
    polygon = f"<gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior>"
    shapes = {
        "crosses itself": f'<gml:Polygon srsName="EPSG:{srid}">{polygon}</gml:Polygon>',
        "": f'<gml:LineString srsName="EPSG:{srid}"><gml:posList>1e8 -1e8 {ring}</gml:posList></gml:LineString>',
    }
    for words, shape in shapes.items():
        crosses = f"<fes:Crosses><fes:ValueReference>geom</fes:ValueReference>{shape}</fes:Crosses>"
        given = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES": "sewer_pipe"}
        given["FILTER"] = f"<fes:Filter {FES}>{crosses}</fes:Filter>"
        answer = client.post("/wfs", data=given)
        require_form(answer, words)
        assert words in answer.text


# Text that is somebody's data, and pages that show it.

SCRIPTS = (
    "<script>alert(1)</script>",
    "\"' onmouseover=alert(1) x='",
    "javascript:alert(1)",
    "{{7*7}}",
    "]]>&amp;\x01",
)


def test_what_is_in_the_data_is_text_in_every_page(client, engine, tables):
    with writing(engine) as connection:
        rows = [
            {"wkt": "POINT (603000 1191500)", "asset_code": each, "name": each, "remarks": each} for each in SCRIPTS
        ]
        ids = insert_many(connection, tables, "fire_hydrant", rows)
    try:
        pages = [client.get(f"{HYDRANTS}/items?f=html&limit=100")]
        pages += [client.get(f"{HYDRANTS}/items/{each}?f=html") for each in ids]
        pages += [client.get(f"{HYDRANTS}/items?f=html&name={quote(each)}") for each in SCRIPTS]
        for page in pages:
            assert page.status_code == 200
            assert "<script>alert" not in page.text and "' onmouseover" not in page.text
            assert 'href="javascript' not in page.text
        gml = client.get("/wfs?service=WFS&request=GetFeature&typeNames=fire_hydrant&version=2.0.0")
        names = [each.text for each in etree.fromstring(gml.data).iter("{urn:gis-infra:infra}remarks")]
        assert set(SCRIPTS[:4]) <= set(names)
    finally:
        with writing(engine) as connection:
            connection.execute(delete(tables.get("fire_hydrant")).where(tables.get("fire_hydrant").c.id.in_(ids)))


def test_the_citys_name_is_text_in_every_page(settings, engine):
    client = create_app(replace(settings, city_name="</title><script>alert(1)</script>"), engine).test_client()
    for path in ("/", "/sign-in", "/ogc/?f=html", "/wfs?service=WFS&request=GetCapabilities"):
        assert "<script>alert" not in client.get(path).text, path


def test_every_page_forbids_scripts_of_others(client):
    for path in ("/", "/sign-in", "/sign-in/x", "/ogc/?f=html", f"{HYDRANTS}/items?f=html", "/nothing", "/wfs"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in headers


# Addresses.


@pytest.mark.parametrize("host", ['a"b', "q b", "<script>", "evil.example/path", "evil.example:99999999", "a\tb"])
def test_a_host_that_is_none_is_in_no_answer(client, host):
    for path in ("/ogc/?f=html", "/ogc/", "/wfs?service=WFS&request=GetCapabilities"):
        answer = client.get(path, headers={"Host": host})
        assert host not in answer.text


def test_where_the_public_address_is_set_no_other_is_told(settings, engine):
    client = create_app(replace(settings, public_url="https://gis.example.vn"), engine).test_client()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for path in ("/ogc/", "/ogc/?f=html", "/ogc/api", "/ogc/collections", f"{HYDRANTS}/tiles", "/ogc/styles/infra"):
        assert "evil.example" not in client.get(path, headers=headers).text, path
    answer = client.get("/wfs?service=WFS&request=GetCapabilities", headers=headers)
    assert "evil.example" not in answer.text and "https://gis.example.vn/wfs" in answer.text


# What is slow, and what fails.


@pytest.fixture
def locked(engine):
    """Somebody holds the hydrants for himself, so that every reader of them waits."""
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE infra.fire_hydrant IN ACCESS EXCLUSIVE MODE"))
        yield


def test_what_takes_too_long_is_given_up_and_says_nothing_of_sql(settings, engine, locked):
    client = create_app(replace(settings, read_limit_s=0.1), engine).test_client()
    paths = (f"{HYDRANTS}/items", f"{HYDRANTS}/items/1", f"{HYDRANTS}/tiles/WebMercatorQuad/16/30796/52190")
    features = "/wfs?service=WFS&request=GetFeature&typeNames=fire_hydrant"
    for path in (
        *paths,
        features,
        f"{features}&outputFormat=json&bbox=1,1,2,2,EPSG:4326",
        "/viewer/identify?lon=106.69&lat=10.76",
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), path
        assert not re.search("SELECT|psycopg|statement|QueryCanceled", answer.text), path


def test_a_failure_tells_the_log_no_secret_and_the_client_nothing(settings, caplog):
    nowhere = make_engine(parse_url("postgresql://lan:the-password@127.0.0.1:9/none"))
    client = create_app(settings, nowhere).test_client()
    secret = "the-secret-of-a-sign-in-link"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/sign-in/{secret}").text)[1]
    answers = [client.post(f"/sign-in/{secret}", data={"csrf_token": token})]
    answers.append(client.post("/sign-in", data={"csrf_token": token, "username": "lan", "password": "typed-password"}))
    answers.append(client.get("/ogc/collections", headers={"Authorization": "Bearer the-token"}))
    answers.append(client.get("/wfs?service=WFS&request=GetCapabilities", auth=("lan", "typed-password")))
    assert [each.status_code for each in answers] == [500] * 4
    assert "POST /sign-in/<secret> failed" in caplog.text
    for word in (secret, "the-password", "typed-password", "the-token", token):
        assert word not in caplog.text
    for word in ("127.0.0.1", "the-password", "psycopg", "SELECT"):
        assert not any(word in each.text for each in answers)
