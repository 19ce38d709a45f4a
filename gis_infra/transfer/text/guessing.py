"""What encoding a layer's text is in, decided by its bytes, and how its columns are read by it.

The declaration of a shapefile (.cpg, language driver) is often wrong, so it is heard last. A guess is taken only when
it leads by a margin; below it nothing is converted and the answer says so. Nothing here cuts or replaces a character.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.text.encodings import VIETNAMESE_8_BIT, Encoding, get_encoding
from gis_infra.transfer.text.encodings.syllables import is_syllable

NON_ASCII = "[^\\x00-\\x7f]"
TOKEN = re.compile(r"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
WORD = re.compile(r"[^\W\d_]+")
MOST_TOKENS = 50_000
MOST_SAMPLES = 3
LEAST_SCORE = 0.7  # share of words that must be Vietnamese syllables
FAINT_SCORE = 0.3  # below it the text is hardly Vietnamese at all
LEAST_LEAD = 0.15  # by which the best must lead the second
CUT = "the width of its field cut the text in the middle of a letter; it was read up to there"


@dataclass
class TextEvidence:
    """What was seen in a layer's text: gathered batch by batch, of bounded size."""

    tokens: Counter[str] = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)
    values: int = 0
    values_not_utf8: int = 0

    def add(self, column: pa.Array) -> None:
        """Take in one column of surfaces (bytes read as ISO-8859-1)."""
        distinct = pc.unique(column.drop_null())
        for surface in distinct.filter(pc.match_substring_regex(distinct, NON_ASCII)).to_pylist():
            self.values += 1
            self.values_not_utf8 += not is_utf8(surface)
            if len(self.samples) < MOST_SAMPLES:
                self.samples.append(surface)
            if len(self.tokens) < MOST_TOKENS:
                self.tokens.update(TOKEN.findall(surface))


@dataclass(frozen=True)
class TextGuess:
    """The encoding of a layer.

    encoding: how to read it; when not certain, the best of the guesses, which nothing is converted by.
    reason: why, in words. scores: encoding -> share of its words that are Vietnamese syllables.
    samples: text before (as ISO-8859-1) and after.
    """

    encoding: Encoding
    is_certain: bool
    reason: str
    scores: Mapping[str, float] = field(default_factory=dict)
    samples: tuple[tuple[str, str], ...] = ()


def is_utf8(surface: str) -> bool:
    """Whether the bytes are UTF-8; a last character cut by the width of its field is forgiven."""
    try:
        surface.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0
    return True


def decide(evidence: TextEvidence, declared: Declared) -> TextGuess:
    """The encoding a layer's text is in, by what was seen of it.

    In this order: plain ASCII, strict UTF-8, the Vietnamese encoding that leads by a margin, a firm declaration; the
    best guess, not certain, if none of them holds.
    """
    if not evidence.values:
        return TextGuess(get_encoding("UTF-8"), True, "all text is plain ASCII")
    if not evidence.values_not_utf8:
        return describe(evidence, "UTF-8", f"all {evidence.values} values beyond ASCII are valid UTF-8", {})
    scores = {name: score(evidence.tokens, get_encoding(name)) for name in VIETNAMESE_8_BIT}
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    shares = ", ".join(f"{name} {share:.0%}" for name, share in scores.items())
    if scores[best] >= LEAST_SCORE and scores[best] - scores[second] >= LEAST_LEAD:
        reason = f"read so, {scores[best]:.0%} of the words are Vietnamese syllables ({shares})"
        return describe(evidence, best, reason + tell_of_lie(declared, best), scores)
    if declared.is_firm and declared.name is not None and can_read(evidence, declared.name):
        return describe(evidence, declared.name, f"{declared.by} says so, and all text can be read by it", scores)
    reason = f"no encoding leads clearly (share of Vietnamese syllables: {shares}); name it with --encoding"
    likely = best if scores[best] >= FAINT_SCORE else declared.name or "CP1252"
    return describe(evidence, likely, reason, scores, is_certain=False)


def score(tokens: Mapping[str, int], encoding: Encoding) -> float:
    """Share of the distinct words beyond ASCII that are Vietnamese syllables when read by `encoding`; 0 of none."""
    good = sum(is_vietnamese(token, encoding) for token in tokens)
    return good / len(tokens) if tokens else 0.0


