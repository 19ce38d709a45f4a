"""A second opinion on the sample data: every conflict and every unserved building, by plain Shapely.

Shares no code with the program and reads no rule file: the numbers stand here again, from QCVN 01:2019/BXD table 2.31 and
the decrees named in `layers/rules/`. Slow and simple on purpose. `python data/check_samples.py` compares what the
committed files hold with `planted.yaml` and prints the differences.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import LineString, STRtree
from shapely.geometry.base import BaseGeometry

TOLERANCE_M = 0.001
PARALLEL_DEGREES = 30.0
JOINED_M = 0.05
CLASSES = ("water_main", "foul_sewer", "storm_drain", "power_cable", "telecom_cable", "drain_channel_or_tunnel")
SECTORS = {
    "water_pipe": "water",
    "sewer_pipe": "drainage",
    "drainage_channel": "drainage",
    "power_cable_underground": "power",
    "telecom_duct": "telecom",
    "telecom_cable": "telecom",
    "utility_tunnel": "shared",
}
MATRIX = (
    (0.5, 1.0, 0.5, 0.5, 0.5, 1.5),
    (1.0, 0.4, 0.4, 0.5, 0.5, 1.0),
    (0.5, 0.4, 0.4, 0.5, 0.5, 1.0),
    (0.5, 0.5, 0.5, 0.1, 0.5, 2.0),
    (0.5, 0.5, 0.5, 0.5, None, 1.0),
    (1.5, 1.0, 1.0, 2.0, 1.0, None),
)


@dataclass(frozen=True)
class Row:
    """One feature as it was read: geometry in EPSG:9210, values by our field names."""

    layer: str
    code: str
    geometry: BaseGeometry
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One conflict, as the register would have it; `right` is empty for a cover."""

    rule: str
    left: tuple[str, str]
    right: tuple[str, str] | None
    required_m: float
    distance_m: float


def find_conflicts(rows: Iterable[Row]) -> list[Finding]:
    """Every conflict of every kind, ordered by rule and codes."""
    by_layer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.values.get("status") != "removed":
            by_layer[row.layer].append(row)
    found = [
        *find_clearances(by_layer),
        *find_covers(by_layer),
        *find_corridors(by_layer),
        *find_overlapping_works(by_layer),
    ]
    return sorted(found, key=lambda each: (each.rule, each.left, each.right or ("", "")))


def get_class(row: Row) -> str | None:
    """The class of the clearance table a feature belongs to, None if none."""
    value = row.values.get
    if row.layer in ("drainage_channel", "utility_tunnel"):
        return "drain_channel_or_tunnel"
    if row.layer == "telecom_duct" or (row.layer == "telecom_cable" and value("laying") == "direct"):
        return "telecom_cable"
    if value("vertical_position") in ("overhead", "surface"):
        return None
    if row.layer == "water_pipe":
        return "water_main"
    if row.layer == "sewer_pipe":
        return {"foul": "foul_sewer", "combined": "foul_sewer", "storm": "storm_drain"}.get(value("system") or "")
    if row.layer == "power_cable_underground" and value("laying") != "tunnel":
        return "power_cable"
    return None


def get_radius(row: Row) -> float:
    """Half the outer size, metres; 0 where it is not known."""
    names = {
        "water_pipe": ("outer_diameter_mm", "nominal_diameter_mm"),
        "sewer_pipe": ("outer_diameter_mm", "width_mm", "nominal_diameter_mm"),
        "power_cable_underground": ("outer_diameter_mm",),
        "telecom_duct": ("width_mm", "outer_diameter_mm"),
        "telecom_cable": ("outer_diameter_mm",),
    }.get(row.layer, ("width_mm",))
    return next((row.values[name] / 2000 for name in names if row.values.get(name)), 0.0)


