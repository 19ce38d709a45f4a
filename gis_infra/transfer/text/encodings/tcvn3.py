"""TCVN3, also called ABC: what the .Vn fonts show. One byte a letter; few capitals have a byte of their own.

The table is TCVN 5712-1, the same 74 pairs as glibc's charmap. Headings were set in a capital font (.VnTimeH) and hold
lower-case bytes, so capitals are restored where the letters around them leave no doubt.
"""

import re
import unicodedata
from collections.abc import Mapping

TABLE = (
    "A9â A8ă AEđ AAê ABô ACơ ADư B8á B5à B6ả B7ã B9ạ CAấ C7ầ C8ẩ C9ẫ CBậ BEắ BBằ BCẳ BDẵ C6ặ "
    "D0é CCè CEẻ CFẽ D1ẹ D5ế D2ề D3ể D4ễ D6ệ DDí D7ì D8ỉ DCĩ DEị E3ó DFò E1ỏ E2õ E4ọ E8ố E5ồ E6ổ E7ỗ E9ộ "
    "EDớ EAờ EBở ECỡ EEợ F3ú EFù F1ủ F2ũ F4ụ F8ứ F5ừ F6ử F7ữ F9ự FDý FAỳ FBỷ FCỹ FEỵ "
    "A2Â A1Ă A7Đ A3Ê A4Ô A5Ơ A6Ư"
)
LETTERS: Mapping[int, str] = {int(entry[:2], 16): entry[2:] for entry in TABLE.split()}
BYTES: Mapping[str, int] = {letter: byte for byte, letter in LETTERS.items()}
UNKNOWN = re.compile("[" + "".join(chr(byte) for byte in range(0x80, 0x100) if byte not in {*LETTERS, 0xA0}) + "]")
WORD = re.compile(r"[^\W\d_]+")
# Letters whose capital has no byte: in lower case they say nothing about what was meant.
CASELESS = frozenset(letter for letter in LETTERS.values() if letter.upper() not in BYTES)


def decode(surface: str) -> str:
    """The text of a surface written in TCVN3, NFC. Raises ValueError for a byte the table does not have."""
    if found := UNKNOWN.search(surface):
        raise ValueError(f"byte {ord(found[0]):#x} is not in TCVN3")
    text = unicodedata.normalize("NFC", surface.translate(LETTERS))
    return restore_capitals(text) if not CASELESS.isdisjoint(text) else text


def encode(text: str) -> bytes:
    """The bytes of `text`; a capital that has no byte is written as its small letter, as the capital fonts need.

    Raises ValueError for a character outside the table.
    """
    return bytes(encode_letter(letter) for letter in unicodedata.normalize("NFC", text))


def encode_letter(letter: str) -> int:
    """The one byte of a letter. Raises ValueError if there is none."""
    if ord(letter) < 0x80:
        return ord(letter)
    for form in (letter, letter.lower()):
        if form in BYTES:
            return BYTES[form]
    raise ValueError(f"{letter!r} cannot be written in TCVN3")


def restore_capitals(text: str) -> str:
    """`text` with the capitals that a capital font would have shown.

    A word is in capitals when it has two certain ones and no certain small letter; a text is when a word of it is and
    no letter of it is certainly small.
    """
    words = WORD.findall(text)
    if any(is_capital(word) for word in words) and not any(has_small_letter(word) for word in words):
        return text.upper()
    return WORD.sub(lambda match: match[0].upper() if is_capital(match[0]) else match[0], text)


def is_capital(word: str) -> bool:
    """Whether a word was certainly set in capitals."""
    return sum(letter.isupper() for letter in word) >= 2 and not has_small_letter(word)


def has_small_letter(word: str) -> bool:
    """Whether a letter of the word is small although its capital could have been written."""
    return any(letter.islower() and letter not in CASELESS for letter in word)
