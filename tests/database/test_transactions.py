"""Transactions read under a limit, write all or nothing, and tell faults in our words."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.schema import CheckConstraint

from gis_infra.errors import BusyError, ConflictError, GisInfraError, InvalidParameter, StorageError
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.storage.transactions import reading, writing

METADATA = MetaData()
VALVES = Table(
    "test_valves",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("code", String(5), unique=True),
    Column("diameter_mm", Integer, CheckConstraint("diameter_mm > 0"), nullable=False),
    Column("beside", ForeignKey("test_valves.id")),
)
SECRET = "s3cr"


@pytest.fixture
def valves(engine: Engine) -> Iterator[Engine]:
    """An engine on a database with a table of valves, V1 in it."""
    METADATA.create_all(engine)
    with writing(engine) as connection:
        connection.execute(insert(VALVES).values(id=1, code="V1", diameter_mm=150))
    yield engine
    METADATA.drop_all(engine)


def count(engine: Engine) -> int:
    """How many valves there are."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(VALVES)).scalar_one()


def test_a_read_that_takes_too_long_is_given_up(engine: Engine):
    with pytest.raises(BusyError, match="longer than its time limit"), reading(engine, limit_s=0.1) as connection:
        connection.execute(select(func.pg_sleep(5)))


def test_the_limit_of_one_read_does_not_cling_to_the_next(engine: Engine):
    with reading(engine, limit_s=0.05):
        pass
    with writing(engine) as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "10min"


def test_a_read_cannot_change_anything(valves: Engine):
    with pytest.raises(StorageError, match="a read tried to change"), reading(valves) as connection:
        connection.execute(insert(VALVES).values(id=2, diameter_mm=100))
    assert count(valves) == 1


def test_a_read_sees_one_moment_of_the_database(valves: Engine):
    with reading(valves) as connection:
        before = connection.execute(select(func.count()).select_from(VALVES)).scalar_one()
        with writing(valves) as other:
            other.execute(insert(VALVES).values(id=2, diameter_mm=100))
        assert connection.execute(select(func.count()).select_from(VALVES)).scalar_one() == before
    assert count(valves) == before + 1


def test_a_write_that_fails_half_way_leaves_nothing(valves: Engine):
    with pytest.raises(ZeroDivisionError), writing(valves) as connection:
        connection.execute(insert(VALVES).values(id=2, diameter_mm=100))
        raise ZeroDivisionError
    assert count(valves) == 1


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ({"id": 2, "code": "V1", "diameter_mm": 1}, ConflictError, "already one with the same test_valves_code_key"),
        ({"id": 2, "diameter_mm": -1}, InvalidParameter, "diameter_mm_check has a value that is not allowed"),
        ({"id": 2, "diameter_mm": None}, InvalidParameter, "diameter_mm must have a value"),
        ({"id": 2, "diameter_mm": 1, "beside": 99}, ConflictError, "refers to something that is not there"),
        ({"id": 2, "diameter_mm": 1, "code": SECRET + "et"}, InvalidParameter, "has a value the database cannot hold"),
    ],
)
def test_what_a_table_refuses_is_told_by_name_and_without_values(
    valves: Engine, values: dict[str, object], kind: type[GisInfraError], words: str
):
    with pytest.raises(kind, match=words) as caught, writing(valves) as connection:
        connection.execute(insert(VALVES).values(values))
    assert SECRET not in caught.value.message
    assert "INSERT" not in caught.value.message


def test_a_server_that_is_not_there_is_told_without_its_address():
    nowhere = make_engine(parse_url("postgresql://gis:s3cret@127.0.0.1:1/infra"))
    words = "cannot be reached: nothing listens at its address"
    with pytest.raises(StorageError, match=words) as caught, reading(nowhere):
        pass
    assert "127.0.0.1" not in caught.value.message


def test_a_database_that_is_not_there_is_told(engine: Engine):
    nowhere = make_engine(engine.url.set(database="gis_infra_test_none"))
    with pytest.raises(StorageError, match="there is no database or account of that name"), reading(nowhere):
        pass


def test_a_connection_the_server_ended_is_replaced_unnoticed(engine: Engine):
    own = make_engine(engine.url)
    with reading(own) as connection:
        pid = ask_pid(connection)
    with writing(engine) as connection:
        connection.execute(select(func.pg_terminate_backend(pid)))
    with reading(own) as connection:
        assert ask_pid(connection) != pid
    own.dispose()


@pytest.mark.parametrize("transaction", [reading, writing])
def test_connections_whose_end_is_heard_of_late_are_replaced_unnoticed(
    engine: Engine, transaction: Callable[[Engine], AbstractContextManager[Connection]]
):
    own = make_engine(engine.url)
    with ExitStack() as stack:
        ended = {ask_pid(stack.enter_context(reading(own))) for _ in range(3)}
    # Ended after the pool has looked at it, and before anything is asked of it.
    event.listen(own, "checkout", lambda driver, *_: end(engine, driver.info.backend_pid, ended))
    with transaction(own) as connection:
        assert ask_pid(connection) not in ended
    own.dispose()


def test_a_connection_that_ends_in_the_middle_is_told(engine: Engine):
    own = make_engine(engine.url)
    with pytest.raises(StorageError, match=r"stopping|cannot be reached"), reading(own) as connection:
        pid = ask_pid(connection)
        end(engine, pid, {pid})
        ask_pid(connection)
    own.dispose()


def ask_pid(connection: Connection) -> int:
    """The server process of a connection."""
    return connection.execute(select(func.pg_backend_pid())).scalar_one()


def end(engine: Engine, pid: int, among: set[int]) -> None:
    """End a server process if it is one of those, and return when it is gone."""
    if pid in among:
        with writing(engine) as connection:
            connection.execute(select(func.pg_terminate_backend(pid, 60_000)))
