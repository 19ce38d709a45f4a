"""A real worker beside a test, and waiting for what it does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from gis_infra.settings import ROOT, Settings, to_environment

COMMAND = (sys.executable, "-c", "from gis_infra.cli.main import main; main()", "worker")
LIMIT_S = 120.0  # on a machine with much else to do
T = TypeVar("T")


def start(settings: Settings, **changes: Any) -> "subprocess.Popen[bytes]":
    """A worker at work, with some settings changed."""
    environment = {**os.environ, **to_environment(replace(settings, **changes))}
    return subprocess.Popen(COMMAND, cwd=ROOT, env=environment)


@contextmanager
def working(settings: Settings, **changes: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker at work for as long as the block runs; it must end in order."""
    worker = start(settings, **changes)
    try:
        yield worker
    finally:
        if worker.poll() is None:
            worker.terminate()
        # 0 as it was told, or before it could be told, or by the test itself.
        assert worker.wait(LIMIT_S) in (0, -signal.SIGTERM, -signal.SIGKILL)


def wait_for(find: Callable[[], T | None], what: str) -> T:
    """What `find` gives as soon as it gives something true."""
    deadline = time.monotonic() + LIMIT_S
    while not (found := find()):
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.05)
    return found


def find_job(worker: "subprocess.Popen[bytes]") -> int:
    """The process of the one job a worker runs; the next one is made ready only afterwards."""
    return wait_for(lambda: each[0] if len(each := list_children(worker.pid)) == 1 else None, "a job by itself")


def list_children(pid: int) -> list[int]:
    """The children of a process."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]


def is_there(process: int) -> bool:
    """Whether a process is alive."""
    return Path(f"/proc/{process}").exists()
