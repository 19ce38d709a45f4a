"""Rows made in code: each test says only what it is about."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.tables import LayerTables


def insert(connection: Connection, tables: LayerTables, layer_id: str, *, wkt: str | None = None, **values: Any) -> int:
    """The id of a new row of the layer; `wkt` is in the city's CRS, easting first; without it there is no geometry."""
    return insert_many(connection, tables, layer_id, [{"wkt": wkt, **values}])[0]


def insert_many(
    connection: Connection, tables: LayerTables, layer_id: str, rows: Iterable[dict[str, Any]]
) -> list[int]:
    """The ids of new rows, in order; each a mapping of columns, with the geometry under `wkt`."""
    table = tables.get(layer_id)
    ids = []
    for row in rows:
        values = {name: value for name, value in row.items() if name != "wkt"}
        if row.get("wkt") is not None:
            values["geom"] = func.st_geomfromtext(row["wkt"], tables.srid)
        ids.append(connection.execute(table.insert().values(**values).returning(table.c.id)).scalar_one())
    return ids


def make_actor(*roles: tuple[str, str], username: str = "lan") -> Actor:
    """A person who is signed in, with the role given for each layer id, "sector:<sector>" or "*"."""
    # Tests write roles as text.
    return Actor(person_id=1, username=username, department="test", grants=dict(roles))  # type: ignore[arg-type]
