"""Databases on a server: made and dropped whole. Tests and trials use these; the service never drops one."""

import psycopg
from psycopg import sql
from sqlalchemy import URL

from gis_infra.storage import faults


def create(server: URL, name: str) -> URL:
    """The address of a new, empty database beside the one `server` names; one of that name is dropped first.

    Raises StorageError when the server cannot be reached or the account may not create databases.
    """
    drop(server, name)
    with faults.translated(), connect(server) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(statement.format(sql.Identifier(name)))
    return server.set(database=name)


def drop(server: URL, name: str) -> None:
    """Drop a database and end its connections; nothing happens if there is none of that name."""
    with faults.translated(), connect(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    """A plain connection that commits each statement by itself, as CREATE DATABASE asks for."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, connect_timeout=10)
