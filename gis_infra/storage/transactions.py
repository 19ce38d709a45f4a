"""The two kinds of transaction: one that reads, under a time limit, and one that writes."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Select, Text, bindparam, exc, func, select

from gis_infra.errors import BusyError
from gis_infra.storage import faults
from gis_infra.storage.engine import USED_AT

READ_LIMIT_S = 20.0
WRITE_LIMIT_S = 600.0
NONE: Mapping[str, str] = MappingProxyType({})
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
BEGIN_READING = sql.SQL("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
# Execution options of a connection: when its time is over on the monotonic clock, how long it was, what else was set.
END, LIMIT, PARAMETERS = "gis_infra_end", "gis_infra_limit", "gis_infra_parameters"


@contextmanager
def reading(
    engine: Engine, limit_s: float = READ_LIMIT_S, parameters: Mapping[str, str] = NONE
) -> Iterator[Connection]:
    """A connection that sees one moment of the database and can change nothing.

    limit_s: seconds after which a statement is given up, and after which `require_time` gives up the whole.
    parameters: of the server, and the values they have in this transaction.
    Raises BusyError when a statement reaches the limit, StorageError when the database cannot be reached.
    """
    known = {END: time.monotonic() + limit_s, LIMIT: limit_s, PARAMETERS: parameters}
    # To the driver it is autocommit: what it begins by itself takes a journey to the server of its own.
    options = {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": True, **known}
    begin = partial(begin_reading, parameters={**to_limit(limit_s), **parameters})
    with faults.translated(), connect(engine, options, begin) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, limit_s: float = WRITE_LIMIT_S) -> Iterator[Connection]:
    """A connection whose changes are kept together when the block ends, and all undone when it raises.

    limit_s: seconds after which a statement is given up; imports and analyses are long.
    Raises BusyError at the limit, ConflictError and InvalidParameter for what the tables refuse, StorageError when the
    database cannot be reached.
    """
    with faults.translated(), connect(engine, NO_OPTIONS, partial(limit, limit_s=limit_s)) as connection:
        yield connection
        connection.commit()


def connect(engine: Engine, options: Mapping[str, Any], begin: Callable[[Connection], None]) -> Connection:
    """A connection on which a transaction was begun; what is not committed by the time it is closed is undone.

    The server may have ended one of the pool a moment ago, and its word of that may still be on the way. As nothing
    but the beginning was asked of it yet, the next is taken in its place, until one is as new as the call.
    begin: the first that is asked of it. Raises what the driver and SQLAlchemy do.
    """
    while True:
        connection = engine.connect().execution_options(**options)
        is_new = USED_AT not in connection.info
        driver = get_driver(connection)
        try:
            begin(connection)
        except (psycopg.Error, exc.DBAPIError):
            connection.invalidate()
            connection.close()
            if is_new or not driver.closed:
                raise
        else:
            return connection


def get_driver(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection beneath one of SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the only driver here
    return driver


def require_time(connection: Connection) -> float | None:
    """The seconds a transaction of `reading` has left; None if it has no limit. Raises BusyError if none is left."""
    end = connection.get_execution_options().get(END)
    if end is None:
        return None
    left = float(end - time.monotonic())
    if left <= 0:
        raise BusyError("the request took longer than its time limit; ask for less at once, or try again later")
    return left


def limit(connection: Connection, limit_s: float, parameters: Mapping[str, str] = NONE) -> None:
    """Give up each statement of this transaction after `limit_s` seconds, and set other parameters of the server."""
    set_parameters(connection, {**to_limit(limit_s), **parameters})


def to_limit(limit_s: float) -> Mapping[str, str]:
    """The parameter of the server that gives up each statement after `limit_s` seconds."""
    return {"statement_timeout": str(max(1, round(limit_s * 1000)))}


def begin_reading(connection: Connection, parameters: Mapping[str, str]) -> None:
    """Begin a transaction that sees one moment and changes nothing, with these parameters, in one journey."""
    get_driver(connection).execute(render_beginning(tuple(parameters.items())), prepare=False)


@lru_cache(maxsize=64)
def render_beginning(parameters: tuple[tuple[str, str], ...]) -> bytes:
    """The statements that begin a transaction of `reading`. parameters: names and values."""
    settings = [
        sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in parameters
    ]
    return sql.SQL("; ").join([BEGIN_READING, *settings]).as_bytes(None)


def set_parameters(connection: Connection, wanted: Mapping[str, str]) -> None:
    """Give parameters of the server these values for the rest of the transaction."""
    connection.execute(
        select_settings(tuple(wanted)), {f"value_{at}": value for at, value in enumerate(wanted.values())}
    )


# To make it anew took a tenth of the time of a short page.
@lru_cache(maxsize=64)
def select_settings(names: tuple[str, ...]) -> Select[Any]:
    """The statement that sets parameters of these names, to values that are handed over with it."""
    values = [bindparam(f"value_{at}", type_=Text) for at in range(len(names))]
    return select(*(func.set_config(name, value, True) for name, value in zip(names, values, strict=True)))
