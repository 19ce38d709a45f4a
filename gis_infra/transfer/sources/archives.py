"""Zip archives: what is in them, bounded before it is unpacked, and never unpacked under a name of theirs.

Anybody can make an archive that names files outside of itself, unpacks to a thousand times its size, or holds itself.
Members go into the temporary folder by number, so a name in an archive is only ever shown. Names are bytes whose
encoding is often not said: CP437 by the rule, UTF-8 or the code page of the writer's Windows by habit.
Source: APPNOTE.TXT 6.3.10, 4.4.4 (bit 11), 4.3.16 (end of central directory), 4.6.9 (Unicode path).
"""

import lzma
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.members import MOST_MEMBERS, Member, is_hidden
from gis_infra.transfer.sources.staging import require_room
from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.encodings.syllables import is_syllable

SUFFIXES = (".zip", ".kmz", ".shz")
MOST_BYTES = 4 << 30
MOST_RATIO = 300
RATIO_FROM_BYTES = 256 << 20  # below it a high ratio, as of a .dbf full of blanks, does no harm
DEEPEST = 2  # an archive in an archive, and no further
END, END_64_LOCATOR, END_64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
LOCATOR_BYTES, END_64_BYTES = 20, 56
END_BYTES = END_64_BYTES + LOCATOR_BYTES + 22 + 65_535
MOST_DIRECTORY_BYTES = MOST_MEMBERS * 1024
IS_ENCRYPTED, IS_UTF8 = 0x1, 0x800
LINK_MODE, MODE_MASK = 0xA000, 0xF000
UNICODE_PATH = 0x7075
CHUNK_BYTES = 1 << 20


@dataclass
class Budget:
    """What archives handed in together may still unpack, and where to."""

    folder: Path
    members: int = MOST_MEMBERS
    size: int = MOST_BYTES
    fetched: dict[tuple[str, int], Path] = field(default_factory=dict)


def list_archive(name: str, path: Path, budget: Budget, depth: int = 1) -> tuple[Member, ...]:
    """The files of an archive, those of archives in it too; nothing but these is unpacked yet.

    name: what messages call it. Raises InvalidSource if it is damaged, encrypted, too large, or leads out of itself.
    """
    if depth > DEEPEST:
        raise InvalidSource(f"{name} is an archive in an archive in an archive; unpack it first", where=name)
    with opened(name, path) as archive:
        named = [(read_name(info), info) for info in archive.infolist()]
    infos = [(shown, info) for shown, info in named if shown and not shown.endswith("/")]
    for shown, info in infos:
        require_safe(name, shown, info)
    spend(name, path, [info for _, info in infos], budget)
    members: list[Member] = []
    for number, (shown, info) in enumerate(infos):
        if any(is_hidden(part) for part in shown.split("/")):
            continue
        fetch = partial(extract, name, path, info, number, budget)
        if not shown.lower().endswith(SUFFIXES):
            members.append(Member(shown, fetch))
            continue
        inner = list_archive(f"{name}/{shown}", fetch(), budget, depth + 1)
        members += [Member(f"{shown}/{each.name}", each.fetch) for each in inner]
    return tuple(sorted(members, key=lambda member: member.name))


@contextmanager
def opened(name: str, path: Path) -> Iterator[zipfile.ZipFile]:
    """Run a block with an archive, whose list of members is known to be small. Raises InvalidSource."""
    require_small_directory(name, path)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise InvalidSource(f"{name} is not a zip archive, or is damaged: {error}", where=name) from error
    except (NotImplementedError, RuntimeError) as error:
        message = f"{name} is packed in a way not read here ({error}); unpack it and zip it again"
        raise InvalidSource(message, where=name) from error
    except (zlib.error, lzma.LZMAError, EOFError, ValueError, struct.error) as error:
        raise InvalidSource(f"{name} cannot be unpacked, it is damaged: {error}", where=name) from error


