"""What a run reads: by layer its revision, how many rows take part, how secret these are, and which they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, Connection, any_, func, literal, or_, select

from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter
from gis_infra.features.state import get_state

MOST_NAMED = 5


@dataclass(frozen=True)
class Data:
    """What takes part. takes: "layer:sensitivity" of all rows, and "layer:" of each layer even without any.

    layers: layer id -> its revision, and rows that take part.
    """

    takes: list[str]
    layers: Mapping[str, Mapping[str, int]]


def inspect_data(connection: Connection, tables: LayerTables, members: Sequence[Member]) -> Data:
    """What these parts of layers are at the moment the transaction sees.

    Kept with the run, because results tell of every row: the edge of a gap is an arc around a facility.
    """
    takes: set[str] = set()
    layers = {}
    for layer_id in sorted({member.layer for member in members}):
        steps = count_steps(connection, tables, [each for each in members if each.layer == layer_id])
        takes |= {f"{layer_id}:", *(f"{layer_id}:{step}" for step in steps)}
        layers[layer_id] = {"revision": get_state(connection, layer_id).revision, "rows": sum(steps.values())}
    return Data(sorted(takes), layers)


def require_rows(connection: Connection, tables: LayerTables, member: Member, ids: Sequence[int], where: str) -> None:
    """Return if every id is of a row of this part of a layer; who asks may see all of it. Raises InvalidParameter."""
    table = tables.get(member.layer)
    wanted = sorted(set(ids))
    found = select(table.c.id).where(table.c.id == any_(literal(wanted, ARRAY(BigInteger))))
    known = set(connection.execute(found.where(select_all(table, member.where))).scalars())
    unknown = [each for each in wanted if each not in known]
    if unknown:
        listed = ", ".join(map(str, unknown[:MOST_NAMED])) + (", ..." if len(unknown) > MOST_NAMED else "")
        message = f"{where} names what does not take part: {member.layer} has no such row with the id {listed}"
        raise InvalidParameter(message, where=where)


def count_steps(connection: Connection, tables: LayerTables, members: Sequence[Member]) -> Mapping[str, int]:
    """Sensitivity -> rows that take part, "" for those that say nothing; members: of one layer."""
    table = tables.get(members[0].layer)
    step = func.coalesce(table.c.sensitivity, "")
    fits = or_(*(select_all(table, member.where) for member in members))
    # Rows that are nowhere take part too, where a connection names what it is linked to.
    rows = select(step.label("step"), func.count().label("number")).where(fits).group_by(step)
    return {row.step: row.number for row in connection.execute(rows)}
