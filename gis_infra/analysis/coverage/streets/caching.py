"""What is slow to make, kept on disk between runs: columns of numbers under a key that says all they were made from.

A key is never given to other columns, so nothing here is ever stale; what is no longer asked for goes when room is
needed. Several processes may use a folder at once: a file appears whole or not at all, and a writer that was killed
leaves only a part that nobody reads and a later one removes.
"""

import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "1"  # another one when the same input gives other columns, so that nothing older is taken
LARGEST_BYTES = 2_000_000_000
LEFT_BEHIND_S = 3600.0  # a part that nobody has written to for so long belongs to a writer that is gone

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Cache:
    """A folder of kept columns; it is made when something is first kept."""

    folder: Path

    def find(self, key: str) -> Columns | None:
        """The columns kept under that key, None if there are none that can be read."""
        path = self.folder / f"{key}.npz"
        try:
            # Opened here, for numpy leaves a file open that it cannot read.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                columns = {name: kept[name] for name in kept.files}
            os.utime(path)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return None
        return columns

    def keep(self, key: str, columns: Columns) -> None:
        """Keep the columns; where there is no room for them, or no folder can be made, nothing is kept."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.write(self.folder / f"{key}.npz", columns)
            make_room(self.folder)

    def write(self, path: Path, columns: Columns) -> None:
        """Write the file beside its place, then put it there in one step. Raises OSError; nothing is left then."""
        handle, part = tempfile.mkstemp(suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **columns)  # type: ignore[arg-type]
            Path(part).replace(path)
        except OSError:
            Path(part).unlink(missing_ok=True)
            raise


def make_room(folder: Path) -> None:
    """Remove parts of writers that are gone, and what was not asked for for longest where more is kept than may be."""
    now = time.time()
    kept = []
    for path in folder.iterdir():
        with suppress(OSError):
            found = path.stat()
            if path.suffix == ".part" and now - found.st_mtime > LEFT_BEHIND_S:
                path.unlink(missing_ok=True)
            elif path.suffix == ".npz":
                kept.append((found.st_mtime, found.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= LARGEST_BYTES:
            break
        path.unlink(missing_ok=True)
        total -= size


def make_key(kind: str, parts: Iterable[str | bytes | NDArray[Any]]) -> str:
    """The name of a file for columns of that kind, made from all these."""
    digest = hashlib.sha256(FORMAT.encode())
    for part in parts:
        content = part.encode() if isinstance(part, str) else bytes(part) if isinstance(part, bytes) else to_bytes(part)
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return f"{kind}-{digest.hexdigest()[:40]}"


def to_bytes(column: NDArray[Any]) -> bytes:
    """The numbers of a column and how it is shaped."""
    return f"{column.dtype.str}{column.shape}".encode() + np.ascontiguousarray(column).tobytes()
