"""The kinds that measure where things stand: cover, corridors, environment, overbuilding and works."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import shapely
import shapely.ops
from dateutil.relativedelta import relativedelta

from tests.database.oracle.answers import TOLERANCE, Finding, answer
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Book, Rule
from tests.database.oracle.segments import list_segments


@dataclass(frozen=True)
class Scene:
    """The rule files, every asset that is there, and the day of the run."""

    book: Book
    assets: Sequence[Asset]
    day: datetime.date


def find_cover(scene: Scene, rule: Rule, asset: Asset) -> Iterable[Finding]:
    """Ground to crown against what is asked; without a cover it is not known."""
    cover, accuracy = asset.get("cover_m"), scene.book.find_accuracy("vertical", asset)
    severity = "vertical_unknown" if cover is None else answer(cover, rule.required, accuracy)
    if severity != "clear":
        yield Finding(rule.id, asset.key, None, 1, severity, rule.required, cover, accuracy)


def is_under(scene: Scene, rule: Rule, asset: Asset) -> bool:
    """Whether a cover rule speaks of the asset where it lies: all do, or those below a class."""
    if "under" not in rule.said:
        return True
    return any(
        each.flat.distance(asset.flat) <= scene.book.find_radius(each)
        for each in scene.assets
        if scene.book.fits(rule.said["under"], each)
    )


def find_side(left: Asset, right: Asset) -> str | None:
    """Where the right asset lies at the least distance: inside where an area meets it, left or right of a line."""
    distance = left.flat.distance(right.flat)
    if distance <= 1e-6:
        return "inside" if left.is_area or right.is_area else None
    if left.flat.geom_type != "LineString":
        return None
    _, there = shapely.ops.nearest_points(left.flat, right.flat)
    near = sorted(list_segments(left.flat), key=lambda each: (round(each.distance(there), 6), each.start))
    offset = near[0].find_offset(there)
    # At a bend two segments are as near: what lies there is on the outer side, which the sum of both tells.
    for after in near[1:2]:
        as_near = abs(after.distance(there) - near[0].distance(there)) < 1e-6
        if as_near and abs(after.start - near[0].start - near[0].length) < 1e-6:
            offset += after.find_offset(there)
    return None if abs(offset) < TOLERANCE else ("left" if offset > 0 else "right")


def find_corridor(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Outline to outline, less half the width of what is protected."""
    measured = left.flat.distance(right.flat) - scene.book.find_radius(left)
    accuracy = scene.book.find_accuracy("horizontal", left, right)
    severity = answer(measured, rule.required, accuracy)
    if severity != "clear":
        yield Finding(
            rule.id, left.key, right.key, 1, severity, rule.required, measured, accuracy, find_side(left, right)
        )


def find_overbuild(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """How much of a network lies below an area that is widened by what is asked."""
    if rule.said.get("other_owner") and not is_of_others(left, right):
        return
    area = right.flat.buffer(rule.required, quad_segs=90) if rule.required > 0 else right.flat
    length = left.flat.intersection(area).length
    if length > TOLERANCE or (not left.is_line and area.intersects(left.flat)):
        yield Finding(rule.id, left.key, right.key, 1, "violation", rule.required, -length, 0.0, find_side(left, right))


def is_of_others(one: Asset, other: Asset) -> bool:
    """Whether both owners are named and are not the same."""
    owners = one.get("owner"), other.get("owner")
    return None not in owners and owners[0] != owners[1]


Days = tuple[float, float]


def find_days(book: Book, works: Asset) -> tuple[Days, bool]:
    """First and last day of works as numbers, endless where one is missing; and whether both are recorded."""
    window = book.windows[works.layer]
    first, last = works.get(window["from"]), works.get(window["to"])
    days = (-inf if first is None else first.toordinal(), inf if last is None else last.toordinal())
    return days, None not in (first, last)


def find_works_overlap(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Works near each other that share a day; possible where a day is missing."""
    (one, one_known), (other, other_known) = find_days(scene.book, left), find_days(scene.book, right)
    distance = left.flat.distance(right.flat)
    if distance < rule.required - TOLERANCE and one[0] <= other[1] and other[0] <= one[1]:
        severity = "violation" if one_known and other_known else "possible"
        yield Finding(rule.id, left.key, right.key, 1, severity, rule.required, distance, 0.0, find_side(left, right))


def find_joint_trench(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Works of two applicants near each other and soon after each other; that both are open cut, the rule says."""
    (one, one_known), (other, other_known) = find_days(scene.book, left), find_days(scene.book, right)
    who = [each.get(scene.book.windows[each.layer]["by"]) for each in (left, right)]
    if None in who or who[0] == who[1] or not (one_known and other_known):
        return
    apart, distance = max(one[0] - other[1], other[0] - one[1]), left.flat.distance(right.flat)
    if 0 < apart < rule.said["days"] and distance < rule.required - TOLERANCE:
        yield Finding(
            rule.id, left.key, right.key, 1, "opportunity", rule.required, distance, 0.0, find_side(left, right)
        )


def find_moratorium(scene: Scene, rule: Rule, left: Asset, right: Asset) -> Iterable[Finding]:
    """Works in a street whose surface is new."""
    measured = left.flat.distance(right.flat) - scene.book.find_radius(right)
    if measured < rule.required - TOLERANCE:
        severity = find_moratorium_answer(scene, rule, left, right)
        if severity != "clear":
            yield Finding(
                rule.id, left.key, right.key, 1, severity, rule.required, measured, 0.0, find_side(left, right)
            )


def find_moratorium_answer(scene: Scene, rule: Rule, works: Asset, street: Asset) -> str:
    """Whether the works start while the street must not be dug."""
    surface = scene.book.surfaces[street.layer]
    on, until = street.get(surface["on"]), street.get(surface.get("until", ""))
    starts = works.get(scene.book.windows[works.layer]["from"])
    months = rule.said.get("months")
    ends = None if on is None or months is None else on + relativedelta(months=months)
    if starts is None:
        last = max((each for each in (until, ends) if each is not None), default=None)
        return "possible" if last is not None and last >= scene.day else "clear"
    if on is not None and starts < on:
        return "clear"
    held = (until is not None and starts <= until) or (ends is not None and starts < ends)
    return "violation" if held else "clear"
