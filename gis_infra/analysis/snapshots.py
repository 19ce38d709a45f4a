"""The transaction of a long analysis: it sees one moment of the database and stores nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from gis_infra.analysis.runs.turns import NOTICE_S, SCRATCH_ONLY
from gis_infra.storage import faults, transactions

ANALYSIS_LIMIT_S = 3600.0


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
