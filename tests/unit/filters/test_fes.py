"""XML filters: what they mean, what is refused and in which words, and that nothing hostile gets in."""

from datetime import UTC, date, datetime

import pytest
import shapely

from gis_infra.errors import InvalidBbox, InvalidCrs, InvalidParameter, UnknownProperty
from gis_infra.filters.fes import FilterFrame, UnsupportedFilter, parse_filter
from gis_infra.filters.fes.document import XmlLimits, parse_xml
from gis_infra.filters.tree import (
    And,
    Between,
    Casei,
    IdIn,
    InBox,
    Interval,
    IsNull,
    Like,
    Literal,
    Not,
    Or,
    Property,
    Shape,
    Spatial,
)
from gis_infra.filters.tree import compare as make_comparison
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference
from tests.unit.filters.hydrant import LAYER

FRAME = FilterFrame(LAYER, CrsReference(9210, swap_axes=False))
LATITUDE_FIRST = FilterFrame(LAYER, CrsReference(4326, swap_axes=True))
FES = 'xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:infra="urn:x"'
OGC = 'xmlns="http://www.opengis.net/ogc" xmlns:gml="http://www.opengis.net/gml"'


def parse(inside, frame=FRAME, namespaces=FES):
    """The condition of a Filter that holds `inside`."""
    return parse_filter(f"<Filter {namespaces}>{inside}</Filter>", frame)


def compare(name, literal, operator="PropertyIsEqualTo"):
    return f"<{operator}><ValueReference>{name}</ValueReference><Literal>{literal}</Literal></{operator}>"


FUNCTION_NOPE = "<Function name='nope'/>"


def compare_with(operand):
    return f"<PropertyIsEqualTo>{operand}<Literal>1</Literal></PropertyIsEqualTo>"


def wrap_in_functions(number):
    opened = "<Function name='upper'>" * number
    return compare_with(f"{opened}<ValueReference>name</ValueReference>{'</Function>' * number}")


def near(distance, unit=""):
    point = "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
    return f"<DWithin><ValueReference>geom</ValueReference>{point}<Distance {unit}>{distance}</Distance></DWithin>"


def after(name, time):
    return f"<After><ValueReference>{name}</ValueReference><Literal>{time}</Literal></After>"


def within(gml):
    return f"<Within><ValueReference>geom</ValueReference>{gml}</Within>"


@pytest.mark.parametrize(
    ("name", "operator"),
    [
        ("PropertyIsEqualTo", "="),
        ("PropertyIsNotEqualTo", "<>"),
        ("PropertyIsLessThan", "<"),
        ("PropertyIsLessThanOrEqualTo", "<="),
        ("PropertyIsGreaterThan", ">"),
        ("PropertyIsGreaterThanOrEqualTo", ">="),
    ],
)
def test_every_comparison_is_read(name, operator):
    assert parse(compare("diameter", "150", name)) == make_comparison("diameter", operator, 150)


def test_a_literal_before_the_property_turns_the_comparison_round():
    text = "<PropertyIsLessThan><Literal>150</Literal><ValueReference>diameter</ValueReference></PropertyIsLessThan>"
    assert parse(text) == make_comparison("diameter", ">", 150)


@pytest.mark.parametrize(
    ("name", "literal", "value"),
    [
        ("diameter", " 150 ", 150),
        ("diameter", "100.5", 100.5),
        ("diameter", "9223372036854775807", 9223372036854775807),
        ("flow", "1e3", 1000.0),
        ("open", "true", True),
        ("open", "0", False),
        ("built", "2025-01-02", date(2025, 1, 2)),
        ("built", "2025-01-02Z", date(2025, 1, 2)),
        ("built", "2025-01-02T23:00:00Z", date(2025, 1, 2)),
        ("seen", "2025-01-02T03:04:05.000Z", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("seen", "2025-01-02T03:04:05", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("seen", "2025-01-02", datetime(2025, 1, 2, tzinfo=UTC)),
        ("kind", "wet", "wet"),
        ("name", " 150 ", " 150 "),
        ("name", "", ""),
    ],
)
def test_a_literal_has_the_type_of_its_property(name, literal, value):
    condition = parse(compare(name, literal))
    assert condition.right.value == value and type(condition.right.value) is type(value)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("infra:diameter", "diameter"),
        ("infra:hydrant/infra:diameter[1]", "diameter"),
        ("/hydrant/diameter", "diameter"),
        ("gml:name", "name"),
        ("gml:description", "remarks"),
        ("gml:identifier", "asset_code"),
        ("infra:description", "remarks"),  # as QGIS 3.28 and later write gml:description
        ("identifier", "asset_code"),
    ],
)
def test_a_property_is_known_by_its_path(path, name):
    assert parse(f"<PropertyIsNull><ValueReference>{path}</ValueReference></PropertyIsNull>") == IsNull(Property(name))


