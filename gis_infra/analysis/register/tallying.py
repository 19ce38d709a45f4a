"""How many conflicts there are, were open at a moment, came and were settled in a time; of those an actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.reading import OPEN
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables

# What opens a conflict and what settles it; other events do neither.
OPENING = ("found", "came_back", "reopened")
CLOSING = ("gone", "resolved")


@dataclass(frozen=True)
class Tally:
    """Conflicts between two layers, with one answer. right: None where the rule speaks of one asset."""

    left: str
    right: str | None
    severity: str
    conflicts: int

    @property
    def layers(self) -> frozenset[str]:
        """The layers of the assets."""
        return frozenset(each for each in (self.left, self.right) if each is not None)


@dataclass(frozen=True)
class Movement:
    """The conflicts of some layers over a time: open as it began and as it ended, opened and settled in between.

    One that was settled and came back counts in both, so open_after = open_before + opened - settled.
    """

    open_before: int
    opened: int
    settled: int
    open_after: int


def count_open(connection: Connection, catalogue: Catalogue, tables: LayerTables, actor: Actor) -> tuple[Tally, ...]:
    """The conflicts that are not settled, by layers and answer, in one statement."""
    columns = (CONFLICT.c.left_layer, CONFLICT.c.right_layer, CONFLICT.c.severity)
    seen = select_visible_conflicts(catalogue, tables, actor)
    counted = select(*columns, func.count()).where(CONFLICT.c.status.in_(OPEN), seen).group_by(*columns)
    return tuple(Tally(*row) for row in connection.execute(counted.order_by(*columns)))


def count_moves(
    connection: Connection,
    catalogue: Catalogue,
    tables: LayerTables,
    actor: Actor,
    span: tuple[datetime, datetime],
) -> tuple[tuple[frozenset[str], Movement], ...]:
    """The movement of conflicts between the same layers from `span[0]` up to, and not at, `span[1]`; one statement."""
    rows = connection.execute(select_moves(select_visible_conflicts(catalogue, tables, actor), span))
    return tuple((frozenset(each for each in row[:2] if each is not None), Movement(*row[2:])) for row in rows)


def select_moves(seen: ColumnElement[bool], span: tuple[datetime, datetime]) -> Select[Any]:
    """One row for each two layers: left, right, and the columns of `Movement`.

    What opened a conflict counts +1 and what settled it -1, from one state to the other only: two steps that both
    settle it are one.
    """
    event = CONFLICT_EVENT.c
    is_open = event.action.in_(OPENING)
    order = (event.happened_at, event.id)
    before = func.lag(is_open).over(partition_by=event.conflict_id, order_by=order)
    steps = select(event.conflict_id, event.happened_at, is_open.label("is_open"), before.label("was_open"))
    step = steps.where(event.action.in_((*OPENING, *CLOSING)), event.happened_at < span[1]).subquery("step")
    turned = func.coalesce(step.c.was_open, False).is_distinct_from(step.c.is_open)
    early = step.c.happened_at < span[0]
    opened, settled = turned & step.c.is_open, turned & ~step.c.is_open

    layers = (CONFLICT.c.left_layer, CONFLICT.c.right_layer)
    return (
        select(
            *layers,
            (count(opened & early) - count(settled & early)).label("open_before"),
            count(opened & ~early).label("opened"),
            count(settled & ~early).label("settled"),
            (count(opened) - count(settled)).label("open_after"),
        )
        .join_from(CONFLICT, step, step.c.conflict_id == CONFLICT.c.id)
        .where(seen)
        .group_by(*layers)
        .order_by(*layers)
    )


def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The number of rows of a group for which a condition holds."""
    return func.count().filter(condition)


def add_up(moves: Iterable[Movement]) -> Movement:
    """Movements of different conflicts together."""
    found = tuple(moves)
    names = ("open_before", "opened", "settled", "open_after")
    return Movement(*(sum(getattr(each, name) for each in found) for name in names))
