"""OGC API - Features - Part 1 (OGC 17-069r4), classes GeoJSON, HTML and OpenAPI 3.0: one test a requirement."""

import jsonschema
import pytest

from tests.conformance.city import LAN, find_links, inline

ITEMS = "/collections/fire_hydrant/items"
PAGES = ("/", "/conformance", "/api", "/collections", "/collections/fire_hydrant", ITEMS)
# RFC 7946, clauses 3.2 and 3.3, as far as a point needs it.
FEATURE = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"const": "Feature"},
        "id": {"type": ["integer", "string"]},
        "properties": {"type": ["object", "null"]},
        "geometry": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "required": ["type", "coordinates"],
                    "properties": {"type": {"const": "Point"}, "coordinates": {"type": "array", "minItems": 2}},
                },
            ]
        },
    },
}
COLLECTION = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": FEATURE}},
}


def test_req_geojson_definition(anyone):
    first = anyone.get(ITEMS)["features"][0]["id"]
    for path in (ITEMS, f"{ITEMS}/{first}"):
        answer = anyone.ask(path, headers={"Accept": "application/geo+json"})
        assert answer.mimetype == "application/geo+json"


def test_req_geojson_content(anyone):
    page = anyone.get(f"{ITEMS}?limit=100")
    jsonschema.validate(page, COLLECTION)
    feature = anyone.get(f"{ITEMS}/{page['features'][0]['id']}")
    jsonschema.validate(feature, FEATURE)
    # Links are members of the collection and of the feature, for in GeoJSON they have no other place.
    assert find_links(page, "self") and find_links(feature, "self")


