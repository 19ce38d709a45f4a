"""Which clearance rules join which layers. Of those of one measure that fit a pair, the first in order counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Integer,
    SmallInteger,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
)

from gis_infra.analysis.conflicts.matching import select_member
from gis_infra.analysis.rules.kinds import MEASURES, Measure
from gis_infra.analysis.rules.model import Member, Rule, RuleBook, is_evaluated


@dataclass(frozen=True)
class Case:
    """One rule as it meets two layers: its place among the rules of the run, and which rows of each it speaks of."""

    number: int
    rule: Rule
    left: Member
    right: Member


@dataclass
class LayerPair:
    """Two layers, or one twice, and the clearance rules between them, in order of precedence."""

    left: str
    right: str
    cases: list[Case] = field(default_factory=list)

    @property
    def farthest_m(self) -> float:
        """The largest distance a rule of the pair asks for, metres."""
        return max(each.rule.required_m for each in self.cases)

    def list_measured(self, measure: Measure) -> list[Case]:
        """The rules of one measure, in order."""
        return [each for each in self.cases if each.rule.measure == measure]


def group_by_layers(book: RuleBook, rules: Sequence[Rule]) -> list[LayerPair]:
    """The pairs of layers that clearance rules join; the left one is mentioned first in classes.yaml."""
    order = book.get_layer_order()
    groups: dict[tuple[str, str], LayerPair] = {}
    for number, rule in enumerate(rules):
        for left, right in list_member_pairs(book, rule):
            if order[left.layer] > order[right.layer]:
                left, right = right, left
            key = (left.layer, right.layer)
            groups.setdefault(key, LayerPair(*key)).cases.append(Case(number, rule, left, right))
    return list(groups.values())


def list_member_pairs(book: RuleBook, rule: Rule) -> Iterator[tuple[Member, Member]]:
    """Every part of a layer on the rule's one side with every part on its other side."""
    if rule.kind == "clearance" and rule.right is not None and is_evaluated(book, rule):
        for left in book.find_members(rule.left):
            for right in book.find_members(rule.right):
                yield left, right


def select_case(one: Case, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where the rule speaks of the pair; between rows of one layer either may be its left side."""
    fit = and_(select_member(left, one.left), select_member(right, one.right))
    if one.left.layer == one.right.layer and one.left != one.right:
        fit = or_(fit, and_(select_member(left, one.right), select_member(right, one.left)))
    return fit


@dataclass(frozen=True)
class Asked:
    """What a pair has to keep, by one measure: place of the rule that counts, and its metres; null where none asks."""

    number: ColumnElement[int]
    required: ColumnElement[float]


def select_asked(pair: LayerPair, measure: Measure, left: FromClause, right: FromClause) -> Asked:
    """The rule of a measure that counts for a pair; one that asks for nothing silences those after it."""
    cases = pair.list_measured(measure)
    if not cases:
        return Asked(cast(null(), SmallInteger), cast(null(), Double))
    fits = [(select_case(each, left, right), each) for each in cases]
    numbers = [(fit, literal(each.number if each.rule.required_m > 0 else None, Integer)) for fit, each in fits]
    metres = [(fit, literal(each.rule.required_m or None, Double)) for fit, each in fits]
    return Asked(cast(case(*numbers), Integer), cast(case(*metres), Double))


def select_any(pair: LayerPair, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where some rule asks something of the pair."""
    fits = [select_case(each, left, right) for each in pair.cases if each.rule.required_m > 0]
    return or_(false(), *fits)


def select_farthest(asked: Sequence[Asked]) -> ColumnElement[float]:
    """The most that any measure asks for, metres; 0 where none does."""
    return func.coalesce(func.greatest(*(each.required for each in asked)), 0.0)


def list_asked(pair: LayerPair, left: FromClause, right: FromClause) -> list[Asked]:
    """What a pair has to keep, by each measure in order: horizontal, vertical, spatial."""
    return [select_asked(pair, each, left, right) for each in MEASURES]
