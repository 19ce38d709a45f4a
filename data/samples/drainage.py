"""Sewers: combined in the old half, foul and storm apart in the new one; they fall to the canal and the pump stations.

Every node is a manhole. Levels are designed as an engineer does: from the far ends down, each pipe deep enough for its
cover and never higher than what flows into it.
"""

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from random import Random

from shapely import LineString, Point

from samples import names
from samples.assets import Asset, Value, describe_survey, draw_date
from samples.city import City, cut_bridges, is_east
from samples.outlets import Outlets
from samples.plane import Pair, get_place
from samples.runs import Piece, add_stations, get_pieces, is_open, is_open_street, lay_runs
from samples.sections import get_offsets
from samples.streets import Street

FALL = 0.0012  # least slope of a sewer
STORM_SIZES = ((4, 400), (10, 600), (24, 800), (50, 1000), (10_000, 1500))
FOUL_SIZES = ((8, 300), (20, 400), (60, 500), (150, 600), (400, 800), (10_000, 1200))
LANE_LIMIT = {"lane": 1000, "street": 1000, "alley": 300}


@dataclass
class Sewer:
    """A pipe between two manholes, drawn downstream."""

    line: LineString
    street: Street
    network: str
    size: int = 300
    up: float = 0.0
    down: float = 0.0


def make_drainage(city: City, outlets: Outlets) -> list[Asset]:
    """Pipes, manholes, inlets and outfalls of both networks."""
    random = Random("drainage")
    streets = cut_bridges(city.streets)
    assets: list[Asset] = []
    for network, is_wanted in (("storm", has_storm), ("foul", lambda street: True)):
        runs = lay_runs(streets, network, is_wanted)
        ends = outlets.connect(runs, network)
        for run in runs:
            add_stations(run, 42.0 if network == "foul" else 48.0, is_open)
        pieces = [piece for run in runs for piece in get_pieces(run) if piece.line.length > 0.5]
        sewers = design(city, [*pieces, *ends], network, outlets)
        assets += [describe_sewer(city, sewer, random) for sewer in sewers]
        assets += describe_manholes(city, sewers, random)
    return assets + place_inlets(city, random)


def has_storm(street: Street) -> bool:
    """Whether a storm drain of its own lies in this street."""
    return street.kind in ("avenue", "collector") or (street.kind != "alley" and is_east(street)) or street.number == 1


