"""What the WFS declares of parameters, operators and inheritance is so: all of it is asked for."""

import pytest
from lxml import etree

from gis_infra.web.wfs.capabilities import fes_2_0
from tests.web import wfs_capabilities
from tests.web.wfs_capabilities import read, read_constraints


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    with wfs_capabilities.serving(settings, engine, tables, catalogue) as application:
        yield application


@pytest.fixture
def client(app):
    return app.test_client()


def test_every_value_a_parameter_is_said_to_have_is_taken(client):
    """Formats, result types and ways to resolve, of each operation that reads; the answer is no report."""
    root = read(client, "2.0.0")
    asked = {"DescribeFeatureType": {}, "GetFeature": {}, "GetPropertyValue": {"VALUEREFERENCE": "asset_code"}}
    for name, more in asked.items():
        for parameter in root.xpath(f"//Operation[@name='{name}']/Parameter"):
            for value in parameter.xpath("AllowedValues/Value/text()"):
                query = {"service": "WFS", "version": "2.0.0", "request": name, "typeNames": "infra:building", **more}
                answer = client.get("/wfs", query_string={**query, parameter.get("name"): value})
                assert answer.status_code == 200, (name, parameter.get("name"), value, answer.text)


# A filter of each kind that is declared, against a layer of points, in FES 2.0.
LITERAL = "<Literal>1</Literal>"
NAME, WHEN, PLACE = (
    f"<ValueReference>{each}</ValueReference>" for each in ("nominal_diameter_mm", "tested_on", "geom")
)
POINT = '<gml:Point gml:id="p" srsName="EPSG:9210"><gml:pos>603000 1191500</gml:pos></gml:Point>'
BOX = (
    '<gml:Envelope srsName="EPSG:9210"><gml:lowerCorner>602990 1191490</gml:lowerCorner>'
    "<gml:upperCorner>603010 1191510</gml:upperCorner></gml:Envelope>"
)
INSTANT = '<gml:TimeInstant gml:id="t"><gml:timePosition>2025-01-02</gml:timePosition></gml:TimeInstant>'
PERIOD = (
    '<gml:TimePeriod gml:id="t"><gml:beginPosition>2025-01-02</gml:beginPosition>'
    "<gml:endPosition>2025-06-01</gml:endPosition></gml:TimePeriod>"
)
OPERANDS = {
    "PropertyIsLike": ("<ValueReference>name</ValueReference>", "<Literal>Tr*</Literal>"),
    "PropertyIsNull": (NAME,),
    "PropertyIsNil": (NAME,),
    "PropertyIsBetween": (
        NAME,
        f"<LowerBoundary>{LITERAL}</LowerBoundary>",
        f"<UpperBoundary>{LITERAL}</UpperBoundary>",
    ),
    "BBOX": (PLACE, BOX),
    "DWithin": (PLACE, POINT, "<Distance uom='m'>5</Distance>"),
    "Beyond": (PLACE, POINT, "<Distance uom='m'>5</Distance>"),
}
ATTRIBUTES = {"PropertyIsLike": " wildCard='*' singleChar='?' escapeChar='!'"}


def render_filter(kind, name):
    """A filter with an operator of that name."""
    usual = {"Comparison": (NAME, LITERAL), "Spatial": (PLACE, POINT), "Temporal": (WHEN, PERIOD)}[kind]
    inside = "".join(OPERANDS.get(name, usual))
    spaces = 'xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
    return f"<Filter {spaces}><{name}{ATTRIBUTES.get(name, '')}>{inside}</{name}></Filter>"


def test_every_operator_that_is_declared_is_understood(client):
    root = read(client, "2.0.0")
    declared_names = [
        (kind, name)
        for kind in ("Comparison", "Spatial", "Temporal")
        for name in root.xpath(f"//{kind}Operators/{kind}Operator/@name")
    ]
    assert len(declared_names) == 10 + 11 + 13
    for kind, name in declared_names:
        query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "infra:fire_hydrant"}
        answer = client.get("/wfs", query_string={**query, "filter": render_filter(kind, name)})
        assert answer.status_code == 200, (name, answer.text)


def test_every_time_that_is_declared_is_understood(client):
    assert fes_2_0.TIME_OPERANDS == ("gml:TimeInstant", "gml:TimePeriod")
    for operand in (INSTANT, PERIOD):
        text = render_filter("Temporal", "TEquals").replace(PERIOD, operand)
        query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "infra:fire_hydrant"}
        assert client.get("/wfs", query_string={**query, "filter": text}).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"typeNames": "schema-element(gml:AbstractFeature)"}, {"fire_hydrant", "sewer_pipe", "building"}),
        ({"typeNames": "schema-element(infra:building)"}, {"building"}),
        (
            {
                "typeNames": "infra:building",
                "valueReference": "schema-element(infra:building)/schema-element(infra:asset_code)",
                "request": "GetPropertyValue",
            },
            {"asset_code"},
        ),
        (
            {
                "typeNames": "schema-element(gml:AbstractFeature)",
                "filter": render_filter("Comparison", "PropertyIsEqualTo")
                .replace("nominal_diameter_mm", "schema-element(infra:building)/gml:identifier")
                .replace(">1<", ">B1<"),
            },
            {"building"},
        ),
    ],
)
def test_a_type_stands_for_all_that_may_stand_in_its_place(client, parameters, expected):
    """Every type here stands in the place of gml:AbstractFeature, and none in the place of another."""
    assert read_constraints(read(client, "2.0.0"))["ImplementsInheritance"] == "TRUE"
    given = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", **parameters}
    answer = client.get("/wfs", query_string=given)
    assert answer.status_code == 200, answer.text
    found = etree.fromstring(answer.data).findall(".//{http://www.opengis.net/wfs/2.0}member/*")
    names = [etree.QName(each).localname for each in found if each.tag.startswith("{urn:gis-infra:infra}")]
    assert set(names) == expected
