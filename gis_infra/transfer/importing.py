"""One file into one layer: plan, clean batch by batch, load in one transaction, report.

While one batch is on its way into the database the next is cleaned. New rows go straight into the layer; those it may
have already are put by, and meet the layer's when the file is through. Nothing is kept unless the whole file went
through: a fault, a signal or a killed process leaves the layer as it was.
"""

import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace

import pyarrow as pa
from sqlalchemy import Engine

from gis_infra.accounts.actor import Actor
from gis_infra.collector import collector_paused
from gis_infra.features import history
from gis_infra.features.loading import copy_batches, lock_for_load
from gis_infra.progress import Progress, tell_nobody
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.cleaning.batch import CleanBatch, clean
from gis_infra.transfer.loading import records, requirements
from gis_infra.transfer.loading.key_check import KeyCheck
from gis_infra.transfer.loading.layer_keys import LayerKeys, open_layer
from gis_infra.transfer.loading.merging import Meeting, merge
from gis_infra.transfer.loading.records import Entry
from gis_infra.transfer.loading.sorting import Sorted, Spools, open_spools, sort
from gis_infra.transfer.planning import ImportPlan, open_plan
from gis_infra.transfer.reporting.making import Outcome, describe_rejected, make_report
from gis_infra.transfer.reporting.rejected import RejectedFile, name_beside
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.sources.batches import read_batches

# A COPY is one statement, and lasts as long as the file is read; so long it may take, or wait for its turn.
LIMIT_S = 6 * 3600.0

Batch = tuple[CleanBatch, Sorted]


@dataclass
class Run:
    """An import under way. owned: accepted rows of the owner whose rows the file is to replace."""

    request: ImportRequest
    plan: ImportPlan
    refused: RejectedFile
    spools: Spools
    tally: Tally = field(default_factory=Tally)
    owned: int = 0
    started: float = field(default_factory=time.monotonic)


def import_file(engine: Engine, request: ImportRequest, actor: Actor, progress: Progress = tell_nobody) -> ImportReport:
    """Load a file into a layer, all valid rows or nothing, and report.

    progress: called after each batch with the rows done and the rows there are.
    Raises UnknownLayer, SignInNeeded or NotPermitted for who may not import; InvalidSource, InvalidCrs,
    InvalidParameter or UnknownProperty for a file or a request that cannot be carried out as it is; StorageError,
    ConflictError or BusyError when the database does not take it. After any of them the layer is as it was.
    """
    requirements.require_importer(actor, request.layer)
    requirements.require_owner(request)
    with (
        open_plan(request) as plan,
        open_rejected(request, plan) as refused,
        open_spools() as spools,
        collector_paused(),
    ):
        run = Run(request, plan, refused, spools)
        if request.dry_run:
            check(engine, run, progress)
            return tell(run, None, actor)
        entry = load(engine, run, actor, progress)
        kept = refused.keep(name_beside(request.path, request.rejected_folder, request.source_layer or ""))
        return replace(tell(run, entry, actor), rejected_file=kept, elsewhere=refused.elsewhere)


def open_rejected(request: ImportRequest, plan: ImportPlan) -> RejectedFile:
    """A file for the rows to be refused, to be closed by the caller."""
    return RejectedFile(f"EPSG:{plan.srid}", plan.frame.swap_xy, describe_rejected(request))


def check(engine: Engine, run: Run, progress: Progress) -> None:
    """Do everything but the loading: the layer is read and not written, and nobody has to wait."""
    with reading(engine) as lookup:
        layer = open_layer(lookup, run.request.table)
        for each in clean_all(run, layer):
            take(run, each, None)
            progress(run.tally.rows, run.plan.source.count)
    requirements.require_replaceable(run.request, run.tally, run.owned)
    with writing(engine, LIMIT_S) as connection:
        merge(Meeting(connection, run.request, run.spools, None), run.tally)


