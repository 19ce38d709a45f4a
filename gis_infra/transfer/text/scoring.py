"""How well text reads by an encoding: what tells one encoding from another.

Each distinct word beyond ASCII gets points by what it reads as, and the points of an encoding are summed; they stand
for the logarithm of how likely such a word is, so a lead of eight means thousands to one. Vietnamese is told by its
syllables; other languages only by whether their words look like words.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gis_infra.transfer.text.encodings import Encoding
from gis_infra.transfer.text.encodings.common import COMMON
from gis_infra.transfer.text.encodings.syllables import has_likely_case, is_beginning, is_syllable

WORD = re.compile(r"[^\W\d_]+")
# What may stand beside a word without being part of it: ASCII, no-break space, quotes, dashes, signs of measure.
PLAIN = re.compile("[\\s\u0021-\u007e\u00a0“”‘’–—…•]+")
SIGNS = re.compile("[°²³½¼¾±×÷µ€£§«»·Ø]")
JOINED = re.compile("\\w[“”‘’–—…•]+\\w")
FOREIGN_RUN = re.compile("[^\u0000-\u007f]{4}")  # no language in Western letters has it; VNI read wrongly is full of it
ORDINALS = frozenset("ªº")  # letters by their category only
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"})

COMMON_POINTS = 0.0
SYLLABLE_POINTS = -3.0
SHORTHAND_POINTS = -4.0  # "TĐ", "đ/c": consonants, one of them đ
BEGINNING_POINTS = -4.25  # a syllable that the width of its field cut off
SIGN_POINTS = -4.5  # "m²", "a’b": words with a sign of measure, or something between them
WORD_POINTS = -5.0  # of a language nobody asked for
NOISE_POINTS = -10.0
OTHER_LANGUAGES = frozenset({WORD_POINTS, SIGN_POINTS})
LEAST_LEAD = 8.0  # points by which one reading must lead whatever else it may be
# What a word of one or two bytes says, beside a longer one: chance makes many of them.
SHORT: Mapping[int, float] = {1: 0.3, 2: 0.5}


@dataclass(frozen=True)
class Score:
    """What became of words read by one encoding.

    points: 0 at best; share: of the words that are Vietnamese syllables; readings: the words as they read.
    """

    name: str
    points: float
    share: float
    readings: tuple[str, ...]


def score(words: Iterable[str], encoding: Encoding, *, is_of_any_language: bool = False) -> Score:
    """The score of words, each a surface, by an encoding.

    is_of_any_language: words of other languages are to be expected; encodings made for Vietnamese have none.
    """
    given = tuple(words)
    readings = tuple(read(word, encoding) for word in given)
    rated = [rate(reading) for reading in readings]
    good = sum(points >= SYLLABLE_POINTS for points in rated)
    if not is_of_any_language:
        rated = [NOISE_POINTS if points in OTHER_LANGUAGES else points for points in rated]
    points = sum(weigh(word) * each for word, each in zip(given, rated, strict=True))
    return Score(encoding.name, points, good / len(rated) if rated else 0.0, readings)


def weigh(word: str) -> float:
    """How much a surface says, from 0 to 1."""
    return SHORT.get(len(word), 1.0)


def read(word: str, encoding: Encoding) -> str:
    """A surface as it reads; "" if it cannot be read."""
    try:
        return encoding.decode(word)
    except ValueError:
        return ""


@lru_cache(maxsize=50_000)
def rate(text: str) -> float:
    """The points of what one word reads as."""
    bare = SIGNS.sub("", text)
    rest = PLAIN.sub("", WORD.sub("", bare))
    if not text or not all(map(is_mark_of_its_script, rest)):
        return NOISE_POINTS
    points = min(map(rate_word, WORD.findall(bare)), default=NOISE_POINTS if rest else COMMON_POINTS)
    return points if bare == text and not JOINED.search(text) else min(points, SIGN_POINTS)


def is_mark_of_its_script(sign: str) -> bool:
    """Whether it is a vowel or a tone of a script that writes them as marks, not an accent that joined no letter."""
    return unicodedata.category(sign)[0] == "M" and not unicodedata.name(sign, "COMBINING").startswith("COMBINING")


def rate_word(word: str) -> float:
    """The points of one word of letters only."""
    if word.isascii():
        return COMMON_POINTS
    if not has_likely_case(word) and not is_of_one_case_script(word):
        return NOISE_POINTS
    if word.lower() in COMMON:
        return COMMON_POINTS
    if is_syllable(word):
        return SYLLABLE_POINTS
    if is_shorthand(word):
        return SHORTHAND_POINTS
    if is_beginning(word):
        return BEGINNING_POINTS
    return WORD_POINTS if is_of_one_script(word) else NOISE_POINTS


def is_shorthand(word: str) -> bool:
    """Whether a word is consonants with a đ among them, as in "TĐ" or "đc"."""
    letters = set(word.lower())
    is_short = len(word) <= 2 or (word.isupper() and len(word) <= 4)
    return is_short and letters.isdisjoint("aeiouy") and {each for each in letters if not each.isascii()} == {"đ"}


def is_of_one_case_script(word: str) -> bool:
    """Whether a word is of a script that has no capitals."""
    return not any(letter.isupper() or letter.islower() for letter in word)


def is_of_one_script(word: str) -> bool:
    """Whether all letters of a word are of one script, and letters indeed."""
    names = (unicodedata.name(letter, "?").split()[0] for letter in unicodedata.normalize("NFC", word))
    scripts = {"CJK" if name in EAST_ASIAN else name for name in names}
    if scripts == {"LATIN"} and FOREIGN_RUN.search(word):
        return False
    return len(scripts) == 1 and "?" not in scripts and ORDINALS.isdisjoint(word)
