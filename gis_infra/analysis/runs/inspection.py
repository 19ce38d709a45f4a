"""What a run looked at, and what its assets lacked: nothing is called clear because a number was missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, or_, select

from gis_infra.analysis.conflicts.accuracy import select_known
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_size_unknown
from gis_infra.analysis.conflicts.vertical import select_heights
from gis_infra.analysis.rules.model import Member, Rule, is_evaluated, list_members

HEIGHTS = ("vertical", "spatial")  # measures that ask how high an asset lies


@dataclass(frozen=True)
class LayerCheck:
    """One layer of a run: assets that some rule speaks of, and how many of them lacked what.

    no_rule: assets that no rule speaks of, for instance because the attribute their class hangs on is empty.
    depth_unknown: assets whose cover a rule asks for and that have none. height_unknown: assets whose height a rule
    asks for and that tell neither a level nor a depth. accuracy_unknown: assets of which nobody says how far from where
    they are drawn they may lie. no_geometry: rows that are nowhere.
    """

    checked: int
    no_rule: int
    no_geometry: int
    size_unknown: int
    depth_unknown: int
    height_unknown: int
    accuracy_unknown: int


def inspect_layers(
    connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None = None
) -> Mapping[str, LayerCheck]:
    """Layer id -> what there was to check, for every layer a checked rule speaks of; of a focus, its assets only."""
    members: dict[str, list[tuple[Rule, Member]]] = {}
    for rule in rules:
        if rule.kind != "works" and is_evaluated(ground.book, rule):
            for member in list_members(ground.book, rule):
                if focus is None or member.layer in focus.layers:
                    members.setdefault(member.layer, []).append((rule, member))
    return {
        layer_id: inspect_layer(connection, ground, layer_id, said, focus) for layer_id, said in sorted(members.items())
    }


def inspect_layer(
    connection: Connection,
    ground: Ground,
    layer_id: str,
    said: Sequence[tuple[Rule, Member]],
    focus: Focus | None = None,
) -> LayerCheck:
    """Count what one layer has to check, and what it lacks."""
    table = ground.tables.get(layer_id)
    spoken_of = or_(literal(False), *{member: select_member(table, member) for _, member in said}.values())
    deep = or_(literal(False), *(select_member(table, member) for rule, member in said if rule.kind == "cover"))
    no_size = select_size_unknown(table, layer_id, ground.book.sizes)
    high = or_(literal(False), *(select_member(table, member) for rule, member in said if rule.measure in HEIGHTS))
    frame = select_heights(table, layer_id, ground.book).frame
    no_accuracy = ~select_known(table, ground.book.accuracy, "horizontal")
    present = select_present(table)
    row = connection.execute(
        select(
            func.count().filter(present, spoken_of).label("checked"),
            func.count().filter(present, ~spoken_of).label("no_rule"),
            func.count().filter(table.c.geom.is_(None)).label("no_geometry"),
            func.count().filter(present, spoken_of, no_size).label("size_unknown"),
            func.count().filter(present, deep, table.c.cover_m.is_(None)).label("depth_unknown"),
            func.count().filter(present, high, frame.is_(None)).label("height_unknown"),
            func.count().filter(present, spoken_of, no_accuracy).label("accuracy_unknown"),
        )
        .select_from(table)
        .where(focus.select_in(layer_id, table) if focus is not None else literal(True))
    ).one()
    return LayerCheck(**row._mapping)
