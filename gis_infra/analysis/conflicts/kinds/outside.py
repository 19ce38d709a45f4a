"""Assets that reach outside of the areas they must lie in, such as the city's own."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union_all,
)

from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.neighbours import describe_asset, describe_nothing
from gis_infra.analysis.conflicts.matching import select_member, select_present
from gis_infra.analysis.rules.model import TOLERANCE_M, Member, Rule, Side
from gis_infra.catalogue.definitions import Title

PIECE_M = 1.0  # what lies outside is measured at points no further apart than this


def has_areas(connection: Connection, ground: Ground, rule: Rule) -> bool:
    """Whether the city keeps any of the areas; without one everything would be outside, and nothing can be said."""
    area = select_areas(ground, rule, "area")
    return bool(connection.execute(select(exists(select(area.c.geom)))).scalar_one())


def find_lack(connection: Connection, ground: Ground, rule: Rule) -> Title | None:
    """Why a rule that the classes allow to be checked still cannot be: no area it names is recorded. None if it can."""
    if rule.kind != "outside" or has_areas(connection, ground, rule):
        return None
    title = ground.book.classes[rule.area or ""].title
    return Title(vi=f"chưa có vùng nào được ghi nhận: {title.vi}", en=f"no area is recorded: {title.en}")


def select_reaching_out(
    ground: Ground, layer_id: str, said: Sequence[tuple[int, Rule, Member]], focus: Focus | None
) -> Iterator[Select[tuple[object, ...]]]:
    """Assets of a layer that reach out of all areas by more than a rule allows, as rows of `scratch.FINDING`.

    Of the rules that fit an asset the first counts; one SELECT a rule.
    """
    if focus is not None and not focus.is_touched(layer_id):
        return
    table: Any = ground.tables.get(layer_id).alias("asset")
    before: list[ColumnElement[bool]] = []
    for number, rule, member in said:
        fit = select_member(table, member)
        narrowed = [fit, not_(or_(false(), *before))]
        if focus is not None:
            narrowed.append(focus.select_in(layer_id, table))
        inside = select_inside(ground, layer_id, rule, table, focus)
        yield select_outside(ground, layer_id, (number, rule), table).where(*narrowed, not_(inside))
        before.append(fit)


def select_outside(ground: Ground, layer_id: str, said: tuple[int, Rule], table: Any) -> Select[tuple[object, ...]]:
    """The assets of a layer of which a part lies outside, with the place that lies furthest out."""
    number, rule = said
    out = select_part_outside(ground, rule, table)
    far = select_farthest(ground, rule, out)
    return (
        select(
            literal(number, Integer), literal("violation"), cast(null(), Text), literal(1, Integer),
            literal(rule.required_m, Double), far.c.apart_m, literal(0.0, Double), literal(True), cast(null(), Double),
            case((func.st_dimension(out.c.part) == 1, func.st_length(out.c.part)), else_=0.0), far.c.spot, out.c.part,
            *describe_asset(table, layer_id), *describe_nothing(),
        )
        .select_from(table.join(out, true()).join(far, true()))
        .where(
            select_present(table),
            far.c.apart_m > rule.required_m + TOLERANCE_M,
        )
    )  # fmt: skip


def select_inside(ground: Ground, layer_id: str, rule: Rule, table: Any, focus: Focus | None) -> ColumnElement[bool]:
    """True for assets that lie in one area whole, as nearly all do.

    Of a whole layer they are found by the areas one after the other, which is quick since each is made ready once; of a
    few assets each is asked for by itself.
    """
    area = select_areas(ground, rule, "whole")
    if focus is not None:
        return exists().where(area.c.geom.op("~")(table.c.geom), func.st_covers(area.c.geom, table.c.geom))
    every: Any = ground.tables.get(layer_id).alias("within")
    covers = and_(area.c.geom.op("~")(every.c.geom), func.st_covers(area.c.geom, every.c.geom))
    inside: ColumnElement[bool] = table.c.id.in_(select(every.c.id).select_from(area.join(every, covers)))
    return inside


def select_part_outside(ground: Ground, rule: Rule, table: Any) -> Any:
    """The part of an asset that lies in none of the areas."""
    area = select_areas(ground, rule, "met")
    met = (
        select(func.st_union(area.c.geom)).where(area.c.geom.op("&&")(table.c.geom)).correlate(table).scalar_subquery()
    )
    flat = func.st_force2d(table.c.geom)
    part = func.coalesce(func.st_difference(flat, met), flat).label("part")
    return select(part).correlate(table).lateral("out")


def select_farthest(ground: Ground, rule: Rule, out: Any) -> Any:
    """The point of a part outside that is furthest from all areas, and how far; of equals the first."""
    area = select_areas(ground, rule, "nearest")
    points = func.st_dumppoints(func.st_segmentize(out.c.part, PIECE_M)).table_valued("path", "geom").lateral("point")
    apart = func.min(func.st_distance(area.c.geom, points.c.geom))
    return (
        select(points.c.geom.label("spot"), apart.label("apart_m"))
        .select_from(points.join(area, true()))
        .group_by(points.c.path, points.c.geom)
        .order_by(apart.desc(), points.c.path)
        .limit(1)
        .lateral("far")
    )


def select_areas(ground: Ground, rule: Rule, name: str) -> Any:
    """The areas of the rule's class, of every layer it takes in."""
    parts = []
    for member in ground.book.find_members(Side(rule.area or "")):
        table: Any = ground.tables.get(member.layer).alias()
        parts.append(
            select(table.c.geom).where(
                select_present(table), select_member(table, member), func.st_dimension(table.c.geom) == 2
            )
        )
    return union_all(*parts).subquery(name)
