"""What changed in the layers is looked at by itself: one job at a time, in a lane of its own.

A trigger notes each change and tells the worker; an hour's import in the other lane does not keep it waiting. The
register is begun by somebody, with a run over the whole city; from then on it keeps itself up to date.
"""

from sqlalchemy import ColumnElement, Connection, Engine, exists, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.runs import changes
from gis_infra.analysis.runs.tables import CHANGE
from gis_infra.analysis.runs.turns import is_free
from gis_infra.processes.jobs import records
from gis_infra.processes.jobs.tables import JOB
from gis_infra.settings import Settings
from gis_infra.storage.transactions import writing

CHANNEL = "gis_infra_change"  # of the triggers
PROCESS = "conflicts"
INPUTS = {"changes": True}
# After a look that failed nothing is tried again by the clock for so long; the next change tries at once.
PATIENCE_MIN = 10


def ask(engine: Engine, settings: Settings, *, by_clock: bool = False) -> bool:
    """Have a job look at what changed, if something did; whether there is a new one.

    by_clock: nothing told of a change, the time for a look has come.
    """
    with writing(engine) as connection:
        # Several workers hear of the same change.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("gis-infra asks for a look at changes"))))
        if not connection.execute(select(exists().where(CHANGE.c.id.is_not(None)))).scalar_one():
            return False
        if changes.find_base(connection, settings.rule_packs) is None:
            forget(connection)
            return False
        if has_job(connection, JOB.c.status == "accepted") or (by_clock and has_job(connection, select_failed())):
            return False
        records.submit_own(connection, PROCESS, INPUTS)
        return True


def forget(connection: Connection) -> None:
    """Be done with what changed before there is a register, unless a run is just beginning one."""
    if is_free(connection):
        changes.forget_changes(connection, changes.read_changes(connection))


def has_job(connection: Connection, condition: ColumnElement[bool]) -> bool:
    """Whether there is a job of ours of that condition."""
    ours = (JOB.c.person_id == SYSTEM.person_id) & (JOB.c.process == PROCESS)
    return bool(connection.execute(select(exists().where(ours, condition))).scalar_one())


def select_failed() -> ColumnElement[bool]:
    """The condition that a job failed a short while ago, or is still at work."""
    lately = JOB.c.finished_at > func.now() - func.make_interval(0, 0, 0, 0, 0, PATIENCE_MIN)
    return (JOB.c.status == "running") | ((JOB.c.status == "failed") & lately)
