"""Which clearance rules join which layers. Of those of one measure that fit a pair, the first in order counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, Integer, and_, case, cast, literal, null, or_

from gis_infra.analysis.rules.kinds import Measure
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

    def find_farthest(self, layer_id: str) -> float:
        """The most that a rule which speaks of a layer asks for, metres."""
        asked = (each.rule.required_m for each in self.cases if layer_id in (each.left.layer, each.right.layer))
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


def select_number(joining: Joining, measure: Measure, left: FromClause, right: FromClause) -> ColumnElement[Any]:
    """The place of the rule of a measure that counts for a pair; null where none asks for anything."""
    told = {each: literal(each.number if each.rule.required_m > 0 else None, Integer) for each in joining.cases}
    return cast(select_first(joining, measure, (left, right), told), Integer)


def select_required(joining: Joining, measure: Measure, left: FromClause, right: FromClause) -> ColumnElement[Any]:
    """What that rule asks for, metres; null where none asks for anything."""
    told = {each: literal(each.rule.required_m or None, Double) for each in joining.cases}
    return cast(select_first(joining, measure, (left, right), told), Double)


def select_first(
    joining: Joining, measure: Measure, sides: tuple[FromClause, FromClause], told: Mapping[Case, ColumnElement[Any]]
) -> ColumnElement[Any]:
    """What is told of the first rule of a measure that fits a pair; it asks for the layers before it looks at rows."""
    left, right = sides
    groups: dict[tuple[str, str], list[tuple[ColumnElement[bool], ColumnElement[Any]]]] = {}
    for each in joining.cases:
        if each.rule.measure == measure:
            fit = select_fit(joining, each, left, right)
            groups.setdefault((each.left.layer, each.right.layer), []).append((fit, told[each]))
    if not groups:
        return null()
    number = {layer: place for place, layer in enumerate(joining.layers)}
    layers = left.c.layer * len(number) + right.c.layer
    chosen = [
        (literal(number[one] * len(number) + number[other]), case(*fits)) for (one, other), fits in groups.items()
    ]
    return case(*((layers == key, found) for key, found in chosen))


def select_fit(joining: Joining, one: Case, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where the rule speaks of rows of its layers; between rows of one layer either may be its left side."""
    fit = select_bits(joining, ((left, one.left), (right, one.right)))
    if one.left.layer == one.right.layer and one.left != one.right:
        fit = or_(fit, select_bits(joining, ((left, one.right), (right, one.left))))
    return fit


def select_bits(joining: Joining, sides: Iterable[tuple[FromClause, Member]]) -> ColumnElement[bool]:
    """True where each row belongs to its part."""
    return and_(*(table.c.fits.op("&")(joining.get_bit(member)) != 0 for table, member in sides))
