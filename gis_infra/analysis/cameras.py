"""Public cameras and whether each can be looked through, as the city's records have it; of those an actor may see.

Nobody is asked over a network: `connected` is what the department that keeps the layer has written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, case, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import get_source, select_visible

State = Literal["out", "not_linked", "unknown", "planned", "linked"]

LAYER_ID = "public_camera"
# In the order in which somebody has to do something about them.
STATES: tuple[State, ...] = ("out", "not_linked", "unknown", "planned", "linked")
OUT = ("out_of_commission", "decommissioned", "abandoned", "removed", "unfit")
PLANNED = ("proposed", "under_construction")
SHOWN = ("id", "asset_code", "name", "kind", "purpose", "status", "street", "updated_at")


@dataclass(frozen=True)
class Camera:
    """One camera. kind, purpose, status: codes of the layer. place: longitude and latitude, None where it has none."""

    id: int
    asset_code: str | None
    name: str | None
    kind: str | None
    purpose: str | None
    status: str | None
    street: str | None
    updated_at: datetime
    state: State
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Cameras:
    """Whose cameras. layer: the layer of cameras. as_of: a moment that has been, None for now."""

    actor: Actor
    layer: Layer
    as_of: datetime | None = None


def count_states(connection: Connection, tables: LayerTables, wanted: Cameras) -> Mapping[State, int]:
    """How many cameras are in each state, every state named, in one statement. Raises UnknownLayer."""
    source, conditions = select_source(tables, wanted)
    state = select_state(source).label("state")
    counted = select(state, func.count().label("cameras")).select_from(source).where(*conditions).group_by(state)
    found = {row.state: row.cameras for row in connection.execute(counted)}
    return {each: found.get(each, 0) for each in STATES}


def list_cameras(
    connection: Connection, tables: LayerTables, wanted: Cameras, page: tuple[State | None, int, int]
) -> tuple[Camera, ...]:
    """Cameras, first those somebody has to look after.

    page: state wanted or None for all, limit, offset. Raises UnknownLayer.
    """
    source, conditions = select_source(tables, wanted)
    state, limit, offset = page
    if state is not None:
        conditions.append(select_state(source) == state)
    rows = select_cameras(source).where(*conditions).limit(limit).offset(offset or None)
    return tuple(to_camera(row) for row in connection.execute(rows))


def select_source(tables: LayerTables, wanted: Cameras) -> tuple[FromClause, list[ColumnElement[bool]]]:
    """What to read from, and what holds of the rows the actor may see. Raises UnknownLayer."""
    wanted.actor.require("read", wanted.layer)
    source = get_source(tables, FeatureQuery(wanted.layer, wanted.actor, as_of=wanted.as_of))
    visible = select_visible(source, wanted.layer, wanted.actor)
    return source, [] if visible is None else [visible]


def select_cameras(source: FromClause) -> Select[Any]:
    """The rows that `to_camera` reads, in their order."""
    state = select_state(source).label("state")
    rank = case({each: at for at, each in enumerate(STATES)}, value=state)
    place = (func.st_x(source.c.lonlat).label("longitude"), func.st_y(source.c.lonlat).label("latitude"))
    columns = [source.c[name] for name in SHOWN]
    return select(*columns, state, *place).order_by(rank, source.c.asset_code.asc().nulls_last(), source.c.id)


def select_state(source: FromClause) -> ColumnElement[Any]:
    """The state of a camera: what its status says, then whether it is linked to the centre."""
    return case(
        (source.c.status.in_(PLANNED), "planned"),
        (source.c.status.in_(OUT), "out"),
        (source.c.connected.is_(True), "linked"),
        (source.c.connected.is_(False), "not_linked"),
        else_="unknown",
    )


def to_camera(row: Row[Any]) -> Camera:
    """The camera in a row of `select_cameras`."""
    place = None if row.longitude is None else (row.longitude, row.latitude)
    return Camera(**{name: row._mapping[name] for name in SHOWN}, state=row.state, place=place)
