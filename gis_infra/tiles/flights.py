"""Work in progress by what it is for, so that what several threads want at once is done once."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

from gis_infra.errors import BusyError, GisInfraError

Value = TypeVar("Value")


class Flights(Generic[Value]):
    """What is being made in this process; safe to use from several threads."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value], limit_s: float) -> Value:
        """What `make` returns: called here, or by the thread that asked first for `key` and is not done yet.

        What `make` raises of ours all of them get. limit_s: seconds to wait for another thread.
        Raises BusyError when that one takes longer, or breaks off.
        """
        mine: Future[Value] = Future()
        with self._lock:
            running = self._running.setdefault(key, mine)
        if running is mine:
            return self._make(key, make, mine)
        try:
            return running.result(limit_s)
        except (TimeoutError, CancelledError):
            raise BusyError("what was asked for is still being made; try again in a moment") from None

    def is_running(self, key: Hashable) -> bool:
        """Whether it is being made."""
        return key in self._running

    def _make(self, key: Hashable, make: Callable[[], Value], mine: Future[Value]) -> Value:
        try:
            mine.set_result(make())
        except GisInfraError as error:
            mine.set_exception(error)
        finally:
            with self._lock:
                del self._running[key]
            mine.cancel()  # does nothing to one that has come to an end
        return mine.result()
