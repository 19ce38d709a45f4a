"""Scenes of places, facilities, houses and units as hypothesis makes them, on lattices where distances are often equal.

Coordinates are whole metres, so that of two distances the nearer is told apart or both are equal to the last digit.
"""

from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, box
from shapely.affinity import translate

from tests.database.coverage_oracle.sight import Building
from tests.database.coverage_oracle.values import Facility, Place, Unit

METRES = st.integers(0, 60)
SPOTS = st.tuples(METRES, METRES)
POINTS = SPOTS.map(Point)
BOXES = st.tuples(SPOTS, st.integers(1, 20), st.integers(1, 20)).map(
    lambda said: box(*said[0], said[0][0] + said[1], said[0][1] + said[2])
)
LINES = st.tuples(SPOTS, SPOTS).filter(lambda ends: ends[0] != ends[1]).map(LineString)
SHAPES = st.one_of(POINTS, POINTS, BOXES, LINES)
PEOPLE = st.one_of(st.just(0), st.integers(1, 9), st.integers(1, 90).map(lambda tenths: tenths / 10))
REACHES = st.sampled_from([5.0, 10.0, 13.0, 25.0, 40.0])


@st.composite
def make_places(draw, most=12, shapes=None):
    """Places in the order of their ids, which have holes between them."""
    ids = draw(st.lists(st.integers(1, 99), min_size=1, max_size=most, unique=True))
    places = []
    for each in sorted(ids):
        if shapes is None:
            places.append(Place(each, draw(POINTS), draw(PEOPLE)))
        else:
            shape = draw(shapes)
            places.append(Place(each, shape.centroid, draw(PEOPLE), shape, f"N{each}"))
    return places


@st.composite
def make_facilities(draw, shapes=SHAPES, most=6, **columns):
    """Facilities in the order of their ids; columns: strategies of what else they have."""
    ids = draw(st.lists(st.integers(1, 99), min_size=0, max_size=most, unique=True))
    return [Facility(each, draw(shapes), draw(REACHES), **{name: draw(said) for name, said in columns.items()})
            for each in sorted(ids)]  # fmt: skip


@st.composite
def make_units(draw):
    """Up to four wards side by side, some of whose people nobody knows; a part of the land is in none."""
    cut, up = draw(st.integers(15, 35)), draw(st.integers(15, 35))
    parts = [box(0, 0, cut, up), box(cut, 0, 50, up), box(0, up, cut, 50), box(cut, up, 50, 50)]
    codes = draw(st.permutations(["90101", "90102", "90103", "90104"]))
    known = st.one_of(st.none(), st.integers(0, 500).map(float))
    return [Unit(code, MultiPolygon([part]), draw(known)) for code, part in zip(codes, parts, strict=True)
            if draw(st.integers(0, 5))]  # fmt: skip


# Walls stand off the lattice, so that no line of sight runs along one or through a corner.
FOOTPRINTS = st.tuples(SPOTS, st.integers(2, 15), st.integers(2, 15)).map(
    lambda said: translate(box(*said[0], said[0][0] + said[1], said[0][1] + said[2]), 0.37, 0.41)
)


@st.composite
def make_buildings(draw):
    """Houses, some of unknown height."""
    heights = st.sampled_from([None, 2.9, 5.3, 8.7, 15.1, 31.3])
    floors = st.sampled_from([None, 1, 3])
    return [Building(number, shape, draw(heights), draw(floors))
            for number, shape in enumerate(draw(st.lists(FOOTPRINTS, max_size=6)), 1)]  # fmt: skip


CAMERAS = make_facilities(
    POINTS,
    direction=st.one_of(st.none(), st.integers(0, 71).map(lambda fives: fives * 5.0 + 1.3)),
    angle=st.sampled_from([60.4, 110.6, 180.2, 360.0]),
    eye_m=st.sampled_from([1.7, 6.2, 30.9]),
)
CAPACITIES = st.one_of(st.none(), st.integers(0, 20).map(float))
