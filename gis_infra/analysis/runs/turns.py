"""A session of its own for a run: it waits its turn among its kind, and ends with whoever began it.

The lock is the session's, not a transaction's: a transaction that sees one moment begins only when the one before has
entered all it found.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import ColumnElement, Connection, Engine, func, select, text

from gis_infra.errors import BusyError
from gis_infra.storage import faults

STATEMENT_LIMIT_S = 3600
# How soon the server gives up a statement whose client is gone.
NOTICE_S = 5
ANALYSIS = "conflicts"
# Execution option of transactions that make temporary tables at most and store nothing.
SCRATCH_ONLY = "gis_infra_scratch_only"
ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


@contextmanager
def taking_turn(engine: Engine, wait_s: float) -> Iterator[Connection]:
    """A session that runs alone among the conflict runs of its database; it is in no transaction.

    wait_s: seconds to wait for another run. Raises BusyError if that is not done by then, StorageError when the
    database cannot be reached.
    """
    with faults.translated(), engine.connect().execution_options(**{SCRATCH_ONLY: True}) as connection:
        # Closed with the block, not put back: its lock, settings and temporary tables end with it.
        connection.detach()
        prepare(connection)
        take_lock(connection, wait_s)
        yield connection


@contextmanager
def storing(connection: Connection) -> Iterator[None]:
    """The one transaction of the session that stores something; it sees what others stored meanwhile."""
    storing = connection.execution_options(**{SCRATCH_ONLY: False})
    with storing.begin():
        yield


def prepare(connection: Connection) -> None:
    """Set what holds for the whole session."""
    wanted = {
        "statement_timeout": f"{STATEMENT_LIMIT_S}s",
        "client_connection_check_interval": f"{NOTICE_S}s",
        # Compiling these long statements takes seconds and saves none.
        "jit": "off",
    }
    for name, value in wanted.items():
        connection.execute(select(func.set_config(name, value, False)))
    connection.commit()


def is_free(connection: Connection) -> bool:
    """Whether no conflict run is at work; if so, none can begin until the transaction ends."""
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(get_key()))).scalar_one())


def get_key() -> ColumnElement[int]:
    """The number of the lock of the conflict runs."""
    return func.hashtextextended(f"gis-infra analysis {ANALYSIS}", 0)


def take_lock(connection: Connection, wait_s: float) -> None:
    """Hold the lock of the conflict runs until the session ends. Raises BusyError."""
    key = get_key()
    if wait_s <= 0:
        is_mine = connection.execute(select(func.pg_try_advisory_lock(key))).scalar_one()
        if not is_mine:
            raise BusyError(f"another run of {ANALYSIS} is at work; try again when it has ended")
    else:
        connection.execute(select(func.set_config("lock_timeout", f"{round(wait_s * 1000)}ms", True)))
        connection.execute(select(func.pg_advisory_lock(key)))
    connection.commit()
