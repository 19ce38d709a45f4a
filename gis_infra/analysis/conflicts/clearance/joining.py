"""Which clearance rules join which layers. Of those of one measure that fit a pair, the first in order counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gis_infra.analysis.rules.model import Member, Rule, RuleBook, is_evaluated


@dataclass(frozen=True)
class Case:
    """One rule as it meets two layers: its place among the rules of the run, and which rows of each it speaks of."""

    number: int
    rule: Rule
    left: Member
    right: Member


@dataclass(frozen=True)
class Joining:
    """The clearance rules of a run as they meet the layers, in order of precedence.

    layers: those the rules speak of, in the order of classes.yaml; a layer's number is its place here. members: by
    layer, the parts of it that some rule speaks of; a part's bit is its place there.
    """

    cases: tuple[Case, ...]
    layers: tuple[str, ...]
    members: Mapping[str, tuple[Member, ...]]

    def list_pairs(self) -> list[tuple[str, str]]:
        """The pairs of layers that rules join, each once; the left one comes first in the order."""
        return list(dict.fromkeys((each.left.layer, each.right.layer) for each in self.cases))

    def find_farthest(self, *layer_ids: str) -> float:
        """The most that a rule which speaks of a layer, or of two, asks for, metres."""
        asked = (
            each.rule.required_m
            for each in self.cases
            if layer_ids == (each.left.layer, each.right.layer)
            or (len(layer_ids) == 1 and layer_ids[0] in (each.left.layer, each.right.layer))
        )
        return max(asked, default=0.0)

    def get_bit(self, member: Member) -> int:
        """The bit that says of a row that it belongs to the part."""
        return 1 << self.members[member.layer].index(member)


def join_layers(book: RuleBook, rules: Sequence[Rule]) -> Joining:
    """The clearance rules that can be checked, as they meet the layers."""
    order = book.get_layer_order()
    cases = []
    for number, rule in enumerate(rules):
        for left, right in list_member_pairs(book, rule):
            one, other = (left, right) if order[left.layer] <= order[right.layer] else (right, left)
            cases.append(Case(number, rule, one, other))
    members: dict[str, dict[Member, None]] = {}
    for each in cases:
        for member in (each.left, each.right):
            members.setdefault(member.layer, {})[member] = None
    layers = tuple(sorted(members, key=order.__getitem__))
    return Joining(tuple(cases), layers, {layer: tuple(found) for layer, found in members.items()})


def list_member_pairs(book: RuleBook, rule: Rule) -> Iterator[tuple[Member, Member]]:
    """Every part of a layer on the rule's one side with every part on its other side."""
    if rule.kind == "clearance" and rule.right is not None and is_evaluated(book, rule):
        for left in book.find_members(rule.left):
            for right in book.find_members(rule.right):
                yield left, right
