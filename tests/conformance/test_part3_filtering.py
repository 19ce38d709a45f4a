"""OGC API - Features - Part 3 (OGC 19-079r2), filtering: one test a requirement. CQL2 itself is tested in cql2/."""

import json

import jsonschema
import pytest
from pyproj import Transformer

from tests.conformance.city import CRS84, EPSG, HYDRANTS, REL, ROOT, find_links, get_parameter, inline

COLLECTION = "/collections/fire_hydrant"
ITEMS = f"{COLLECTION}/items"
FIRST = "106.6935,10.7683,106.6937,10.7685"
IN_FIRST = f"S_INTERSECTS(geometry,BBOX({FIRST}))"


def find_names(caller, **query):
    """The hydrants a filter finds. The names of parameters are written with _ for -."""
    given = {name.rstrip("_").replace("_", "-"): each for name, each in query.items()}
    answer = caller.ask(ITEMS, query_string={"limit": 100, **given})
    assert answer.status_code == 200, answer.text
    return [each["properties"]["asset_code"] for each in answer.get_json(force=True)["features"]]


def refuse(caller, **query):
    """The problem a filter is refused with."""
    given = {name.rstrip("_").replace("_", "-"): each for name, each in query.items()}
    answer = caller.ask(ITEMS, query_string=given)
    assert answer.status_code == 400, answer.text
    return answer.get_json(force=True)


# Queryables.


def test_req_queryables_queryables_link(anyone):
    (link,) = find_links(anyone.get(COLLECTION), f"{REL}/queryables")
    assert link["href"] == f"{ROOT}{COLLECTION}/queryables" and link["type"] == "application/schema+json"


def test_req_queryables_get_queryables_op(anyone):
    for collection in anyone.get("/collections")["collections"]:
        answer = anyone.ask(f"/collections/{collection['id']}/queryables")
        assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")


def test_req_queryables_get_queryables_response(anyone):
    schema = anyone.get(f"{COLLECTION}/queryables")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{ROOT}{COLLECTION}/queryables" and schema["type"] == "object"
    assert {"id", "geometry", "status", "cover_m"} <= set(schema["properties"])
    jsonschema.Draft202012Validator.check_schema(schema)


# Queryables as query parameters.


def test_req_queryables_query_parameters_parameters(anyone, api):
    """Each queryable with a plain value is a parameter; what is found by it has that value."""
    names = set(anyone.get(f"{COLLECTION}/queryables")["properties"]) - {"geometry"}
    feature = anyone.get(ITEMS)["features"][1]
    values = {**feature["properties"], "id": feature["id"]}
    for name in names:
        schema = get_parameter(api, ITEMS, name)["schema"]
        assert schema["type"] in ("string", "integer", "number", "boolean")
        if values[name] is None:
            continue
        page = anyone.get(f"{ITEMS}?limit=100&{name}={str(values[name]).replace('+', '%2B')}")
        assert page["features"], name
        assert all({**each["properties"], "id": each["id"]}[name] == values[name] for each in page["features"]), name


# Filter.


def test_req_filter_filter_param(anyone, api):
    parameter = get_parameter(api, ITEMS, "filter")
    assert (parameter["in"], parameter.get("required", False)) == ("query", False)
    assert (parameter["style"], parameter["explode"], parameter["schema"]) == ("form", False, {"type": "string"})
    assert find_names(anyone, filter="cover_m > 0.95") == ["H10", "H11"]


def test_req_filter_filter_lang_param(anyone, api):
    parameter = get_parameter(api, ITEMS, "filter-lang")
    assert (parameter["style"], parameter["explode"]) == ("form", False)
    languages = ["cql2-text", "cql2-json", "cql-text"]
    assert parameter["schema"] == {"type": "string", "enum": languages, "default": "cql2-text"}
    condition = {"op": ">", "args": [{"property": "cover_m"}, 0.95]}
    assert find_names(anyone, filter=json.dumps(condition), filter_lang="cql2-json") == ["H10", "H11"]
    assert find_names(anyone, filter="cover_m > 0.95", filter_lang="cql2-text") == ["H10", "H11"]
    assert refuse(anyone, filter="cover_m > 0.95", filter_lang="sql")["where"] == "filter-lang"


def test_req_filter_filter_crs_wgs84(anyone):
    """Without filter-crs, coordinates are longitude and latitude; what lies outside of them is refused."""
    assert find_names(anyone, filter=IN_FIRST) == ["H00"]
    assert find_names(anyone, filter=IN_FIRST, filter_crs=CRS84) == ["H00"]
    refuse(anyone, filter="S_INTERSECTS(geometry,BBOX(1000000,1000000,2000000,2000000))")