@pytest.mark.parametrize("path", ["own:pole/own:diameter", "/own:pole/diameter", "own:pole[1]/name"])
def test_a_property_of_another_type_is_refused_by_its_path(path):
    text = f"<PropertyIsNull><ValueReference>{path}</ValueReference></PropertyIsNull>"
    with pytest.raises(UnknownProperty, match="is of another type than hydrant"):
        parse(text, namespaces=f'{FES} xmlns:own="urn:gis-infra:infra"')


def test_qgis_says_how_many_decimals_it_rounds_to():
    name = "<ValueReference>diameter</ValueReference>"
    asked = f"<Function name='round'>{name}<Literal>0</Literal></Function>"
    assert parse(compare_with(asked)) == parse(compare_with(f"<Function name='round'>{name}</Function>"))
    with pytest.raises(InvalidParameter, match="1 arguments, got 2"):
        parse(compare_with(asked.replace("0", "2")))


@pytest.mark.parametrize(
    ("attributes", "pattern", "expected"),
    [
        ('wildCard="%" singleChar="_" escapeChar="\\"', "A%_\\%", "A%_\\%"),
        ('wildCard="*" singleChar="?" escapeChar="!"', "a*b?c!*d!!", "a%b_c*d!"),
        ('wildCard="*" singleChar="." escape="!"', "50%_\\.", "50\\%\\_\\\\_"),
        ("", "x*", "x%"),
        ('wildCard="*" singleChar="?" escapeChar="!"', "end!", "end!"),
    ],
)
def test_a_pattern_is_put_into_the_wildcards_of_sql(attributes, pattern, expected):
    text = f"<PropertyIsLike {attributes}><ValueReference>name</ValueReference><Literal>{pattern}</Literal>"
    assert parse(f"{text}</PropertyIsLike>") == Like(Property("name"), Literal(expected))


def test_case_counts_unless_the_filter_says_no():
    text = '<PropertyIsLike matchCase="false" wildCard="%" singleChar="_" escapeChar="\\">'
    like = parse(f"{text}<ValueReference>name</ValueReference><Literal>a%</Literal></PropertyIsLike>")
    equal = '<PropertyIsEqualTo matchCase="false"><ValueReference>name</ValueReference><Literal>a</Literal>'
    assert like == Like(Casei(Property("name")), Casei(Literal("a%")))
    assert parse(f"{equal}</PropertyIsEqualTo>") == make_comparison("name", "=", "a", match_case=False)


def test_a_filter_of_version_1_1_means_the_same():
    text = """<And><PropertyIsBetween><PropertyName>flow</PropertyName>
        <LowerBoundary><Literal>1</Literal></LowerBoundary><UpperBoundary><Literal>2</Literal></UpperBoundary></PropertyIsBetween>
        <BBOX><PropertyName>geom</PropertyName><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">
        <gml:lowerCorner>10.7 106.6</gml:lowerCorner><gml:upperCorner>10.8 106.7</gml:upperCorner></gml:Envelope></BBOX>
        </And>"""
    box = Bbox(106.6, 10.7, 106.7, 10.8, 4326)
    assert parse(text, namespaces=OGC) == And((Between(Property("flow"), Literal(1.0), Literal(2.0)), InBox(box)))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('<ResourceId rid="hydrant.7"/><ResourceId rid="hydrant.8"/>', (7, 8)),
        ('<FeatureId fid="hydrant.7"/>', (7,)),
        ('<GmlObjectId gml:id="hydrant.7"/>', (7,)),
        ('<ResourceId rid="pole.7"/>', ()),
        ('<ResourceId rid="hydrant.x"/>', ()),
        ('<ResourceId rid="hydrant.99999999999999999999"/>', ()),
    ],
)
def test_ids_are_those_of_this_layer(text, ids):
    assert parse(text) == IdIn(ids)


# The last envelope is what GDAL sends: no srsName, so in the layer's default CRS, in the order of its authority.
@pytest.mark.parametrize(
    ("start", "frame", "srid"),
    [
        ('<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">', FRAME, 4326),
        ('<gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/4326">', FRAME, 4326),
        ("<gml:Envelope>", LATITUDE_FIRST, 4326),
    ],
)
def test_a_box_in_latitude_longitude_comes_out_longitude_first(start, frame, srid):
    corners = "<gml:lowerCorner>10.7 106.6</gml:lowerCorner><gml:upperCorner>10.8 106.9</gml:upperCorner>"
    text = f"<BBOX><ValueReference>geom</ValueReference>{start}{corners}</gml:Envelope></BBOX>"
    assert parse(text, frame) == InBox(Bbox(106.6, 10.7, 106.9, 10.8, srid))


