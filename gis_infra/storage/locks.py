"""A lock between processes of this machine, held while a block runs and let go by the kernel if we die."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_infra.errors import BusyError, StorageError

FILE_MODE = 0o644


@contextmanager
def hold_lock(path: Path, limit_s: float, pause_s: float = 0.05) -> Iterator[None]:
    """Hold the lock file `path`; only one process is in the block at a time, and of it one thread.

    limit_s: seconds to wait for another one. pause_s: seconds between two looks whether it is done.
    Raises BusyError when the other one takes longer, StorageError when the file cannot be made.
    """
    try:
        descriptor = open_file(path)
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}", where="GIS_INFRA_HOME") from error
    try:
        wait_for(descriptor, path, limit_s, pause_s)
        yield
    finally:
        os.close(descriptor)


def open_file(path: Path) -> int:
    """The descriptor of a file to be locked, which is made if there is none. Raises OSError."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT, FILE_MODE)


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
