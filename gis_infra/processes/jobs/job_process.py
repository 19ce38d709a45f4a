"""What runs in the process of one job: made ready by its worker, which names the job on stdin.

It is bounded in memory and time and ends with its worker; whatever the file of an import does to it, the worker goes on
and says that the job failed. Progress and outcome are written by connections of their own, outside of the job's
transaction, but for one mark: that the job changed the database is stored with the changes themselves.
"""

import logging
import os
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine, event

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import read_actor
from gis_infra.analysis.runs.turns import SCRATCH_ONLY
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import LayerTables, build_tables
from gis_infra.errors import BusyError, GisInfraError, NotPermitted, OurError
from gis_infra.processes import import_work as import_work  # loaded now, while nobody waits for it
from gis_infra.processes import limits, registry
from gis_infra.processes.definitions import Context, Outputs
from gis_infra.processes.jobs import runs
from gis_infra.processes.uploads import store
from gis_infra.settings import Settings, read_settings
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import reading

LOG = logging.getLogger(__name__)
TOLD_EVERY_S = 0.5
MOST_FILE_MB = 20_000
PROCESSORS = 8  # as many may work for the whole of a job's time
OUR_FAULT = "the server could not do this; its log says why"
NO_MEMORY = "it needs more memory than a job may use here (GIS_INFRA_JOB_MEMORY_MB); import the file in parts"


@dataclass(frozen=True)
class Ground:
    """What every job stands on; read before there is one."""

    settings: Settings
    catalogue: Catalogue
    tables: LayerTables


class Teller:
    """Tells the list of jobs how far one is, not oftener than twice a second."""

    def __init__(self, books: Engine, job_id: uuid.UUID) -> None:
        self.books = books
        self.job_id = job_id
        self.next_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` are done. Raises Dismissed if the job was dismissed."""
        now = time.monotonic()
        if now < self.next_at:
            return
        self.next_at = now + TOLD_EVERY_S
        # 100 is for what is stored.
        percent = min(99, 100 * done // total) if total > 0 else 0
        runs.tell(self.books, self.job_id, percent, f"{done:,} of {total:,}")


def main() -> None:
    """Get ready, wait to be told a job and a folder for temporary files, run it; end if there is none any more."""
    logging.basicConfig(level=logging.WARNING, format="job %(process)d: %(levelname)s: %(message)s")
    settings = read_settings()
    limits.apply(limits.Limits(settings.job_memory_mb, settings.job_limit_s * PROCESSORS, MOST_FILE_MB))
    catalogue = read_catalogue(settings.layers)
    ground = Ground(settings, catalogue, build_tables(catalogue, settings.city_srid))
    job_id, _, folder = sys.stdin.readline().rstrip("\n").partition(" ")
    if job_id:
        # GDAL asks the variable, Python the module.
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        end(ground, uuid.UUID(job_id))


def end(ground: Ground, job_id: uuid.UUID) -> None:
    """Run a job and write down what became of it."""
    keep_h = ground.settings.job_keep_h
    books = open_engine(ground.settings)
    try:
        outputs = run(ground, books, job_id)
    except runs.Dismissed:
        return
    except GisInfraError as error:
        runs.fail(books, job_id, hide(error), keep_h)
    except MemoryError:
        runs.fail(books, job_id, BusyError(NO_MEMORY), keep_h)
    except Exception as error:  # the edge of this process: told to the log, not to who asked
        LOG.error("job %s failed", job_id, exc_info=error)
        runs.fail(books, job_id, OurError(OUR_FAULT), keep_h)
    else:
        runs.finish(books, job_id, outputs, keep_h)


def hide(error: GisInfraError) -> GisInfraError:
    """The error in words for who asked; one that is our fault is told to the log only."""
    if not isinstance(error, OurError):
        return error
    LOG.error("the job failed", exc_info=error)
    return OurError(OUR_FAULT)


def run(ground: Ground, books: Engine, job_id: uuid.UUID) -> Outputs:
    """The outputs of a job, run for who asked for it with what they may do now. Raises as the process does."""
    with reading(books) as connection:
        process_id, inputs, person_id = runs.read_run(connection, job_id)
        actor = get_actor(connection, person_id)
    engine = open_engine(ground.settings)
    event.listen(engine, "commit", partial(mark_stored, job_id=job_id))
    folder = store.get_job_folder(ground.settings, job_id)
    teller = Teller(books, job_id)
    context = Context(engine, ground.settings, ground.catalogue, ground.tables, actor, teller, folder)
    try:
        return registry.run(process_id, inputs, context)
    finally:
        engine.dispose()


def get_actor(connection: Connection, person_id: int) -> Actor:
    """Whom a job is run for: a person, or the program. Raises NotPermitted if the account was closed meanwhile."""
    actor = SYSTEM if person_id == SYSTEM.person_id else read_actor(connection, person_id)
    if actor is None:
        raise NotPermitted("the account of who asked for this was closed")
    return actor


def mark_stored(connection: Connection, job_id: uuid.UUID) -> None:
    """Say with the commit of a job's own changes that there are some. Raises Dismissed, and nothing is committed."""
    options = connection.get_execution_options()
    if not options.get("postgresql_readonly", False) and not options.get(SCRATCH_ONLY, False):
        runs.mark_stored(connection, job_id)
