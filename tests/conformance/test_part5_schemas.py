"""Features - Part 5 and Common - Part 3 (OGC 23-058r2), schemas: one test a requirement."""

import jsonschema
import pytest

from gis_infra.catalogue.units import UNITS
from tests.conformance.city import LAN, REL, ROOT, Caller, find_links, get_parameter

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS = ("schema", "queryables", "sortables")
LAYERS = ("fire_hydrant", "works_project", "admin_unit")
# JSON Schema's own words that OGC 23-058r2 names (/rec/schemas/properties T); all others begin with x-ogc-.
KEYWORDS = {
    *("$schema", "$id", "type", "title", "description", "properties", "required", "additionalProperties"),
    *("format", "oneOf", "const", "enum", "minimum", "maximum", "pattern", "maxLength", "readOnly", "writeOnly"),
}
PROFILES = {"codelist-inline", "valid-domain"}


@pytest.fixture(scope="module")
def schemas(anyone):
    """Every kind of schema of some layers, by layer and kind."""
    return {(layer_id, kind): anyone.get(f"/collections/{layer_id}/{kind}") for layer_id in LAYERS for kind in KINDS}


def list_properties(schemas):
    return [pair for schema in schemas.values() for pair in schema["properties"].items()]


def list_roles(schema):
    return [each["x-ogc-role"] for each in schema["properties"].values() if "x-ogc-role" in each]


def find_role(schema, role):
    return [each for each in schema["properties"].values() if each.get("x-ogc-role") == role]


# Schemas.


def test_req_schemas_json_schema(anyone, schemas):
    for (layer_id, kind), schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == DIALECT and schema["type"] == "object"
        assert schema["$id"] == f"{ROOT}/collections/{layer_id}/{kind}"
        answer = anyone.ask(schema["$id"], headers={"Accept": "application/schema+json"})
        assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
        assert answer.get_json(force=True) == schema


def test_req_schemas_properties(schemas):
    for name, each in list_properties(schemas):
        if name == "geometry":
            assert "type" not in each and "$ref" not in each and each["format"].startswith("geometry-")
        else:
            assert each["type"] in ("string", "integer", "number", "boolean")
        assert each["title"]
    created = schemas["fire_hydrant", "schema"]["properties"]["created_at"]
    assert (created["type"], created["format"], created["readOnly"]) == ("string", "date-time", True)
    assert all(schema["additionalProperties"] is False for schema in schemas.values())


def test_req_schemas_additional_keywords(schemas):
    def list_keywords(schema):
        for key, value in schema.items():
            yield key
            if key == "properties":
                for each in value.values():
                    yield from list_keywords(each)
            elif key == "oneOf":
                for each in value:
                    yield from list_keywords(each)

    for schema in schemas.values():
        assert not [key for key in list_keywords(schema) if key not in KEYWORDS and not key.startswith("x-ogc-")]


def test_req_schemas_role(schemas):
    assert all(isinstance(role, str) for schema in schemas.values() for role in list_roles(schema))


def test_req_schemas_role_id(anyone, schemas):
    for layer_id in ("fire_hydrant", "works_project"):
        schema = schemas[layer_id, "schema"]
        (found,) = find_role(schema, "id")
        assert found["type"] == "integer" and found["readOnly"] is True
        assert isinstance(anyone.get(f"/collections/{layer_id}/items")["features"][0]["id"], int)


def test_req_schemas_property_seq(schemas):
    for schema in schemas.values():
        places = [each["x-ogc-propertySeq"] for each in schema["properties"].values()]
        assert all(isinstance(place, int) for place in places) and places == sorted(set(places))


def test_req_schemas_unit(schemas):
    known = {unit.ucum for unit in UNITS.values()}
    with_unit = [each for _, each in list_properties(schemas) if "x-ogc-unit" in each]
    assert with_unit
    for each in with_unit:
        assert each["type"] in ("number", "integer") and each["x-ogc-unitLang"] == "UCUM"
        assert each["x-ogc-unit"] in known


def test_req_schemas_definition(schemas):
    """No property points to a definition elsewhere: the city's words are defined in its own layers."""
    assert not [each for _, each in list_properties(schemas) if "x-ogc-definition" in each]


def test_req_schemas_nullvalues(schemas):
    """No value stands for null: what has no value is null. (/req/schemas/nullvalues)"""
    assert not [each for _, each in list_properties(schemas) if "x-ogc-nullValues" in each]


