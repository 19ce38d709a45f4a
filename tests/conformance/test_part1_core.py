"""OGC API - Features - Part 1 (OGC 17-069r4), class Core: one test a requirement, as the official suite asks."""

import re
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from shapely.geometry import box, shape

from tests.conformance.city import CRS84, HYDRANTS, LAYERS, ROOT, SPEC, find_links, get_parameter, inline

ITEMS = "/collections/fire_hydrant/items"
PUBLIC = ("fire_hydrant", "works_project")


def page_through(caller, path):
    """Every page from `path` on, by its `next` links."""
    while path:
        page = caller.get(path)
        yield page
        path = next((link["href"] for link in find_links(page, "next")), "")


def test_req_core_root_op(anyone):
    assert anyone.ask("/").status_code == 200
    assert anyone.ask("").status_code == 200


def test_req_core_root_success(anyone):
    landing = anyone.get("/")
    assert find_links(landing, "service-desc") and find_links(landing, "service-doc")
    assert find_links(landing, "conformance") and find_links(landing, "data")
    assert {link["type"] for link in landing["links"]} >= {"application/json", "text/html"}


def test_req_core_api_definition_op(anyone):
    (link,) = find_links(anyone.get("/"), "service-desc")
    assert link["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert anyone.ask(link["href"]).status_code == 200


def test_req_core_api_definition_success(anyone):
    (link,) = find_links(anyone.get("/"), "service-desc")
    answer = anyone.ask(link["href"], headers={"Accept": link["type"]})
    assert answer.content_type == link["type"] and answer.get_json(force=True)["openapi"] == "3.0.3"


def test_req_core_conformance_op(anyone):
    assert anyone.ask("/conformance").status_code == 200


def test_req_core_conformance_success(anyone):
    classes = anyone.get("/conformance")["conformsTo"]
    wanted = {f"{SPEC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")}
    assert wanted <= set(classes) and len(classes) == len(set(classes))


def test_req_core_http(anyone):
    """Every GET answers HEAD too, without a body; what is not there is 404 and not 500."""
    for path in ("/", "/api", "/conformance", "/collections", "/collections/fire_hydrant", ITEMS):
        head = anyone.ask(path, "HEAD")
        assert (head.status_code, head.data) == (200, b""), path
    assert anyone.ask("/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/", "/conformance", "/collections", "/collections/fire_hydrant", ITEMS])
def test_req_core_query_param_unknown(anyone, path):
    problem = anyone.get(f"{path}?unknownQueryParameter=1", 400)
    assert "unknownQueryParameter" in problem["detail"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=x", "limit=-1", "limit=1.5", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=1,9,3,4", "datetime=yesterday",
     "datetime=2026-01-02/2026-01-01", "f=pdf", "crs=EPSG:4326", "offset=-1"],
)  # fmt: skip
def test_req_core_query_param_invalid(anyone, query):
    problem = anyone.get(f"{ITEMS}?{query}", 400)
    assert problem["where"] == query.split("=")[0] and problem["status"] == 400


def test_req_core_crs84(anyone):
    answer = anyone.ask(f"{ITEMS}?limit=1")
    # E 603000 N 1191000 of VN-2000 / TM-3 105-45.
    longitude, latitude, height = answer.json["features"][0]["geometry"]["coordinates"]
    assert (round(longitude, 5), round(latitude, 5), height) == (106.69358, 10.7684, 2.5)


def test_req_core_fc_md_op(anyone):
    assert anyone.ask("/collections").status_code == 200


def test_req_core_fc_md_success(anyone, api):
    document = anyone.get("/collections")
    assert document["links"] and document["collections"]
    jsonschema.validate(document, inline(api, "collections"))


def test_req_core_fc_md_links(anyone):
    links = anyone.get("/collections")["links"]
    assert {(link["rel"], link["type"]) for link in links} >= {
        ("self", "application/json"),
        ("alternate", "text/html"),
    }


def test_req_core_fc_md_items(anyone):
    """Each layer everybody may see is there, and none else."""
    ids = [each["id"] for each in anyone.get("/collections")["collections"]]
    assert set(PUBLIC) <= set(ids) and "water_pipe" not in ids and len(ids) == len(set(ids))


