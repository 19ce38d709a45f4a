"""Blocks become lots with houses on them; narrow alleys open the depth of the old blocks.

Rows of lots run along the longer side of a block, back to back, an alley between every second pair, as tube houses
stand.
"""

import math
from dataclasses import dataclass
from random import Random

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from samples.plane import Pair, cut_line, find_sides, snap, snap_polygon, take_polygon
from samples.streets import Quarter, Street, is_good_mouth, record_junction, to_city, to_frame


@dataclass(frozen=True)
class Fabric:
    """How a kind of block is built up: lot frontage and depth, yards, metres."""

    name: str
    frontage: tuple[float, float]
    depth: float
    alley: float  # width of the alleys between rows, 0: none
    side_yard: float
    front_yard: float
    back_yard: float


FABRICS = {
    "tube": Fabric("tube", (5.8, 9.6), 19.5, 5.0, 0.0, 0.0, 2.2),
    "villa": Fabric("villa", (12.0, 18.0), 26.0, 6.0, 1.6, 3.0, 3.0),
    "office": Fabric("office", (26.0, 44.0), 52.0, 0.0, 3.5, 5.0, 4.0),
    "apartment": Fabric("apartment", (44.0, 62.0), 62.0, 0.0, 9.0, 9.0, 9.0),
    "campus": Fabric("campus", (48.0, 75.0), 70.0, 0.0, 10.0, 12.0, 10.0),
}
# Blocks that are not built up, by the frame point they lie nearest to.
SPECIAL: dict[str, Pair] = {
    "park_lake": (278, 325),
    "park": (1323, 357),
    "garden": (302, 1508),
    "garden_north": (855, 962),
    "wastewater": (1925, 465),
    "water_plant": (307, 1889),
    "substation": (590, 430),
    "waste": (1934, 300),
    "depot": (1823, 1879),
}


@dataclass
class Lot:
    """A parcel and what is built on it (None: nothing), in EPSG:9210."""

    fabric: str
    parcel: Polygon
    building: Polygon | None
    block: int
    use: str = "other"
    floors: int = 0
    dwellings: int = 0
    residents: int = 0


@dataclass
class Block:
    """A block inside its streets: what may be built on, and what kind it is."""

    number: int
    kind: str
    outline: Polygon  # to the axes of the streets around it
    land: Polygon


def make_blocks(quarter: Quarter) -> tuple[list[Block], list[Lot]]:
    """Every block with its kind, and every lot; the alleys join the quarter's streets."""
    random = Random("blocks")
    lands = [cut_streets_away(block, quarter.streets) for block in quarter.blocks]
    special = {find_nearest(place, lands): kind for kind, place in SPECIAL.items()}
    blocks, lots = [], []
    for number, (outline, land) in enumerate(zip(quarter.blocks, lands, strict=True)):
        kind = special.get(number) or draw_kind(land, random)
        blocks.append(Block(number, kind, outline, land))
        if kind in FABRICS:
            lots.extend(lay_lots(blocks[-1], quarter, random))
    return blocks, lots


def cut_streets_away(block: Polygon, streets: list[Street]) -> Polygon:
    """What a block keeps when the streets around it have taken their width."""
    near = [street for street in streets if street.axis.distance(block) < street.half]
    taken = unary_union([street.axis.buffer(street.half, cap_style="square", join_style="mitre") for street in near])
    return take_polygon(block.difference(taken))


def find_nearest(place: Pair, lands: list[Polygon]) -> int:
    """The number of the block nearest to a point of the frame."""
    point = Point(to_city(place))
    return min(range(len(lands)), key=lambda number: lands[number].distance(point))


def draw_kind(land: Polygon, random: Random) -> str:
    """What kind of block this becomes: tube houses in the west and south, towers and villas in the north-east."""
    x, y = to_frame((land.centroid.x, land.centroid.y))
    if land.area > 24_000:
        return random.choice(["apartment", "campus"])
    if y < 480:
        weights = {"tube": 5, "villa": 1, "office": 2, "apartment": 1, "campus": 1}
    elif x < 1000:
        weights = {"tube": 4, "villa": 1, "office": 3, "apartment": 0, "campus": 2}
    else:
        weights = {"tube": 1, "villa": 6, "office": 3, "apartment": 2, "campus": 1}
    return random.choices(list(weights), list(weights.values()))[0]


def lay_lots(block: Block, quarter: Quarter, random: Random) -> list[Lot]:
    """The lots of a block, row by row; its alleys are added to the streets."""
    fabric = FABRICS[block.kind]
    frame = Rows(block.land, fabric)
    for middle in frame.get_alleys():
        add_alley(frame, middle, block, quarter)
    lots = []
    for row in range(frame.rows):
        lots.extend(lay_row(frame, row, block, random))
    return lots


