"""GetFeature in all three versions, by URL and by XML, as clients write it."""

import pytest
from lxml import etree

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import wfs_city
from tests.web.wfs_city import INFRA, list_codes

HYDRANTS = ["H0", "H1", "H2", "H3", "H4", "H5"]
GML3 = "{http://www.opengis.net/gml}"
OGC = 'xmlns="http://www.opengis.net/ogc" xmlns:ogc="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'
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


def get(client, version, status=200, **parameters):
    everything = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetFeature", **parameters}
    answer = client.get("/wfs", query_string=everything)
    assert answer.status_code == status, answer.text
    return answer


def post(client, body, status=200):
    answer = client.post("/wfs", data=body.encode(), content_type="text/xml; charset=UTF-8")
    assert answer.status_code == status, answer.text
    return answer


def codes(answer):
    return list_codes(answer.data)


# -- which version ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "version"),
    [
        ({}, "2.0.0"),
        ({"ACCEPTVERSIONS": "2.0.0,1.1.0,1.0.0"}, "2.0.0"),
        ({"ACCEPTVERSIONS": "1.1.0,2.0.0"}, "1.1.0"),
        ({"ACCEPTVERSIONS": "3.0.0,1.0.0"}, "1.0.0"),
        ({"ACCEPTVERSIONS": "1.0.0", "VERSION": "2.0.0"}, "1.0.0"),
        ({"VERSION": "2.0.2"}, "2.0.0"),
        ({"VERSION": "2.0"}, "2.0.0"),
        ({"VERSION": "1.1.0"}, "1.1.0"),
        ({"VERSION": "1.0.0"}, "1.0.0"),
        ({"VERSION": "1.0.7"}, "1.0.0"),
        ({"VERSION": "0.0.1"}, "1.0.0"),
        ({"VERSION": "1.9"}, "1.1.0"),
        ({"VERSION": "9"}, "2.0.0"),
    ],
)
def test_capabilities_come_in_the_version_that_is_agreed_on(client, parameters, version):
    answer = client.get("/wfs", query_string={"SERVICE": "WFS", "REQUEST": "GetCapabilities", **parameters})
    assert etree.fromstring(answer.data).get("version") == version


@pytest.mark.parametrize(
    ("attributes", "inside", "version"),
    [
        ('xmlns="http://www.opengis.net/wfs/2.0"', "", "2.0.0"),
        ('xmlns="http://www.opengis.net/wfs"', "", "1.1.0"),
        ('xmlns="http://www.opengis.net/wfs" version="1.0.0"', "", "1.0.0"),
        (
            'xmlns="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"',
            "<ows:AcceptVersions><ows:Version>4</ows:Version><ows:Version>1.1.0</ows:Version></ows:AcceptVersions>",
            "1.1.0",
        ),
    ],
)
def test_a_posted_document_is_in_the_version_it_says_or_else_of_its_namespace(client, attributes, inside, version):
    answer = post(client, f'<GetCapabilities {attributes} service="WFS">{inside}</GetCapabilities>')
    assert etree.fromstring(answer.data).get("version") == version