def test_req_core_fc_md_items_links(anyone):
    for collection in anyone.get("/collections")["collections"]:
        types = {link["type"] for link in find_links(collection, "items")}
        assert types >= {"application/geo+json", "text/html"}
        assert all(link["rel"] and link["type"] for link in collection["links"])


def test_req_core_fc_md_extent(anyone):
    """The extent is around every feature, and no temporal one is told, half of which the official suite cannot read."""
    for layer_id in PUBLIC:
        extent = anyone.get(f"/collections/{layer_id}")["extent"]
        (bbox,) = extent["spatial"]["bbox"]
        around = box(*bbox).buffer(1e-7)
        features = anyone.get(f"/collections/{layer_id}/items?limit=100")["features"]
        assert features and all(around.covers(shape(each["geometry"])) for each in features)
        assert "temporal" not in extent and extent["spatial"]["crs"] == CRS84


def test_req_core_fc_md_extent_multi(anyone):
    """One box is all of a collection's extent: there are no parts of it to tell."""
    assert len(anyone.get("/collections/fire_hydrant")["extent"]["spatial"]["bbox"]) == 1


def test_req_core_sfc_md_op(anyone):
    for collection in anyone.get("/collections")["collections"]:
        assert anyone.ask(f"/collections/{collection['id']}").status_code == 200
    assert anyone.ask("/collections/dUmmYColLection").status_code == 404


def test_req_core_sfc_md_success(anyone):
    """A collection says of itself what the list of collections says of it."""
    for listed in anyone.get("/collections")["collections"]:
        own = anyone.get(f"/collections/{listed['id']}")
        for name in ("id", "title", "description", "extent", "itemType", "storageCrs", "attribution"):
            assert own.get(name) == listed.get(name)
        assert all(link in own["links"] for link in listed["links"])


def test_req_core_fc_op(anyone):
    for collection in anyone.get("/collections")["collections"]:
        assert anyone.ask(f"/collections/{collection['id']}/items").status_code == 200
    assert anyone.ask("/collections/dUmmYColLection/items").status_code == 404


def test_req_core_fc_limit_definition(api):
    limit = get_parameter(api, ITEMS, "limit")
    assert (limit["in"], limit.get("required", False), limit["style"], limit["explode"]) == (
        "query", False, "form", False,
    )  # fmt: skip
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 10}


@pytest.mark.parametrize(("limit", "found"), [("", 10), ("1", 1), ("5", 5), ("10000", HYDRANTS), ("99999", HYDRANTS)])
def test_req_core_fc_limit_response_1(anyone, limit, found):
    page = anyone.get(f"{ITEMS}?limit={limit}" if limit else ITEMS)
    assert len(page["features"]) == found


def test_req_core_fc_bbox_definition(api):
    bbox = get_parameter(api, ITEMS, "bbox")
    assert (bbox["in"], bbox.get("required", False), bbox["style"], bbox["explode"]) == ("query", False, "form", False)
    assert bbox["schema"] == {
        "type": "array",
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        "items": {"type": "number"},
    }


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("106.69,10.76,106.71,10.77", HYDRANTS),
        ("106.6935,10.7683,106.6937,10.7685", 1),
        ("106.6935,10.7683,2,106.6937,10.7685,3", 1),
        ("106.6935,10.7683,3,106.6937,10.7685,4", 0),
        ("-1.5,50.0,1.5,53.0", 0),
        ("-80.0,-5.0,-70.0,5.0", 0),
        ("177.0,65.0,-177.0,70.0", 0),
        ("106.0,10.0,-177.0,11.0", HYDRANTS),
        ("-180.0,85.0,180.0,90.0", 0),
        ("-180.0,-90.0,180.0,-85.0", 0),
    ],
)
def test_req_core_fc_bbox_response(anyone, bbox, found):
    page = anyone.get(f"{ITEMS}?bbox={bbox}&limit=100")
    assert (page["numberMatched"], len(page["features"])) == (found, found)


def test_req_core_fc_time_definition(api):
    time = get_parameter(api, ITEMS, "datetime")
    assert (time["in"], time.get("required", False), time["style"], time["explode"]) == ("query", False, "form", False)
    assert time["schema"] == {"type": "string"}


