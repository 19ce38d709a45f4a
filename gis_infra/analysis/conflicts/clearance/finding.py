"""Clearances that are not kept: every pair of assets nearer than the rules allow, or not known to be farther."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Integer, Table, func, insert, literal, select, union_all

from gis_infra.analysis.conflicts.clearance import scratch
from gis_infra.analysis.conflicts.clearance.assets import Grid, select_entries, select_unsure
from gis_infra.analysis.conflicts.clearance.details import select_details
from gis_infra.analysis.conflicts.clearance.joining import Joining, join_layers, list_joined
from gis_infra.analysis.conflicts.clearance.pairs import list_met_around, select_met
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_all, select_present, select_radius
from gis_infra.analysis.rules.model import CONNECTED_M, PARALLEL_DEGREES, TOLERANCE_M, Rule, Side
from gis_infra.analysis.scratch import insert_from, make_from, make_scratch
from gis_infra.analysis.statements import read_statement

LEAST_CELL_M = 64.0  # about as long as a pipe between two manholes, and far less than what a city is wide
STEPS = (
    "make_pairs", "drop_joined", "drop_contained", "cut_segments", "face_segments", "measure_along", "measure_spatial",
    "measure_plain", "find_stretches", "find_crossings",
)  # fmt: skip
MADE = (
    scratch.JOINED, scratch.PARTNER, scratch.ASSET, scratch.CLEARANCE_PAIR, scratch.CONTAINER, scratch.SEGMENT,
    scratch.FACING, scratch.PIECE,
)  # fmt: skip
# What the steps fill, and others read much of.
FILLED = {
    "make_pairs": scratch.CLEARANCE_PAIR,
    "cut_segments": scratch.SEGMENT,
    "face_segments": scratch.FACING,
    "measure_along": scratch.PIECE,
}
STRETCH_M = 1.0  # what is nearer to each other along a line than this is one conflict
MARKS: dict[str, float] = {
    "connected_m": CONNECTED_M,
    "parallel_degrees": PARALLEL_DEGREES,
    "stretch_m": STRETCH_M - TOLERANCE_M,
    "tolerance_m": TOLERANCE_M,
}


def find_clearances(connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> None:
    """Put every finding of the clearance rules into the temporary table `finding`."""
    joining = join_layers(ground.book, rules)
    if not meet(connection, ground, joining, focus):
        return
    make_scratch(connection, *MADE)
    connection.execute(insert(scratch.JOINED), list_joined(joining))
    run(connection, "number_partners")
    settle(connection, scratch.PARTNER)
    for number in connection.scalars(select(scratch.PARTNER.c.layer_number).distinct()).all():
        insert_from(connection, scratch.ASSET, select_details(ground, joining, joining.layers[number]))
    settle(connection, scratch.ASSET)
    insert_containers(connection, ground)
    for name in STEPS:
        run(connection, name)
        if name in FILLED:
            settle(connection, FILLED[name])


def run(connection: Connection, name: str) -> None:
    """Run one of the statements of this room."""
    statement = read_statement(f"conflicts/clearance/{name}")
    connection.execute(statement, {key: MARKS[key] for key in statement.compile().params})


def settle(connection: Connection, table: Table) -> None:
    """Tell the planner how a temporary table is filled; what it guesses of an unknown one takes a city hours."""
    numbers = ", ".join(each.name for each in table.columns if isinstance(each.type, Integer))
    connection.exec_driver_sql(f"ANALYZE {table.name} ({numbers})")


def meet(connection: Connection, ground: Ground, joining: Joining, focus: Focus | None) -> bool:
    """Make the temporary table of pairs that may be too near; False, and no table, where there cannot be any."""
    if focus is not None:
        joining = narrow(joining, focus)
    if not joining.cases:
        return False
    widest = read_widest(connection, ground, joining)
    if not widest:
        return False
    if focus is None:
        pads = (widest_m + joining.find_farthest(each) / 2 for each, widest_m in widest.items())
        grid = Grid(ground, joining, max(LEAST_CELL_M, 4 * max(pads)))
        make_from(connection, scratch.ENTRY, select_entries(grid, widest))
        connection.exec_driver_sql("ANALYZE entry (cell)")
        make_from(connection, scratch.MET, select_met(grid))
        return True
    around = list_met_around(ground, joining, widest, focus)
    if around:
        make_from(connection, scratch.MET, union_all(*around))
    return bool(around)


def narrow(joining: Joining, focus: Focus) -> Joining:
    """The rules that join a layer of the focus to any."""
    cases = tuple(each for each in joining.cases if focus.is_touched(each.left.layer, each.right.layer))
    return replace(joining, cases=cases)


def read_widest(connection: Connection, ground: Ground, joining: Joining) -> dict[str, float]:
    """The most that an asset of a layer adds to a distance, metres, by layer; those without assets are not there."""
    names = {each: None for pair in joining.list_pairs() for each in pair}
    asked = [
        select(literal(each), func.max(select_unsure(ground, each))).select_from(ground.tables.get(each))
        for each in names
    ]
    found = connection.execute(union_all(*asked)).all()
    return {name: widest for name, widest in found if widest is not None}


def insert_containers(connection: Connection, ground: Ground) -> None:
    """Put the outlines of what holds things apart (tunnels, trenches) into `container`."""
    if ground.book.container is None:
        return
    for member in ground.book.find_members(Side(ground.book.container)):
        table = ground.tables.get(member.layer)
        radius = select_radius(table, member.layer, ground.book.sizes)
        area = select(func.st_buffer(func.st_force2d(table.c.geom), radius, 16)).where(
            select_present(table), select_all(table, member.where), radius > literal(0.0)
        )
        insert_from(connection, scratch.CONTAINER, area)
