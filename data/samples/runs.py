"""Runs: the line of one network along one street, from mouth to mouth, and the nodes where runs meet.

A run that comes to a street that has the same network ends exactly on that street's run; two runs that cross share a
node. So joined pipes share the node to the digit, and everything else crosses at the angle of the streets.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from shapely import LineString, Point

from samples.plane import Pair, cut_line, extend_line, find_crossings, get_place, offset_line, snap
from samples.sections import get_offsets
from samples.streets import Junction, Street


@dataclass
class Run:
    """One line along one street; `nodes` are stations along `line` with the rounded point there."""

    street: Street
    offset: float
    line: LineString
    nodes: dict[float, Pair] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)  # stations of what branches off square to the run
    meets: list[bool] = field(default_factory=lambda: [False, False])  # whether each end lies on another run


@dataclass(frozen=True)
class Piece:
    """A run between two neighbouring nodes."""

    run: Run
    line: LineString

    @property
    def ends(self) -> tuple[Pair, Pair]:
        """The nodes it joins."""
        return self.line.coords[0], self.line.coords[-1]


def lay_runs(streets: Iterable[Street], network: str, wanted: Callable[[Street], bool]) -> list[Run]:
    """The runs of a network along every wanted street, ended on each other and with nodes where they meet."""
    runs = [
        Run(street, offset, offset_line(street.axis, offset))
        for street in streets
        if wanted(street)
        for offset in get_offsets(street, network)
    ]
    by_street: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        by_street[run.street.number].append(run)
    originals = {number: [run.line for run in group] for number, group in by_street.items()}
    for run in runs:
        end_run(run, originals)
    for run in runs:
        join_run(run, by_street)
    return runs


def end_run(run: Run, lines: dict[int, list[LineString]]) -> None:
    """Make both ends of a run end on the nearest run of the street it comes to, or where the street ends."""
    for index, host in enumerate(run.street.ends):
        targets = lines.get(host, []) if host is not None else []
        if not targets:
            continue
        longer = extend_line(run.line, 25 if index == 0 else 0, 25 if index == 1 else 0)
        hits = [point for target in targets for point in find_crossings(longer, target)]
        if not hits:
            continue
        # Coming from inside the street, the first run met is the one to join.
        stations = sorted(longer.project(Point(hit)) for hit in hits)
        near_end = [s for s in stations if (s < 60 if index == 0 else s > longer.length - 60)]
        if not near_end:
            continue
        if index == 0:
            run.line = cut_line(longer, near_end[-1], longer.length)
        else:
            run.line = cut_line(longer, 0, near_end[0])
        run.meets[index] = True


def join_run(run: Run, by_street: dict[int, list[Run]]) -> None:
    """Put a node on a run, and on the other, wherever it meets a run of a street that joins its own."""
    for end, station in ((0, 0.0), (-1, run.line.length)):
        run.nodes.setdefault(round(station, 3), snap(*run.line.coords[end]))
    numbers = {junction.other for junction in run.street.junctions}
    for number in sorted(numbers):
        for other in by_street.get(number, []):
            for place in meet(run, other):
                add_node(run, place)
                add_node(other, place)


def meet(run: Run, other: Run) -> list[Pair]:
    """Where two runs meet: an end of one on the other, or a crossing; rounded."""
    for one, two in ((run, other), (other, run)):
        for end in (0, -1):
            if one.meets[end] and two.line.distance(Point(one.line.coords[end])) < 0.002:
                return [snap(*one.line.coords[end])]
    return [snap(*place) for place in find_crossings(run.line, other.line)]


def add_node(run: Run, place: Pair) -> None:
    """A node at a place on the run, unless there is one within a hand's breadth."""
    station = round(run.line.project(Point(place)), 3)
    near = [known for known in run.nodes if abs(known - station) < 0.05]
    for known in near:
        del run.nodes[known]
    run.nodes[station] = place


def add_stations(run: Run, spacing_m: float, is_free: Callable[[Run, float], bool]) -> None:
    """Nodes between the nodes, at most about `spacing_m` apart, only where `is_free` allows one."""
    stations = sorted(run.nodes)
    for start, end in pairwise(stations):
        count = int((end - start) / spacing_m) + 1
        for index in range(1, count):
            station = start + (end - start) * index / count
            for shift in (0.0, 3.0, -3.0, 6.0, -6.0):
                if is_free(run, station + shift):
                    point = run.line.interpolate(station + shift)
                    run.nodes[round(station + shift, 3)] = snap(point.x, point.y)
                    break


def is_open(run: Run, station: float, margin_m: float = 2.0) -> bool:
    """Whether a station lies clear of the mouths of other streets and of the run's own ends."""
    if not 3.0 < station < run.line.length - 3.0:
        return False
    place = run.line.interpolate(station)
    return is_open_street(run.street, run.street.axis.project(place), run.offset, margin_m)


def is_open_street(street: Street, station: float, offset: float, margin_m: float = 2.0) -> bool:
    """Whether a station along a street's axis lies clear of every mouth, seen from a line at `offset`."""
    mouths = (get_mouth(junction, offset, margin_m) for junction in street.junctions)
    return not any(low < station < high for low, high in mouths)


def get_mouth(junction: Junction, offset: float, margin_m: float) -> tuple[float, float]:
    """The stations between which another street, and what lies below it, may cross a line at `offset`."""
    sine = max(0.3, math.sin(math.radians(junction.angle)))
    shear = abs(offset) * (1 - sine * sine) ** 0.5 / sine
    reach = (junction.half + margin_m) / sine + shear
    return junction.station - reach, junction.station + reach


def get_pieces(run: Run) -> list[Piece]:
    """The run cut at its nodes, in order; both ends of each piece are the nodes themselves."""
    stations = sorted(run.nodes)
    pieces = []
    for start, end in pairwise(stations):
        inner = list(cut_line(run.line, start, end).coords)[1:-1]
        first, last = run.nodes[start], run.nodes[end]
        inner = [point for point in inner if min(math.dist(point, first), math.dist(point, last)) > 0.05]
        pieces.append(Piece(run, LineString([first, *inner, last])))
    return pieces


def cut_between_mouths(run: Run, least_m: float) -> list[LineString]:
    """The stretches of a run between the mouths of other streets, for what does not go through a crossing."""
    street, stretches, start = run.street, [], 3.0
    mouths = sorted(get_mouth(junction, run.offset, 2.5) for junction in street.junctions)
    for low, high in [*mouths, (street.axis.length - 3.0, math.inf)]:
        if low - start >= least_m:
            ends = [Point(get_place(street.axis, station, run.offset)) for station in (start, low)]
            stretches.append(cut_line(run.line, *(run.line.project(end) for end in ends)))
        start = max(start, high)
    return stretches
