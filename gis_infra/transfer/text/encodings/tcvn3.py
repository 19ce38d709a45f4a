"""TCVN3, also called ABC: what the .Vn fonts show. One byte a letter; few capitals have a byte of their own.

The table is TCVN 5712-1, the same 74 pairs as glibc's charmap. Headings were set in a capital font (.VnTimeH) and hold
lower-case bytes, so capitals are restored where the letters around them leave no doubt.
"""

import re
import unicodedata

from gis_infra.transfer.text.encodings import one_byte

LETTERS_OF_BYTES = (
    "A9â A8ă AEđ AAê ABô ACơ ADư B8á B5à B6ả B7ã B9ạ CAấ C7ầ C8ẩ C9ẫ CBậ BEắ BBằ BCẳ BDẵ C6ặ "
    "D0é CCè CEẻ CFẽ D1ẹ D5ế D2ề D3ể D4ễ D6ệ DDí D7ì D8ỉ DCĩ DEị E3ó DFò E1ỏ E2õ E4ọ E8ố E5ồ E6ổ E7ỗ E9ộ "
    "EDớ EAờ EBở ECỡ EEợ F3ú EFù F1ủ F2ũ F4ụ F8ứ F5ừ F6ử F7ữ F9ự FDý FAỳ FBỷ FCỹ FEỵ "
    "A2Â A1Ă A7Đ A3Ê A4Ô A5Ơ A6Ư"
)
TABLE = one_byte.parse_table("TCVN3", LETTERS_OF_BYTES, one_byte.PUNCTUATION)
WORD = re.compile(r"[^\W\d_]+")
# Letters whose capital has no byte: in lower case they say nothing about what was meant.
CASELESS = frozenset(
    letter for letter in TABLE.letters.values() if letter.isalpha() and letter.upper() not in TABLE.bytes
)
CAPITALS = "".join(letter for letter in TABLE.bytes if letter.isupper()) + "A-Z"
# A word with two certain capitals, and between them only what may be capitals; most values have none.
TWO_CAPITALS = re.compile(f"[{CAPITALS}][{CAPITALS}{''.join(sorted(CASELESS))}]*[{CAPITALS}]")


def decode(surface: str) -> str:
    """The text of a surface written in TCVN3, NFC. Raises ValueError for a byte the table does not have."""
    return restore_capitals(one_byte.decode(TABLE, surface))


def decode_lines(surface: str) -> str:
    """The same of many values, one a line, at once."""
    text = one_byte.decode(TABLE, surface)
    return "\n".join(map(restore_capitals, text.split("\n"))) if TWO_CAPITALS.search(text) else text


def encode(text: str) -> bytes:
    """The bytes of `text`; a capital that has no byte is written as its small letter, as the capital fonts need.

    Raises ValueError for a character outside the table.
    """
    return b"".join(encode_letter(letter) for letter in unicodedata.normalize("NFC", text))


def encode_letter(letter: str) -> bytes:
    """The byte of a letter. Raises ValueError if there is none."""
    small = letter.lower()
    is_without_capital = letter not in TABLE.bytes and ord(letter) >= 0x80 and small in TABLE.bytes
    return one_byte.encode(TABLE, small if is_without_capital else letter)


def restore_capitals(text: str) -> str:
    """`text` with the capitals that a capital font would have shown.

    A word is in capitals when it has two certain ones and no certain small letter; a text is when a word of it is and
    no letter of it is certainly small.
    """
    if not TWO_CAPITALS.search(text):
        return text
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
