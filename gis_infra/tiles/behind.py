"""Work that nobody waits for, done in a thread of its own."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable

IDLE_S = 5.0  # after which the thread ends; the next thing to do begins another

Work = Callable[[], object]


class Behind:
    """Does things one after another: first what is wanted, then what may be of use later.

    most: things of either kind that may wait. quiet_s: seconds that must have gone by since something else was last
    done, which `note` tells; what nobody waits for is not to be in the way. Safe to use from several threads.
    """

    def __init__(self, most: int, quiet_s: float = 0.0) -> None:
        self._most = most
        self._quiet_s = quiet_s
        self._noted_at = -math.inf
        self._wanted: deque[Work] = deque()
        self._useful: deque[Work] = deque()
        self._changed = threading.Condition()
        self._is_running = False

    def note(self) -> None:
        """Something else is being done."""
        self._noted_at = time.monotonic()

    def add(self, work: Work, *, is_wanted: bool = True) -> bool:
        """Have something done; whether there was room for it."""
        with self._changed:
            waiting = self._wanted if is_wanted else self._useful
            if len(waiting) >= self._most:
                return False
            waiting.append(work)
            self._changed.notify()
            # Begun with the first of them: a process that is made by forking would not have the thread.
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._run, name="tiles", daemon=True).start()
        return True

    def _run(self) -> None:
        while (work := self._take()) is not None:
            self._wait_for_quiet()
            work()

    def _take(self) -> Work | None:
        """What is to be done next; None, and the thread ends, if nothing comes for a while."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._useful, IDLE_S)
            for waiting in (self._wanted, self._useful):
                if waiting:
                    return waiting.popleft()
            self._is_running = False
            return None

    def _wait_for_quiet(self) -> None:
        while (left_s := self._noted_at + self._quiet_s - time.monotonic()) > 0:
            time.sleep(left_s)
