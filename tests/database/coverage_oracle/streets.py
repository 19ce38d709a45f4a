"""Ways along streets by networkx: every street a chain of nodes, one at each station where anything happens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise, product

import networkx as nx
from shapely import LineString, Point, shortest_line
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import MILLIMETRE, Facility, Place

SAME_STATION_M = 1e-6
HAIR_M = 2e-6
Station = tuple[int, float]  # street, metres from its start
Span = tuple[float, float]


@dataclass(frozen=True)
class Street:
    """One row of the streets."""

    id: int
    line: LineString
    kind: str = "local"
    one_way: bool = False


@dataclass(frozen=True)
class Barrier:
    """What may not be crossed: off the streets only (access) or on them too (streets)."""

    shape: BaseGeometry
    blocks: str = "access"


@dataclass(frozen=True)
class Travel:
    """How one travels. speeds_kmh: by class, where distances are minutes; without it they are metres."""

    excluded: frozenset[str] = frozenset()
    one_way: bool = False
    speeds_kmh: Mapping[str, float] | None = None
    walking_kmh: float = 5.0
    join_m: float = 0.5
    snap_m: float = 100.0
    direction: str = "to"  # the facility, or "from" it


@dataclass
class Network:
    """The streets that may be used, as one graph that is cut where ways begin and end."""

    streets: Iterable[Street]
    travel: Travel
    barriers: tuple[Barrier, ...] = ()
    lines: dict[int, Street] = field(init=False)
    spans: dict[int, list[Span]] = field(init=False)
    joined: list[tuple[Station, Station]] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = {each.id: each for each in self.streets if each.kind not in self.travel.excluded}
        self.joined = list(find_joints(list(self.lines.values()), self.travel.join_m + MILLIMETRE))
        cutting = [each.shape for each in self.barriers if each.blocks == "streets"]
        self.spans = {each.id: cut_spans(each.line, cutting) for each in self.lines.values()}

    def measure(self, places: list[Place], facilities: list[Facility]) -> dict[tuple[int, int], float]:
        """Distances from the door of every place to every facility, metres or minutes; no way, no entry."""
        starts = {each.id: self.walk(each.point) for each in places}
        ends = {each.id: self.walk(each.shape) for each in facilities}
        here = {each: way for each, way in starts.items() if way}
        there = {each: way for each, way in ends.items() if way}
        graph = self.draw([way[0] for way in (*here.values(), *there.values())])
        if self.travel.direction == "to":
            graph = graph.reverse()
        found = {}
        for facility, (station, off) in there.items():
            lengths = nx.single_source_dijkstra_path_length(graph, self.name(station), weight="cost")
            for place, (other, other_off) in here.items():
                if self.name(other) in lengths:
                    found[place, facility] = lengths[self.name(other)] + self.walk_cost(off + other_off)
        return found

    def walk(self, shape: BaseGeometry) -> tuple[Station, float] | None:
        """The station of the nearest street one can walk to straight, and how far it is; None if there is none."""
        near = []
        for number, spans in self.spans.items():
            line = self.lines[number].line
            ways = [shortest_line(shape, cut(line, span)) for span in spans]
            ways = [way for way in ways if way.length <= self.travel.snap_m + MILLIMETRE]
            if ways:
                way = min(ways, key=lambda each: each.length)
                near.append((way.length, number, way))
        for length, number, way in sorted(near, key=lambda each: each[:2]):
            if not any(crosses(way, barrier.shape) for barrier in self.barriers):
                return (number, self.lines[number].line.project(Point(way.coords[-1]))), length
        return None

    def draw(self, stations: Iterable[Station]) -> nx.DiGraph:
        """The graph with a node at every end, joint and station given, and the cost of each piece between."""
        marks: dict[int, set[float]] = {each: set() for each in self.lines}
        for number, station in (*stations, *(each for pair in self.joined for each in pair)):
            marks[number].add(station)
        graph = nx.DiGraph()
        for number, spans in self.spans.items():
            for first, last in spans:
                inside = {first, last, *(mark for mark in marks[number] if first <= mark <= last)}
                for a, b in pairwise(sorted(inside)):
                    self.add_piece(graph, (number, a), (number, b))
        for a, b in self.joined:
            if self.is_left(a) and self.is_left(b):
                self.add_edge(graph, a, b, 0.0)
                self.add_edge(graph, b, a, 0.0)
        return graph

    def add_piece(self, graph: nx.DiGraph, a: Station, b: Station) -> None:
        """A piece of a street, both ways unless it is one-way and that counts."""
        street = self.lines[a[0]]
        cost = b[1] - a[1]
        if self.travel.speeds_kmh is not None:
            cost *= 0.06 / self.travel.speeds_kmh[street.kind]
        self.add_edge(graph, a, b, cost)
        if not (street.one_way and self.travel.one_way) or cost == 0.0:
            self.add_edge(graph, b, a, cost)

    def add_edge(self, graph: nx.DiGraph, a: Station, b: Station, cost: float) -> None:
        """One edge; of two between the same nodes the cheaper."""
        known = graph.get_edge_data(self.name(a), self.name(b))
        if known is None or cost < known["cost"]:
            graph.add_edge(self.name(a), self.name(b), cost=cost)

    def name(self, station: Station) -> tuple[int, int]:
        """The node of a station: stations nearer than a thousandth of a millimetre are one."""
        return station[0], round(station[1] / SAME_STATION_M)

    def is_left(self, station: Station) -> bool:
        """Whether a station is on a part of its street that no barrier has taken."""
        return any(first <= station[1] <= last for first, last in self.spans[station[0]])

    def walk_cost(self, metres: float) -> float:
        """What the ways off the streets cost."""
        return metres if self.travel.speeds_kmh is None else metres * 0.06 / self.travel.walking_kmh


def find_joints(streets: list[Street], join_m: float) -> Iterable[tuple[Station, Station]]:
    """Ends that are one point, and ends with the point of another's line at which it is split."""
    ends = [(each, station, Point(each.line.coords[which]))
            for each in streets for which, station in ((0, 0.0), (-1, each.line.length))]  # fmt: skip
    for (one, a, point), (other, b, place) in combinations(ends, 2):
        if point.distance(place) <= join_m:
            yield (one.id, a), (other.id, b)
    for (one, a, point), other in product(ends, streets):
        if one is other or point.distance(other.line) > join_m:
            continue
        if all(point.distance(Point(other.line.coords[which])) > join_m for which in (0, -1)):
            yield (one.id, a), (other.id, other.line.project(point))