# -- the parameters of the earlier versions --------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"TYPENAME": "infra:fire_hydrant"}, HYDRANTS),
        ({"typename": "fire_hydrant", "maxfeatures": "2"}, ["H0", "H1"]),
        ({"TYPENAME": "infra:building,infra:sewer_pipe"}, ["B1", "S1", "S2"]),
        ({"TYPENAME": "infra:building,infra:sewer_pipe", "MAXFEATURES": "2"}, ["B1", "S1"]),
        ({"TYPENAME": "x:building", "NAMESPACE": "xmlns(x=urn:gis-infra:infra)"}, ["B1"]),
        ({"TYPENAME": "fire_hydrant", "PROPERTYNAME": "*", "MAXFEATURES": "1"}, ["H0"]),
        ({"TYPENAME": "fire_hydrant", "SORTBY": "asset_code D", "MAXFEATURES": "1"}, ["H5"]),
        ({"TYPENAME": "fire_hydrant", "STARTINDEX": "4"}, ["H4", "H5"]),
        ({"TYPENAME": "fire_hydrant", "BBOX": "603000,1191499,603020,1191501"}, ["H0", "H1", "H2"]),
        (
            {
                "TYPENAME": "fire_hydrant",
                "FILTER": f"<ogc:Filter {OGC}><ogc:PropertyIsEqualTo><ogc:PropertyName>asset_code</ogc:PropertyName>"
                "<ogc:Literal>H3</ogc:Literal></ogc:PropertyIsEqualTo></ogc:Filter>",
            },
            ["H3"],
        ),
        (
            {
                "TYPENAME": "building,sewer_pipe",
                "FILTER": f"(<Filter {OGC}><PropertyIsNull><PropertyName>name</PropertyName></PropertyIsNull></Filter>)"
                f"(<Filter {OGC}><PropertyIsEqualTo><PropertyName>asset_code</PropertyName><Literal>S2)(</Literal>"
                "</PropertyIsEqualTo></Filter>)",
            },
            ["B1"],
        ),
    ],
)  # fmt: skip
def test_parameters_of_the_earlier_versions_choose_the_features(client, version, parameters, expected):
    assert codes(get(client, version, **parameters)) == expected


@pytest.mark.parametrize(
    ("version", "parameters", "expected"),
    [
        ("2.0.0", {"BBOX": "10.7728,106.6935,10.7730,106.69379,urn:ogc:def:crs:EPSG::4326"}, ["H0", "H1", "H2"]),
        ("1.1.0", {"BBOX": "10.7728,106.6935,10.7730,106.69379,urn:ogc:def:crs:EPSG::4326"}, ["H0", "H1", "H2"]),
        ("1.1.0", {"BBOX": "106.6935,10.7728,106.69379,10.7730,EPSG:4326"}, ["H0", "H1", "H2"]),
        # 1.0.0: no CRS behind the numbers, which are then in that of the answer; x,y whatever it is called.
        ("1.0.0", {"BBOX": "106.6935,10.7728,106.69379,10.7730", "SRSNAME": "EPSG:4326"}, ["H0", "H1", "H2"]),
        (
            "1.0.0",
            {"BBOX": "106.6935,10.7728,106.69379,10.7730", "SRSNAME": "urn:ogc:def:crs:EPSG::4326"},
            ["H0", "H1", "H2"],
        ),
        ("2.0.0", {"BBOX": "603000,1191499,-5,603020,1191501,5,urn:ogc:def:crs:EPSG::9210"}, ["H0", "H1", "H2"]),
    ],
)
def test_a_box_is_read_as_each_version_has_it(client, version, parameters, expected):
    assert codes(get(client, version, TYPENAME="fire_hydrant", **parameters)) == expected


@pytest.mark.parametrize(
    "srs_name", ["EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/gml/srs/epsg.xml#4326"]
)
def test_coordinates_of_the_oldest_version_are_easting_first_whatever_their_crs_is_called(client, srs_name):
    root = etree.fromstring(get(client, "1.0.0", TYPENAME="fire_hydrant", SRSNAME=srs_name, MAXFEATURES="1").data)
    point = next(root.iter(f"{GML3}Point"))
    assert point.findtext(f"{GML3}coordinates").startswith("106.69")
    assert point.get("srsName") == "EPSG:4326"


def test_the_box_of_a_filter_of_the_oldest_version_is_easting_first_too(client):
    text = (
        f"<Filter {OGC}><BBOX><PropertyName>geom</PropertyName><gml:Box srsName='urn:ogc:def:crs:EPSG::4326'>"
        "<gml:coordinates>106.6935,10.7728 106.69379,10.7730</gml:coordinates></gml:Box></BBOX></Filter>"
    )
    assert codes(get(client, "1.0.0", TYPENAME="fire_hydrant", FILTER=text)) == ["H0", "H1", "H2"]


# -- posted ----------------------------------------------------------------------------------------------------------


