"""OGC API: the landing page and what hangs from it, for the public and for people who signed in."""

import base64
from dataclasses import replace

import jsonschema
import pytest
from lxml import etree
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.tables import PERSON
from gis_infra.catalogue.definitions import Licence, Title
from gis_infra.features.formats import geojson
from gis_infra.features.state import Tally
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.context import EXTENSION, get_services
from gis_infra.web.ogcapi import collections
from gis_infra.web.ogcapi.openapi import definition
from gis_infra.web.ogcapi.parameters import ALWAYS, ITEMS
from tests.builders import insert_many
from tests.tiles import quieten

PASSWORD = "một mật khẩu dài"
LAN = {"Authorization": "Basic " + base64.b64encode(f"lan:{PASSWORD}".encode()).decode()}
VIEWER = {"Authorization": "Basic " + base64.b64encode(f"minh:{PASSWORD}".encode()).decode()}
LAYERS = ("fire_hydrant", "water_pipe", "works_project")
CORE = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application over five hydrants, four water pipes of every sensitivity and two projects.

    lan is signed in without grants; minh views the water sector.
    """
    application = create_app(settings, engine)
    clear(engine, tables)
    with writing(engine) as connection:
        fill(connection, tables)
        for name in ("lan", "minh"):
            people.add_person(connection, name, name, password=PASSWORD)
        people.grant_to_person(connection, "minh", "viewer", "sector:water", catalogue)
    yield application
    quieten(application)
    clear(engine, tables)
    with writing(engine) as connection:
        connection.execute(delete(PERSON))


def clear(engine, tables):
    with writing(engine) as connection:
        for layer_id in LAYERS:
            connection.execute(delete(tables.get(layer_id)))


def fill(connection, tables):
    insert_many(
        connection,
        tables,
        "fire_hydrant",
        [
            {"wkt": f"POINT Z ({603000 + 100 * n} 1191000 2.5)", "asset_code": f"H{n}", "status": "in_service"}
            for n in range(5)
        ],
    )
    steps = (None, "public", "shared", "restricted")
    pipe = "LINESTRING(603000 1191000, 603010 1191000)"
    insert_many(connection, tables, "water_pipe", [{"wkt": pipe, "sensitivity": step} for step in steps])
    square = "MULTIPOLYGON(((603000 1191000, 603010 1191000, 603010 1191010, 603000 1191000)))"
    insert_many(
        connection,
        tables,
        "works_project",
        [
            {"wkt": square, "asset_code": "spring", "starts_on": "2026-03-01", "ends_on": "2026-04-30"},
            {"wkt": square, "asset_code": "someday"},
        ],
    )


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def get(client):
    """A function that GETs a path under /ogc and gives its JSON."""

    def read(path, status=200, **headers):
        answer = client.get(f"/ogc{path}", headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    return read


def find_link(document, rel):
    return next(link for link in document["links"] if link["rel"] == rel)


# The way in.


@pytest.mark.parametrize("path", ["", "/"])
def test_the_landing_page_leads_to_everything(get, path):
    landing = get(path)
    types = {link["rel"]: link["type"] for link in landing["links"]}
    assert types["service-desc"] == "application/vnd.oai.openapi+json;version=3.0"
    assert {"self", "alternate", "service-doc", "conformance", "data"} <= set(types)


def test_every_link_of_the_landing_page_and_of_a_collection_works(client, get):
    links = get("/")["links"] + get("/collections/fire_hydrant")["links"]
    for link in links:
        answer = client.get(link["href"])
        assert answer.status_code == 200, link
        assert answer.content_type.split(";")[0] == link["type"].split(";")[0], link


def test_links_carry_the_public_address(settings, engine):
    proxied = create_app(replace(settings, public_url="https://gis.example.vn/city"), engine)
    landing = proxied.test_client().get("/ogc/").json
    assert find_link(landing, "data")["href"] == "https://gis.example.vn/city/ogc/collections"


@pytest.mark.parametrize("path", ["/", "/conformance", "/collections", "/collections/fire_hydrant", "/api"])
def test_nothing_but_tiles_may_be_kept(client, path):
    assert client.get(f"/ogc{path}").headers["Cache-Control"] == "no-store"


def test_conformance_is_declared(get):
    assert CORE in get("/conformance")["conformsTo"]


# JSON or HTML.


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("*/*", "", "application/json"),
        ("application/json", "", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "text/html"),
        ("text/html", "?f=json", "application/json"),
        ("application/json", "?f=html", "text/html"),
        ("text/plain", "", "application/json"),
    ],
)
def test_the_form_is_what_the_client_wants(client, accept, query, expected):
    assert client.get(f"/ogc/collections{query}", headers={"Accept": accept}).mimetype == expected


PAGES = (
    "/", "/conformance", "/api", "/collections", "/collections/fire_hydrant", "/collections/fire_hydrant/items",
    "/collections/fire_hydrant/schema", "/collections/fire_hydrant/queryables", "/collections/fire_hydrant/sortables",
    "/collections/fire_hydrant/tiles",
    "/collections/fire_hydrant/tiles/WebMercatorQuad",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "skip"), [("vi", "Đến nội dung"), ("en", "Skip to the content")])
def test_every_page_can_be_read_in_both_languages(client, path, language, skip):
    page = client.get(f"/ogc{path}?f=html&lang={language}")
    assert page.status_code == 200 and page.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in page.text and skip in page.text
    assert "built-in method" not in page.text and "None" not in page.text


def test_the_language_is_the_browser_s(client):
    page = client.get("/ogc/collections?f=html", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "<h1>Layers</h1>" in page.text


def test_a_page_of_items_shows_them_and_leads_on(client):
    page = client.get("/ogc/collections/fire_hydrant/items?f=html&limit=2&lang=en").text
    assert "<strong>5 features</strong>, 1 to 2 shown" in page and "H0" in page and "H2" not in page
    assert 'rel="next"' in page


def test_a_page_of_items_tells_codes_in_the_readers_words(client, engine, tables):
    with engine.begin() as connection:
        [made] = insert_many(connection, tables, "works_project", [{"method": "trenchless"}])
    page = client.get("/ogc/collections/works_project/items?f=html&limit=1000&lang=vi").text
    with engine.begin() as connection:
        connection.execute(tables.get("works_project").delete().where(tables.get("works_project").c.id == made))
    assert '<span title="trenchless">' in page and ">trenchless<" not in page


def test_what_is_in_the_data_is_not_read_as_html(client, engine, tables):
    with writing(engine) as connection:
        (made,) = insert_many(connection, tables, "works_project", [{"name": "<script>alert(1)</script>"}])
    page = client.get(f"/ogc/collections/works_project/items/{made}?f=html").text
    with writing(engine) as connection:
        connection.execute(delete(tables.get("works_project")).where(tables.get("works_project").c.id == made))
    assert "<script>" not in page and "&lt;script&gt;" in page


# Collections.


def test_a_collection_says_how_many_where_and_in_what_systems(get):
    collection = get("/collections/fire_hydrant")
    assert (collection["id"], collection["itemCount"], collection["storageCrs"]) == ("fire_hydrant", 5, f"{EPSG}/9210")
    # 603000 to 603400 E on 1191000 N.
    assert collection["extent"]["spatial"]["bbox"][0] == pytest.approx(
        [106.693584, 10.768393, 106.697241, 10.768404], abs=1e-6
    )
    assert collection["crs"][0] == CRS84 and f"{EPSG}/9210" in collection["crs"]


def test_the_list_of_collections_holds_only_what_one_may_see(get):
    public = {each["id"] for each in get("/collections")["collections"]}
    signed_in = {each["id"] for each in get("/collections", **LAN)["collections"]}
    viewer = {each["id"] for each in get("/collections", **VIEWER)["collections"]}
    assert "fire_hydrant" in public and "water_pipe" not in public
    assert "water_pipe" in signed_in and "water_source" not in signed_in
    assert "water_source" in viewer and "substation" not in viewer


@pytest.mark.parametrize(("who", "count"), [(LAN, 3), (VIEWER, 4)])
def test_counts_are_those_of_what_one_may_see(get, who, count):
    assert get("/collections/water_pipe", **who)["itemCount"] == count
    assert get("/collections/water_pipe/items", **who)["numberMatched"] == count


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "/items",
        "/items/1",
        "/schema",
        "/queryables",
        "/sortables",
        "/tiles",
        "/tiles/WebMercatorQuad",
        "/tiles/WebMercatorQuad/0/0/0",
    ],
)
def test_a_layer_one_may_not_see_is_as_missing_as_one_that_is_not_there(client, tail):
    hidden = client.get(f"/ogc/collections/water_pipe{tail}")
    nothing = client.get(f"/ogc/collections/nothing_at{tail}")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text.replace("water_pipe", "nothing_at") == nothing.text
    assert dict(hidden.headers) == dict(nothing.headers)


def test_a_wrong_password_is_not_taken_for_the_public(client):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"lan:wrong").decode()}
    answer = client.get("/ogc/collections", headers=wrong)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic")


# Schemas.


def test_features_are_valid_against_the_schema_of_their_collection(get):
    schema = get("/collections/fire_hydrant/schema")
    assert schema["$id"].endswith("/ogc/collections/fire_hydrant/schema")
    properties = get("/collections/fire_hydrant/items")["features"][0]["properties"]
    assert set(properties) == set(schema["properties"]) - {"id", "geometry"}
    jsonschema.validate({name: value for name, value in properties.items() if value is not None}, schema)


def test_gdal_finds_types_and_geometry_of_an_empty_collection_in_its_xml_schema(client, get):
    links = get("/collections/post_office")["links"]
    href = next(link["href"] for link in links if link["rel"] == "describedBy")
    schema = etree.fromstring(client.get(href).data)
    types = {each.get("name"): each.get("type") for each in schema.iter("{*}element")}
    assert types["geometry"] == "gml:PointPropertyType" and types["installed_on"] == "xsd:date"
    assert types["cover_m"] == "xsd:double" and types["import_id"] == "xsd:long"


def test_every_queryable_is_a_parameter_of_the_items(get):
    names = set(get("/collections/fire_hydrant/queryables")["properties"]) - {"geometry"}
    assert names <= set(list_parameters(get("/api")))


def list_parameters(api):
    """The names of the parameters that the items of hydrants take."""
    shared = api["components"]["parameters"]
    parameters = api["paths"]["/collections/fire_hydrant/items"]["get"]["parameters"]
    return [each.get("name") or shared[each["$ref"].rpartition("/")[2]]["name"] for each in parameters]


# The definition.


def test_the_definition_is_complete_in_itself(get):
    """Every reference leads somewhere in the document, every path answers, every operation has its own name."""
    api = get("/api")
    for reference in find_references(api):
        assert reference.startswith("#/")
        part = api
        for step in reference[2:].split("/"):
            part = part[step]
    operations = [each["operationId"] for path in api["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations))


def find_references(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            else:
                yield from find_references(value)
    elif isinstance(part, list):
        for each in part:
            yield from find_references(each)


def test_qgis_finds_its_page_size_and_its_filters_in_the_definition(get):
    api = get("/api")
    limit = api["components"]["parameters"]["limit"]
    assert (limit["name"], limit["schema"]["maximum"], limit["schema"]["default"]) == ("limit", 10000, 10)
    parameters = api["paths"]["/collections/fire_hydrant/items"]["get"]["parameters"]
    assert {"$ref": "#/components/parameters/limit"} in parameters
    status = next(each for each in parameters if each.get("name") == "status")
    assert (status["in"], status["style"], status["explode"], status["schema"]["type"]) == (
        "query",
        "form",
        False,
        "string",
    )


def test_the_definition_names_every_parameter_the_items_take_and_no_other(get, catalogue):
    named = list_parameters(get("/api"))
    fields = {field.name for field in catalogue.get_layer("fire_hydrant").fields}
    assert set(named) == ITEMS | ALWAYS | fields and len(named) == len(set(named))


def test_the_definition_stays_small(settings, engine):
    """Two megabytes of JSON for every layer and every right: what a browser's viewer of it still opens."""
    application = create_app(settings, engine)
    with application.test_request_context("/ogc/api"):
        document = definition.make_document(settings, definition.find_scope(get_services().catalogue, SYSTEM))
    assert len(document["paths"]) > 400 and len(geojson.render(document)) < 2_000_000


