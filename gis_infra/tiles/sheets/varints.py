"""Whole numbers as protocol buffers write them: seven bits a byte, the lowest first. Pure.

Source: Protocol Buffers, Encoding, "Base 128 Varints".
"""

BITS, MORE, LOW = 7, 128, 127


def render_one(number: int) -> bytes:
    """One number from 0 up."""
    out = bytearray()
    while number >= MORE:
        out.append(number & LOW | MORE)
        number >>= BITS
    out.append(number)
    return bytes(out)
