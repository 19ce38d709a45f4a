"""What several threads want at once: done once, for all of them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis_infra.errors import BusyError
from gis_infra.tiles.flights import Flights

LIMIT_S = 60.0  # on a machine with much else to do


class Work:
    """Something that goes on until it is let go, and counts how often it was begun."""

    def __init__(self, outcome):
        self.times, self.begun, self.may_end, self.outcome = 0, threading.Event(), threading.Event(), outcome

    def __call__(self):
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(LIMIT_S)
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


def join(flights, pool, work, others):
    """The first one's future, when it has begun, and those of others who came later."""
    first = pool.submit(flights.get, "tile", work, LIMIT_S)
    assert work.begun.wait(LIMIT_S)
    return first, [pool.submit(flights.get, "tile", work, LIMIT_S) for _ in range(others)]


def test_what_many_want_at_once_is_made_once():
    flights, work = Flights(), Work("body")
    with ThreadPoolExecutor(8) as pool:
        first, others = join(flights, pool, work, 7)
        work.may_end.set()
        assert {each.result(LIMIT_S) for each in (first, *others)} == {"body"}
    assert work.times == 1


def test_who_comes_afterwards_has_it_made_anew():
    flights = Flights()
    made = iter("ab")
    assert [flights.get("tile", lambda: next(made), LIMIT_S) for _ in range(2)] == ["a", "b"]


def test_different_things_do_not_wait_for_one_another():
    flights, work = Flights(), Work("slow")
    with ThreadPoolExecutor(2) as pool:
        first, _ = join(flights, pool, work, 0)
        assert flights.get("other", lambda: "quick", LIMIT_S) == "quick"
        work.may_end.set()
        assert first.result(LIMIT_S) == "slow"


def test_a_refusal_is_told_to_all_who_waited():
    flights, work = Flights(), Work(BusyError("took too long"))
    with ThreadPoolExecutor(4) as pool:
        first, others = join(flights, pool, work, 3)
        work.may_end.set()
        told = [each.exception(LIMIT_S) for each in (first, *others)]
    assert {str(each) for each in told} == {"took too long"} and work.times == 1


def test_when_the_maker_breaks_off_the_others_are_asked_to_come_again():
    flights, work = Flights(), Work(ZeroDivisionError())
    with ThreadPoolExecutor(2) as pool:
        first, (other,) = join(flights, pool, work, 1)
        work.may_end.set()
        assert isinstance(first.exception(LIMIT_S), ZeroDivisionError)
        with pytest.raises(BusyError, match="still being made"):
            other.result(LIMIT_S)
    assert flights.get("tile", lambda: "well again", LIMIT_S) == "well again"


def test_nobody_waits_longer_than_the_limit():
    flights, work = Flights(), Work("body")
    with ThreadPoolExecutor(1) as pool:
        first, _ = join(flights, pool, work, 0)
        with pytest.raises(BusyError, match="try again in a moment"):
            flights.get("tile", work, 0.01)
        work.may_end.set()
        first.result(LIMIT_S)
