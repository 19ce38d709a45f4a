"""The quarter as every generator of assets sees it: streets, blocks, lots, the canal, and questions about them."""

from collections import Counter
from dataclasses import dataclass, field, replace

from shapely import LineString, Point, Polygon

from samples.blocks import Block, Lot, make_blocks
from samples.plane import Pair, find_crossings, snap_polygon
from samples.streets import BRIDGES, Quarter, Street, make_quarter, to_city, to_frame

CANAL_ROADS = (0, 1)  # numbers of the streets north and south of the canal


@dataclass
class City:
    """Everything above the ground. `counters` number the asset codes, prefix by prefix."""

    quarter: Quarter
    blocks: list[Block]
    lots: list[Lot]
    counters: Counter[str] = field(default_factory=Counter)

    @property
    def streets(self) -> list[Street]:
        """Streets and alleys, by number."""
        return self.quarter.streets

    def number(self, prefix: str) -> str:
        """The next asset code with that prefix."""
        self.counters[prefix] += 1
        return f"{prefix}-{self.counters[prefix]:05d}"

    def get_ground(self, place: Pair) -> float:
        """The ground level above Hon Dau, metres: it falls gently to the canal."""
        return 1.7 + 0.004 * self.quarter.canal.distance(Point(place))

    def cut_from_edge(self, area: Polygon) -> Polygon:
        """The part of the quarter inside an area given in the frame, in EPSG:9210."""
        turned = Polygon([to_city(point) for point in area.exterior.coords])
        return snap_polygon(turned.intersection(self.quarter.edge))

    def count_people(self, area: Polygon) -> int:
        """The residents of the lots whose building has its centroid in the area."""
        return sum(lot.residents for lot in self.lots if lot.building and area.contains(lot.building.centroid))

    def get_lands(self, kind: str) -> list[Polygon]:
        """The land of every block of that kind."""
        return [block.land for block in self.blocks if block.kind == kind]


def make_city() -> City:
    """The streets, the blocks and the lots; always the same."""
    quarter = make_quarter()
    blocks, lots = make_blocks(quarter)
    return City(quarter, blocks, lots)


def cut_bridges(streets: list[Street]) -> list[Street]:
    """The streets as a gravity sewer sees them: one that crosses the canal is two, ended on the roads along it."""
    roads = [streets[number].axis for number in CANAL_ROADS]
    result = []
    for street in streets:
        if street.name not in BRIDGES:
            result.append(street)
            continue
        north, south = (find_crossings(street.axis, road)[0] for road in roads)
        first, last = street.axis.coords[0], street.axis.coords[-1]
        result.append(replace(street, axis=LineString([first, south]), ends=[None, CANAL_ROADS[1]]))
        result.append(replace(street, axis=LineString([north, last]), ends=[CANAL_ROADS[0], None]))
    return result


def is_east(street: Street) -> bool:
    """Whether a street lies in the newer half of the quarter, where foul and storm water have their own pipes."""
    middle = street.axis.interpolate(0.5, normalized=True)
    return to_frame((middle.x, middle.y))[0] > 1000
