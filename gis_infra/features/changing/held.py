"""The features a list of changes is about, as they are, locked until the transaction ends.

They are locked layer by layer and id by id, in the same order by everybody, so that two writers never wait for each
other in a circle. Who waits reads what the other left: the check of versions is made on that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, Row, Table, any_, literal, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.changing.changes import KEPT, Change, Insert
from gis_infra.features.selection import select_visible

Key = tuple[str, int]
HAS_SHAPE = "_has_shape"


@dataclass(frozen=True)
class Held:
    """A locked feature. values: of every column that can be written, by name; has_shape: whether it has any."""

    id: int
    updated_at: datetime
    values: Mapping[str, Any]
    has_shape: bool


def hold(connection: Connection, tables: LayerTables, changes: Iterable[Change], actor: Actor) -> dict[Key, Held]:
    """The features the changes name that are there and that the actor may see, by layer id and id, locked."""
    found: dict[Key, Held] = {}
    for layer, ids in list_wanted(changes):
        rows = select_held(tables.get(layer.id), layer, ids, actor)
        for row in connection.execute(rows):
            found[layer.id, row.id] = to_held(layer, row)
    return found


def list_wanted(changes: Iterable[Change]) -> list[tuple[Layer, list[int]]]:
    """The layers with the ids that the changes name, layers by id."""
    wanted: dict[str, tuple[Layer, set[int]]] = {}
    for change in changes:
        if not isinstance(change, Insert):
            wanted.setdefault(change.layer.id, (change.layer, set()))[1].add(change.id)
    return [(layer, sorted(ids)) for _, (layer, ids) in sorted(wanted.items())]


def select_held(table: Table, layer: Layer, ids: list[int], actor: Actor) -> Any:
    """The rows of those ids, locked in the order of their ids as they are found."""
    columns = [table.c[name] for name in list_writable(layer)]
    has_shape = table.c.geom.is_not(None).label(HAS_SHAPE)
    rows = select(table.c.id, table.c.updated_at, has_shape, *columns)
    visible = select_visible(table, layer, actor)
    conditions = [table.c.id == any_(literal(ids, ARRAY(BigInteger))), *([] if visible is None else [visible])]
    return rows.where(*conditions).order_by(table.c.id).with_for_update()


def list_writable(layer: Layer) -> list[str]:
    """The columns that changes set: the fields that are not the program's own, and those a version brings back."""
    return [*(field.name for field in layer.fields if not field.system), *KEPT]


def to_held(layer: Layer, row: Row[Any]) -> Held:
    """The feature in a row of `select_held`."""
    values = row._mapping  # SQLAlchemy's public name for a row as a mapping
    return Held(row.id, row.updated_at, {name: values[name] for name in list_writable(layer)}, values[HAS_SHAPE])
