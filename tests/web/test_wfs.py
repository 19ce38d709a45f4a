"""The WFS as a client's requests meet it: operations, parameters, paging, permission and its way of saying no."""

import base64
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
from lxml import etree
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web.wfs_city import GML, INFRA, OWS, WFS, clear, fill, list_codes

PASSWORD = "một mật khẩu dài"
FES = 'xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
HYDRANTS = ["H0", "H1", "H2", "H3", "H4", "H5"]


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application with a few features in it, and a person called lan who belongs to no department."""
    with writing(engine) as connection:
        ids = fill(connection, tables)
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
    application = create_app(settings, engine)
    application.config["IDS"] = ids
    yield application
    with writing(engine) as connection:
        clear(connection, tables)
        connection.execute(delete(PERSON))


@pytest.fixture
def client(app):
    """A client that is not signed in."""
    return app.test_client()


@pytest.fixture
def ids(app):
    """The ids of the features, by layer."""
    return app.config["IDS"]


def get(client, status=200, headers=None, **parameters):
    """The answer to a GET with these parameters, of the status expected."""
    everything = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **parameters}
    answer = client.get("/wfs", query_string={k: v for k, v in everything.items() if v is not None}, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def post(client, body, status=200):
    """The answer to a POST of XML, of the status expected."""
    answer = client.post("/wfs", data=body, content_type="text/xml")
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def follow(client, address):
    """The answer to a link of an answer."""
    return get(client, **dict(parse_qsl(urlsplit(address).query)))


def codes(answer):
    return list_codes(answer.data)


def read_report(answer):
    """Code, locator and text of an exception report."""
    exception = etree.fromstring(answer.data).find(f"{OWS}Exception")
    return exception.get("exceptionCode"), exception.get("locator"), exception.findtext(f"{OWS}ExceptionText")


def sign_in_as_lan():
    return {"Authorization": "Basic " + base64.b64encode(f"lan:{PASSWORD}".encode()).decode()}


# -- GetCapabilities -------------------------------------------------------------------------------------------------


def get_capabilities(client, **parameters):
    return etree.fromstring(get(client, VERSION=None, REQUEST="GetCapabilities", **parameters).data)


def list_type_names(capabilities):
    return [each.text for each in capabilities.iter(f"{WFS}Name")]


def test_capabilities_list_only_what_the_caller_may_read(client):
    public = list_type_names(get_capabilities(client))
    signed_in = list_type_names(get_capabilities(client, headers=sign_in_as_lan()))
    assert "infra:fire_hydrant" in public and "infra:water_pipe" not in public
    assert "infra:water_pipe" in signed_in and "infra:substation" not in signed_in


def test_capabilities_announce_crs_as_urns_the_citys_own_first(client):
    hydrant = get_capabilities(client).xpath("//*[local-name()='FeatureType'][*='infra:fire_hydrant']")[0]
    names = [each.text for each in hydrant if each.tag in {f"{WFS}DefaultCRS", f"{WFS}OtherCRS"}]
    assert names == [f"urn:ogc:def:crs:EPSG::{srid}" for srid in (9210, 4326, 3857)]
    corner = [float(text) for text in hydrant.findtext(f"{OWS}WGS84BoundingBox/{OWS}LowerCorner").split()]
    assert corner == pytest.approx([106.6936, 10.7729], abs=1e-4)


def test_capabilities_say_what_clients_must_know_to_page(client):
    constraints = {
        each.get("name"): each.findtext(f"{OWS}DefaultValue")
        for each in get_capabilities(client).iter(f"{OWS}Constraint")
    }
    assert constraints["ImplementsResultPaging"] == "TRUE" and constraints["CountDefault"] == "10000"
    assert constraints["ImplementsTransactionalWFS"] == "FALSE"


@pytest.mark.parametrize(
    ("versions", "spoken"), [("2.0.0,1.1.0,1.0.0", "2.0.0"), ("1.1.0,2.0.0", "1.1.0"), ("3.0.0,1.0.0", "1.0.0")]
)
def test_the_version_spoken_is_the_first_accepted_that_there_is(client, versions, spoken):
    assert get_capabilities(client, ACCEPTVERSIONS=versions).get("version") == spoken


def test_capabilities_can_be_asked_for_in_sections(client):
    parts = [
        etree.QName(each).localname for each in get_capabilities(client, SECTIONS="FeatureTypeList,ServiceProvider")
    ]
    assert parts == ["ServiceProvider", "FeatureTypeList"]


def test_addresses_are_those_the_client_can_reach(settings, engine):
    outside = create_app(replace(settings, public_url="https://gis.example.vn/city"), engine).test_client()
    hrefs = {each.get("{http://www.w3.org/1999/xlink}href") for each in get_capabilities(outside).iter(f"{OWS}Get")}
    assert hrefs == {"https://gis.example.vn/city/wfs"}


# -- DescribeFeatureType ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["TYPENAMES", "TYPENAME", "typename"])
@pytest.mark.parametrize("value", ["infra:fire_hydrant", "fire_hydrant", "infra:fire_hydrant,infra:fire_hydrant"])
def test_a_schema_is_given_by_type_name(client, name, value):
    schema = etree.fromstring(get(client, REQUEST="DescribeFeatureType", **{name: value}).data)
    assert schema.xpath("/*/*[local-name()='element']/@name") == ["fire_hydrant"]
    assert schema.xpath("//*[@name='geom']/@type") == ["gml:PointPropertyType"]
    assert schema.xpath("//*[@name='in_service']/@type") == ["xsd:boolean"]


def test_without_a_type_name_the_schema_is_of_all_that_may_be_read(client):
    schema = etree.fromstring(get(client, REQUEST="DescribeFeatureType").data)
    declared = schema.xpath("/*/*[local-name()='element']/@name")
    assert [f"infra:{name}" for name in declared] == list_type_names(get_capabilities(client))


# -- GetFeature ------------------------------------------------------------------------------------------------------


def test_features_come_with_numbers_ids_and_only_the_values_they_have(client, ids):
    collection = etree.fromstring(get(client, TYPENAMES="infra:fire_hydrant").data)
    assert (collection.get("numberMatched"), collection.get("numberReturned")) == ("6", "6")
    first = collection.find(f"{WFS}member/{INFRA}fire_hydrant")
    assert first.get(f"{GML}id") == f"fire_hydrant.{ids['fire_hydrant'][0]}"
    assert first.findtext(f"{INFRA}name") == first.findtext(f"{GML}name") == "Trụ <một> & đầu"
    assert first.findtext(f"{GML}identifier") == "H0" and first.findtext(f"{GML}description") == "ok"
    assert first.findtext(f"{INFRA}tested_on") == "2025-01-02" and first.findtext(f"{INFRA}in_service") == "true"
    assert first.find(f"{INFRA}flow_lps") is None


@pytest.mark.parametrize(
    ("srs_name", "position"),
    [
        (None, "603000.0 1191500.0"),
        ("EPSG:9210", "603000.0 1191500.0"),
        ("urn:ogc:def:crs:EPSG::4326", "10.7729"),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", "10.7729"),
        ("EPSG:4326", "106.6935"),
        ("urn:ogc:def:crs:EPSG::3857", "11877077"),
    ],
)
def test_coordinates_are_in_the_order_that_the_name_of_their_crs_asks(client, srs_name, position):
    collection = etree.fromstring(get(client, TYPENAMES="fire_hydrant", COUNT="1", SRSNAME=srs_name).data)
    point = collection.find(f".//{GML}Point")
    assert point.findtext(f"{GML}pos").startswith(position)
    assert point.get("srsName") == (srs_name or "urn:ogc:def:crs:EPSG::9210")


def test_heights_are_served_where_there_are_any(client):
    collection = etree.fromstring(get(client, TYPENAMES="infra:sewer_pipe").data)
    lines = list(collection.iter(f"{GML}LineString"))
    assert [each.get("srsDimension") for each in lines] == ["3", "2"]
    assert lines[0].findtext(f"{GML}posList") == "603000.0 1191500.0 -1.5 603050.0 1191520.0 -2.0"


# H0 stands on the west edge, H2 on the east edge.
@pytest.mark.parametrize(
    "box",
    [
        "603000,1191499,603020,1191501",
        "603000,1191499,603020,1191501,urn:ogc:def:crs:EPSG::9210",
        "10.7728,106.6935,10.7730,106.69379,urn:ogc:def:crs:EPSG::4326",
        "106.6935,10.7728,106.69379,10.7730,EPSG:4326",
    ],
)
def test_a_box_is_read_in_the_order_of_its_crs(client, box):
    assert codes(get(client, TYPENAMES="infra:fire_hydrant", BBOX=box)) == ["H0", "H1", "H2"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"typenames": "infra:fire_hydrant", "count": "2"}, ["H0", "H1"]),
        ({"TYPENAME": "infra:fire_hydrant", "MAXFEATURES": "2"}, ["H0", "H1"]),
        ({"TYPENAMES": "infra:fire_hydrant", "STARTINDEX": "4", "COUNT": "9"}, ["H4", "H5"]),
        ({"TYPENAMES": "infra:fire_hydrant", "STARTINDEX": "40"}, []),
        ({"TYPENAMES": "infra:fire_hydrant", "SORTBY": "asset_code DESC", "COUNT": "2"}, ["H5", "H4"]),
        (
            {"TYPENAMES": "infra:fire_hydrant", "SORTBY": "infra:nominal_diameter_mm D,gml:identifier A", "COUNT": "3"},
            ["H1", "H3", "H0"],
        ),
        ({"TYPENAMES": "x:fire_hydrant", "NAMESPACES": "xmlns(x,urn:gis-infra:infra)", "COUNT": "1"}, ["H0"]),
        ({"TYPENAMES": "infra:fire_hydrant", "COUNT": "1", "UNKNOWN": "x", "RESOLVE": "none"}, ["H0"]),
        ({"TYPENAMES": "(infra:building)(infra:sewer_pipe)"}, ["B1", "S1", "S2"]),
        ({"TYPENAMES": "(infra:building)(infra:sewer_pipe)", "STARTINDEX": "1", "COUNT": "1"}, ["S1"]),
        ({"TYPENAMES": "infra:fire_hydrant", "OUTPUTFORMAT": "text/xml; subtype=gml/3.2", "COUNT": "1"}, ["H0"]),
        ({"TYPENAMES": "infra:fire_hydrant", "OUTPUTFORMAT": "application/gml xml; version=3.2", "COUNT": "1"}, ["H0"]),
    ],
)  # fmt: skip
def test_parameters_choose_the_features(client, parameters, expected):
    assert codes(get(client, **parameters)) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (
            "<PropertyIsEqualTo><ValueReference>in_service</ValueReference><Literal>true</Literal></PropertyIsEqualTo>",
            ["H0"],
        ),
        ("<PropertyIsNull><ValueReference>geom</ValueReference></PropertyIsNull>", ["H5"]),
        (
            "<PropertyIsLike wildCard='%' singleChar='_' escapeChar='\\'><ValueReference>infra:name</ValueReference>"
            "<Literal>Trụ%</Literal></PropertyIsLike>",
            ["H0"],
        ),
        (
            "<And><PropertyIsGreaterThan><ValueReference>nominal_diameter_mm</ValueReference><Literal>100</Literal>"
            "</PropertyIsGreaterThan><BBOX><ValueReference>geom</ValueReference><gml:Envelope>"
            "<gml:lowerCorner>603000 1191499</gml:lowerCorner><gml:upperCorner>603020 1191501</gml:upperCorner>"
            "</gml:Envelope></BBOX></And>",
            ["H1"],
        ),
        (
            "<Intersects><ValueReference>geom</ValueReference><gml:Polygon srsName='urn:ogc:def:crs:EPSG::4326'>"
            "<gml:exterior><gml:LinearRing><gml:posList>10.772 106.693 10.772 106.69363 10.774 106.69363 "
            "10.774 106.693 10.772 106.693</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></Intersects>",
            ["H0"],
        ),
    ],
)
def test_a_filter_chooses_the_features(client, inside, expected):
    text = f"<Filter {FES}>{inside}</Filter>"
    answer = get(client, TYPENAMES="fire_hydrant", FILTER=text)
    assert codes(answer) == expected
    assert etree.fromstring(answer.data).get("numberMatched") == str(len(expected))


def test_features_are_found_by_id_with_and_without_their_type(client, ids):
    hydrant, building = f"fire_hydrant.{ids['fire_hydrant'][1]}", f"building.{ids['building'][0]}"
    assert codes(get(client, RESOURCEID=f"{hydrant},{building}")) == ["H1", "B1"]
    assert codes(get(client, FEATUREID=hydrant, TYPENAMES="fire_hydrant")) == ["H1"]
    assert codes(get(client, RESOURCEID="fire_hydrant.999999,nonsense")) == []


def test_what_may_not_be_seen_is_not_found_by_its_id_either(client, ids):
    hidden = [f"{layer}.{ids[layer][-1]}" for layer in ("fire_hydrant", "substation", "water_pipe")]
    assert codes(get(client, RESOURCEID=",".join(hidden))) == []


def test_only_the_properties_asked_for_are_served(client):
    member = etree.fromstring(get(client, TYPENAMES="fire_hydrant", COUNT="1", PROPERTYNAME="infra:asset_code").data)
    names = [each.tag for each in member.find(f"{WFS}member/{INFRA}fire_hydrant")]
    assert names == [f"{GML}identifier", f"{INFRA}asset_code"]


def test_hits_are_a_number_and_no_features(client):
    collection = etree.fromstring(get(client, TYPENAMES="fire_hydrant", RESULTTYPE="hits", COUNT="1").data)
    assert (collection.get("numberMatched"), collection.get("numberReturned"), len(collection)) == ("6", "0", 0)
    assert codes(follow(client, collection.get("next"))) == ["H0"]


def test_pages_follow_each_other_in_one_order_without_gap_or_overlap(client):
    answer, pages = get(client, TYPENAMES="infra:fire_hydrant", COUNT="2"), []
    while True:
        pages.append(codes(answer))
        link = etree.fromstring(answer.data).get("next")
        if link is None:
            break
        answer = follow(client, link)
    assert [code for page in pages for code in page] == HYDRANTS and [len(page) for page in pages] == [2, 2, 2]
    assert codes(follow(client, etree.fromstring(answer.data).get("previous"))) == pages[-2]


def test_the_service_gives_no_more_than_its_own_limit(settings, engine, app):
    small = create_app(replace(settings, max_page=2), engine).test_client()
    for parameters in ({}, {"COUNT": "5"}):
        collection = etree.fromstring(get(small, TYPENAMES="fire_hydrant", **parameters).data)
        assert (collection.get("numberMatched"), collection.get("numberReturned")) == ("6", "2")
        assert "STARTINDEX=2" in collection.get("next")


def test_geojson_is_longitude_first_unless_another_crs_is_asked_for(client, ids):
    answer = get(client, TYPENAMES="infra:fire_hydrant", OUTPUTFORMAT="application/json", COUNT="1")
    collection = orjson.loads(answer.data)
    assert answer.mimetype == "application/json" and collection["numberMatched"] == 6
    feature = collection["features"][0]
    assert feature["id"] == f"fire_hydrant.{ids['fire_hydrant'][0]}" and feature["properties"]["asset_code"] == "H0"
    assert feature["geometry"]["coordinates"] == pytest.approx([106.693598, 10.772924], abs=1e-5)
    city = orjson.loads(get(client, TYPENAMES="building", OUTPUTFORMAT="json", SRSNAME="EPSG:9210").data)
    assert city["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::9210"
    assert city["features"][0]["geometry"]["coordinates"][0][0][0] == [603000, 1191500]


def test_geojson_of_nothing_is_an_empty_collection(client):
    answer = orjson.loads(get(client, RESOURCEID="fire_hydrant.999999", OUTPUTFORMAT="application/json").data)
    assert answer["features"] == [] and answer["numberMatched"] == 0


# -- stored queries --------------------------------------------------------------------------------------------------

BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"


@pytest.mark.parametrize("name", [BY_ID, "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"])
def test_a_feature_by_id_stands_alone(client, ids, name):
    answer = get(client, STOREDQUERY_ID=name, ID=f"fire_hydrant.{ids['fire_hydrant'][2]}")
    root = etree.fromstring(answer.data)
    assert root.tag == f"{INFRA}fire_hydrant" and root.findtext(f"{INFRA}asset_code") == "H2"


def test_the_stored_query_is_listed_and_described(client):
    listed = etree.fromstring(get(client, REQUEST="ListStoredQueries").data)
    assert [each.get("id") for each in listed] == [BY_ID, BY_ID.replace("ById", "ByTypeName")]
    described = etree.fromstring(get(client, REQUEST="DescribeStoredQueries", STOREDQUERY_ID=BY_ID).data)
    assert described.xpath("//*[local-name()='Parameter']/@name") == ["id"]


# -- XML requests ----------------------------------------------------------------------------------------------------

WFS_XMLNS = 'xmlns="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0"'


def test_get_feature_can_be_posted(client):
    body = f"""<GetFeature {WFS_XMLNS} xmlns:p="urn:gis-infra:infra" service="WFS" version="2.0.0" count="1"
        startIndex="1"><Query typeNames="p:fire_hydrant" srsName="urn:ogc:def:crs:EPSG::4326">
        <PropertyName>p:asset_code</PropertyName><fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>p:nominal_diameter_mm</fes:ValueReference>
        <fes:Literal>100</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>
        <fes:SortBy><fes:SortProperty><fes:ValueReference>asset_code</fes:ValueReference>
        <fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></Query></GetFeature>"""
    answer = post(client, body)
    collection = etree.fromstring(answer.data)
    assert codes(answer) == ["H2"] and collection.get("numberMatched") == "3"
    assert codes(follow(client, collection.get("next"))) == ["H0"]
    assert codes(follow(client, collection.get("previous"))) == ["H4"]


def test_several_queries_have_a_collection_each(client):
    body = f"""<GetFeature {WFS_XMLNS} xmlns:infra="urn:gis-infra:infra" service="WFS" version="2.0.0">
        <Query typeNames="infra:building"/><Query typeNames="infra:sewer_pipe"/></GetFeature>"""
    answer = post(client, body)
    inner = etree.fromstring(answer.data).findall(f"{WFS}member/{WFS}FeatureCollection")
    assert [each.get("numberMatched") for each in inner] == ["1", "2"] and codes(answer) == ["B1", "S1", "S2"]


@pytest.mark.parametrize(
    ("body", "root"),
    [
        (f'<GetCapabilities {WFS_XMLNS} service="WFS"/>', "WFS_Capabilities"),
        (f'<DescribeFeatureType {WFS_XMLNS} service="WFS" version="2.0.0"><TypeName>infra:building</TypeName>'
         "</DescribeFeatureType>", "schema"),
        (f'<ListStoredQueries {WFS_XMLNS} service="WFS" version="2.0.0"/>', "ListStoredQueriesResponse"),
        (f'<DescribeStoredQueries {WFS_XMLNS} service="WFS" version="2.0.0"/>', "DescribeStoredQueriesResponse"),
    ],
)  # fmt: skip
def test_every_operation_can_be_posted(client, body, root):
    assert etree.QName(etree.fromstring(post(client, body).data)).localname == root


def test_parameters_can_be_posted_as_a_form(client):
    form = {"service": "WFS", "request": "GetFeature", "typenames": "infra:building"}
    assert list_codes(client.post("/wfs", data=form).data) == ["B1"]


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("", "InvalidParameterValue", "not well-formed"),
        ("{}", "InvalidParameterValue", "not well-formed"),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "InvalidParameterValue", "document type declaration"),
        ("<a>" * 100 + "</a>" * 100, "InvalidParameterValue", "more than 72 deep"),
        ("<Poem service='WFS'/>", "OperationNotSupported", "no operation 'Poem'"),
        ("<GetFeature service='WFS'/>", "OperationParsingFailed", "holds no Query"),
        ("<GetGmlObject service='WFS' version='2.0.0'/>", "OperationNotSupported", "no operation 'GetGmlObject'"),
        ("<GetFeature service='WFS'><Query/></GetFeature>", "MissingParameterValue", "typeNames is missing"),
    ],
)
def test_a_body_that_is_no_request_is_refused(client, body, code, words):
    found = read_report(post(client, body, 400))
    assert found[0] == code and words in found[2]


# -- saying no -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "code", "locator", "words"),
    [
        ({"SERVICE": None}, "MissingParameterValue", "service", "service is missing"),
        ({"REQUEST": None}, "MissingParameterValue", "request", "request is missing"),
        ({"SERVICE": "WMS"}, "InvalidParameterValue", "service", "must be WFS, got 'WMS'"),
        ({"REQUEST": "GetMap"}, "OperationNotSupported", "GetMap", "no operation 'GetMap'"),
        ({"VERSION": "3.0.0"}, "InvalidParameterValue", "version", "got '3.0.0'"),
        ({"REQUEST": "GetCapabilities", "ACCEPTVERSIONS": "1"}, "VersionNegotiationFailed", "acceptVersions", "2.0.0"),
        ({"REQUEST": "GetCapabilities", "SECTIONS": "Poems"}, "InvalidParameterValue", "sections", "Poems"),
        ({"TYPENAMES": None}, "MissingParameterValue", "typeNames", "typeNames is missing"),
        ({"TYPENAMES": "infra:dragon"}, "InvalidParameterValue", "typeNames", "no feature type 'infra:dragon'"),
        ({"TYPENAMES": "infra:substation"}, "InvalidParameterValue", "typeNames", "no feature type 'infra:substation'"),
        ({"TYPENAMES": "q:building"}, "InvalidParameterValue", "typeNames", "no feature type 'q:building'"),
        ({"TYPENAMES": "infra:building,infra:building"}, "InvalidParameterValue", "aliases", "a name of its own"),
        ({"REQUEST": "DescribeFeatureType", "TYPENAMES": "dragon"}, "InvalidParameterValue", "typeNames", "'dragon'"),
        ({"REQUEST": "DescribeFeatureType", "OUTPUTFORMAT": "json"}, "InvalidParameterValue", "outputFormat", "schema"),
        ({"COUNT": "-1"}, "InvalidParameterValue", "count", "whole number of at least 0, got '-1'"),
        ({"STARTINDEX": "x"}, "InvalidParameterValue", "startIndex", "got 'x'"),
        ({"RESULTTYPE": "some"}, "InvalidParameterValue", "resultType", "results or hits"),
        ({"OUTPUTFORMAT": "poem"}, "InvalidParameterValue", "outputFormat", "is not offered; these are"),
        ({"SRSNAME": "urn:ogc:def:crs:EPSG::32690"}, "InvalidParameterValue", "srsName", "EPSG has no"),
        ({"SRSNAME": "EPSG:32648"}, "InvalidParameterValue", "srsName", "is not offered"),
        ({"BBOX": "1,2,3"}, "InvalidParameterValue", "bbox", "four numbers and a CRS, got 3"),
        ({"BBOX": "1,2,3,x"}, "InvalidParameterValue", "bbox", "must be four numbers"),
        ({"BBOX": "1,9,3,4"}, "InvalidParameterValue", "bbox", "ymin 9.0 above ymax 4.0"),
        ({"BBOX": "1,2,3,4,moon"}, "InvalidParameterValue", "bbox", "'moon' names no coordinate system"),
        ({"PROPERTYNAME": "colour"}, "InvalidParameterValue", "colour", "no property 'colour'; it has"),
        ({"SORTBY": "colour"}, "InvalidParameterValue", "colour", "no property 'colour'"),
        ({"SORTBY": "name UP"}, "InvalidParameterValue", "sortBy", "ASC or DESC, got 'name UP'"),
        ({"SORTBY": "geom"}, "InvalidParameterValue", "sortBy", "cannot sort by a geometry"),
        ({"FILTER": "colour = 1"}, "InvalidParameterValue", "filter", "not well-formed"),
        ({"STOREDQUERY_ID": "mine"}, "InvalidParameterValue", "storedQuery_id", "no stored query 'mine'"),
        ({"STOREDQUERY_ID": BY_ID}, "MissingParameterValue", "id", "id is missing"),
        ({"REQUEST": "DescribeStoredQueries", "STOREDQUERY_ID": "x"}, "InvalidParameterValue", "storedQuery_id", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_gets_a_report_with_code_and_locator(client, parameters, code, locator, words):
    answer = get(client, 400, **{"TYPENAMES": "infra:fire_hydrant", **parameters})
    report = etree.fromstring(answer.data)
    assert report.tag == f"{OWS}ExceptionReport" and report.get("version") == "2.0.0"
    found = read_report(answer)
    assert found[:2] == (code, locator) and words in found[2]


def test_the_bare_address_says_how_a_client_begins(client):
    answer = client.get("/wfs")
    assert answer.status_code == 400
    assert "begins with ?service=WFS&request=GetCapabilities" in read_report(answer)[2]


def test_an_operator_that_is_not_here_is_no_mistake_of_the_clients(client):
    answer = get(client, 403, TYPENAMES="infra:fire_hydrant", FILTER=f"<Filter {FES}><Near/></Filter>")
    assert read_report(answer)[:2] == ("OperationProcessingFailed", "filter")


@pytest.mark.parametrize("name", ["fire_hydrant.999999", "nonsense", "dragon.1"])
def test_a_feature_that_is_not_there_is_not_found(client, name):
    assert read_report(get(client, 404, STOREDQUERY_ID=BY_ID, ID=name))[:2] == ("NotFound", "id")


def test_a_feature_one_may_not_see_is_not_found_in_the_same_words(client, ids):
    names = [f"substation.{ids['substation'][0]}", f"fire_hydrant.{ids['fire_hydrant'][-1]}", "fire_hydrant.999999"]
    answers = [get(client, 404, STOREDQUERY_ID=BY_ID, ID=name) for name in names]
    reports = {read_report(answer)[2].replace(name, "X") for answer, name in zip(answers, names, strict=True)}
    assert len(reports) == 1


@pytest.mark.parametrize("operation", ["GetFeature", "DescribeFeatureType"])
def test_a_type_one_may_not_see_is_refused_in_the_words_for_one_that_is_not_there(client, operation):
    names = ["infra:substation", "infra:dragon"]
    answers = [get(client, 400, REQUEST=operation, TYPENAMES=name) for name in names]
    reports = {read_report(answer)[2].replace(name, "X") for answer, name in zip(answers, names, strict=True)}
    assert reports == {"there is no feature type 'X'; GetCapabilities lists those you may see"}


@pytest.mark.parametrize(
    ("parameters", "name", "told"),
    [
        ({}, "typeName", "parameter typeName is missing"),
        ({"TYPENAME": "building", "MAXFEATURES": "-1"}, "maxFeatures", "maxFeatures must be a whole number"),
        ({"TYPENAME": "building", "STARTINDEX": "x"}, "startIndex", "startIndex must be a whole number"),
    ],
)
@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_a_parameter_is_told_by_the_name_its_version_has(client, version, parameters, name, told):
    asked = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetFeature", **parameters}
    answer = client.get("/wfs", query_string=asked)
    assert answer.status_code == 400
    assert f'locator="{name}"' in answer.text and told in answer.text


def test_a_wrong_password_is_refused_and_asked_for_again(client):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"lan:no").decode()}
    answer = get(client, 401, headers=wrong, TYPENAMES="fire_hydrant")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert etree.fromstring(answer.data).tag == f"{OWS}ExceptionReport"


def test_who_is_signed_in_sees_more(client):
    answer = get(client, headers=sign_in_as_lan(), TYPENAMES="infra:water_pipe")
    assert codes(answer) == ["W1"]
