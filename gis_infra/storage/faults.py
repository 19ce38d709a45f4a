"""Errors of the database and its driver, told in our words.

Never shown: SQL, values, the address of the server, passwords. The original stays as the cause, for the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import exc

from gis_infra.errors import BusyError, ConflictError, GisInfraError, InvalidParameter, StorageError

OUTDATED = "the database lacks what this program keeps in it; gis-infra database upgrade makes it"
# By SQLSTATE, then by its first two letters (its class). Source: PostgreSQL manual, appendix A.
KINDS: tuple[tuple[str, type[GisInfraError], str], ...] = (
    ("57014", BusyError, "the database was given up on: the request took longer than its time limit"),
    ("55P03", BusyError, "another change holds the same rows; try again"),
    ("40001", BusyError, "another change came between; try again"),
    ("40P01", BusyError, "two changes waited for each other; try again"),
    ("53300", BusyError, "the database has no connection free; try again"),
    ("53100", StorageError, "the disk of the database is full"),
    ("23505", ConflictError, "there is already one with the same {what}"),
    ("23503", ConflictError, "{what} refers to something that is not there, or is still in use"),
    ("23P01", ConflictError, "{what} overlaps one that is already there"),
    ("23514", InvalidParameter, "{what} has a value that is not allowed"),
    ("23502", InvalidParameter, "{what} must have a value"),
    ("25006", StorageError, "a read tried to change the database"),
    ("42501", StorageError, "the database account has no right to do this"),
    *((each, StorageError, OUTDATED) for each in ("42P01", "42703", "42704", "42883", "3F000")),
    ("3D000", StorageError, "the database of that name does not exist on the server"),
    ("22", InvalidParameter, "{what} has a value the database cannot hold"),
    ("28", StorageError, "the database refused the account or its password"),
    ("08", StorageError, "the database cannot be reached"),
    ("57P", StorageError, "the database is starting or stopping; try again"),
    ("53", BusyError, "the database is out of resources; try again"),
)

# A failed connection carries no SQLSTATE, only words; those that are known tell what to look at.
REASONS: tuple[tuple[str, str], ...] = (
    ("password authentication failed", "it refused the account or its password"),
    ("no password supplied", "it asks for a password"),
    ("no pg_hba.conf entry", "it does not let this account in from here"),
    ("does not exist", "there is no database or account of that name"),
    ("Connection refused", "nothing listens at its address"),
    ("could not translate host name", "its host name is not known"),
    ("failed to resolve host", "its host name is not known"),
    ("No such file or directory", "there is no socket at its address"),
    ("Permission denied", "this account may not use its socket"),
    ("timeout expired", "it did not answer in time"),
    ("starting up", "it is starting"),
    ("shutting down", "it is stopping"),
    ("too many clients", "it has no connection free"),
    ("remaining connection slots", "it has no connection free"),
)


@contextmanager
def translated() -> Iterator[None]:
    """Run a block; what the database or its driver raises in it comes out as one of our errors."""
    try:
        yield
    except (exc.SQLAlchemyError, psycopg.Error) as error:
        raise translate(error) from error


def translate(error: exc.SQLAlchemyError | psycopg.Error) -> GisInfraError:
    """Our error for one of SQLAlchemy's or psycopg's; raise it `from` the original."""
    if isinstance(error, exc.TimeoutError):
        return BusyError("the database has no connection free; try again")
    driver = error.orig if isinstance(error, exc.DBAPIError) else error
    if not isinstance(driver, psycopg.Error):
        return StorageError("the database could not do what was asked of it")
    if driver.sqlstate is None:
        return translate_without_state(driver)
    return translate_state(driver.sqlstate, driver)


def translate_without_state(driver: psycopg.Error) -> GisInfraError:
    """Our error for a fault in which no server took part: connecting, or a connection that broke."""
    if isinstance(driver, psycopg.OperationalError | psycopg.InterfaceError):
        return StorageError(explain_lost(str(driver)))
    if isinstance(driver, psycopg.DataError):
        return InvalidParameter("a value cannot be stored in the database")
    return StorageError("the database could not do what was asked of it")


def explain_lost(words: str) -> str:
    """That the database cannot be reached, and why if known; nothing of the driver's words, which name the host."""
    reasons = [reason for start, reason in REASONS if start in words]
    return ": ".join(["the database cannot be reached", *reasons[:1]])


def translate_state(state: str, driver: psycopg.Error) -> GisInfraError:
    """Our error for what the server said, by its SQLSTATE."""
    what = driver.diag.column_name or driver.diag.constraint_name or "a field"
    for start, kind, words in KINDS:
        if state.startswith(start):
            return kind(words.format(what=what))
    return StorageError(f"the database could not do what was asked of it (SQLSTATE {state})")
