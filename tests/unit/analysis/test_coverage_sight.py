"""Sectors and what hides: heights reckoned by hand, and the same by walking along each sight line."""

import math

import numpy as np
import pytest
import shapely

from gis_infra.analysis.coverage.methods.rows import to_objects
from gis_infra.analysis.coverage.methods.seeing import find_seen, list_seen
from gis_infra.analysis.coverage.methods.shadows import draw_sector, draw_seen
from gis_infra.analysis.coverage.methods.sight import Blocks, Eyes, Scene

WALL = shapely.box(10, -5, 12, 5)  # 10 m east of the eye, 2 m thick


def make_eyes(*rows):
    """Eyes of (x, y, height, direction, half angle, reach)."""
    columns = np.array(rows, dtype=np.float64).reshape(-1, 6)
    return Eyes(columns[:, :2], *columns.T[2:])


def make_scene(eyes, places, *blocks, target_m=0.0, own=()):
    """A scene with buildings of (shape, height), numbered from 1."""
    shapes, heights = (
        to_objects([shape for shape, _ in blocks]),
        np.array([height for _, height in blocks], dtype=float),
    )
    buildings = Blocks(np.arange(1, len(blocks) + 1), shapes, heights)
    xy = np.array(places, dtype=np.float64).reshape(-1, 2)
    return Scene(eyes, buildings, target_m, xy, np.array(own, dtype=np.int64))


def see(height, roof, places, target_m=0.0, shape=WALL, own=()):
    """Which places an eye at the origin sees, 100 m all round, past one building."""
    scene = make_scene(make_eyes((0, 0, height, 0, 180, 100)), places, (shape, roof), target_m=target_m, own=own)
    seen = (find_seen(scene).facility >= 0).tolist()
    area = draw_seen(scene)
    assert own or [area.covers(shapely.Point(place)) for place in places] == seen
    return seen


# The eye is 20 m up, the roof of the wall 10 m: the shadow ends at 20 / (20 - 10) = 2 times 12 m, on the ground.
@pytest.mark.parametrize(
    ("height", "roof", "target_m", "last_hidden_m"),
    [(20, 10, 0, 24), (20, 15, 0, 48), (20, 10, 5, 18), (11, 10, 0, 100), (10, 10, 0, 100), (5, 10, 0, 100)],
)
def test_the_shadow_of_a_wall_is_as_long_as_heights_make_it(height, roof, target_m, last_hidden_m):
    # The last one of a shadow that ends is seen: its sight line touches the roof's edge.
    places = [(x, 0) for x in (9, 13, 17.9, 18.1, 23.9, 24.1, 47.9, 48.1, 99)]
    assert see(height, roof, places, target_m) == [not 12 < x < last_hidden_m for x, _ in places]


@pytest.mark.parametrize(("roof", "target_m"), [(5, 5), (5, 20), (4.9, 5), (0, 0)])
def test_what_is_not_higher_than_the_lower_end_hides_nothing(roof, target_m):
    assert see(5.0, roof, [(20, 0), (90, 0)], target_m) == [True, True]


def test_an_eye_below_its_target_is_hidden_by_what_is_near_to_it():
    # Up from 2 m to 22 m over 40 m: at 10 m the line is 7 m high, at 12 m 8 m; over 100 m, 4 m and 4.4 m.
    assert see(2.0, 7.5, [(40, 0), (100, 0)], 22.0) == [False, False]
    assert see(2.0, 6.9, [(40, 0), (100, 0)], 22.0) == [True, False]


def test_to_touch_a_corner_or_a_wall_is_not_to_be_hidden():
    assert see(5.0, 50.0, [(20, 10), (20, 9.9), (24, 10)]) == [True, False, False]
    assert see(5.0, 50.0, [(50, 0)], shape=shapely.box(10, 0, 20, 8)) == [True]


def test_the_building_under_the_eye_and_the_one_looked_at_hide_nothing():
    assert see(5.0, 50.0, [(50, 0)], shape=shapely.box(-5, -5, 5, 5)) == [True]
    assert see(5.0, 50.0, [(50, 0)], shape=shapely.box(0, -5, 5, 5)) == [True]
    assert see(5.0, 50.0, [(50, 0), (61, 0)], shape=shapely.box(40, -5, 60, 5)) == [True, False]


def test_a_place_outside_its_own_building_is_not_hidden_by_it():
    court = shapely.box(40, -10, 60, 10).difference(shapely.box(45, -5, 60, 5))
    assert see(5.0, 50.0, [(55, 0)], shape=court, own=[1]) == [True]
    assert see(5.0, 50.0, [(55, 0)], shape=court, own=[9]) == [False]


def test_a_sector_is_so_wide_and_so_long():
    eyes = make_eyes((0, 0, 5, 90, 30, 100))  # looks east
    rays = [math.radians(turn) for turn in (60, 59, 120, 121, 90, 270)]
    places = [(50 * math.sin(ray), 50 * math.cos(ray)) for ray in rays]
    assert (find_seen(make_scene(eyes, [*places, (100.001, 0), (100.002, 0), (0, 0)])).facility >= 0).tolist() == [
        True, False, True, False, True, False, True, False, True,
    ]  # fmt: skip