# Advanced property roles.


def test_req_advanced_property_roles_role_primary_geometry(schemas):
    for (_, kind), schema in schemas.items():
        spatial = [each for each in schema["properties"].values() if each.get("format", "").startswith("geometry-")]
        assert find_role(schema, "primary-geometry") == spatial and len(spatial) == (kind != "sortables")


def test_req_advanced_property_roles_role_primary_instant(schemas):
    assert not [1 for schema in schemas.values() if find_role(schema, "primary-instant")]


@pytest.mark.parametrize("end", ["start", "end"])
def test_req_advanced_property_roles_role_primary_interval_ends(schemas, end):
    """/req/advanced-property-roles/role-primary-interval-start and
    /req/advanced-property-roles/role-primary-interval-end.
    """
    for schema in schemas.values():
        (found,) = find_role(schema, f"primary-interval-{end}")
        assert (found["type"], found["format"]) == ("string", "date")


def test_req_advanced_property_roles_role_primary_interval(schemas):
    assert not [1 for schema in schemas.values() if find_role(schema, "primary-interval")]


def test_req_advanced_property_roles_primary_temporal_constraints(anyone, schemas):
    """Both ends are days; and `datetime` goes by them: what ended before the day is not there."""
    start, end = (
        find_role(schemas["works_project", "schema"], f"primary-interval-{end}")[0] for end in ("start", "end")
    )
    assert start["format"] == end["format"] == "date"
    page = anyone.get("/collections/works_project/items?datetime=2026-06-01")
    assert {each["properties"]["asset_code"] for each in page["features"]} == {"P1", "P2"}


def test_req_advanced_property_roles_role_type(schemas):
    """A collection is one type of feature, so that no property tells it."""
    assert not [1 for schema in schemas.values() if find_role(schema, "type")]


# The resources.


@pytest.mark.parametrize(
    ("group", "kind"),
    [("returnables_and_receivables", "schema"), ("queryables", "queryables"), ("sortables", "sortables")],
)
def test_req_schema_resources_link(anyone, group, kind):
    """/req/returnables-and-receivables/link, /req/queryables/link, /req/sortables/link."""
    for collection in anyone.get("/collections")["collections"]:
        own = anyone.get(f"/collections/{collection['id']}")
        for document in (collection, own):
            (link,) = find_links(document, f"{REL}/{kind}")
            assert link["href"] == f"{ROOT}/collections/{collection['id']}/{kind}"
            assert link["type"] == "application/schema+json", group


