"""Clearances of one pair: horizontal, vertical and spatial."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shapely import Point

from tests.database.oracle.answers import TOLERANCE, Finding, answer
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Book, Rule
from tests.database.oracle.heights import find_gap, find_profile
from tests.database.oracle.segments import find_meeting, list_segments, runs_along
from tests.database.oracle.stretches import APART, SAME, Part, Stretch, find_stretches

WORST_FIRST = ("violation", "possible", "vertical_unknown", "clear")
CONNECTED = 0.05


def find_clearances(book: Book, rule: Rule, left: Asset, right: Asset) -> list[Finding]:
    """The findings of one rule on one pair, in order along the left asset."""
    find = {"horizontal": find_horizontal, "vertical": find_vertical, "spatial": find_spatial}[rule.measure]
    findings = [each for each in find(book, rule, left, right) if each.severity != "clear"]
    return [Finding(**{**vars(each), "stretch": number}) for number, each in enumerate(findings, 1)]


def is_exempt(book: Book, left: Asset, right: Asset, assets: Sequence[Asset]) -> bool:
    """Whether no clearance is asked of the pair: connected, in one container, in one duct."""
    return is_connected(book, left, right) or is_contained(book, left, right, assets) or is_same(book, left, right)


def is_connected(book: Book, left: Asset, right: Asset) -> bool:
    """Whether both are of one sector and an end of one lies at the other."""
    if book.sectors[left.layer] != book.sectors[right.layer]:
        return False
    return any(
        end.distance(other.flat) <= CONNECTED
        for one, other in ((left, right), (right, left))
        for end in one.list_ends()
    )


def is_contained(book: Book, left: Asset, right: Asset, assets: Sequence[Asset]) -> bool:
    """Whether both lie inside one container, or one is a container the other lies inside."""
    if book.container is None:
        return False
    for container in assets:
        radius = book.find_radius(container)
        if radius > 0 and container.is_line and book.fits(book.container, container):
            room = container.flat.buffer(radius + SAME, quad_segs=90)
            if all(each is container or room.covers(each.flat) for each in (left, right)):
                return True
    return False


def is_same(book: Book, left: Asset, right: Asset) -> bool:
    """Whether both name the same duct."""
    named = [each.get(book.same.get(each.layer, "")) for each in (left, right)]
    return named[0] is not None and named[0] == named[1]


def find_horizontal(book: Book, rule: Rule, left: Asset, right: Asset) -> list[Finding]:
    """Least distances in the plan, one for each stretch, less both radii."""
    radii = book.find_radius(left) + book.find_radius(right)
    accuracy = book.find_accuracy("horizontal", left, right)
    findings = []
    for stretch in find_stretches(left, right, rule.required + radii + accuracy - TOLERANCE):
        measured = stretch.distance - radii
        findings.append(
            tell(rule, (left, right), stretch, (measured, accuracy), answer(measured, rule.required, accuracy))
        )
    return findings


def tell(
    rule: Rule, pair: tuple[Asset, Asset], stretch: Stretch, measures: tuple[float | None, float], severity: str
) -> Finding:
    """A finding about a stretch, its side and places those of the worst part."""
    worst = stretch.worst
    return Finding(
        rule.id, pair[0].key, pair[1].key, 0, severity, rule.required, measures[0], measures[1],
        find_side(*pair, worst[0]), stretch.length if pair[0].is_line else None,
        places=tuple(each.place for each in worst),
        sides=frozenset(find_side(*pair, each) for each in worst),
    )  # fmt: skip


def find_side(left: Asset, right: Asset, worst: Part) -> str | None:
    """Where the right asset lies at the worst place, looking along the left line."""
    if (left.is_area or right.is_area) and worst.distance <= SAME:
        return "inside"
    offset = worst.one.find_offset(worst.right) if worst.one is not None else 0.0
    if abs(offset) < TOLERANCE:
        return None
    return "left" if offset > 0 else "right"


@dataclass(frozen=True)
class Crossing:
    """One place where two axes cross, and what the rule says of it."""

    along: float
    place: Point
    severity: str
    gap: float | None
    side: str


def find_vertical(book: Book, rule: Rule, left: Asset, right: Asset) -> list[Finding]:
    """Vertical gaps where the axes cross, one for each group of crossings."""
    accuracy = book.find_accuracy("vertical", left, right)
    findings = []
    for group in chain_crossings(list_crossings(book, rule, left, right)):
        worst = min(group, key=lambda each: (WORST_FIRST.index(each.severity), each.gap or 0.0, each.along))
        findings.append(
            Finding(rule.id, left.key, right.key, 0, worst.severity, rule.required, worst.gap, accuracy, worst.side,
                    vertical=worst.gap, places=(worst.place,))
        )  # fmt: skip
    return findings


def list_crossings(book: Book, rule: Rule, left: Asset, right: Asset) -> list[Crossing]:
    """Every place where the axes of two lines meet at more than 30 degrees."""
    if not (left.is_line and right.is_line):
        return []
    profiles = find_profile(book, left), find_profile(book, right)
    accuracy = book.find_accuracy("vertical", left, right)
    crossings = []
    for one in list_segments(left.flat):
        for other in list_segments(right.flat):
            place = None if runs_along(one, other) else find_meeting(one, other, TOLERANCE)
            if place is not None:
                along = one.start + one.project(place)
                gap = find_gap(book, profiles[0], along, profiles[1], other.start + other.project(place))
                if gap is None:
                    crossings.append(Crossing(along, place, "vertical_unknown", None, "across"))
                else:
                    side = "above" if gap.right_above else "below"
                    severity = answer(gap.metres, rule.required, accuracy)
                    crossings.append(Crossing(along, place, severity, gap.metres, side))
    return crossings


def chain_crossings(crossings: list[Crossing]) -> list[list[Crossing]]:
    """Crossings in groups, those less than a metre apart along the left line together."""
    groups: list[list[Crossing]] = []
    for each in sorted(crossings, key=lambda crossing: crossing.along):
        if groups and each.along - groups[-1][-1].along < APART:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def find_spatial(book: Book, rule: Rule, left: Asset, right: Asset) -> list[Finding]:
    """Distances in space, one for each stretch of the plan."""
    radii = book.find_radius(left) + book.find_radius(right)
    accuracy = max(book.find_accuracy(direction, left, right) for direction in ("horizontal", "vertical"))
    findings = []
    for stretch in find_stretches(left, right, rule.required + radii + accuracy - TOLERANCE):
        places = [find_worst_in_space(book, left, right, part, radii) for part in stretch.parts]
        known = [place for place in places if place is not None]
        if not known:
            findings.append(tell(rule, (left, right), stretch, (None, accuracy), "vertical_unknown"))
            continue
        worst = min(known, key=lambda place: (round(place.metres, 6), place.along))
        severity = answer(worst.metres, rule.required, accuracy)
        finding = tell(rule, (left, right), stretch, (worst.metres, accuracy), severity)
        findings.append(replace(finding, side=worst.side))
    return findings


@dataclass(frozen=True)
class SpacePlace:
    """A place along the left line and how far the right one is from there in space."""

    metres: float
    along: float
    side: str | None


def find_worst_in_space(book: Book, left: Asset, right: Asset, part: Part, radii: float) -> SpacePlace | None:
    """The nearest place in space on one part of the left line; None where heights cannot be compared."""
    profiles = find_profile(book, left), find_profile(book, right)
    one, other = part.one, part.other
    if one is None or other is None:
        gap = find_gap(book, profiles[0], part.worst, profiles[1], 0.0)
        metres = None if gap is None else combine(part.distance - radii, gap.metres)
        return None if metres is None else SpacePlace(metres, part.worst, find_side(left, right, part))

    def measure(along: float) -> float | None:
        here = one.at(along)
        gap = find_gap(book, profiles[0], one.start + along, profiles[1], other.start + other.project(here))
        return None if gap is None else combine(other.distance(here) - radii, gap.metres)

    first, last = part.start - one.start, part.end - one.start
    for _ in range(6):  # each time twenty times as closely around the best
        step = (last - first) / 40
        found = [(measure(first + step * number), first + step * number) for number in range(41)]
        found += [(measure(part.worst - one.start), part.worst - one.start)]
        known = [each for each in found if each[0] is not None]
        if not known:
            return None
        metres, best = min(known)
        first, last = max(first, best - step), min(last, best + step)
    there = other.at(other.project(one.at(best)))
    offset = one.find_offset(there)
    side = None if abs(offset) < TOLERANCE else ("left" if offset > 0 else "right")
    return SpacePlace(metres, one.start + best, side)


def combine(flat: float, gap: float) -> float:
    """Root of the squares, neither below 0."""
    return (max(flat, 0.0) ** 2 + max(gap, 0.0) ** 2) ** 0.5
