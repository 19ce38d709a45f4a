"""How names are compared: of columns, of codes, of layers. Vietnamese marks, case and separators never count."""

import re
import unicodedata
from functools import lru_cache


# The layers name some three thousand things, each several times over: to fold each once takes half the time.
@lru_cache(maxsize=8192)
def fold_alias(text: str) -> str:
    """A name as names are compared: no marks, no case, and one _ for every run of other characters.

    đ does not decompose and is folded by hand. "Đường kính" and DUONG_KINH are the same name.
    """
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return re.sub(r"[^a-z0-9]+", "_", letters.lower()).strip("_")


def fold(text: str) -> str:
    """`text` without marks, case, spaces and signs: "Đường kính" is "duongkinh", as is "DUONG_KINH"."""
    return fold_alias(text).replace("_", "")


def split_words(text: str) -> tuple[str, ...]:
    """The words of a name, folded; none of a name without letters and digits."""
    folded = fold_alias(text)
    return tuple(folded.split("_")) if folded else ()
