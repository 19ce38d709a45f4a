"""What a worker sees to once a minute: lost jobs, jobs, uploads and files whose time is over, and what is due."""

from sqlalchemy import Engine, select

from gis_infra.processes.definitions import read_clock
from gis_infra.processes.jobs import calendar, callbacks, runs, watching
from gis_infra.processes.jobs.records import OPEN
from gis_infra.processes.jobs.tables import JOB
from gis_infra.processes.uploads import store
from gis_infra.settings import Settings
from gis_infra.storage.transactions import reading


def care(engine: Engine, settings: Settings) -> None:
    """Clean up. Several workers may do so at once."""
    runs.recover_lost(engine, settings.job_keep_h)
    runs.forget_expired(engine)
    watching.ask(engine, settings, by_clock=True)
    calendar.ask(engine, read_clock().date())
    callbacks.deliver(engine, settings.callback_hosts)
    # Which folders there are is asked before which jobs: one that is made between the two belongs to a known job.
    folders = store.list_job_folders(settings)
    with reading(engine) as connection:
        known = {str(each) for each in connection.execute(select(JOB.c.id)).scalars()}
        used = select(JOB.c.inputs["upload"].astext).where(JOB.c.status.in_(OPEN), JOB.c.inputs.has_key("upload"))
        in_use = set(connection.execute(used).scalars())
    store.remove_expired(settings, in_use)
    store.remove_job_folders(settings, [each for each in folders if each not in known])
