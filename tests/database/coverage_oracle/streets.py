"""Ways along streets by networkx: every street a chain of nodes, one at each station where anything happens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

import networkx as nx
import numpy as np
from shapely import LineString, Point, STRtree, distance, get_coordinates, prepare, shortest_line
from shapely.geometry.base import BaseGeometry

from tests.database.coverage_oracle.values import MILLIMETRE, Facility, Place

SAME_STATION_M = 1e-6
HAIR_M = 2e-6
NEAREST_M = 1e-6
EQUAL_M = 1e-5  # of two streets drawn on one line the smaller id counts, whatever the last digits say
Station = tuple[int, float]  # street, metres from its start
Way = tuple[Station, float]
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
    steps: list[tuple[Station, Station, float]] = field(init=False)
    known: dict[Point, Way | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = {each.id: each for each in self.streets if each.kind not in self.travel.excluded}
        prepare([each.shape for each in self.barriers])
        cutting = [each.shape for each in self.barriers if each.blocks == "streets"]
        self.spans = {each.id: cut_spans(each.line, cutting) for each in self.lines.values()}
        joints = find_joints(list(self.lines.values()), self.travel.join_m + MILLIMETRE)
        self.marks: dict[int, set[float]] = {each: set() for each in self.lines}
        self.steps = []
        for a, b in joints:
            self.marks[a[0]].add(a[1])
            self.marks[b[0]].add(b[1])
            step = LineString([self.place(a), self.place(b)])
            if not any(is_cut(step, shape) for shape in cutting):
                self.steps.append((a, b, step.length))

    def place(self, station: Station) -> Point:
        """Where a station is."""
        return self.lines[station[0]].line.interpolate(station[1])

    def measure(
        self, places: list[Place], facilities: list[Facility], limit: float | None = None
    ) -> dict[tuple[int, int], float]:
        """Distances of every place to every facility, metres or minutes; no way, no entry.

        limit: ways that are longer may be left out.
        """
        here = {each.id: self.find_way(each.point) for each in places}
        doors = {each.id: self.find_doors(each.shape) for each in facilities}
        graph = self.draw(
            [way[0] for way in (*here.values(), *(door for each in doors.values() for door in each)) if way]
        )
        if self.travel.direction == "to":
            graph = graph.reverse()
        at: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for place, way in here.items():
            if way:
                at.setdefault(self.name(way[0]), []).append((place, self.walk_cost(way[1])))
        found: dict[tuple[int, int], float] = {}
        for facility, ways in doors.items():
            graph.add_weighted_edges_from((("to", self.name(door), self.walk_cost(off)) for door, off in ways), "cost")
            lengths = nx.single_source_dijkstra_path_length(graph, "to", limit, "cost") if ways else {}
            for node, length in lengths.items():
                found.update({(place, facility): length + off for place, off in at.get(node, ())})
            graph.remove_nodes_from(["to"])
        return found

    def find_doors(self, shape: BaseGeometry) -> list[Way]:
        """Where streets lead to a facility: to a point as to a place, to a line or area from every straight stretch."""
        if isinstance(shape, Point):
            way = self.walk(shape)
            return [way] if way else []
        doors = []
        for index in self.list_near(shape):
            number, span = self.stretches[index]
            stretch = self.shapes[index]
            off = stretch.distance(shape)
            stations = list_nearest(stretch, shape, off)
            for station in {min(stations), max(stations)}:
                way = shortest_line(shape, stretch.interpolate(station))
                if not self.is_barred(way):
                    doors.append((self.stand(number, span[0] + station), way.length))
        return doors

    def find_way(self, point: Point) -> Way | None:
        """The way of a point, looked for once."""
        if point not in self.known:
            self.known[point] = self.walk(point)
        return self.known[point]

    def walk(self, point: Point) -> Way | None:
        """The station of the nearest street one can walk to straight, and how far it is; None if there is none."""
        near = self.list_near(point)
        best: list[tuple[float, int, float]] = []
        for length, index in sorted(zip(distance(self.shapes[near], point).tolist(), near, strict=True)):
            if best and length > best[0][0] + EQUAL_M:
                break
            number, span = self.stretches[index]
            station = self.shapes[index].project(point)
            way = LineString([point, self.shapes[index].interpolate(station)])
            if not self.is_barred(way):
                best.append((way.length, number, span[0] + station))
        if not best:
            return None
        length, number, station = min(best, key=lambda each: each[1:])
        return self.stand(number, station), length

    def list_near(self, shape: BaseGeometry) -> list[int]:
        """The stretches within walking distance of a shape."""
        return sorted(self.tree.query(shape, predicate="dwithin", distance=self.travel.snap_m + MILLIMETRE).tolist())

    @cached_property
    def stretches(self) -> list[tuple[int, Span]]:
        """Every stretch, by the street and the stations from and to."""
        return list(self.find_stretches())

    @cached_property
    def shapes(self) -> np.ndarray:
        """The stretches drawn."""
        return np.array([cut(self.lines[number].line, span) for number, span in self.stretches], dtype=object)

    @cached_property
    def tree(self) -> STRtree:
        """Which stretches are worth asking comes from here, what they answer does not."""
        return STRtree(self.shapes)

    def find_stretches(self) -> Iterable[tuple[int, Span]]:
        """The straight stretches of all streets: from one corner, joint or cut to the next."""
        for number, spans in self.spans.items():
            line = self.lines[number].line
            corners = {*measure_corners(line), *self.marks[number]}
            for first, last in spans:
                marks = sorted({first, last, *(each for each in corners if first < each < last)})
                yield from ((number, (a, b)) for a, b in pairwise(marks) if b - a > SAME_STATION_M)

    def stand(self, number: int, station: float) -> Station:
        """A station, or the joint, cut or end of its street within a millimetre of it."""
        nodes = {*self.marks[number], *(end for span in self.spans[number] for end in span)}
        nearest = min(nodes, key=lambda each: abs(each - station))
        return number, nearest if abs(nearest - station) <= MILLIMETRE else station

    def is_barred(self, way: LineString) -> bool:
        """Whether a way off the streets crosses a barrier."""
        return any(barrier.shape.intersects(way) and crosses(way, barrier.shape) for barrier in self.barriers)

    def draw(self, stations: Iterable[Station]) -> nx.DiGraph:
        """The graph with a node at every end, joint and station given, and the cost of each piece between."""
        marks = {number: set(known) for number, known in self.marks.items()}
        for number, station in stations:
            marks[number].add(station)
        graph = nx.DiGraph()
        for number, spans in self.spans.items():
            for first, last in spans:
                inside = {first, last, *(mark for mark in marks[number] if first <= mark <= last)}
                for a, b in pairwise(sorted(inside)):
                    self.add_piece(graph, (number, a), (number, b))
        for a, b, length in self.steps:
            if self.is_left(a) and self.is_left(b):
                self.add_edge(graph, a, b, self.walk_cost(length))
                self.add_edge(graph, b, a, self.walk_cost(length))
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
    points, lines = [point for *_, point in ends], [each.line for each in streets]
    for one, other in ask_tree(points, points, join_m):
        if one < other:
            yield (ends[one][0].id, ends[one][1]), (ends[other][0].id, ends[other][1])
    for index, row in ask_tree(points, lines, join_m):
        (one, a, point), other = ends[index], streets[row]
        if one is other:
            continue
        if all(point.distance(Point(other.line.coords[which])) > join_m for which in (0, -1)):
            yield (one.id, a), (other.id, other.line.project(point))


def ask_tree(points: list[Point], shapes: list[BaseGeometry], within_m: float) -> list[tuple[int, int]]:
    """The rows of points and of shapes that lie within a distance of each other."""
    return sorted(zip(*STRtree(shapes).query(points, predicate="dwithin", distance=within_m).tolist(), strict=True))


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


def list_nearest(stretch: LineString, shape: BaseGeometry, off: float) -> list[float]:
    """The stations of a straight stretch that are as near to a shape as any: where they begin and end is among them."""
    met = stretch.intersection(shape)
    corners = (*get_coordinates(shape), *get_coordinates(met), *stretch.coords)
    stations = {stretch.project(Point(*point)) for point in corners}
    return [each for each in stations if stretch.interpolate(each).distance(shape) <= off + NEAREST_M]


def measure_corners(line: LineString) -> list[float]:
    """The stations of a line's vertices."""
    lengths = [Point(a).distance(Point(b)) for a, b in pairwise(line.coords)]
    return list(accumulate(lengths, initial=0.0))


def cut(line: LineString, span: Span) -> LineString:
    """The straight part of a line between two stations."""
    return LineString([line.interpolate(span[0]), line.interpolate(span[1])])


def is_cut(step: LineString, shape: BaseGeometry) -> bool:
    """Whether a barrier on streets cuts the step between what is joined, or lies on one of its ends."""
    ends = [Point(each) for each in step.coords]
    return any(end.distance(shape) <= MILLIMETRE for end in ends) or crosses(step, shape)


def crosses(way: LineString, shape: BaseGeometry) -> bool:
    """Whether a straight way, less a millimetre at each end, goes across a barrier; one may leave an area one is in."""
    if way.length <= 2 * MILLIMETRE:
        return False
    start = Point(way.coords[0])
    way = cut(way, (MILLIMETRE, way.length - MILLIMETRE))
    if not shape.area:
        return way.intersects(shape)
    return not shape.contains(start) and way.intersects(shape) and not way.touches(shape)
