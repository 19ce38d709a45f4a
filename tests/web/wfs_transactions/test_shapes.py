"""Geometries and values of a Transaction, read from GML of three versions without a server."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gis_infra.features.changing.geometries import render_wkb
from gis_infra.features.formats.gml.dialects import GML2, GML31, GML32
from gis_infra.features.formats.gml.geometry import GmlAxes, render_geometries
from gis_infra.web.wfs.transactions.geometry import read_geometry
from gis_infra.web.wfs.transactions.values import read_value

GML = "http://www.opengis.net/gml/3.2"
KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def parse(text, namespace=GML):
    """An element written with the prefix gml."""
    return etree.fromstring(f'<around xmlns:gml="{namespace}">{text}</around>')[0]


def read(text, namespace=GML):
    """The WKT of a geometry."""
    return shapely.to_wkt(shapely.from_wkb(render_wkb(read_geometry(parse(text, namespace)))), trim=True)


# --- All that the writer writes is read back ---

numbers = st.integers(-(10**9), 10**9).map(lambda whole: whole / 1000)


@st.composite
def shapes(draw):
    """A shape of any of the six types, with heights or without, and its type."""
    kind, dimension = draw(st.sampled_from(KINDS)), draw(st.sampled_from([2, 3]))

    def positions(least):
        each = st.tuples(*[numbers] * dimension)
        return draw(st.lists(each, min_size=least, max_size=5, unique_by=lambda position: position[:2]))

    def ring():
        found = positions(3)
        return [*found, found[0]]

    makers = {
        "Point": lambda: shapely.Point(positions(1)[0]),
        "LineString": lambda: shapely.LineString(positions(2)),
        "Polygon": lambda: shapely.Polygon(ring(), [ring() for _ in range(draw(st.integers(0, 2)))]),
    }
    single = makers[kind.removeprefix("Multi")]
    if not kind.startswith("Multi"):
        return kind, single()
    whole = getattr(shapely, kind)
    return kind, whole([single() for _ in range(draw(st.integers(1, 3)))])


@given(shapes(), st.sampled_from([GML2, GML31, GML32]), st.booleans())
def test_whatever_shape_is_served_is_read_back_to_the_digit(made, dialect, swap_axes):
    kind, shape = made
    axes = GmlAxes("EPSG:9210", swap_axes, 3)
    (text,) = render_geometries(np.array([shape], dtype=object), ["x.1"], kind, axes, dialect)
    found = shapely.from_wkb(render_wkb(read_geometry(parse(text, dialect.namespace))))
    assert (found.geom_type, found.has_z) == (shape.geom_type, shape.has_z)
    theirs, ours = (shapely.get_coordinates(each, include_z=True) for each in (found, shape))
    if swap_axes:
        theirs[:, [0, 1]] = theirs[:, [1, 0]]
    assert np.array_equal(theirs, ours, equal_nan=True)


# --- What others write ---

LINE = "<gml:posList>0 0 2 0</gml:posList>"


@pytest.mark.parametrize(
    ("text", "wkt"),
    [
        ("<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>", "POINT (1 2)"),
        ('<gml:Point><gml:coordinates decimal="," cs=" " ts=";">1,5 2</gml:coordinates></gml:Point>', "POINT (1.5 2)"),
        ("<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>", "POINT (1 2)"),
        ("<gml:Point><gml:pos>1 2 3</gml:pos></gml:Point>", "POINT Z (1 2 3)"),
        ("<gml:Point/>", "POINT EMPTY"),
        ("<gml:LineString><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:LineString>", "LINESTRING (1 2, 3 4)"),
        (
            '<gml:LineString srsDimension="3"><gml:posList>1 2 3 4 5 6</gml:posList></gml:LineString>',
            "LINESTRING Z (1 2 3, 4 5 6)",
        ),
        (
            "<gml:LineString><gml:pointProperty><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointProperty>"
            "<gml:pos>3 4</gml:pos></gml:LineString>",
            "LINESTRING (1 2, 3 4)",
        ),
        (
            f"<gml:Curve><gml:segments><gml:LineStringSegment>{LINE}</gml:LineStringSegment><gml:LineStringSegment>"
            "<gml:posList>2 0 3 3</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>",
            "LINESTRING (0 0, 2 0, 3 3)",
        ),
        (
            f'<gml:OrientableCurve orientation="-"><gml:baseCurve><gml:LineString>{LINE}</gml:LineString>'
            "</gml:baseCurve></gml:OrientableCurve>",
            "LINESTRING (2 0, 0 0)",
        ),
        (
            f"<gml:MultiCurve><gml:curveMembers><gml:LineString>{LINE}</gml:LineString><gml:CompositeCurve>"
            f"<gml:curveMember><gml:LineString>{LINE}</gml:LineString></gml:curveMember></gml:CompositeCurve>"
            "</gml:curveMembers></gml:MultiCurve>",
            "MULTILINESTRING ((0 0, 2 0), (0 0, 2 0))",
        ),
        (
            "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember><gml:LineString>"
            "<gml:posList>0 0 2 0 2 2</gml:posList></gml:LineString></gml:curveMember>"
            "<gml:curveMember><gml:LineString><gml:posList>2 2 0 0</gml:posList>"
            "</gml:LineString></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>",
            "POLYGON ((0 0, 2 0, 2 2, 0 0))",
        ),
        (
            "<gml:MultiGeometry><gml:geometryMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:geometryMember>"
            "</gml:MultiGeometry>",
            "GEOMETRYCOLLECTION (POINT (1 2))",
        ),
    ],
)
@pytest.mark.parametrize("namespace", [GML, "http://www.opengis.net/gml"])
def test_what_other_programs_write_is_read(text, wkt, namespace):
    assert read(text, namespace) == wkt


def test_patches_that_meet_become_one_area():
    patches = "".join(
        "<gml:PolygonPatch><gml:exterior><gml:LinearRing><gml:posList>"
        f"{x} 0 {x + 1} 0 {x + 1} 1 {x} 1 {x} 0</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch>"
        for x in (0, 1)
    )
    found = shapely.from_wkt(read(f"<gml:Surface><gml:patches>{patches}</gml:patches></gml:Surface>"))
    assert found.equals(shapely.box(0, 0, 2, 1))


@pytest.mark.parametrize(
    ("segment", "centre", "radius", "length"),
    [
        # A half circle, a quarter, and two quarters that wind: lengths by 2πr.
        ("<gml:Arc><gml:posList>0 0 1 1 2 0</gml:posList></gml:Arc>", (1, 0), 1, math.pi),
        ("<gml:Arc><gml:posList>1 0 0.7071067811865476 0.7071067811865475 0 1</gml:posList></gml:Arc>",
         (0, 0), 1, math.pi / 2),
        ("<gml:ArcString><gml:posList>0 0 1 1 2 0 1 -1 0 0</gml:posList></gml:ArcString>", (1, 0), 1, 2 * math.pi),
        ("<gml:Circle><gml:posList>0 0 1 1 2 0</gml:posList></gml:Circle>", (1, 0), 1, 2 * math.pi),
        ("<gml:Circle><gml:posList>0 0 0.0123116594 0.1564344650 0.0489434837 0.3090169944</gml:posList></gml:Circle>",
         (1, 0), 1, 2 * math.pi),
    ],
)  # fmt: skip
def test_arcs_are_drawn_as_chords_of_a_degree(segment, centre, radius, length):
    drawn = shapely.from_wkt(read(f"<gml:Curve><gml:segments>{segment}</gml:segments></gml:Curve>"))
    distances = np.hypot(*(shapely.get_coordinates(drawn) - centre).T)
    assert np.allclose(distances, radius, atol=1e-6)
    assert math.isclose(drawn.length, length, rel_tol=1e-4)


def test_a_circle_keeps_its_height():
    text = "<gml:Circle srsDimension='3'><gml:posList>0 0 5 1 1 5 2 0 5</gml:posList></gml:Circle>"
    drawn = shapely.from_wkt(read(f"<gml:Curve><gml:segments>{text}</gml:segments></gml:Curve>"))
    assert set(shapely.get_coordinates(drawn, include_z=True)[:, 2]) == {5.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<gml:Point><gml:pos>1 x</gml:pos></gml:Point>", "'x', which is no finite number"),
        ("<gml:Point><gml:pos>1 NaN</gml:pos></gml:Point>", "'NaN', which is no finite number"),
        ("<gml:Point><gml:pos>1 1_0</gml:pos></gml:Point>", "'1_0', which is no finite number"),
        ("<gml:Point><gml:pos>1 1e999</gml:pos></gml:Point>", "no finite number"),
        ("<gml:Point><gml:pos>1</gml:pos></gml:Point>", "a position of 1 numbers"),
        ("<gml:Point><gml:pos>1 2 3 4</gml:pos></gml:Point>", "a position of 4 numbers"),
        ("<gml:Point><gml:pos>1 2</gml:pos><gml:pos>1 2</gml:pos></gml:Point>", "a point of 2 positions"),
        ("<gml:Point><gml:place>1 2</gml:place></gml:Point>", "no coordinates in place"),
        ("<gml:LineString><gml:posList>1 2 3</gml:posList></gml:LineString>", "3 coordinates, which are no positions"),
        ('<gml:LineString><gml:posList srsDimension="4">1 2</gml:posList></gml:LineString>', "srsDimension '4'"),
        ("<gml:Envelope/>", "is a gml:Envelope; these are read: Point"),
        ("<gml:Solid/>", "is a gml:Solid"),
        ("<gml:Polygon><gml:interior><gml:LinearRing/></gml:interior></gml:Polygon>", "an area with 0 exteriors"),
        ('<gml:Polygon><gml:exterior href="#x"/></gml:Polygon>', "written out, not linked to"),
        ("<gml:Polygon><gml:exterior><gml:Point/></gml:exterior></gml:Polygon>", "has a gml:Point for a line"),
        ("<gml:Surface><gml:patches><gml:Cone/></gml:patches></gml:Surface>", "gml:Cone; PolygonPatch is read"),
        ("<gml:Curve><gml:segments><gml:BSpline/></gml:segments></gml:Curve>", "gml:BSpline; these segments are read"),
        ("<gml:Curve><gml:segments><gml:Arc><gml:posList>0 0 1 1</gml:posList></gml:Arc></gml:segments></gml:Curve>",
         "gml:Arc of 2 positions"),
        ("<gml:Curve><gml:segments><gml:Circle><gml:posList>0 0 1 1 2 2</gml:posList></gml:Circle></gml:segments>"
         "</gml:Curve>", "lie on a line"),
        (f"<gml:Curve><gml:segments><gml:LineStringSegment>{LINE}</gml:LineStringSegment><gml:LineStringSegment>{LINE}"
         "</gml:LineStringSegment></gml:segments></gml:Curve>", "does not begin where the one before it ends"),
        (f"<gml:MultiPoint><gml:pointMember><gml:LineString>{LINE}</gml:LineString></gml:pointMember></gml:MultiPoint>",
         "is a gml:MultiPoint with a LineString in it"),
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        read_geometry(parse(text))


def test_a_geometry_of_another_language_is_refused():
    with pytest.raises(ValueError, match="must be a geometry of GML"):
        read_geometry(etree.fromstring('<Point xmlns="http://www.opengis.net/kml/2.2"/>'))


# --- Values ---


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("name", "  a  ", "a"),
        ("name", "e\u0302", "ê"),
        ("name", "   ", None),
        ("nominal_diameter_mm", " 150 ", 150),
        ("nominal_diameter_mm", "-9223372036854775807", -9223372036854775807),
        ("nominal_diameter_mm", "1.5E2", 150),
        ("flow_lps", "1", 1.0),
        ("in_service", "TRUE", True),
        ("in_service", "0", False),
        ("tested_on", "2025-01-02", "2025-01-02"),
        ("tested_on", "2025-01-02Z", "2025-01-02"),
        ("tested_on", "2025-01-02+07:00", "2025-01-02"),
        ("tested_on", "2025-01-02T00:00:00Z", "2025-01-02"),
        ("updated_at", "2025-01-02T03:04:05.678Z", "2025-01-02 03:04:05.678000+00:00"),
        ("updated_at", "2025-01-02T03:04:05", "2025-01-02 03:04:05+00:00"),
        ("updated_at", "2025-01-02T03:04:05+07:00", "2025-01-02 03:04:05+07:00"),
    ],
)
def test_texts_are_read_as_the_type_of_their_field(catalogue, name, text, value):
    element = etree.Element("x")
    element.text = text
    found = read_value(element, catalogue.get_layer("fire_hydrant").get_field(name))
    assert (str(found) if isinstance(value, str) else found) == value
    assert type(found) is not int or not isinstance(value, bool)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("nominal_diameter_mm", "1_0", "must be a number"),
        ("nominal_diameter_mm", "x", "must be a number"),
        ("nominal_diameter_mm", "1.5", "must be a whole number"),
        ("nominal_diameter_mm", "NaN", "must be a whole number"),
        ("nominal_diameter_mm", "9" * 30, "too large"),
        ("nominal_diameter_mm", "9" * 31, "too large"),
        ("flow_lps", "INF", "must be a finite number"),
        ("flow_lps", "NaN", "must be a finite number"),
        ("in_service", "yes", "must be true or false"),
        ("tested_on", "02.01.2025", "must be a date"),
        ("tested_on", "2025-02-30", "no day of the calendar"),
        ("updated_at", "2025-01-02", "must be a moment"),
    ],
)
def test_texts_that_are_not_of_the_type_are_refused_in_words(catalogue, name, text, words):
    element = etree.Element("x")
    element.text = text
    with pytest.raises(ValueError, match=words):
        read_value(element, catalogue.get_layer("fire_hydrant").get_field(name))
