"""The queue in which jobs wait for a worker: procrastinate's, in schema `jobs` of the same database.

It holds nothing but ids; what a job is stands in `gis.job`. procrastinate finds its tables by the session's
`search_path`. It is imported where it is needed: a web process that queues nothing need not load it.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, func, select

from gis_infra.errors import StorageError
from gis_infra.processes.jobs.tables import QUEUE_SCHEMA

if TYPE_CHECKING:
    from procrastinate import App

JOBS = "jobs"
WATCH = "watch"  # what the program asks of itself when something changes
CARE = "care"
RUN = "gis_infra.run"
CARE_FOR = "gis_infra.care"
CONNECTIONS = 6


def defer(connection: Connection, job_id: uuid.UUID, lane: str = JOBS) -> int:
    """Put a job into a lane of the queue, in the caller's transaction; its number there. Raises StorageError."""
    with queueing(connection) as (app, driver):
        deferrer = app.configure_task(RUN, queue=lane, connection=driver)
        return int(deferrer.defer(job_id=str(job_id)))


def cancel(connection: Connection, queue_id: int) -> None:
    """Take a job out of the queue, or tell the worker that has it, in the caller's transaction. Raises StorageError."""
    with queueing(connection) as (app, driver):
        app.job_manager.cancel_job_by_id(queue_id, abort=True, delete_job=True, connection=driver)


@contextmanager
def queueing(connection: Connection) -> Iterator[tuple["App", Any]]:
    """The queue, and the driver's connection in a state to use it; the schema's search path is put back afterwards."""
    from procrastinate import App, SyncPsycopgConnector
    from procrastinate.exceptions import ConnectorException

    path = connection.execute(select(func.current_setting("search_path"))).scalar_one()
    connection.execute(select(func.set_config("search_path", QUEUE_SCHEMA, True)))
    try:
        yield App(connector=SyncPsycopgConnector()), connection.connection.driver_connection
    except ConnectorException as error:
        raise StorageError("the queue of jobs cannot be used") from error
    connection.execute(select(func.set_config("search_path", path, True)))


def make_app(url: URL, run: Callable[..., Any], care: Callable[..., Any]) -> "App":
    """The queue as a worker uses it, on connections of its own.

    run: awaited with procrastinate's context and `job_id`. care: called each minute with its `timestamp`.
    """
    from procrastinate import App, PsycopgConnector

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"options": f"-c search_path={QUEUE_SCHEMA}", "application_name": "gis-infra worker"}
    app = App(connector=PsycopgConnector(conninfo=address, kwargs=options, min_size=1, max_size=CONNECTIONS))
    app.task(name=RUN, queue=JOBS, pass_context=True)(run)
    app.periodic(cron="* * * * *")(app.task(name=CARE_FOR, queue=CARE)(care))
    return app
