"""How alike two names of columns are. A guess may be taken only where a slip of the pen is the likelier reading.

Vietnamese words are short, and one letter makes another word of them: CAO_DO_DAU is where a sewer begins, CAO_DO_DAY
its bottom. So a letter may differ only inside a long word, never at its beginning, and no digit may.
"""

import re
from collections.abc import Collection, Iterable
from itertools import accumulate

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Levenshtein

from gis_infra.catalogue.names import fold, split_words

LEAST_LETTERS = 4  # of a name that may be likened at all
LEAST_LIKENESS = 0.85  # one slip in seven letters
LEAST_MARGIN = 0.05  # between the field most alike and the next
LONG_NAME = 12  # letters from which two slips are allowed instead of one
MOST_SLIPS = 2
LONG_WORD = 5  # letters from which a word may have a slip


def measure_likeness(column: str, known: str) -> float:
    """How alike a column's name is to one that is known, from 0 to 1; 0 if it must not be taken for it."""
    asked, name = fold(column), fold(known)
    longest = max(len(asked), len(name))
    if min(len(asked), len(name)) < LEAST_LETTERS or list_digits(asked) != list_digits(name):
        return 0.0
    slips = OSA.distance(asked, name)
    if slips > (MOST_SLIPS if longest >= LONG_NAME else 1) or not differ_inside_words(column, known):
        return 0.0
    likeness = 1 - slips / longest
    return likeness if likeness >= LEAST_LIKENESS else 0.0


def preselect(column: str, keys: Collection[str]) -> list[str]:
    """Those folded names that a few slips could have made of the column's, quickly; the rest cannot be alike."""
    found = process.extract(fold(column), list(keys), scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    return [key for key, _, _ in found]


def list_digits(name: str) -> list[str]:
    """The digits of a name: DK1 and DK2 are never the same."""
    return re.findall(r"\d", name)


def differ_inside_words(column: str, known: str) -> bool:
    """Whether two names differ only inside long words, as far as both show where their words end."""
    theirs, ours = split_words(column), split_words(known)
    if len(theirs) == len(ours):
        return all(mine == other or is_slip(mine, other) for mine, other in zip(ours, theirs, strict=True))
    return len(theirs) == 1 and is_inside_words(theirs[0], ours)


def is_slip(word: str, other: str) -> bool:
    """Whether one word may be the other, misspelt."""
    return min(len(word), len(other)) >= LONG_WORD - 1 and len(word) >= LONG_WORD and word[0] == other[0]


def is_inside_words(asked: str, words: tuple[str, ...]) -> bool:
    """Whether every letter of a name written in one piece that differs lies in a long word, after its first letter."""
    ends = list(accumulate(map(len, words)))
    for edit in Levenshtein.editops("".join(words), asked):
        place = max(edit.src_pos - 1, 0) if edit.tag == "insert" else edit.src_pos
        index = next(number for number, end in enumerate(ends) if place < end)
        begins = edit.src_pos in {0, *ends[:-1]}  # at the first letter of a word, or between two
        if len(words[index]) < LONG_WORD or begins:
            return False
    return True


def rank_alike(asked: str, names: Iterable[str]) -> list[str]:
    """Names, the one nearest to `asked` first; for a message, where a poor guess does no harm."""
    return sorted(names, key=lambda name: -measure_nearness(asked, name))


def measure_nearness(asked: str, name: str) -> float:
    """How many of the letters of two names are the same, from 0 to 100."""
    return fuzz.ratio(fold(asked), fold(name))