def get_clearance(left: Row, right: Row, classes: tuple[str, str]) -> tuple[str, float] | None:
    """The most binding rule of a pair, its left class first in the table; None if there is none."""
    one, two = CLASSES.index(classes[0]), CLASSES.index(classes[1])
    base = MATRIX[one][two]
    rules = [] if base is None else [(f"qcvn01.horizontal.{classes[0]}.{classes[1]}", base)]
    size = left.values.get("nominal_diameter_mm") or 0
    if classes == ("water_main", "foul_sewer") and left.values.get("function") not in ("fire", "raw"):
        rules.append(("qcvn01.horizontal.domestic_water_foul", 1.5))
        if size >= 200:
            rules.append(("qcvn01.horizontal.domestic_water_foul_dn200", 3.0))
    if classes == ("water_main", "water_main"):
        size = max(size, right.values.get("nominal_diameter_mm") or 0)
        for low, name, metres in ((300, "dn300", 0.7), (400, "dn400", 1.0), (1001, "over_dn1000", 1.5)):
            if size >= low:
                rules.append((f"qcvn01.horizontal.water_mains_{name}", metres))
    return max(rules, key=lambda rule: rule[1]) if rules else None


def find_clearances(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Pairs of lines that run side by side too closely."""
    rows = [row for layer in SECTORS for row in by_layer.get(layer, []) if get_class(row)]
    tunnels = [row.geometry.buffer(row.values["width_mm"] / 2000) for row in by_layer.get("utility_tunnel", [])]
    for (one, two), axis_m in measure_parallels(rows).items():
        left, right = rows[one], rows[two]
        if CLASSES.index(str(get_class(left))) > CLASSES.index(str(get_class(right))):
            left, right = right, left
        rule = get_clearance(left, right, (str(get_class(left)), str(get_class(right))))
        distance = axis_m - get_radius(left) - get_radius(right)
        if rule is None or distance >= rule[1] - TOLERANCE_M or is_exempt(left, right, tunnels):
            continue
        yield Finding(rule[0], (left.layer, left.code), (right.layer, right.code), rule[1], distance)


def measure_parallels(rows: list[Row]) -> dict[tuple[int, int], float]:
    """The least distance between the axes of every near pair, where they run within 30 degrees of each other."""
    owners, segments = [], []
    for index, row in enumerate(rows):
        points = [point[:2] for point in row.geometry.coords]
        for a, b in zip(points, points[1:], strict=False):
            owners.append(index)
            segments.append((a, b))
    ends = np.array(segments)
    lines = shapely.linestrings(ends)
    reach = 3.0 + np.array([get_radius(rows[index]) for index in owners])
    tree = STRtree(lines)
    one, two = tree.query(shapely.buffer(lines, reach + 1.3), predicate="intersects")
    ways = ends[:, 1] - ends[:, 0]
    ways = ways / np.hypot(ways[:, 0], ways[:, 1])[:, None]
    owner = np.array(owners)
    cosine = np.abs((ways[one] * ways[two]).sum(axis=1))
    keep = (cosine >= math.cos(math.radians(PARALLEL_DEGREES))) & (owner[one] != owner[two])
    one, two = one[keep], two[keep]
    least: dict[tuple[int, int], float] = {}
    for a, b, metres in zip(owner[one], owner[two], shapely.distance(lines[one], lines[two]), strict=True):
        pair = (int(min(a, b)), int(max(a, b)))
        least[pair] = min(float(metres), least.get(pair, math.inf))
    return least


def is_exempt(left: Row, right: Row, tunnels: list[BaseGeometry]) -> bool:
    """Whether two features are joined, or lie in one utility tunnel."""
    if SECTORS[left.layer] == SECTORS[right.layer] and (touches(left, right) or touches(right, left)):
        return True
    lines = [row for row in (left, right) if row.layer != "utility_tunnel"]
    return any(all(tunnel.covers(row.geometry) for row in lines) for tunnel in tunnels)


def touches(row: Row, other: Row) -> bool:
    """Whether an end of `row` lies on the line of `other`."""
    line = LineString([point[:2] for point in other.geometry.coords])
    ends = (row.geometry.coords[0], row.geometry.coords[-1])
    return any(line.distance(shapely.Point(end[:2])) <= JOINED_M for end in ends)


def find_covers(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Pipes and cables that lie too shallow for where they run."""
    roads = [row for row in by_layer.get("road_segment", []) if row.values.get("width_m")]
    tree = STRtree([row.geometry.buffer(row.values["width_m"] / 2, quad_segs=32) for row in roads])
    for layer in ("sewer_pipe", "power_cable_underground", "water_pipe"):
        for row in by_layer.get(layer, []):
            cover, kind = row.values.get("cover_m"), get_class(row)
            if cover is None or kind is None:
                continue
            under = len(tree.query(row.geometry, predicate="intersects")) > 0
            rule = get_cover(row, kind, under)
            if rule is not None and cover < rule[1] - TOLERANCE_M:
                yield Finding(f"vn_cover.{rule[0]}", (row.layer, row.code), None, rule[1], cover)


def get_cover(row: Row, kind: str, under: bool) -> tuple[str, float] | None:
    """The least cover of a pipe or cable, and the name of its rule."""
    if kind in ("foul_sewer", "storm_drain"):
        return ("sewer_under_road", 0.7) if under else ("sewer", 0.3)
    if kind == "power_cable":
        voltage = row.values.get("voltage_kv")
        if voltage is None or voltage > 35:
            return None if voltage is None else ("power_over_35kv", 1.0)
        return ("power_under_road", 1.0) if under else ("power", 0.7)
    if under:
        return "water_under_road", 0.8
    return ("water_over_dn300", 0.7) if (row.values.get("nominal_diameter_mm") or 0) > 300 else ("water", 0.5)


# Layer -> metres to a dwelling for under 200, to 5,000, to 50,000 and over 50,000 m3 a day.
DWELLING_STEPS = {"sewage_pump_station": (15.0, 20.0, 25.0, 30.0), "wastewater_plant": (10.0, 15.0, 30.0, 40.0)}


def get_dwelling_distance(row: Row) -> tuple[str, float] | None:
    """How far a pump station or an enclosed treatment plant is to keep from dwellings, and the name of its rule."""
    capacity = row.values.get("capacity_m3d")
    if capacity is None or row.values.get("closed_pit"):
        return None
    if row.layer == "wastewater_plant" and row.values.get("process") != "enclosed":
        return None
    step = 0 if capacity < 200 else 1 if capacity <= 5_000 else 2 if capacity <= 50_000 else 3
    name = "pump_station" if row.layer == "sewage_pump_station" else "plant_enclosed"
    size = ("200", "5000", "50000", "over_50000")[step]
    return f"vn_environment.{name}_{size}", DWELLING_STEPS[row.layer][step]


def get_corridor(row: Row) -> tuple[str, float] | None:
    """The width kept free beside a feature for buildings (or for dwellings), and the name of its rule."""
    value = row.values.get
    if row.layer == "water_body":
        guarded = value("corridor_function") == "pollution_prevention"
        if value("kind") in ("pond", "sea") or value("corridor_function") == "none":
            return None
        return ("vn_environment.river_pollution", 20.0) if guarded else ("vn_environment.river_bank", 10.0)
    if row.layer in DWELLING_STEPS:
        return get_dwelling_distance(row)
    if row.layer == "substation":
        high = value("voltage_high_kv")
        if value("enclosure") != "open" or high is None or high > 35:
            return None
        return ("vn_power.substation_22kv", 2.0) if high <= 22 else ("vn_power.substation_35kv", 3.0)
    if row.layer != "power_line_overhead" or value("voltage_kv") is None:
        return None
    if value("conductor") == "cable":
        return "vn_power.overhead_cable", 0.5
    suffix = "insulated" if value("conductor") == "insulated" else "bare"
    for most, name, metres in (
        (1, "", 0.0),
        (22, f"22kv_{suffix}", 1.0 if suffix == "insulated" else 2.0),
        (35, f"35kv_{suffix}", 1.5 if suffix == "insulated" else 3.0),
        (110, "110kv", 4.0),
        (220, "220kv", 6.0),
        (500, "500kv", 7.0),
    ):
        if value("voltage_kv") <= most:
            return (f"vn_power.overhead_{name}", metres) if name else None
    return None


def find_corridors(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Buildings that stand too near a line, a bank or a pump station."""
    buildings = by_layer.get("building", [])
    tree = STRtree([row.geometry for row in buildings])
    for layer in ("power_line_overhead", "substation", "water_body", *DWELLING_STEPS):
        for row in by_layer.get(layer, []):
            rule = get_corridor(row)
            if rule is None:
                continue
            for index in sorted(tree.query(row.geometry, predicate="dwithin", distance=rule[1])):
                building = buildings[index]
                if layer in DWELLING_STEPS and building.values.get("use") not in ("residential", "mixed"):
                    continue
                metres = building.geometry.distance(row.geometry)
                if metres < rule[1] - TOLERANCE_M:
                    yield Finding(rule[0], (layer, row.code), ("building", building.code), rule[1], metres)


def find_overlapping_works(by_layer: Mapping[str, list[Row]]) -> Iterator[Finding]:
    """Works projects less than 10 m apart on a shared day."""
    works = by_layer.get("works_project", [])
    for index, left in enumerate(works):
        for right in works[index + 1 :]:
            dates = [row.values.get(name) for row in (left, right) for name in ("starts_on", "ends_on")]
            if None in dates or dates[0] > dates[3] or dates[2] > dates[1]:
                continue
            metres = left.geometry.distance(right.geometry)
            if metres < 10.0 - TOLERANCE_M:
                yield Finding(
                    "works.overlap", ("works_project", left.code), ("works_project", right.code), 10.0, metres
                )


SERVICES = {
    "fire_hydrant": 150.0,
    "post_office": 1000.0,
    "distribution_transformer": 300.0,
    "base_station": 500.0,  # its own radius_m where it has one
    "green_space": 500.0,
    "public_camera": 100.0,
}
NOT_WORKING = frozenset(
    {"proposed", "under_construction", "out_of_commission", "decommissioned", "abandoned", "removed", "unfit"}
)
NOT_STANDING = frozenset({"proposed", "under_construction", "decommissioned", "abandoned", "removed"})


@dataclass(frozen=True)
class Share:
    """Whom a service reaches: counts for the city and by ward code, and the codes of the buildings it does not reach."""

    city: dict[str, int]
    wards: dict[str, dict[str, int]]
    unserved: tuple[str, ...]


def measure_coverage(rows: Iterable[Row]) -> dict[str, Share]:
    """Every service's share: a building is reached when its centroid lies within the distance, measured straight."""
    by_layer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_layer[row.layer].append(row)
    wards = [row for row in by_layer["admin_unit"] if row.values["level"] == "commune" and not row.values["valid_to"]]
    buildings = [row for row in by_layer["building"] if row.values.get("status") not in NOT_STANDING]
    homes = [(row, row.geometry.centroid) for row in buildings]
    ward_of = [next((str(w.values["code"]) for w in wards if w.geometry.contains(point)), "") for _, point in homes]
    return {service: measure_service(by_layer, service, homes, ward_of) for service in SERVICES}


def measure_service(
    by_layer: Mapping[str, list[Row]], service: str, homes: list[tuple[Row, Any]], ward_of: list[str]
) -> Share:
    """One service's share."""
    facilities = [row for row in by_layer[service] if is_working(row)]
    reaches = [row.values.get("radius_m") or SERVICES[service] for row in facilities]
    tree = STRtree([row.geometry for row in facilities])
    city, unserved = new_counts(), []
    wards: dict[str, dict[str, int]] = defaultdict(new_counts)
    for (row, point), ward in zip(homes, ward_of, strict=True):
        near = tree.query(point, predicate="dwithin", distance=max(reaches) + 1)
        served = any(facilities[i].geometry.distance(point) <= reaches[i] + TOLERANCE_M for i in near)
        for counts in (city, wards[ward]):
            add_home(counts, int(row.values.get("residents") or 0), served)
        if not served:
            unserved.append(row.code)
    return Share(city, dict(wards), tuple(unserved))


def is_working(row: Row) -> bool:
    """Whether a facility serves anybody."""
    value = row.values.get
    if row.layer == "green_space" and (value("kind") in ("street", "special") or value("open_to") != "public"):
        return False
    return value("status") not in NOT_WORKING and value("in_service") is not False


def new_counts() -> dict[str, int]:
    """Nobody yet."""
    return {"population": 0, "population_served": 0, "buildings": 0, "buildings_served": 0}


def add_home(counts: dict[str, int], people: int, served: bool) -> None:
    """Count one building and its people."""
    counts["population"] += people
    counts["buildings"] += 1
    counts["population_served"] += people * served
    counts["buildings_served"] += served
