"""Shapes of a file as shapes of a layer."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt

from gis_infra.spatial.crs import get_transformer
from gis_infra.transfer.cleaning.shapes import Frame, prepare


def prepare_all(shapes, wanted, transformer=None, extent=None):
    with np.errstate(invalid="ignore"):
        array = np.array([from_wkt(each) if isinstance(each, str) else each for each in shapes], dtype=object)
        wkb = pa.array([None if each is None else shapely.to_wkb(each) for each in array], pa.binary())
    return prepare(wkb, Frame(wanted, 9210, transformer, extent))


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
    ],
)
def test_a_shape_becomes_what_the_layer_takes(shape, wanted, result):
    assert prepare_one(shape, wanted) == result


@pytest.mark.parametrize(
    ("shape", "wanted", "reason"),
    [
        (None, "Point", "has no shape"),
        ("POINT EMPTY", "Point", "is empty"),
        ("LINESTRING EMPTY", "LineString", "is empty"),
        ("POINT (1 2)", "LineString", "is a Point; the layer takes LineString"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "LineString", "is a Polygon; the layer takes LineString"),
        ("GEOMETRYCOLLECTION (POINT (1 2))", "Point", "is a collection; the layer takes Point"),
        ("MULTILINESTRING ((0 0, 1 1), (5 5, 6 6))", "LineString", "has 2 separate parts"),
        ("MULTILINESTRING ((0 0, 1 1), (2 0, 1 1))", "LineString", "has 2 separate parts"),  # one would be turned round
        ("LINESTRING (0 0, NaN 1)", "LineString", "not a finite number"),
        ("LINESTRING (0 0, Inf 1)", "LineString", "not a finite number"),
        ("LINESTRING (1 1, 1 1)", "LineString", "is a line without length"),
        ("POLYGON ((0 0, 1 1, 2 2, 0 0))", "MultiPolygon", "is an area of nothing"),
        (
            "POLYGON ((0 0, 2 2, 2 0, 0 1, 0 0))",
            "MultiPolygon",
            "is not valid, and a repair would change it: Self-intersection at ",
        ),
    ],
)
def test_a_shape_that_cannot_be_kept_is_refused_with_the_reason(shape, wanted, reason):
    assert reason in prepare_one(shape, wanted)


def test_bytes_that_are_no_shape_are_refused():
    check = prepare(pa.array([b"\x01\x02", b""], pa.binary()), Frame("Point", 9210))
    assert check.faults == dict.fromkeys((0, 1), "the shape cannot be read")


def test_a_repair_that_keeps_the_area_is_made_and_told():
    check = prepare_all(["POLYGON ((0 0, 4 0, 4 4, 2 4, 2 6, 2 4, 0 4, 0 0))"], "MultiPolygon")  # a spike
    assert check.faults == {}
    assert check.warnings[0].startswith("was repaired: ")
    assert read(check)[0].is_valid
    assert read(check)[0].area == 16.0


def test_heights_of_some_vertices_only_are_dropped_and_told():
    check = prepare_all(["LINESTRING Z (0 0 5, 1 1 -9999)", "LINESTRING Z (0 0 5, 1 1 0)"], "LineString")
    assert check.warnings == {0: "1 of 2 vertices have no height, so none was kept"}
    assert shapely.has_z(read(check)).tolist() == [False, True]


def test_what_was_done_to_shapes_is_counted():
    check = prepare_all(["POINT Z (1 2 0)", "POINT ZM (1 2 3 4)", "POINT Z (1 2 -9999)"], "Point")
    assert dict(check.notes) == {"M values dropped": 1, "placeholder heights treated as missing": 2}


def test_only_shapes_wholly_outside_the_city_are_refused():
    shapes = ["POINT (5 5)", "POINT (10 5)", "POINT (11 5)", "POINT (5 -1)"]
    check = prepare_all(shapes, "Point", extent=(0.0, 0.0, 10.0, 10.0))
    assert check.faults == dict.fromkeys((2, 3), "lies outside the city")
    crossing = prepare_all(["LINESTRING (5 5, 20 5)"], "LineString", extent=(0.0, 0.0, 10.0, 10.0))
    assert crossing.faults == {}


def test_a_place_where_the_projection_has_no_answer_is_refused():
    check = prepare_all(["POINT (500 500)"], "Point", transformer=get_transformer(4326, 9210))
    assert check.faults == {0: "lies where the coordinate system has no answer"}


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
    check = prepare_all(shapes, "LineString", transformer=transformer)
    for index, line in enumerate(lines):
        if index in check.faults:
            assert check.faults[index] == "is a line without length"
            continue
        kept_z = read(check)[index].has_z
        assert kept_z == (heighted and any(vertex[2] != 0 for vertex in line))
        for moved, (x, y, z) in zip(read(check)[index].coords, line, strict=True):
            assert moved[:2] == pytest.approx(transformer.transform(x, y), abs=1e-6)
            assert not kept_z or moved[2] == z
