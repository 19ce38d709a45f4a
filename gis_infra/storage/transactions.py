"""The two kinds of transaction: one that reads, under a time limit, and one that writes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from gis_infra.errors import BusyError
from gis_infra.storage import faults

READ_LIMIT_S = 20.0
WRITE_LIMIT_S = 600.0
END = "gis_infra_end"  # execution option of a connection: when its time is over, on the monotonic clock


@contextmanager
def reading(engine: Engine, limit_s: float = READ_LIMIT_S) -> Iterator[Connection]:
    """A connection that sees one moment of the database and can change nothing.

    limit_s: seconds after which a statement is given up, and after which `require_time` gives up the whole.
    Raises BusyError when a statement reaches the limit, StorageError when the database cannot be reached.
    """
    with faults.translated(), engine.connect() as plain:
        end = {END: time.monotonic() + limit_s}
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True, **end)
        with connection.begin():
            limit(connection, limit_s)
            yield connection


@contextmanager
def writing(engine: Engine, limit_s: float = WRITE_LIMIT_S) -> Iterator[Connection]:
    """A connection whose changes are kept together when the block ends, and all undone when it raises.

    limit_s: seconds after which a statement is given up; imports and analyses are long.
    Raises BusyError at the limit, ConflictError and InvalidParameter for what the tables refuse, StorageError when the
    database cannot be reached.
    """
    with faults.translated(), engine.begin() as connection:
        limit(connection, limit_s)
        yield connection


def require_time(connection: Connection) -> float | None:
    """The seconds a transaction of `reading` has left; None if it has no limit. Raises BusyError if none is left."""
    end = connection.get_execution_options().get(END)
    if end is None:
        return None
    left = float(end - time.monotonic())
    if left <= 0:
        raise BusyError("the request took longer than its time limit; ask for less at once, or try again later")
    return left


def limit(connection: Connection, limit_s: float) -> None:
    """Give up each statement of this transaction after `limit_s` seconds."""
    milliseconds = str(max(1, round(limit_s * 1000)))
    connection.execute(select(func.set_config("statement_timeout", milliseconds, True)))
