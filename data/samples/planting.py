"""Planting: adding an asset so that exactly one thing is wrong with it, by an exact amount, or exactly nothing.

A place is tried, the second opinion is asked about everything around it, and the place is kept only
if the answer is what was intended. The order in which places are tried is drawn from a fixed seed.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from second_opinion.conflicts import find_conflicts
from second_opinion.lines import LAYER_ORDER, get_class, get_radius
from second_opinion.rows import TOLERANCE_M, Finding, Row
from shapely import LineString, STRtree

from samples.assets import Asset, Value
from samples.plane import cut_line, offset_line, snap

PREFIXES = {
    "water_pipe": "OCN", "sewer_pipe": "CTN", "power_cable_underground": "CNG", "telecom_duct": "CB",
    "telecom_cable": "CQ", "power_line_overhead": "DDK", "building": "NHA", "sewage_pump_station": "TB",
    "wastewater_plant": "XLNT", "water_valve": "VAN", "fire_hydrant": "TCH", "substation": "TTG", "water_body": "MN",
    "works_project": "DA", "excavation_permit": "GP", "street_light": "DEN",
    "post_office": "BUU", "distribution_transformer": "TBA", "green_space": "CVX", "base_station": "BTS",
    "public_camera": "CAM", "water_connection": "DH", "sewer_connection": "DN", "drainage_catchment": "LV",
    "fire_station": "PCCC",
}  # fmt: skip
REACH_M = 60.0
BESIDES = ("vn_environment.", "data.loose_")


@dataclass(frozen=True)
class Truth:
    """A conflict that is there (rule, sides, metres), or a near miss that is none, with the reason why not."""

    rule: str
    left: tuple[str, str]
    right: tuple[str, str] | None
    required_m: float
    distance_m: float | None
    why: str = ""
    severity: str = "violation"


@dataclass(frozen=True)
class Reached:
    """Whether a facility serves a building that no other serves, how far it is (None: has none), and why or why not."""

    service: str
    facility: tuple[str, str]
    building: str
    served: bool
    distance_m: float | None
    why: str


@dataclass
class Garden:
    """All assets so far, and what has been planted among them."""

    assets: list[Asset]
    random: Random = field(default_factory=lambda: Random("planted"))
    planted: list[Asset] = field(default_factory=list)
    conflicts: list[Truth] = field(default_factory=list)
    near_misses: list[Truth] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    counters: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.tree = STRtree([asset.geometry for asset in self.assets])
        self.by_layer: dict[str, list[Asset]] = defaultdict(list)
        for asset in self.assets:
            self.by_layer[asset.layer].append(asset)

    def make(self, layer: str, geometry: object, values: dict[str, Value], ahead: int = 0) -> Asset:
        """An asset with the next planted code of its layer, or one so many ahead of it; not planted yet."""
        prefix = PREFIXES[layer]
        code = f"{prefix}-P{self.counters[prefix] + 1 + ahead:03d}"
        status: dict[str, Value] = {} if layer == "building" else {"status": "in_service"}
        return Asset(layer, code, geometry, {**status, **values})  # type: ignore[arg-type]  # one of shapely's

    def plant(self, *assets: Asset) -> None:
        """Keep assets; their codes are taken from now on."""
        for asset in assets:
            self.planted.append(asset)
            self.by_layer[asset.layer].append(asset)
            self.counters[PREFIXES[asset.layer]] += 1

    def find_around(self, *assets: Asset, unknown: bool = False) -> list[Finding]:
        """What the second opinion finds about some assets among the others.

        Without `unknown` not what is only unknown: every crossing of a sewer, which has levels, with a pipe that has
        a cover is that.
        """
        area = assets[0].geometry.buffer(REACH_M)
        near = [self.assets[index] for index in sorted(self.tree.query(area))]
        near += [asset for asset in self.planted if asset.geometry.distance(assets[0].geometry) < REACH_M]
        found = find_conflicts([to_row(asset) for asset in (*near, *assets)], [asset.code for asset in assets])
        return [each for each in found if unknown or each.severity != "vertical_unknown"]

    def keep(self, truth: Truth, found: Iterable[Finding], *assets: Asset) -> bool:
        """Plant assets, if what is found of them is what `truth` says; a truth with a reason is a near miss.

        What a kiosk on a bank does besides (it stands in a protected zone too) is true as well and kept, and so is a
        loose end beside the line that is too near. A place that brings anything else is not taken.
        """
        told = [each for each in found if each.severity != "vertical_unknown" or is_as_meant(each, truth)]
        others = [each for each in told if not is_as_meant(each, truth)]
        if any(not each.rule.startswith(BESIDES) or is_about(each, truth) for each in others):
            return False
        if (len(told) == len(others)) != bool(truth.why):
            return False
        (self.near_misses if truth.why else self.conflicts).append(truth)
        for each in others:
            self.conflicts.append(
                Truth(each.rule, each.left, each.right, each.required_m, each.distance_m, "", each.severity)
            )
        self.plant(*assets)
        return True

    def shuffle(self, assets: Iterable[Asset]) -> list[Asset]:
        """Assets nobody has used for planting yet, in an order of the seed's."""
        fresh = [asset for asset in assets if asset.code not in self.used]
        self.random.shuffle(fresh)
        return fresh


def to_row(asset: Asset) -> Row:
    """An asset as the second opinion sees it."""
    return Row(asset.layer, asset.code, asset.geometry, asset.get_values())


