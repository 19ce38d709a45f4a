"""`gis-infra worker`: run the long jobs that people ask for over HTTP. `gis-infra serve` starts one of its own."""

import logging
import signal

import click

from gis_infra.errors import SettingError
from gis_infra.processes import limits
from gis_infra.processes.jobs.worker import run_worker
from gis_infra.settings import read_settings
from gis_infra.storage import fitness
from gis_infra.storage.engine import open_engine


@click.command(name="worker")
@click.option("--with-parent", type=int, hidden=True, help="End with the process of this number.")
def command(with_parent: int | None) -> None:
    """Take jobs out of the queue and run them, until Ctrl-C or SIGTERM.

    A machine that serves runs jobs anyhow; this is for machines that do nothing else. They share the database and the
    folder of uploads (GIS_INFRA_UPLOADS) with those that serve.
    """
    if with_parent is not None:
        limits.end_with_parent(with_parent, signal.SIGTERM)
    logging.basicConfig(level=logging.WARNING, format="worker: %(levelname)s: %(message)s")
    settings = read_settings()
    if settings.jobs_at_once == 0:
        raise SettingError("GIS_INFRA_JOBS_AT_ONCE is 0: no jobs are run here", where="GIS_INFRA_JOBS_AT_ONCE")
    engine = open_engine(settings)
    try:
        fitness.require_usable(engine)
        run_worker(settings, engine)
    finally:
        engine.dispose()