@pytest.mark.parametrize("path", PAGES)
def test_req_html_definition(anyone, path):
    answer = anyone.ask(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")


@pytest.mark.parametrize("path", [path for path in PAGES if path not in ("/api", ITEMS)])
def test_req_html_content(anyone, path):
    """What the JSON says, the page says; and where the JSON links, the page links."""
    document, page = anyone.get(f"{path}?f=json&lang=en"), anyone.ask(f"{path}?f=html&lang=en").text
    assert document.get("title", "") in page
    shown = page.replace("&amp;", "&")
    for rel in ("data", "conformance", "items", "enclosure"):
        for link in find_links(document, rel):
            assert link["href"].removeprefix("http://localhost").split("?")[0] in shown, link


def test_req_html_content_of_features(anyone):
    """/req/html/content: the features of a page are on it, with what they have."""
    page = anyone.ask(f"{ITEMS}?f=html&limit=5&lang=en").text
    assert all(name in page for name in ("H00", "H04", "Nguyễn Huệ"))
    first = anyone.get(ITEMS)["features"][0]["id"]
    assert "H00" in anyone.ask(f"{ITEMS}/{first}?f=html").text


def test_req_oas30_oas_definition_1(anyone):
    media = "application/vnd.oai.openapi+json;version=3.0"
    assert anyone.ask("/api", headers={"Accept": media}).content_type == media
    assert anyone.ask("/api", headers={"Accept": "text/html"}).mimetype == "text/html"


def test_req_oas30_oas_definition_2(api):
    """What OpenAPI 3.0 demands of a document; script/conformance holds it to the whole of its schema."""
    assert api["openapi"].startswith("3.0.")
    assert api["info"]["title"] and api["info"]["version"]
    for path, operations in api["paths"].items():
        assert path.startswith("/")
        for method, operation in operations.items():
            assert method in ("get", "put", "post", "delete", "options", "head", "patch")
            assert all("description" in each or "$ref" in each for each in operation["responses"].values())


# What a Schema Object of OpenAPI 3.0 may hold besides what holds other schemas; later versions know more.
SCHEMA_WORDS = {
    "title", "description", "type", "format", "enum", "default", "example", "nullable", "readOnly", "writeOnly",
    "deprecated", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "$ref",
    "externalDocs", "discriminator", "xml", "properties", "items", "not", "additionalProperties", "allOf", "oneOf",
    "anyOf",
}  # fmt: skip


def test_req_oas30_schemas(api):
    """The schemas are those of OpenAPI 3.0, by which other clients make their checks."""
    schemas = [inner for each in find_schemas(api) for inner in list_schemas(each)]
    assert len(schemas) > 100
    for schema in schemas:
        assert {name for name in schema if not name.startswith("x-")} <= SCHEMA_WORDS, schema
        assert isinstance(schema.get("type", ""), str), schema
        assert {type(schema.get(f"exclusive{bound}", True)) for bound in ("Minimum", "Maximum")} == {bool}, schema


def find_schemas(document):
    """The schemas of a definition: of parameters, bodies and answers, and those with a name."""
    yield from document["components"]["schemas"].values()
    held = [*document["paths"].values(), document["components"]]
    while held:
        each = held.pop()
        if isinstance(each, dict):
            if "schema" in each:
                yield each["schema"]
            held += [inner for name, inner in each.items() if name not in ("schema", "schemas")]
        elif isinstance(each, list):
            held += each


def list_schemas(schema):
    """A schema and every schema in it."""
    yield schema
    inner = [
        *schema.get("properties", {}).values(),
        *(each for name in ("allOf", "oneOf", "anyOf") for each in schema.get(name, [])),
    ]
    inner += [schema[name] for name in ("items", "not", "additionalProperties") if isinstance(schema.get(name), dict)]
    for each in inner:
        yield from list_schemas(each)


def test_req_oas30_oas_impl(anyone, api):
    """Every path of the definition that needs no id and only reads, answers as it says."""
    for path, operations in api["paths"].items():
        if "{" in path or "get" not in operations or "/export" in path:
            continue
        answer = anyone.ask(path)
        told = operations["get"]["responses"]
        assert str(answer.status_code) in told, path
        if answer.status_code == 200:
            types = {each.split(";")[0] for each in told["200"]["content"]}
            assert answer.mimetype in types, path


def test_req_oas30_completeness(anyone, api):
    """Every route of the API is in the definition, but for where the pages' own form is sent."""
    routes = {
        str(rule).removeprefix("/ogc") or "/"
        for rule in anyone.client.application.url_map.iter_rules()
        if str(rule).startswith("/ogc") and "static" not in rule.endpoint and "GET" in rule.methods
    }
    wanted = {route.replace("<collection_id>", "fire_hydrant") for route in routes if "<process_id>" not in route}
    told = {normalize(path) for path in api["paths"]}
    missing = {normalize(path) for path in wanted} - told
    assert missing <= {"/collections/fire_hydrant/search"}


def normalize(path):
    """A path with its variables named alike, whoever wrote it."""
    steps = ["*" if step[:1] in "<{" or step == "WebMercatorQuad" else step for step in path.rstrip("/").split("/")[1:]]
    return "/" + "/".join(steps)


def test_req_oas30_exception_codes(anyone, api):
    operations = api["paths"][ITEMS]["get"]["responses"]
    for path, headers, status in (
        (f"{ITEMS}?limit=0", {}, 400),
        (f"{ITEMS}?nothing=1", {}, 400),
        (ITEMS, {"Authorization": "Basic bGFuOndyb25n"}, 401),
        ("/collections/dUmmYColLection/items", {}, 404),
    ):
        answer = anyone.ask(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert str(status) in operations
        jsonschema.validate(answer.get_json(force=True), inline(api, "problem"))


def test_req_oas30_security(anyone, api):
    """Both ways of signing in are told, and none is needed for what is public; the ways told are those that work."""
    assert set(api["components"]["securitySchemes"]) == {"basic", "bearer"}
    assert {} in api["security"] and {"basic": []} in api["security"]
    assert "water_pipe" in anyone.ask("/api", headers=LAN).text
