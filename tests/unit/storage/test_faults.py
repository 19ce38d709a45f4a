"""Faults without a server, told in our words."""

import psycopg
import pytest
from sqlalchemy import exc

from gis_infra.errors import BusyError, GisInfraError, InvalidParameter, StorageError
from gis_infra.storage.faults import translate, translated


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exc.TimeoutError("QueuePool limit of size 8"), BusyError),
        (psycopg.OperationalError('connection to server at "10.0.0.7" failed: password of gis'), StorageError),
        (psycopg.DataError("value with NUL"), InvalidParameter),
        (psycopg.ProgrammingError("no such function"), StorageError),
        (exc.InvalidRequestError("the session is closed"), StorageError),
    ],
)
def test_each_kind_of_fault_is_one_of_our_errors(error: exc.SQLAlchemyError | psycopg.Error, kind: type[GisInfraError]):
    translated_error = translate(error)
    assert type(translated_error) is kind
    assert "10.0.0.7" not in translated_error.message
    assert "password" not in translated_error.message


def test_the_original_stays_as_the_cause_for_the_log():
    original = psycopg.OperationalError("connection refused")
    with pytest.raises(StorageError) as caught, translated():
        raise original
    assert caught.value.__cause__ is original


def test_our_own_errors_pass_unchanged():
    with pytest.raises(InvalidParameter, match="bbox"), translated():
        raise InvalidParameter("bbox is wrong")


@pytest.mark.parametrize("state", ["42P01", "42703", "3F000"])
def test_a_database_without_the_tables_is_told_with_what_makes_them(state: str):
    driver = psycopg.errors.lookup(state)("relation infra.water_pipe does not exist")
    assert translate(driver).message.endswith("gis-infra database upgrade makes it")
