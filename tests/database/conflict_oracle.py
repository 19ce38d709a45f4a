"""Conflicts found the slow way: plain Python and Shapely, no index, every pair, every pair of segments.

Written from the text of layers/rules/README.md, with the numbers of QCVN 01 typed again; it shares nothing with the
engine. Assets are (layer, id, attributes, line) with coordinates in metres.
"""

import math
from itertools import combinations, pairwise

from shapely import LineString, Point

LAYER_ORDER = [
    "water_pipe", "sewer_pipe", "power_cable_underground", "telecom_duct", "telecom_cable", "drainage_channel",
    "utility_tunnel",
]  # fmt: skip
SECTOR = {
    "water_pipe": "water",
    "sewer_pipe": "drainage",
    "drainage_channel": "drainage",
    "power_cable_underground": "power",
    "telecom_duct": "telecom",
    "telecom_cable": "telecom",
    "utility_tunnel": "shared",
}
HORIZONTAL = {
    ("water_main", "water_main"): 0.5,
    ("water_main", "foul_sewer"): 1.0,
    ("water_main", "storm_drain"): 0.5,
    ("water_main", "power_cable"): 0.5,
    ("water_main", "telecom_cable"): 0.5,
    ("water_main", "drain_channel_or_tunnel"): 1.5,
    ("foul_sewer", "foul_sewer"): 0.4,
    ("foul_sewer", "storm_drain"): 0.4,
    ("foul_sewer", "power_cable"): 0.5,
    ("foul_sewer", "telecom_cable"): 0.5,
    ("foul_sewer", "drain_channel_or_tunnel"): 1.0,
    ("storm_drain", "storm_drain"): 0.4,
    ("storm_drain", "power_cable"): 0.5,
    ("storm_drain", "telecom_cable"): 0.5,
    ("storm_drain", "drain_channel_or_tunnel"): 1.0,
    ("power_cable", "power_cable"): 0.1,
    ("power_cable", "telecom_cable"): 0.5,
    ("power_cable", "drain_channel_or_tunnel"): 2.0,
    ("telecom_cable", "drain_channel_or_tunnel"): 1.0,
}


def find_class(layer, values):
    above = values.get("vertical_position") in ("overhead", "surface")
    if values.get("status") == "removed" or (above and layer not in ("drainage_channel", "utility_tunnel")):
        return None
    if layer == "sewer_pipe":
        return {"foul": "foul_sewer", "combined": "foul_sewer", "storm": "storm_drain"}.get(values.get("system"))
    if layer == "power_cable_underground":
        return None if values.get("laying") == "tunnel" else "power_cable"
    if layer == "telecom_cable":
        return "telecom_cable" if values.get("laying") == "direct" else None
    return {"water_pipe": "water_main", "telecom_duct": "telecom_cable"}.get(layer, "drain_channel_or_tunnel")


def find_radius(layer, values):
    names = {
        "water_pipe": ["outer_diameter_mm", "nominal_diameter_mm"],
        "sewer_pipe": ["outer_diameter_mm", "width_mm", "nominal_diameter_mm"],
        "telecom_duct": ["width_mm", "outer_diameter_mm"],
        "drainage_channel": ["width_mm"],
        "utility_tunnel": ["width_mm"],
    }.get(layer, ["outer_diameter_mm"])
    return next((values[name] for name in names if values.get(name) is not None), 0) / 2000


def find_rule(first, second):
    """The rule that counts between two assets: of all that fit, the one that asks for most."""
    found = []
    for (left_layer, left), (right_layer, right) in ((first, second), (second, first)):
        classes = find_class(left_layer, left), find_class(right_layer, right)
        if classes in HORIZONTAL:
            found.append((HORIZONTAL[classes], f"qcvn01.horizontal.{classes[0]}.{classes[1]}"))
        dn = left.get("nominal_diameter_mm")
        if classes == ("water_main", "foul_sewer") and left.get("function") not in ("fire", "raw"):
            found.append((1.5, "qcvn01.horizontal.domestic_water_foul"))
            if dn is not None and dn >= 200:
                found.append((3.0, "qcvn01.horizontal.domestic_water_foul_dn200"))
        if classes == ("water_main", "water_main") and dn is not None and dn >= 300:
            bands = [(400, 0.7, "dn300"), (1001, 1.0, "dn400"), (math.inf, 1.5, "over_dn1000")]
            metres, name = next((metres, name) for top, metres, name in bands if dn < top)
            found.append((metres, f"qcvn01.horizontal.water_mains_{name}"))
    return max(found, default=None)


def list_segments(line):
    points = list(line.coords)
    return [LineString(pair) for pair in pairwise(points) if pair[0] != pair[1]]


def runs_along(one, other):
    (ax, ay), (bx, by) = one.coords[0], one.coords[1]
    (cx, cy), (dx, dy) = other.coords[0], other.coords[1]
    turn = abs(math.degrees(math.atan2(by - ay, bx - ax) - math.atan2(dy - cy, dx - cx))) % 180
    return min(turn, 180 - turn) <= 30 + 1e-9


def is_joined(one, other):
    return any(
        Point(end).distance(other_line) <= 0.05
        for line, other_line in ((one, other), (other, one))
        for end in (line.coords[0], line.coords[-1])
        if line.coords[0] != line.coords[-1]
    )


def find_conflicts(assets):
    """(rule, left, right) -> (required, distance, length), left and right as (layer, id)."""
    tunnels = [
        line.buffer(find_radius(layer, values), 64)
        for layer, _, values, line in assets
        if layer == "utility_tunnel" and values.get("status") != "removed" and find_radius(layer, values) > 0
    ]
    found = {}
    for first, second in combinations(sorted(assets, key=lambda each: (LAYER_ORDER.index(each[0]), each[1])), 2):
        rule = find_rule((first[0], first[2]), (second[0], second[2]))
        if rule is None or any(area.covers(first[3]) and area.covers(second[3]) for area in tunnels):
            continue
        if SECTOR[first[0]] == SECTOR[second[0]] and is_joined(first[3], second[3]):
            continue
        radii = find_radius(first[0], first[2]) + find_radius(second[0], second[2])
        limit = rule[0] + radii - 0.001
        near = [
            (one.distance(other), one, one.intersection(other.buffer(limit, 64)))
            for one in list_segments(first[3])
            for other in list_segments(second[3])
            if runs_along(one, other) and one.distance(other) < limit
        ]
        if near:
            found[rule[1], first[:2], second[:2]] = (rule[0], min(each[0] for each in near) - radii, measure(near))
    return found


def measure(near):
    """The length of the left segments' parts that are too near, where they overlap counted once."""
    spans = {}
    for _, segment, part in near:
        places = [segment.project(Point(each)) for each in part.coords]
        if places:
            spans.setdefault(segment, []).append((min(places), max(places)))
    total = 0.0
    for found in spans.values():
        end = 0.0
        for start, stop in sorted(found):
            total += max(0.0, stop - max(start, end))
            end = max(end, stop)
    return total
