"""What somebody typed into the search box, taken apart: the whole of it, its words, and patterns an index can serve.

Pure. The database folds what it holds, and what is asked, without capitals and accents; here the same is done to what
came back, to put it in order.
"""

import re
import unicodedata
from dataclasses import dataclass

from gis_infra.errors import InvalidParameter

LONGEST = 200
MOST_WORDS = 8
# Of three letters on an index finds them anywhere in a text; fewer only at the beginning of a word.
ANYWHERE = 3
LEAST = 2
# What stands before the names of most streets and wards, and so tells none from another.
GENERIC = frozenset(
    ("duong", "pho", "dai", "lo", "hem", "ngo", "ngach", "street", "road", "phuong", "xa", "quan", "huyen", "ward")
)


@dataclass(frozen=True)
class Terms:
    """What is looked for. text: as typed, without space around; words: folded, those that tell something first."""

    text: str
    words: tuple[str, ...]

    @property
    def folded(self) -> str:
        """The whole of it without capitals and accents."""
        return fold(self.text)

    @property
    def is_searchable(self) -> bool:
        """Whether there is enough to look for."""
        return any(len(word) >= LEAST for word in self.words)


def parse(text: str) -> Terms:
    """The terms of a search. Raises InvalidParameter for an endless one."""
    if len(text) > LONGEST:
        raise InvalidParameter(f"q has {len(text)} characters, at most {LONGEST} are allowed", where="q")
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    words = list(dict.fromkeys(word for each in fold(plain).split() if (word := each.strip(",.;:"))))[:MOST_WORDS]
    telling = [word for word in words if word not in GENERIC]
    # All words generic: then they are what is looked for.
    return Terms(plain, tuple(telling or words))


def fold(text: str) -> str:
    """The text without capitals and accents, as `gis.fold_text` gives it for Vietnamese and English."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def to_start_pattern(word: str) -> str:
    """The regular expression that finds a word at the beginning of one.

    One expression, for an index looks through all that begins so once for each it is asked.
    """
    return f"(^| ){re.escape(word)}"


def rank(text: str, terms: Terms) -> tuple[int, int, str]:
    """Where a text found stands among others, the best lowest: equal, beginning so, a word beginning so, elsewhere."""
    found, wanted = fold(text), terms.folded
    if found == wanted:
        step = 0
    elif found.startswith(wanted):
        step = 1
    elif f" {wanted}" in f" {found}":
        step = 2
    elif wanted in found:
        step = 3
    else:
        step = 4 if all(f" {word}" in f" {found}" for word in terms.words) else 5
    return step, len(found), found
