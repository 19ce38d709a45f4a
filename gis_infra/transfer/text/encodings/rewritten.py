"""Text that was in an 8-bit encoding and was taken for Western letters on its way into Unicode.

"§­êng NguyÔn HuÖ" in a GeoPackage is TCVN3 that somebody opened as Windows-1252 and saved again. Turned back into the
bytes it came from, it can be read by the table it was meant for.
"""

import re
import unicodedata
from collections.abc import Mapping

# Word and PDF put these in the place of letters that look the same.
LOOKALIKES: Mapping[str, str] = {"\u03bc": "\xb5", "\u2212": "\xad", "\u2219": "\xb7"}


class NotSurfaceError(ValueError):
    """Text holds a letter that no byte of Windows-1252 or ISO-8859-1 stands for: it is Unicode already."""


def list_windows_bytes() -> dict[str, str]:
    """The characters Windows-1252 has between 0x80 and 0x9F, and the byte of each as a character."""
    found = {}
    for byte in range(0x80, 0xA0):
        try:
            found[bytes([byte]).decode("cp1252")] = chr(byte)
        except UnicodeDecodeError:
            continue  # five bytes stand for nothing; programs keep them as control characters
    return found


BEYOND_BYTES = re.compile("[^\x00-\xff]")
TO_BYTES = str.maketrans({**list_windows_bytes(), **LOOKALIKES})


def to_surface(text: str) -> str:
    """The bytes a text came from, each as one character. Raises NotSurfaceError."""
    surface = unicodedata.normalize("NFC", text).translate(TO_BYTES)
    if beyond := BEYOND_BYTES.search(surface):
        raise NotSurfaceError(f"{beyond[0]!r} is a letter of Unicode, so this is no text of 8 bits")
    return surface
