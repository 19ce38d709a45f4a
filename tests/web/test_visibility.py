"""What one may not see does not show: every layer access, every row sensitivity, every kind of reader, every door."""

import base64
import re
from collections.abc import Mapping

import pytest
from lxml import etree
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.tiles import decode
from tests.web.wfs_city import INFRA, OWS, WFS

PASSWORD = "một mật khẩu dài"
STEPS = (None, "public", "shared", "restricted")
# Layer -> its access in layers/; all are points.
LAYERS = {"fire_hydrant": "public", "water_valve": "shared", "water_plant": "restricted", "substation": "restricted"}
# Reader -> the most secret step of each layer they see, None for a layer they do not; written out, not computed.
READERS: Mapping[str, Mapping[str, str | None]] = {
    "stranger": dict.fromkeys(LAYERS) | {"fire_hydrant": "public"},
    "signed_in": dict.fromkeys(LAYERS) | {"fire_hydrant": "shared", "water_valve": "shared"},
    "department": dict.fromkeys(LAYERS, "restricted") | {"substation": None},
    "valves_only": dict.fromkeys(LAYERS) | {"fire_hydrant": "shared", "water_valve": "restricted"},
    "chief": dict.fromkeys(LAYERS, "restricted"),
}
TILE = "tiles/WebMercatorQuad/16/30796/52190"
PLACE = "lon=106.6937&lat=10.7684"


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application over a row of every sensitivity in a layer of every access, 10 m apart."""
    with writing(engine) as connection:
        clear(connection, tables)
        for layer_id in LAYERS:
            rows = [
                {
                    "wkt": f"POINT({602960 + 10 * place} 1191000)",
                    "asset_code": name_row(layer_id, step),
                    "sensitivity": step,
                }
                for place, step in enumerate(STEPS)
            ]
            insert_many(connection, tables, layer_id, rows)
        people.add_department(connection, "water", "Cấp nước", "Water")
        for name in READERS:
            people.add_person(connection, name, name, "water" if name == "department" else None, PASSWORD)
        people.grant_to_department(connection, "water", "viewer", "sector:water", catalogue)
        people.grant_to_person(connection, "valves_only", "editor", "water_valve", catalogue)
        people.grant_to_person(connection, "chief", "admin", "*", catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        clear(connection, tables)


def clear(connection, tables):
    for layer_id in LAYERS:
        connection.execute(delete(tables.get(layer_id)))
    connection.execute(delete(PERSON))
    connection.execute(delete(DEPARTMENT))


def name_row(layer_id, step):
    return f"{layer_id}-{step or 'unsaid'}!"


def list_visible(reader, layer_id):
    """The codes of the rows a reader sees of a layer, by the table above."""
    most = READERS[reader][layer_id]
    steps = STEPS[: STEPS.index(most) + 1] if most else ()
    return [name_row(layer_id, step) for step in steps]


@pytest.fixture(params=READERS)
def reader(request):
    return request.param


@pytest.fixture
def send(app, reader):
    """A function that asks as the reader, and requires that nothing hidden is in the answer."""
    client = app.test_client()
    word = base64.b64encode(f"{reader}:{PASSWORD}".encode()).decode()
    headers = {} if reader == "stranger" else {"Authorization": f"Basic {word}"}

    def ask(path, method="GET", **arguments):
        answer = client.open(path, method=method, headers=headers, **arguments)
        require_nothing_hidden(reader, answer.data, path)
        return answer

    return ask


def require_nothing_hidden(reader, body, path):
    """Return if a body names no row and no layer the reader may not see; what was asked for is not told by an echo."""
    for layer_id in LAYERS:
        visible = list_visible(reader, layer_id)
        hidden = {name_row(layer_id, step) for step in STEPS} - set(visible)
        assert not [code for code in hidden if code.encode() in body], path
        if not visible and layer_id not in path:
            assert not re.search(rf"\b{layer_id}\b".encode(), body), path


@pytest.mark.parametrize(
    "path",
    [
        *("/ogc/", "/ogc/?f=html", "/ogc/api", "/ogc/api?f=html", "/ogc/collections", "/ogc/collections?f=html"),
        *(
            "/ogc/conformance",
            "/ogc/styles/infra",
            "/viewer/config?lang=en",
            "/",
            f"/viewer/identify?{PLACE}&radius_m=200",
        ),
        *("/analysis/conflicts?status=all", "/analysis/coverage", "/analysis/coverage/fire_hydrant"),
        *("/wfs?service=WFS&request=GetCapabilities", "/wfs?service=WFS&request=DescribeFeatureType&version=2.0.0"),
        *("/wfs?service=WFS&request=ListStoredQueries", "/wfs?service=WFS&request=DescribeStoredQueries"),
    ],
)
def test_no_document_of_the_whole_names_what_is_hidden(send, path):
    assert send(path).status_code in (200, 404)


def test_works_are_checked_against_visible_assets_only(send, reader):
    point = {"type": "Point", "coordinates": [106.6937, 10.7684]}
    body = {"type": "Feature", "geometry": point, "properties": {"buffer_m": 100}}
    assert send("/analysis/works-check", "POST", json=body).status_code == 200


@pytest.mark.parametrize("layer_id", LAYERS)
def test_pages_and_counts_hold_what_the_reader_sees(send, reader, layer_id):
    expected = list_visible(reader, layer_id)
    path = f"/ogc/collections/{layer_id}"
    if not expected:
        assert {send(f"{path}{more}").status_code for more in ("", "/items", "/items/1", "/schema", "/tiles")} == {404}
        return
    page = send(f"{path}/items?sortby=-sensitivity,asset_code").json
    assert sorted(each["properties"]["asset_code"] for each in page["features"]) == sorted(expected)
    assert page["numberMatched"] == send(path).json["itemCount"] == len(expected)
    assert send(f"{path}/items?limit=1").json["numberMatched"] == len(expected)
    assert send(f"{path}/items?offset=100").json["numberMatched"] == len(expected)
    html = send(f"{path}/items?f=html").text
    assert all(code in html for code in expected)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_extents_hold_what_the_reader_sees(send, reader, layer_id):
    expected = list_visible(reader, layer_id)
    if not expected:
        return
    positions = [
        each["geometry"]["coordinates"] for each in send(f"/ogc/collections/{layer_id}/items").json["features"]
    ]
    east = pytest.approx(max(x for x, _ in positions), abs=2e-6)
    assert send(f"/ogc/collections/{layer_id}").json["extent"]["spatial"]["bbox"][0][2] == east
    assert send(f"/ogc/collections/{layer_id}/tiles/WebMercatorQuad").json["bounds"][2] == east
    root = etree.fromstring(send("/wfs?service=WFS&request=GetCapabilities").data)
    types = {each.findtext(f"{WFS}Name"): each for each in root.iter(f"{WFS}FeatureType")}
    corner = types[f"infra:{layer_id}"].find(f"{OWS}WGS84BoundingBox").findtext(f"{OWS}UpperCorner")
    assert float(corner.split()[0]) == east


@pytest.mark.parametrize("layer_id", LAYERS)
def test_a_hidden_row_is_found_by_no_filter(send, reader, layer_id):
    if not list_visible(reader, layer_id):
        return
    for step in STEPS:
        found = int(name_row(layer_id, step) in list_visible(reader, layer_id))
        base = f"/ogc/collections/{layer_id}/items"
        code = name_row(layer_id, step)
        assert send(f"{base}?asset_code={code}").json["numberMatched"] == found
        if step is not None:
            assert send(f"{base}?sensitivity={step}").json["numberMatched"] == found
        east = 106.693218 + STEPS.index(step) * 9.145e-5
        box = f"{east - 3e-5},10.7683,{east + 3e-5},10.7685"
        assert send(f"{base}?bbox={box}").json["numberMatched"] == found


@pytest.mark.parametrize("layer_id", LAYERS)
def test_the_wfs_holds_what_the_reader_sees(send, reader, layer_id):
    expected = list_visible(reader, layer_id)
    base = f"/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames={layer_id}"
    answer = send(base)
    if not expected:
        assert answer.status_code == 400
        return
    codes = [each.text for each in etree.fromstring(answer.data).iter(f"{INFRA}asset_code")]
    assert sorted(codes) == sorted(expected)
    assert etree.fromstring(send(f"{base}&resultType=hits").data).get("numberMatched") == str(len(expected))
    assert send(f"{base}&outputFormat=json").json["numberMatched"] == len(expected)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_an_id_of_a_hidden_row_is_as_unknown_as_one_that_never_was(app, engine, tables, send, reader, layer_id):
    table = tables.get(layer_id)
    with engine.connect() as connection:
        ids = {row.asset_code: row.id for row in connection.execute(table.select())}
    for code, number in ids.items():
        addresses = [
            f"/ogc/collections/{layer_id}/items/{{}}",
            f"/wfs?service=WFS&request=GetFeature&storedQuery_id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id={layer_id}.{{}}",
        ]
        for address in addresses:
            answer, never = send(address.format(number)), send(address.format(999_999_999))
            if code in list_visible(reader, layer_id):
                assert answer.status_code == 200 and never.status_code == 404
            else:
                assert answer.status_code == never.status_code
                number_or_never = re.compile(rf"\b({number}|999999999)\b")
                assert number_or_never.sub("N", answer.text) == number_or_never.sub("N", never.text)


@pytest.mark.parametrize(
    "more", ["", "/items", "/items/1", "/schema", "/schema.xsd", "/queryables", "/tiles", f"/{TILE}"]
)
def test_a_hidden_layer_is_as_unknown_as_one_that_never_was(send, reader, more):
    for query in ("", "?f=html", "?f=nonsense", "?bbox=x", "?lang=en"):
        never = send(f"/ogc/collections/no_such{more}{query}")
        for layer_id in LAYERS:
            if not list_visible(reader, layer_id):
                answer = send(f"/ogc/collections/{layer_id}{more}{query}")
                assert answer.status_code == never.status_code
                assert strip_token(answer.text.replace(layer_id, "L")) == strip_token(
                    never.text.replace("no_such", "L")
                )


def strip_token(page):
    """A page without its token, which differs each time."""
    return re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", page)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_tiles_hold_what_the_reader_sees(send, reader, layer_id):
    expected = list_visible(reader, layer_id)
    answer = send(f"/ogc/collections/{layer_id}/{TILE}")
    if not expected:
        assert answer.status_code == 404
        return
    found = [each["properties"]["asset_code"] for each in decode(answer.data)[layer_id]]
    assert sorted(found) == sorted(expected)


def test_a_tag_of_one_reader_is_no_key_for_another(app):
    client, path = app.test_client(), f"/ogc/collections/fire_hydrant/{TILE}"
    answers = {name: client.get(path, headers=sign(name)) for name in READERS}
    tags = {name: answer.headers["ETag"] for name, answer in answers.items()}
    for name in READERS:
        same = READERS[name]["fire_hydrant"] == READERS["chief"]["fire_hydrant"]
        again = client.get(path, headers={**sign(name), "If-None-Match": tags["chief"]})
        assert again.status_code == (304 if same else 200), name
        assert "Authorization" in again.headers["Vary"] and "Cookie" in again.headers["Vary"]
        assert "private" in again.headers["Cache-Control"] or name == "stranger"


def sign(name):
    """The header by which a reader signs in."""
    word = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
    return {} if name == "stranger" else {"Authorization": f"Basic {word}"}


def test_what_depends_on_the_reader_is_kept_by_no_shared_cache(send):
    paths = (
        "/ogc/collections",
        "/ogc/api",
        "/ogc/collections/fire_hydrant/items",
        "/ogc/styles/infra",
        "/viewer/config",
    )
    for path in (*paths, "/", "/wfs?service=WFS&request=GetCapabilities", "/analysis/coverage", "/analysis/conflicts"):
        assert "no-store" in send(path).headers["Cache-Control"], path
