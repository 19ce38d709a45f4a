"""What a shapefile says of its own text: the .cpg, and the header of the .dbf. Often wrong, so heard last."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gis_infra.transfer.text.encodings import find_name

CHUNK_BYTES = 1 << 24
DBF_VERSIONS = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB})


@dataclass(frozen=True)
class Declared:
    """What a file says of its own encoding.

    name: the encoding, None when it says nothing; by: "the .cpg", "the .dbf's language driver 0x57".
    is_firm: False for the values every program writes without thinking (0x03, 0x57).
    """

    name: str | None
    by: str
    is_firm: bool


@dataclass(frozen=True)
class DbfHeader:
    """The parts of a .dbf's first 32 bytes that are of use: rows, where they begin, their length, and byte 29."""

    rows: int
    data_offset: int
    row_bytes: int
    language_driver: int


def find_dbf_header(path: Path) -> DbfHeader | None:
    """The header of a .dbf, None if the file is too short to have one or its first bytes cannot be one."""
    with path.open("rb") as file:
        start = file.read(32)
    if len(start) < 32:
        return None
    rows, data_offset, row_bytes = struct.unpack("<IHH", start[4:12])
    is_likely = start[0] in DBF_VERSIONS and data_offset > 32 and row_bytes > 0
    return DbfHeader(rows, data_offset, row_bytes, start[29]) if is_likely else None


def has_high_bytes(path: Path, offset: int) -> bool:
    """Whether a file has a byte beyond ASCII at or after `offset`; read in pieces, so of any size."""
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(CHUNK_BYTES):
            if int(np.frombuffer(chunk, np.uint8).max()) >= 0x80:
                return True
    return False


def parse_declared(cpg: str | None, language_driver: int | None) -> Declared:
    """What the .cpg and the .dbf's language driver (byte 29) say, the .cpg first."""
    if cpg:
        return Declared(find_name(cpg), f"the .cpg ({cpg[:40]})", is_firm=True)
    if not language_driver:
        return Declared(None, "the file", is_firm=False)
    by = f"the .dbf's language driver {language_driver:#04x}"
    return Declared(LANGUAGE_DRIVERS.get(language_driver), by, is_firm=language_driver not in THOUGHTLESS_DRIVERS)


# Byte 29 of a .dbf -> code page. Source: the table of ESRI and of GDAL's shapefile driver.
LANGUAGE_DRIVERS: Mapping[int, str] = {
    0x01: "CP437",
    0x02: "CP850",
    0x03: "CP1252",
    0x13: "CP932",
    0x26: "CP866",
    0x4D: "GBK",
    0x4E: "CP949",
    0x4F: "CP950",
    0x50: "CP874",
    0x57: "CP1252",
    0x64: "CP852",
    0x65: "CP866",
    0x78: "CP950",
    0x79: "CP949",
    0x7A: "GBK",
    0x7B: "CP932",
    0x7C: "CP874",
    0x7D: "CP1255",
    0x7E: "CP1256",
    0xC8: "CP1250",
    0xC9: "CP1251",
    0xCA: "CP1254",
    0xCB: "CP1253",
    0xCC: "CP1257",
}
# What programs write whatever the text is.
THOUGHTLESS_DRIVERS = frozenset({0x03, 0x57})
