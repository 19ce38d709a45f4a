"""Which assets a run is narrowed to: what changed and what hangs on it, or what touches a box.

A finding between assets that did not change may still come or go with one that did: what a tunnel holds apart, what a
road lies over, what an area takes in, what an end meets. Such assets are put into the focus too. One too many costs
time and no truth.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Text,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    union,
)

from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_radius
from gis_infra.analysis.register.tables import CONFLICT
from gis_infra.analysis.rules.model import CONNECTED_M, Rule, Side, is_evaluated, list_members
from gis_infra.analysis.runs.tables import CHANGE
from gis_infra.analysis.scratch import make_scratch
from gis_infra.catalogue import history
from gis_infra.spatial.boxes import Bbox

LONLAT = 4326


def list_layers(ground: Ground, rules: Sequence[Rule]) -> frozenset[str]:
    """Every layer that the rules speak of, or that tells where they hold."""
    checked = [rule for rule in rules if is_evaluated(ground.book, rule)]
    return list_spoken_of(ground, checked).union(*(each for _, each in list_contexts(ground, checked)))


def list_spoken_of(ground: Ground, rules: Iterable[Rule]) -> frozenset[str]:
    """The layers whose assets the rules speak of."""
    return frozenset(member.layer for rule in rules for member in list_members(ground.book, rule))


def list_contexts(ground: Ground, rules: Iterable[Rule]) -> list[tuple[Rule, frozenset[str]]]:
    """Each rule that hangs on more than its own assets, with the layers it hangs on."""
    found = []
    for rule in rules:
        named = [rule.under, rule.area, ground.book.container if rule.kind == "clearance" else None]
        layers = {member.layer for name in named if name for member in ground.book.find_members(Side(name))}
        if rule.kind == "nearly_joined":
            layers |= list_spoken_of(ground, [rule])
        if layers:
            found.append((rule, frozenset(layers)))
    return found


def focus_on_changes(connection: Connection, ground: Ground, rules: Sequence[Rule], changes: Sequence[int]) -> Focus:
    """Leave in `focus` what those lines of the table of changes speak of, deleted assets too, and what hangs on it."""
    make_scratch(connection, FOCUS)
    checked = [rule for rule in rules if is_evaluated(ground.book, rule)]
    add(connection, select_changed(list_layers(ground, checked), changes))
    changed = set(connection.execute(select(FOCUS.c.layer).distinct()).scalars())
    for rule, layers in list_contexts(ground, checked):
        touched = sorted(layers & changed)
        if touched:
            reach_m = read_reach(connection, ground, touched)
            for layer_id in sorted(list_spoken_of(ground, [rule])):
                add(connection, select_near(ground, layer_id, touched, changes, reach_m))
            if rule.area:
                add(connection, select_known(rule))
    return to_focus(connection)


def focus_on_box(connection: Connection, ground: Ground, rules: Sequence[Rule], box: Bbox) -> Focus:
    """Leave in `focus` every asset that touches a box, and those of the register's conflicts that lie in it."""
    make_scratch(connection, FOCUS)
    checked = [rule for rule in rules if is_evaluated(ground.book, rule)]
    corners = func.st_makeenvelope(box.xmin, box.ymin, box.xmax, box.ymax, box.srid)
    # A box in degrees is none on the ground plan: what is between its corners is bent.
    area = func.st_transform(func.st_segmentize(corners, 0.01 if box.srid == LONLAT else 1000.0), ground.tables.srid)
    for layer_id in sorted(list_spoken_of(ground, checked)):
        table = ground.tables.get(layer_id)
        inside = table.c.geom.op("&&")(area) & func.st_intersects(table.c.geom, area)
        add(connection, select(cast(literal(layer_id), Text), table.c.id).where(inside))
    add(connection, select_sides(CONFLICT.c.geom.op("&&")(area) & func.st_intersects(CONFLICT.c.geom, area)))
    return to_focus(connection)


def add(connection: Connection, assets: Any) -> None:
    """Put assets (layer, id) into `focus` that are not there yet."""
    wanted = assets.subquery()
    layer, asset = wanted.c
    known = exists().where(FOCUS.c.layer == layer, FOCUS.c.id == asset)
    rows = select(layer, asset).distinct().where(layer.is_not(None), ~known)
    connection.execute(insert(FOCUS).from_select(["layer", "id"], rows))


def select_changed(layers: frozenset[str], changes: Sequence[int]) -> Any:
    """The assets of those layers that lines of the table of changes name."""
    wanted = (CHANGE.c.id.in_(changes), CHANGE.c.layer.in_(sorted(layers)))
    spans = select(CHANGE.c.layer, func.unnest(CHANGE.c.ids).label("span")).where(*wanted).subquery()
    ids = func.generate_series(func.lower(spans.c.span), func.upper(spans.c.span) - 1)
    return select(spans.c.layer, cast(ids, BigInteger).label("id"))


def select_near(ground: Ground, layer_id: str, touched: Sequence[str], changes: Sequence[int], reach_m: float) -> Any:
    """The assets of a layer within reach of where rows of the touched layers were or are."""
    table = ground.tables.get(layer_id)
    places = (
        select(func.st_expand(func.st_dump(CHANGE.c.place).geom, reach_m).label("place"))
        .where(CHANGE.c.id.in_(changes), CHANGE.c.layer.in_(touched), CHANGE.c.place.is_not(None))
        .subquery()
    )
    return select(cast(literal(layer_id), Text), table.c.id).join(places, table.c.geom.op("&&")(places.c.place))


def select_known(rule: Rule) -> Any:
    """The assets the register has in open conflicts by a rule: what is far out may become less far."""
    return select_sides((CONFLICT.c.rule == rule.id) & (CONFLICT.c.status != "resolved"))


def select_sides(which: ColumnElement[bool]) -> Any:
    """Both assets of those conflicts of the register."""
    return union(
        select(CONFLICT.c.left_layer.label("layer"), CONFLICT.c.left_id.label("id")).where(which),
        select(CONFLICT.c.right_layer, CONFLICT.c.right_id).where(which),
    )


def read_reach(connection: Connection, ground: Ground, layers: Iterable[str]) -> float:
    """How far from its axis an asset of the layers reaches or, where it is in focus, once reached; metres."""
    widest = 2 * CONNECTED_M
    for layer_id in layers:
        table = ground.tables.get(layer_id)
        before = history.build(table)
        changed = before.c.id.in_(select(FOCUS.c.id).where(FOCUS.c.layer == layer_id))
        for source, which in ((table, literal(True)), (before, changed)):
            widest = max(widest, read_widest(connection, ground, source, which))
    return widest


def read_widest(connection: Connection, ground: Ground, table: FromClause, which: ColumnElement[bool]) -> float:
    """The largest radius of rows of a layer's table or history, metres; 0 where it has none."""
    radius = func.max(select_radius(table, str(getattr(table, "name", "")), ground.book.sizes))
    found: float = connection.execute(select(func.coalesce(radius, 0.0)).select_from(table).where(which)).scalar_one()
    return found


def to_focus(connection: Connection) -> Focus:
    """The focus that the temporary table holds, which the planner gets to know."""
    connection.execute(text("ANALYZE focus"))
    return Focus(frozenset(connection.execute(select(FOCUS.c.layer).distinct()).scalars()))
