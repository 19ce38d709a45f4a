"""Windows-1258: the vowel first, then its tone as a combining byte. Python has the codec; NFC joins what it yields.

GDAL's own way through iconv drops a tone at the end of a value, which is why it is not asked.
"""

import unicodedata

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def decode(surface: str) -> str:
    """The text of a surface written in CP1258, NFC. Raises ValueError for a byte the code page does not have."""
    return unicodedata.normalize("NFC", surface.encode("latin-1").decode("cp1258"))


def encode(text: str) -> bytes:
    """The bytes of `text`. Raises ValueError for a character that cannot be written."""
    return b"".join(encode_letter(letter) for letter in unicodedata.normalize("NFC", text))


def encode_letter(letter: str) -> bytes:
    """A vowel with its tone taken off and put behind. Raises ValueError if it cannot be written."""
    parts = unicodedata.normalize("NFD", letter)
    vowel = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
    return (vowel + "".join(part for part in parts if part in TONES)).encode("cp1258")
