"""Which rules of a kind meet which layers, and which rows of them: of those that fit, the first in order counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    true,
)

from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.matching import select_member
from gis_infra.analysis.rules.kinds import Kind
from gis_infra.analysis.rules.model import Member, Rule, RuleBook, is_evaluated

MUTUAL: tuple[Kind, ...] = ("works_overlap", "joint_trench", "duplicate")  # it does not matter which side is which


@dataclass(frozen=True)
class Case:
    """One rule as it meets two layers: its place among the rules of the run, and which rows of each it speaks of."""

    number: int
    rule: Rule
    left: Member
    right: Member


@dataclass
class Group:
    """Two layers, or one twice, and the rules of one kind between them, in order of precedence."""

    kind: Kind
    left: str
    right: str
    cases: list[Case] = field(default_factory=list)

    @property
    def is_mutual(self) -> bool:
        """Whether it does not matter which of two assets is the left one."""
        return self.kind in MUTUAL

    @property
    def reach_m(self) -> float:
        """The largest distance a rule of the group asks for, metres."""
        return max(each.rule.required_m for each in self.cases)


def list_rules(book: RuleBook, rules: Sequence[Rule], kind: Kind) -> list[tuple[int, Rule]]:
    """The rules of a kind that can be checked, each with its place in `rules`."""
    return [(number, rule) for number, rule in enumerate(rules) if rule.kind == kind and is_evaluated(book, rule)]


def group_by_layers(book: RuleBook, rules: Sequence[Rule], kind: Kind) -> list[Group]:
    """The pairs of layers that the rules of a kind join.

    A mutual kind has the layer on the left that classes.yaml mentions first; any other what the rule has there.
    """
    order = book.get_layer_order()
    groups: dict[tuple[str, str], Group] = {}
    for number, rule in list_rules(book, rules, kind):
        for left, right in list_member_pairs(book, rule):
            if kind in MUTUAL and order[left.layer] > order[right.layer]:
                left, right = right, left
            key = (left.layer, right.layer)
            groups.setdefault(key, Group(kind, *key)).cases.append(Case(number, rule, left, right))
    return list(groups.values())


def list_member_pairs(book: RuleBook, rule: Rule) -> Iterator[tuple[Member, Member]]:
    """Every part of a layer on the rule's one side with every part on its other, or with those of its one class."""
    lefts = book.find_members(rule.left)
    rights = book.find_members(rule.right) if rule.right is not None else lefts
    for left in lefts:
        for right in rights:
            yield left, right


def group_by_layer(book: RuleBook, rules: Sequence[Rule], kind: Kind) -> dict[str, list[tuple[int, Rule, Member]]]:
    """Layer id -> the rules of a kind that speak of its assets, each with its place in `rules`, in their order."""
    groups: dict[str, list[tuple[int, Rule, Member]]] = {}
    for number, rule in list_rules(book, rules, kind):
        for member in book.find_members(rule.left):
            groups.setdefault(member.layer, []).append((number, rule, member))
    return groups


@dataclass(frozen=True)
class Fit:
    """A rule, and the condition under which it speaks of a pair."""

    case: Case
    condition: ColumnElement[bool]


def list_fits(group: Group, left: FromClause, right: FromClause) -> list[Fit]:
    """The rules of a group with their conditions, in order; the first that holds is the one that counts."""
    return [Fit(each, select_case(group, each, left, right)) for each in group.cases]


def select_case(group: Group, one: Case, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where the rule speaks of the pair; of a mutual kind either of two rows of one layer may be its left side."""
    fit = and_(select_member(left, one.left), select_member(right, one.right))
    if group.is_mutual and group.left == group.right and one.left != one.right:
        fit = or_(fit, and_(select_member(left, one.right), select_member(right, one.left)))
    return and_(fit, func.coalesce(left.c.owner != right.c.owner, False)) if one.rule.other_owner else fit


def select_number(fits: Sequence[Fit]) -> ColumnElement[int]:
    """The place of the rule that counts."""
    return case(*((fit.condition, literal(fit.case.number, Integer)) for fit in fits))


def select_required(fits: Sequence[Fit]) -> ColumnElement[float]:
    """What the rule that counts asks for, metres."""
    return case(*((fit.condition, literal(fit.case.rule.required_m, Double)) for fit in fits))


def select_any(fits: Sequence[Fit]) -> ColumnElement[bool]:
    """True where some rule of the group speaks of the pair."""
    return or_(false(), *(fit.condition for fit in fits))


def select_boxes_meet(
    left: FromClause, right: FromClause, reach_m: float, spots: tuple[Any, Any] | None = None
) -> ColumnElement[bool]:
    """True where the boxes of two lie within a distance, said both ways, so that either index can answer it.

    spots: what of the left and of the right one has to be near the other, if it is not all of it.
    """
    ours, theirs = spots or (left.c.geom, right.c.geom)
    return and_(
        left.c.geom.op("&&")(func.st_expand(theirs, reach_m)), right.c.geom.op("&&")(func.st_expand(ours, reach_m))
    )


def select_once(group: Group, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True for each pair once, and never for an asset with itself."""
    if group.left != group.right:
        return true()
    return left.c.id < right.c.id if group.is_mutual else left.c.id != right.c.id


def list_narrowings(
    focus: Focus | None, group: Group, left: FromClause, right: FromClause
) -> tuple[ColumnElement[bool], ...]:
    """Conditions that together leave each pair with an asset of the focus, once; each can be answered by an index."""
    if focus is None:
        return (true(),)
    in_left, in_right = focus.select_in(group.left, left), focus.select_in(group.right, right)
    found = [in_left] if focus.is_touched(group.left) else []
    if focus.is_touched(group.right):
        found.append(and_(in_right, not_(in_left)))
    return tuple(found)
