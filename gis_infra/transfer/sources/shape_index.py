"""Where each shape of a .shp lies: read from its .shx, checked against the .shp, or found again by going through it.

A .shp is a row of records, each with its number and length; the .shx repeats where they begin. Programs believe the
.shx, so a wrong one gives wrong shapes to rows, and a size claimed in a record takes memory before it is found wrong.
Everything is checked here first, in pieces, so of any size. Source: ESRI Shapefile Technical Description, July 1998.
"""

import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from gis_infra.transfer.sources.description import Box

FILE_CODE = b"\x00\x00\x27\x0a"
HEADER_BYTES = 100
LENGTH_AT = slice(24, 28)  # of the header: the length of the file in words, big-endian
WORD_BYTES = 2
ENTRY_BYTES = 8
RECORD_HEADER_BYTES = 8
SEEN_BYTES = 52  # of a record: its header, kind, box, numbers of parts and points
BLOCK_ENTRIES = 1 << 14
BLOCK_BYTES = 1 << 23
NO_DATA = 1e38  # beyond it a coordinate stands for "none"

# Kind of shape -> bytes of its content by themselves, per part, per point. M values may be left out, so do not count.
CONTENT_BYTES = {
    0: (4, 0, 0),
    1: (20, 0, 0), 11: (28, 0, 0), 21: (20, 0, 0),
    3: (44, 4, 16), 13: (60, 4, 24), 23: (44, 4, 16),
    5: (44, 4, 16), 15: (60, 4, 24), 25: (44, 4, 16),
    8: (40, 0, 16), 18: (56, 0, 24), 28: (40, 0, 16),
    31: (60, 8, 24),
}  # fmt: skip
POINTS = (1, 11, 21)
MULTIPOINTS = (8, 18, 28)
MULTIPATCH = 31

Numbers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ShapeIndex:
    """Where shapes begin and how long their content is, in bytes; 0 and 0 for a row without a shape."""

    offsets: Numbers
    lengths: Numbers

    def __len__(self) -> int:
        return len(self.offsets)


@dataclass(frozen=True)
class Survey:
    """What was seen of the shapes of an index.

    misplaced: those the index has wrong. damaged: those whose content cannot be as it says. kinds: shape type of each,
    0 where there is none. bounds: of all that are sound, None if there are none.
    """

    misplaced: Marks
    damaged: Marks
    kinds: Numbers
    bounds: Box | None


def read_index(shx: Path, shp: Path) -> ShapeIndex | None:
    """What a .shx says, None if it is not one, not whole, or too large for its .shp."""
    size = shx.stat().st_size
    with shx.open("rb") as file:
        header = file.read(HEADER_BYTES)
        claimed = int.from_bytes(header[LENGTH_AT], "big") * WORD_BYTES
        count, rest = divmod(size - HEADER_BYTES, ENTRY_BYTES)
        if (
            not header.startswith(FILE_CODE)
            or claimed != size
            or rest
            or count > shp.stat().st_size // RECORD_HEADER_BYTES
        ):
            return None
        entries = np.frombuffer(file.read(), ">i4").astype(np.int64) * WORD_BYTES
    return ShapeIndex(entries[0::2], entries[1::2])


def walk(shp: Path, end: int) -> tuple[ShapeIndex, Numbers, int | None]:
    """The index as the records of a .shp have it, their numbers, and the byte where they cease to make sense, or None.

    end: bytes of the file that hold records.
    """
    # Arrays, because the smallest records have 12 bytes, and a list of triples takes ten times as much for each.
    starts, lengths, numbers = array("q"), array("q"), array("q")
    at = HEADER_BYTES
    with shp.open("rb", buffering=1 << 20) as file:
        file.seek(at)
        while at < end:
            head = file.read(RECORD_HEADER_BYTES)
            number, words = struct.unpack(">ii", head) if len(head) == RECORD_HEADER_BYTES else (0, -1)
            after = at + RECORD_HEADER_BYTES + words * WORD_BYTES
            if words < 2 or after > end:
                break
            starts.append(at)
            lengths.append(words * WORD_BYTES)
            numbers.append(number)
            at = after
            file.seek(words * WORD_BYTES, 1)
    index = ShapeIndex(np.array(starts, np.int64), np.array(lengths, np.int64))
    return index, np.array(numbers, np.int64), at if at < end else None


