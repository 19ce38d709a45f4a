"""What is repaired, and what is not."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.features.shapes.mending import AREA_KEPT, LENGTH_KEPT
from gis_infra.features.shapes.preparing import Frame, prepare

SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]


def prepare_one(shape, wanted="MultiPolygon"):
    wkb = shape if isinstance(shape, bytes) else shapely.to_wkb(shape)
    check = prepare(pa.array([wkb], pa.binary()), Frame(wanted, 9210))
    return check, shapely.from_wkb(check.ewkb[0].as_py()) if not check.faults else None


def ring(*vertices):
    return [*vertices, vertices[0]]


def test_a_short_spike_is_cut_off_and_told_with_its_place():
    spiked = shapely.Polygon(ring(*SQUARE[:3], (50, 100), (50, 101), (50, 100), (0, 100)))
    check, mended = prepare_one(spiked)
    assert check.warnings == {0: "was repaired: Self-intersection at 50.00000000 101.00000000"}
    assert mended.is_valid
    assert mended.area == 10_000
    assert mended.length == 400


def test_a_long_spike_is_not_cut_off():
    check, _ = prepare_one(shapely.Polygon(ring(*SQUARE[:3], (50, 100), (50, 180), (50, 100), (0, 100))))
    assert check.faults[0].startswith("is not valid, and a repair would change it: Self-intersection at 50.0")


def test_a_crossing_that_makes_a_tiny_loop_is_repaired():
    looped = shapely.Polygon(ring(*SQUARE[:3], (0, 100), (0.02, 99.98), (0, 99.99)))
    check, mended = prepare_one(looped)
    assert check.faults == {}
    assert mended.area == pytest.approx(looped.area, rel=AREA_KEPT)


def test_a_ring_that_is_not_closed_is_closed_and_told():
    closed = shapely.to_wkb(shapely.Polygon(SQUARE))
    count = closed[9:13]
    assert count == bytes([5, 0, 0, 0])
    unclosed = closed[:9] + bytes([4, 0, 0, 0]) + closed[13:-16]
    check, mended = prepare_one(unclosed)
    assert check.warnings == {0: "was repaired: a ring was not closed"}
    assert mended.area == 10_000


@pytest.mark.parametrize(
    "mixed",
    [
        shapely.Polygon(SQUARE, [[(40, 40), (60, 40), (60, 60), (40, 60)]]),  # the hole turns like the outline
        shapely.Polygon([(40, 60), (60, 60), (60, 40), (40, 40)], [SQUARE]),  # the hole comes first
        shapely.MultiPolygon(  # the hole is given as a part of its own
            [shapely.Polygon(SQUARE), shapely.Polygon([(40, 40), (40, 60), (60, 60), (60, 40)])]
        ),
    ],
)
def test_outlines_and_holes_that_are_mixed_up_are_put_right(mixed):
    check, mended = prepare_one(mixed)
    assert check.faults == {}
    assert mended.is_valid
    assert mended.area == 10_000 - 400
    (part,) = mended.geoms
    assert part.exterior.is_ccw
    assert [hole.is_ccw for hole in part.interiors] == [False]


def test_a_part_within_another_that_turns_the_same_way_is_not_taken_for_a_hole():
    check, _ = prepare_one(shapely.MultiPolygon([shapely.Polygon(SQUARE), shapely.box(40, 40, 60, 60)]))
    assert check.faults[0].startswith("is not valid, and a repair would change it: Nested shells at ")


@pytest.mark.parametrize("turned", [1, -1])
def test_a_hole_outside_is_refused_with_the_place(turned):
    check, _ = prepare_one(shapely.Polygon(SQUARE, [[(200, 200), (210, 200), (210, 210)][::turned]]))
    assert check.faults[0].startswith("is not valid, and a repair would change it: Hole lies outside shell at 2")


def test_heights_outlive_a_repair_or_the_shape_is_refused():
    raised = [(x, y, 5.0) for x, y in ring(*SQUARE[:3], (50, 100), (50, 101), (50, 100), (0, 100))]
    check, mended = prepare_one(shapely.Polygon(raised))
    assert check.faults == {}
    assert set(shapely.get_coordinates(mended, include_z=True)[:, 2]) == {5.0}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_whatever_is_taken_is_valid_and_as_large_and_long_as_it_was(vertices):
    drawn = shapely.Polygon(vertices)
    check, mended = prepare_one(drawn)
    if mended is None:
        assert not drawn.is_valid or drawn.area == 0
        return
    assert mended.is_valid
    assert mended.area == pytest.approx(find_area(drawn.exterior.coords), rel=AREA_KEPT)
    if 0 in check.warnings:
        assert mended.length == pytest.approx(drawn.length, rel=LENGTH_KEPT)


def find_area(vertices):
    """The shoelace, vertex by vertex."""
    pairs = pairwise(vertices)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=9))
def test_a_line_loses_the_vertices_that_repeat_the_one_before_and_no_other(vertices):
    raised = [(x, y, z + 1) for x, y, z in vertices]
    _, kept = prepare_one(shapely.LineString(raised), "LineString")
    thinned = [each for index, each in enumerate(raised) if index == 0 or each != raised[index - 1]]
    if kept is None:
        assert len({each[:2] for each in raised}) == 1
    else:
        assert np.array(kept.coords).tolist() == np.array(thinned, float).tolist()