def test_the_definition_is_made_once_for_all_who_may_do_the_same(app, client):
    app.extensions[definition.MEMORY].clear()
    for headers in ({}, {}, LAN, {"Accept-Language": "en"}, LAN):
        assert client.get("/ogc/api", headers=headers).status_code == 200
    assert len(app.extensions[definition.MEMORY]) == 3


def test_a_collection_tells_its_terms_of_use(settings, engine):
    licensed = replace(settings, licence_url="https://example.vn/terms", licence_title="Terms", attribution="Sở A")
    browser = create_app(licensed, engine).test_client()
    for path in ("/ogc/", "/ogc/collections", "/ogc/collections/fire_hydrant"):
        link = find_link(browser.get(path).json, "license")
        assert (link["href"], link["title"]) == ("https://example.vn/terms", "Terms")
    assert browser.get("/ogc/collections/fire_hydrant").json["attribution"] == "Sở A"


def test_a_layer_s_own_terms_count_before_the_city_s(app, settings):
    layer = app.extensions[EXTENSION].catalogue.get_layer("fire_hydrant")
    own = replace(layer, licence=Licence("https://example.vn/own", "Own"), attribution=Title("Sở B", "Department B"))
    with app.test_request_context("/ogc/collections?lang=en"):
        assert collections.find_licence(own) == Licence("https://example.vn/own", "Own")
        assert collections.find_licence(layer) is None
        assert collections.describe(own, Tally(0, None), "en")["attribution"] == "Department B"


