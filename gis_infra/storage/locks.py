"""A lock between processes of this machine, held while a block runs and let go by the kernel if we die."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_infra.errors import BusyError, StorageError


@contextmanager
def hold_lock(path: Path, limit_s: float, pause_s: float = 0.05) -> Iterator[None]:
    """Hold the lock file `path`; only one process is in the block at a time, and of it one thread.

    limit_s: seconds to wait for another one. pause_s: seconds between two looks whether it is done.
    Raises BusyError when the other one takes longer, StorageError when the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}", where="GIS_INFRA_HOME") from error
    with file:
        wait_for(file.fileno(), path, limit_s, pause_s)
        yield


def wait_for(descriptor: int, path: Path, limit_s: float, pause_s: float) -> None:
    """Take the lock on an open file. Raises BusyError after `limit_s`."""
    deadline = time.monotonic() + limit_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise BusyError(f"another process has held {path.name} for {limit_s:g} s") from None
            time.sleep(pause_s)
        else:
            return
