"""Beside the web server a process that keeps a worker at work: started again when it ends, gone when the server is."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gis_infra.processes import limits

COMMAND = (sys.executable, "-c", "from gis_infra.cli.main import main; main()", "worker", "--with-parent")
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
END_LIMIT_S = 30.0


@contextmanager
def kept_worker() -> Iterator[None]:
    """A worker at work for as long as the block runs; when it is left the worker has ended."""
    # A process, because one that has threads is not safely forked, and the web server forks this one.
    keeper = multiprocessing.Process(target=keep, args=(os.getpid(),), name="keeper")
    keeper.start()
    try:
        yield
    finally:
        keeper.terminate()
        keeper.join(END_LIMIT_S)
        if keeper.is_alive():
            keeper.kill()


def keep(parent: int) -> None:
    """Start a worker, and another one whenever it ends, until SIGTERM; one that ends at once is given time."""
    limits.end_with_parent(parent, signal.SIGTERM)
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the server, which then ends this one
    pause_s = SHORTEST_PAUSE_S
    while True:
        started = time.monotonic()
        work()
        lasted_s = time.monotonic() - started
        pause_s = SHORTEST_PAUSE_S if lasted_s > LONGEST_PAUSE_S else min(2 * pause_s, LONGEST_PAUSE_S)
        time.sleep(pause_s)


def work() -> None:
    """Run one worker to its end; if this process is to end, the worker ends first."""
    # In a session of its own, or Ctrl-C in a terminal would end it before the server has told its end.
    command = [*COMMAND, str(os.getpid())]
    with subprocess.Popen(command, start_new_session=True) as worker:  # noqa: S603 - our own program
        try:
            worker.wait()
        finally:
            worker.terminate()


def leave(number: int, frame: FrameType | None) -> None:
    """End in order on SIGTERM."""
    sys.exit(0)