def require_small_directory(name: str, path: Path) -> None:
    """Return if the list of members, which is read as a whole, is of bounded size. Raises InvalidSource."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - END_BYTES, 0))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise InvalidSource(f"{name} is not a zip archive, or its end is missing; ask for it again", where=name)
    members, directory = struct.unpack("<10xHI", tail[at : at + 16])
    if tail[:at][-LOCATOR_BYTES:].startswith(END_64_LOCATOR):
        members, directory = read_end_64(name, tail[:at], size - len(tail))
    if members > MOST_MEMBERS or directory > MOST_DIRECTORY_BYTES:
        message = f"{name} holds {members:,} files; {MOST_MEMBERS:,} are read, so unpack it and name the one to read"
        raise InvalidSource(message, where=name)


def read_end_64(name: str, tail: bytes, start: int) -> tuple[int, int]:
    """How many members a large archive has, and the bytes of their list. tail: ends with the locator; start: where.

    The record is only taken where everybody looks for it. Raises InvalidSource if it is told to be elsewhere.
    """
    at = len(tail) - LOCATOR_BYTES - END_64_BYTES
    (told,) = struct.unpack("<8xQ4x", tail[-LOCATOR_BYTES:])
    if at < 0 or told != start + at or not tail[at:].startswith(END_64):
        message = f"the list of what is in {name} is not where its end says; unpack it and zip it again"
        raise InvalidSource(message, where=name)
    members, directory = struct.unpack("<32xQQ8x", tail[at:-LOCATOR_BYTES])
    return members, directory


def require_safe(name: str, shown: str, info: zipfile.ZipInfo) -> None:
    """Return if a member is a plain file inside of its archive that anybody can unpack. Raises InvalidSource."""
    path = PurePosixPath(shown)
    if path.is_absolute() or ".." in path.parts or (len(shown) > 1 and shown[1] == ":"):
        message = f"{name} holds {shown!r}, a name that leads out of the archive; nothing of it is read"
        raise InvalidSource(message, where=name)
    if (info.external_attr >> 16) & MODE_MASK == LINK_MODE:
        raise InvalidSource(f"{name} holds a link, {shown!r}; put the file itself in its place", where=name)
    if info.flag_bits & IS_ENCRYPTED:
        raise InvalidSource(f"{name} is encrypted ({shown!r}); unpack it with its password first", where=name)


def spend(name: str, path: Path, infos: list[zipfile.ZipInfo], budget: Budget) -> None:
    """Take what an archive says it unpacks to from the budget. Raises InvalidSource if that is too much."""
    size = sum(info.file_size for info in infos)
    budget.members -= len(infos)
    budget.size -= size
    if budget.members < 0:
        raise InvalidSource(f"{name} brings the files to more than {MOST_MEMBERS:,}; unpack it first", where=name)
    if budget.size < 0:
        message = f"{name} unpacks to {size:,} bytes; {MOST_BYTES:,} are read in all, so unpack it first"
        raise InvalidSource(message, where=name)
    ratio = size / max(path.stat().st_size, 1)
    if size > RATIO_FROM_BYTES and ratio > MOST_RATIO:
        message = f"{name} unpacks to {size:,} bytes, {ratio:,.0f} times its size; {MOST_RATIO} times is read at most"
        raise InvalidSource(message, where=name)


def extract(name: str, path: Path, info: zipfile.ZipInfo, number: int, budget: Budget) -> Path:
    """Where a member is unpacked; the same place when asked again.

    Raises InvalidSource if it is damaged, OurError if there is no room for it.
    """
    known = budget.fetched.get((name, number))
    if known is not None:
        return known
    target = budget.folder / f"member{len(budget.fetched)}"
    require_room(budget.folder, info.file_size)
    with opened(name, path) as archive, archive.open(info) as source, target.open("wb") as copy:
        while chunk := source.read(CHUNK_BYTES):
            copy.write(chunk)
    budget.fetched[(name, number)] = target
    return target


def read_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its writer meant it, folders parted by "/"."""
    name = info.orig_filename
    if not info.flag_bits & IS_UTF8 and not name.isascii():
        raw = name.encode("cp437")
        name = find_unicode_path(info.extra, raw) or decode(raw)
    name = unicodedata.normalize("NFC", name.split("\x00")[0].replace("\\", "/"))
    return name.removeprefix("./")


def find_unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the field some writers add for it, None if there is none or it is of another name."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack("<HH", extra[at : at + 4])
        if kind == UNICODE_PATH and size > 5 and struct.unpack("<I", extra[at + 5 : at + 9])[0] == zlib.crc32(raw):
            return extra[at + 9 : at + 4 + size].decode("utf-8", errors="replace")
        at += 4 + size
    return None


def decode(raw: bytes) -> str:
    """A name whose encoding is not said: UTF-8 if it is, Vietnamese Windows if that gives syllables, else CP437."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        name = get_encoding("CP1258").decode(raw.decode("latin-1"))
    except ValueError:
        return raw.decode("cp437")
    words = [word for word in "".join(each if each.isalpha() else " " for each in name).split() if not word.isascii()]
    return name if words and all(map(is_syllable, words)) else raw.decode("cp437")