def make_post(version, inside, attributes=""):
    wfs = "http://www.opengis.net/wfs/2.0" if version == "2.0.0" else "http://www.opengis.net/wfs"
    return (
        f'<wfs:GetFeature xmlns:wfs="{wfs}" xmlns:tns="urn:gis-infra:infra" xmlns:q="http://www.opengis.net/gml" '
        f'service="WFS" version="{version}" {attributes}>{inside}</wfs:GetFeature>'
    )


@pytest.mark.parametrize("version", ["1.1.0", "1.0.0"])
def test_a_query_of_an_earlier_version_can_be_posted(client, version):
    escape = "escape" if version == "1.0.0" else "escapeChar"
    inside = f"""<wfs:Query typeName="tns:fire_hydrant"><wfs:PropertyName>tns:asset_code</wfs:PropertyName>
        <ogc:Filter {OGC}><ogc:And><ogc:PropertyIsGreaterThan>
        <ogc:PropertyName>tns:nominal_diameter_mm</ogc:PropertyName><ogc:Literal>100</ogc:Literal>
        </ogc:PropertyIsGreaterThan><ogc:PropertyIsLike wildCard="%" singleChar="_" {escape}="!">
        <ogc:PropertyName>tns:fire_hydrant/tns:asset_code</ogc:PropertyName><ogc:Literal>H%</ogc:Literal>
        </ogc:PropertyIsLike></ogc:And></ogc:Filter></wfs:Query>"""
    answer = post(client, make_post(version, inside, 'maxFeatures="1"'))
    assert codes(answer) == ["H1"]
    assert not list(etree.fromstring(answer.data).iter(f"{INFRA}geom"))


def test_queries_of_two_types_can_be_posted_in_an_earlier_version(client):
    inside = '<wfs:Query typeName="tns:building"/><wfs:Query typeName="tns:sewer_pipe"/>'
    for version in ("1.1.0", "1.0.0"):
        assert codes(post(client, make_post(version, inside))) == ["B1", "S1", "S2"]


@pytest.mark.parametrize("path", ["q:name", "q:name[1]", "*/q:name", "tns:fire_hydrant/q:name", "name", "//tns:name"])
def test_a_prefix_is_known_by_its_namespace(client, path):
    inside = f"""<wfs:Query typeName="tns:fire_hydrant"><ogc:Filter {OGC}><ogc:PropertyIsLike wildCard="*"
        singleChar="?" escapeChar="!"><ogc:PropertyName>{path}</ogc:PropertyName><ogc:Literal>Trụ*</ogc:Literal>
        </ogc:PropertyIsLike></ogc:Filter></wfs:Query>"""
    assert codes(post(client, make_post("1.1.0", inside))) == ["H0"]


def test_all_types_can_be_asked_by_their_common_head(client):
    text = (
        f"<Filter {FES}><PropertyIsEqualTo><ValueReference>gml:identifier</ValueReference><Literal>B1</Literal>"
        "</PropertyIsEqualTo></Filter>"
    )
    assert codes(get(client, "2.0.0", TYPENAMES="gml:AbstractFeature", FILTER=text)) == ["B1"]
    assert codes(get(client, "2.0.0", TYPENAMES="schema-element(infra:building)")) == ["B1"]


