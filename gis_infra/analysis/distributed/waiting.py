"""Results of dask's workers as they come, and what went wrong there in our words."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pandas
from dask.delayed import Delayed
from distributed import Client, Future
from distributed.scheduler import KilledWorker

from gis_infra.errors import BusyError, StorageError

LOOK_S = 0.05
ASK_S = 2.0
LONELY_S = 60.0
RETRIES = 1  # of a task that failed; what a worker that died was at is given to another besides


class RunStopped(BusyError):
    """A run was told to stop before it was done."""


@dataclass
class Waiting:
    """Waiting for a scheduler: until it is told to stop, and for so many seconds in all.

    asked, seen: when the scheduler was last asked for its workers, and had one, on the monotonic clock.
    """

    client: Client
    stop: Event
    limit_s: float
    begun: float = field(default_factory=time.monotonic)
    asked: float = field(default_factory=time.monotonic)
    seen: float = field(default_factory=time.monotonic)

    def go_on(self) -> None:
        """Wait a moment. Raises RunStopped, BusyError when the time is over, StorageError when all workers are lost."""
        if self.stop.wait(LOOK_S):
            raise RunStopped("the run was stopped; the register is as it was")
        now = time.monotonic()
        if now - self.begun > self.limit_s:
            raise BusyError(f"the workers took longer than {self.limit_s:g} s")
        if now - self.asked < ASK_S:
            return
        self.asked = now
        if self.client.scheduler_info()["workers"]:
            self.seen = now
        elif now - self.seen > LONELY_S:
            raise StorageError(f"the scheduler has had no worker for {LONELY_S:g} s", where="--dask")


def list_results(waiting: Waiting, tasks: Sequence[Delayed]) -> Iterator[pandas.DataFrame]:
    """The result of each task, as they come; each is let go as soon as it was given. What is left undone is cancelled.

    Raises what `Waiting.go_on` raises, StorageError when a task took its workers with it, and what a task raised.
    """
    left: list[Future[Any]] = waiting.client.compute(list(tasks), retries=RETRIES)
    try:
        while left:
            done = [future for future in left if future.done()]
            for future in done:
                left.remove(future)
                yield get_result(future)
            if not done:
                waiting.go_on()
    finally:
        if left:
            waiting.client.cancel(left, force=True)


def get_result(future: Future[Any]) -> pandas.DataFrame:
    """The result of a task that is done. Raises StorageError when it cannot be had, and what the task raised."""
    try:
        found: pandas.DataFrame = future.result()
    except KilledWorker as error:
        raise StorageError("a part of the city took every worker with it that tried; see the workers' logs") from error
    except CancelledError as error:
        raise StorageError("the dask scheduler was lost", where="--dask") from error
    except OSError as error:  # of the network, also a timeout
        raise StorageError(f"a worker's result did not arrive: {error}", where="--dask") from error
    return found
