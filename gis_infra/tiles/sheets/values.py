"""Values of attributes as a tile holds them. Pure. Source: Mapbox Vector Tile Specification 2.1, clause 4.1."""

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from gis_infra.tiles.sheets import varints
from gis_infra.tiles.sheets.sheet import Attribute

# The first byte of a field: its number, and whether a number, a length or eight bytes follow.
VALUE, TEXT, DOUBLE, UNSIGNED, SIGNED, BOOLEAN = b"\x22", b"\x0a", b"\x19", b"\x28", b"\x30", b"\x38"
# What stands before a text of so many bytes, made once: it is the same for nearly all of them.
SHORT_HEADS = tuple(VALUE + bytes((length + 2,)) + TEXT + bytes((length,)) for length in range(126))


def to_attribute(values: Sequence[Any]) -> Attribute:
    """A column of text, numbers or truths, some of them missing."""
    codes, different = pd.factorize(np.array(values, object))
    written = [render_value(each) for each in different]
    starts = np.zeros(len(written) + 1, np.int32)
    np.cumsum([len(each) for each in written], out=starts[1:])
    return Attribute(codes.astype(np.int32), starts, np.frombuffer(b"".join(written), np.uint8))


def render_value(value: object) -> bytes:
    """A value with its field of a layer. Raises TypeError for what is neither text nor number nor truth."""
    if isinstance(value, str):
        text = value.encode()
        return (SHORT_HEADS[len(text)] if len(text) < len(SHORT_HEADS) else render_long_head(len(text))) + text
    content = render_number(value)
    return VALUE + varints.render_one(len(content)) + content


def render_long_head(length: int) -> bytes:
    """What stands before a text of so many bytes."""
    head = TEXT + varints.render_one(length)
    return VALUE + varints.render_one(len(head) + length) + head


def render_number(value: object) -> bytes:
    """A number or truth as a value. Raises TypeError for anything else."""
    if isinstance(value, bool):
        return BOOLEAN + varints.render_one(value)
    if isinstance(value, int):
        return UNSIGNED + varints.render_one(value) if value >= 0 else SIGNED + varints.render_one(-2 * value - 1)
    if isinstance(value, float):
        return DOUBLE + struct.pack("<d", value)
    raise TypeError(f"a tile holds no {type(value).__name__}")