def cut_spans(line: LineString, cutting: list[BaseGeometry]) -> list[Span]:
    """What barriers leave of a street, as stations from and to."""
    spans = [(0.0, line.length)]
    for shape in cutting:
        spans = [part for span in spans for part in cut_span(line, span, shape)]
    return spans


def cut_span(line: LineString, span: Span, shape: BaseGeometry) -> list[Span]:
    """What one barrier leaves of a part of a street: without what is inside an area, in two at each line."""
    edge = shape.boundary if shape.area else shape
    met = line.intersection(edge)
    stations = sorted({line.project(Point(*point)) for part in getattr(met, "geoms", [met]) for point in part.coords})
    marks = [span[0], *(each for each in stations if span[0] < each < span[1]), span[1]]
    # A part ends a hair before the line that cuts it, so that two parts have no station in common.
    parts = [(a + HAIR_M * (a != span[0]), b - HAIR_M * (b != span[1])) for a, b in pairwise(marks)]
    if not shape.area:
        return parts
    return [(a, b) for a, b in parts if not shape.contains(line.interpolate((a + b) / 2))]


def cut(line: LineString, span: Span) -> LineString:
    """The part of a line between two stations."""
    if span == (0.0, line.length):
        return line
    walked, points = 0.0, [line.interpolate(span[0])]
    for a, b in pairwise(line.coords):
        walked += Point(a).distance(Point(b))
        if span[0] < walked < span[1]:
            points.append(Point(b))
    return LineString([*points, line.interpolate(span[1])])


def crosses(way: LineString, shape: BaseGeometry) -> bool:
    """Whether a straight way goes across a barrier; who starts inside an area may leave it."""
    if shape.area:
        if shape.contains(Point(way.coords[0])):
            return False
        return way.length > 0 and not way.touches(shape) and way.intersects(shape)
    return way.crosses(shape)
