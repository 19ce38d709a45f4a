"""The queue's schema is the one the installed procrastinate works with, and a job is queued with the caller's work."""

import uuid
from pathlib import Path

import procrastinate
import pytest
from sqlalchemy import text

from gis_infra.processes.jobs import queue

SHIPPED = Path(procrastinate.__file__).with_name("sql") / "schema.sql"
# What tells one schema from another; names of schemas are left out of definitions.
PARTS = {
    "columns": "SELECT table_name || '.' || column_name, data_type || coalesce(column_default, '') || is_nullable "
    "FROM information_schema.columns WHERE table_schema = :name",
    "functions": "SELECT oid::regprocedure::text, prosrc FROM pg_proc WHERE pronamespace = CAST(:name AS regnamespace)",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :name",
    "triggers": "SELECT tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
    "WHERE relnamespace = CAST(:name AS regnamespace) AND NOT tgisinternal",
    "labels": "SELECT typname, string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum JOIN pg_type t "
    "ON t.oid = enumtypid WHERE typnamespace = CAST(:name AS regnamespace) GROUP BY typname",
}


@pytest.mark.parametrize("part", PARTS)
def test_the_frozen_schema_is_what_the_installed_procrastinate_ships(connection, part):
    """When this fails a new procrastinate is installed: a migration has to bring the queue to its schema."""
    connection.execute(text("CREATE SCHEMA shipped"))
    connection.execute(text("SET LOCAL search_path = shipped"))
    connection.execute(text(SHIPPED.read_text(encoding="utf-8")))
    ours, shipped = (read(connection, part, name) for name in ("jobs", "shipped"))
    assert ours == shipped and ours


def read(connection, part, name):
    """A part of a schema, by name of what is in it, without the schema's own name."""
    connection.execute(text(f"SET LOCAL search_path = {name}"))
    found = connection.execute(text(PARTS[part]), {"name": name}).all()
    if part == "functions":  # whose bodies name no schema, and have a table they call jobs
        return dict(map(tuple, found))
    return {key: value.replace(f" {name}.", " ").replace(f"'{name}.", "'") for key, value in found}


def test_a_job_is_queued_only_with_the_work_it_belongs_to(connection):
    with connection.begin_nested() as inner:
        number = queue.defer(connection, uuid.uuid4())
        assert count(connection, number) == 1
        inner.rollback()
    assert count(connection, number) == 0


def test_a_job_that_waits_is_taken_out_of_the_queue(connection):
    number = queue.defer(connection, uuid.uuid4())
    queue.cancel(connection, number)
    assert count(connection, number) == 0
    queue.cancel(connection, number)  # nothing is there any more, and nothing happens


def test_the_callers_search_path_is_left_as_it_was(connection):
    before = connection.execute(text("SHOW search_path")).scalar_one()
    queue.defer(connection, uuid.uuid4())
    assert connection.execute(text("SHOW search_path")).scalar_one() == before


def count(connection, number):
    """How many rows the queue has of a number."""
    query = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE id = :number")
    return connection.execute(query, {"number": number}).scalar_one()