def test_a_sector_over_north_is_one():
    eyes = make_eyes((0, 0, 5, 350, 20, 100))
    assert (find_seen(make_scene(eyes, [(0, 50), (8, 50), (-20, 50), (20, 50)])).facility >= 0).tolist() == [
        True
    ] * 3 + [False]


def test_the_area_of_a_sector_is_its_share_of_the_circle():
    circle = 64 * math.sin(2 * math.pi / 128) * 10_000
    quarter = draw_sector(np.zeros(2), 100.0, 45.0, 45.0)
    assert quarter.area == pytest.approx(circle / 4, rel=1e-9)
    assert draw_sector(np.zeros(2), 100.0, 10.0, 20.0).covers(shapely.Point(0, 99))
    assert draw_seen(make_scene(make_eyes((0, 0, 5, 0, 180, 100)), [])).area == pytest.approx(circle, rel=1e-9)


def test_the_area_seen_is_without_the_shadow_but_with_the_footprint():
    seen = draw_seen(make_scene(make_eyes((0, 0, 20, 0, 180, 100)), [], (WALL, 10.0)))
    # A trapezium from 10 m (10 m wide) to 24 m (24 m wide, where the far wall's shadow ends), less the wall.
    sides = shapely.Polygon([(10, -5), (20, -10), (24, -10), (24, 10), (20, 10), (10, 5)])
    far = shapely.Polygon([(12, -5), (24, -10), (24, 10), (12, 5)])
    shadow = sides.difference(WALL).area
    assert shapely.Point(0, 0).buffer(100, quad_segs=32).area - seen.area == pytest.approx(shadow, rel=1e-9)
    assert far.area < shadow


def test_the_nearest_that_sees_a_place_counts():
    eyes = make_eyes((0, 0, 5, 0, 180, 100), (60, 0, 5, 0, 180, 100), (61, 0, 5, 0, 180, 100))
    found = find_seen(make_scene(eyes, [(20, 0), (5, 0), (500, 0)], (WALL, 50.0)))
    assert found.facility.tolist() == [1, 0, -1] and found.distance[:2].tolist() == [40, 5]


def is_hidden_slowly(eye, height, place, target_m, shape, roof):
    """Whether a point of 2,000 along the sight line is over the footprint and below the roof."""
    if shape.covers(shapely.Point(eye)) or shape.covers(shapely.Point(place)):
        return False
    share = np.linspace(0, 1, 2001)
    along = np.asarray(eye) + share[:, None] * (np.asarray(place) - np.asarray(eye))
    below = height + share * (target_m - height) < roof - 1e-9
    return bool(shapely.contains_properly(shape, shapely.points(along[below])).any()) if below.any() else False


def draw_scene(seed):
    """Three eyes, eight buildings (one a ring, one bent) and forty places."""
    draw = np.random.default_rng(seed)
    eyes = np.stack([*draw.uniform(0, 100, (2, 3)), draw.uniform(0, 30, 3), draw.uniform(0, 360, 3),
                     draw.choice([30, 60, 180.0], 3), draw.uniform(20, 80, 3)], axis=1)  # fmt: skip
    corner, size = draw.uniform(0, 100, (8, 2)), draw.uniform(2, 15, (8, 2))
    shapes = [shapely.box(*at, *(at + wide)) for at, wide in zip(corner, size, strict=True)]
    shapes[0] = shapely.Point(corner[0]).buffer(12).difference(shapely.Point(corner[0]).buffer(8))
    shapes[1] = shapely.union(
        shapely.box(*corner[1], *(corner[1] + [20, 3])), shapely.box(*corner[1], *(corner[1] + [3, 20]))
    )
    blocks = zip(shapes, draw.uniform(0, 40, 8), strict=True)
    return make_scene(
        make_eyes(*eyes), draw.uniform(0, 100, (40, 2)), *blocks, target_m=float(draw.choice([0, 1.5, 25]))
    )


def list_seeing_slowly(scene, place):
    """(distance, eye) of the eyes that see a place."""
    eyes, seeing = scene.eyes, []
    for row in range(len(eyes)):
        east, north = place - eyes.xy[row]
        turned = abs((math.degrees(math.atan2(east, north)) - eyes.direction[row] + 180) % 360 - 180)
        if math.hypot(east, north) > eyes.reach[row] or turned > eyes.half[row]:
            continue
        blocks = zip(scene.blocks.shapes, scene.blocks.height, strict=True)
        line = (eyes.xy[row], eyes.height[row], place, scene.target_m)
        if not any(is_hidden_slowly(*line, shape, roof) for shape, roof in blocks):
            seeing.append((math.hypot(east, north), row))
    return seeing


@pytest.mark.parametrize("seed", range(10))
def test_it_agrees_with_walking_along_each_sight_line(seed):
    scene = draw_scene(seed)
    found, area = find_seen(scene), draw_seen(scene)
    pairs = {(place, eye) for run in list_seen(scene) for place, eye in zip(run.place, run.facility, strict=True)}
    for row, place in enumerate(scene.xy):
        seeing = list_seeing_slowly(scene, place)
        assert found.facility[row] == min(seeing, default=(0, -1))[1]
        assert {eye for _, eye in seeing} == {eye for here, eye in pairs if here == row}
        point = shapely.Point(place)
        # The arc is drawn by a circle's 128 sides, up to 3 cm inside of it.
        assert area.covers(point) == bool(seeing) or area.boundary.distance(point) < 0.03
