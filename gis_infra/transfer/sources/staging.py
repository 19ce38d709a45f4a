"""What a format needs and makes to be read: the files handed in, and what stands in a temporary folder for them.

The drivers are only ever given paths in a folder made for one reading, with plain names: a name with "!", "?" or ".zip"
in it means something to them, and nothing that lies beside the file, a journal or an index, is found and trusted. Files
that are as they should be stand there as links; only what has to be mended is a copy.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gis_infra.errors import InvalidSource, OurError
from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.sources.description import Box, SourceField

MOST_SMALL_BYTES = 1 << 20  # of a .prj, a .cpg and their like
HEAD_BYTES = 1 << 16
STAGED_NAME = "data"  # without suffix; GDAL calls a layer by it that has no name of its own
# By these a driver for another format would take the file for its own, and read or fetch what the file tells it to.
LURES = (b"<ogr", b"<gdal", b"gdal_streamed_alg")


@dataclass(frozen=True)
class Part:
    """One file handed in: what messages call it, and where it is."""

    name: str
    path: Path

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size


@dataclass(frozen=True)
class Parts:
    """The files of one data set: the one it is named by, and those that belong to it, by suffix."""

    main: Part
    beside: Mapping[str, Part] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What messages call the data set."""
        return self.main.name


@dataclass(frozen=True)
class Layout:
    """Columns, kind of shapes and extent of a layer, where we and not a driver found them out."""

    fields: tuple[SourceField, ...]
    geometry: str
    bounds: Box | None


@dataclass(frozen=True)
class Staged:
    """A data set, ready for the drivers.

    path: what they open. parts: the files that carry its data, in a fixed order. remarks: what was mended or noticed.
    declared, has_text: as in Source. count, bounds, wkt, layout: None to believe the driver.
    """

    path: Path
    parts: tuple[Path, ...]
    remarks: tuple[str, ...] = ()
    declared: Declared | None = None
    has_text: bool = True
    count: int | None = None
    bounds: Box | None = None
    wkt: str | None = None
    layout: Layout | None = None


def link(part: Part, target: Path) -> Path:
    """A link at `target` to a file handed in."""
    target.symlink_to(part.path.resolve())
    return target


def copy(part: Part, target: Path) -> Path:
    """A copy at `target` of a file handed in. Raises OurError if there is no room for it."""
    require_room(target.parent, part.size)
    shutil.copyfile(part.path, target)
    return target


def require_room(folder: Path, size: int) -> None:
    """Return if `size` bytes fit on the disk of a folder. Raises OurError."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise OurError(f"{size:,} bytes are needed in {folder} to read the file, and {free:,} are free")


def read_head(part: Part, size: int = HEAD_BYTES) -> bytes:
    """The first bytes of a file."""
    with part.path.open("rb") as file:
        return file.read(size)


def read_small(part: Part) -> bytes:
    """All of a file that is small by its nature. Raises InvalidSource if it is not."""
    if part.size > MOST_SMALL_BYTES:
        message = f"{part.name} has {part.size:,} bytes, and such a file has some hundred; it is not what its name says"
        raise InvalidSource(message, where=part.name)
    return part.path.read_bytes()


def require_no_lure(part: Part, head: bytes) -> None:
    """Return if the first bytes of a text file would not hand it to a driver that follows what is written in it.

    GDAL asks all its drivers for a file. A drawing whose comment holds "<OGRVRTDataSource>" is taken for a list of
    other files to read, whatever its name. Raises InvalidSource.
    """
    lure = next((each for each in LURES if each in head.lower()), None)
    if lure is not None:
        message = (
            f"{part.name} has {lure.decode()!r} at its beginning, which makes programs read other files; take it out"
        )
        raise InvalidSource(message, where=part.name)


def get_beside(parts: Parts, suffix: str, holds: str, advice: str) -> Part:
    """A part that has something in it. Raises InvalidSource, which says what it would hold and what to do."""
    part = parts.beside.get(suffix)
    if part is None:
        message = f"{parts.name} has no {suffix} beside it, which holds the {holds}; {advice}"
        raise InvalidSource(message, where=parts.name)
    if part.size == 0:
        raise InvalidSource(f"{part.name}, which holds the {holds}, is empty (0 bytes); {advice}", where=part.name)
    return part
