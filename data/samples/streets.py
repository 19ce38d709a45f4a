"""The streets: avenues and collectors laid by hand, then blocks split until they have the size of a city's blocks.

Works in the quarter's own frame (0 to 2000 m both ways) and turns the result into EPSG:9210 at the end. Every street
ends on another one or at the edge of the quarter; two mouths on the same street keep a distance, so that what lies
below one never runs beside what lies below the other.
"""

import math
from dataclasses import dataclass, field
from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import polygonize, split, unary_union

from samples import names
from samples.plane import (
    Pair,
    extend_line,
    find_crossings,
    find_sides,
    get_angle,
    get_heading,
    offset_line,
    snap,
    take_polygon,
)

CENTRE = (603_000.0, 1_191_500.0)
TURN = math.radians(11.0)
EDGE: tuple[Pair, ...] = (
    (0, 30), (1010, 0), (1985, 25), (2000, 1000), (1970, 1990), (990, 2000), (15, 1970), (0, 1000)
)  # fmt: skip
CANAL: tuple[Pair, ...] = ((-120, 452), (310, 505), (790, 470), (1190, 535), (1590, 500), (2120, 540))
CANAL_HALF_M = 12.0
NORTH_BANK_M, SOUTH_BANK_M = 40.0, -34.0  # axes of the two roads along the canal
HALVES = {"avenue": 15.0, "collector": 10.0, "street": 9.0, "lane": 8.0}

# name, class, ends in the frame; None: along the canal at that offset
BY_HAND: tuple[tuple[str, str, tuple[Pair, Pair] | float], ...] = (
    ("Võ Văn Kiệt", "avenue", NORTH_BANK_M),
    ("Bến Vân Đồn", "street", SOUTH_BANK_M),
    ("Nguyễn Huệ", "avenue", ((500, -60), (640, 2060))),
    ("Nam Kỳ Khởi Nghĩa", "avenue", ((1420, -60), (1360, 2060))),
    ("Lê Lợi", "avenue", ((-60, 1125), (2060, 1190))),
    ("Pasteur", "collector", ((985, -60), (1010, 2060))),
    ("Trần Hưng Đạo", "collector", ((-60, 1560), (2060, 1600))),
    ("Hàm Nghi", "collector", ((-60, 835), (2060, 860))),
    ("Hoàng Diệu", "collector", ((-60, 245), (2060, 215))),
    ("Tôn Đức Thắng", "collector", ((225, 560), (240, 2060))),
    ("Lý Tự Trọng", "collector", ((1745, 600), (1730, 2060))),
)
# Junctions with the road along the canal, so the line begins exactly on it.
FROM_CANAL_ROAD = {"Tôn Đức Thắng", "Lý Tự Trọng"}
BRIDGES = {"Nguyễn Huệ", "Nam Kỳ Khởi Nghĩa", "Pasteur"}


@dataclass
class Junction:
    """Where another street meets this one: the station here, the other street's half width, the angle between them."""

    station: float
    other: int
    half: float
    angle: float


@dataclass
class Street:
    """A street by its axis. `ends`: the streets its start and its end meet, None where it stops."""

    number: int
    name: str
    kind: str
    half: float
    axis: LineString
    ends: list[int | None] = field(default_factory=lambda: [None, None])
    junctions: list[Junction] = field(default_factory=list)


@dataclass
class Quarter:
    """The street network and what it encloses, in EPSG:9210 once `turn` has been applied."""

    edge: Polygon
    canal: LineString
    streets: list[Street]
    blocks: list[Polygon]


def to_city(point: Pair) -> Pair:
    """From the frame to EPSG:9210."""
    x, y = point[0] - 1000.0, point[1] - 1000.0
    cos, sin = math.cos(TURN), math.sin(TURN)
    return CENTRE[0] + x * cos - y * sin, CENTRE[1] + x * sin + y * cos


def to_frame(point: Pair) -> Pair:
    """From EPSG:9210 to the frame."""
    x, y = point[0] - CENTRE[0], point[1] - CENTRE[1]
    cos, sin = math.cos(TURN), math.sin(TURN)
    return 1000.0 + x * cos + y * sin, 1000.0 - x * sin + y * cos


def make_quarter() -> Quarter:
    """The whole network: by hand first, then by splitting; the blocks are what lies between the axes."""
    random = Random("streets")
    edge, canal = Polygon(EDGE), LineString(CANAL)
    streets = [
        Street(number, name, kind, HALVES[kind], draw_axis(name, ends, edge))
        for number, (name, kind, ends) in enumerate(BY_HAND)
    ]
    meet_canal_road(streets)
    record_crossings(streets)
    longer = [extend_line(street.axis, 1, 1) for street in streets]  # so that rounding opens no gap
    pieces = list(polygonize(unary_union([edge.exterior, *longer])))
    pieces = [piece for piece in pieces if not piece.within(canal.buffer(NORTH_BANK_M + 5))]
    pieces.sort(key=lambda piece: (round(piece.centroid.y), round(piece.centroid.x)))
    blocks = [block for piece in pieces for block in split_block(piece, streets, edge, random)]
    name_streets(streets, random)
    quarter = Quarter(edge, canal, streets, blocks)
    turn(quarter)
    return quarter


def draw_axis(name: str, ends: tuple[Pair, Pair] | float, edge: Polygon) -> LineString:
    """The axis inside the quarter, in the frame."""
    line = offset_line(LineString(CANAL), ends) if isinstance(ends, float) else LineString(ends)
    inside = line.intersection(edge)
    if not isinstance(inside, LineString):
        raise ValueError(f"{name} leaves the quarter and comes back")
    return LineString([snap(*point) for point in inside.coords])


