"""The ways Vietnamese text was written into 8-bit files, by name.

Every encoding here decodes a *surface*: the file's bytes read as ISO-8859-1, one character a byte, which loses nothing
and which GDAL hands over unchanged. What comes out is always NFC. Python's own codecs serve the rest; TCVN3 and VNI
have tables of our own, because no codec exists for the first and the published ones for the second lack letters.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.text.encodings import cp1258, tcvn3, vni


@dataclass(frozen=True)
class Encoding:
    """A name, and how to read a surface written in it.

    decode: surface -> NFC text; raises ValueError for bytes the encoding does not have.
    """

    name: str
    decode: Callable[[str], str]


ALIASES: Mapping[str, str] = {
    "tcvn3": "TCVN3",
    "abc": "TCVN3",
    "tcvn5712": "TCVN3",
    "tcvn57121": "TCVN3",
    "tcvn57121993": "TCVN3",
    "vni": "VNI",
    "vniwindows": "VNI",
    "vniwin": "VNI",
    "cp1258": "CP1258",
    "1258": "CP1258",
    "ansi1258": "CP1258",
    "windows1258": "CP1258",
    "utf8": "UTF-8",
    "65001": "UTF-8",
    "88591": "ISO-8859-1",
}
OWN_DECODERS: Mapping[str, Callable[[str], str]] = {
    "TCVN3": tcvn3.decode,
    "VNI": vni.decode,
    "CP1258": cp1258.decode,
}
VIETNAMESE_8_BIT: tuple[str, ...] = ("TCVN3", "VNI", "CP1258")


def get_encoding(name: str) -> Encoding:
    """The encoding called `name` by people, .cpg files or Python.

    Raises InvalidParameter for a name nobody knows.
    """
    canonical = find_name(name)
    if canonical is None:
        known = ", ".join(("UTF-8", *VIETNAMESE_8_BIT, "CP1252", "ISO-8859-1"))
        raise InvalidParameter(f"encoding {name!r} is not known; among those that are: {known}", where="encoding")
    if canonical in OWN_DECODERS:
        return Encoding(canonical, OWN_DECODERS[canonical])
    return Encoding(canonical, partial(decode_by, canonical))


def find_name(name: str) -> str | None:
    """The name an encoding goes by here, None if it is not known."""
    key = re.sub(r"[^a-z0-9]", "", name.casefold())
    if key in ALIASES:
        return ALIASES[key]
    number = re.fullmatch(r"(?:ansi|oem|windows|cp)?(\d{3,4})", key)
    for candidate in ((f"cp{number[1]}",) if number else ()) + (name.strip(),):
        try:
            found = codecs.lookup(candidate).name
            b"a".decode(found)  # refuses "rot13" and its like, which are no encodings of text
        except (LookupError, ValueError):
            continue
        return found.upper()
    return None


def decode_by(codec: str, surface: str) -> str:
    """The text of a surface written in one of Python's codecs, NFC. Raises ValueError for bytes it does not have."""
    return unicodedata.normalize("NFC", surface.encode("latin-1").decode(codec))
