"""One row by a statement that the server keeps: no transaction, no cursor, bytes in and bytes out.

For what is asked so often that the way to the database and back is all it costs; of that way the driver's cursors and
its transactions took two thirds.
"""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Engine

from gis_infra.storage.faults import translated

# SQLSTATE of a name that no prepared statement has. Source: PostgreSQL manual, appendix A.
FORGOTTEN = b"26000"


@dataclass(frozen=True)
class Lookup:
    """name: by which connections know the statement, of no other. text: with $1, $2, ... where its values stand."""

    name: str
    text: str


def find_row(engine: Engine, lookup: Lookup, values: Sequence[str]) -> list[bytes | None] | None:
    """The first row, each value in the server's binary form; None if there is none. values: as text.

    Raises StorageError, BusyError. Source: PostgreSQL manual, 34.3.1, PQexecPrepared.
    """
    with translated():
        borrowed = engine.raw_connection()
        try:
            driver = cast("psycopg.Connection[object]", borrowed.driver_connection).pgconn  # the only driver here
            found = ask(driver, borrowed.info, lookup, [each.encode() for each in values])
        except psycopg.Error:
            borrowed.invalidate()
            raise
        finally:
            borrowed.close()
    return [found.get_value(0, column) for column in range(found.nfields)] if found.ntuples else None


def ask(driver: PGconn, known: MutableMapping[str, Any], lookup: Lookup, values: Sequence[bytes]) -> PGresult:
    """What the server answers. known: what is noted of the connection, among it the statements it had prepared.

    The driver has the server forget all of them after a rollback, and whenever a table is changed.
    Raises psycopg.Error.
    """
    name = lookup.name.encode()
    if lookup.name in known:
        found = driver.exec_prepared(name, values, None, Format.BINARY)
        if found.error_field(DiagnosticField.SQLSTATE) != FORGOTTEN:
            return require_done(found)
    require_done(driver.prepare(name, lookup.text.encode()))
    known[lookup.name] = True
    return require_done(driver.exec_prepared(name, values, None, Format.BINARY))


def require_done(found: PGresult) -> PGresult:
    """The answer, if the server did what it was asked. Raises psycopg.Error."""
    if found.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise psycopg.errors.error_from_result(found)
    return found
