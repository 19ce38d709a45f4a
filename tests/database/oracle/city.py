"""The oracle over a whole city: which assets and pairs it is asked of comes from a tree, what it says does not."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from shapely import STRtree

from tests.database.oracle.answers import Finding
from tests.database.oracle.assets import Asset, Key
from tests.database.oracle.book import Book, Rule
from tests.database.oracle.clearance import find_clearances, is_exempt
from tests.database.oracle.finding import ASSET_KINDS, PAIR_KINDS, SILENT_AT_0, arrange, keep_nearest, make_topic
from tests.database.oracle.places import Scene, is_under

NEAR = 30.0  # metres around one asset within which its neighbours decide about it


class City:
    """Many assets, and what a run over them with some rules on some day leaves."""

    def __init__(self, book: Book, assets: Iterable[Asset], rules: Sequence[Rule], day: datetime.date) -> None:
        self.book, self.day = book, day
        present = [each for each in assets if each.get("status") != "removed"]
        self.assets = sorted(present, key=lambda each: (book.order.get(each.layer, len(book.order)), each.id))
        topics: dict[tuple[str, str], list[Rule]] = {}
        for rule in rules:
            topics.setdefault(make_topic(rule), []).append(rule)
        self.topics = topics
        self.areas: dict[str, list[Asset]] = {}
        self.places: dict[str, list[int]] = {}
        for place, asset in enumerate(self.assets):
            self.places.setdefault(asset.layer, []).append(place)
        self.focus: frozenset[Key] = frozenset()  # if any: only findings about one of these are looked for
        self.focused: list[Asset] = []

    @cached_property
    def flats(self) -> np.ndarray:
        return np.array([each.flat for each in self.assets])

    @cached_property
    def tree(self) -> STRtree:
        return STRtree(self.flats)

    @cached_property
    def containers(self) -> list[Asset]:
        return [each for each in self.assets if self.book.container and self.book.fits(self.book.container, each)]

    def find_about(self, focus: Iterable[Asset]) -> list[Finding]:
        """Everything about some of the assets that is not clear."""
        self.focus = frozenset(each.key for each in focus)
        self.focused = [each for each in self.assets if each.key in self.focus]
        return [each for each in self.find() if self.focus & {each.left, each.right}]

    def may_speak(self, rule: Rule) -> bool:
        """Whether a rule can find something about what is looked for."""
        if not self.focus:
            return True
        sides = [rule.said[name] for name in ("asset", "left", "right") if name in rule.said]
        return any(self.book.fits(side, each) for side in sides for each in self.focused)

    def find(self) -> list[Finding]:
        """Everything that is not clear."""
        findings: list[Finding] = []
        for (kind, _), said in self.topics.items():
            rules = said if any(map(self.may_speak, said)) else []
            if not rules:
                continue
            if kind in ASSET_KINDS:
                findings += self.find_of_assets(rules)
            elif kind in PAIR_KINDS or kind == "clearance":
                findings += self.find_of_pairs(rules)
        return keep_nearest(findings)

    def find_of_assets(self, rules: Sequence[Rule]) -> Iterable[Finding]:
        """What the rules of one topic find of single assets."""
        for place in self.find_places(*(rule.said["asset"] for rule in rules)):
            asset = self.assets[place]
            if self.focus and asset.key not in self.focus and rules[0].kind != "nearly_joined":
                continue
            heard = [rule for rule in rules if self.book.fits(rule.said["asset"], asset)]
            if not heard:
                continue
            scene = Scene(self.book, self.list_around(place, heard), self.day)
            rule = next((rule for rule in heard if is_under(scene, rule, asset)), None)
            if rule is not None and (rule.required > 0 or rule.kind not in SILENT_AT_0):
                yield from ASSET_KINDS[rule.kind](scene, rule, asset)

    def list_around(self, place: int, rules: Sequence[Rule]) -> list[Asset]:
        """The neighbours that may decide about an asset; every area where how far outside it lies is asked."""
        area = rules[0].said.get("area")
        if area is not None:
            return self.list_areas(area)
        if rules[0].kind == "contradiction":
            return []
        near = self.tree.query(self.flats[place], predicate="dwithin", distance=NEAR)
        found = [self.assets[index] for index in near]
        if rules[0].kind == "cover":
            above = {rule.said["under"] for rule in rules if "under" in rule.said}
            return [each for each in found if any(self.book.fits(name, each) for name in above)]
        return found

    def list_areas(self, name: str) -> list[Asset]:
        """The assets of a class of areas, looked for once."""
        if name not in self.areas:
            self.areas[name] = [self.assets[place] for place in self.find_places(name)]
        return self.areas[name]

    def find_of_pairs(self, rules: Sequence[Rule]) -> Iterable[Finding]:
        """What the rules of one topic find of pairs."""
        scene = Scene(self.book, self.containers, self.day)
        for one, other in self.list_pairs(rules):
            pair = self.assets[one], self.assets[other]
            rule = next((rule for rule in rules if arrange(self.book, rule, *pair)), None)
            if rule is None or (rule.required <= 0 and rule.kind in SILENT_AT_0):
                continue
            if rule.kind != "clearance":
                yield from PAIR_KINDS[rule.kind](scene, rule, *arrange(self.book, rule, *pair))
            elif not is_exempt(self.book, *pair, self.containers):
                yield from find_clearances(self.book, rule, *pair)

    def list_pairs(self, rules: Sequence[Rule]) -> list[tuple[int, int]]:
        """The pairs of places of assets near enough that a rule of the topic may find them."""
        pairs: set[tuple[int, int]] = set()
        for rule in filter(self.may_speak, rules):
            sides = [rule.said.get("asset", rule.said.get(side)) for side in ("left", "right")]
            left, right = (np.array(self.find_places(side)) for side in sides)
            if len(left) and len(right):
                tree = STRtree(self.flats[right])
                reach = self.find_reach(rule, np.union1d(left, right))
                found = tree.query(self.flats[left], predicate="dwithin", distance=reach)
                places = np.sort(np.column_stack([left[found[0]], right[found[1]]]), axis=1)
                pairs.update((int(a), int(b)) for a, b in places if a != b and self.is_asked(a, b))
        return sorted(pairs)

    def find_places(self, *sides: str | Mapping[str, Any]) -> list[int]:
        """The places of the assets that belong to one of some sides of rules."""
        layers = {layer for side in sides for layer in self.book.list_layers(side)}
        places = sorted(place for layer in layers for place in self.places.get(layer, ()))
        return [place for place in places if any(self.book.fits(side, self.assets[place]) for side in sides)]

    def is_asked(self, one: int, other: int) -> bool:
        return not self.focus or not self.focus.isdisjoint((self.assets[one].key, self.assets[other].key))

    def find_reach(self, rule: Rule, places: np.ndarray) -> float:
        """The farthest apart that two of these assets can be and yet be found by a rule."""
        if rule.measure == "vertical":
            return 0.01
        members = [self.assets[place] for place in places]
        radius = max(map(self.book.find_radius, members))
        return (
            rule.required
            + 0.1
            + 2 * radius
            + 2 * max(self.book.find_own_accuracy("horizontal", each) for each in members)
        )
