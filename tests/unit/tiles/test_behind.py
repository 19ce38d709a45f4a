"""Work that nobody waits for: in order, what is wanted first, and not while something else goes on."""

import threading
import time

from gis_infra.tiles import behind
from gis_infra.tiles.behind import Behind

LIMIT_S = 60.0  # on a machine with much else to do


def hold(worker):
    """Keep the worker busy until the event that is returned is set."""
    begun, may_end = threading.Event(), threading.Event()
    worker.add(lambda: (begun.set(), may_end.wait(LIMIT_S)))
    assert begun.wait(LIMIT_S)
    return may_end


def test_what_is_wanted_comes_before_what_may_be_useful_each_in_its_order():
    worker, done, last = Behind(10), [], threading.Event()
    may_go_on = hold(worker)
    for name in ("a", "b"):
        worker.add(lambda name=name: done.append(f"useful {name}"), is_wanted=False)
    worker.add(last.set, is_wanted=False)
    for name in ("a", "b"):
        worker.add(lambda name=name: done.append(f"wanted {name}"))
    may_go_on.set()
    assert last.wait(LIMIT_S)
    assert done == ["wanted a", "wanted b", "useful a", "useful b"]


def test_there_is_room_for_so_much_of_either_kind():
    worker = Behind(1)
    may_go_on = hold(worker)
    assert [worker.add(bool), worker.add(bool)] == [True, False]
    assert [worker.add(bool, is_wanted=False), worker.add(bool, is_wanted=False)] == [True, False]
    may_go_on.set()


def test_nothing_is_done_while_something_else_goes_on():
    worker, done = Behind(1, quiet_s=0.1), threading.Event()
    worker.note()
    noted = time.monotonic()
    worker.add(done.set)
    assert done.wait(LIMIT_S) and time.monotonic() - noted >= 0.1


def test_an_idle_thread_ends_and_another_begins_with_the_next_work(monkeypatch):
    monkeypatch.setattr(behind, "IDLE_S", 0.01)
    worker, done = Behind(1), threading.Event()
    hold(worker).set()
    deadline = time.monotonic() + LIMIT_S
    while worker._is_running and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not worker._is_running
    assert worker.add(done.set) and done.wait(LIMIT_S)
