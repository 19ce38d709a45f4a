"""OGC API - Features - Part 2 (OGC 18-058r1), coordinate reference systems by reference: one test a requirement.

Coordinates are recomputed with pyproj by the operation the city pins (EPSG:6960), in the axis order of the authority.
"""

import re

import pytest
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from tests.conformance.city import CRS84, EPSG, HYDRANTS, find_links, get_parameter

ITEMS = "/collections/fire_hydrant/items"
CITY = f"{EPSG}/9210"
WRONG = f"{EPSG}/0000"
URI = re.compile(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|OGC/0/CRS84h|EPSG/0/\d+)")
# VN-2000 to WGS 84 where the datum changes; within WGS 84 and within VN-2000 none is needed.
WGS84_BASED = (4326, 3857, 32648)


@pytest.fixture(scope="module")
def offered(anyone):
    return anyone.get("/collections/fire_hydrant")["crs"]


def to_srid(uri):
    return int(uri.rpartition("/")[2])


def transform_from_city(uri, easting, northing):
    """Where a point of the city lies in another CRS, in the axis order of its authority (CRS84: longitude first)."""
    if uri == CITY:
        axes = [axis.direction for axis in CRS.from_epsg(9210).axis_info]
        return (northing, easting) if axes[0] == "north" else (easting, northing)
    target = CRS.from_user_input("OGC:CRS84") if uri == CRS84 else CRS.from_epsg(to_srid(uri))
    if uri != CRS84 and to_srid(uri) not in WGS84_BASED:
        pair = Transformer.from_crs(CRS.from_epsg(9210), target, always_xy=True).transform(easting, northing)
    else:
        degrees = pin_shift().transform(easting, northing)
        pair = Transformer.from_crs("OGC:CRS84", target, always_xy=True).transform(*degrees)
    first = CRS84 if uri == CRS84 else target.axis_info[0].direction
    return pair[::-1] if first == "north" else pair


def pin_shift():
    """From the city's CRS to longitude/latitude by EPSG:6960."""
    group = TransformerGroup(CRS.from_epsg(9210), CRS.from_user_input("OGC:CRS84"), always_xy=True)
    return next(each for each in group.transformers if "VN-2000 to WGS 84 (2)" in each.description)


def test_req_crs_crs_uri(offered):
    assert offered and all(URI.fullmatch(uri) for uri in offered)


def test_req_crs_fc_md_crs_list(anyone):
    """Each CRS of the list can be asked for."""
    for uri in anyone.get("/collections/fire_hydrant")["crs"]:
        assert anyone.ask(f"{ITEMS}?limit=1&crs={uri}").status_code == 200


def test_req_crs_fc_md_crs_list_global(anyone):
    document = anyone.get("/collections")
    assert document["crs"][0] == CRS84
    for collection in document["collections"]:
        assert collection["crs"] == ["#/crs"]


def test_req_crs_fc_md_crs_list_defaultcrs(offered):
    """/req/crs/fc-md-crs-list-defaultCrs."""
    assert offered[0] == CRS84


def test_req_crs_fc_md_storagecrs(anyone):
    """/req/crs/fc-md-storageCrs."""
    assert anyone.get("/collections/fire_hydrant")["storageCrs"] == CITY


def test_req_crs_fc_md_storagecrs_valid_value(anyone, offered):
    """/req/crs/fc-md-storageCrs-valid-value: it is one of the list, and its coordinates are those that were stored."""
    assert CITY in offered
    feature = anyone.get(f"{ITEMS}?limit=1&crs={CITY}")["features"][0]
    assert feature["geometry"]["coordinates"] == pytest.approx([*transform_from_city(CITY, 603000, 1191000), 2.5])


@pytest.mark.parametrize("name", ["crs", "bbox-crs"])
def test_req_crs_parameter_definitions(api, offered, name):
    """/req/crs/fc-crs-definition and /req/crs/fc-bbox-crs-definition."""
    parameter = get_parameter(api, ITEMS, name)
    assert (parameter["in"], parameter.get("required", False)) == ("query", False)
    assert (parameter["style"], parameter["explode"]) == ("form", False)
    assert parameter["schema"]["type"] == "string" and parameter["schema"]["format"] == "uri"
    assert parameter["schema"]["enum"] == offered


def test_req_crs_fc_crs_definition(api):
    assert get_parameter(api, ITEMS, "crs")["schema"]["default"] == CRS84


def test_req_crs_fc_bbox_crs_definition(api):
    assert get_parameter(api, ITEMS, "bbox-crs")["schema"]["default"] == CRS84


