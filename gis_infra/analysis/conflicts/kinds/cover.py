"""Assets that lie less deep than they must, or whose depth nobody knows: ground to crown, by `cover_m`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
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

from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.neighbours import describe_asset, describe_nothing, select_middle
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius
from gis_infra.analysis.rules.model import TOLERANCE_M, Member, Rule, Side

Said = Sequence[tuple[int, Rule, Member]]


def select_shallow(ground: Ground, layer_id: str, said: Said, focus: Focus | None) -> Select[tuple[object, ...]]:
    """Assets of a layer whose cover is or may be too small, or is not known, as rows of `scratch.FINDING`.

    Of the rules that fit an asset the first counts.
    """
    table: Any = ground.tables.get(layer_id).alias("asset")
    fits = [(select_case(ground, table, rule, member), number, rule) for number, rule, member in said]
    number = case(*((fit, literal(number, Integer)) for fit, number, _ in fits))
    required = case(*((fit, literal(rule.required_m, Double)) for fit, _, rule in fits))
    accuracy = select_accuracy(table, ground.book.accuracy, "vertical")
    flat = func.st_force2d(table.c.geom)
    is_line = func.geometrytype(flat) == "LINESTRING"
    answer = select_answer(table.c.cover_m, required, accuracy)
    chosen = select(
        number, answer, cast(null(), Text), literal(1, Integer), required, table.c.cover_m,
        accuracy, select_known(table, ground.book.accuracy, "vertical"), cast(null(), Double),
        case((is_line, func.st_length(flat)), else_=0.0), select_middle(flat), flat,
        *describe_asset(table, layer_id), *describe_nothing(),
    ).where(select_present(table), required > 0, answer.is_not(None))  # fmt: skip
    return chosen if focus is None else chosen.where(focus.select_in(layer_id, table))


def select_answer(
    cover: ColumnElement[Any], required: ColumnElement[Any], accuracy: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The answer for one asset; null where it is clear."""
    return case(
        (cover.is_(None), literal("vertical_unknown")),
        (cover + accuracy < required - TOLERANCE_M, literal("violation")),
        (cover < required + accuracy - TOLERANCE_M, literal("possible")),
    )


def select_case(ground: Ground, table: Any, rule: Rule, member: Member) -> ColumnElement[bool]:
    """True for assets the rule speaks of."""
    fit = select_member(table, member)
    return fit if rule.under is None else and_(fit, select_under(ground, table, rule.under))


def select_under(ground: Ground, table: Any, asset_class: str) -> ColumnElement[bool]:
    """True for assets that come within half the width of something of that class, such as a carriageway.

    Without a width it is its axis, so that what crosses it still lies under it.
    """
    found = []
    for member in ground.book.find_members(Side(asset_class)):
        over: Any = ground.tables.get(member.layer).alias()
        radius = select_radius(over, member.layer, ground.book.sizes)
        every = select_radius(ground.tables.get(member.layer), member.layer, ground.book.sizes)
        widest = select(func.coalesce(func.max(every), 0.0)).scalar_subquery()
        found.append(
            exists().where(
                select_present(over),
                select_member(over, member),
                over.c.geom.op("&&")(func.st_expand(table.c.geom, widest)),
                func.st_dwithin(table.c.geom, over.c.geom, radius),
            )
        )
    return or_(literal(False), *found)
