"""Encodings that give each letter one byte, by a table. Their capitals may lie among the control characters."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# What Windows fonts show between 0x80 and 0x9F, where an encoding made for them has no letter.
PUNCTUATION: Mapping[int, str] = {
    0x85: "…",
    0x91: "‘",
    0x92: "’",
    0x93: "“",
    0x94: "”",
    0x95: "•",
    0x96: "–",
    0x97: "—",
}
NO_BREAK_SPACE = 0xA0


@dataclass(frozen=True)
class Table:
    """One byte a letter. letters: byte -> letter; bytes: the other way; unknown: finds bytes that stand for nothing."""

    name: str
    letters: Mapping[int, str]
    bytes: Mapping[str, int]
    unknown: re.Pattern[str]


def parse_table(name: str, text: str, more: Mapping[int, str] | None = None) -> Table:
    """A table of entries such as "A9â", a byte in hexadecimal and its letter. more: bytes that are no letters."""
    letters = {int(entry[:2], 16): entry[2:] for entry in text.split()} | dict(more or {})
    missing = (chr(byte) for byte in range(0x80, 0x100) if byte not in {*letters, NO_BREAK_SPACE})
    pattern = "".join(map(re.escape, missing))
    unknown = re.compile(f"[{pattern}]" if pattern else r"(?!)")
    return Table(name, letters, {letter: byte for byte, letter in letters.items()}, unknown)


def decode(table: Table, surface: str) -> str:
    """The text of a surface, NFC. Raises ValueError for a byte the table does not have."""
    if found := table.unknown.search(surface):
        raise ValueError(f"byte {ord(found[0]):#x} is not in {table.name}")
    return unicodedata.normalize("NFC", surface.translate(table.letters))


def encode(table: Table, text: str) -> bytes:
    """The bytes of `text`. Raises ValueError for a character outside the table."""
    return bytes(encode_letter(table, letter) for letter in unicodedata.normalize("NFC", text))


def encode_letter(table: Table, letter: str) -> int:
    """The one byte of a letter. Raises ValueError if there is none."""
    if letter in table.bytes:
        return table.bytes[letter]
    if ord(letter) < 0x80 and ord(letter) not in table.letters:
        return ord(letter)
    raise ValueError(f"{letter!r} cannot be written in {table.name}")
