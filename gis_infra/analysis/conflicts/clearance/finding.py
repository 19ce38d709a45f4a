"""Clearances that are not kept: every pair of assets nearer than the rules allow, or not known to be farther."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, literal, select, type_coerce, union_all
from sqlalchemy.types import NullType

from gis_infra.analysis.conflicts.accuracy import select_accuracy
from gis_infra.analysis.conflicts.clearance import scratch
from gis_infra.analysis.conflicts.clearance.joining import LayerPair, group_by_layers
from gis_infra.analysis.conflicts.clearance.pairs import select_pairs
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_all, select_present, select_radius
from gis_infra.analysis.rules.model import CONNECTED_M, PARALLEL_DEGREES, TOLERANCE_M, Rule, Side
from gis_infra.analysis.scratch import insert_from, make_from, make_scratch
from gis_infra.analysis.statements import read_statement

STRETCH_M = 1.0  # what is nearer to each other along a line than this is one conflict
MARKS: dict[str, float] = {
    "connected_m": CONNECTED_M,
    "parallel_degrees": PARALLEL_DEGREES,
    "stretch_m": STRETCH_M,
    "tolerance_m": TOLERANCE_M,
}


def find_clearances(connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None) -> None:
    """Put every finding of the clearance rules into the temporary table `finding`."""
    if not make_pairs(connection, ground, group_by_layers(ground.book, rules), focus):
        return
    make_scratch(connection, scratch.SEGMENT, scratch.PIECE, scratch.CONTAINER)
    insert_containers(connection, ground)
    for name in ("drop_joined", "drop_contained", "cut_segments"):
        run(connection, name)
    for name in ("measure_along", "measure_spatial", "measure_plain", "find_stretches", "find_crossings"):
        run(connection, name)


def run(connection: Connection, name: str) -> None:
    """Run one of the statements of this room."""
    statement = read_statement(f"conflicts/clearance/{name}")
    connection.execute(statement, {key: MARKS[key] for key in statement.compile().params})


def make_pairs(connection: Connection, ground: Ground, groups: Sequence[LayerPair], focus: Focus | None) -> bool:
    """Make the temporary table of pairs that may be too near; False, and no table, where there cannot be any."""
    widest = {each: read_widest(connection, ground, each) for each in list_layers(groups)}
    selects = [each for pair in groups for each in select_pairs(ground, pair, widest, focus)]
    if not selects:
        return False
    found = union_all(*selects).subquery() if len(selects) > 1 else selects[0].subquery()
    # A geometry that is selected is told in bytes, for the client; here it goes into a table as it is.
    columns = [type_coerce(column, NullType()) for column in found.columns]
    make_from(connection, scratch.CLEARANCE_PAIR, select(func.row_number().over(), *columns))
    return True


def list_layers(pairs: Sequence[LayerPair]) -> list[str]:
    """Every layer of the pairs, once, by name."""
    return sorted({each for pair in pairs for each in (pair.left, pair.right)})


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
