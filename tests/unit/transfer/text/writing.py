"""Text as the bytes of any encoding, and as the surface those bytes are."""

import pyarrow as pa

from gis_infra.transfer.text.encodings import cp1258, tcvn3, viscii, vni, vps
from gis_infra.transfer.text.evidence import gather
from gis_infra.transfer.text.guessing import decide

ENCODERS = {
    "TCVN3": tcvn3.encode,
    "VNI": vni.encode,
    "CP1258": cp1258.encode,
    "VISCII": viscii.encode,
    "VPS": vps.encode,
    "UTF-8": str.encode,
}
ALL = tuple(ENCODERS)


def write(text, encoding):
    """The surface of `text` in one of our encodings, in Python's, or hidden in UTF-8 as "UTF-8+TCVN3"."""
    if encoding.startswith("UTF-8+"):
        return write(write(text, encoding.removeprefix("UTF-8+")), "UTF-8")
    encode = ENCODERS.get(encoding)
    return (encode(text) if encode is not None else text.encode(encoding)).decode("latin-1")


def can_write(text, encoding):
    """Whether the encoding has all letters of the text."""
    try:
        write(text, encoding)
    except ValueError:
        return False
    return True


def guess(texts, encoding, *declared):
    """What is decided of texts written in an encoding."""
    return decide(gather([pa.array([write(text, encoding) for text in texts])]), *declared)


def read_back(texts, encoding, found):
    """The texts as they come out of the encoding that was found."""
    return [found.encoding.decode(write(text, encoding)) for text in texts]
