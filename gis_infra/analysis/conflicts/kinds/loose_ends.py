"""Ends of lines that meet nothing, with a line of their class so near that they were meant to be joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Select,
    Subquery,
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
from gis_infra.analysis.conflicts.matching import select_member, select_present
from gis_infra.analysis.rules.model import CONNECTED_M, TOLERANCE_M, Member, Rule


@dataclass(frozen=True)
class Ends:
    """What the loose ends of one rule are looked for in.

    earlier: the rules of the kind that go before it; an asset that one of them speaks of is not this one's.
    """

    ground: Ground
    number: int
    rule: Rule
    earlier: Sequence[Rule]

    def list_layers(self) -> list[Member]:
        """The parts of layers of the rule's class."""
        return list(self.ground.book.find_members(self.rule.left))


def select_neighbours(ends: Ends, focus: Focus | None) -> Iterator[Select[tuple[object, ...]]]:
    """Loose ends with the nearest line of their class, as rows of `NEIGHBOUR`, measured; one SELECT a layer.

    The left side of a pair is the layer that classes.yaml mentions first, of one layer the smaller id.
    """
    layers = {each.layer for each in ends.list_layers()}
    if focus is not None and not focus.is_touched(*layers):
        return
    for member in ends.list_layers():
        if ends.ground.catalogue.get_layer(member.layer).geometry.endswith("LineString"):
            yield select_pairs(ends, member, focus)


def select_pairs(ends: Ends, member: Member, focus: Focus | None) -> Select[tuple[object, ...]]:
    """The loose ends of one layer."""
    end = select_ends(ends, member, focus).subquery("loose")
    near = select_nearest(ends, end)
    turned = or_(
        near.c.place_in_order < end.c.place_in_order,
        and_(near.c.place_in_order == end.c.place_in_order, near.c.id < end.c.id),
    )
    names = ("layer", "id", "asset_code", "owner", "flat")
    left = [case((turned, near.c[name]), else_=end.c[name]) for name in names]
    right = [case((turned, end.c[name]), else_=near.c[name]) for name in names]
    chosen = select(
        literal(ends.number, Integer), cast(null(), Text), literal(ends.rule.required_m, Double), literal(0.0, Double),
        literal(True), literal(0.0, Double), near.c.apart_m,
        func.st_lineinterpolatepoint(func.st_shortestline(end.c.spot, near.c.flat), 0.5), *left, *right,
    ).select_from(end.join(near, true()))  # fmt: skip
    if focus is None:
        return chosen
    return chosen.where(or_(*(select_told(focus, each) for each in (end, near))))


def select_told(focus: Focus, side: Any) -> ColumnElement[bool]:
    """True where a side, whose layer is a column, is among the assets of the focus."""
    return or_(false(), *(and_(side.c.layer == each, focus.select_in(each, side)) for each in sorted(focus.layers)))


def select_ends(ends: Ends, member: Member, focus: Focus | None) -> Select[tuple[object, ...]]:
    """The ends of the lines of a layer that meet nothing of the class; a line that closes on itself has none."""
    table: Any = ends.ground.tables.get(member.layer).alias("line")
    side = select_spots(table)
    others = select_class(ends, "other")
    meets = exists().where(
        or_(others.c.layer != member.layer, others.c.id != table.c.id),
        others.c.geom.op("&&")(func.st_expand(side.c.geom, CONNECTED_M)),
        func.st_dwithin(others.c.geom, side.c.geom, CONNECTED_M),
    )
    chosen = (
        select(
            *describe(ends, table, member.layer),
            func.st_force2d(table.c.geom).label("flat"),
            func.st_force2d(side.c.geom).label("spot"),
        )
        .select_from(table.join(side, true()))
        .where(
            select_present(table),
            select_spoken_of(ends, table, member),
            not_(func.st_isclosed(table.c.geom)),
            not_(meets),
        )
    )
    return chosen if focus is None else chosen.where(select_touched(ends, table, member, focus))


def select_spots(table: Any) -> Any:
    """Both ends of a line, as rows beside it."""
    both = func.st_collect(func.st_startpoint(table.c.geom), func.st_endpoint(table.c.geom))
    return func.st_dumppoints(both).table_valued("path", "geom").lateral("side")


def select_touched(ends: Ends, table: Any, member: Member, focus: Focus) -> ColumnElement[bool]:
    """True for lines that are among the assets of the focus, or near one of them of the class."""
    reach_m = ends.rule.required_m + TOLERANCE_M
    lines: Any = ends.ground.tables.get(member.layer).alias()
    found = [select(lines.c.id).where(focus.select_in(member.layer, lines))]
    for each in ends.list_layers():
        if focus.is_touched(each.layer):
            changed: Any = ends.ground.tables.get(each.layer).alias()
            beside = func.st_dwithin(lines.c.geom, changed.c.geom, reach_m)
            near = select(lines.c.id).select_from(changed.join(lines, beside))
            found.append(near.where(focus.select_in(each.layer, changed)))
    touched: ColumnElement[bool] = table.c.id.in_(union_all(*found))
    return touched


def select_nearest(ends: Ends, end: Subquery) -> Any:
    """The line of the class nearest to an end, within what the rule says; of equally near ones the first."""
    lines = select_class(ends, "near_line", only_lines=True)
    reach_m = ends.rule.required_m + TOLERANCE_M
    apart = func.st_distance(func.st_force2d(lines.c.geom), end.c.spot)
    return (
        select(
            lines.c.layer, lines.c.id, lines.c.asset_code, lines.c.owner, lines.c.place_in_order,
            func.st_force2d(lines.c.geom).label("flat"), apart.label("apart_m"),
        )
        .where(
            or_(lines.c.layer != end.c.layer, lines.c.id != end.c.id),
            lines.c.geom.op("&&")(func.st_expand(end.c.spot, reach_m)),
            func.st_dwithin(lines.c.geom, end.c.spot, reach_m),
        )
        .order_by(apart, lines.c.place_in_order, lines.c.id)
        .limit(1)
        .lateral("near")
    )  # fmt: skip


def select_class(ends: Ends, name: str, *, only_lines: bool = False) -> Any:
    """The assets of the rule's class, of every layer it takes in."""
    parts = []
    for member in ends.list_layers():
        if only_lines and not ends.ground.catalogue.get_layer(member.layer).geometry.endswith("LineString"):
            continue
        table: Any = ends.ground.tables.get(member.layer).alias()
        parts.append(
            select(*describe(ends, table, member.layer), table.c.geom).where(
                select_present(table), select_member(table, member)
            )
        )
    return union_all(*parts).subquery(name)


def describe(ends: Ends, table: FromClause, layer_id: str) -> tuple[ColumnElement[Any], ...]:
    """Which asset it is, and the place of its layer among those of classes.yaml."""
    place = ends.ground.book.get_layer_order()[layer_id]
    return (
        cast(literal(layer_id), Text).label("layer"),
        cast(table.c.id, BigInteger).label("id"),
        table.c.asset_code,
        table.c.owner,
        literal(place, Integer).label("place_in_order"),
    )


def select_spoken_of(ends: Ends, table: FromClause, member: Member) -> ColumnElement[bool]:
    """True for assets of the rule's class that no earlier rule of the kind speaks of."""
    before = [
        select_member(table, each)
        for rule in ends.earlier
        for each in ends.ground.book.find_members(rule.left)
        if each.layer == member.layer
    ]
    return and_(select_member(table, member), not_(or_(false(), *before)))
