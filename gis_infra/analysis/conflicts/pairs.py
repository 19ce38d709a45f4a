"""Which pairs of assets a rule may speak of: one SELECT for two layers, with every rule that joins them in it.

Of the rules that fit a pair the first in order of precedence counts; that is the first branch of a CASE.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.rules.model import PAIR_KINDS, TOLERANCE_M, Kind, Member, Rule, RuleBook, is_evaluated
from gis_infra.catalogue.definitions import Catalogue


@dataclass(frozen=True)
class Case:
    """One rule as it meets two layers: its place among the rules of the run, and which rows of each it speaks of."""

    number: int
    rule: Rule
    left: Member
    right: Member


@dataclass
class LayerPair:
    """Two layers, or one twice, and the rules of one kind between them, in order of precedence."""

    kind: Kind
    left: str
    right: str
    cases: list[Case] = field(default_factory=list)


def group_by_layers(book: RuleBook, rules: Sequence[Rule]) -> list[LayerPair]:
    """The pairs of layers that the rules of two sides join; the number of a rule is its place in `rules`."""
    order = book.get_layer_order()
    groups: dict[tuple[Kind, str, str], LayerPair] = {}
    for number, rule in enumerate(rules):
        for left, right in list_member_pairs(book, rule):
            if order[left.layer] > order[right.layer]:
                left, right = right, left
            key = (rule.kind, left.layer, right.layer)
            groups.setdefault(key, LayerPair(*key)).cases.append(Case(number, rule, left, right))
    return list(groups.values())


def list_member_pairs(book: RuleBook, rule: Rule) -> Iterator[tuple[Member, Member]]:
    """Every part of a layer on the rule's one side with every part on its other side."""
    if rule.kind in PAIR_KINDS and rule.right is not None and is_evaluated(book, rule):
        for left in book.find_members(rule.left):
            for right in book.find_members(rule.right):
                yield left, right


def select_candidates(ground: Ground, pair: LayerPair, reach_m: float) -> Select[tuple[object, ...]]:
    """Pairs of rows that a rule joins and whose plan distance is below its limit, as rows of `scratch.CANDIDATE`.

    reach_m: no pair further apart than this, in metres between axes, can break a rule; the index is asked with it.
    """
    left = ground.tables.get(pair.left).alias("l")
    right = ground.tables.get(pair.right).alias("r")
    fits = [(select_case(ground.book, each, left, right), each) for each in pair.cases]
    required = case(*((fit, literal(each.rule.required_m, Double)) for fit, each in fits))
    radii = [select_radius(table, name, ground.book.sizes) for table, name in ((left, pair.left), (right, pair.right))]
    near = right.c.geom.op("&&")(func.st_expand(left.c.geom, reach_m))
    once = left.c.id < right.c.id if pair.left == pair.right else literal(True)
    columns = (
        case(*((fit, literal(each.number, Integer)) for fit, each in fits)),
        literal(runs_parallel(ground.catalogue, pair), Boolean),
        literal(pair.kind == "clearance", Boolean),
        required,
        *describe_side(left, pair.left, radii[0]),
        *describe_side(right, pair.right, radii[1]),
        literal(get_sector(ground, pair.left) == get_sector(ground, pair.right), Boolean),
    )
    limit_m = func.greatest(required + radii[0] + radii[1] - TOLERANCE_M, 0.0)
    return (
        select(*columns)
        .select_from(left.join(right, and_(near, once)))
        .where(
            select_present(left),
            select_present(right),
            or_(false(), *(fit for fit, _ in fits)),
            func.st_dwithin(left.c.geom, right.c.geom, limit_m),
        )
    )


def select_case(book: RuleBook, one: Case, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where the rule speaks of the pair; between rows of one layer either may be its left side."""
    fit = and_(select_member(left, one.left), select_member(right, one.right))
    if one.left.layer == one.right.layer and one.left != one.right:
        fit = or_(fit, and_(select_member(left, one.right), select_member(right, one.left)))
    if one.rule.kind == "works_overlap":
        fit = and_(fit, select_same_time(book, one, left, right))
    return fit


def select_same_time(book: RuleBook, one: Case, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True where the two last on at least one common day; not where a day is missing."""
    ours, theirs = book.windows[one.left.layer], book.windows[one.right.layer]
    return and_(
        func.coalesce(left.c[ours.from_field] <= right.c[theirs.to_field], False),
        func.coalesce(right.c[theirs.from_field] <= left.c[ours.to_field], False),
    )


def describe_side(table: FromClause, layer_id: str, radius: ColumnElement[float]) -> tuple[ColumnElement[object], ...]:
    """The columns of one side of a candidate."""
    return (
        cast(literal(layer_id), Text),
        cast(table.c.id, BigInteger),
        table.c.asset_code,
        table.c.owner,
        func.st_force2d(table.c.geom),
        cast(radius, Double),
    )


def runs_parallel(catalogue: Catalogue, pair: LayerPair) -> bool:
    """Whether the rule is about running side by side: a clearance between lines."""
    lines = all(catalogue.get_layer(each).geometry.endswith("LineString") for each in (pair.left, pair.right))
    return pair.kind == "clearance" and lines


def get_sector(ground: Ground, layer_id: str) -> str:
    """The sector a layer belongs to."""
    return ground.catalogue.get_layer(layer_id).sector


def find_reach(pair: LayerPair, widest: Mapping[str, float]) -> float:
    """Metres between axes beyond which no pair of the two layers breaks a rule.

    widest: layer id -> the largest radius in it, metres.
    """
    required = max(each.rule.required_m for each in pair.cases)
    return required + widest[pair.left] + widest[pair.right]


def list_layers(pairs: Iterable[LayerPair]) -> list[str]:
    """Every layer of the pairs, once, by name."""
    return sorted({each for pair in pairs for each in (pair.left, pair.right)})
