"""What tests of tiles need: a small reader, so that they see what a map sees, and rest at the end.

Source: Mapbox Vector Tile Specification 2.1.
"""

import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Flask

from gis_infra.web.ogcapi.tiles import SHELF


def decode(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """The features of a tile by layer: id, kind, properties, points and parts in tile units, x east and y south."""
    return dict(decode_layer(value) for number, value in read_fields(data) if number == 3)


def decode_layer(data: bytes) -> tuple[str, list[dict[str, Any]]]:
    """A layer's name and features."""
    fields = list(read_fields(data))
    keys = [value.decode() for number, value in fields if number == 3]
    values = [decode_value(value) for number, value in fields if number == 4]
    features = [decode_feature(value, keys, values) for number, value in fields if number == 2]
    return next(value.decode() for number, value in fields if number == 1), features


def decode_feature(data: bytes, keys: list[str], values: list[Any]) -> dict[str, Any]:
    """One feature."""
    fields = dict(read_fields(data))
    tags = list(read_varints(fields.get(2, b"")))
    parts = list(read_parts(list(read_varints(fields.get(4, b"")))))
    return {
        "id": fields.get(1),
        "kind": fields.get(3),
        "properties": {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)},
        "points": [point for part in parts for point in part],
        "parts": parts,
    }


def decode_value(data: bytes) -> Any:
    """One property's value; text, number or boolean."""
    number, value = next(read_fields(data))
    if number == 1:
        return value.decode()
    if number == 3:
        return struct.unpack("<d", value)[0]
    return bool(value) if number == 7 else undo_zigzag(value) if number == 6 else value


def read_parts(commands: list[int]) -> Iterator[list[tuple[int, int]]]:
    """The points, lines or rings of a geometry's commands, in order; each point of several is a part of its own."""
    x = y = place = 0
    part: list[tuple[int, int]] = []
    while place < len(commands):
        kind, count = commands[place] & 7, commands[place] >> 3
        place += 1
        for _ in range(count if kind != 7 else 0):
            x, y = x + undo_zigzag(commands[place]), y + undo_zigzag(commands[place + 1])
            place += 2
            if kind == 1 and part:
                yield part
                part = []
            part.append((x, y))
    if part:
        yield part


def undo_zigzag(number: int) -> int:
    """A signed number from its unsigned form."""
    return (number >> 1) ^ -(number & 1)


def read_fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protocol buffer: number, and a whole number or bytes."""
    place = 0
    while place < len(data):
        tag, place = read_varint(data, place)
        kind = tag & 7
        if kind == 0:
            value, place = read_varint(data, place)
            yield tag >> 3, value
        else:
            size, place = read_varint(data, place) if kind == 2 else ({1: 8, 5: 4}[kind], place)
            yield tag >> 3, data[place : place + size]
            place += size


def read_varints(data: bytes) -> Iterator[int]:
    """The packed whole numbers of a field."""
    place = 0
    while place < len(data):
        value, place = read_varint(data, place)
        yield value


def read_varint(data: bytes, place: int) -> tuple[int, int]:
    """A whole number of variable length at `place`, and the place after it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if not byte & 128:
            return value, place


def send_array(values: Sequence[Any], send: Callable[[Any], bytes] = str.encode) -> bytes:
    """The values as PostgreSQL sends them in an array, whose elements `send` writes.

    Source: PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_send.
    """
    if not values:
        return struct.pack(">iii", 0, 0, 25)
    sent = [None if each is None else send(each) for each in values]
    parts = [b"\xff" * 4 if each is None else struct.pack(">i", len(each)) + each for each in sent]
    return struct.pack(">iiiii", 1, int(None in sent), 25, len(sent), 1) + b"".join(parts)


def quieten(app: Flask) -> None:
    """Forget what an application would read ahead, and wait for what it reads now, which needs the database."""
    ahead, done = app.extensions[SHELF].ahead, threading.Event()
    ahead._wanted.clear()
    ahead._useful.clear()
    assert ahead.add(done.set) and done.wait(60)
