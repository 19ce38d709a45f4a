"""One file into one layer: plan, clean batch by batch, load in one transaction, report.

While one batch is on its way into the database the next is cleaned. Nothing is kept unless the whole file went through:
a fault, a signal or a killed process leaves the layer as it was.
"""

import gc
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import pyarrow as pa
from sqlalchemy import Connection, Engine

from gis_infra.accounts.actor import Actor
from gis_infra.errors import InvalidSource
from gis_infra.features.loading import copy_batches, lock_for_load
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.cleaning.batch import CleanBatch, clean
from gis_infra.transfer.cleaning.validation import CodesSeen, find_taken_codes
from gis_infra.transfer.loading import records
from gis_infra.transfer.planning import ImportPlan, open_plan
from gis_infra.transfer.reporting.making import Outcome, make_report
from gis_infra.transfer.reporting.rejected import RejectedFile, name_beside
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.reporting.tally import Tally
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.sources.batches import read_batches

Progress = Callable[[int, int], None]


@dataclass
class Run:
    """An import under way."""

    request: ImportRequest
    plan: ImportPlan
    refused: RejectedFile
    tally: Tally = field(default_factory=Tally)
    started: float = field(default_factory=time.monotonic)


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far an import is."""


def import_file(engine: Engine, request: ImportRequest, actor: Actor, progress: Progress = no_progress) -> ImportReport:
    """Load a file into a layer, all valid rows or nothing, and report.

    progress: called after each batch with the rows done and the rows there are.
    Raises UnknownLayer, SignInNeeded or NotPermitted by `actor.require`; InvalidSource, InvalidCrs, InvalidParameter
    or UnknownProperty for a file or a request that cannot be carried out as it is; StorageError, ConflictError or
    BusyError when the database does not take it. After any of them the layer is as it was.
    """
    actor.require("import", request.layer)
    with open_plan(request) as plan, open_rejected(plan) as refused, collector_paused():
        run = Run(request, plan, refused)
        if request.dry_run:
            check(engine, run, progress)
            return tell(run, None)
        import_id = load(engine, run, actor, progress)
        kept = refused.keep(name_beside(request.path, request.rejected_folder, request.source_layer or ""))
        return replace(tell(run, import_id), rejected_file=kept, elsewhere=refused.elsewhere)


def open_rejected(plan: ImportPlan) -> RejectedFile:
    """A file for the rows to be refused, to be closed by the caller."""
    return RejectedFile(f"EPSG:{plan.srid}", plan.frame.swap_xy)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Run a block without Python's collector of cycles.

    Shapes make no cycles, but by their number set the collector going through all of them over and over: of 300,000
    lines cleaning took 5.7 s of processor time with it and 3.8 s without. What is done with is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def check(engine: Engine, run: Run, progress: Progress) -> None:
    """Do everything but the loading."""
    with reading(engine) as lookup:
        for batch in clean_all(run.plan, lookup, run.request):
            take(run, batch)
            progress(run.tally.rows, run.plan.source.count)


def load(engine: Engine, run: Run, actor: Actor, progress: Progress) -> int | None:
    """Load all accepted rows in one transaction; the id of the import, None if no row was accepted."""
    with writing(engine) as connection:
        lock_for_load(connection, run.request.table)
        import_id = records.start(connection, run.request, run.plan, actor)
        # Closed here and now: left to the collector, a broken-off import could end its thread from within that thread.
        with reading(engine) as lookup, closing(prefetch(clean_all(run.plan, lookup, run.request))) as batches:
            rows = (stamp(take(run, batch), import_id, run.plan.srid) for batch in batches)
            for _ in copy_batches(connection, run.request.table, rows):
                progress(run.tally.rows, run.plan.source.count)
        require_whole(run)
        records.finish(connection, import_id, run.tally, to_json(tell(run, import_id)))
    return import_id if run.tally.accepted else None


def require_whole(run: Run) -> None:
    """Return if no row was rejected, or the request takes a part too. Raises InvalidSource, naming the first."""
    rejected = run.tally.rows - run.tally.accepted
    if run.request.whole and rejected:
        first = next((str(problem) for problem in run.tally.problems if problem.is_error), "")
        name = run.request.path.name
        raise InvalidSource(f"{rejected} of {run.tally.rows} rows of {name} were rejected, so none was loaded: {first}")


def clean_all(plan: ImportPlan, lookup: Connection, request: ImportRequest) -> Iterator[CleanBatch]:
    """Every batch of the file, cleaned. lookup: a connection of its own, to ask which asset codes are taken."""
    codes = CodesSeen(partial(find_taken_codes, lookup, request.table))
    first = 1
    for raw in read_batches(plan.source):
        yield clean(plan, raw, first, codes)
        first += raw.num_rows


def prefetch(batches: Iterator[CleanBatch]) -> Generator[CleanBatch, None, None]:
    """The same batches, each made in another thread while the one before is in use."""
    with ThreadPoolExecutor(1, thread_name_prefix="clean") as pool:
        ahead = pool.submit(next, batches, None)
        while (batch := ahead.result()) is not None:
            ahead = pool.submit(next, batches, None)
            yield batch


def take(run: Run, batch: CleanBatch) -> pa.RecordBatch:
    """Count a batch, put its refused rows aside, and hand on the accepted ones."""
    run.tally.add(batch.rows, batch.accepted.num_rows, batch.problems, batch.notes)
    run.tally.sketch.add(batch.accepted["geom"], batch.refused[-1], run.plan.frame)
    if not run.request.dry_run:
        run.refused.add(batch.refused)
    return batch.accepted


def stamp(accepted: pa.RecordBatch, import_id: int, srid: int) -> pa.RecordBatch:
    """The rows with the import they came by and the CRS they came in."""
    size = accepted.num_rows
    stamped = accepted.append_column("import_id", pa.repeat(pa.scalar(import_id), size))
    return stamped.append_column("source_srid", pa.repeat(pa.scalar(srid), size))


def tell(run: Run, import_id: int | None) -> ImportReport:
    """What became of it so far."""
    outcome = Outcome(import_id, seconds=time.monotonic() - run.started)
    return make_report(run.request, run.plan, run.tally, outcome)
