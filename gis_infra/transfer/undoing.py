"""An import taken back: its rows as they were before, in one transaction, unless later edits stand in the way."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, cast, func, update
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.history import build
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import ConflictError
from gis_infra.features import history
from gis_infra.features.loading import lock_for_load
from gis_infra.features.locks.holding import require_free_rows
from gis_infra.storage.transactions import writing
from gis_infra.transfer.loading import changes, later_edits, listing, reversing
from gis_infra.transfer.loading.changes import Scene
from gis_infra.transfer.loading.later_edits import LaterEdit
from gis_infra.transfer.loading.listing import ImportEntry
from gis_infra.transfer.tables import IMPORT_BATCH

LIMIT_S = 3600.0
SHOWN = 100


@dataclass(frozen=True)
class UndoRequest:
    """Which import, in which city. keep_later: leave rows with later edits as they are, and undo the rest."""

    import_id: int
    catalogue: Catalogue
    tables: LayerTables
    keep_later: bool = False


@dataclass(frozen=True)
class UndoReport:
    """What became of it.

    is_done: False if later edits stood in the way; then nothing was undone. removed: rows the import had inserted;
    restored: rows it had updated; brought_back: rows it had deleted. in_the_way: rows with later edits, which are left
    as they are; later: the first of them.
    """

    import_id: int
    layer_id: str
    is_done: bool
    removed: int = 0
    restored: int = 0
    brought_back: int = 0
    in_the_way: int = 0
    later: tuple[LaterEdit, ...] = ()


def undo(engine: Engine, request: UndoRequest, actor: Actor) -> UndoReport:
    """Take an import back, all of it or nothing, and enter who did.

    Rows keep their ids. A row that was changed or deleted after the import, by whatever road, stands in the way: then
    nothing is undone, unless `keep_later` asks for the rest; a row that was changed and is the same again does not.
    Raises UnknownImport; UnknownLayer or NotPermitted for who may not import into the layer any more; ConflictError if
    it was undone before; StorageError or BusyError when the database does not take it.
    """
    with writing(engine, LIMIT_S) as connection:
        entry = listing.get_import(connection, request.catalogue, actor, request.import_id)
        actor.require("import", request.catalogue.get_layer(entry.layer_id))
        table = request.tables.get(entry.layer_id)
        lock_for_load(connection, table)
        require_not_undone(listing.get_import(connection, request.catalogue, actor, request.import_id))
        history.tag(connection, actor.username, "undo", entry.id)
        report = reverse(connection, Scene(table, build(table), entry.id), keep_later=request.keep_later)
        if report.is_done:
            enter(connection, report, actor)
    return report


def require_not_undone(entry: ImportEntry) -> None:
    """Return if the import was not undone yet. Raises ConflictError."""
    if entry.undone_at is not None:
        when = f"on {entry.undone_at:%Y-%m-%d %H:%M} UTC"
        raise ConflictError(f"import {entry.id} was undone already, {when} by {entry.undone_by}", where=str(entry.id))


def reverse(connection: Connection, scene: Scene, *, keep_later: bool) -> UndoReport:
    """Undo what can be undone; nothing if rows have later edits that are not to be kept.

    Raises FeatureLocked for a row to be changed or deleted that somebody holds.
    """
    found = changes.find(connection, scene)
    in_the_way = later_edits.count(connection, found)
    later = later_edits.read(connection, scene, found, SHOWN) if in_the_way else ()
    is_done = keep_later or not in_the_way
    report = UndoReport(scene.import_id, scene.table.name, is_done, in_the_way=in_the_way, later=later)
    if not is_done:
        return report
    require_free_rows(connection, scene.table.name, reversing.select_there(found))
    return replace(
        report,
        removed=reversing.remove(connection, scene, found),
        restored=reversing.restore(connection, scene, found),
        brought_back=reversing.bring_back(connection, scene, found),
    )


def enter(connection: Connection, report: UndoReport, actor: Actor) -> None:
    """Note in the list that the import was undone, by whom, and what became of it."""
    told = func.jsonb_build_object("undo", cast(to_json(report), JSONB))
    whole = func.coalesce(IMPORT_BATCH.c.report, cast({}, JSONB)).concat(told)
    statement = update(IMPORT_BATCH).where(IMPORT_BATCH.c.id == report.import_id)
    connection.execute(statement.values(undone_at=func.now(), undone_by=actor.username, report=whole))


def to_json(report: UndoReport) -> dict[str, Any]:
    """The report as JSON has it."""
    later = [
        {**asdict(each), "at": each.at.isoformat() if each.at is not None else None, "words": str(each)}
        for each in report.later
    ]
    return {
        "import": report.import_id,
        "layer": report.layer_id,
        "done": report.is_done,
        "removed": report.removed,
        "restored": report.restored,
        "brought_back": report.brought_back,
        "in_the_way": report.in_the_way,
        "later": later,
    }
