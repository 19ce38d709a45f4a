"""Where points lie and how people are shared out, against slow sums in plain Python: nobody made, nobody lost."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.analysis.coverage.places.areas import cut
from gis_infra.analysis.coverage.places.dasymetric import count_floors, find_homeless, scale
from gis_infra.analysis.coverage.places.model import NO_UNIT, UnitSet
from gis_infra.analysis.coverage.places.units import locate

SURE = 1e-9


def make_units(shapes, population=None):
    """Units of these shapes in the order of their codes."""
    column = np.empty(len(shapes), dtype=object)
    column[:] = shapes
    codes = np.array([f"{n:05}" for n in range(len(shapes))], dtype=object)
    people = np.full(len(shapes), math.nan) if population is None else np.array(population, np.float64)
    return UnitSet(np.arange(1, len(shapes) + 1), codes, codes, column, shapely.area(column), people)


@st.composite
def draw_units(draw):
    """Up to six boxes on a grid of 10 m, side by side, apart, or over each other."""
    whole = st.integers(0, 10)
    boxes = [
        (x, y, x + 1 + draw(st.integers(0, 4)), y + 1 + draw(st.integers(0, 4)))
        for x, y in draw(st.lists(st.tuples(whole, whole), max_size=6))
    ]
    return [shapely.box(*(10.0 * side for side in box)) for box in boxes]


@given(draw_units(), st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_point_is_in_the_first_unit_that_covers_it(shapes, points):
    xy = np.array([(5.0 * x, 5.0 * y) for x, y in points], np.float64).reshape(-1, 2)
    expected = [
        next((row for row, shape in enumerate(shapes) if shape.covers(shapely.Point(point))), NO_UNIT) for point in xy
    ]
    assert locate(xy, make_units(shapes)).tolist() == expected


SIDES = st.floats(0.5, 60, allow_nan=False)
CELLS = st.lists(st.tuples(st.floats(-20, 130), st.floats(-20, 130), SIDES, SIDES, st.floats(0, 90)), max_size=12)


def turn(cell):
    """A rectangle of x, y, width, height, turned by some degrees."""
    x, y, width, height, angle = cell
    return shapely.affinity.rotate(shapely.box(x, y, x + width, y + height), angle)


@given(draw_units(), CELLS)
@settings(max_examples=150, deadline=None)
def test_areas_cut_along_units_lose_and_make_nothing(shapes, cells):
    areas = np.array([turn(cell) for cell in cells], dtype=object)
    pieces = cut(areas, make_units(shapes))
    for row, area in enumerate(areas):
        mine = pieces.area == row
        assert pieces.share[mine].sum() == pytest.approx(1, rel=SURE)
        assert shapely.area(pieces.shapes[mine]).sum() == pytest.approx(area.area, rel=1e-6)
        left = area
        for unit, shape in enumerate(shapes):
            expected = left.intersection(shape).area / area.area
            assert pieces.share[mine & (pieces.unit == unit)].sum() == pytest.approx(expected, abs=1e-7), unit
            left = left.difference(shape)
        assert pieces.share[mine & (pieces.unit == NO_UNIT)].sum() == pytest.approx(left.area / area.area, abs=1e-7)
    assert (np.diff(pieces.area) >= 0).all() and set(shapely.get_dimensions(pieces.shapes)) <= {2}


def test_neighbours_that_only_touch_leave_no_slivers():
    units = make_units([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    pieces = cut(np.array([shapely.box(2, 0, 10, 10), shapely.box(10, 10, 12, 12)], dtype=object), units)
    assert list(zip(pieces.area, pieces.unit, pieces.share, strict=True)) == [(0, 0, 1), (1, NO_UNIT, 1)]


def test_a_piece_may_be_of_several_parts():
    comb = shapely.union_all([shapely.box(0, 0, 30, 1), shapely.box(0, 0, 1, 9), shapely.box(29, 0, 30, 9)])
    pieces = cut(np.array([comb], dtype=object), make_units([shapely.box(0, 1, 30, 9)]))
    assert pieces.unit.tolist() == [0, NO_UNIT] and pieces.share.tolist() == [16 / 46, 30 / 46]
    assert shapely.get_num_geometries(pieces.shapes).tolist() == [2, 1]


def test_a_unit_takes_the_areas_of_what_it_meets_and_not_its_edges():
    corner = shapely.union_all([shapely.box(0, 0, 2, 2), shapely.box(2, 2, 4, 4)])
    pieces = cut(np.array([corner], dtype=object), make_units([shapely.box(1, 1, 2, 9)]))
    assert pieces.share.tolist() == [1 / 8, 7 / 8] and shapely.area(pieces.shapes).tolist() == [1, 7]


PEOPLE = st.one_of(st.just(math.nan), st.floats(0, 1e7))
HOUSED = st.tuples(st.integers(-1, 4), st.one_of(st.just(0.0), st.floats(1e-3, 1e5)))


@given(st.lists(PEOPLE, min_size=5, max_size=5), st.lists(HOUSED, max_size=60))
@settings(max_examples=300, deadline=None)
def test_each_units_people_add_up_to_its_known_number(population, buildings):
    units = make_units([shapely.box(0, 0, 1, 1)] * 5, population)
    unit = np.array([each for each, _ in buildings], np.int32)
    housed = np.array([each for _, each in buildings], np.float64)
    people = scale(housed, unit, units)
    lone = find_homeless(housed, unit, units)
    for row, known in enumerate(population):
        mine = [float(each) for each, own in zip(people, unit, strict=True) if own == row]
        says = sum(float(each) for each, own in zip(housed, unit, strict=True) if own == row)
        alone = known if row in lone else 0.0
        assert sum(mine) + alone == pytest.approx(says if math.isnan(known) else known, rel=SURE, abs=1e-12)
    assert people[unit == NO_UNIT].tolist() == housed[unit == NO_UNIT].tolist()


@pytest.mark.parametrize(
    ("floors", "height_m", "expected"),
    [
        (3, 50, 3),
        (math.nan, 6.6, 2),
        (math.nan, 6.7, 3),
        (0, 3.3, 1),
        (math.nan, 0, 1),
        (math.nan, math.nan, 1),
        (0, math.nan, 1),
    ],
)
def test_floors_are_recorded_or_told_by_the_height_or_one(floors, height_m, expected):
    assert count_floors(np.array([floors], float), np.array([height_m], float), 3.3).tolist() == [expected]
