"""The short way of points and lines, against the long way and against each vertex moved by itself."""

import math
import struct
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.features.shapes import plain
from gis_infra.features.shapes import preparing as shapes
from gis_infra.features.shapes.places import Places
from gis_infra.features.shapes.preparing import Frame, prepare, render_ewkb
from gis_infra.spatial.crs import get_transformer

EXTENT = (560_000.0, 1_140_000.0, 700_000.0, 1_270_000.0)
ODD = st.sampled_from([0.0, -0.0, -9999.0, 1e300, -1.79e308, math.nan, math.inf, 600_000.0, 600_000.0001, 1e-9])
EAST = st.one_of(st.floats(5.5e5, 7.1e5), st.integers(600_000, 600_002).map(float), ODD)
NORTH = st.one_of(st.floats(1.13e6, 1.28e6), st.integers(1_200_000, 1_200_001).map(float), ODD)
HEIGHT = st.one_of(st.floats(-50, 50), ODD)


@st.composite
def shapes_as_wkb(draw):
    """One row: a point, a line, one of several, or bytes that are none, of either dialect and order of bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.none(), st.binary(max_size=40)))
    dimensions = draw(st.integers(2, 4))
    kind = draw(st.sampled_from([1, 2, 4, 5]))
    single = kind if kind < 3 else kind - 3
    parts = draw(st.lists(runs(single, dimensions), min_size=1, max_size=1 if kind < 3 else 2))
    order, is_iso = draw(st.sampled_from("<<<>")), draw(st.booleans())
    bodies = [encode(single, part, dimensions, order, is_iso) for part in parts]
    if kind < 3:
        return bodies[0]
    return encode_head(kind, dimensions, order, is_iso) + struct.pack(f"{order}I", len(bodies)) + b"".join(bodies)


def runs(single, dimensions):
    vertices = st.tuples(EAST, NORTH, HEIGHT, HEIGHT).map(lambda vertex: vertex[:dimensions])
    return st.lists(vertices, min_size=1, max_size=1 if single == 1 else 4)


def encode_head(kind, dimensions, order, is_iso):
    iso = kind + {2: 0, 3: 1000, 4: 3000}[dimensions]
    flagged = kind | {2: 0, 3: 0x80000000, 4: 0xC0000000}[dimensions]
    return struct.pack(f"{order}BI", 1 if order == "<" else 0, iso if is_iso else flagged)


def encode(single, vertices, dimensions, order, is_iso):
    count = struct.pack(f"{order}I", len(vertices)) if single == 2 else b""
    numbers = [number for vertex in vertices for number in vertex]
    return encode_head(single, dimensions, order, is_iso) + count + struct.pack(f"{order}{len(numbers)}d", *numbers)


def prepare_the_long_way(wkb, frame):
    with np.errstate(invalid="ignore", over="ignore"):
        shaping = shapes.shape(wkb, frame, Places(frame.transformer, frame.swap_xy))
    return render_ewkb(shaping.shapes, frame.srid).to_pylist(), shaping.faults, shaping.warnings, +shaping.notes


FRAMES = (
    Frame("Point", 9210, None, EXTENT),
    Frame("LineString", 9210, None, EXTENT),
    Frame("Point", 5899, get_transformer(9210, 5899)),
    Frame("LineString", 5899, get_transformer(9210, 5899)),
    Frame("LineString", 5899, get_transformer(9210, 5899), None, swap_xy=True),
    Frame("MultiPoint", 9210, None, EXTENT),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(shapes_as_wkb(), max_size=8), st.sampled_from(FRAMES), st.integers(0, 2))
def test_both_ways_give_the_same_answer(rows, frame, skipped):
    wkb = pa.array([None] * skipped + rows, pa.binary())[skipped:]  # a slice, as batches may be
    check = prepare(wkb, frame)
    assert (check.ewkb.to_pylist(), check.faults, check.warnings, check.notes) == prepare_the_long_way(wkb, frame)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.floats(5.7e5, 6.9e5), st.floats(1.15e6, 1.26e6)), min_size=2, max_size=5, unique=True),
        min_size=1,
        max_size=6,
    )
)
def test_vertices_move_as_each_does_by_itself(lines):
    transformer = get_transformer(9210, 5899)
    wkb = pa.array([shapely.to_wkb(shapely.LineString(line)) for line in lines], pa.binary())
    done, ewkb = plain.move(wkb, plain.Task("LineString", 5899, None, Places(transformer)))
    rows = np.flatnonzero(done)
    for row, moved in zip(rows, shapely.from_wkb(ewkb.to_numpy(zero_copy_only=False)), strict=True):
        assert shapely.get_srid(moved) == 5899
        assert list(moved.coords) == [transformer.transform(*vertex) for vertex in lines[row]]
    assert all(shapely.LineString(lines[row]).length < 0.01 for row in np.flatnonzero(~done))


@pytest.mark.parametrize(
    "shape",
    [
        "LINESTRING (0 0, 1 1)",
        "LINESTRING Z (0 0 5, 1 1 6, 2 2 0)",
        "MULTILINESTRING ((0 0, 1 1, 5 5))",
        "MULTILINESTRING Z ((0 0 5, 1 1 6))",
    ],
)
def test_what_needs_nothing_but_moving_goes_the_short_way(shape):
    wkb = pa.array([shapely.to_wkb(shapely.from_wkt(shape), flavor=flavor) for flavor in ("iso", "extended")])
    done, _ = plain.move(wkb, plain.Task("LineString", 9210, None, Places()))
    assert done.all()


@pytest.mark.parametrize(
    "shape",
    [
        "LINESTRING (0 0, 0 0, 1 1)",
        "LINESTRING (0 0, 0.0005 0)",
        "LINESTRING Z (0 0 0, 1 1 0)",
        "LINESTRING Z (0 0 1, 1 1 -9999)",
        "LINESTRING M (0 0 1, 1 1 1)",
        "MULTILINESTRING ((0 0, 1 1), (1 1, 2 2))",
        "LINESTRING (99 99, 98 98)",
        "POINT (1 1)",
    ],
)
def test_what_has_to_be_judged_goes_the_long_way(shape):
    wkb = pa.array([shapely.to_wkb(shapely.from_wkt(shape), flavor="iso")])
    done, ewkb = plain.move(wkb, plain.Task("LineString", 9210, (0.0, 0.0, 10.0, 10.0), Places()))
    assert not done.any()
    assert len(ewkb) == 0


def test_nothing_is_told_of_rows_that_need_nothing():
    check = prepare(pa.array([shapely.to_wkb(shapely.Point(1, 2))]), Frame("Point", 9210))
    assert (check.faults, check.warnings, check.notes) == ({}, {}, Counter())