class Rows:
    """The strips a block is cut into: `origin` and two unit vectors, along the rows and across them."""

    def __init__(self, land: Polygon, fabric: Fabric) -> None:
        a, b, c = find_sides(land)
        self.origin = a
        self.length, self.width = math.dist(a, b), math.dist(b, c)
        self.along = ((b[0] - a[0]) / self.length, (b[1] - a[1]) / self.length)
        self.across = ((c[0] - b[0]) / self.width, (c[1] - b[1]) / self.width)
        self.fabric = fabric
        alleys = 0
        while fabric.alley and (self.width - alleys * fabric.alley) / (2 + 2 * alleys) > fabric.depth:
            alleys += 1
        self.alleys = alleys
        self.rows = 2 + 2 * alleys if fabric.alley else max(1, round(self.width / fabric.depth))
        self.depth = (self.width - alleys * fabric.alley) / self.rows

    def place(self, along: float, across: float) -> Pair:
        """The point at two distances from the origin."""
        return (
            self.origin[0] + self.along[0] * along + self.across[0] * across,
            self.origin[1] + self.along[1] * along + self.across[1] * across,
        )

    def get_span(self, row: int) -> tuple[float, float, bool]:
        """Where a row begins and ends across the block, and whether it faces the lower side."""
        # Rows 0 and 1 stand back to back, then an alley, then rows 2 and 3.
        start = row * self.depth + (row // 2) * (self.fabric.alley if self.alleys else 0.0)
        return start, start + self.depth, row % 2 == 0

    def get_alleys(self) -> list[float]:
        """The middle line of each alley, as a distance across."""
        return [
            2 * index * self.depth + (index - 1) * self.fabric.alley + self.fabric.alley / 2
            for index in range(1, self.alleys + 1)
        ]


def lay_row(frame: Rows, row: int, block: Block, random: Random) -> list[Lot]:
    """The lots of one row; those the block's edge leaves too small are dropped."""
    fabric, lots = frame.fabric, []
    start, end, faces_low = frame.get_span(row)
    along = 0.0
    while along < frame.length - fabric.frontage[0] / 2:
        step = min(random.uniform(*fabric.frontage), frame.length - along)
        parcel = clip(frame, (along, along + step), (start, end), block.land)
        front, back = (fabric.front_yard, fabric.back_yard) if faces_low else (fabric.back_yard, fabric.front_yard)
        sides = (along + fabric.side_yard, along + step - fabric.side_yard)
        house = clip(frame, sides, (start + front, end - back), block.land)
        if parcel.area > 28:
            built = house if house.area > 18 and random.random() > 0.02 else None
            lots.append(Lot(fabric.name, parcel, built, block.number))
            settle(lots[-1], random)
        along += step
    return lots


def settle(lot: Lot, random: Random) -> None:
    """Give a lot its use, its floors and its people."""
    if lot.building is None:
        return
    if lot.fabric in ("tube", "villa"):
        lot.use = random.choices(["residential", "mixed", "commercial"], [70, 22, 8])[0]
        lot.floors = random.choice([2, 3, 3, 4, 4, 5]) if lot.fabric == "tube" else random.choice([2, 2, 3])
        lot.dwellings = 0 if lot.use == "commercial" else random.choice([1, 1, 1, 2])
    elif lot.fabric == "apartment":
        lot.use, lot.floors = "residential", random.choice([12, 15, 18, 21, 25])
        lot.dwellings = lot.floors * max(4, int(lot.building.area / 140))
    elif lot.fabric == "office":
        lot.use, lot.floors = random.choice(["office", "office", "commercial", "mixed"]), random.randrange(6, 32)
        lot.dwellings = lot.floors * 2 if lot.use == "mixed" else 0
    else:
        lot.use = random.choice(["school", "hospital", "public", "religious", "commercial"])
        lot.floors = random.choice([1, 2, 3, 4, 5])
    lot.residents = sum(random.choice([2, 3, 4, 4, 5]) for _ in range(lot.dwellings))


def clip(frame: Rows, along: tuple[float, float], across: tuple[float, float], land: Polygon) -> Polygon:
    """The rectangle between two distances each way, as far as it lies on the land."""
    corners = [(along[0], across[0]), (along[1], across[0]), (along[1], across[1]), (along[0], across[1])]
    shape: BaseGeometry = Polygon([frame.place(*corner) for corner in corners])
    if not land.contains(shape):
        shape = shape.intersection(land)
    return snap_polygon(shape)


def add_alley(frame: Rows, middle: float, block: Block, quarter: Quarter) -> None:
    """Open an alley along a block: to the street at either end where there is room for a mouth, else a dead end."""
    long_line = LineString([frame.place(-60, middle), frame.place(frame.length + 60, middle)])
    full, short = long_line.intersection(block.outline), long_line.intersection(block.land)
    if not (isinstance(full, LineString) and isinstance(short, LineString)) or short.length < 30:
        return
    half = frame.fabric.alley / 2
    inner = cut_line(short, 4.0, short.length - 4.0)  # a dead end stops short of the footway
    points: list[Pair] = []
    hosts: list[Street | None] = []
    for index in (0, -1):
        end = Point(full.coords[index])
        host = find_mouth(quarter.streets, end, long_line, half)
        points.append(snap(*(full if host else inner).coords[index]))
        hosts.append(host)
    if hosts == [None, None]:
        return
    name = f"Hẻm {11 + 7 * (len(quarter.streets) % 23)} {next(host.name for host in hosts if host)}"
    ends = [host.number if host else None for host in hosts]
    alley = Street(len(quarter.streets), name, "alley", half, LineString(points), ends)
    quarter.streets.append(alley)
    for host, point in zip(hosts, points, strict=True):
        if host is not None:
            record_junction(alley, host, Point(point))


def find_mouth(streets: list[Street], end: Point, line: LineString, half: float) -> Street | None:
    """The street an alley may open on at this end; None if there is none, or no room for a mouth."""
    host = min(streets, key=lambda street: street.axis.distance(end))
    if host.kind == "alley" or host.axis.distance(end) >= 0.05:
        return None
    return host if is_good_mouth(host, end, line, 15.0 + half) else None