@pytest.mark.parametrize("kind", KINDS)
def test_req_schema_resources_op(anyone, kind):
    """/req/returnables-and-receivables/op, /req/queryables/op, /req/sortables/op."""
    path = f"/collections/fire_hydrant/{kind}"
    for headers in ({}, {"Accept": "application/schema+json"}, {"Accept": "application/json"}):
        answer = anyone.ask(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    assert anyone.ask(path, headers={"Accept": "text/html"}).mimetype == "text/html"


def test_req_returnables_and_receivables_response(anyone, schemas):
    """Every feature is as the schema says, and has nothing the schema does not have."""
    for layer_id in ("fire_hydrant", "works_project"):
        schema = schemas[layer_id, "schema"]
        for feature in anyone.get(f"/collections/{layer_id}/items?limit=100")["features"]:
            values = {**feature["properties"], "id": feature["id"]}
            jsonschema.validate({name: each for name, each in values.items() if each is not None}, schema)
            kind = schema["properties"]["geometry"]["format"].removeprefix("geometry-")
            assert feature["geometry"]["type"].lower() == kind


@pytest.mark.parametrize("query", ["zoom-level=0", "max-allowable-offset=5", "max-allowable-offset=1000"])
def test_a_simplified_shape_is_of_the_type_the_schema_says(anyone, query):
    """/req/returnables-and-receivables/response: a multipolygon of one part stays one."""
    for feature in anyone.get(f"/collections/works_project/items?{query}")["features"]:
        assert feature["geometry"] is None or feature["geometry"]["type"] == "MultiPolygon"


def test_req_queryables_response(anyone, schemas):
    """What is told can be filtered by, and nothing else."""
    schema = schemas["fire_hydrant", "queryables"]
    for name in (*schema["properties"], "colour"):
        if name == "geometry":
            continue
        answer = anyone.ask("/collections/fire_hydrant/items", query_string={"filter": f'"{name}" IS NULL'})
        assert answer.status_code == (400 if name == "colour" else 200), (name, answer.text[:200])


def test_req_queryables_response_of_the_geometry(anyone):
    """/req/queryables/response: the spatial queryable, in a filter."""
    condition = "S_INTERSECTS(geometry, BBOX(106.6935,10.7683,106.6937,10.7685))"
    page = anyone.get(f"/collections/fire_hydrant/items?filter={condition}")
    assert [each["properties"]["asset_code"] for each in page["features"]] == ["H00"]


def test_req_sortables_response(anyone, schemas):
    schema = schemas["fire_hydrant", "sortables"]
    assert all(each["type"] not in ("object", "array") for each in schema["properties"].values())
    for name in (*schema["properties"], "geometry", "colour"):
        for sign in ("", "-", "%2B"):
            answer = anyone.ask(f"/collections/fire_hydrant/items?limit=1&sortby={sign}{name}")
            assert answer.status_code == (200 if name in schema["properties"] else 400), (name, answer.text[:200])


# Profiles.


def test_req_profile_parameter_profile_param(api):
    for kind in KINDS:
        parameter = get_parameter(api, f"/collections/fire_hydrant/{kind}", "profile")
        assert (parameter["in"], parameter.get("required", False)) == ("query", False)
        assert (parameter["style"], parameter["explode"]) == ("form", False)
        assert parameter["schema"] == {"type": "array", "items": {"type": "string"}}


@pytest.mark.parametrize("profile", ["", "codelist-inline", "codelist-ref,actual-domain", "https://example.org/p", "x"])
def test_req_profile_parameter_profile_param_response(anyone, profile):
    """Whatever is asked for, there is an answer, and its header says by which profiles it is."""
    for kind in KINDS:
        query = f"?profile={profile}" if profile else ""
        answer = anyone.ask(f"/collections/fire_hydrant/{kind}{query}")
        assert answer.status_code == 200
        told = answer.headers["Link"]
        assert told.count('rel="profile"') == len(PROFILES)
        assert all(f"<http://www.opengis.net/def/profile/OGC/0/{name}>" in told for name in PROFILES)


def test_req_profile_codelists_consistency(schemas, catalogue):
    """Every code list is told in the same way, and no other property is told so."""
    for (layer_id, kind), schema in schemas.items():
        coded = {field.name for field in catalogue.get_layer(layer_id).fields if field.codes}
        assert {name for name, each in schema["properties"].items() if "oneOf" in each} == coded, kind
        assert not [1 for each in schema["properties"].values() if "enum" in each or "x-ogc-codelistUri" in each]


def test_req_profile_codelists_codelist_inline(schemas):
    codes = schemas["fire_hydrant", "schema"]["properties"]["status"]["oneOf"]
    assert {"const": "in_service", "title": "Đang sử dụng"} in codes
    assert all(set(each) == {"const", "title"} for each in codes)


def test_req_profile_codelists_codelist_ref(schemas):
    """The other profile is not had, and nothing says it were."""
    assert not [1 for _, each in list_properties(schemas) if "x-ogc-codelistUri" in each]


def test_req_profile_domains_consistency(schemas, catalogue):
    """All bounds are those of what is valid: the layer's, whatever the data are."""
    for layer_id in LAYERS:
        properties = schemas[layer_id, "schema"]["properties"]
        for field in catalogue.get_layer(layer_id).fields:
            told = properties[field.name]
            assert (told.get("minimum"), told.get("maximum")) == (field.minimum, field.maximum)
            assert (told.get("pattern"), told.get("maxLength")) == (field.pattern, field.max_length)


def test_req_profile_domains_actual_domain(anyone, schemas):
    """The other profile is not had: asked for it, the answer is as ever, and does not say it were."""
    answer = anyone.ask("/collections/fire_hydrant/schema?profile=actual-domain")
    assert answer.get_json(force=True) == schemas["fire_hydrant", "schema"]
    assert "actual-domain" not in answer.headers["Link"]


def test_what_one_may_not_see_has_no_schema(conformance_app, anyone):
    for kind in KINDS:
        assert anyone.ask(f"/collections/water_pipe/{kind}").status_code == 404
        assert Caller(conformance_app, LAN).ask(f"/collections/water_pipe/{kind}").status_code == 200
