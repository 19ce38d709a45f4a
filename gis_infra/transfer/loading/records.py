"""The list of imports, kept in the same transaction as the rows: an import that failed has no entry."""

import hashlib
from typing import Any

from sqlalchemy import Connection, delete, func, insert, update

from gis_infra.accounts.actor import Actor
from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.sources.source import Source
from gis_infra.transfer.tables import IMPORT_BATCH

CHUNK_BYTES = 1 << 20


def start(connection: Connection, request: ImportRequest, plan: ImportPlan, actor: Actor) -> int:
    """Enter an import and return its id."""
    statement = insert(IMPORT_BATCH).values(
        layer_id=request.layer.id,
        person_id=actor.person_id,
        username=actor.username,
        file_name=request.path.name,
        sha256=hash_source(plan.source),
        settings=list_settings(request, plan),
    )
    return int(connection.execute(statement.returning(IMPORT_BATCH.c.id)).scalar_one())


def finish(connection: Connection, import_id: int, tally: Tally, report: dict[str, Any]) -> None:
    """Enter what became of an import; one that took nothing is not kept in the list."""
    chosen = IMPORT_BATCH.c.id == import_id
    if tally.accepted == 0:
        connection.execute(delete(IMPORT_BATCH).where(chosen))
        return
    outcome = {"accepted": tally.accepted, "rejected": tally.rows - tally.accepted, "report": report}
    connection.execute(update(IMPORT_BATCH).where(chosen).values(finished_at=func.clock_timestamp(), **outcome))


def list_settings(request: ImportRequest, plan: ImportPlan) -> dict[str, Any]:
    """How the file was read, as JSON: enough to read it so again."""
    return {
        "source_layer": plan.source.layer,
        "srid": plan.srid,
        "encoding": plan.text.encoding.name if plan.text is not None else None,
        "mapping": {each.column: each.field.name for each in plan.mapped.taken if each.field is not None},
        "owner": request.owner,
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
