"""The list of imports as somebody may see it: their own, and those of the layers they administer."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.errors import UnknownImport
from gis_infra.transfer.tables import IMPORT_BATCH

BATCH = IMPORT_BATCH.c


@dataclass(frozen=True)
class ImportEntry:
    """An import as the list has it; the counts are None where it is older than they are."""

    id: int
    layer_id: str
    person_id: int | None
    username: str
    file_name: str
    sha256: str
    started_at: datetime
    finished_at: datetime
    settings: dict[str, Any]
    accepted: int
    rejected: int
    inserted: int | None
    updated: int | None
    unchanged: int | None
    skipped: int | None
    deleted: int | None
    undone_at: datetime | None
    undone_by: str | None


COLUMNS = tuple(BATCH[field.name] for field in fields(ImportEntry))


def list_imports(
    connection: Connection, catalogue: Catalogue, actor: Actor, limit: int, layer_id: str | None = None
) -> list[ImportEntry]:
    """The last imports the actor may see, into one layer or any, the newest first."""
    query = select(*COLUMNS).where(select_visible(catalogue.layers.values(), actor))
    if layer_id is not None:
        query = query.where(BATCH.layer_id == layer_id)
    return [ImportEntry(*row) for row in connection.execute(query.order_by(BATCH.id.desc()).limit(limit))]


def get_import(connection: Connection, catalogue: Catalogue, actor: Actor, import_id: int) -> ImportEntry:
    """The import of that number. Raises UnknownImport if there is none that the actor may see."""
    query = select(*COLUMNS).where(select_visible(catalogue.layers.values(), actor), BATCH.id == import_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        message = f"there is no import {import_id}; gis-infra imports list shows them"
        raise UnknownImport(message, where=str(import_id))
    return ImportEntry(*row)


def read_report(connection: Connection, import_id: int) -> dict[str, Any] | None:
    """The report of an import as JSON, None if none was kept. The caller has asked `get_import` whether it may be."""
    report: dict[str, Any] | None = connection.execute(
        select(BATCH.report).where(BATCH.id == import_id)
    ).scalar_one_or_none()
    return report


def select_visible(layers: Iterable[Layer], actor: Actor) -> ColumnElement[bool]:
    """True for imports the actor did into a layer they may see, and for all into a layer they administer."""
    own = false() if actor.person_id is None else BATCH.person_id == actor.person_id
    seen = [layer for layer in layers if actor.is_allowed("read", layer)]
    governed = [layer.id for layer in seen if actor.is_allowed("administer", layer)]
    return or_(own & BATCH.layer_id.in_([layer.id for layer in seen]), BATCH.layer_id.in_(governed))