def test_req_filter_filter_crs_param(anyone, api):
    """In every CRS of the collection, in its axis order; another is refused."""
    offered = anyone.get(COLLECTION)["crs"]
    parameter = get_parameter(api, ITEMS, "filter-crs")
    assert parameter["schema"]["enum"] == offered and parameter["schema"]["format"] == "uri"
    turned = "S_INTERSECTS(geometry,BBOX(10.7683,106.6935,10.7685,106.6937))"
    assert find_names(anyone, filter=turned, filter_crs=f"{EPSG}/4326") == ["H00"]
    corners = [Transformer.from_crs(4326, 3857).transform(*pair) for pair in ((10.7683, 106.6935), (10.7685, 106.6937))]
    metres = ",".join(f"{number:.3f}" for pair in corners for number in pair)
    assert find_names(anyone, filter=f"S_INTERSECTS(geometry,BBOX({metres}))", filter_crs=f"{EPSG}/3857") == ["H00"]
    unknown = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
    assert refuse(anyone, filter=IN_FIRST, filter_crs=unknown)["where"] == "filter-crs"


def test_req_filter_mixing_expressions(anyone):
    """All that is asked must hold: a filter, a box, a time, a property."""
    assert find_names(anyone, filter=IN_FIRST, bbox=FIRST) == ["H00"]
    assert find_names(anyone, filter=IN_FIRST, bbox="107,11,108,12") == []
    assert find_names(anyone, filter="cover_m >= 0.3", status="in_service") == ["H03", "H04"]
    assert find_names(anyone, filter="cover_m >= 0.3", status="in_service", datetime="2013-07-01") == ["H03"]
    assert find_names(anyone, filter="cover_m >= 0.3", status="in_service", datetime="2001-01-01") == []


def test_req_filter_response(anyone):
    page = anyone.get(f"{ITEMS}?filter=status='in_service'&limit=2")
    assert (page["numberMatched"], page["numberReturned"]) == (5, 2)
    (link,) = find_links(page, "next")
    assert all(each["properties"]["status"] == "in_service" for each in anyone.get(link["href"])["features"])
    every = find_names(anyone, filter="status IS NOT NULL")
    assert len(every) == HYDRANTS and find_names(anyone, filter="status IS NULL") == []


@pytest.mark.parametrize("wrong", ["THIS IS NOT A FILTER", "cover_m >", "cover_m > 'deep'", "(", "S_TOUCHES(geometry)"])
def test_an_invalid_filter_is_refused(anyone, wrong):
    """/req/filter/response, second half of the abstract test /conf/filter/filter-param: and the place is told."""
    assert "character" in refuse(anyone, filter=wrong)["detail"]


def test_req_filter_expression_construction(anyone):
    """A name that is no queryable is refused, whatever it is."""
    for name in ("this_is_not_a_queryable", "lonlat", "source_attributes", "infra"):
        assert name in refuse(anyone, filter=f"{name} IS NULL")["detail"]


def test_req_filter_get_functions_operation(anyone):
    (link,) = find_links(anyone.get("/"), f"{REL}/functions")
    assert link["href"] == f"{ROOT}/functions"
    answer = anyone.ask("/functions", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")


def test_req_filter_get_functions_response_json(anyone, api):
    """Every function is told with the types it takes and gives, and none that is told is unknown to a filter."""
    document = anyone.get("/functions")
    jsonschema.validate(document, inline(api, "functions"))
    types = {"string", "number", "integer", "datetime", "geometry", "boolean"}
    samples = {
        "string": "name", "number": "cover_m", "integer": "import_id", "datetime": "installed_on",
        "geometry": "geometry",
    }  # fmt: skip
    assert len(document["functions"]) >= 10
    for each in document["functions"]:
        assert set(each["returns"]) <= types and each["description"]
        arguments = [samples[argument["type"][-1]] for argument in each["arguments"]]
        call = f"{each['name']}({','.join(arguments)})"
        condition = f"{call} = TRUE" if each["returns"] == ["boolean"] else f"{call} IS NULL"
        answer = anyone.ask(ITEMS, query_string={"filter": condition, "limit": 1})
        assert answer.status_code == 200, (condition, answer.text)


# Features filter.


def test_req_features_filter_filter_on_items(anyone):
    """The same on every collection: each has the parameters, and each takes a filter by each of its queryables."""
    for collection in ("fire_hydrant", "works_project", "post_office"):
        path = f"/collections/{collection}"
        for name in anyone.get(f"{path}/queryables")["properties"]:
            if name != "geometry":
                answer = anyone.ask(f"{path}/items", query_string={"filter": f'"{name}" IS NULL', "limit": 1})
                assert answer.status_code == 200, (collection, name, answer.text)