def test_the_definition_does_not_betray_hidden_layers(client):
    assert "water_pipe" not in client.get("/ogc/api").text
    assert "water_pipe" in client.get("/ogc/api", headers=LAN).text


# Style.


def test_the_style_draws_what_one_may_see_from_this_server_alone(client):
    style = client.get("/ogc/styles/infra").json
    assert "fire_hydrant" in style["sources"] and "water_pipe" not in style["sources"]
    assert {part["source"] for part in style["layers"] if "source" in part} == set(style["sources"])
    for source in style["sources"].values():
        assert source["tiles"][0].startswith("http://localhost/ogc/collections/")
    assert "glyphs" not in style and "sprite" not in style


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        (
            "GET",
            "/ogc/nope",
            404,
            "there is nothing at /ogc/nope; the map is at /, the OGC API at /ogc/, the WFS at /wfs",
        ),
        ("DELETE", "/wfs", 405, "DELETE is not taken at /wfs; allowed are GET, HEAD, OPTIONS, POST"),
        (
            "GET",
            "/ogc/collections/dragon",
            404,
            "there is no layer 'dragon'; /ogc/collections lists those you may see",
        ),
        (
            "GET",
            "/ogc/collections/substation/items",
            404,
            "there is no layer 'substation'; /ogc/collections lists those you may see",
        ),
    ],
)
def test_a_wrong_address_is_answered_with_what_there_is(client, method, path, status, told):
    answer = client.open(path, method=method, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["detail"]) == (status, told)
