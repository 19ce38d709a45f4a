"""OGC API - Tiles 1.0, requirement by requirement, as the official suite asks for them. Source: OGC 20-057."""

import pytest

from tests.conformance.city import REL
from tests.tiles import decode

TILES = "/collections/fire_hydrant/tiles"
QUAD = f"{TILES}/WebMercatorQuad"
QUAD_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
PARTS = ("tileMatrix", "tileRow", "tileCol")


@pytest.fixture(scope="module")
def template(anyone):
    """The address of tiles as the tile set tells it, after the landing page's."""
    (link,) = [each for each in anyone.get(QUAD)["links"] if each["rel"] == "item"]
    return link["href"].partition("/ogc")[2]


def fill_in(template, *numbers):
    for name, number in zip(PARTS, numbers, strict=True):
        template = template.replace(f"{{{name}}}", str(number))
    return template


def test_req_core_tc_op(anyone, template):
    """A tile is got at an address of one's own making from the template."""
    answer = anyone.ask(fill_in(template, 14, 7699, 13047))
    assert answer.status_code == 200


def test_req_core_tc_definitions(template, api):
    """/req/core/tc-tilematrix-definition, tc-tilerow-definition, tc-tilecol-definition: in the template and the API."""
    assert all(f"{{{name}}}" in template for name in PARTS)
    (path,) = [each for each in api["paths"] if each.startswith(QUAD) and "tileCol" in each]
    given = {each["name"]: each for each in api["paths"][path]["get"]["parameters"] if "name" in each}
    assert all(given[name]["in"] == "path" and given[name]["required"] for name in PARTS)


def test_req_core_tc_success(anyone, template):
    """Tiles with and without content; what they hold lies in them."""
    full = anyone.ask(fill_in(template, 16, 30796, 52190))
    (hydrant, *_) = decode(full.data)["fire_hydrant"]
    assert full.mimetype == "application/vnd.mapbox-vector-tile"
    assert all(-64 <= part <= 4160 for point in hydrant["points"] for part in point)
    assert anyone.ask(fill_in(template, 0, 0, 0)).status_code == 200


@pytest.mark.parametrize(
    ("zoom", "row", "column"), [(0, 1, 0), (14, 2**14, 0), (14, 7698, 2**31 - 1), (23, 0, 0), (99, 0, 0), ("x", 0, 0)]
)
def test_req_core_tc_error(anyone, template, zoom, row, column):
    assert anyone.ask(fill_in(template, zoom, row, column)).status_code in (400, 404)


def test_the_limits_that_are_told_are_those_that_hold(anyone, template):
    limits = anyone.get(QUAD)["tileMatrixSetLimits"]
    assert [each["tileMatrix"] for each in limits] == [str(zoom) for zoom in range(23)]
    for each in limits[::11]:
        last = (each["tileMatrix"], each["maxTileRow"], each["maxTileCol"])
        assert anyone.ask(fill_in(template, *last)).status_code == 200
        beyond = fill_in(template, each["tileMatrix"], each["maxTileRow"] + 1, each["minTileCol"])
        assert anyone.ask(beyond).status_code == 404


def test_req_tileset_description(anyone):
    document = anyone.get(QUAD)
    assert (document["dataType"], document["tileMatrixSetURI"]) == ("vector", QUAD_URI)
    assert document["crs"] and {"self", "item", f"{REL}/tiling-scheme"} <= {each["rel"] for each in document["links"]}


def test_req_tilesets_list_tileset_links(anyone):
    """Every link of the list can be followed; it leads to the tile set."""
    for tileset in anyone.get(TILES)["tilesets"]:
        assert (tileset["dataType"], tileset["tileMatrixSetURI"]) == ("vector", QUAD_URI) and tileset["crs"]
        for link in tileset["links"]:
            assert "{" not in link["href"]
            answer = anyone.ask(link["href"].partition("/ogc")[2])
            assert answer.status_code == 200 and answer.json["tileMatrixSetURI"] == QUAD_URI


def test_req_geodata_tilesets_desc_links_and_operation(anyone):
    """Each collection, in the list and by itself, leads to its tile sets."""
    for collection in anyone.get("/collections")["collections"]:
        hrefs = [each["href"] for each in collection["links"] if each["rel"] == f"{REL}/tilesets-vector"]
        assert hrefs and all("/tiles" in each for each in hrefs)
        assert anyone.ask(hrefs[0].partition("/ogc")[2]).json["tilesets"]


def test_req_oas30_operation_ids(api):
    """Operations end in what clause 10 of the standard calls them."""
    ids = {path: each["get"]["operationId"] for path, each in api["paths"].items() if path.startswith(TILES)}
    endings = ("vector.getTileSetsList", "vector.getTileSet", "vector.getTile")
    assert [each for each in ids.values() if each.endswith(endings)] == list(ids.values()) and len(ids) == 3