# -- what QGIS and GDAL send, by the letter --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # QGIS: arithmetic in the namespace of FES, a function, unprefixed names
            '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsGreaterThan><fes:Add>'
            "<fes:ValueReference>nominal_diameter_mm</fes:ValueReference><fes:Literal>10</fes:Literal></fes:Add>"
            "<fes:Literal>150</fes:Literal></fes:PropertyIsGreaterThan></fes:Filter>",
            ["H1", "H3"],
        ),
        (
            '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:PropertyIsEqualTo><fes:Function name="lower">'
            "<fes:ValueReference>asset_code</fes:ValueReference></fes:Function><fes:Literal>h2</fes:Literal>"
            "</fes:PropertyIsEqualTo></fes:Filter>",
            ["H2"],
        ),
        (  # QGIS: the view's extent folded into the filter
            '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><fes:And>'
            '<fes:BBOX><fes:ValueReference>geom</fes:ValueReference><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">'
            "<gml:lowerCorner>10.7728 106.6935</gml:lowerCorner><gml:upperCorner>10.7730 106.69379</gml:upperCorner>"
            "</gml:Envelope></fes:BBOX>"
            '<fes:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\" matchCase="false">'
            "<fes:ValueReference>asset_code</fes:ValueReference><fes:Literal>h%</fes:Literal></fes:PropertyIsLike>"
            "</fes:And></fes:Filter>",
            ["H0", "H1", "H2"],
        ),
        (  # QGIS: intersects with a polygon of GML 3.2, latitude first
            '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
            "<fes:Intersects><fes:ValueReference>geom</fes:ValueReference><gml:Polygon gml:id='qgis_id_geom_1' "
            "srsName='urn:ogc:def:crs:EPSG::4326'><gml:exterior><gml:LinearRing><gml:posList>10.7728 106.6935 10.7730 "
            "106.6935 10.7730 106.69379 10.7728 106.69379 10.7728 106.6935</gml:posList></gml:LinearRing>"
            "</gml:exterior></gml:Polygon></fes:Intersects></fes:Filter>",
            ["H0", "H1", "H2"],
        ),
        (  # GDAL: no srsName, so the type's own CRS
            '<Filter xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><BBOX>'
            "<ValueReference>geom</ValueReference><gml:Envelope><gml:lowerCorner>603000 1191499</gml:lowerCorner>"
            "<gml:upperCorner>603020 1191501</gml:upperCorner></gml:Envelope></BBOX></Filter>",
            ["H0", "H1", "H2"],
        ),
    ],
)
def test_filters_are_read_as_qgis_and_gdal_write_them(client, text, expected):
    answer = get(client, "2.0.0", TYPENAMES="infra:fire_hydrant", TYPENAME="infra:fire_hydrant", FILTER=text)
    assert codes(answer) == expected


# -- ids of another type ---------------------------------------------------------------------------------------------


def test_the_id_of_another_type_is_refused_in_the_same_words_whether_it_is_there_or_not(client, ids):
    words = set()
    for other in (
        f"substation.{ids['substation'][0]}",
        "substation.999999",
        f"building.{ids['building'][0]}",
        "dragon.1",
    ):
        answer = get(client, "2.0.0", 400, TYPENAMES="infra:fire_hydrant", RESOURCEID=other)
        text = f'<Filter {FES}><ResourceId rid="{other}"/></Filter>'
        filtered = get(client, "2.0.0", 400, TYPENAMES="infra:fire_hydrant", FILTER=text)
        for each in (answer, filtered):
            exception = etree.fromstring(each.data)[0]
            assert (exception.get("exceptionCode"), exception.get("locator")) == ("InvalidParameterValue", "resourceId")
            words.add(exception[0].text.replace(other, "X"))
    assert words == {"'X' is the id of no fire_hydrant"}


def test_the_id_of_another_type_finds_nothing_in_the_earlier_versions(client, ids):
    other = f"building.{ids['building'][0]}"
    assert codes(get(client, "1.1.0", TYPENAME="fire_hydrant", FEATUREID=other)) == []
    assert codes(get(client, "1.0.0", FEATUREID=other)) == ["B1"]


def test_a_geometry_cannot_be_compared(client):
    text = (
        f"<Filter {FES}><PropertyIsLessThanOrEqualTo><Literal><gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner>"
        "<gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></Literal><ValueReference>gml:boundedBy</ValueReference>"
        "</PropertyIsLessThanOrEqualTo></Filter>"
    )
    answer = get(client, "2.0.0", 403, TYPENAMES="fire_hydrant", FILTER=text)
    assert etree.fromstring(answer.data)[0].get("exceptionCode") == "OperationProcessingFailed"


@pytest.mark.parametrize(("wanted", "status"), [("none", 200), ("local", 200), ("all", 400), ("remote", 400)])
def test_what_lies_elsewhere_is_not_fetched(client, wanted, status):
    answer = get(client, "2.0.0", status, TYPENAMES="building", RESOLVE=wanted, RESOLVEDEPTH="*")
    assert status == 200 or etree.fromstring(answer.data)[0].get("locator") == "resolve"
