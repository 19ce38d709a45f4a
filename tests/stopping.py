"""Imports that stop at a point of one's choosing, from outside: at a trigger that waits for a lock somebody holds."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, TextClause, text

from tests.imports import Importer

DEADLINE_S = 60
STOP = """
CREATE OR REPLACE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(42);
    RETURN coalesce(NEW, OLD);
END $$
"""
HOLD = text("SELECT pg_advisory_lock(42)")
STOPPED = text(
    "SELECT pid FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND wait_event = 'advisory' AND datname = current_database()"
)
LOCKS = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE relation = 'infra.water_pipe'::regclass AND mode = 'ExclusiveLock' AND datname = current_database()"
)


@contextmanager
def stopping(importer: Importer, where: str) -> Iterator[Connection]:
    """Run a block in which imports stop at a point; without the connection it is given they go on.

    where: what the trigger is on, as "BEFORE INSERT ON infra.water_pipe FOR EACH ROW".
    """
    importer.run(STOP)
    importer.run(f"CREATE TRIGGER stop {where} EXECUTE FUNCTION stop_here()")
    with importer.engine.connect() as holder:
        holder.execute(HOLD)
        holder.commit()
        yield holder
        holder.invalidate()
    importer.run(f"DROP TRIGGER stop ON {where.split(' ON ')[1].split()[0]}")


def wait_for_stop(importer: Importer, is_over: Callable[[], bool]) -> int:
    """The server process of the import, once it has stopped. is_over: whether the import has ended, to be asked."""
    pid = wait_for(importer, STOPPED, lambda pid: pid is not None or is_over())
    assert pid is not None, "the import ended and did not stop"
    return int(pid)


def wait_until_free(importer: Importer) -> None:
    """Return when no import holds the layer any more."""
    wait_for(importer, LOCKS, lambda locks: locks == 0)


def wait_for(importer: Importer, query: TextClause, is_so: Callable[[Any], bool]) -> Any:
    """What the query finds, once that is so."""
    give_up = time.monotonic() + DEADLINE_S
    while time.monotonic() < give_up:
        with importer.engine.connect() as connection:
            found = connection.execute(query).scalar()
        if is_so(found):
            return found
        time.sleep(0.02)
    pytest.fail(f"waited {DEADLINE_S} s")
