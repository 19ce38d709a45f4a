"""Places for requests that take a thread of the server for long: few of each kind, so that the map is served meanwhile.

A file may be sent slowly, made slowly and looked into slowly; who finds no place is told to come back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Literal

from flask import Flask, current_app

from gis_infra.errors import BusyError

Kind = Literal["export", "upload", "preview", "page"]

KINDS: tuple[Kind, ...] = ("export", "upload", "preview", "page")
AT_ONCE = 2  # of each kind in one process
THREADS = AT_ONCE * len(KINDS)  # that these may take of a process
EXTENSION = "gis_infra_places"


def register(app: Flask) -> None:
    """Give an application its places."""
    app.extensions[EXTENSION] = {kind: BoundedSemaphore(AT_ONCE) for kind in KINDS}


@contextmanager
def place(kind: Kind, busy: str) -> Iterator[None]:
    """Hold one of the places for the time of a block. busy: what is going on. Raises BusyError if all are taken."""
    places: BoundedSemaphore = current_app.extensions[EXTENSION][kind]
    if not places.acquire(blocking=False):
        raise BusyError(f"{AT_ONCE} files are being {busy} already; try again when one is done")
    try:
        yield
    finally:
        places.release()
