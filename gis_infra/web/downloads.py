"""Files that are made whole on the disk first, then sent, and gone from the disk at once."""

import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

FOLDER = "downloads"  # in the home of the program
MOST_BYTES = 4 * 10**9
PIECE_BYTES = 1 << 16
STALE_S = 6 * 3600  # what a killed server left behind is taken away after it


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A folder for one file, gone at the end; a file opened in it can be read on, as Unix has it."""
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent)
    with TemporaryDirectory(dir=parent) as name:
        yield Path(name)


def read_out(file: BinaryIO) -> Generator[bytes, None, None]:
    """The content of an open file, which is closed at the end, however that comes. Begins with nothing.

    Once that first piece is taken the file is closed even if nobody asks for another.
    """
    with file:
        yield b""
        while piece := file.read(PIECE_BYTES):
            yield piece


def sweep(parent: Path) -> None:
    """Take away what a server that was killed could not."""
    for each in parent.iterdir():
        try:
            is_stale = time.time() - each.stat().st_mtime > STALE_S
        except FileNotFoundError:  # another download ended meanwhile
            continue
        if is_stale:
            shutil.rmtree(each, ignore_errors=True)
