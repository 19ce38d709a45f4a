"""Quarters of streets drawn from a seed: gaps and bridges, one-way streets, islands, canals, walls, doubled streets.

Corners are jittered, so that two ways are hardly ever equally long, and no limit is met to the millimetre by chance.
"""

from dataclasses import dataclass
from random import Random

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.streets import Barrier, Street, Travel
from tests.database.coverage_oracle.values import Facility, Place

Corner = tuple[float, float]
CLASSES = ("arterial", "local", "alley", "motorway")
SPEEDS = {"arterial": 40.0, "local": 30.0, "alley": 12.0, "motorway": 80.0}
GAPS = (0.0, 0.0, 0.0, 0.0, 0.2, 0.45, 0.7, 3.0)  # what an end stops short; streets are joined up to 0.5 m
BLOCK_M = 60.0


@dataclass(frozen=True)
class StreetScene:
    """One quarter with whom to reach in it. closed: ids of streets that are not there today."""

    streets: tuple[Street, ...]
    travel: Travel
    barriers: tuple[Barrier, ...]
    places: tuple[Place, ...]
    facilities: tuple[Facility, ...]
    closed: frozenset[int]


def make_scene(seed: int) -> StreetScene:
    """The quarter of a seed."""
    random = Random(seed)
    size = random.randint(2, 4)
    corners = {(i, j): jitter(random, i * BLOCK_M, j * BLOCK_M, 14) for i in range(size) for j in range(size)}
    corners |= {(i + 9, 0): jitter(random, (i + 9) * BLOCK_M, 0, 14) for i in range(2)}  # an island
    lines = draw_lines(random, corners, size)
    streets = tuple(dress(random, number, line) for number, line in enumerate(lines, 1))
    speeds = SPEEDS if random.random() < 0.4 else None
    travel = Travel(
        excluded=frozenset({"motorway"}) if random.random() < 0.7 else frozenset(), one_way=random.random() < 0.6,
        speeds_kmh=speeds, walking_kmh=4.5, join_m=0.5, snap_m=random.choice((20.0, 45.0)),
        direction=random.choice(("to", "from")),
    )  # fmt: skip
    extent = size * BLOCK_M
    reach = random.choice((60.0, 150.0, 400.0)) * (1.0 if speeds is None else 0.006)
    return StreetScene(
        streets, travel, tuple(draw_barriers(random, extent)),
        tuple(draw_place(random, number, lines, extent) for number in range(1, 13)),
        tuple(Facility(number, draw_shape(random, lines, extent), reach * random.choice((1, 1, 0.5)))
              for number in range(1, random.randint(2, 5))),
        frozenset(each.id for each in streets if random.random() < 0.08),
    )  # fmt: skip


def jitter(random: Random, east: float, north: float, by: float) -> Corner:
    """A point near another, to the tenth of a millimetre."""
    return round(east + random.uniform(-by, by), 4), round(north + random.uniform(-by, by), 4)


def draw_lines(random: Random, corners: dict[tuple[int, int], Corner], size: int) -> list[LineString]:
    """Streets from corner to corner, some stopping short, some bent; long ones through; rings, stubs and doubles."""
    lines = []
    for (i, j), start in corners.items():
        for other in ((i + 1, j), (i, j + 1)):
            if other in corners and random.random() < 0.8:
                lines.append(draw_street(random, start, corners[other]))
    if random.random() < 0.6:  # a long street: the corners it passes are no ends of it
        row = random.randrange(size)
        lines.append(LineString([corners[i, row] for i in range(size)]))
    if random.random() < 0.5:  # a bridge over everything
        lines.append(LineString([jitter(random, -20, -20, 9), jitter(random, size * BLOCK_M, size * BLOCK_M, 9)]))
    if random.random() < 0.4:
        x, y = corners[0, 0]
        lines.append(LineString([(x, y), (x - 30, y - 3), (x - 17, y - 31.5), (x, y)]))
    if random.random() < 0.4:
        x, y = corners[0, 1]
        lines.append(LineString([(x, y), (x - 0.3, y)]))
    lines += [line for line in lines if random.random() < 0.1]
    return lines or [LineString([corners[0, 0], corners[0, 1]])]


def draw_street(random: Random, start: Corner, end: Corner) -> LineString:
    """One street between two corners, drawn either way."""
    line = LineString([start, end])
    gap = random.choice(GAPS)
    points = [line.interpolate(gap).coords[0], line.interpolate(line.length - random.choice(GAPS)).coords[0]]
    if random.random() < 0.3:
        middle = line.interpolate(line.length * random.uniform(0.3, 0.7))
        points.insert(1, jitter(random, middle.x, middle.y, 12))
    return LineString(points if random.random() < 0.5 else points[::-1])


def dress(random: Random, number: int, line: LineString) -> Street:
    """The street of a line: its class, and whether it is one-way."""
    return Street(number, line, random.choices(CLASSES, (2, 6, 2, 1))[0], random.random() < 0.3)


def draw_barriers(random: Random, extent: float) -> list[Barrier]:
    """A canal, a wall across streets, ground that nobody may enter: none, some or all of them."""
    barriers = []
    if random.random() < 0.5:
        at, wide = random.uniform(0.2, 0.8) * extent, random.uniform(4, 12)
        tilt = random.uniform(-15, 15)
        canal = [(-50, at), (extent + 50, at + tilt), (extent + 50, at + tilt + wide), (-50, at + wide)]
        barriers.append(Barrier(Polygon(canal)))
    if random.random() < 0.3:
        wall = LineString([jitter(random, extent / 2, -9, 30), jitter(random, extent / 2, extent / 2, 30)])
        barriers.append(Barrier(wall, random.choice(("streets", "access"))))
    if random.random() < 0.3:
        middle = jitter(random, extent / 2, extent / 2, extent / 2)
        barriers.append(Barrier(Point(middle).buffer(17.3, quad_segs=2), "streets"))
    return barriers


def draw_place(random: Random, number: int, lines: list[LineString], extent: float) -> Place:
    """A place anywhere, beside a street or on one."""
    return Place(number, draw_point(random, lines, extent), random.randint(0, 9))


def draw_point(random: Random, lines: list[LineString], extent: float) -> Point:
    """A point anywhere, beside a street, on one, or at its end."""
    line = random.choice(lines)
    where = random.random()
    if where < 0.4:
        return Point(jitter(random, extent / 2, extent / 2, extent / 2 + 30))
    if where < 0.5:
        return Point(random.choice(line.coords))
    point = line.interpolate(random.random() * line.length)
    return Point(jitter(random, point.x, point.y, 25)) if where < 0.9 else point


def draw_shape(random: Random, lines: list[LineString], extent: float) -> BaseGeometry:
    """A facility: mostly a point, else an area or a line."""
    point = draw_point(random, lines, extent)
    if random.random() < 0.7:
        return point
    near = [jitter(random, point.x, point.y, 20) for _ in range(3)]
    return Polygon(near) if random.random() < 0.6 else LineString(near)