def design(city: City, pieces: list[Piece], network: str, outlets: Outlets) -> list[Sewer]:
    """Direct every pipe downstream, size it by what drains into it, and set the levels of its ends."""
    around: dict[Pair, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        for end in piece.ends:
            around[end].append(index)
    distance, way_out = walk_upstream(pieces, around, outlets.sinks[network])
    sewers = [direct(piece, distance, network) for piece in pieces]
    order = sorted(distance, key=lambda node: (-distance[node], node))
    load: dict[Pair, int] = defaultdict(int)
    for node in order:
        if node in way_out:
            sewer = sewers[way_out[node]]
            load[node] += 1
            sewer.size = get_size(network, load[node], sewer.street)
            load[sewer.line.coords[-1]] += load[node]
    for node in reversed(order):  # what flows into an alley's small sewer is no larger than that
        if node in way_out:
            sewer = sewers[way_out[node]]
            below = way_out.get(sewer.line.coords[-1])
            sewer.size = sewer.size if below is None else min(sewer.size, sewers[below].size)
    set_levels(city, sewers, order, way_out, network)
    main = {id(sewers[index]) for index in way_out.values()}
    return drop_narrow([sewer for sewer in sewers if sewer.line.coords[0] in distance], main)


def drop_narrow(sewers: list[Sewer], main: set[int]) -> list[Sewer]:
    """The sewers without those that branch off the way out and are narrower than what flows into them."""
    widest: dict[Pair, int] = defaultdict(int)
    for sewer in sewers:
        lower = sewer.line.coords[-1]
        widest[lower] = max(widest[lower], sewer.size)
    return [each for each in sewers if id(each) in main or each.size >= widest[each.line.coords[0]]]


def walk_upstream(
    pieces: list[Piece], around: dict[Pair, list[int]], sinks: list[Pair]
) -> tuple[dict[Pair, float], dict[Pair, int]]:
    """The length of pipe from every node to the nearest outlet, and the first pipe of that way."""
    distance: dict[Pair, float] = {}
    way_out: dict[Pair, int] = {}
    queue: list[tuple[float, Pair, int]] = [(0.0, sink, -1) for sink in sinks]
    heapq.heapify(queue)
    while queue:
        walked, node, by = heapq.heappop(queue)
        if node in distance:
            continue
        distance[node] = walked
        if by >= 0:
            way_out[node] = by
        for index in around[node]:
            a, b = pieces[index].ends
            other = b if a == node else a
            if other not in distance:
                heapq.heappush(queue, (walked + pieces[index].line.length, other, index))
    return distance, way_out


def direct(piece: Piece, distance: dict[Pair, float], network: str) -> Sewer:
    """The pipe drawn from its upper to its lower end."""
    a, b = piece.ends
    line = piece.line
    if distance.get(a, 0) < distance.get(b, 0):
        line = LineString(list(line.coords)[::-1])
    return Sewer(line, piece.run.street, network)


def get_size(network: str, load: int, street: Street) -> int:
    """The diameter for so many manholes upstream, as far as the street has room for it."""
    sizes = STORM_SIZES if network == "storm" else FOUL_SIZES
    size = next(size for most, size in sizes if load <= most)
    return min(size, LANE_LIMIT.get(street.kind, 1500 if network == "storm" else 1000))


def set_levels(city: City, sewers: list[Sewer], order: list[Pair], way_out: dict[Pair, int], network: str) -> None:
    """Inverts from the far ends down; pipes off the main ways take the levels of the manholes they join."""
    level: dict[Pair, float] = {}
    biggest: dict[Pair, int] = defaultdict(lambda: 300)
    for sewer in sewers:
        for end in (sewer.line.coords[0], sewer.line.coords[-1]):
            biggest[end] = max(biggest[end], sewer.size)
    cover = 0.95 if network == "storm" else 1.15
    for node in order:
        size = biggest[node]
        wanted = city.get_ground(node) - cover - size * 1.1 / 1000
        level[node] = min(wanted, level.get(node, wanted))
        if node in way_out:
            sewer = sewers[way_out[node]]
            lower = sewer.line.coords[-1]
            level[lower] = min(level.get(lower, math.inf), level[node] - FALL * sewer.line.length)
    for sewer in sewers:
        upper, lower = sewer.line.coords[0], sewer.line.coords[-1]
        if upper not in level:
            continue
        if level[upper] < level[lower]:
            sewer.line = LineString(list(sewer.line.coords)[::-1])
            upper, lower = lower, upper
        sewer.up, sewer.down = round(level[upper], 3), round(level[lower], 3)


def get_system(sewer: Sewer) -> str:
    """The kind of water in the pipe."""
    if sewer.network == "storm":
        return "storm"
    return "foul" if is_east(sewer.street) else "combined"


def describe_sewer(city: City, sewer: Sewer, random: Random) -> Asset:
    """The pipe with its attributes; Z is the invert level at every vertex."""
    points = list(sewer.line.coords)
    length = sewer.line.length
    z = [sewer.up + (sewer.down - sewer.up) * sewer.line.project(Point(point)) / length for point in points]
    box = sewer.size >= 1500
    wall = 0 if box else sewer.size // 10
    cover = min(
        city.get_ground(points[0]) - sewer.up - (sewer.size + wall) / 1000,
        city.get_ground(points[-1]) - sewer.down - (sewer.size + wall) / 1000,
    )
    values: dict[str, Value] = {
        "owner": names.CITY,
        "operator": names.DRAINAGE_COMPANY,
        "status": "in_service",
        "installed_on": draw_date(random, 1996, 2023),
        "system": get_system(sewer),
        "shape": "box" if box else "circular",
        "nominal_diameter_mm": None if box else sewer.size,
        "outer_diameter_mm": None if box else float(sewer.size + 2 * wall),
        "width_mm": 1800.0 if box else None,
        "height_mm": 1500.0 if box else None,
        "invert_up_m": sewer.up,
        "invert_down_m": sewer.down,
        "slope_percent": round((sewer.up - sewer.down) / length * 100, 3),
        "flow": "gravity",
        "material": "upvc" if sewer.size == 300 else "concrete",
        "cover_m": round(cover, 2),
        "level_reference": "invert",
        # Nobody wrote down which datum the old drawings of the storm drains have.
        "vertical_datum": "hon_dau" if sewer.network == "foul" else None,
        "street": sewer.street.name,
        **describe_survey(random, "a"),
    }
    line = LineString([(x, y, round(level, 3)) for (x, y), level in zip(points, z, strict=True)])
    return Asset("sewer_pipe", city.number("CTN"), line, values)


def describe_manholes(city: City, sewers: list[Sewer], random: Random) -> list[Asset]:
    """A manhole at every node: cover at ground level, floor at the lowest invert."""
    floors: dict[Pair, float] = {}
    owners: dict[Pair, Sewer] = {}
    for sewer in sewers:
        for end, level in ((sewer.line.coords[0], sewer.up), (sewer.line.coords[-1], sewer.down)):
            if level < floors.get(end, math.inf):
                floors[end], owners[end] = level, sewer
    return [describe_manhole(city, node, floors[node], owners[node], random) for node in sorted(floors)]


def describe_manhole(city: City, node: Pair, floor: float, sewer: Sewer, random: Random) -> Asset:
    """One manhole; Z is the level of its cover."""
    cover = round(city.get_ground(node), 3)
    values: dict[str, Value] = {
        "owner": names.CITY,
        "operator": names.DRAINAGE_COMPANY,
        "status": "in_service",
        "kind": random.choice(["inspection", "inspection", "junction", "drop"]),
        "system": get_system(sewer),
        "cover_level_m": cover,
        "floor_level_m": floor,
        "depth_m": round(cover - floor, 2),
        "size_mm": 1000.0 if sewer.size < 800 else 1400.0,
        "lid": random.choice(["Gang", "Bê tông", "Composite"]),
        "vertical_datum": "hon_dau",
        "street": sewer.street.name,
    }
    return Asset("manhole", city.number("HG"), Point((*node, cover)), values)


def place_inlets(city: City, random: Random) -> list[Asset]:
    """Inlets in both gutters, about every 50 m."""
    assets = []
    for street in city.streets:
        if street.kind == "alley":
            continue
        for offset in get_offsets(street, "gutter"):
            station = random.uniform(15, 35)
            while station < street.axis.length - 12:
                if is_open_street(street, station, offset, 1.0):
                    assets.append(describe_inlet(city, street, get_place(street.axis, station, offset), random))
                station += random.uniform(46, 56)
    return assets


def describe_inlet(city: City, street: Street, place: Pair, random: Random) -> Asset:
    """One inlet."""
    values: dict[str, Value] = {
        "operator": names.DRAINAGE_COMPANY,
        "status": "in_service",
        "kind": random.choice(["grating", "grating", "kerb", "combined"]),
        "size_mm": random.choice([400.0, 600.0, 800.0]),
        "odour_trap": random.random() < 0.6,
        "street": street.name,
    }
    return Asset("drain_inlet", city.number("CT"), Point(place), values)
