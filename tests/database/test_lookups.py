"""Rows by a statement the server keeps: what they say, and what becomes of a connection where something went wrong."""

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import NullPool

from gis_infra.analysis.register.layer import add_register
from gis_infra.errors import StorageError
from gis_infra.features.state import get_state_of
from gis_infra.storage.lookups import Lookup, find_row
from gis_infra.tiles.looking import look
from tests.builders import insert

OWN_PROCESS = Lookup("own_process", "SELECT pg_backend_pid(), $1::text, NULL")


@pytest.fixture
def one(engine):
    """An engine with a single connection."""
    single = create_engine(engine.url, pool_size=1, max_overflow=0)
    yield single
    single.dispose()


def test_values_come_as_the_server_has_them(engine):
    process, word, nothing = find_row(engine, OWN_PROCESS, ["Nguyễn Huệ"])
    assert len(process) == 4
    assert (word, nothing) == ("Nguyễn Huệ".encode(), None)


def test_where_there_is_no_row_there_is_none(engine):
    assert find_row(engine, Lookup("nowhere", "SELECT 1 WHERE $1 = 'here'"), ["there"]) is None


def test_only_the_first_row_is_told(engine):
    assert find_row(engine, Lookup("two", "VALUES ('a'), ('b')"), ()) == [b"a"]


def test_a_statement_is_prepared_once_a_connection(one):
    kept = Lookup("kept_once", "SELECT count(*)::int4 FROM pg_prepared_statements WHERE name = 'kept_once'")
    counts = [find_row(one, kept, ()) for _ in range(3)]
    assert counts == [[b"\x00\x00\x00\x01"]] * 3


@pytest.mark.parametrize(
    "statement", ["DEALLOCATE ALL", "DISCARD ALL", "ALTER TABLE gis.layer_state SET (fillfactor = 90)"]
)
def test_a_statement_that_was_forgotten_is_prepared_again(one, statement):
    process = find_row(one, OWN_PROCESS, ["before"])[0]
    with one.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
    assert find_row(one, OWN_PROCESS, ["after"]) == [process, b"after", None]


def test_nothing_is_left_open_behind_it(one):
    find_row(one, OWN_PROCESS, [""])
    with one.connect() as connection:
        assert not connection.connection.driver_connection.info.transaction_status
        assert connection.execute(select(1)).scalar_one() == 1


@pytest.mark.parametrize("text", ["SELECT 1 FROM gis.no_such_table", "SELECT 1 / 0", "SELEKT"])
def test_what_the_server_refuses_is_told_without_its_words_and_the_next_is_answered(one, text):
    with pytest.raises(Exception) as told:
        find_row(one, Lookup("refused", text), ())
    assert type(told.value).__module__ == "gis_infra.errors"
    assert "no_such_table" not in str(told.value) and "SELE" not in str(told.value)
    assert find_row(one, OWN_PROCESS, ["after"])[1] == b"after"


def test_a_connection_that_was_ended_in_the_middle_is_not_used_again(one):
    ended = Lookup("ended", "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)")
    with pytest.raises(StorageError):
        find_row(one, ended, ())
    assert find_row(one, OWN_PROCESS, ["after"])[1] == b"after"


def test_a_connection_that_was_ended_while_idle_is_replaced(engine):
    process = int.from_bytes(find_row(engine, OWN_PROCESS, [""])[0], "big")
    with create_engine(engine.url, poolclass=NullPool).connect() as other:
        assert other.execute(select(func.pg_terminate_backend(process, 60_000))).scalar_one()
    assert find_row(engine, OWN_PROCESS, ["after"])[1] == b"after"


@pytest.mark.parametrize("layer_id", ["fire_hydrant", "conflict"])
def test_a_look_tells_what_the_state_of_a_layer_is(engine, tables, catalogue, layer_id):
    layer = add_register(catalogue, tables)[0].get_layer(layer_id)  # one of them is kept by the program
    with engine.begin() as connection:
        insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    with engine.connect() as connection:
        expected = get_state_of(connection, layer)
    assert look(engine, layer) == expected
    assert expected.revision > 0 and look(engine, layer).changed_at.tzinfo is not None
