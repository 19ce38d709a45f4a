"""What imports came to in a time, by layer; of those an actor may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.transfer.loading.listing import select_visible
from gis_infra.transfer.tables import IMPORT_BATCH


@dataclass(frozen=True)
class ImportSum:
    """The imports into one layer. Rows of those that were taken back since are not among inserted to rejected."""

    layer: str
    imports: int
    undone: int
    inserted: int
    updated: int
    deleted: int
    rejected: int


def sum_imports(
    connection: Connection, catalogue: Catalogue, actor: Actor, span: tuple[datetime, datetime]
) -> tuple[ImportSum, ...]:
    """The imports that ended from `span[0]` up to, and not at, `span[1]`, by layer, in one statement.

    An actor sees their own, and those into the layers they administer.
    """
    batch = IMPORT_BATCH.c
    stands = batch.undone_at.is_(None)
    rows = [
        func.coalesce(func.sum(column).filter(stands), 0)
        for column in (batch.inserted, batch.updated, batch.deleted, batch.rejected)
    ]
    undone = func.count().filter(batch.undone_at.is_not(None))
    ended = (batch.finished_at >= span[0]) & (batch.finished_at < span[1])
    wanted = select(batch.layer_id, func.count(), undone, *rows).where(
        select_visible(catalogue.layers.values(), actor), ended
    )
    return tuple(
        ImportSum(*row) for row in connection.execute(wanted.group_by(batch.layer_id).order_by(batch.layer_id))
    )
