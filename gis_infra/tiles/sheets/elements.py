"""Arrays as PostgreSQL sends them, taken as they are: no object is made of any of their elements. Pure.

Source: PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_send.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.compiled import compiled
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Places

Bytes = NDArray[np.uint8]
# Dimensions, whether there are nulls, kind; then size and lower bound of the one dimension. Numbers begin with the
# highest byte.
HEAD_BYTES, SIZE_PLACE, LENGTH_BYTES = 20, 12, 4
NULL = -1
# Source: Fowler, Noll, Vo, FNV-1a, 64 bits.
HASH_BEGIN, HASH_PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


@dataclass(frozen=True)
class Elements:
    """The elements of an array: where each begins in `data`, int64[n], and its bytes, int64[n], -1 for null."""

    data: Bytes
    starts: Integers
    lengths: Integers


@compiled("int64(uint8[::1], int64, int64)")
def read_number(data: Bytes, place: int, size: int) -> int:
    """A signed number of `size` bytes."""
    number = np.int64(data[place])
    if number >= 128:
        number -= 256
    for at in range(place + 1, place + size):
        number = number << 8 | data[at]
    return int(number)


@compiled("UniTuple(int64[::1], 2)(uint8[::1], int64)")
def find_elements(data: Bytes, count: int) -> tuple[Integers, Integers]:
    """Where each of so many elements begins, and its length."""
    starts, lengths = np.empty(count, np.int64), np.empty(count, np.int64)
    place = HEAD_BYTES
    for row in range(count):
        lengths[row] = read_number(data, place, LENGTH_BYTES)
        starts[row] = place + LENGTH_BYTES
        place = starts[row] + max(lengths[row], 0)
    return starts, lengths


@compiled("int64[::1](uint8[::1], int64[::1], int64[::1])")
def read_numbers(data: Bytes, starts: Integers, lengths: Integers) -> Integers:
    """The elements as whole numbers; none of them is null."""
    numbers = np.empty(len(starts), np.int64)
    for row in range(len(starts)):
        numbers[row] = read_number(data, starts[row], lengths[row])
    return numbers


@compiled("boolean(uint8[::1], int64, int64, int64)")
def are_same(data: Bytes, one: int, other: int, length: int) -> bool:
    """Whether two runs of bytes are the same."""
    return bool((data[one : one + length] == data[other : other + length]).all())


@compiled("Tuple((int32[::1], int64[::1]))(uint8[::1], int64[::1], int64[::1])")
def code_elements(data: Bytes, starts: Integers, lengths: Integers) -> tuple[Places, Integers]:
    """Which of the different elements each one is, int32[n], -1 for null; and a row that has it, int64[k]."""
    room = 2
    while room < 2 * len(starts):
        room *= 2
    codes, firsts, slots = np.empty(len(starts), np.int32), np.empty(len(starts), np.int64), np.full(room, -1, np.int32)
    count = 0
    for row in range(len(starts)):
        codes[row] = NULL
        if lengths[row] == NULL:
            continue
        found = HASH_BEGIN
        for at in range(starts[row], starts[row] + lengths[row]):
            found = (found ^ np.uint64(data[at])) * HASH_PRIME
        slot = np.int64(found % np.uint64(room))
        while slots[slot] >= 0:
            first = firsts[slots[slot]]
            if lengths[first] == lengths[row] and are_same(data, starts[first], starts[row], lengths[row]):
                break
            slot = (slot + 1) % room
        if slots[slot] < 0:
            slots[slot], firsts[count] = count, row
            count += 1
        codes[row] = slots[slot]
    return codes, firsts[:count]


def parse_elements(array: bytes) -> Elements:
    """The elements of an array of one dimension, or of none."""
    data = np.frombuffer(bytearray(array), np.uint8)
    count = read_number(data, SIZE_PLACE, LENGTH_BYTES) if len(data) > SIZE_PLACE else 0
    return Elements(data, *find_elements(data, count))
