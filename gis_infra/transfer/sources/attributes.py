"""The .dbf of a shapefile: whether it is whole, what its rows hold, and a copy with rows for shapes that have none.

Source: dBASE III Plus file structure; a row begins with a blank, or with "*" when it is deleted.
"""

import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.declarations import DbfHeader, find_dbf_header
from gis_infra.transfer.sources.staging import Part, require_room

DESCRIPTOR_BYTES = 32
DESCRIPTORS_END = 0x0D
DELETED = 0x2A
BLANK = b" "
END_OF_FILE = b"\x1a"
MEMO = "M"
CHUNK_BYTES = 1 << 24
ROWS_AT = 4
ASK_AGAIN = "ask for the whole shapefile, or take its shapes alone with --bare-geometry"


@dataclass(frozen=True)
class DbfContent:
    """What a pass over the rows showed: how many are deleted, and whether any byte is beyond ASCII."""

    deleted: int
    has_text: bool


def read_header(dbf: Part) -> DbfHeader:
    """The header of a .dbf that is whole.

    GDAL opens a shapefile with a spoilt .dbf as if it had no columns, and what they held would be lost without a word.
    Raises InvalidSource, also when it claims more rows than it has bytes for.
    """
    header = find_dbf_header(dbf.path)
    if header is None:
        raise InvalidSource(f"{dbf.name} is not the attributes of a shapefile; {ASK_AGAIN}", where=dbf.name)
    if dbf.size < header.data_offset + header.rows * header.row_bytes:
        claim = f"it says {header.rows:,} rows of {header.row_bytes} bytes and holds less"
        raise InvalidSource(f"{dbf.name} is cut off: {claim}; {ASK_AGAIN}", where=dbf.name)
    width = 1 + sum(width for _, _, width in list_columns(dbf.path, header))
    if width > header.row_bytes:
        claim = f"its columns have {width:,} bytes and its rows {header.row_bytes:,}"
        raise InvalidSource(f"{dbf.name} is damaged: {claim}; {ASK_AGAIN}", where=dbf.name)
    return header


def list_columns(dbf: Path, header: DbfHeader) -> list[tuple[bytes, str, int]]:
    """Name, letter of type, and width of each column."""
    with dbf.open("rb") as file:
        file.seek(DESCRIPTOR_BYTES)
        content = file.read(header.data_offset - DESCRIPTOR_BYTES)
    columns = []
    for at in range(0, len(content) - DESCRIPTOR_BYTES + 1, DESCRIPTOR_BYTES):
        if content[at] == DESCRIPTORS_END:
            break
        name, kind, low, high = struct.unpack("<11sc4xBB14x", content[at : at + DESCRIPTOR_BYTES])
        # The byte after the width is the decimals of a number, and belongs to the width of a long text.
        width = low + (high << 8 if kind == b"C" else 0)
        columns.append((name.split(b"\x00")[0], kind.decode("latin-1"), width))
    return columns


def list_memos(dbf: Path, header: DbfHeader) -> list[str]:
    """The columns whose text is in another file, which no driver here reads."""
    return [name.decode("latin-1") for name, kind, _ in list_columns(dbf, header) if kind == MEMO]


def scan(dbf: Path, header: DbfHeader) -> DbfContent:
    """What the rows hold, read in pieces."""
    deleted, has_text = 0, False
    rows_at_once = max(CHUNK_BYTES // header.row_bytes, 1)
    with dbf.open("rb") as file:
        file.seek(header.data_offset)
        left = header.rows
        while left > 0:
            count = min(left, rows_at_once)
            rows = np.frombuffer(file.read(count * header.row_bytes), np.uint8).reshape(count, header.row_bytes)
            deleted += int(np.count_nonzero(rows[:, 0] == DELETED))
            has_text = has_text or int(rows.max()) >= 0x80
            left -= count
    return DbfContent(deleted, has_text)


def write_padded(dbf: Part, target: Path, header: DbfHeader, rows: int) -> Path:
    """Copy a .dbf to `target` with empty rows at its end, `rows` in all.

    Without them GDAL stops at the last row there is, and says nothing of the shapes after it. Raises OurError if there
    is no room.
    """
    end = header.data_offset + header.rows * header.row_bytes
    require_room(target.parent, end + (rows - header.rows) * header.row_bytes)
    shutil.copyfile(dbf.path, target)
    with target.open("r+b") as file:
        file.truncate(end)
        file.seek(ROWS_AT)
        file.write(rows.to_bytes(4, "little"))
        file.seek(end)
        missing = rows - header.rows
        at_once = max(CHUNK_BYTES // header.row_bytes, 1)
        while missing > 0:
            file.write(BLANK * (min(missing, at_once) * header.row_bytes))
            missing -= at_once
        file.write(END_OF_FILE)
    return target