@pytest.mark.parametrize(
    "name", ["EPSG:4326", "http://www.opengis.net/gml/srs/epsg.xml#4326", "urn:ogc:def:crs:OGC:1.3:CRS84"]
)
def test_a_short_name_of_a_crs_is_longitude_first(name):
    corners = "<gml:lowerCorner>106.6 10.7</gml:lowerCorner><gml:upperCorner>106.9 10.8</gml:upperCorner>"
    text = f'<BBOX><gml:Envelope srsName="{name}">{corners}</gml:Envelope></BBOX>'
    assert parse(text) == InBox(Bbox(106.6, 10.7, 106.9, 10.8, 4326))


RING = "<gml:LinearRing><gml:posList>0 0 4 0 4 4 0 0</gml:posList></gml:LinearRing>"
POLYGON = f"<gml:Polygon><gml:exterior>{RING}</gml:exterior></gml:Polygon>"


@pytest.mark.parametrize(
    ("gml", "wkt"),
    [
        ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:pos>1 2 3</gml:pos></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>", "POINT (1 2)"),
        ("<gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString>", "LINESTRING (0 0, 1 1)"),
        (
            '<gml:LineString><gml:posList srsDimension="3">0 0 9 1 1 9</gml:posList></gml:LineString>',
            "LINESTRING (0 0, 1 1)",
        ),
        ("<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 1</gml:pos></gml:LineString>", "LINESTRING (0 0, 1 1)"),
        (
            '<gml:LineString><gml:coordinates cs=";" ts="|">0;0|1;1</gml:coordinates></gml:LineString>',
            "LINESTRING (0 0, 1 1)",
        ),
        (
            "<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment>"
            "<gml:LineStringSegment><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment>"
            "</gml:segments></gml:Curve>",
            "LINESTRING (0 0, 1 1, 2 0)",
        ),
        (POLYGON, "POLYGON ((0 0, 4 0, 4 4, 0 0))"),
        (
            "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 9,0 9,9 0,0</gml:coordinates>"
            "</gml:LinearRing></gml:outerBoundaryIs><gml:innerBoundaryIs><gml:LinearRing>"
            "<gml:coordinates>4,1 8,1 8,4 4,1</gml:coordinates></gml:LinearRing></gml:innerBoundaryIs></gml:Polygon>",
            "POLYGON ((0 0, 9 0, 9 9, 0 0), (4 1, 8 1, 8 4, 4 1))",
        ),
        (
            f"<gml:MultiSurface><gml:surfaceMember>{POLYGON}</gml:surfaceMember></gml:MultiSurface>",
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))",
        ),
        (
            f"<gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior>{RING}</gml:exterior></gml:PolygonPatch>"
            "</gml:patches></gml:Surface>",
            "POLYGON ((0 0, 4 0, 4 4, 0 0))",
        ),
        (
            "<gml:MultiPoint><gml:pointMembers><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMembers>"
            "</gml:MultiPoint>",
            "MULTIPOINT ((1 2))",
        ),
        (
            "<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>0 0 1 1</gml:posList></gml:LineString>"
            "</gml:curveMember></gml:MultiCurve>",
            "MULTILINESTRING ((0 0, 1 1))",
        ),
    ],
)
def test_every_kind_of_constant_geometry_is_read(gml, wkt):
    condition = parse(f"<Intersects><ValueReference>geom</ValueReference>{gml}</Intersects>")
    assert condition == Spatial("intersects", Property("geom"), Shape(shapely.to_wkb(shapely.from_wkt(wkt)), 9210))


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", InvalidParameter, "one condition or feature ids, got 0"),
        (compare("diameter", "1") * 2, InvalidParameter, "got 2 conditions"),
        ("<And></And>", InvalidParameter, "And holds no condition"),
        ("<Not></Not>", InvalidParameter, "Not holds one condition, got 0"),
        (compare("colour", "red"), UnknownProperty, "no property 'colour'; it has diameter, flow"),
        (compare("gml:metaDataProperty", "x"), UnknownProperty, "gml:metaDataProperty; of GML they have gml:name"),
        (compare("a b", "x"), UnknownProperty, "'a b' is not the name of a property"),
        (compare("name[2]", "x"), UnknownProperty, "is not the name of a property"),
        (compare("diameter", "wide"), InvalidParameter, "diameter is of type integer, which 'wide' is not"),
        (compare("flow", "NaN"), InvalidParameter, "flow is of type number, which 'NaN' is not"),
        (compare("built", "soon"), InvalidParameter, "built is of type date, which 'soon' is not"),
        (compare("open", "maybe"), InvalidParameter, "open is of type boolean"),
        (compare("geom", "x"), InvalidParameter, "geom is a geometry"),
        (
            "<PropertyIsEqualTo><Literal>1</Literal></PropertyIsEqualTo>",
            InvalidParameter,
            "compares two operands, got 1",
        ),
        ("<DWithin/>", InvalidParameter, "DWithin holds two geometries and, last, a Distance"),
        ("<Near/>", UnsupportedFilter, "Near is not supported in a filter; these are: And, Or, Not"),
        ("<Function name='upper'/>", UnsupportedFilter, "Function is not supported"),
        (
            "<PropertyIsEqualTo><Function name='upper'/><Literal>x</Literal></PropertyIsEqualTo>",
            InvalidParameter,
            "upper(text) has 1 arguments, got 0",
        ),
        (
            "<PropertyIsLike><ValueReference>diameter</ValueReference><Literal>1*</Literal></PropertyIsLike>",
            InvalidParameter,
            "needs text, and diameter is of type integer",
        ),
        (
            "<PropertyIsBetween><ValueReference>flow</ValueReference></PropertyIsBetween>",
            InvalidParameter,
            "LowerBoundary",
        ),
        ("<ResourceId/>", InvalidParameter, "ResourceId has no id"),
        (wrap_in_functions(31), InvalidParameter, "functions within more than 30 others"),
        (f"<Or>{compare('name', 'a') * 2000}</Or>", InvalidParameter, "more than 5000 parts"),
        (compare("a" * 9999, "x"), UnknownProperty, "no property 'aaa"),
        (compare_with(FUNCTION_NOPE), InvalidParameter, "there is no function 'nope'; there are lower(text)"),
        (compare_with("<Add><ValueReference>flow</ValueReference></Add>"), InvalidParameter, "Add is of two operands"),
        (compare_with("<gml:Point/>"), UnsupportedFilter, "Point is not supported as operand"),
        (
            "<PropertyIsEqualTo matchAction='Most'><Literal>1</Literal><Literal>1</Literal></PropertyIsEqualTo>",
            InvalidParameter,
            "matchAction is one of All, Any, One, got 'Most'",
        ),
        (near("10", 'uom="deg"'), InvalidParameter, "has the unit 'deg'; these are known: m, metre"),
        (near("far"), InvalidParameter, "must be numbers, got 'far'"),
        (
            "<Intersects><gml:Point><gml:pos>1 2</gml:pos></gml:Point><gml:Point><gml:pos>1 2</gml:pos></gml:Point>"
            "</Intersects>",
            InvalidParameter,
            "of which one at least is a property's",
        ),
        ("<After><ValueReference>built</ValueReference></After>", InvalidParameter, "holds two times, got 1"),
        (after("name", "2025-01-01"), InvalidParameter, "name is of type text, which is no time"),
        (after("built", "soon"), InvalidParameter, "'soon' is no time as 2026-11-23"),
        (after("built", "2025-01-02/2025-01-01"), InvalidParameter, "ends before that"),
        (
            "<During><ValueReference>built</ValueReference><gml:TimePeriod><gml:beginPosition>2025-01-01"
            "</gml:beginPosition></gml:TimePeriod></During>",
            InvalidParameter,
            "needs a begin and an end",
        ),
        (
            "<BBOX><ValueReference>name</ValueReference><gml:Envelope/></BBOX>",
            InvalidParameter,
            "name is not a geometry",
        ),
        ("<BBOX><gml:Envelope/></BBOX>", InvalidParameter, "needs two corners, got 0"),
        (
            "<BBOX><gml:Envelope><gml:lowerCorner>0 9</gml:lowerCorner><gml:upperCorner>1 1</gml:upperCorner>"
            "</gml:Envelope></BBOX>",
            InvalidBbox,
            "ymin 9.0 above ymax 1.0",
        ),
        (
            within("<gml:Point srsName='EPSG:1'><gml:pos>1 2</gml:pos></gml:Point>"),
            InvalidCrs,
            "names no coordinate system",
        ),
        (within("<gml:Arc/>"), InvalidParameter, "gml:Arc is not read"),
        (
            within("<gml:Point><gml:pos>1 x</gml:pos></gml:Point>"),
            InvalidParameter,
            "coordinates must be numbers, got '1 x'",
        ),
        (
            within("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>"),
            InvalidParameter,
            "3 coordinates do not make positions",
        ),
        (
            within("<gml:LineString><gml:posList>1 2</gml:posList></gml:LineString>"),
            InvalidParameter,
            "gml:LineString is broken",
        ),
        (
            within(
                "<gml:Polygon><gml:exterior><gml:LinearRing>"
                "<gml:posList>0 0 1 0 1 1 0 9</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
            ),
            InvalidParameter,
            "ends where it starts",
        ),
    ],
)
def test_a_filter_that_cannot_be_served_is_refused_in_words(text, error, words):
    with pytest.raises(error) as caught:
        parse(text)
    assert words in caught.value.message and caught.value.where


