"""Assets that lie less deep than they must: ground to crown, by the attribute `cover_m`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.rules.model import TOLERANCE_M, Member, Rule, RuleBook, Side, is_evaluated


def group_by_layer(book: RuleBook, rules: Sequence[Rule]) -> dict[str, list[tuple[int, Rule, Member]]]:
    """Layer id -> the cover rules that speak of it, each with its place in `rules`, in order of precedence."""
    groups: dict[str, list[tuple[int, Rule, Member]]] = {}
    for number, rule in enumerate(rules):
        if rule.kind == "cover" and is_evaluated(book, rule):
            for member in book.find_members(rule.left):
                groups.setdefault(member.layer, []).append((number, rule, member))
    return groups


def select_shallow(
    ground: Ground, layer_id: str, cases: Sequence[tuple[int, Rule, Member]]
) -> Select[tuple[object, ...]]:
    """Assets of a layer whose cover is known and too small, as rows of `scratch.FINDING`.

    Of the rules that fit an asset the first counts. What has no `cover_m` is never found here; a run counts it.
    """
    table = ground.tables.get(layer_id).alias("asset")
    fits = [(select_case(ground, table, rule, member), number, rule) for number, rule, member in cases]
    required = case(*((fit, literal(rule.required_m, Double)) for fit, _, rule in fits))
    flat = func.st_force2d(table.c.geom)
    return select(
        case(*((fit, literal(number, Integer)) for fit, number, _ in fits)),
        literal("violation", Text),
        cast(null(), Text),
        literal(1, Integer),
        required,
        table.c.cover_m,
        literal(0.0, Double),
        literal(False),
        cast(null(), Double),
        func.st_length(flat),
        select_middle(flat),
        flat,
        cast(literal(layer_id), Text),
        table.c.id,
        table.c.asset_code,
        table.c.owner,
        cast(null(), Text),
        cast(null(), BigInteger),
        cast(null(), Text),
        cast(null(), Text),
    ).where(select_present(table), table.c.cover_m.is_not(None), table.c.cover_m < required - TOLERANCE_M)


def select_middle(flat: ColumnElement[Any]) -> ColumnElement[Any]:
    """Half-way along a line; within anything else."""
    is_line = func.geometrytype(flat) == "LINESTRING"
    return case((is_line, func.st_lineinterpolatepoint(flat, 0.5)), else_=func.st_pointonsurface(flat))


def select_case(ground: Ground, table: FromClause, rule: Rule, member: Member) -> ColumnElement[bool]:
    """True for assets the rule speaks of."""
    fit = select_member(table, member)
    return fit if rule.under is None else and_(fit, select_under(ground, table, rule.under))


def select_under(ground: Ground, table: FromClause, asset_class: str) -> ColumnElement[bool]:
    """True for assets that come within half the width of something of that class, such as a carriageway."""
    found = []
    for member in ground.book.find_members(Side(asset_class)):
        over = ground.tables.get(member.layer).alias()
        radius = select_radius(over, member.layer, ground.book.sizes)
        every = select_radius(ground.tables.get(member.layer), member.layer, ground.book.sizes)
        widest = select(func.coalesce(func.max(every), 0.0)).scalar_subquery()
        found.append(
            exists().where(
                select_present(over),
                select_member(over, member),
                radius > 0,
                over.c.geom.op("&&")(func.st_expand(table.c.geom, widest)),
                func.st_dwithin(table.c.geom, over.c.geom, radius),
            )
        )
    return or_(literal(False), *found)
