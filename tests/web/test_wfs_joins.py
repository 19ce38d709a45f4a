"""Joins of two types and GetPropertyValue, as a client's requests meet them."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import wfs_city
from tests.web.wfs_city import GML, INFRA, OWS, WFS

FES = 'xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'


@pytest.fixture(scope="module")
def ids(engine, tables):
    with writing(engine) as connection:
        found = wfs_city.fill(connection, tables)
    yield found
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)


@pytest.fixture(scope="module")
def client(settings, engine, ids):
    return create_app(settings, engine).test_client()


def get(client, status=200, **parameters):
    everything = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **parameters}
    answer = client.get("/wfs", query_string=everything)
    assert answer.status_code == status, answer.text
    return etree.fromstring(answer.data)


def follow(client, link):
    return etree.fromstring(client.get("/wfs", query_string=dict(parse_qsl(urlsplit(link).query))).data)


def relate(operator, left, right):
    return (
        f"<Filter {FES}><{operator}><ValueReference>{left}</ValueReference><ValueReference>{right}</ValueReference>"
        f"</{operator}></Filter>"
    )


def read_tuples(root):
    """The asset codes of each tuple."""
    return [tuple(str(each.findtext(f".//{INFRA}asset_code")) for each in found) for found in root.iter(f"{WFS}Tuple")]


def test_a_spatial_join_gives_the_pairs_that_meet(client, ids):
    text = relate("Intersects", "infra:fire_hydrant/infra:geom", "infra:sewer_pipe/infra:geom")
    root = get(client, TYPENAMES="infra:fire_hydrant,infra:sewer_pipe", FILTER=text)
    assert read_tuples(root) == [("H0", "S1"), ("H0", "S2")]
    assert (root.get("numberMatched"), root.get("numberReturned")) == ("2", "2")


def test_a_feature_of_several_tuples_is_whole_in_each_and_no_id_stands_twice(client, ids):
    """QGIS and GDAL follow no reference from a tuple to a feature before: they showed it without a value."""
    text = relate("Intersects", "infra:fire_hydrant/infra:geom", "infra:sewer_pipe/infra:geom")
    root = get(client, TYPENAMES="infra:fire_hydrant,infra:sewer_pipe", FILTER=text)
    first, again = root.iter(f"{INFRA}fire_hydrant")
    name = f"fire_hydrant.{ids['fire_hydrant'][0]}"
    assert [first.get(f"{GML}id"), again.get(f"{GML}id")] == [name, f"{name}-2"]
    assert etree.tostring(again).decode().replace(f"{name}-2", name) == etree.tostring(first).decode()
    names = root.xpath("//@gml:id", namespaces={"gml": GML[1:-1]})
    assert len(names) == len(set(names)) == 8  # of two pairs, each of two features and their geometries


def test_a_filter_that_names_another_type_than_was_asked_is_refused(client):
    """QGIS asks so for the number of a join; of one type its filter would mean something else."""
    text = relate("Intersects", "infra:fire_hydrant/geom", "infra:sewer_pipe/geom")
    root = get(client, status=400, TYPENAMES="infra:fire_hydrant", FILTER=text, RESULTTYPE="hits")
    assert "'infra:sewer_pipe/geom' is of another type than fire_hydrant" in "".join(root.itertext())


def test_a_standard_join_compares_values_of_two_types(client):
    text = relate("PropertyIsEqualTo", "a/asset_code", "b/asset_code")
    root = get(client, TYPENAMES="(infra:fire_hydrant,infra:fire_hydrant)", ALIASES="(a,b)", FILTER=text, COUNT="2")
    assert [pair[0] for pair in read_tuples(root)] == ["H0", "H1"] and root.get("numberMatched") == "6"
    second = follow(client, root.get("next"))
    assert [pair[0] for pair in read_tuples(second)] == ["H2", "H3"]
    assert [pair[0] for pair in read_tuples(follow(client, second.get("previous")))] == ["H0", "H1"]


def test_a_temporal_join_compares_moments_of_two_types(client):
    text = relate("TEquals", "a/tested_on", "b/tested_on")
    root = get(client, TYPENAMES="infra:fire_hydrant,infra:fire_hydrant", ALIASES="a,b", FILTER=text)
    assert [pair[0] for pair in read_tuples(root)] == ["H0"]


def test_a_join_can_be_posted_sorted_and_restricted_to_properties(client):
    body = """<GetFeature xmlns="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"
        xmlns:p="urn:gis-infra:infra" service="WFS" version="2.0.0"><Query typeNames="p:fire_hydrant p:building">
        <PropertyName>p:fire_hydrant/p:asset_code</PropertyName><PropertyName>p:building/p:asset_code</PropertyName>
        <fes:Filter><fes:DWithin><fes:ValueReference>p:fire_hydrant/p:geom</fes:ValueReference>
        <fes:ValueReference>p:building/p:geom</fes:ValueReference><fes:Distance uom="m">20</fes:Distance></fes:DWithin>
        </fes:Filter><fes:SortBy><fes:SortProperty><fes:ValueReference>p:fire_hydrant/p:asset_code</fes:ValueReference>
        <fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></Query></GetFeature>"""
    root = etree.fromstring(client.post("/wfs", data=body, content_type="text/xml").data)
    assert [pair[0] for pair in read_tuples(root)] == ["H3", "H2", "H1", "H0"]
    assert not list(root.iter(f"{INFRA}geom"))


def test_a_type_is_joined_with_itself_under_aliases_in_xml(client):
    body = """<w:GetFeature xmlns:w="http://www.opengis.net/wfs/2.0" xmlns:f="http://www.opengis.net/fes/2.0"
        xmlns:p="urn:gis-infra:infra" service="WFS" version="2.0.0"><w:Query typeNames="p:sewer_pipe p:sewer_pipe"
        aliases="one other"><f:Filter><f:And><f:Touches><f:ValueReference>one/p:geom</f:ValueReference>
        <f:ValueReference>other/p:geom</f:ValueReference></f:Touches><f:PropertyIsLessThan>
        <f:ValueReference>one/p:asset_code</f:ValueReference><f:ValueReference>other/p:asset_code</f:ValueReference>
        </f:PropertyIsLessThan></f:And></f:Filter></w:Query></w:GetFeature>"""
    root = etree.fromstring(client.post("/wfs", data=body, content_type="text/xml").data)
    assert read_tuples(root) == [("S1", "S2")]


def test_the_hits_of_a_join_are_a_number(client):
    text = relate("Intersects", "infra:fire_hydrant/geom", "infra:sewer_pipe/geom")
    root = get(client, TYPENAMES="fire_hydrant,sewer_pipe", FILTER=text, RESULTTYPE="hits", COUNT="1")
    assert (root.get("numberMatched"), root.get("numberReturned"), len(root)) == ("2", "0", 0)
    assert len(read_tuples(follow(client, root.get("next")))) == 1


def test_a_join_shows_no_feature_that_one_may_not_see(client):
    text = relate("PropertyIsNotEqualTo", "a/asset_code", "b/asset_code")
    root = get(client, TYPENAMES="fire_hydrant,building", ALIASES="a,b", FILTER=text)
    assert len(read_tuples(root)) == 6  # the seventh hydrant is restricted
    report = get(client, 400, TYPENAMES="fire_hydrant,substation")
    assert report.find(f"{OWS}Exception").get("locator") == "typeNames"


@pytest.mark.parametrize(
    ("parameters", "locator", "words"),
    [
        ({"TYPENAMES": "building,building"}, "aliases", "needs a name of its own"),
        ({"TYPENAMES": "building,fire_hydrant", "ALIASES": "a"}, "aliases", "1 names for 2 types"),
        ({"TYPENAMES": "(building,fire_hydrant)(building)"}, "typeNames", "stands alone"),
        ({"TYPENAMES": "building,fire_hydrant", "OUTPUTFORMAT": "application/json"}, "outputFormat", "GML 3.2 only"),
        (
            {"TYPENAMES": "building,fire_hydrant", "FILTER": relate("PropertyIsEqualTo", "name", "building/name")},
            "filter",
            "of which type",
        ),
        ({"TYPENAMES": "building,fire_hydrant", "SORTBY": "building/colour"}, "colour", "no property 'colour'"),
        ({"TYPENAMES": ",".join(["building"] * 5), "ALIASES": "a,b,c,d,e"}, "typeNames", "at most 4 types, got 5"),
    ],
)  # fmt: skip
def test_a_join_that_cannot_be_served_is_refused(client, parameters, locator, words):
    exception = get(client, 400, **parameters).find(f"{OWS}Exception")
    assert exception.get("locator") == locator and words in exception.findtext(f"{OWS}ExceptionText")


# -- GetPropertyValue ------------------------------------------------------------------------------------------------


def get_values(client, path, **parameters):
    asked = {"REQUEST": "GetPropertyValue", "TYPENAMES": "infra:fire_hydrant", "VALUEREFERENCE": path}
    return get(client, **asked | parameters)


def test_the_values_of_a_property_are_those_features_have(client):
    root = get_values(client, "infra:tested_on")
    assert root.tag == f"{WFS}ValueCollection" and root.get("numberMatched") == "1"
    assert [each.tag for each in root.find(f"{WFS}member")] == [f"{INFRA}tested_on"]
    assert [each.findtext("*") for each in root] == ["2025-01-02"]


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("asset_code", ["H0", "H1", "H2", "H3", "H4", "H5"]),
        ("infra:fire_hydrant/infra:asset_code[1]", ["H0", "H1", "H2", "H3", "H4", "H5"]),
        ("gml:identifier", ["H0", "H1", "H2", "H3", "H4", "H5"]),
        ("gml:name", ["Trụ <một> & đầu"]),
        ("infra:in_service", ["true", "false"]),
    ],
)
def test_a_property_is_named_by_any_of_its_paths(client, path, texts):
    root = get_values(client, path)
    assert ["".join(each.itertext()) for each in root] == texts
    prefix = GML if path.startswith("gml:") else INFRA
    assert {child.tag.partition("}")[0] + "}" for each in root for child in each} == {prefix}


def test_the_value_of_gml_id_is_its_text(client, ids):
    root = get_values(client, "@gml:id", COUNT="2")
    assert [each.text for each in root] == [f"fire_hydrant.{number}" for number in ids["fire_hydrant"][:2]]
    assert follow(client, root.get("next")).find(f"{WFS}member").text == f"fire_hydrant.{ids['fire_hydrant'][2]}"


def test_a_geometry_and_a_box_are_values(client):
    points = get_values(client, "infra:geom", SRSNAME="urn:ogc:def:crs:EPSG::4326")
    assert len(points) == 5 and points.find(f".//{GML}pos").text.startswith("10.77")
    assert len(list(get_values(client, "gml:boundedBy", TYPENAMES="infra:building").iter(f"{GML}Envelope"))) == 1
    assert len(get_values(client, "gml:boundedBy")) == 0  # the box of a point would say no more than the point


def test_values_can_be_asked_by_a_stored_query_and_by_xml(client, ids):
    name = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    found = get(
        client,
        REQUEST="GetPropertyValue",
        STOREDQUERY_ID=name,
        ID=f"fire_hydrant.{ids['fire_hydrant'][3]}",
        VALUEREFERENCE="asset_code",
    )
    assert [each.findtext("*") for each in found] == ["H3"]
    body = """<wfs:GetPropertyValue xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:q="http://www.opengis.net/gml/3.2"
        xmlns:p="urn:gis-infra:infra" service="WFS" version="2.0.0" count="1" valueReference="q:identifier">
        <wfs:Query typeNames="p:fire_hydrant"/></wfs:GetPropertyValue>"""
    root = etree.fromstring(client.post("/wfs", data=body, content_type="text/xml").data)
    assert root.findtext(f"{WFS}member/{GML}identifier") == "H0"


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"TYPENAMES": "building"}, "MissingParameterValue", "valueReference"),
        ({"TYPENAMES": "building", "VALUEREFERENCE": ""}, "InvalidParameterValue", "valueReference"),
        ({"TYPENAMES": "building", "VALUEREFERENCE": "colour"}, "InvalidParameterValue", "colour"),
        ({"TYPENAMES": "building", "VALUEREFERENCE": "name", "RESOLVE": "all"}, "InvalidParameterValue", "resolve"),
        ({"TYPENAMES": "building,tree", "VALUEREFERENCE": "name"}, "InvalidParameterValue", "typeNames"),
        ({"TYPENAMES": "building", "VALUEREFERENCE": "name", "VERSION": "1.1.0"}, "OperationNotSupported", None),
    ],
)
def test_values_that_cannot_be_had_are_refused(client, parameters, code, locator):
    exception = get(client, 400, REQUEST="GetPropertyValue", **parameters)[0]
    assert exception.get("exceptionCode") == code and locator in {None, exception.get("locator")}