def test_a_distance_is_in_metres_whatever_its_unit():
    units = {
        "": 2.0,
        'uom="m"': 2.0,
        'units="km"': 2000.0,
        'uom="urn:ogc:def:uom:EPSG::9002"': 0.6096,
        'uom="http://www.opengis.net/def/uom/EPSG/0/9001"': 2.0,
        'uom="urn:ogc:def:uom:UCUM::[nmi_i]"': 3704.0,
    }
    assert {unit: parse(near("2", unit)).distance_m for unit in units} == pytest.approx(units)


def test_beyond_is_the_contrary_of_within_a_distance():
    assert parse(near("2").replace("DWithin", "Beyond")) == Not(parse(near("2")))


def test_a_moment_may_be_now_and_a_period_open():
    now = "<gml:TimeInstant><gml:timePosition indeterminatePosition='now'/></gml:TimeInstant>"
    assert parse(f"<After><ValueReference>seen</ValueReference>{now}</After>").right.value.tzinfo is UTC
    ends = "<gml:beginPosition indeterminatePosition='unknown'/><gml:endPosition>2025-01-02</gml:endPosition>"
    period = f"<During><ValueReference>built</ValueReference><gml:TimePeriod>{ends}</gml:TimePeriod></During>"
    assert parse(period).right == Interval(None, Literal(date(2025, 1, 2)))
    assert parse(after("built", "../2025-01-02")).right == Interval(None, Literal(date(2025, 1, 2)))


