"""Arcs drawn as chords."""

import math
import struct

import numpy as np
import pytest
import shapely

from gis_infra.features.shapes.curves import Unreadable, draw


def wkb(kind, *parts, order="<"):
    return struct.pack(f"{order}BII", order == "<", kind, len(parts)) + b"".join(parts)


def find_drawn(content):
    drawn, has_curves = draw(content)
    assert has_curves
    return drawn


def vertex(*numbers, order="<"):
    return struct.pack(f"{order}{len(numbers)}d", *numbers)


def arc(*vertices, order="<", kind=8):
    return wkb(kind, *(vertex(*each, order=order) for each in vertices), order=order)


HALF = ((-10, 0), (0, 10), (10, 0))


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_half_circle_keeps_its_length_and_its_three_vertices(order):
    drawn = find_drawn(arc(*HALF, order=order))
    assert drawn.length == pytest.approx(math.pi * 10, rel=1e-4)
    assert set(HALF) <= set(drawn.coords)
    assert np.hypot(*np.array(drawn.coords).T) == pytest.approx(10)
    assert len(drawn.coords) == 181  # a chord a degree


def test_an_arc_runs_the_way_its_middle_says():
    below = find_drawn(arc((-10, 0), (0, -10), (10, 0)))
    assert below.bounds == pytest.approx((-10, -10, 10, 0))
    most = find_drawn(arc((10, 0), (-10, 0.001), (10, -0.001)))
    assert most.length == pytest.approx(2 * math.pi * 10, rel=1e-3)


def test_an_arc_that_ends_where_it_began_is_a_whole_circle():
    drawn = find_drawn(arc((0, 0), (20, 0), (0, 0)))
    assert shapely.Polygon(drawn).area == pytest.approx(math.pi * 100, rel=1e-3)


def test_an_arc_whose_vertices_lie_on_a_line_is_that_line():
    assert find_drawn(arc((0, 0), (1, 1), (3, 3))).coords[:] == [(0, 0), (1, 1), (3, 3)]


def test_heights_rise_evenly_along_an_arc_and_measures_are_dropped():
    drawn = find_drawn(arc((-10, 0, 1, 7), (0, 10, 2, 7), (10, 0, 3, 7), kind=3008))
    heights = shapely.get_coordinates(drawn, include_z=True)[:, 2]
    assert heights == pytest.approx(np.linspace(1, 3, 181))
    assert not drawn.has_m


def test_arcs_and_lines_one_after_the_other_are_one_line():
    drawn = find_drawn(wkb(9, arc(*HALF), arc((10, 0), (10, -5), kind=2)))
    assert drawn.geom_type == "LineString"
    assert drawn.length == pytest.approx(math.pi * 10 + 5, rel=1e-4)


def test_an_area_of_arcs_has_its_holes():
    ring = arc((0, 0), (20, 0), (0, 0))
    hole = arc((8, 0), (12, 0), (8, 0))
    drawn = find_drawn(wkb(10, ring, hole))
    assert drawn.area == pytest.approx(math.pi * (100 - 4), rel=1e-3)
    assert find_drawn(wkb(12, wkb(10, ring, hole))).geom_type == "MultiPolygon"
    assert find_drawn(wkb(11, arc(*HALF), arc(*HALF))).geom_type == "MultiLineString"


def test_a_collection_may_hold_curves_or_none():
    assert find_drawn(wkb(7, arc(*HALF))).length == pytest.approx(math.pi * 10, rel=1e-4)
    drawn, has_curves = draw(wkb(7, arc((0, 0), (1, 1), kind=2), struct.pack("<BI2d", 1, 1, 5, 6)))
    assert drawn.wkt == "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), POINT (5 6))"
    assert not has_curves


@pytest.mark.parametrize(
    "content",
    [
        b"",
        arc(*HALF)[:-1],
        arc(*HALF[:2]),  # an even number of vertices
        struct.pack("<BII", 1, 8, 0xFFFFFFFF),  # more vertices than bytes
        wkb(10, struct.pack("<BI", 1, 1) + vertex(1, 2)),  # a ring that is a point
        wkb(9),
        wkb(15, arc(*HALF)),
        b"".join(struct.pack("<BII", 1, 11, 1) for _ in range(2000)),  # parts within parts
    ],
)
def test_bytes_that_are_no_curve_are_refused(content):
    with pytest.raises(Unreadable):
        draw(content)
