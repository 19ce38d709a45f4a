"""The kinds of the data themselves: duplicates, ends that nearly meet, contradictions, shrinking, outside."""

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import shapely

from tests.database.oracle.answers import TOLERANCE, Finding
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Rule
from tests.database.oracle.places import Scene, is_of_others

MEETS = 0.05
METRES = {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0}


def find_duplicate(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Two rows that are drawn nearly alike."""
    if left.shape.geom_type != right.shape.geom_type:
        return
    if rule.said.get("other_owner") and not is_of_others(left, right):
        return
    distance = measure_hausdorff(left, right)
    if distance <= rule.required + TOLERANCE:
        yield Finding(rule.id, left.key, right.key, 1, "violation", rule.required, distance, 0.0)


def measure_hausdorff(left: Asset, right: Asset) -> float:
    """The largest distance from a vertex of one to the other."""
    return max(
        max(shapely.distance(shapely.points(shapely.get_coordinates(one.flat)), other.flat))
        for one, other in ((left, right), (right, left))
    )


def find_nearly_joined(scene: Scene, rule: Rule, line: Asset) -> Iterable[Finding]:
    """The free ends of a line, each with the nearest line of its class; a pair is told once, by `find_all_gaps`."""
    others = [each for each in scene.assets if each is not line and scene.book.fits(rule.said["asset"], each)]
    for end in line.list_ends():
        if any(each.flat.distance(end) <= MEETS for each in others):
            continue
        near = sorted(
            (each.flat.distance(end), scene.book.order[each.layer], each.id, each) for each in others if each.is_line
        )
        if near and near[0][0] <= rule.required + TOLERANCE:
            pair = sorted((line, near[0][3]), key=lambda each: (scene.book.order[each.layer], each.id))
            yield Finding(rule.id, pair[0].key, pair[1].key, 1, "violation", rule.required, near[0][0], 0.0)


def find_shrinking(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Two lines of which one ends where the other starts, and that one is smaller; left is upstream."""
    for up, down in ((left, right), (right, left)):
        if not (up.list_ends() and down.list_ends()) or up.list_ends()[1].distance(down.list_ends()[0]) > MEETS:
            continue
        names = [name for name in scene.book.bores[up.layer]["mm"] if None not in (up.get(name), down.get(name))]
        less = (down.get(names[0]) - up.get(names[0])) / 1000 if names else 0.0
        if less < rule.required - TOLERANCE:
            yield Finding(rule.id, up.key, down.key, 1, "violation", rule.required, less, 0.0)


def find_outside(scene: Scene, rule: Rule, asset: Asset) -> Iterable[Finding]:
    """How far outside of every area of a class an asset reaches."""
    inside = unite(tuple(each for each in scene.assets if scene.book.fits(rule.said["area"], each)))
    if inside is None or inside.covers(asset.flat):
        return
    outside = shapely.segmentize(asset.flat.difference(inside), 1.0)
    points = shapely.points(shapely.get_coordinates(outside))
    reach = max(shapely.distance(points, inside), default=0.0)
    if reach > rule.required + TOLERANCE:
        yield Finding(rule.id, asset.key, None, 1, "violation", rule.required, reach, 0.0)


@lru_cache(maxsize=1)
def unite(areas: tuple[Asset, ...]) -> shapely.Geometry | None:
    """All areas as one; None if there is none. Kept, since every asset of a city is held to the same ones."""
    return shapely.union_all([each.flat for each in areas]) if areas else None


def find_contradiction(scene: Scene, rule: Rule, asset: Asset) -> Iterable[Finding]:
    """An asset whose own values do not agree."""
    for name, codes in (rule.said.get("unless") or {}).items():
        if asset.get(name) in codes:
            return
    units = scene.book.read_units(asset.layer)
    less = compare(units, rule.said["check"], asset, scene.day)
    tolerance = rule.said.get("tolerance", 0) * METRES.get(find_unit(units, rule.said["check"]), 1.0)
    if less is not None and (tolerance == 0 or abs(less) > tolerance):
        yield Finding(rule.id, asset.key, None, 1, "violation", rule.required, less, 0.0)


def read_side(units: Mapping[str, str], text: str, asset: Asset, day: datetime.date) -> Any:
    """The value of one side of a check, in metres where it is a length; None if an attribute is missing."""
    if text.strip() == "today":
        return day
    total = 0.0
    for sign, word in re.findall(r"([+-]?)\s*([a-z_0-9.]+)", text):
        value = float(word) if word[0].isdigit() else asset.get(word)
        if value is None or isinstance(value, datetime.date):
            return value
        total += value * METRES.get(units.get(word, find_unit(units, text)), 1.0) * (-1 if sign == "-" else 1)
    return total


def find_unit(units: Mapping[str, str], text: str) -> str:
    """What a plain number is in: the unit of the first attribute named."""
    return next((units[word] for word in re.findall(r"[a-z_]+", text) if word in units), "")


def compare(units: Mapping[str, str], check: str, asset: Asset, day: datetime.date) -> float | None:
    """Left less right where a check does not hold, 0 for days; None where it holds or a value is missing."""
    left, word, right = re.split(r"\s*(<=|>=|<|>|=)\s*", check)
    one, other = read_side(units, left, asset, day), read_side(units, right, asset, day)
    if one is None or other is None:
        return None
    holds = {"<=": one <= other, ">=": one >= other, "<": one < other, ">": one > other, "=": one == other}[word]
    if holds:
        return None
    return 0.0 if isinstance(one, datetime.date) else one - other
