"""OGC API: every format of features, read back by another program; which one is given; long pages sent as read."""

import gzip
import json
from datetime import date
from types import SimpleNamespace

import pyogrio
import pytest
import shapely
from lxml import etree
from pyogrio.raw import read

from gis_infra.features.formats.registry import FORMATS
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.ogcapi import items
from tests.builders import insert_many

LAYER = "fire_hydrant"
ITEMS = f"/ogc/collections/{LAYER}/items"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
GML = "{http://www.opengis.net/gml/3.2}"
SF = "{http://www.opengis.net/ogcapi-features-1/1.0/sf}"
INFRA = "{urn:gis-infra:infra}"
NAMES = tuple(FORMATS)
LONG_LAYER, MANY = "sewer_pipe", 2500


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application with three hydrants: one with a height, one without, one nowhere; and many pipes."""
    rows = [
        {"wkt": "POINT Z (603000 1191000 2.5)", "asset_code": "H0", "installed_on": date(2020, 2, 1), "flow_lps": 15.0},
        {"wkt": "POINT (603010 1191000)", "asset_code": "=1+2", "name": 'Trụ "cứu hoả", số 1\n', "remarks": "<&>"},
        {"asset_code": "H2", "decommissioned_on": date(2024, 5, 6)},
    ]
    with writing(engine) as connection:
        insert_many(connection, tables, LAYER, rows)
        lines = [
            {"wkt": f"LINESTRING ({603000 + n} 1191000, 603000 1191001)", "asset_code": f"V{n}"} for n in range(MANY)
        ]
        insert_many(connection, tables, LONG_LAYER, lines)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        connection.execute(tables.get(LAYER).delete())
        connection.execute(tables.get(LONG_LAYER).delete())


@pytest.fixture
def get(app):
    """Fetches an address, and says what came."""
    client = app.test_client()

    def fetch(query="", path=ITEMS, status=200, **headers):
        answer = client.get(f"{path}?{query}", headers={name.replace("_", "-"): text for name, text in headers.items()})
        assert answer.status_code == status, answer.text
        return answer

    return fetch


def find_link(answer, rel):
    """The address of the link of that relation."""
    return next(each["href"] for each in answer.json["links"] if each["rel"] == rel)


def follow(get, address):
    """What comes from an address of this server."""
    path, _, query = address.removeprefix("http://localhost").partition("?")
    return get(query, path=path)


def get_schema(get, answer):
    """The schema that a GML document names for its features."""
    locations = etree.fromstring(answer.data).get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    return follow(get, locations.split()[3])


def open_with_gdal(answer, suffix, folder, **options):
    """What GDAL reads from an answer: column name -> values, geometries, and what it says of the layer."""
    path = folder / f"answer{suffix}"
    path.write_bytes(answer.data)
    meta, _, wkb, values = read(path, **options)
    columns = dict(zip(meta["fields"], values, strict=True))
    return SimpleNamespace(columns=columns, shapes=shapely.from_wkb(wkb), crs=meta["crs"])


# Read back by GDAL.


@pytest.mark.parametrize(
    ("form", "suffix"), [("json", ".geojson"), ("jsonfg", ".json"), ("fgb", ".fgb"), ("gml", ".gml")]
)
def test_gdal_reads_what_was_stored(get, tmp_path, form, suffix):
    answer = get(f"f={form}&sortby=asset_code")
    if form == "gml":
        (tmp_path / "answer.xsd").write_bytes(get_schema(get, answer).data)
    found = open_with_gdal(answer, suffix, tmp_path)
    assert list(found.columns["asset_code"]) == ["=1+2", "H0", "H2"]
    assert list(found.columns["name"]) == ['Trụ "cứu hoả", số 1\n', None, None]
    assert found.columns["flow_lps"][1] == 15.0
    assert str(found.columns["installed_on"][1]).replace("/", "-").startswith("2020-02-01")
    places = [None if each is None else (round(each.x, 5), round(each.y, 5)) for each in found.shapes]
    assert places == [(106.69368, 10.7684), (106.69358, 10.7684), None]
    assert found.shapes[1].z == 2.5


def test_gdal_reads_csv(get, tmp_path):
    found = open_with_gdal(get("f=csv&sortby=asset_code"), ".csv", tmp_path, encoding="utf-8")
    assert list(found.columns["asset_code"]) == ["'=1+2", "H0", "H2"]
    assert found.columns["name"][0] == 'Trụ "cứu hoả", số 1\n'
    assert found.columns["WKT"][1].startswith("POINT Z (106.69358") and found.columns["WKT"][2] in ("", None)
    assert "id" in found.columns


@pytest.mark.parametrize("form", ["fgb", "gml"])
def test_gdal_learns_the_crs(get, tmp_path, form):
    found = open_with_gdal(get(f"f={form}&limit=1&crs={EPSG}/9210"), f".{form}", tmp_path)
    assert found.crs.endswith("9210") and (found.shapes[0].x, found.shapes[0].y) == (603000, 1191000)


@pytest.mark.parametrize("form", NAMES)
def test_an_empty_page_is_a_document(get, form, tmp_path):
    answer = get(f"f={form}&asset_code=none")
    assert answer.headers["OGC-NumberReturned"] == "0" and answer.data
    if form == "json":
        assert answer.json["features"] == []
    if form in ("fgb", "csv"):
        assert len(open_with_gdal(answer, f".{form}", tmp_path).shapes if form == "fgb" else []) == 0


@pytest.mark.parametrize("form", NAMES)
def test_a_choice_of_properties_holds_in_every_format(get, form):
    text = get(f"f={form}&properties=asset_code&skipGeometry=true").data
    assert b"H0" in text and b"installed_on" not in text and b"106.69" not in text


# What each format asks for.


def test_json_fg_says_type_time_and_classes(get):
    document = get("f=jsonfg&sortby=asset_code").json
    assert document["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    assert document["featureType"] == LAYER and document["geometryDimension"] == 0
    assert document["featureSchema"].endswith(f"/ogc/collections/{LAYER}/schema")
    assert "coordRefSys" not in document
    features = document["features"]
    assert [each["time"] for each in features] == [
        None,
        {"interval": ["2020-02-01", ".."]},
        {"interval": ["..", "2024-05-06"]},
    ]
    assert features[1]["place"] is None and features[1]["geometry"]["type"] == "Point"


@pytest.mark.parametrize(("crs", "first"), [(f"{EPSG}/9210", 603000), (f"{EPSG}/4326", 10.7684)])
def test_json_fg_puts_other_systems_into_place(get, crs, first):
    document = get(f"f=jsonfg&crs={crs}&asset_code=H0").json
    feature = document["features"][0]
    assert document["coordRefSys"] == crs and feature["geometry"] is None
    assert feature["place"]["coordinates"][0] == pytest.approx(first, abs=1e-3)


def test_json_fg_knows_the_time_although_its_dates_are_not_shown(get):
    feature = get("f=jsonfg&asset_code=H0&properties=asset_code").json["features"][0]
    assert feature["time"] == {"interval": ["2020-02-01", ".."]} and feature["properties"] == {"asset_code": "H0"}


def test_gml_is_a_collection_of_the_standard_whose_features_keep_to_their_schema(get):
    answer = get("f=gml")
    assert answer.headers["Content-Type"] == (
        'application/gml+xml; version=3.2; profile="http://www.opengis.net/def/profile/ogc/2.0/gml-sf0"'
    )
    root = etree.fromstring(answer.data)
    assert root.tag == f"{SF}FeatureCollection" and root.get(f"{GML}id")
    assert [each.tag for each in root] == [f"{SF}featureMember"] * 3
    schema = etree.fromstring(get_schema(get, answer).data)
    declared = [each.get("name") for each in schema.iter("{http://www.w3.org/2001/XMLSchema}element")]
    for member in root.iter(f"{INFRA}{LAYER}"):
        names = [etree.QName(each).localname for each in member if each.tag.startswith(INFRA)]
        assert names == [name for name in declared if name in names]
    ids = [each.get(f"{GML}id") for each in root.iter() if each.get(f"{GML}id")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("crs", "text"), [(f"{EPSG}/4326", "10.7684"), (f"{EPSG}/9210", "603000")])
def test_gml_and_csv_write_the_axis_order_of_the_system(get, crs, text):
    position = etree.fromstring(get(f"f=gml&crs={crs}&asset_code=H0").data).find(f".//{GML}pos")
    assert position.text.startswith(text)
    assert f"POINT Z ({text}" in get(f"f=csv&crs={crs}&asset_code=H0").text


def test_csv_has_no_formulas_and_lines_of_the_standard(get):
    answer = get("f=csv&properties=asset_code,name&sortby=asset_code")
    header, first = answer.text.split("\r\n")[:2]
    assert header == '"id","asset_code","name","WKT"' and ',"\'=1+2",' in first
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_flatgeobuf_says_neither_count_nor_extent_beforehand(get, tmp_path):
    path = tmp_path / "a.fgb"
    path.write_bytes(get("f=fgb").data)
    info = pyogrio.read_info(path, force_feature_count=True, force_total_bounds=True)
    assert info["features"] == 3 and info["geometry_type"] == "Point Z"
    assert not info["capabilities"]["fast_feature_count"]
    assert info["total_bounds"] == pytest.approx((106.6935841, 10.7684034, 106.6936756, 10.7684037), abs=1e-6)


# Which format is given.


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        (None, "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/geo+json, application/json", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/gml+xml;version=3.2", "application/gml+xml"),
        ("application/xml", "application/gml+xml"),
        ("text/csv;q=0.4, application/flatgeobuf;q=0.5", "application/flatgeobuf"),
        ("application/fg+json", "application/vnd.ogc.fg+json"),
        ("application/*", "application/geo+json"),
        ("application/geo+json;q=0, application/vnd.ogc.fg+json;q=0.1", "application/vnd.ogc.fg+json"),
        ("image/png, */*;q=0.1", "application/geo+json"),
    ],
)
@pytest.mark.parametrize("path", [ITEMS, "one"])
def test_the_format_is_the_one_the_client_likes_best(get, accept, mimetype, path):
    if path == "one":
        path = f"{ITEMS}/{get('limit=1').json['features'][0]['id']}"
    answer = get(path=path, **({} if accept is None else {"Accept": accept}))
    assert answer.mimetype == mimetype and "Accept" in answer.headers["Vary"]


def test_f_outweighs_accept(get):
    assert get("f=csv", Accept="application/geo+json").mimetype == "text/csv"


def test_where_nothing_fits_it_is_said_what_there_is(get):
    problem = get(Accept="image/png", status=406)
    assert problem.mimetype == "application/problem+json"
    assert "image/png" in problem.json["detail"] and "application/flatgeobuf" in problem.json["detail"]


# Links and numbers in headers.


@pytest.mark.parametrize("form", NAMES)
def test_headers_tell_what_a_format_has_no_place_for(get, form):
    answer = get(f"f={form}&limit=2")
    assert (answer.headers["OGC-NumberMatched"], answer.headers["OGC-NumberReturned"]) == ("3", "2")
    link = next(each for each in answer.headers["Link"].split(", ") if 'rel="next"' in each)
    following = link.partition("<")[2].partition(">")[0].partition("?")[2]
    assert f"f={form}" in following and f'type="{FORMATS[form].accepts[0]}"' in link
    rest = get(following)
    assert (rest.mimetype, rest.headers["OGC-NumberReturned"]) == (answer.mimetype, "1")
    assert 'rel="next"' not in rest.headers["Link"]


def test_a_document_links_to_every_other_form(get):
    links = get("limit=1&sortby=name").json["links"]
    forms = {each["type"]: each["href"] for each in links if each["rel"] == "alternate"}
    assert set(forms) == {*(each.accepts[0] for name, each in FORMATS.items() if name != "json"), "text/html"}
    assert all("sortby=name" in each for each in forms.values())


@pytest.mark.parametrize("form", NAMES)
def test_one_feature_comes_in_every_format(get, form):
    feature = get("asset_code=H0").json["features"][0]
    answer = get(f"f={form}", path=f"{ITEMS}/{feature['id']}")
    assert answer.content_type == FORMATS[form].mimetype and b"H0" in answer.data and b"=1+2" not in answer.data
    again = get(f"f={form}", path=f"{ITEMS}/{feature['id']}", If_None_Match=answer.headers["ETag"], status=304)
    assert again.data == b""
    get(f"f={form}", path=f"{ITEMS}/999999999", status=404)


# Long pages.


@pytest.fixture
def short(monkeypatch):
    """Lets pages of a few features be sent as long ones are."""
    monkeypatch.setattr(items, "MOST_HELD", 1)


def forget_moment(body):
    """A JSON document without the second it was made in."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    return {name: value for name, value in document.items() if name != "timeStamp"}


