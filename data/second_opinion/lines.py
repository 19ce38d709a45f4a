"""Clearances between lines that run side by side, and covers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, STRtree
from shapely.geometry.base import BaseGeometry

from second_opinion.rows import TOLERANCE_M, Finding, Row

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
        for a, b in pairwise(points):
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


def is_exempt(left: Row, right: Row, tunnels: Sequence[BaseGeometry]) -> bool:
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