def meet_canal_road(streets: list[Street]) -> None:
    """Let the streets without a bridge begin on the avenue along the north bank."""
    road = streets[0]
    for street in streets:
        if street.name in FROM_CANAL_ROAD:
            first = find_crossings(extend_line(street.axis, 400, 0), road.axis)[0]
            street.axis = LineString([first, street.axis.coords[-1]])
            street.ends[0] = road.number


def record_crossings(streets: list[Street]) -> None:
    """Write down, on both, every junction between two streets."""
    for index, street in enumerate(streets):
        for other in streets[index + 1 :]:
            if street.axis.distance(other.axis) < 1e-6:
                record_junction(street, other, street.axis.buffer(1e-6).intersection(other.axis).centroid)


def record_junction(street: Street, other: Street, place: Point) -> None:
    """Write one junction down on both streets."""
    here, there = street.axis.project(place), other.axis.project(place)
    angle = get_angle(get_heading(street.axis, here), get_heading(other.axis, there))
    street.junctions.append(Junction(here, other.number, other.half, angle))
    other.junctions.append(Junction(there, street.number, street.half, angle))


def get_block_limit(place: Pair) -> float:
    """The area above which a block is split: smaller in the old centre than in the new north-east."""
    return 16_000.0 if place[0] < 1000 or place[1] < 480 else 23_000.0


def split_block(block: Polygon, streets: list[Street], edge: Polygon, random: Random) -> list[Polygon]:
    """Cut a block by new streets until every part is small enough or no place for a street is left."""
    if block.area < get_block_limit((block.centroid.x, block.centroid.y)):
        return [block]
    for attempt in range(240):
        cut = draw_cut(block, random, across=attempt % 4 != 3)
        found = find_hosts(cut, streets) if cut is not None else None
        if cut is None or found is None:
            continue
        kind = "street" if cut.length > 330 or random.random() < 0.25 else "lane"
        street = Street(len(streets), "", kind, HALVES[kind], cut, [host.number if host else None for host in found])
        streets.append(street)
        for host, end in zip(found, (cut.coords[0], cut.coords[-1]), strict=True):
            if host is not None:
                record_junction(street, host, Point(end))
        halves = [take_polygon(part) for part in split(block, extend_line(cut, 1, 1)).geoms]
        parts = sorted(halves, key=lambda part: part.centroid.coords[0])
        return [piece for part in parts for piece in split_block(part, streets, edge, random)]
    return [block]


def draw_cut(block: Polygon, random: Random, across: bool) -> LineString | None:
    """A line across the block's shorter side, or along it, near its middle; None if it would leave a sliver."""
    a, b, c = find_sides(block, longer_first=across)
    share = random.uniform(0.32, 0.68)
    foot = (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
    turn_by = math.radians(random.uniform(-6, 6))
    dx, dy = c[0] - b[0], c[1] - b[1]
    way = (dx * math.cos(turn_by) - dy * math.sin(turn_by), dx * math.sin(turn_by) + dy * math.cos(turn_by))
    line = LineString([(foot[0] - way[0], foot[1] - way[1]), (foot[0] + 2 * way[0], foot[1] + 2 * way[1])])
    inside = line.intersection(block)
    if not isinstance(inside, LineString) or inside.length < 60:
        return None
    if any(get_width(take_polygon(part)) < 64 for part in split(block, extend_line(inside, 1, 1)).geoms):
        return None
    return LineString([snap(*inside.coords[0]), snap(*inside.coords[-1])])


def get_width(block: Polygon) -> float:
    """The shorter side of the smallest rectangle around a block, metres."""
    _, b, c = find_sides(block)
    return math.dist(b, c)


def find_hosts(cut: LineString, streets: list[Street]) -> list[Street | None] | None:
    """The streets both ends meet (None at the edge of the quarter), or None if either end is badly placed."""
    hosts: list[Street | None] = []
    axes = np.array([street.axis for street in streets])
    for end in (Point(cut.coords[0]), Point(cut.coords[-1])):
        metres = shapely.distance(axes, end)
        nearest = int(metres.argmin())
        if metres[nearest] > 0.01:
            hosts.append(None)
            continue
        if not is_good_mouth(streets[nearest], end, cut, 34.0):
            return None
        hosts.append(streets[nearest])
    return None if hosts == [None, None] else hosts


def is_good_mouth(host: Street, end: Point, cut: LineString, gap_m: float) -> bool:
    """Whether a street may meet `host` here: nearly square to it, far from its junctions, its bends and its ends."""
    station = host.axis.project(end)
    way = get_heading(LineString([cut.coords[0], cut.coords[-1]]), 0)
    if get_angle(way, get_heading(host.axis, station)) < 62:
        return False
    if not gap_m / 2 < station < host.axis.length - gap_m / 2:
        return False
    bends = [host.axis.project(Point(bend)) for bend in host.axis.coords[1:-1]]
    if any(abs(station - bend) < 30 for bend in bends):
        return False
    return all(abs(station - junction.station) > gap_m + junction.half for junction in host.junctions)


def name_streets(streets: list[Street], random: Random) -> None:
    """Give each street that has none a name of the city's; when they run out, a number as the city does."""
    pool = list(dict.fromkeys(name.strip() for name in names.STREETS))
    random.shuffle(pool)
    for street in streets:
        if not street.name:
            street.name = pool.pop() if pool else f"Đường số {street.number}"


def turn(quarter: Quarter) -> None:
    """Bring everything from the frame into EPSG:9210."""
    quarter.edge = Polygon([to_city(point) for point in quarter.edge.exterior.coords])
    quarter.canal = LineString([to_city(point) for point in quarter.canal.coords])
    quarter.blocks = [Polygon([to_city(point) for point in block.exterior.coords]) for block in quarter.blocks]
    for street in quarter.streets:
        street.axis = LineString([to_city(point) for point in street.axis.coords])
