"""Shapes of a file as shapes of a layer."""

import re

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt, to_wkb

from gis_infra.features.shapes.preparing import Frame, prepare
from gis_infra.spatial.crs import get_transformer

SOLID = b"\x01" + bytes([15, 0, 0, 0]) + bytes(4)


def prepare_all(shapes, wanted, transformer=None, extent=None, swap_xy=False):
    with np.errstate(invalid="ignore"):
        wkb = pa.array([to_wkb(from_wkt(each)) if isinstance(each, str) else each for each in shapes], pa.binary())
    return prepare(wkb, Frame(wanted, 9210, transformer, extent, swap_xy))


def read(check):
    """What came out, as shapes."""
    return shapely.from_wkb(check.ewkb.to_numpy(zero_copy_only=False))


def prepare_one(shape, wanted, **frame):
    """The WKT of what comes out, or the reason it is refused for."""
    check = prepare_all([shape], wanted, **frame)
    return check.faults.get(0) or shapely.to_wkt(read(check)[0], rounding_precision=3)


@pytest.mark.parametrize(
    ("shape", "wanted", "result"),
    [
        ("POINT (1 2)", "Point", "POINT (1 2)"),
        ("MULTIPOINT ((1 2))", "Point", "POINT (1 2)"),
        ("POINT (1 2)", "MultiPoint", "MULTIPOINT ((1 2))"),
        ("MULTILINESTRING ((0 0, 1 1))", "LineString", "LINESTRING (0 0, 1 1)"),
        ("MULTILINESTRING ((0 0, 1 1), (1 1, 2 0))", "LineString", "LINESTRING (0 0, 1 1, 2 0)"),
        ("LINESTRING (0 0, 1 1)", "MultiLineString", "MULTILINESTRING ((0 0, 1 1))"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "MultiPolygon", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
        ("LINESTRING Z (0 0 5, 1 1 6)", "LineString", "LINESTRING Z (0 0 5, 1 1 6)"),
        ("LINESTRING ZM (0 0 5 9, 1 1 6 9)", "LineString", "LINESTRING Z (0 0 5, 1 1 6)"),
        ("LINESTRING M (0 0 9, 1 1 9)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("LINESTRING Z (0 0 0, 1 1 0)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("LINESTRING Z (0 0 -9999, 1 1 -9999)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("LINESTRING Z (0 0 -1.79e308, 1 1 -1.79e308)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("LINESTRING Z (0 0 NaN, 1 1 NaN)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("POINT Z (1 2 -0.5)", "Point", "POINT Z (1 2 -0.5)"),
        ("GEOMETRYCOLLECTION (GEOMETRYCOLLECTION (POINT (1 2)))", "Point", "POINT (1 2)"),
        (
            "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), LINESTRING (1 1, 2 0))",
            "LineString",
            "LINESTRING (0 0, 1 1, 2 0)",
        ),
        ("GEOMETRYCOLLECTION Z (POINT Z (1 2 3), POINT Z (4 5 6))", "MultiPoint", "MULTIPOINT Z ((1 2 3), (4 5 6))"),
        ("LINESTRING (0 0, 0 0, 1 1, 1 1)", "LineString", "LINESTRING (0 0, 1 1)"),
        ("LINESTRING Z (0 0 5, 0 0 3, 1 1 3)", "LineString", "LINESTRING Z (0 0 5, 0 0 3, 1 1 3)"),  # a drop
        ("MULTILINESTRING ((0 0, 0 0, 1 1), (1 1, 2 0))", "LineString", "LINESTRING (0 0, 1 1, 2 0)"),
        ("MULTILINESTRING Z ((0 0 5, 0 0 3, 1 1 3))", "LineString", "LINESTRING Z (0 0 5, 0 0 3, 1 1 3)"),
        ("LINESTRING (0 0, 2 2, 2 0, 0 2)", "LineString", "LINESTRING (0 0, 2 2, 2 0, 0 2)"),  # may cross itself
        ("POLYGON ((0 0, 1 1, 1 0, 0 0))", "MultiPolygon", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
        ("POLYGON ((0 0, 0 0, 1 0, 1 1, 0 0))", "Polygon", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    ],
)
def test_a_shape_becomes_what_the_layer_takes(shape, wanted, result):
    assert prepare_one(shape, wanted) == result


@pytest.mark.parametrize(
    ("shape", "wanted", "reason"),
    [
        (None, "Point", "has no shape"),
        (b"", "Point", "the shape cannot be read"),
        (b"\x01\x02", "Point", "the shape cannot be read"),
        (b"\x01" + bytes([99, 0, 0, 0]), "Point", "the shape cannot be read"),
        (to_wkb(from_wkt("LINESTRING (0 0, 1 1)"))[:-1], "LineString", "the shape cannot be read"),
        (
            SOLID,
            "MultiPolygon",
            "is a PolyhedralSurface; the layer takes MultiPolygon",
        ),
        (b"\x01" + bytes([248, 3, 0, 0]) + bytes(4), "MultiPolygon", "is a TIN; the layer takes MultiPolygon"),  # 1016
        ("POINT EMPTY", "Point", "is empty"),
        ("LINESTRING EMPTY", "LineString", "is empty"),
        ("POINT (1 2)", "LineString", "is a Point; the layer takes LineString"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "LineString", "is a Polygon; the layer takes LineString"),
        ("GEOMETRYCOLLECTION (POINT (1 2), POINT (3 4))", "Point", "has 2 separate parts; the layer takes Point"),
        (
            "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))",
            "Point",
            "is a GeometryCollection; the layer takes",
        ),
        ("GEOMETRYCOLLECTION EMPTY", "Point", "is empty"),
        (
            b"\x01" + bytes([7, 0, 0, 0, 1, 0, 0, 0]) + SOLID,
            "MultiPolygon",
            "holds a PolyhedralSurface, which no layer",
        ),
        (b"\x01" + bytes([7, 0, 0, 0, 1, 0, 0, 0]), "MultiPolygon", "the shape cannot be read"),
        ("MULTILINESTRING ((0 0, 1 1), (5 5, 6 6))", "LineString", "has 2 separate parts; the layer takes LineString"),
        ("MULTILINESTRING ((0 0, 1 1), (2 0, 1 1))", "LineString", "has 2 separate parts"),  # one would be turned round
        ("MULTILINESTRING Z ((0 0 5, 0 0 3, 1 1 3), (1 1 3, 2 2 3))", "LineString", "has 2 separate parts"),  # a drop
        ("MULTIPOINT ((1 2), (3 4))", "Point", "has 2 separate parts; the layer takes Point, one part a row"),
        ("LINESTRING (0 0, NaN 1)", "LineString", "has a coordinate that is not a finite number at vertex 2"),
        ("LINESTRING (Inf 0, 1 1)", "LineString", "has a coordinate that is not a finite number at vertex 1"),
        ("LINESTRING (1 1, 1 1)", "LineString", "is a line shorter than 1 mm at 1.00000000 1.00000000"),
        ("LINESTRING (500 0, 500.0009 0)", "LineString", "is a line shorter than 1 mm at 500.000 0.000"),
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", "MultiPolygon", "is an area of nothing at 0.00000000 0.00000000"),
        (
            "POLYGON ((0 0, 2000 2000, 2000 0, 0 1000, 0 0))",
            "MultiPolygon",
            "is not valid, and a repair would change it: Self-intersection at 666.667 666.667",
        ),
        (
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)), ((0 0, 4 0, 4 4, 0 0)))",
            "MultiPolygon",
            "is not valid, and a repair would change it: Self-intersection at 4.00000000 0.00000000",
        ),
    ],
)
def test_a_shape_that_cannot_be_kept_is_refused_with_the_reason(shape, wanted, reason):
    assert reason in prepare_one(shape, wanted)


def test_a_place_is_told_in_the_city_and_in_the_file():
    bowtie = "POLYGON ((11 106, 11.1 106.1, 11.1 106, 11 106.1, 11 106))"  # latitude first, crossing at 11.05 106.05
    check = prepare_all([bowtie], "Polygon", transformer=get_transformer(4326, 9210), swap_xy=True)
    east, north = get_transformer(4326, 9210).transform(106.05, 11.05)
    found = re.search(r"Self-intersection at (\S+) (\S+) \(in the file (\S+) (\S+)\)", check.faults[0])
    assert [float(each) for each in found.groups()] == pytest.approx([east, north, 11.05, 106.05], rel=1e-5)


def test_axes_the_other_way_round_are_exchanged():
    assert prepare_one("LINESTRING Z (2 1 5, 4 3 6)", "LineString", swap_xy=True) == "LINESTRING Z (1 2 5, 3 4 6)"
    assert prepare_one("POLYGON ((0 0, 0 1, 5 1, 0 0))", "Polygon", swap_xy=True) == "POLYGON ((0 0, 1 0, 1 5, 0 0))"


def test_heights_of_some_vertices_only_are_dropped_and_told():
    check = prepare_all(["LINESTRING Z (0 0 5, 1 1 -9999)", "LINESTRING Z (0 0 5, 1 1 0)"], "LineString")
    assert check.warnings == {0: "1 of 2 vertices have no height, so none was kept"}
    assert shapely.has_z(read(check)).tolist() == [False, True]


def test_what_was_done_to_shapes_is_counted():
    points = prepare_all(["POINT Z (1 2 0)", "POINT ZM (1 2 3 4)", "POINT Z (1 2 -9999)"], "Point")
    assert dict(points.notes) == {"M values dropped": 1, "placeholder heights treated as missing": 2}
    lines = prepare_all(["LINESTRING (0 0, 0 0, 1 1)", "MULTILINESTRING ((0 0, 1 1), (1 1, 2 0))"], "LineString")
    assert dict(lines.notes) == {"repeated vertices dropped": 1, "lines of parts that run on, joined": 1}
    areas = prepare_all(["POLYGON ((0 0, 1 1, 1 0, 0 0))", "POLYGON ((0 0, 1 0, 1 1, 0 0))"], "Polygon")
    assert dict(areas.notes) == {"rings turned to run counter-clockwise": 1}


def test_only_shapes_wholly_outside_the_city_are_refused():
    shapes = ["POINT (5 5)", "POINT (10 5)", "POINT (11 5)", "POINT (5 -1)"]
    check = prepare_all(shapes, "Point", extent=(0.0, 0.0, 10.0, 10.0))
    assert list(check.faults) == [2, 3]
    assert check.faults[2] == "lies outside the city at 11.00000000 5.00000000"
    crossing = prepare_all(["LINESTRING (5 5, 20 5)"], "LineString", extent=(0.0, 0.0, 10.0, 10.0))
    assert crossing.faults == {}


def test_a_place_where_the_projection_has_no_answer_is_refused():
    check = prepare_all(["LINESTRING (106 10, 500 500)"], "LineString", transformer=get_transformer(4326, 9210))
    reason = "lies where the coordinate system has no answer at 500.000 500.000 of the file"
    assert check.faults == {0: reason}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(5.6e5, 7e5), st.floats(1.14e6, 1.27e6), st.floats(-20, 50)),
            min_size=2,
            max_size=5,
            unique=True,
        ),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
)
def test_shapes_move_as_their_vertices_do_one_by_one(lines, heighted):
    shapes = [shapely.LineString(line if heighted else [vertex[:2] for vertex in line]) for line in lines]
    transformer = get_transformer(9210, 5899)
    check = prepare_all([to_wkb(shape) for shape in shapes], "LineString", transformer=transformer)
    for index, line in enumerate(lines):
        if index in check.faults:
            assert check.faults[index].startswith("is a line shorter than 1 mm")
            continue
        moved = read(check)[index]
        assert moved.has_z == (heighted and any(vertex[2] != 0 for vertex in line))
        kept = line if heighted and moved.has_z else drop_repeated([vertex[:2] for vertex in line])
        for place, vertex in zip(moved.coords, kept, strict=True):
            assert place[:2] == pytest.approx(transformer.transform(*vertex[:2]), abs=1e-6)
            assert not moved.has_z or place[2] == vertex[2]


def drop_repeated(vertices):
    return [vertex for index, vertex in enumerate(vertices) if index == 0 or vertex != vertices[index - 1]]


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ("LINESTRING (603000 1191000, 1e30 1191000)", "LineString"),
        ("LINESTRING Z (603000 1191000 5, 603010 -2e7 5)", "LineString"),
        ("POLYGON ((603000 1191000, 603010 1191000, 603010 1e8, 603000 1191000))", "MultiPolygon"),
        ("POINT (603000 1.1e7)", "Point"),
    ],
)
def test_a_shape_that_reaches_where_coordinates_have_no_place_is_refused(shape, wanted):
    assert "beyond where coordinates have a place" in prepare_one(shape, wanted)