@pytest.mark.parametrize("form", NAMES)
@pytest.mark.parametrize("query", ["", "limit=2", "limit=2&offset=1", "limit=2&sortby=-asset_code", "asset_code=none"])
def test_a_page_is_the_same_whether_it_is_held_or_sent_as_it_is_read(get, request, form, query):
    held = get(f"f={form}&{query}")
    request.getfixturevalue("short")
    sent = get(f"f={form}&{query}")
    assert forget_moment(sent.data) == forget_moment(held.data)
    for name in ("Link", "OGC-NumberMatched", "OGC-NumberReturned", "Content-Crs", "Content-Type"):
        assert sent.headers.get(name) == held.headers.get(name)


def test_long_pages_turn_backwards_too(get, short):
    last = follow(get, find_link(get("limit=2&sortby=asset_code"), "next"))
    page = follow(get, find_link(last, "prev")).json
    assert [each["properties"]["asset_code"] for each in page["features"]] == ["=1+2", "H0"]


@pytest.mark.parametrize("form", NAMES)
def test_a_long_page_comes_in_pieces_and_whole(get, form):
    answer = get(f"f={form}&limit={MANY}", path="/ogc/collections/sewer_pipe/items")
    assert answer.headers["OGC-NumberReturned"] == str(MANY) and "Content-Length" not in answer.headers
    assert answer.data.count(b"V2499") >= 1
    if form == "json":
        assert len(answer.json["features"]) == answer.json["numberReturned"] == MANY


def test_a_reader_that_goes_away_gives_the_connection_back(app, engine):
    before = engine.pool.checkedout()
    client = app.test_client()
    for _ in range(3):
        answer = client.get(f"/ogc/collections/sewer_pipe/items?limit={MANY}", buffered=False)
        next(iter(answer.iter_encoded()))
        answer.close()
    unread = client.get(f"/ogc/collections/sewer_pipe/items?limit={MANY}", buffered=False)
    unread.close()
    assert engine.pool.checkedout() == before


def test_what_is_wrong_is_refused_before_a_long_page_begins(get, short):
    assert get("limit=5000&sortby=nix", status=400).json["where"] == "nix"


def test_a_long_page_is_sent_compressed(get):
    answer = get(f"limit={MANY}", path="/ogc/collections/sewer_pipe/items", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.data))["numberReturned"] == MANY