@pytest.mark.parametrize(
    ("datetime_", "found"),
    [
        ("2026-04-30T00:00:00Z", {"P0", "P2"}),
        ("2026-04-30", {"P0", "P2"}),
        ("2026-02-28", {"P2"}),
        ("2026-01-01T00:00:00Z/2026-03-01T12:00:00Z", {"P0", "P2"}),
        ("2026-04-15/..", {"P0", "P1", "P2"}),
        ("../2026-03-31", {"P0", "P2"}),
        ("/2026-03-31", {"P0", "P2"}),
        ("2030-01-01/", {"P1", "P2"}),
    ],
)
def test_req_core_fc_time_response(anyone, datetime_, found):
    """What is there on a day of the interval, and what does not say when it is there."""
    page = anyone.get(f"/collections/works_project/items?datetime={datetime_}")
    assert {each["properties"]["asset_code"] for each in page["features"]} == found


def test_req_core_fc_response(anyone, api):
    page = anyone.get(f"{ITEMS}?limit=100")
    assert page["type"] == "FeatureCollection" and len(page["features"]) == HYDRANTS
    jsonschema.validate(page, inline(api, "fire_hydrant.page"))


def test_req_core_fc_links(anyone):
    page = anyone.get(f"{ITEMS}?limit=5")
    assert find_links(page, "self") and find_links(page, "alternate")
    pages = list(page_through(anyone, f"{ITEMS}?limit=5"))
    assert [len(each["features"]) for each in pages] == [5, 5, 2]
    assert not find_links(pages[-1], "next")


def test_req_core_fc_rel_type(anyone):
    assert all(link["rel"] and link["type"] for link in anyone.get(ITEMS)["links"])


def test_req_core_fc_timestamp(anyone):
    """/req/core/fc-timeStamp."""
    moment = datetime.fromisoformat(anyone.get(ITEMS)["timeStamp"])
    assert moment.tzinfo is not None and abs(datetime.now(UTC) - moment) < timedelta(seconds=30)


@pytest.mark.parametrize("query", ["", "bbox=106.69,10.76,106.695,10.77", "status=proposed", "sortby=-asset_code"])
def test_req_core_fc_numbermatched(anyone, query):
    """/req/core/fc-numberMatched: as many as come when one turns all pages."""
    pages = list(page_through(anyone, f"{ITEMS}?limit=5&{query}".rstrip("&")))
    ids = [each["id"] for page in pages for each in page["features"]]
    assert {page["numberMatched"] for page in pages} == {len(ids)} and len(ids) == len(set(ids)) > 0


def test_req_core_fc_numberreturned(anyone):
    """/req/core/fc-numberReturned."""
    for page in page_through(anyone, f"{ITEMS}?limit=5"):
        assert page["numberReturned"] == len(page["features"])


def test_req_core_f_op(anyone):
    for feature in anyone.get(ITEMS)["features"]:
        assert anyone.ask(f"{ITEMS}/{feature['id']}").status_code == 200
    for missing in ("0", "999999999", "abc", "-1"):
        assert anyone.ask(f"{ITEMS}/{missing}").status_code == 404


def test_req_core_f_success(anyone, api):
    for listed in anyone.get(ITEMS)["features"]:
        own = anyone.get(f"{ITEMS}/{listed['id']}")
        assert own["type"] == "Feature"
        assert (own["id"], own["geometry"], own["properties"]) == (
            listed["id"], listed["geometry"], listed["properties"],
        )  # fmt: skip
        jsonschema.validate(own, inline(api, "fire_hydrant.feature"))


def test_req_core_f_links(anyone):
    feature = anyone.get(f"{ITEMS}/{anyone.get(ITEMS)['features'][0]['id']}")
    assert find_links(feature, "self") and find_links(feature, "alternate")
    (collection,) = find_links(feature, "collection")
    assert collection["href"] == f"{ROOT}/collections/fire_hydrant"
    assert all(link["rel"] and link["type"] for link in feature["links"])


def test_the_layers_of_the_city_are_as_these_tests_take_them(catalogue):
    access = {layer_id: catalogue.get_layer(layer_id).access for layer_id in LAYERS}
    assert access == {"fire_hydrant": "public", "works_project": "public", "water_pipe": "shared"}
    assert re.fullmatch(r"https?://.*", ROOT)