def is_vietnamese(token: str, encoding: Encoding) -> bool:
    """Whether a token can be read and all of it is Vietnamese syllables."""
    try:
        text = encoding.decode(token)
    except ValueError:
        return False
    words = WORD.findall(text)
    return bool(words) and sum(map(len, words)) == len(text) and all(map(is_syllable, words))


def can_read(evidence: TextEvidence, name: str) -> bool:
    """Whether every word seen can be read by the encoding."""
    encoding = get_encoding(name)
    try:
        for token in evidence.tokens:
            encoding.decode(token)
    except ValueError:
        return False
    return True


def tell_of_lie(declared: Declared, found: str) -> str:
    """A clause on a declaration that says something else, or nothing."""
    if declared.name in {None, found}:
        return ""
    return f"; {declared.by} says {declared.name}, which is not so"


def describe(
    evidence: TextEvidence, name: str, reason: str, scores: Mapping[str, float], *, is_certain: bool = True
) -> TextGuess:
    """A guess with its samples, before and after."""
    encoding = get_encoding(name)
    samples = tuple((surface, read_sample(surface, encoding)) for surface in evidence.samples)
    return TextGuess(encoding, is_certain, reason, scores, samples)


def read_sample(surface: str, encoding: Encoding) -> str:
    """The text of a sample, or why it cannot be read."""
    try:
        return encoding.decode(surface)
    except ValueError as error:
        return f"(unreadable: {error})"


@dataclass(frozen=True)
class ReadText:
    """A column as NFC text. faults: row -> why its value could not be read (it is null); warnings: row -> a remark."""

    column: pa.Array
    faults: Mapping[int, str] = field(default_factory=dict)
    warnings: Mapping[int, str] = field(default_factory=dict)


def decode_column(column: pa.Array, encoding: Encoding) -> ReadText:
    """A column of surfaces, read by `encoding`.

    Plain ASCII, the common case, is handed back as it is; other values are decoded once each.
    """
    if column.null_count == len(column) or is_ascii(column):
        return ReadText(column)
    coded = column.dictionary_encode()
    texts: list[str | None] = []
    faults: dict[int, str] = {}
    warnings: dict[int, str] = {}
    for number, surface in enumerate(coded.dictionary.to_pylist()):
        try:
            texts.append(surface if surface.isascii() else encoding.decode(surface))
        except ValueError as error:
            whole = find_whole_part(error)
            texts.append(whole)
            notes = faults if whole is None else warnings
            notes[number] = CUT if whole is not None else f"text cannot be read as {encoding.name}: {error}"
    decoded = pa.array(texts, pa.string()).take(coded.indices)
    return ReadText(decoded, spread(coded.indices, faults), spread(coded.indices, warnings))


def find_whole_part(error: ValueError) -> str | None:
    """The text before a last character that the width of its field cut in two; None if that is not what is wrong."""
    if not isinstance(error, UnicodeDecodeError) or error.reason != "unexpected end of data" or not error.start:
        return None
    return unicodedata.normalize("NFC", error.object[: error.start].decode(error.encoding))


def spread(indices: pa.Array, notes: Mapping[int, str]) -> dict[int, str]:
    """Notes on distinct values, told of every row that holds one."""
    if not notes:
        return {}
    return {row: notes[number] for row, number in enumerate(indices.to_pylist()) if number in notes}


def is_ascii(column: pa.Array) -> bool:
    """Whether no value has a character beyond ASCII: then it has as many bytes as characters."""
    return bool(pc.sum(pc.binary_length(column)).as_py() == pc.sum(pc.utf8_length(column)).as_py())


def read_column(column: pa.Array, encoding: Encoding | None) -> ReadText:
    """A text column of a source as NFC text; None stands for a format that is Unicode by itself."""
    if encoding is None:
        return ReadText(pc.utf8_normalize(column, form="NFC"))
    return decode_column(column, encoding)


def gather(columns: Iterable[pa.Array]) -> TextEvidence:
    """The evidence of all columns handed over."""
    evidence = TextEvidence()
    for column in columns:
        evidence.add(column)
    return evidence