def load(engine: Engine, run: Run, actor: Actor, progress: Progress) -> Entry | None:
    """Load all accepted rows in one transaction; how it is entered in the list, None if no row was accepted."""
    sha256 = records.hash_source(run.plan.source)
    with writing(engine, LIMIT_S) as connection:
        lock_for_load(connection, run.request.table)
        entry = records.start(connection, run.request, run.plan, actor, sha256)
        history.tag(connection, actor.username, "import", entry.id)
        # Read from here on, when nobody else writes: what an import before this one brought is seen.
        with reading(engine) as lookup:
            layer = open_layer(lookup, run.request.table)
            # Closed here and now: left to the collector, a broken-off import could end its thread from within it.
            with closing(prefetch(clean_all(run, layer))) as batches:
                new = (take(run, each, entry.id) for each in batches)
                for _ in copy_batches(connection, run.request.table, new):
                    progress(run.tally.rows, run.plan.source.count)
        requirements.require_whole(run.request, run.tally)
        requirements.require_replaceable(run.request, run.tally, run.owned)
        merge(Meeting(connection, run.request, run.spools, entry.id), run.tally)
        records.finish(connection, entry.id, run.tally, to_json(tell(run, entry, actor)))
    return entry if run.tally.accepted else None


def clean_all(run: Run, layer: LayerKeys) -> Iterator[Batch]:
    """Every batch of the file, cleaned, and its accepted rows sorted by whether the layer has them."""
    request = run.request
    keys = KeyCheck(
        known=layer if request.on_duplicate == "reject" else None,
        refused=run.spools.refused if request.replace else None,
    )
    first = 1
    for raw in read_batches(run.plan.source):
        batch = clean(run.plan, raw, first, keys)
        yield batch, sort(batch.accepted, layer)
        first += raw.num_rows


def prefetch(batches: Iterator[Batch]) -> Generator[Batch, None, None]:
    """The same batches, each made in another thread while the one before is in use."""
    with ThreadPoolExecutor(1, thread_name_prefix="clean") as pool:
        ahead = pool.submit(next, batches, None)
        while (batch := ahead.result()) is not None:
            ahead = pool.submit(next, batches, None)
            yield batch


def take(run: Run, both: Batch, import_id: int | None) -> pa.RecordBatch:
    """Count a batch, put its refused rows aside and by those the layer may have, and hand on the new ones."""
    batch, rows = both
    run.tally.add(batch.rows, batch.accepted.num_rows, batch.problems, batch.notes)
    run.tally.sketch.add(batch.accepted["geom"], batch.refused[-1].combine_chunks(), run.plan.frame)
    run.tally.inserted += rows.new.num_rows
    if run.request.replace:
        run.owned += requirements.count_owned(batch.accepted, run.request.owner)
    if not run.request.dry_run:
        run.refused.add(batch.refused)
    run.spools.known.add(stamp(rows.known, import_id, run.plan.srid))
    run.spools.keyless.add(stamp(rows.keyless, import_id, run.plan.srid))
    return stamp(rows.new, import_id, run.plan.srid)


def stamp(rows: pa.RecordBatch, import_id: int | None, srid: int) -> pa.RecordBatch:
    """The rows with the import they came by and the CRS they came in."""
    stamped = rows.append_column("import_id", pa.repeat(pa.scalar(import_id, pa.int64()), rows.num_rows))
    return stamped.append_column("source_srid", pa.repeat(pa.scalar(srid, pa.int32()), rows.num_rows))


def tell(run: Run, entry: Entry | None, actor: Actor) -> ImportReport:
    """What became of it so far."""
    outcome = Outcome(
        import_id=entry.id if entry is not None else None,
        username=actor.username,
        sha256=entry.sha256 if entry is not None else "",
        started_at=entry.started_at if entry is not None else None,
        seconds=time.monotonic() - run.started,
    )
    return make_report(run.request, run.plan, run.tally, outcome)
