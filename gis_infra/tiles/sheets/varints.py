"""Whole numbers as protocol buffers write them: seven bits a byte, the lowest first. Pure.

Source: Protocol Buffers, Encoding, "Base 128 Varints" and "Signed Integers".
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.unsignedinteger[Any]]
Sizes = NDArray[np.uint8]
BITS, MORE, LOW = 7, 128, 127
NARROW = 32  # bits


def to_zigzag(signed: NDArray[np.int64]) -> Numbers:
    """Signed numbers as unsigned ones, small ones staying small: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return narrow((signed << 1) ^ (signed >> 63))


def narrow(numbers: NDArray[np.int64]) -> Numbers:
    """Numbers from 0 up in the fewest bytes there are for all of them: short arrays are quick ones."""
    is_narrow = int(numbers.max(initial=0)) < 1 << NARROW
    return numbers.astype(np.uint32 if is_narrow else np.uint64)


def measure(numbers: Numbers) -> Sizes:
    """How many bytes each number takes, uint8 of the same shape."""
    sizes = np.ones(numbers.shape, np.uint8)
    for bits in range(BITS, int(numbers.max(initial=0)).bit_length(), BITS):
        sizes += numbers >= numbers.dtype.type(1 << bits)
    return sizes


def render(numbers: Numbers, sizes: Sizes) -> NDArray[np.uint8]:
    """The bytes of the numbers behind one another. numbers: of any shape. sizes: of each; one of 0 is left out."""
    left, sizes = numbers.ravel(), sizes.ravel()
    most = int(sizes.max(initial=0))
    written, kept = np.empty((len(left), most), np.uint8), np.empty((len(left), most), np.bool_)
    for place in range(most):
        goes_on = sizes > place + 1
        written[:, place] = (left.astype(np.uint8) & LOW) + (goes_on.view(np.uint8) << BITS)
        kept[:, place] = sizes > place
        left = left >> left.dtype.type(BITS)
    # Choosing from arrays of one dimension takes a tenth of the time it takes from those of two.
    return written.ravel().compress(kept.ravel())


def render_one(number: int) -> bytes:
    """One number."""
    out = bytearray()
    while number >= MORE:
        out.append(number & LOW | MORE)
        number >>= BITS
    out.append(number)
    return bytes(out)
