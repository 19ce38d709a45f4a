"""The list of imports, kept in the same transaction as the rows: an import that failed has no entry."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, update

from gis_infra.accounts.actor import Actor
from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.sources.source import Source
from gis_infra.transfer.tables import IMPORT_BATCH

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Entry:
    """How an import is entered: its number, the hash of the file's bytes, and when it began."""

    id: int
    sha256: str
    started_at: datetime


def start(connection: Connection, request: ImportRequest, plan: ImportPlan, actor: Actor, sha256: str) -> Entry:
    """Enter an import."""
    statement = insert(IMPORT_BATCH).values(
        layer_id=request.layer.id,
        person_id=actor.person_id,
        username=actor.username,
        file_name=request.path.name,
        sha256=sha256,
        settings=list_settings(request, plan),
    )
    row = connection.execute(statement.returning(IMPORT_BATCH.c.id, IMPORT_BATCH.c.started_at)).one()
    return Entry(row.id, sha256, row.started_at)


def finish(connection: Connection, import_id: int, tally: Tally, report: dict[str, Any]) -> None:
    """Enter what became of an import; one that took nothing is not kept in the list."""
    chosen = IMPORT_BATCH.c.id == import_id
    if tally.accepted == 0:
        connection.execute(delete(IMPORT_BATCH).where(chosen))
        return
    outcome = {
        "accepted": tally.accepted,
        "rejected": tally.rows - tally.accepted,
        "inserted": tally.inserted,
        "updated": tally.updated,
        "unchanged": tally.unchanged,
        "skipped": tally.skipped,
        "deleted": tally.deleted,
        "report": report,
    }
    connection.execute(update(IMPORT_BATCH).where(chosen).values(finished_at=func.clock_timestamp(), **outcome))


def list_settings(request: ImportRequest, plan: ImportPlan) -> dict[str, Any]:
    """How the file was read, as JSON: enough to read it so again."""
    return {
        "source_layer": plan.source.layer,
        "srid": plan.srid,
        "encoding": plan.text.encoding.name if plan.text is not None else None,
        "mapping": {each.column: each.field.name for each in plan.mapped.taken if each.field is not None},
        "owner": request.owner,
        "on_duplicate": request.on_duplicate,
        "replace": request.replace,
        "accept_rejected": request.accept_rejected,
        "strict": request.strict,
        "accept_outside": request.accept_outside,
    }


def hash_source(source: Source) -> str:
    """SHA-256 over the file; of a shapefile over its parts that carry data, one after the other."""
    digest = hashlib.sha256()
    for part in source.parts:
        with part.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
    return digest.hexdigest()