@dataclass(frozen=True)
class Beside:
    """A line to lay beside a host: the rule meant, the host's class, the new asset, the clear distance.

    turn_degrees: how far from parallel. why: for a near miss, why it is none; empty for a conflict.
    """

    rule: str
    host: str
    layer: str
    values: dict[str, Value]
    required_m: float
    clear_m: float
    turn_degrees: float = 0.0
    why: str = ""
    host_test: Callable[[Asset], bool] | None = None


def plant_beside(garden: Garden, wish: Beside) -> None:
    """Lay one line beside a host so that the wish comes true and nothing else. Raises ValueError if it cannot."""
    hosts = [asset for layer in HOST_LAYERS[wish.host] for asset in garden.by_layer[layer]]
    hosts = [asset for asset in hosts if get_class(to_row(asset)) == wish.host and is_plain(asset)]
    if wish.host_test is not None:
        hosts = [asset for asset in hosts if wish.host_test(asset)]
    for host in garden.shuffle(hosts):
        for side in (1, -1):
            asset = garden.make(wish.layer, draw_beside(garden, host, wish, side), dict(wish.values))
            if accept(garden, host, asset, wish):
                return
    raise ValueError(f"no place for {wish.rule} at {wish.clear_m} m")


HOST_LAYERS = {
    "water_main": ("water_pipe",),
    "foul_sewer": ("sewer_pipe",),
    "storm_drain": ("sewer_pipe",),
    "power_cable": ("power_cable_underground",),
    "telecom_cable": ("telecom_duct",),
    "drain_channel_or_tunnel": ("drainage_channel", "utility_tunnel"),
}


def get_clear_hosts(garden: Garden, kind: str) -> list[Asset]:
    """Base lines of a class that are long enough, and that nothing has been planted at, in an order of the seed's."""
    hosts = [asset for layer in HOST_LAYERS[kind] for asset in garden.by_layer[layer]]
    return garden.shuffle(asset for asset in hosts if get_class(to_row(asset)) == kind and is_plain(asset))


def is_plain(asset: Asset) -> bool:
    """Whether an asset is of the base and long enough to lay something beside it."""
    return "-P" not in asset.code and asset.geometry.length > 33 and asset.values.get("laying") != "tunnel"


def draw_beside(garden: Garden, host: Asset, wish: Beside, side: int) -> LineString:
    """A line of 16 m (3 m if turned) beside a host's longest straight part, at the clear distance of the wish."""
    points = [point[:2] for point in host.geometry.coords]
    a, b = max(pairwise(points), key=lambda pair: math.dist(*pair))
    part = LineString([a, b])
    new = to_row(Asset(wish.layer, "", part, wish.values))
    apart = get_radius(to_row(host)) + get_radius(new) + wish.clear_m
    length = 3.0 if wish.turn_degrees else 16.0  # a longer one would run into what lies next
    start = (part.length - length) * (0.5 if part.length < 120 else garden.random.uniform(0.1, 0.9))
    line = offset_line(cut_line(part, start, start + length), side * apart)
    if wish.turn_degrees:
        return turn_away(line, part, wish.turn_degrees, side)
    return LineString([snap(*point) for point in line.coords])


def turn_away(line: LineString, part: LineString, degrees: float, side: int) -> LineString:
    """The line turned about its start, away from the host, so that its start stays the nearest point."""
    (x, y), (ex, ey) = line.coords[0], line.coords[-1]
    angle = math.radians(degrees) * side
    dx, dy = ex - x, ey - y
    end = (x + dx * math.cos(angle) - dy * math.sin(angle), y + dx * math.sin(angle) + dy * math.cos(angle))
    return LineString([snap(x, y), snap(*end)])


def accept(garden: Garden, host: Asset, asset: Asset, wish: Beside) -> bool:
    """Plant the asset if it makes the conflict meant, or none if none is meant."""
    left, right = sort_sides(host, asset)
    truth = Truth(
        wish.rule, (left.layer, left.code), (right.layer, right.code), wish.required_m, wish.clear_m, wish.why,
        find_severity(wish.clear_m, wish.required_m, host),
    )  # fmt: skip
    if not garden.keep(truth, garden.find_around(asset), asset):
        return False
    garden.used.add(host.code)
    return True


def find_severity(clear_m: float, required_m: float, host: Asset) -> str:
    """What a distance to a host is, whose accuracy is the only one: its neighbour claims none."""
    accuracy = host.values.get("horizontal_accuracy_m") or 0.0
    return "violation" if clear_m + accuracy < required_m - TOLERANCE_M else "possible"  # type: ignore[operator]


def sort_sides(host: Asset, asset: Asset) -> tuple[Asset, Asset]:
    """The two in the order of their layers; the older one first within a layer."""
    places = [LAYER_ORDER.index(each.layer) for each in (host, asset)]
    return (asset, host) if places[1] < places[0] else (host, asset)


def is_about(found: Finding, truth: Truth) -> bool:
    """Whether a finding is of the rule and of the two sides of a truth."""
    return (found.rule, found.left, found.right) == (truth.rule, truth.left, truth.right)


def is_as_meant(found: Finding, truth: Truth) -> bool:
    """Whether the second opinion says the same, to half a millimetre."""
    told = (found.rule, found.left, found.right, found.severity, found.required_m)
    if told != (truth.rule, truth.left, truth.right, truth.severity, truth.required_m):
        return False
    if found.distance_m is None or truth.distance_m is None:
        return found.distance_m is truth.distance_m
    return abs(found.distance_m - truth.distance_m) < 0.0005
