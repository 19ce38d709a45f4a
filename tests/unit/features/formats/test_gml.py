"""Features as GML 3.2.1, 3.1.1 and 2.1.2, and the schema that says what they are."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gis_infra.catalogue.definitions import Field, Layer, Style, Title
from gis_infra.features.formats.gml import features as gml_features
from gis_infra.features.formats.gml.dialects import GML2, GML31, GML32
from gis_infra.features.formats.gml.features import GmlForm, render_features, to_batch
from gis_infra.features.formats.gml.geometry import GmlAxes, read_shapes, render_boxes, render_geometries
from gis_infra.features.formats.gml.names import NAMESPACE
from gis_infra.features.formats.gml.schema import SchemaForm, render_schema
from gis_infra.features.query import Feature

NOTHING = Title("", "")
LAYER = Layer(
    id="pipe",
    sector="water",
    title=NOTHING,
    geometry="LineString",
    access="public",
    fields=(
        Field("diameter", "integer", NOTHING, minimum=15, maximum=4000),
        Field("visits", "integer", NOTHING),
        Field("depth", "number", NOTHING),
        Field("open", "boolean", NOTHING),
        Field("built", "date", NOTHING),
        Field("seen", "timestamp", NOTHING),
        Field("kind", "code", NOTHING),
        Field("asset_code", "text", NOTHING, universal=True),
        Field("name", "text", NOTHING, universal=True),
        Field("remarks", "text", NOTHING, universal=True),
    ),
    style=Style({}),
)
METRES = GmlAxes("urn:ogc:def:crs:EPSG::9210", swap_axes=False, decimals=4)
DEGREES = GmlAxes("urn:ogc:def:crs:EPSG::4326", swap_axes=True, decimals=9)
FORM = GmlForm(LAYER, METRES)
GML = f"{{{GML32.namespace}}}"
OLD = f"{{{GML2.namespace}}}"
INFRA = f"{{{NAMESPACE}}}"


def render(wkt, kind, axes=METRES, dialect=GML32):
    """The GML of one geometry."""
    return render_geometries(read_shapes([shapely.to_wkb(shapely.from_wkt(wkt))]), ["x"], kind, axes, dialect)[0]


def parse(text, dialect=GML32):
    """The element of a piece of GML."""
    prefixes = f'xmlns:gml="{dialect.namespace}" xmlns:g="{dialect.namespace}" xmlns:infra="{NAMESPACE}"'
    return etree.fromstring(f"<root {prefixes}>{text}</root>")[0]


def make_feature(properties, wkt="LINESTRING (0 0, 1 1)"):
    return Feature(7, None if wkt is None else shapely.to_wkb(shapely.from_wkt(wkt)), properties)


def render_one(properties, wkt="LINESTRING (0 0, 1 1)", form=FORM):
    """The element of one feature, read back."""
    return parse(render_features(to_batch([make_feature(properties, wkt)], form), form).decode(), form.dialect)


def test_a_point_says_its_crs_and_its_number_of_axes():
    expected = (
        '<gml:Point gml:id="x" srsName="urn:ogc:def:crs:EPSG::9210" srsDimension="2">'
        "<gml:pos>603000.125 1191500.0</gml:pos></gml:Point>"
    )
    assert render("POINT (603000.125 1191500)", "Point") == expected


def test_latitude_stands_first_where_the_name_of_the_crs_says_so():
    assert "<gml:pos>10.772924 106.693598</gml:pos>" in render("POINT (106.693598 10.772924)", "Point", DEGREES)


def test_a_height_is_kept_and_announced_on_both_elements():
    text = render("LINESTRING Z (0 1 -2.5, 3 4 5)", "LineString")
    assert 'srsDimension="3"><gml:posList srsDimension="3">0.0 1.0 -2.5 3.0 4.0 5.0</gml:posList>' in text


def test_a_line_that_lacks_one_height_is_written_without_any():
    line = shapely.linestrings(np.array([[0.0, 1, 2], [3, 4, np.nan]]))
    text = render_geometries(np.array([line]), ["x"], "LineString", METRES)[0]
    assert 'srsDimension="2"><gml:posList>0.0 1.0 3.0 4.0</gml:posList>' in text


def test_lines_with_and_without_heights_stay_in_their_places():
    wkts = ["LINESTRING (0 0, 1 1)", "LINESTRING Z (2 2 9, 3 3 9)", "LINESTRING (4 4, 5 5)"]
    texts = render_geometries(shapely.from_wkt(wkts), list("abc"), "LineString", METRES)
    assert [text.split(">")[2].split("<")[0] for text in texts] == [
        "0.0 0.0 1.0 1.0",
        "2.0 2.0 9.0 3.0 3.0 9.0",
        "4.0 4.0 5.0 5.0",
    ]


def test_members_of_an_area_have_ids_of_their_own_and_their_holes():
    text = render(
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (4 1, 8 1, 8 4, 4 1)), ((20 0, 21 0, 21 1, 20 0)))", "MultiPolygon"
    )
    element = parse(text)
    assert element.tag == f"{GML}MultiSurface"
    assert [each.get(f"{GML}id") for each in element.iter(f"{GML}Polygon")] == ["x.1", "x.2"]
    assert [len(each) for each in element.iter(f"{GML}Polygon")] == [2, 1]


def test_nothing_is_written_for_a_missing_or_empty_geometry():
    shapes = read_shapes([None, shapely.to_wkb(shapely.Point())])
    assert render_geometries(shapes, ["a", "b"], "Point", METRES) == ["", ""]
    assert render_boxes(shapes, METRES, GML32) == ["", ""]
    assert render_geometries(read_shapes([]), [], "Point", METRES) == []


COORDINATES = st.floats(-2e7, 2e7)
PAIRS = st.tuples(COORDINATES, COORDINATES)
SQUARES = st.builds(lambda x, y: shapely.box(x, y, x + 7, y + 5), COORDINATES, COORDINATES)
SHAPES = {
    "Point": st.builds(shapely.Point, PAIRS),
    "LineString": st.lists(PAIRS, min_size=2, max_size=5).map(shapely.LineString),
    "Polygon": SQUARES,
    "MultiPoint": st.lists(PAIRS, min_size=1, max_size=3).map(shapely.MultiPoint),
    "MultiLineString": st.lists(st.lists(PAIRS, min_size=2, max_size=3), min_size=1, max_size=3).map(
        shapely.MultiLineString
    ),
    "MultiPolygon": st.lists(SQUARES, min_size=1, max_size=3).map(shapely.MultiPolygon),
}


MULTIPLE = {
    **{"MultiPoint": shapely.MultiPoint, "MultiCurve": shapely.MultiLineString, "MultiSurface": shapely.MultiPolygon},
    **{"MultiLineString": shapely.MultiLineString, "MultiPolygon": shapely.MultiPolygon},
}


def read_slowly(element):
    """The geometry of a GML element of any version, one position at a time: the oracle."""
    name = etree.QName(element).localname
    if name == "Point":
        return shapely.Point(read_positions(element)[0])
    if name == "LineString":
        return shapely.LineString(read_positions(element))
    if name == "Polygon":
        rings = [read_positions(ring) for ring in element.iter("{*}LinearRing")]
        return shapely.Polygon(rings[0], rings[1:])
    return MULTIPLE[name]([read_slowly(member[0]) for member in element])


def read_positions(element):
    texts = [each.text for each in element.iter("{*}pos", "{*}posList", "{*}coordinates")]
    numbers = [float(number) for text in texts for number in text.replace(",", " ").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("dialect", [GML32, GML2])
def test_a_geometry_read_back_is_the_one_written(kind, swap, dialect):
    axes = replace(METRES, swap_axes=swap)

    @settings(max_examples=25, deadline=None)
    @given(st.lists(SHAPES[kind], min_size=1, max_size=4))
    def check(shapes):
        texts = render_geometries(np.array(shapes, dtype=object), ["x"] * len(shapes), kind, axes, dialect)
        back = [read_slowly(parse(text, dialect)) for text in texts]
        if swap:
            back = [shapely.transform(each, lambda pairs: pairs[:, ::-1]) for each in back]
        assert shapely.equals_exact(back, shapes, tolerance=0.00008).all()  # half of the last digit, twice

    check()


def test_a_line_of_gml_2_has_coordinates_with_commas_and_no_id():
    expected = (
        '<gml:LineString srsName="urn:ogc:def:crs:EPSG::9210"><gml:coordinates decimal="." cs="," ts=" ">'
        "0.0,1.0,-2.5 3.0,4.0,5.0</gml:coordinates></gml:LineString>"
    )
    assert render("LINESTRING Z (0 1 -2.5, 3 4 5)", "LineString", dialect=GML2) == expected


def test_an_area_of_gml_2_has_outer_and_inner_boundaries():
    wkt = "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (4 1, 8 1, 8 4, 4 1)))"
    element = parse(render(wkt, "MultiPolygon", dialect=GML2), GML2)
    assert element.tag == f"{OLD}MultiPolygon"
    sides = [each.tag for each in element.find(f"{OLD}polygonMember/{OLD}Polygon")]
    assert sides == [f"{OLD}outerBoundaryIs", f"{OLD}innerBoundaryIs"]


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (GML32, "<gml:lowerCorner>10.5 106.0</gml:lowerCorner><gml:upperCorner>11.0 107.25</gml:upperCorner>"),
        (GML2, '<gml:coordinates decimal="." cs="," ts=" ">10.5,106.0 11.0,107.25</gml:coordinates>'),
    ],
)
def test_a_box_has_its_corners_in_the_order_of_the_axes(dialect, expected):
    line = shapely.from_wkt(["LINESTRING Z (106 11 5, 107.25 10.5 9)"])
    assert expected in render_boxes(line, DEGREES, dialect)[0]


def test_a_feature_has_the_id_of_its_layer_and_number():
    element = render_one({})
    assert element.tag == f"{INFRA}pipe" and element.get(f"{GML}id") == "pipe.7"
    assert element.find(f"{INFRA}geom/{GML}LineString").get(f"{GML}id") == "pipe.7.geom"


def test_standard_properties_come_first_and_in_the_order_of_gml():
    element = render_one({"asset_code": "A1", "name": "n", "remarks": "r", "diameter": 150})
    names = [each.tag.replace(GML, "gml:").replace(INFRA, "") for each in element]
    assert names == [
        "gml:description",
        "gml:identifier",
        "gml:name",
        "gml:boundedBy",
        "diameter",
        "asset_code",
        "name",
        "remarks",
        "geom",
    ]
    assert element.find(f"{GML}identifier").get("codeSpace") == NAMESPACE


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("diameter", 150, "150"),
        ("diameter", 0, "0"),
        ("depth", 1.5, "1.5"),
        ("depth", 0.0, "0"),
        ("depth", 0.1 + 0.2, "0.30000000000000004"),
        ("depth", float("nan"), "NaN"),
        ("visits", 2**53 + 1, "9007199254740993"),
        ("depth", float("inf"), "INF"),
        ("open", True, "true"),
        ("open", False, "false"),
        ("built", date(2025, 1, 2), "2025-01-02"),
        ("seen", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "2025-01-02T03:04:05Z"),
        ("seen", datetime(2025, 1, 2, 3, 4, 5, 678000, timezone(timedelta(hours=7))), "2025-01-01T20:04:05.678Z"),
        ("kind", "a", "a"),
        ("name", 'Ống <b> & "q" ]]>', 'Ống <b> & "q" ]]>'),
        ("name", "a\rb", "a\rb"),
        ("name", "a\x01b\x0cc", "a\ufffdb\ufffdc"),
        ("remarks", "", None),
    ],
)
def test_a_value_is_written_as_its_type_in_xml_schema(name, value, text):
    assert render_one({name: value}).find(f"{INFRA}{name}").text == text


def test_a_property_without_value_is_left_out():
    assert [etree.QName(each).localname for each in render_one({"name": None, "diameter": None}, None)] == []


def test_a_value_that_only_some_features_have_stands_in_those():
    batch = to_batch([make_feature({"name": None}, None), make_feature({"name": "b"}, None)], FORM)
    assert render_features(batch, FORM, ("<m>", "</m>")) == (
        b'<m><infra:pipe gml:id="pipe.7"></infra:pipe></m>'
        b'<m><infra:pipe gml:id="pipe.7"><g:name>b</g:name><infra:name>b</infra:name></infra:pipe></m>'
    )
    assert render_features(batch.slice(0, 0), FORM) == b""


PLAIN_NUMBERS = st.floats(-1e7, 1e7, allow_subnormal=False) | st.sampled_from([0.0, -0.0, 1e-9, 106.7, 603000.00004])
PLAIN_POSITIONS = st.tuples(PLAIN_NUMBERS, PLAIN_NUMBERS)
PLAIN_SHAPES = {
    "Point": PLAIN_POSITIONS.map(shapely.Point),
    "LineString": st.lists(PLAIN_POSITIONS, min_size=2, max_size=4).map(shapely.LineString),
}
ODD_SHAPES = st.sampled_from(
    [None, shapely.LineString(), shapely.Point(1, 2, 3), shapely.LineString([(0, 0, 1), (1, 1, 2)])]
)


@settings(deadline=None)
@given(data=st.data(), dialect=st.sampled_from([GML32, GML31, GML2]), axes=st.sampled_from([METRES, DEGREES]))
def test_a_batch_of_plain_shapes_is_written_to_the_same_bytes(data, dialect, axes):
    kind = data.draw(st.sampled_from(sorted(PLAIN_SHAPES)))
    shapes = data.draw(st.lists(PLAIN_SHAPES[kind], max_size=4))
    shapes += data.draw(st.just([]) | st.lists(ODD_SHAPES, max_size=1))
    layer = replace(LAYER, geometry=kind)
    form = GmlForm(layer, axes, dialect=dialect)
    features = [Feature(n, None if each is None else shapely.to_wkb(each), {}) for n, each in enumerate(shapes, 8)]
    batch = to_batch(features, form)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gml_features, "is_plain", lambda shapes, kind: False)
        expected = render_features(batch, form)
    assert render_features(batch, form) == expected


@pytest.mark.parametrize(("dialect", "attribute"), [(GML31, f"{OLD}id"), (GML2, "fid")])
def test_the_older_versions_have_no_identifier_and_their_own_ids(dialect, attribute):
    element = render_one({"asset_code": "A1", "name": "n"}, form=replace(FORM, dialect=dialect))
    assert element.get(attribute) == "pipe.7"
    assert [etree.QName(each).localname for each in element] == ["name", "boundedBy", "asset_code", "name", "geom"]


def test_only_the_properties_asked_for_are_written():
    form = replace(FORM, properties=("name",), with_geometry=False)
    names = [etree.QName(each).localname for each in render_one({"name": "n", "diameter": 150}, form=form)]
    assert names == ["name", "name"]


def test_the_schema_has_plain_types_and_a_concrete_geometry():
    schema = etree.fromstring(render_schema([LAYER]))
    xsd = "{http://www.w3.org/2001/XMLSchema}"
    types = {each.get("name"): each.get("type") for each in schema.iterfind(f".//{xsd}sequence/{xsd}element")}
    assert types == {
        "diameter": "xsd:int",
        "visits": "xsd:long",
        "depth": "xsd:double",
        "open": "xsd:boolean",
        "built": "xsd:date",
        "seen": "xsd:dateTime",
        "kind": "xsd:string",
        "asset_code": "xsd:string",
        "name": "xsd:string",
        "remarks": "xsd:string",
        "geom": "gml:CurvePropertyType",
    }
    assert not list(schema.iter(f"{xsd}simpleType"))


@pytest.mark.parametrize(
    ("dialect", "head", "geometry"),
    [
        (GML32, "gml:AbstractFeature", "gml:CurvePropertyType"),
        (GML31, "gml:_Feature", "gml:CurvePropertyType"),
        (GML2, "gml:_Feature", "gml:LineStringPropertyType"),
    ],
)
def test_each_version_has_its_own_schema(dialect, head, geometry):
    schema = etree.fromstring(render_schema([LAYER], SchemaForm(dialect=dialect)))
    elements = list(schema.iter("{http://www.w3.org/2001/XMLSchema}element"))
    assert elements[0].get("substitutionGroup") == head and elements[-1].get("type") == geometry
    found = schema.find("{http://www.w3.org/2001/XMLSchema}import")
    assert found.get("namespace") == dialect.namespace and found.get("schemaLocation") == dialect.schema
    assert schema.nsmap["gml"] == dialect.namespace


def test_features_are_written_in_the_order_of_the_schema():
    schema = etree.fromstring(render_schema([LAYER]))
    declared = [each.get("name") for each in schema.iter("{http://www.w3.org/2001/XMLSchema}element")][1:]
    values = {"diameter": 1, "visits": 2, "depth": 3.0, "open": True, "built": date(2025, 1, 1), "kind": "k"}
    values |= {"seen": datetime(2025, 1, 1, tzinfo=UTC), "asset_code": "a", "name": "n", "remarks": "r"}
    written = [etree.QName(each).localname for each in render_one(values) if not each.tag.startswith(GML)]
    assert written == declared
