"""VNI-Windows: a vowel and after it a mark, each a byte; a handful of letters are one byte.

The table has all 134 letters. (The published one of viparse lacks a breve with hook and gives y with dot as "yï".)
"""

import re
import unicodedata
from collections.abc import Mapping

from gis_infra.transfer.text.encodings.one_byte import PUNCTUATION

TABLE = (
    "aâ=â aê=ă ñ=đ eâ=ê oâ=ô ô=ơ ö=ư aù=á aø=à aû=ả aõ=ã aï=ạ aá=ấ aà=ầ aå=ẩ aã=ẫ aä=ậ aé=ắ aè=ằ aú=ẳ aü=ẵ aë=ặ "
    "eù=é eø=è eû=ẻ eõ=ẽ eï=ẹ eá=ế eà=ề eå=ể eã=ễ eä=ệ í=í ì=ì æ=ỉ ó=ĩ ò=ị "
    "où=ó oø=ò oû=ỏ oõ=õ oï=ọ oá=ố oà=ồ oå=ổ oã=ỗ oä=ộ ôù=ớ ôø=ờ ôû=ở ôõ=ỡ ôï=ợ "
    "uù=ú uø=ù uû=ủ uõ=ũ uï=ụ öù=ứ öø=ừ öû=ử öõ=ữ öï=ự yù=ý yø=ỳ yû=ỷ yõ=ỹ î=ỵ"
)
SMALL: Mapping[str, str] = {entry.split("=")[0]: entry.split("=")[1] for entry in TABLE.split()}
CAPITAL: Mapping[str, str] = {written.upper(): letter.upper() for written, letter in SMALL.items()}
# A capital vowel with a small mark is written by hand-made converters.
MIXED: Mapping[str, str] = {
    written[0].upper() + written[1]: letter.upper() for written, letter in SMALL.items() if len(written) == 2
}
MARKS: Mapping[str, str] = {chr(byte): mark for byte, mark in PUNCTUATION.items()}
LETTERS: Mapping[str, str] = {**SMALL, **CAPITAL, **MIXED, **MARKS}
WRITTEN: Mapping[str, str] = {letter: written for written, letter in {**SMALL, **CAPITAL, **MARKS}.items()}
# Two bytes are tried before one; a high byte that is left over is none of VNI's.
SEQUENCE = re.compile("|".join(sorted(map(re.escape, LETTERS), key=len, reverse=True)) + "|[\x80-\x9f\xa1-\xff]")


def decode(surface: str) -> str:
    """The text of a surface written in VNI, NFC. Raises ValueError for a byte or pair the table does not have."""
    try:
        text = SEQUENCE.sub(lambda match: LETTERS[match[0]], surface)
    except KeyError as error:
        raise ValueError(f"byte {ord(error.args[0]):#x} stands alone, which VNI does not have") from None
    return unicodedata.normalize("NFC", text)


def encode(text: str) -> bytes:
    """The bytes of `text`. Raises ValueError for a character outside the table."""
    return "".join(map(encode_letter, unicodedata.normalize("NFC", text))).encode("latin-1")


def encode_letter(letter: str) -> str:
    """The one or two characters a letter is written with. Raises ValueError if it cannot be."""
    if letter in WRITTEN:
        return WRITTEN[letter]
    if ord(letter) < 0x80:
        return letter
    raise ValueError(f"{letter!r} cannot be written in VNI")
