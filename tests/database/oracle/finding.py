"""Every finding of a scene: each rule on each asset or each pair, of which the first rule that fits counts."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from tests.database.oracle.answers import Finding
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Book, Rule
from tests.database.oracle.clearance import find_clearances, is_exempt
from tests.database.oracle.places import (
    Scene,
    find_corridor,
    find_cover,
    find_joint_trench,
    find_moratorium,
    find_overbuild,
    find_works_overlap,
    is_under,
)
from tests.database.oracle.records import (
    find_contradiction,
    find_duplicate,
    find_nearly_joined,
    find_outside,
    find_shrinking,
)

Finder = Callable[..., Iterable[Finding]]

ASSET_KINDS: Mapping[str, Finder] = {
    "cover": find_cover,
    "contradiction": find_contradiction,
    "nearly_joined": find_nearly_joined,
    "outside": find_outside,
}
PAIR_KINDS: Mapping[str, Finder] = {
    "corridor": find_corridor,
    "environment": find_corridor,
    "overbuild": find_overbuild,
    "works_overlap": find_works_overlap,
    "joint_trench": find_joint_trench,
    "moratorium": find_moratorium,
    "duplicate": find_duplicate,
    "shrinking": find_shrinking,
}
SILENT_AT_0 = {"clearance", "cover", "corridor", "environment", "works_overlap", "moratorium", "joint_trench"}


def find(book: Book, assets: Iterable[Asset], packs: Sequence[str], day: datetime.date) -> list[Finding]:
    """What a run with these packs on that day leaves: everything that is not clear."""
    present = sorted(
        (each for each in assets if each.get("status") != "removed"),
        key=lambda each: (book.order.get(each.layer, len(book.order)), each.id),
    )
    scene, rules = Scene(book, present, day), book.read_rules(packs, day)
    findings = [each for asset in present for each in find_asset(scene, rules, asset)]
    findings += [each for pair in combinations(present, 2) for each in find_pair(scene, rules, pair)]
    return keep_nearest(findings)


def make_topic(rule: Rule) -> tuple[str, str]:
    """Of the rules of one topic that fit, one counts: a kind and its measure, or one check."""
    return rule.kind, rule.said.get("check", rule.said.get("measure", ""))


def find_asset(scene: Scene, rules: Sequence[Rule], asset: Asset) -> Iterable[Finding]:
    """What the rules that speak of one asset find."""
    fitting: dict[Any, Rule] = {}
    for rule in rules:
        if rule.kind in ASSET_KINDS and scene.book.fits(rule.said["asset"], asset) and is_under(scene, rule, asset):
            fitting.setdefault(make_topic(rule), rule)
    for rule in fitting.values():
        if rule.required > 0 or rule.kind not in SILENT_AT_0:
            yield from ASSET_KINDS[rule.kind](scene, rule, asset)


def find_pair(scene: Scene, rules: Sequence[Rule], pair: tuple[Asset, Asset]) -> Iterable[Finding]:
    """What the rules that speak of two assets find; the first of the pair is the left side."""
    fitting: dict[Any, Rule] = {}
    for rule in rules:
        if (rule.kind in PAIR_KINDS or rule.kind == "clearance") and arrange(scene.book, rule, *pair):
            fitting.setdefault(make_topic(rule), rule)
    for rule in fitting.values():
        if rule.required <= 0 and rule.kind in SILENT_AT_0:
            continue
        if rule.kind != "clearance":
            yield from PAIR_KINDS[rule.kind](scene, rule, *arrange(scene.book, rule, *pair))
        elif not is_exempt(scene.book, *pair, scene.assets):
            yield from find_clearances(scene.book, rule, *pair)


def arrange(book: Book, rule: Rule, one: Asset, other: Asset) -> tuple[Asset, Asset] | None:
    """The two as the left and the right side of a rule; None where it does not speak of them."""
    left, right = (rule.said.get("asset", rule.said.get(side)) for side in ("left", "right"))
    for pair in ((one, other), (other, one)):
        if book.fits(left, pair[0]) and book.fits(right, pair[1]):
            return pair
    return None


def keep_nearest(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once: two ends that face each other are one gap."""

    def make_key(each: Finding) -> Any:
        return each.rule, each.left, each.right or ("", 0), each.stretch

    ordered = sorted(findings, key=lambda each: (*make_key(each), -1.0 if each.distance is None else each.distance))
    return [next(group) for _, group in groupby(ordered, key=make_key)]
