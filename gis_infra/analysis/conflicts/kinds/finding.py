"""Every finding of the kinds that are no clearance, left in the temporary table `finding`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from gis_infra.analysis.conflicts import scratch
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds import contradictions, cover, duplicates, near, outside, overbuild, shrinking
from gis_infra.analysis.conflicts.kinds.cases import Group, group_by_layer, group_by_layers, list_rules
from gis_infra.analysis.conflicts.kinds.loose_ends import Ends
from gis_infra.analysis.conflicts.kinds.loose_ends import select_neighbours as select_loose_ends
from gis_infra.analysis.conflicts.kinds.neighbours import NEIGHBOUR
from gis_infra.analysis.conflicts.matching import select_radius
from gis_infra.analysis.rules.kinds import Kind
from gis_infra.analysis.rules.model import TOLERANCE_M, Rule
from gis_infra.analysis.scratch import insert_from, make_scratch
from gis_infra.analysis.statements import read_statement

Selects = Iterable[Select[Any]]
SelectPairs = Callable[[Ground, Group, Focus | None], Iterator[Select[Any]]]

# How pairs of a kind are measured, and which they may be.
PAIRS: Mapping[Kind, tuple[str, SelectPairs]] = {
    "overbuild": ("measure_overbuild", overbuild.select_neighbours),
    "duplicate": ("measure_duplicate", duplicates.select_neighbours),
    "shrinking": ("measure_told", shrinking.select_neighbours),
}


def find_all(connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> None:
    """Add every finding of these kinds to `finding`, whose `number` is the place of the rule in `rules`."""
    make_scratch(connection, NEIGHBOUR)
    for kind in near.KINDS:
        groups = group_by_layers(ground.book, rules, kind)
        measure(connection, "measure_near", list_near(connection, ground, groups, focus))
    for kind, (statement, select_neighbours) in PAIRS.items():
        groups = group_by_layers(ground.book, rules, kind)
        measure(connection, statement, list_pairs(ground, groups, select_neighbours, focus))
    measure(connection, "measure_told", list_loose_ends(ground, rules, focus))
    for select_rows in list_of_assets(connection, ground, rules, focus):
        insert_from(connection, scratch.FINDING, select_rows)


def measure(connection: Connection, statement: str, selects: Selects) -> None:
    """Put the pairs of the selects into `neighbour`, measure them into `finding`, and empty it again."""
    chosen = list(selects)
    if not chosen:
        return
    for each in chosen:
        insert_from(connection, NEIGHBOUR, each)
    connection.execute(read_statement(f"conflicts/kinds/{statement}"), {"tolerance_m": TOLERANCE_M})
    connection.execute(delete(NEIGHBOUR))


def list_near(connection: Connection, ground: Ground, groups: Sequence[Group], focus: Focus | None) -> Selects:
    """The pairs of one kind that may be too near."""
    for group in groups:
        if focus is None or focus.is_touched(group.left, group.right):
            widest_m = read_widest(connection, ground, near.get_wide_layer(group))
            yield from near.select_neighbours(ground, group, widest_m, focus)


def read_widest(connection: Connection, ground: Ground, layer_id: str | None) -> float:
    """The largest radius of a layer's assets, metres; 0 of none."""
    if layer_id is None or layer_id not in ground.book.sizes:
        return 0.0
    table = ground.tables.get(layer_id)
    widest = func.coalesce(func.max(select_radius(table, layer_id, ground.book.sizes)), 0.0)
    found: float = connection.execute(select(widest).select_from(table)).scalar_one()
    return found


def list_pairs(ground: Ground, groups: Sequence[Group], select_neighbours: SelectPairs, focus: Focus | None) -> Selects:
    """The pairs of a kind, of every two layers its rules join."""
    for group in groups:
        if focus is None or focus.is_touched(group.left, group.right):
            yield from select_neighbours(ground, group, focus)


def list_loose_ends(ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> Selects:
    """The ends that nearly meet a line, rule by rule."""
    said = list_rules(ground.book, rules, "nearly_joined")
    for place, (number, rule) in enumerate(said):
        yield from select_loose_ends(Ends(ground, number, rule, [each for _, each in said[:place]]), focus)


def list_of_assets(connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> Selects:
    """The findings of the kinds that speak of one asset."""
    for layer_id, said in group_by_layer(ground.book, rules, "cover").items():
        if focus is None or focus.is_touched(layer_id):
            yield cover.select_shallow(ground, layer_id, said, focus)
    for layer_id, said in group_by_layer(ground.book, rules, "contradiction").items():
        yield from contradictions.select_contradictions(ground, layer_id, said, focus)
    for layer_id, said in group_by_layer(ground.book, rules, "outside").items():
        known = [each for each in said if outside.has_areas(connection, ground, each[1])]
        yield from outside.select_reaching_out(ground, layer_id, known, focus)
