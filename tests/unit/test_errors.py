"""The family of errors: one root, every member described, every one with an HTTP status."""

import inspect

import pytest

from gis_infra import errors
from gis_infra.web.problems import get_status

FAMILY = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.GisInfraError)]


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_an_error_keeps_its_words_and_its_place(kind):
    error = kind("asked for 3, found 2", where="bbox")
    assert (str(error), error.message, error.where) == ("asked for 3, found 2", "asked for 3, found 2", "bbox")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.InvalidBbox, 400),
        (errors.UnknownProperty, 400),
        (errors.SignInNeeded, 401),
        (errors.NotPermitted, 403),
        (errors.UnknownLayer, 404),
        (errors.ConflictError, 409),
        (errors.StorageError, 500),
        (errors.BusyError, 503),
    ],
)
def test_the_status_says_whose_fault_it_is(kind, status):
    assert get_status(kind("no")) == status


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status_and_stands_in_the_drawing(kind):
    assert 400 <= get_status(kind("no")) <= 503
    assert kind is errors.GisInfraError or kind.__name__ in errors.__doc__
