"""Clearances that are not kept: every pair of assets nearer than the rules allow, or not known to be farther."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, func, insert, literal, select, union_all

from gis_infra.analysis.conflicts.accuracy import select_accuracy
from gis_infra.analysis.conflicts.clearance import scratch
from gis_infra.analysis.conflicts.clearance.assets import Grid
from gis_infra.analysis.conflicts.clearance.details import select_details
from gis_infra.analysis.conflicts.clearance.joining import Joining, join_layers
from gis_infra.analysis.conflicts.clearance.pairs import list_met_around, select_met
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_all, select_present, select_radius
from gis_infra.analysis.rules.model import CONNECTED_M, PARALLEL_DEGREES, TOLERANCE_M, Rule, Side
from gis_infra.analysis.scratch import insert_from, make_from, make_scratch
from gis_infra.analysis.statements import read_statement

LEAST_CELL_M = 64.0  # about as long as a pipe between two manholes, and far less than what a city is wide
STEPS = (
    "make_pairs", "drop_joined", "drop_contained", "cut_segments", "measure_along", "measure_spatial", "measure_plain",
    "find_stretches", "find_crossings",
)  # fmt: skip
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
    make_scratch(connection, scratch.ASKED, scratch.ASSET, scratch.CLEARANCE_PAIR, scratch.CONTAINER)
    make_scratch(connection, scratch.SEGMENT, scratch.PIECE)
    asked = [{"number": number, "required_m": rule.required_m} for number, rule in enumerate(rules)]
    connection.execute(insert(scratch.ASKED), asked)
    for layer_id in joining.layers:
        insert_from(connection, scratch.ASSET, select_details(ground, joining, layer_id))
    insert_containers(connection, ground)
    for name in STEPS:
        run(connection, name)


def run(connection: Connection, name: str) -> None:
    """Run one of the statements of this room."""
    statement = read_statement(f"conflicts/clearance/{name}")
    connection.execute(statement, {key: MARKS[key] for key in statement.compile().params})


def meet(connection: Connection, ground: Ground, joining: Joining, focus: Focus | None) -> bool:
    """Make the temporary table of pairs that may be too near; False, and no table, where there cannot be any."""
    if focus is not None:
        joining = narrow(joining, focus)
    if not joining.cases:
        return False
    widest = {each: read_widest(connection, ground, each) + joining.find_farthest(each) / 2 for each in joining.layers}
    if focus is None:
        grid = Grid(ground, joining, max(LEAST_CELL_M, 4 * max(widest.values())))
        make_from(connection, scratch.MET, select_met(grid))
    else:
        make_from(connection, scratch.MET, union_all(*list_met_around(ground, joining, widest, focus)))
    return True


def narrow(joining: Joining, focus: Focus) -> Joining:
    """The rules that join a layer of the focus to any."""
    cases = tuple(each for each in joining.cases if focus.is_touched(each.left.layer, each.right.layer))
    return replace(joining, cases=cases)


def read_widest(connection: Connection, ground: Ground, layer_id: str) -> float:
    """The most that the half width and the accuracies of an asset of a layer add to a distance, metres."""
    table = ground.tables.get(layer_id)
    given = ground.book.accuracy
    unsure = func.greatest(select_accuracy(table, given, "horizontal"), select_accuracy(table, given, "vertical"))
    widest = func.max(select_radius(table, layer_id, ground.book.sizes) + unsure)
    found: float = connection.execute(select(func.coalesce(widest, 0.0)).select_from(table)).scalar_one()
    return found


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
