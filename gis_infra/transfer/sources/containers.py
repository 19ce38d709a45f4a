"""GeoPackages and FlatGeobufs made ready: what their headers claim is held against the size of the file first."""

import sqlite3
import struct
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine, func, select, table
from sqlalchemy.exc import DBAPIError

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.staging import Part, Parts, Staged, copy, link, read_head

SQLITE_BEGINNING = b"SQLite format 3\x00"
SQLITE_HEADER_BYTES = 100
SQLITE_WAL = 2
JOURNALS = (".gpkg-wal", ".gpkg-journal")
LARGEST_PAGE = 65_536
FGB_BEGINNING = b"fgb\x03fgb"
FGB_FIXED_BYTES = 12


def stage_geopackage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The GeoPackage in a folder, under the name "data.gpkg"; `bare_geometry` changes nothing.

    A database with a journal beside it would be written to when it is opened, so it is copied, and the journal with it.
    Raises InvalidSource if it is no GeoPackage or is cut off; OurError without room on disk.
    """
    head = read_head(parts.main, SQLITE_HEADER_BYTES)
    require_whole_database(parts.main, head)
    target = folder / "data.gpkg"
    if SQLITE_WAL not in head[18:20] and not any(journal in parts.beside for journal in JOURNALS):
        return Staged(link(parts.main, target), (parts.main.path,))
    copy(parts.main, target)
    for suffix in JOURNALS:
        if suffix in parts.beside:
            copy(parts.beside[suffix], folder / f"data{suffix}")
    journals = tuple(parts.beside[suffix].path for suffix in JOURNALS if suffix in parts.beside)
    return Staged(target, (parts.main.path, *journals))


def require_whole_database(part: Part, head: bytes) -> None:
    """Return if a file is an SQLite database and holds the pages it says. Raises InvalidSource."""
    if len(head) < SQLITE_HEADER_BYTES or not head.startswith(SQLITE_BEGINNING):
        message = f"{part.name} cannot be read as a GeoPackage: its first bytes are not those of one"
        raise InvalidSource(message, where=part.name)
    size = int.from_bytes(head[16:18], "big")
    page = LARGEST_PAGE if size == 1 else size
    # The number of pages counts only if the change counter of its writer is the file's.
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0
    if part.size < page * pages:
        message = f"{part.name} is cut off: it says {page * pages:,} bytes and holds {part.size:,}; ask for it again"
        raise InvalidSource(message, where=part.name)


def count_rows(path: Path, layer: str) -> int:
    """The rows of a table of a GeoPackage that stands ready. GDAL tells what another program noted, which may be old.

    Raises ValueError if the table cannot be gone through.
    """
    engine = create_engine("sqlite://", creator=partial(sqlite3.connect, f"{path.as_uri()}?mode=ro", uri=True))
    try:
        with engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(table(layer))).scalar_one())
    except DBAPIError as error:
        raise ValueError(f"its table {layer!r} cannot be read: {error.orig}") from error
    finally:
        engine.dispose()


def stage_flatgeobuf(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The FlatGeobuf in a folder, under the name "data.fgb"; `bare_geometry` changes nothing.

    Raises InvalidSource if it is none or its header is longer than the file.
    """
    head = read_head(parts.main, FGB_FIXED_BYTES)
    if len(head) < FGB_FIXED_BYTES or not head.startswith(FGB_BEGINNING):
        message = f"{parts.name} cannot be read as FlatGeobuf: its first bytes are not those of one"
        raise InvalidSource(message, where=parts.name)
    claimed = FGB_FIXED_BYTES + struct.unpack("<I", head[8:12])[0]
    if parts.main.size < claimed:
        message = f"{parts.name} is cut off: its header says {claimed:,} bytes and it holds {parts.main.size:,}"
        raise InvalidSource(f"{message}; ask for it again", where=parts.name)
    return Staged(link(parts.main, folder / "data.fgb"), (parts.main.path,))
