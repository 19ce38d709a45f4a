"""What breaks the rules: every finding of a set of rules, left in a temporary table of the transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, literal, select

from gis_infra.analysis.conflicts import cover, pairs, scratch
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_all, select_present, select_radius
from gis_infra.analysis.rules.model import CONNECTED_M, PARALLEL_DEGREES, TOLERANCE_M, Rule, Side
from gis_infra.analysis.scratch import insert_from, make_scratch
from gis_infra.analysis.statements import read_statement


def find(connection: Connection, ground: Ground, rules: Sequence[Rule]) -> None:
    """Leave every finding in the temporary table `finding`, and what the rules say in `said`."""
    make_scratch(connection, scratch.CANDIDATE, scratch.FINDING, scratch.CONTAINER, scratch.SAID)
    insert_said(connection, rules)
    insert_candidates(connection, ground, rules)
    insert_containers(connection, ground)
    connection.execute(read_statement("conflicts/drop_joined"), {"connected_m": CONNECTED_M})
    connection.execute(read_statement("conflicts/drop_contained"))
    connection.execute(
        read_statement("conflicts/measure_parallel"), {"parallel_degrees": PARALLEL_DEGREES, "tolerance_m": TOLERANCE_M}
    )
    connection.execute(read_statement("conflicts/measure_plain"), {"tolerance_m": TOLERANCE_M})
    for layer_id, cases in cover.group_by_layer(ground.book, rules).items():
        insert_from(connection, scratch.FINDING, cover.select_shallow(ground, layer_id, cases))


def insert_said(connection: Connection, rules: Sequence[Rule]) -> None:
    """Put what each rule says beside its number."""
    rows = [
        {
            "number": number,
            "pack": rule.pack,
            "rule": rule.id,
            "kind": rule.kind,
            "rule_title_vi": rule.title.vi,
            "rule_title_en": rule.title.en,
            "clause": rule.clause,
            "source": rule.source,
            "legal_basis": rule.legal_basis,
            "verified": rule.verified,
        }
        for number, rule in enumerate(rules)
    ]
    if rows:
        connection.execute(insert(scratch.SAID), rows)


def insert_candidates(connection: Connection, ground: Ground, rules: Sequence[Rule]) -> None:
    """Put every pair near enough to break a rule into `candidate`."""
    groups = pairs.group_by_layers(ground.book, rules)
    widest = {each: read_widest(connection, ground, each) for each in pairs.list_layers(groups)}
    for pair in groups:
        reach_m = pairs.find_reach(pair, widest)
        insert_from(connection, scratch.CANDIDATE, pairs.select_candidates(ground, pair, reach_m))


def read_widest(connection: Connection, ground: Ground, layer_id: str) -> float:
    """The largest radius of a layer's assets, metres."""
    table = ground.tables.get(layer_id)
    widest = func.max(select_radius(table, layer_id, ground.book.sizes))
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
