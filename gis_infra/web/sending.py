"""Long answers sent as they are made, a few at a time: who asks for one and takes nothing keeps a thread meanwhile."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack

from gis_infra.errors import BusyError
from gis_infra.web.places import place

Pieces = Generator[bytes, None, None]

SHORT_BYTES = 1024 * 1024  # up to this an answer is made before it is sent, and then needs no thread
MOST_BYTES = 64 * 1024 * 1024  # of a longer one that is made whole, because as many as may be are being sent


def settle(pieces: Iterator[bytes]) -> bytes | Pieces:
    """The body of a response: whole where it is short or no place is free, else in pieces as they are made.

    Raises what making its first megabyte raises; BusyError for one that is too long to be made whole.
    """
    with ExitStack() as opened:
        if isinstance(pieces, Generator):
            opened.callback(pieces.close)
        start = take(pieces, SHORT_BYTES)
        if len(start) <= SHORT_BYTES:
            return bytes(start)
        if not find_place(opened):
            return hold(pieces, start)
        return begin(bytes(start), pieces, opened.pop_all())


def take(pieces: Iterator[bytes], most: int) -> bytearray:
    """Pieces up to the one with which they are more than `most` bytes, or all of them."""
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            break
    return body


def find_place(opened: ExitStack) -> bool:
    """Whether one more answer may be sent as it is made; its place is held until `opened` is closed."""
    try:
        opened.enter_context(place("page", "sent"))
    except BusyError:
        return False
    return True


def hold(pieces: Iterator[bytes], start: bytes | bytearray = b"") -> bytes:
    """All pieces together. Raises BusyError if they are more than memory should hold."""
    body = start + take(pieces, MOST_BYTES - len(start))
    if len(body) > MOST_BYTES:
        raise BusyError("long pages are being sent already; ask for fewer features, or again when one is done")
    return bytes(body)


def begin(first: bytes, others: Iterator[bytes], opened: ExitStack) -> Pieces:
    """Pieces as they come; what is open is closed after the last, and when nobody asks for another."""
    body = send(first, others, opened)
    next(body)
    return body


def send(first: bytes, others: Iterator[bytes], opened: ExitStack) -> Pieces:
    """The same, beginning with nothing: once that is taken, closing it closes what is open."""
    with opened:
        yield b""
        yield first
        yield from others