def survey(shp: Path, index: ShapeIndex) -> Survey:
    """What the shapes of an index are, by the .shp itself."""
    count = len(index)
    misplaced, damaged = np.zeros(count, bool), np.zeros(count, bool)
    kinds = np.zeros(count, np.int64)
    boxes: list[Box] = []
    size = shp.stat().st_size
    there = (index.offsets != 0) | (index.lengths != 0)
    reachable = (index.offsets >= HEADER_BYTES) & (index.lengths >= 4)
    reachable &= index.offsets + RECORD_HEADER_BYTES + index.lengths <= size
    misplaced[there & ~reachable] = True
    usable = np.flatnonzero(there & reachable)
    usable = usable[np.argsort(index.offsets[usable], kind="stable")]
    with shp.open("rb") as file:
        for block in split(usable, index.offsets):
            records = read_records(file, index.offsets[block])
            misplaced[block] = to_integers(records, 4, ">i4") * WORD_BYTES != index.lengths[block]
            kinds[block] = to_integers(records, 8, "<i4")
            damaged[block] = is_too_large(records, index.lengths[block])
            boxes += find_box(records[~(misplaced[block] | damaged[block])])
    return Survey(misplaced, damaged, kinds, join(boxes))


def split(chosen: Numbers, offsets: Numbers) -> list[Numbers]:
    """Indices of records in order of place, in blocks that lie together and are not too many."""
    blocks = []
    start = 0
    while start < len(chosen):
        part = chosen[start : start + BLOCK_ENTRIES]
        within = int(np.searchsorted(offsets[part], offsets[part[0]] + BLOCK_BYTES))
        blocks.append(part[: max(within, 1)])
        start += max(within, 1)
    return blocks


def read_records(file: BinaryIO, offsets: Numbers) -> npt.NDArray[np.uint8]:
    """The first SEEN_BYTES of each record, as rows; what is beyond the end of the file is 0."""
    first = int(offsets[0])
    file.seek(first)
    content = file.read(int(offsets[-1]) - first + SEEN_BYTES)
    data = np.zeros(int(offsets[-1]) - first + SEEN_BYTES, np.uint8)
    data[: len(content)] = np.frombuffer(content, np.uint8)
    rows: npt.NDArray[np.uint8] = data[(offsets - first)[:, None] + np.arange(SEEN_BYTES)]
    return rows


def to_integers(records: npt.NDArray[np.uint8], at: int, kind: str) -> Numbers:
    """The number at a place of each record."""
    width = np.dtype(kind).itemsize
    return np.ascontiguousarray(records[:, at : at + width]).view(kind).ravel().astype(np.int64)


def is_too_large(records: npt.NDArray[np.uint8], lengths: Numbers) -> Marks:
    """Which records claim more parts and points than their content holds, or are of no kind there is."""
    kinds = to_integers(records, 8, "<i4")
    first, second = to_integers(records, 44, "<u4"), to_integers(records, 48, "<u4")
    needed = np.full(len(kinds), np.iinfo(np.int64).max)
    for kind, (own, per_part, per_point) in CONTENT_BYTES.items():
        parts, points = (0, first) if kind in MULTIPOINTS else (first, second)
        needed = np.where(kinds == kind, own + per_part * parts + per_point * points, needed)
    return np.asarray(needed > lengths)


def find_box(records: npt.NDArray[np.uint8]) -> list[Box]:
    """The box around the shapes of a block, none if no shape has finite coordinates."""
    kinds = to_integers(records, 8, "<i4")
    numbers = np.ascontiguousarray(records[:, 12:44]).view("<f8").reshape(-1, 4)
    corners = np.where(np.isin(kinds, POINTS)[:, None], numbers[:, [0, 1, 0, 1]], numbers)
    corners = corners[(kinds != 0) & (np.abs(corners) < NO_DATA).all(axis=1)]
    if not len(corners):
        return []
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    return [(float(low[0]), float(low[1]), float(high[0]), float(high[1]))]


def join(boxes: list[Box]) -> Box | None:
    """The box around all boxes, None of none."""
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return (min(west), min(south), max(east), max(north))


def write_index(shx: Path, shp: Path, index: ShapeIndex) -> None:
    """Write a .shx of an index, with the header of its .shp."""
    with shp.open("rb") as file:
        header = bytearray(file.read(HEADER_BYTES))
    header[LENGTH_AT] = ((HEADER_BYTES + ENTRY_BYTES * len(index)) // WORD_BYTES).to_bytes(4, "big")
    entries = np.stack([index.offsets, index.lengths], axis=1) // WORD_BYTES
    shx.write_bytes(bytes(header) + entries.astype(">i4").tobytes())
