"""The ways Vietnamese text was written into 8-bit files, by name.

Every encoding here decodes a *surface*: the file's bytes read as ISO-8859-1, one character a byte, which loses nothing
and which GDAL hands over unchanged. What comes out is always NFC. Python's own codecs serve the rest; TCVN3, VNI,
VISCII and VPS have tables of our own, because Python has no codec for them and the published ones lack letters.
"UTF-8+X" is text that was read as if it were plain Western letters and written again as UTF-8: what was X is now hidden
in it, and "UTF-8+UTF-8" is UTF-8 twice.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.text.encodings import cp1258, tcvn3, viscii, vni, vps
from gis_infra.transfer.text.encodings.rewritten import to_surface


@dataclass(frozen=True)
class Encoding:
    """A name, and how to read a surface written in it.

    decode: surface -> NFC text; raises ValueError for bytes the encoding does not have. keeps_ascii: whether plain
    ASCII reads as itself, so that such values need no reading. decode_lines: the same as decode for many values at
    once, one a line; None where lines cannot be read together.
    """

    name: str
    decode: Callable[[str], str]
    keeps_ascii: bool = True
    decode_lines: Callable[[str], str] | None = None


ALIASES: Mapping[str, str] = {
    "tcvn3": "TCVN3",
    "abc": "TCVN3",
    "tcvn5712": "TCVN3",
    "tcvn57121": "TCVN3",
    "tcvn57121993": "TCVN3",
    "vni": "VNI",
    "vniwindows": "VNI",
    "vniwin": "VNI",
    "viscii": "VISCII",
    "viscii11": "VISCII",
    "vps": "VPS",
    "xvietvps": "VPS",
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
    "VISCII": viscii.decode,
    "VPS": vps.decode,
}
VIETNAMESE_8_BIT: tuple[str, ...] = ("TCVN3", "VNI", "CP1258", "VISCII", "VPS")
REWRITTEN = "UTF-8+"
CAPITALS_AMONG_CONTROLS = frozenset({"VISCII", "VPS"})


def get_encoding(name: str) -> Encoding:
    """The encoding called `name` by people, .cpg files or Python.

    Raises InvalidParameter for a name nobody knows.
    """
    canonical = find_name(name)
    if canonical is None:
        known = ", ".join(("UTF-8", *VIETNAMESE_8_BIT, "CP1252", "ISO-8859-1"))
        raise InvalidParameter(f"encoding {name!r} is not known; among those that are: {known}", where="encoding")
    if canonical.startswith(REWRITTEN):
        hidden = get_encoding(canonical.removeprefix(REWRITTEN))
        return Encoding(canonical, partial(decode_rewritten, hidden), hidden.keeps_ascii)
    if canonical in OWN_DECODERS:
        decode = OWN_DECODERS[canonical]
        decode_lines = tcvn3.decode_lines if canonical == "TCVN3" else decode
        return Encoding(canonical, decode, canonical not in CAPITALS_AMONG_CONTROLS, decode_lines)
    decode = partial(decode_by, canonical)
    is_by_lines = canonical == "UTF-8" or canonical.startswith(("CP125", "ISO8859"))
    return Encoding(canonical, decode, decode_lines=decode if is_by_lines else None)


def get_encoding_of_unicode(name: str) -> Encoding:
    """How to read text that is Unicode already. name: "UTF-8" for as it is, "TCVN3" or "UTF-8+TCVN3" for what hides.

    Raises InvalidParameter for a name nobody knows.
    """
    canonical = get_encoding(name).name
    if canonical == "UTF-8":
        return Encoding(canonical, partial(unicodedata.normalize, "NFC"))
    hidden = get_encoding(canonical.removeprefix(REWRITTEN))
    return Encoding(REWRITTEN + hidden.name, partial(decode_hidden, hidden), hidden.keeps_ascii)


def find_name(name: str) -> str | None:
    """The name an encoding goes by here, None if it is not known."""
    first, sign, hidden = name.partition("+")
    if sign:
        found = find_name(hidden) if "+" not in hidden else None
        return REWRITTEN + found if found is not None and find_name(first) == "UTF-8" else None
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


def decode_rewritten(hidden: Encoding, surface: str) -> str:
    """The text hidden in a surface that is UTF-8. Raises ValueError."""
    return decode_hidden(hidden, surface.encode("latin-1").decode("utf-8"))


def decode_hidden(hidden: Encoding, text: str) -> str:
    """The text hidden in Unicode text. Raises ValueError."""
    return hidden.decode(to_surface(text))


def find_whole_part(error: ValueError) -> str | None:
    """The text before a last character that the width of its field cut in two; None if that is not what is wrong."""
    if not isinstance(error, UnicodeDecodeError) or error.reason != "unexpected end of data" or not error.start:
        return None
    return unicodedata.normalize("NFC", error.object[: error.start].decode(error.encoding))
