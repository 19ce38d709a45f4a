"""The engine: the pool of connections one process uses, to the private cluster or to a PostGIS elsewhere."""

import math
import select
import time
from typing import Any

from psycopg import Cursor, OperationalError
from psycopg.pq import Format
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from gis_infra.errors import SettingError
from gis_infra.settings import Settings
from gis_infra.storage.cluster import PrivateCluster

WHERE = "GIS_INFRA_DATABASE_URL"
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
# Execution option of a statement: its rows come as the database holds them, not as text; bytes then cost nothing.
BINARY_ROWS = "gis_infra_binary_rows"
# The driver prepares what it sends often, and PostgreSQL may then keep one plan for any box. Such a plan makes the box
# anew for each row and expects few rows in it: to count 1,600 features took 3 ms in place of 0.7, a page up to 80 ms.
# The rest is how it writes values that can be written in several ways, whatever server and account prefer.
OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "plan_cache_mode": "force_custom_plan",
        "timezone": "UTC",
        "datestyle": "ISO",
        "extra_float_digits": "1",
        "bytea_output": "hex",
    }.items()
)
USED_AT = "gis_infra_used_at"
FRESH_S = 0.5


def open_engine(settings: Settings) -> Engine:
    """An engine for the database the settings name; the private cluster is started if none is named.

    No connection is made to a database elsewhere; `fitness.require_usable` asks whether it will do.
    Raises SettingError for an address that is none, StorageError when the private cluster cannot be had.
    """
    if settings.database_url:
        return make_engine(parse_url(settings.database_url))
    return make_engine(PrivateCluster(settings.home).ensure_running())


def parse_url(text: str) -> URL:
    """The address in `text`, with our driver.

    text: postgresql://user:password@host:port/name, or with ?host=/folder/of/the/socket.
    Raises SettingError, which never repeats the text: it may hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingError(f"{WHERE} is not an address like postgresql://user@host/name", where=WHERE) from None
    if url.drivername not in SCHEMES:
        raise SettingError(f"{WHERE} must start with postgresql://, got {url.drivername}://", where=WHERE)
    if not url.database:
        raise SettingError(f"{WHERE} names no database: postgresql://user@host/name", where=WHERE)
    return url.set(drivername="postgresql+psycopg")


def make_engine(url: URL) -> Engine:
    """An engine for one address; connections are checked before use, so that a restarted database is no error.

    One that was in use a moment ago is only looked at: asking takes as long as a short answer does.
    """
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={"application_name": "gis-infra", "connect_timeout": 10, "options": OPTIONS},
    )
    event.listen(engine, "before_cursor_execute", choose_format)
    event.listen(engine, "checkout", require_alive)
    event.listen(engine, "checkin", note_use)
    return engine


def require_alive(driver: DBAPIConnection, record: ConnectionPoolEntry, _: Any) -> None:
    """Return if the connection works. Raises InvalidatePoolError, upon which the pool opens another."""
    is_fresh = time.monotonic() - record.info.get(USED_AT, -math.inf) < FRESH_S
    if is_fresh and not has_news(driver):
        return
    try:
        # In autocommit mode it opens no transaction.
        driver.autocommit = True
        driver.execute("SELECT 1")
        driver.autocommit = False
    except OperationalError as error:
        # The others are as old, and of no more use.
        raise InvalidatePoolError(str(error)) from error


def has_news(driver: DBAPIConnection) -> bool:
    """Whether the server has said something to an idle connection, of which an end is the likeliest."""
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def note_use(driver: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    """Remember when a connection was given back."""
    record.info[USED_AT] = time.monotonic()


def choose_format(
    connection: Connection, cursor: Cursor[Any], statement: str, parameters: object, context: Any, many: bool
) -> None:
    """Have the rows of a statement in the form its execution options ask for."""
    if context is not None and context.execution_options.get(BINARY_ROWS):
        cursor.format = Format.BINARY
