"""The transaction of a long analysis: it writes, sees one moment of the database, and goes alone among its kind."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from gis_infra.analysis.runs.turns import NOTICE_S, SCRATCH_ONLY
from gis_infra.errors import BusyError
from gis_infra.storage import faults, transactions

ANALYSIS_LIMIT_S = 3600.0


@contextmanager
def analysing(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements all see the same moment; its changes are kept when the block ends.

    Raises BusyError when a statement takes longer than an hour, StorageError when the database cannot be reached.
    """
    with faults.translated(), engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            transactions.limit(connection, ANALYSIS_LIMIT_S)
            # Compiling these long statements takes seconds and saves none.
            connection.execute(select(func.set_config("jit", "off", True)))
            yield connection


def take_turn(connection: Connection, analysis: str) -> None:
    """Keep others from running the same analysis until this transaction ends. Raises BusyError if one is at work."""
    key = func.hashtextextended(f"gis-infra analysis {analysis}", 0)
    if not connection.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one():
        raise BusyError(f"another run of {analysis} is at work; try again when it has ended")


@contextmanager
def looking(engine: Engine) -> Iterator[Connection]:
    """A connection whose statements all see the same moment; nothing it writes is kept, its temporary tables neither.

    Its statements are given up after an hour, and soon after whoever asked is gone.
    Raises BusyError at the limit, StorageError when the database cannot be reached.
    """
    options = {"isolation_level": "REPEATABLE READ", SCRATCH_ONLY: True}
    with faults.translated(), engine.connect() as plain:
        connection = plain.execution_options(**options)
        transaction = connection.begin()
        try:
            noticing = {"client_connection_check_interval": f"{NOTICE_S}s", "jit": "off"}
            transactions.limit(connection, ANALYSIS_LIMIT_S, noticing)
            yield connection
        finally:
            transaction.rollback()