def test_req_crs_fc_crs_valid_value(anyone, offered):
    first = anyone.get(ITEMS)["features"][0]["id"]
    for uri in offered:
        for path in (ITEMS, f"{ITEMS}/{first}"):
            assert anyone.ask(f"{path}?crs={uri}").headers["Content-Crs"] == f"<{uri}>"


def test_req_crs_fc_crs_default_value(anyone):
    answer = anyone.ask(ITEMS)
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    assert answer.json["features"] == anyone.get(f"{ITEMS}?crs={CRS84}")["features"]


def test_req_crs_fc_crs_action(anyone, offered):
    """Each coordinate is what pyproj makes of the stored one: to a centimetre, on every CRS, of a page and of one."""
    for uri in offered:
        page = anyone.get(f"{ITEMS}?limit=3&crs={uri}")["features"]
        for n, feature in enumerate(page):
            expected = transform_from_city(uri, 603000 + 100 * n, 1191000)
            tolerance = (
                1.5e-7 if CRS.from_user_input("OGC:CRS84" if uri == CRS84 else to_srid(uri)).is_geographic else 0.01
            )
            assert feature["geometry"]["coordinates"][:2] == pytest.approx(expected, abs=tolerance), uri
            own = anyone.get(f"{ITEMS}/{feature['id']}?crs={uri}")
            assert own["geometry"] == feature["geometry"]


def test_req_crs_crs_exception(anyone):
    first = anyone.get(ITEMS)["features"][0]["id"]
    for path in (ITEMS, f"{ITEMS}/{first}"):
        for wrong in (WRONG, "EPSG:4326", "http://www.opengis.net/def/crs/OGC/0/unknown", ""):
            assert anyone.get(f"{path}?crs={wrong}", 400)["where"] == "crs"


def test_req_crs_fc_bbox_crs_valid_values(anyone, offered):
    for uri in offered:
        pair = transform_from_city(uri, 603000, 1191000)
        size = 0.0001 if max(map(abs, pair)) < 360 else 20
        bbox = ",".join(f"{number:.7f}" for number in (*(n - size for n in pair), *(n + size for n in pair)))
        page = anyone.get(f"{ITEMS}?bbox={bbox}&bbox-crs={uri}")
        assert [each["properties"]["asset_code"] for each in page["features"]] == ["H00"], uri


def test_req_crs_fc_bbox_crs_default_value(anyone):
    bbox = "bbox=106.6935,10.7683,106.6937,10.7685"
    assert anyone.get(f"{ITEMS}?{bbox}")["features"] == anyone.get(f"{ITEMS}?{bbox}&bbox-crs={CRS84}")["features"]


def test_req_crs_fc_bbox_crs_action(anyone):
    """The same box, latitude first and longitude first, holds the same; turned about it holds nothing."""
    lonlat, latlon = "106.6935,10.7683,106.6937,10.7685", "10.7683,106.6935,10.7685,106.6937"
    found = anyone.get(f"{ITEMS}?bbox={lonlat}&bbox-crs={CRS84}")
    assert found["numberMatched"] == 1
    assert anyone.get(f"{ITEMS}?bbox={latlon}&bbox-crs={EPSG}/4326")["features"] == found["features"]
    everywhere = anyone.get(f"{ITEMS}?bbox=10,106,11,107&bbox-crs={EPSG}/4326")
    assert everywhere["numberMatched"] == HYDRANTS


def test_req_crs_bbox_crs_exception(anyone):
    for wrong in (WRONG, "EPSG:4326", ""):
        assert anyone.get(f"{ITEMS}?bbox=1,2,3,4&bbox-crs={wrong}", 400)["where"] == "bbox-crs"


def test_req_crs_geojson(anyone, offered):
    """GeoJSON in every CRS of the list, by arrangement: the parameter asks for it and the header confirms it."""
    for uri in offered:
        answer = anyone.ask(f"{ITEMS}?limit=1&crs={uri}", headers={"Accept": "application/geo+json"})
        assert answer.mimetype == "application/geo+json" and answer.json["type"] == "FeatureCollection"
        assert "crs" not in answer.json


def test_req_crs_ogc_crs_header(anyone):
    first = anyone.get(ITEMS)["features"][0]["id"]
    for path in (ITEMS, f"{ITEMS}/{first}"):
        assert "Content-Crs" in anyone.ask(path).headers


def test_req_crs_ogc_crs_header_value(anyone, offered):
    for uri in offered:
        assert anyone.ask(f"{ITEMS}?crs={uri}").headers["Content-Crs"] == f"<{uri}>"


def test_links_keep_the_crs(anyone):
    """The next page is in the CRS of this one."""
    page = anyone.get(f"{ITEMS}?limit=5&crs={CITY}")
    (link,) = find_links(page, "next")
    assert anyone.ask(link["href"]).headers["Content-Crs"] == f"<{CITY}>"
