"""MapInfo tables, native (.tab) and for exchange (.mif), made ready so that their text comes as bytes.

GDAL recodes text by the character set the table names, which is often not the one it was written in and has no word
for the Vietnamese ones. In the copy of the small head it is named ISO-8859-1, which keeps every byte.
"""

import re
from pathlib import Path

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.sources.staging import (
    HEAD_BYTES,
    Part,
    Parts,
    Staged,
    get_beside,
    link,
    read_head,
    read_small,
    require_no_lure,
    require_room,
)
from gis_infra.transfer.text.encodings import find_name

TAB_DATA = (".dat", ".map", ".id")
TAB_DBF = ".dbf"
TAB_TYPES = (b"NATIVE", b"DBF")
TAB_TYPE = re.compile(rb'^\s*type\s+"?(\w+)', re.IGNORECASE | re.MULTILINE)
CHARSET = re.compile(rb'(charset[ \t]+"?)([\w-]+)', re.IGNORECASE)
KEEPING = b"ISO8859_1"
CHUNK_BYTES = 1 << 20
ASK_AGAIN = "ask for the whole table"

# What MapInfo calls a character set -> our name. "Neutral" says nothing; every program writes WindowsLatin1.
CHARSETS = {
    "neutral": None,
    "windowslatin1": "CP1252",
    "windowslatin2": "CP1250",
    "windowscyrillic": "CP1251",
    "windowsgreek": "CP1253",
    "windowsvietnamese": "CP1258",
    "windowsthai": "CP874",
    "windowssimpchinese": "GBK",
    "utf-8": "UTF-8",
}
THOUGHTLESS = ("neutral", "windowslatin1")


def stage_tab(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """A native table in a folder, under the name "data"; `bare_geometry` changes nothing.

    Raises InvalidSource if it is none, lacks a file, or is a view of other tables.
    """
    head = read_small(parts.main)
    require_no_lure(parts.main, head)
    found = TAB_TYPE.search(head)
    if not head.lstrip().lower().startswith(b"!table") or found is None:
        raise InvalidSource(f"{parts.name} is not a MapInfo table: it does not begin with !table", where=parts.name)
    kind = found[1].upper()
    if kind not in TAB_TYPES:
        message = f"{parts.name} is a table of type {kind.decode()}, which only points to others; save it as a table"
        raise InvalidSource(f"{message} of its own (type NATIVE)", where=parts.name)
    needed = TAB_DATA if kind == b"NATIVE" else (TAB_DBF, *TAB_DATA[1:])
    carrying = [get_beside(parts, suffix, "rows or shapes of the table", ASK_AGAIN) for suffix in needed]
    (folder / "data.tab").write_bytes(CHARSET.sub(rb"\g<1>" + KEEPING, head))
    for suffix, part in zip(needed, carrying, strict=True):
        link(part, folder / f"data{suffix}")
    handed_in = (parts.main.path, *(part.path for part in carrying))
    return Staged(folder / "data.tab", handed_in, declared=read_charset(head))


def recognise(parts: Parts) -> str | None:
    """Why a file with the suffix of a table is none, None if it is."""
    return None if read_head(parts.main, 64).lstrip().lower().startswith(b"!table") else "is not a MapInfo table"


def stage_mif(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """An exchange file in a folder, under the name "data"; `bare_geometry` changes nothing.

    Raises InvalidSource if it is none or lacks its .mid; OurError without room on disk.
    """
    head = read_head(parts.main)
    require_no_lure(parts.main, head)
    if not head.lstrip().lower().startswith(b"version"):
        message = f"{parts.name} is not a MapInfo exchange file: it does not begin with Version"
        raise InvalidSource(message, where=parts.name)
    mid = get_beside(parts, ".mid", "rows of the table", ASK_AGAIN) if has_columns(head) else parts.beside.get(".mid")
    if mid is not None:
        link(mid, folder / "data.mid")
    write_keeping(parts.main, head, folder / "data.mif")
    carrying = (parts.main.path,) if mid is None else (parts.main.path, mid.path)
    return Staged(folder / "data.mif", carrying, declared=read_charset(head))


def has_columns(head: bytes) -> bool:
    """Whether an exchange file has any attributes."""
    found = re.search(rb"^\s*columns\s+(\d+)", head, re.IGNORECASE | re.MULTILINE)
    return found is not None and int(found[1]) > 0


def write_keeping(mif: Part, head: bytes, target: Path) -> None:
    """A link to an exchange file, or a copy that names ISO-8859-1 if it names anything else."""
    found = CHARSET.search(head)
    if found is None or found[2] == KEEPING:
        link(mif, target)
        return
    require_room(target.parent, mif.size)
    with mif.path.open("rb") as source, target.open("wb") as copy:
        copy.write(CHARSET.sub(rb"\g<1>" + KEEPING, source.read(HEAD_BYTES), count=1))
        while chunk := source.read(CHUNK_BYTES):
            copy.write(chunk)


def read_charset(head: bytes) -> Declared:
    """What a table says of its text."""
    found = CHARSET.search(head)
    if found is None:
        return Declared(None, "the file", is_firm=False)
    said = found[2].decode("latin-1")
    name = CHARSETS.get(said.casefold(), find_name(said.replace("Windows", "").replace("CodePage", "cp")))
    return Declared(name, f"the table's character set ({said})", is_firm=said.casefold() not in THOUGHTLESS)