def test_an_id_is_compared_as_the_number_in_it():
    assert parse(compare("@gml:id", "hydrant.7")) == make_comparison("id", "=", 7)
    assert parse(compare("@gml:id", "pole.7")) == make_comparison("id", "=", 0)


def test_a_join_tells_its_types_apart():
    frame = FilterFrame(LAYER, FRAME.default_crs, joined={"a": LAYER, "b": LAYER})
    text = (
        "<PropertyIsEqualTo><ValueReference>a/name</ValueReference><ValueReference>infra:b/infra:name</ValueReference>"
    )
    condition = parse(f"{text}</PropertyIsEqualTo>", frame)
    assert (condition.left, condition.right) == (Property("name", of="a"), Property("name", of="b"))
    assert parse('<ResourceId rid="hydrant.7"/>', frame) == Or((IdIn((7,), "a"), IdIn((7,), "b")))
    with pytest.raises(InvalidParameter, match="of which type"):
        parse(compare("name", "x"), frame)


ENTITIES = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ENTITIES.encode(), "document type declaration"),
        (f'<?xml version="1.0" encoding="UTF-16"?>{ENTITIES}'.encode("utf-16"), "document type declaration"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type declaration"),
        (b"<a>&x;</a>", "not well-formed"),
        (b"<a>" * 65 + b"</a>" * 65, "more than 64 deep"),
        (b"<a>" + b"<b/>" * 1000 + b"</a>", "more than 1000 elements"),
        (b"<a>" + b"x" * 20_000 + b"</a>", "20007 bytes of XML, at most 20000"),
        (b"", "not well-formed"),
        (b"<a><b></a>", "not well-formed"),
        (b"\x00\x01", "not well-formed"),
    ],
)
def test_hostile_xml_is_refused(body, words):
    with pytest.raises(InvalidParameter, match=words):
        parse_xml(body, "filter", XmlLimits(size=20_000, depth=64, elements=1000))


def test_refusing_stops_before_the_rest_is_read():
    endless = b"<a>" * 100 + b"<!-- never looked at, so not even wrong -->" + b"<broken"
    with pytest.raises(InvalidParameter, match="more than 64 deep"):
        parse_xml(endless, "filter")
