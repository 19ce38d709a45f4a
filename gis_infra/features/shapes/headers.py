"""What WKB says of itself in its first bytes, read of a whole column at once.

Both dialects are known: ISO adds 1000 to a type for heights and 2000 for measures, PostGIS's sets flags.
Source: ISO 13249-3 (SQL/MM part 3), table of WKB types; PostGIS, doc/ZMSgeoms.txt.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LINEAR = (1, 2, 3, 4, 5, 6)  # points, lines, areas, and several of each
COLLECTION = 7
CURVED = (8, 9, 10, 11, 12)  # circular, compound, of areas, and several of those
SOLIDS = {15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}  # of GDAL's multipatches; nothing of a city plan
HEAD = 5  # bytes: the order of bytes, the type
HAS_Z, HAS_M, HAS_SRID = 0x80000000, 0x40000000, 0x20000000

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """The bytes of a column of WKB: row n is bytes[ends[n]:ends[n + 1]], nothing of it where it is null."""

    bytes: Bytes
    ends: Integers

    @property
    def starts(self) -> Integers:
        """Where each row begins."""
        return self.ends[:-1]

    @property
    def sizes(self) -> Integers:
        """How many bytes each row has."""
        return np.diff(self.ends)


def open_column(wkb: pa.Array) -> Column:
    """The bytes of a column, not copied."""
    wkb = wkb.cast(pa.binary())
    _, ends, content = wkb.buffers()
    if not len(wkb) or content is None:
        return Column(np.zeros(0, np.uint8), np.zeros(len(wkb) + 1, np.int64))
    offsets = np.frombuffer(ends, np.int32)[wkb.offset : wkb.offset + len(wkb) + 1]
    return Column(np.frombuffer(content, np.uint8), offsets.astype(np.int64))


def gather(column: Column, at: Integers, size: int) -> Bytes:
    """`size` bytes from each place on, a row each; what is beyond the end is the last byte over and over."""
    last = max(len(column.bytes) - 1, 0)
    chosen: Bytes = column.bytes[np.minimum(at[:, None] + np.arange(size), last)]
    return chosen


def read_numbers(content: Bytes) -> npt.NDArray[np.uint32]:
    """Rows of four bytes as numbers, least byte first."""
    return np.ascontiguousarray(content).view("<u4")[:, 0]


def read_codes(wkb: pa.Array) -> Integers:
    """The type of each shape as written, with what it says of heights and measures; 0 where there is none."""
    column = open_column(wkb)
    codes = np.zeros(len(wkb), np.int64)
    there = column.sizes >= HEAD
    if there.any():
        head = gather(column, column.starts[there], HEAD)
        little, big = read_numbers(head[:, 1:]), read_numbers(head[:, :0:-1])
        codes[there] = np.where(head[:, 0] == 1, little, big)
    return codes


def to_kinds(codes: Integers) -> Integers:
    """Types without heights and measures: 1 for a point up to 17; 0 for what is none."""
    plain = codes & ~(HAS_Z | HAS_M | HAS_SRID)
    return np.where(plain < 4000, plain % 1000, 0)


def have_measures(codes: Integers) -> npt.NDArray[np.bool_]:
    """Whether vertices of these types have an M."""
    measured: npt.NDArray[np.bool_] = (codes & HAS_M != 0) | np.isin(
        (codes & ~(HAS_Z | HAS_M | HAS_SRID)) // 1000, (2, 3)
    )
    return measured
