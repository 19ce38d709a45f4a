"""One look for all who ask at once, and never one that began before the question."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis_infra.errors import StorageError
from gis_infra.features.state import LayerState
from gis_infra.tiles.watching import Watch

LIMIT_S = 60.0  # on a machine with much else to do


def test_each_question_alone_is_a_look_of_its_own():
    watch, revisions = Watch(), iter(range(3))
    found = [watch.look(lambda: LayerState(next(revisions), None)).revision for _ in range(3)]
    assert found == [0, 1, 2]


def test_who_comes_during_a_look_shares_the_next_one():
    watch, begun, may_end, times = Watch(), threading.Event(), threading.Event(), []

    def read():
        times.append(len(times))
        begun.set()
        assert may_end.wait(LIMIT_S)
        return LayerState(len(times), None)

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(watch.look, read)
        assert begun.wait(LIMIT_S)
        others = [pool.submit(watch.look, read) for _ in range(7)]
        until = time.monotonic() + LIMIT_S
        while len(watch._changed._waiters) < 7 and time.monotonic() < until:
            time.sleep(0.001)
        may_end.set()
        assert first.result(LIMIT_S).revision == 1
        assert {each.result(LIMIT_S).revision for each in others} == {2}
    assert len(times) == 2


def test_no_answer_is_older_than_its_question():
    watch, lock, revision = Watch(), threading.Lock(), [0]

    def read():
        with lock:
            seen = revision[0]
        time.sleep(0.0005)
        return LayerState(seen, None)

    def ask(_):
        with lock:
            revision[0] += 1
            mine = revision[0]
        return watch.look(read).revision >= mine

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))


def test_a_look_that_fails_is_told_to_its_caller_and_others_look_again():
    watch = Watch()

    def fail():
        raise StorageError("gone")

    with pytest.raises(StorageError, match="gone"):
        watch.look(fail)
    assert watch.look(lambda: LayerState(5, None)).revision == 5
