"""Vietnamese text as the old programs wrote it: TCVN3, VNI and code page 1258, one byte or two a letter.

Typed in again from the published tables instead of taken from the importer, so that a slip in either of them shows when
a sample is read back.
"""

import re
import unicodedata
from collections.abc import Callable

# hexadecimal byte, letter
TABLE = """
A1 Ă A2 Â A3 Ê A4 Ô A5 Ơ A6 Ư A7 Đ A8 ă A9 â AA ê AB ô AC ơ AD ư AE đ B5 à B6 ả B7 ã B8 á B9 ạ BB ằ BC ẳ BD ẵ BE ắ
C6 ặ C7 ầ C8 ẩ C9 ẫ CA ấ CB ậ CC è CE ẻ CF ẽ D0 é D1 ẹ D2 ề D3 ể D4 ễ D5 ế D6 ệ D7 ì D8 ỉ DC ĩ DD í DE ị DF ò E1 ỏ E2 õ
E3 ó E4 ọ E5 ồ E6 ổ E7 ỗ E8 ố E9 ộ EA ờ EB ở EC ỡ ED ớ EE ợ EF ù F1 ủ F2 ũ F3 ú F4 ụ F5 ừ F6 ử F7 ữ F8 ứ F9 ự FA ỳ FB ỷ
FC ỹ FD ý FE ỵ
"""
TCVN3_BYTES = {letter: int(byte, 16) for byte, letter in re.findall(r"(\w\w) (\w)", TABLE)}
# What VNI writes for a letter that stands alone, and the second character for each mark on a plain or a hooked vowel.
VNI_SINGLE = {"đ": "ñ", "ơ": "ô", "ư": "ö", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
GRAVE, ACUTE, HOOK, TILDE, DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
CIRCUMFLEX, BREVE, HORN = "\u0302", "\u0306", "\u031b"
VNI_TONES = {ACUTE: "ù", GRAVE: "ø", HOOK: "û", TILDE: "õ", DOT: "ï"}
VNI_ON_CIRCUMFLEX = {ACUTE: "á", GRAVE: "à", HOOK: "å", TILDE: "ã", DOT: "ä"}
VNI_ON_BREVE = {ACUTE: "é", GRAVE: "è", HOOK: "ú", TILDE: "ü", DOT: "ë"}


def encode_tcvn3(text: str) -> bytes:
    """The bytes of `text` in TCVN3. Raises ValueError for a capital with a tone, which the table has no byte for."""
    return bytes(ord(letter) if letter.isascii() else get_tcvn3_byte(letter) for letter in compose(text))


def get_tcvn3_byte(letter: str) -> int:
    """The byte of a letter beyond ASCII. Raises ValueError if it has none."""
    if letter not in TCVN3_BYTES:
        raise ValueError(f"{letter!r} has no byte in TCVN3; choose other words for this sample")
    return TCVN3_BYTES[letter]


def encode_vni(text: str) -> bytes:
    """The bytes of `text` in VNI: most letters become a vowel and a mark."""
    return "".join(write_vni(letter) for letter in compose(text)).encode("latin-1")


def write_vni(letter: str) -> str:
    """One letter as VNI writes it."""
    if letter.isascii():
        return letter
    if letter.lower() in VNI_SINGLE:
        written = VNI_SINGLE[letter.lower()]
    else:
        parts = unicodedata.normalize("NFD", letter.lower())
        written = write_vni_vowel(parts[0], set(parts[1:]))
    return written.upper() if letter.isupper() else written


def write_vni_vowel(base: str, marks: set[str]) -> str:
    """A small vowel with its marks, the base first."""
    tone = next((mark for mark in marks if mark in VNI_TONES), None)
    if CIRCUMFLEX in marks:
        return base + (VNI_ON_CIRCUMFLEX[tone] if tone else "â")
    if BREVE in marks:
        return base + (VNI_ON_BREVE[tone] if tone else "ê")
    if HORN in marks:
        base = {"o": "ô", "u": "ö"}[base]
    return base + (VNI_TONES[tone] if tone else "")


def encode_cp1258(text: str) -> bytes:
    """The bytes of `text` in code page 1258: the tone is a combining character after its vowel."""
    return "".join(split_tone(letter) for letter in compose(text)).encode("cp1258")


def split_tone(letter: str) -> str:
    """A letter with its tone apart, its other marks kept on it."""
    parts = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in parts if mark in VNI_TONES]
    rest = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in VNI_TONES))
    return rest + "".join(tones)


def compose(text: str) -> str:
    """Text with each letter and its marks as one character."""
    return unicodedata.normalize("NFC", text)


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: compose(text).encode("utf-8"),
    "TCVN3": encode_tcvn3,
    "VNI": encode_vni,
    "CP1258": encode_cp1258,
}
