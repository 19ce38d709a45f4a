"""The facilities of a service: its own in service, and what a what if counts in or out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, Double, Select, Table, and_, case, cast, func, literal, not_, null, or_, select

from gis_infra.analysis.conflicts.matching import select_all
from gis_infra.analysis.coverage.methods.model import Drawn, Facilities, Ground, WhatIf
from gis_infra.analysis.coverage.methods.rows import mend, select_shaped, to_objects
from gis_infra.analysis.coverage.standards.model import Capacity, Service
from gis_infra.analysis.rules.model import Member
from gis_infra.errors import InvalidParameter

PLANNED = ("proposed", "under_construction")


@dataclass(frozen=True)
class Row:
    """One facility as it is read or drawn. reach, capacity: nan for none."""

    id: int
    layer: str
    code: str | None
    name: str | None
    shape: Any
    reach: float
    capacity: float
    state: str


def read_facilities(ground: Ground, service: Service) -> Facilities:
    """The facilities that count: the service's own less those counted out, then what the what if counts in.

    Rows without a geometry are none. An area that crosses itself is mended.
    """
    what_if = ground.what_if
    own = read_rows(ground, service, select_own(ground, service, what_if))
    others = [row for member in what_if.layers for row in read_rows(ground, service, select_others(ground, member))]
    drawn = [draw_row(place, each, service) for place, each in enumerate(what_if.drawn, start=1)]
    return to_facilities(service.facilities.layer, [*own, *others, *drawn])


def read_left_out(ground: Ground, service: Service) -> Facilities:
    """The service's own facilities that the what if counts out."""
    table = ground.tables.get(service.facilities.layer)
    condition = and_(select_all(table, service.facilities.where), table.c.id.in_(ground.what_if.without))
    chosen = Chosen(service.facilities.layer, condition, literal("kept"))
    return to_facilities(chosen.layer, read_rows(ground, service, chosen))


@dataclass(frozen=True)
class Chosen:
    """Rows of a layer, and the state of each."""

    layer: str
    condition: ColumnElement[bool]
    state: ColumnElement[str]


def select_own(ground: Ground, service: Service, what_if: WhatIf) -> Chosen:
    """Rows of the service's own layer: in service, and the planned ones if they are to count.

    A planned one satisfies the service's conditions but those on its status, which says that it is planned.
    """
    member = service.facilities
    table = ground.tables.get(member.layer)
    in_service = select_all(table, member.where)
    counted = in_service
    if what_if.planned:
        others = [each for each in member.where if each.field != "status"]
        counted = or_(in_service, and_(func.coalesce(table.c.status.in_(PLANNED), False), select_all(table, others)))
    state = case((in_service, "kept"), else_="planned")
    return Chosen(member.layer, and_(counted, not_(table.c.id.in_(what_if.without))), state)


def select_others(ground: Ground, member: Member) -> Chosen:
    """Rows of another layer that are counted in."""
    return Chosen(member.layer, select_all(ground.tables.get(member.layer), member.where), literal("planned"))


def read_rows(ground: Ground, service: Service, chosen: Chosen) -> list[Row]:
    """The chosen rows in the order of their ids."""
    table = ground.tables.get(chosen.layer)
    rows = ground.connection.execute(select_rows(table, service, chosen)).all()
    shapes = mend([bytes(row.shape) for row in rows])
    return [
        Row(row.id, chosen.layer, row.code, row.name, shape, row.reach, row.capacity, row.state)
        for row, shape in zip(rows, shapes, strict=True)
    ]


def select_rows(table: Table, service: Service, chosen: Chosen) -> Select[Any]:
    """Id, code, name, shape (WKB), reach, capacity (nan for none) and state of the chosen rows."""
    capacity = service.capacity or Capacity()
    rows: Select[Any] = (
        select(
            table.c.id,
            table.c.asset_code.label("code"),
            table.c.name,
            func.st_asbinary(func.st_force2d(table.c.geom)).label("shape"),
            select_number(table, service.distance_field, get_reach(service)).label("reach"),
            select_number(table, capacity.field, capacity.people).label("capacity"),
            chosen.state.label("state"),
        )
        .where(select_shaped(table), chosen.condition)
        .order_by(table.c.id)
    )
    return rows


def select_number(table: Table, field: str | None, otherwise: float | None) -> ColumnElement[float]:
    """The attribute where the table has it and it is recorded, else `otherwise`, else nan."""
    recorded = table.c[field] if field is not None and field in table.c else null()
    return func.coalesce(cast(recorded, Double), literal(np.nan if otherwise is None else float(otherwise), Double))


def get_reach(service: Service) -> float | None:
    """How far a facility of the service reaches, in metres, or minutes along streets; None if it does not say."""
    in_minutes = service.method == "streets" and service.minutes is not None
    return service.minutes if in_minutes else service.distance_m


def require_reach(service: Service, facilities: Facilities) -> None:
    """Raises InvalidParameter if it is not known of every facility how far it reaches."""
    if np.isnan(facilities.reach).any():
        message = f"{service.id} says no distance, without which {service.method} cannot measure"
        raise InvalidParameter(message, where="distance_m")


def draw_row(place: int, drawn: Drawn, service: Service) -> Row:
    """A facility that was drawn, the `place`-th of them."""
    reach = get_reach(service) if drawn.reach is None else drawn.reach
    capacity = drawn.capacity
    if capacity is None and service.capacity is not None:
        capacity = service.capacity.people
    shape = shapely.force_2d(drawn.shape)
    nothing = float("nan")
    numbers = (nothing if reach is None else reach, nothing if capacity is None else capacity)
    return Row(-place, "", None, None, shape, *numbers, "drawn")


def to_facilities(layer: str, rows: Sequence[Row]) -> Facilities:
    """Rows as columns."""
    return Facilities(
        layer=layer,
        ids=np.array([row.id for row in rows], dtype=np.int64),
        layers=to_objects([row.layer for row in rows]),
        codes=to_objects([row.code for row in rows]),
        names=to_objects([row.name for row in rows]),
        shapes=to_objects([row.shape for row in rows]),
        reach=np.array([row.reach for row in rows], dtype=np.float64),
        capacity=np.array([row.capacity for row in rows], dtype=np.float64),
        states=to_objects([row.state for row in rows]),
    )
