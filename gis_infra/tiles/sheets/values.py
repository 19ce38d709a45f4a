"""Values of attributes as a tile holds them. Pure. Source: Mapbox Vector Tile Specification 2.1, clause 4.1."""

import struct
from collections.abc import Callable

import numpy as np

from gis_infra.compiled import compiled
from gis_infra.tiles.sheets.elements import Bytes, Elements, code_elements
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Attribute, Places
from gis_infra.tiles.sheets.varints import render_one

# The first byte of a field: its number, and whether a number, a length or eight bytes follow.
VALUE, TEXT, DOUBLE, UNSIGNED, SIGNED, BOOLEAN = b"\x22", b"\x0a", b"\x19", b"\x28", b"\x30", b"\x38"
VALUE_BYTE, TEXT_BYTE = VALUE[0], TEXT[0]
MOST_HEAD_BYTES = 12  # of a text: two fields, each with a length of five bytes at most
BITS, MORE, LOW = 7, 128, 127

Writer = Callable[[bytes], bytes]


@compiled("int64(uint8[::1], int64, int64)")
def put_length(out: Bytes, place: int, length: int) -> int:
    """Write a length into `out` at `place`; the place after it."""
    while length >= MORE:
        out[place] = length & LOW | MORE
        length >>= BITS
        place += 1
    out[place] = length
    return place + 1


@compiled("Tuple((int32[::1], uint8[::1]))(uint8[::1], int64[::1], int64[::1])")
def write_texts(data: Bytes, starts: Integers, lengths: Integers) -> tuple[Places, Bytes]:
    """Texts with their fields of a layer behind one another, and where each begins, int32[k + 1]."""
    out = np.empty(lengths.sum() + MOST_HEAD_BYTES * len(starts), np.uint8)
    places = np.zeros(len(starts) + 1, np.int32)
    place = 0
    for text in range(len(starts)):
        length, of_length = lengths[text], 1
        while length >> BITS * of_length:
            of_length += 1
        out[place] = VALUE_BYTE
        place = put_length(out, place + 1, 1 + of_length + length)
        out[place] = TEXT_BYTE
        place = put_length(out, place + 1, length)
        out[place : place + length] = data[starts[text] : starts[text] + length]
        place += length
        places[text + 1] = place
    return places, out[:place]


def to_attribute(column: Elements, write: Writer | None) -> Attribute:
    """A column with some values missing. write: a value of a tile from one of the database; None for text."""
    codes, firsts = code_elements(column.data, column.starts, column.lengths)
    starts, lengths = column.starts[firsts], column.lengths[firsts]
    if write is None:
        return Attribute(codes, *write_texts(column.data, starts, lengths))
    sent = (column.data[start : start + length].tobytes() for start, length in zip(starts, lengths, strict=True))
    written = [add_field(write(each)) for each in sent]
    places = np.zeros(len(written) + 1, np.int32)
    np.cumsum([len(each) for each in written], out=places[1:])
    return Attribute(codes, places, np.frombuffer(bytearray().join(written), np.uint8))


def add_field(content: bytes) -> bytes:
    """A value with its field of a layer."""
    return VALUE + render_one(len(content)) + content


def write_integer(sent: bytes) -> bytes:
    """A whole number as a tile holds it. sent: as the database sends it, and so below."""
    number = int.from_bytes(sent, signed=True)
    return UNSIGNED + render_one(number) if number >= 0 else SIGNED + render_one(-2 * number - 1)


def write_double(sent: bytes) -> bytes:
    """A number of eight bytes."""
    return DOUBLE + struct.pack("<d", *struct.unpack(">d", sent))


def write_truth(sent: bytes) -> bytes:
    """Whether something is so."""
    return BOOLEAN + sent
