"""How alike two names of columns are. A guess may be taken only where a slip of the pen is the likelier reading.

Vietnamese words are short, and one letter makes another word of them: CAO_DO_DAU is where a sewer begins, CAO_DO_DAY
its bottom. So a letter may differ only inside a longer word, never at its beginning, and no digit may.
"""

import re
from collections.abc import Iterable
from itertools import accumulate

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, Levenshtein

from gis_infra.catalogue.names import fold, split_words

LEAST_LETTERS = 4  # of a name that may be likened at all
LEAST_LIKENESS = 0.85  # one slip in seven letters
LEAST_MARGIN = 0.05  # between the field most alike and the next
LONG_NAME = 12  # letters from which two slips are allowed
LONG_WORD = 4  # letters from which a word may have a slip


def measure_likeness(column: str, known: str) -> float:
    """How alike a column's name is to one that is known, from 0 to 1; 0 if it must not be taken for it."""
    asked, words = fold(column), split_words(known)
    name = "".join(words)
    longest = max(len(asked), len(name))
    if min(len(asked), len(name)) < LEAST_LETTERS or list_digits(asked) != list_digits(name):
        return 0.0
    slips = OSA.distance(asked, name)
    if slips > (2 if longest >= LONG_NAME else 1) or not is_inside_words(asked, words):
        return 0.0
    likeness = 1 - slips / longest
    return likeness if likeness >= LEAST_LIKENESS else 0.0


def list_digits(name: str) -> list[str]:
    """The digits of a name: DK1 and DK2 are never the same."""
    return re.findall(r"\d", name)


def is_inside_words(asked: str, words: tuple[str, ...]) -> bool:
    """Whether every letter that differs lies in a long word, after its first letter."""
    ends = list(accumulate(map(len, words)))
    for edit in Levenshtein.editops("".join(words), asked):
        # A letter put in between two words belongs to the end of the first.
        place = max(edit.src_pos - 1, 0) if edit.tag == "insert" else edit.src_pos
        index = next(number for number, end in enumerate(ends) if place < end)
        begins = edit.tag != "insert" and place == ends[index] - len(words[index])
        if len(words[index]) < LONG_WORD or begins or edit.src_pos == 0:
            return False
    return True


def rank_alike(asked: str, names: Iterable[str]) -> list[str]:
    """Names, the one most alike to `asked` first; for a message, where a poor guess does no harm."""
    key = fold(asked)
    return sorted(names, key=lambda name: -fuzz.WRatio(key, fold(name)))
