"""What encoding a layer's text is in, decided by its bytes, column by column where columns differ.

The declaration of a file (.cpg, language driver) is often wrong, so it is heard last. A guess is taken only when it
leads by a margin; below it nothing is converted and the answer says so, with what it might be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.text.encodings import REWRITTEN, VIETNAMESE_8_BIT, Encoding, get_encoding
from gis_infra.transfer.text.evidence import TextEvidence
from gis_infra.transfer.text.scoring import LEAST_LEAD, Score, score, weigh

UTF8 = "UTF-8"
WESTERN = "CP1252"
LEAST_SHARE = 0.7  # of words that must be Vietnamese syllables before an encoding made for Vietnamese is taken
LEAST_SHARE_HIDDEN = 0.9  # before text is taken to hide another encoding
LEAST_WORDS_HIDDEN = 10
FAINT_SHARE = 0.3  # of syllables, below which the text is hardly Vietnamese at all
UTF8_POINTS = 6.0  # for text that is valid UTF-8, which bytes seldom are by chance
HIDDEN_POINTS = -6.0  # for text taken to hide another encoding, which is seldom
DECLARED_POINTS = 2.0
UNKNOWN_POINTS = -8.5  # a word, of an encoding nobody thought of
LEAST_UTF8 = 0.9  # share of values that must be valid UTF-8 where some are not
MOST_CANDIDATES = 3
MOST_SHOWN = 3  # values, before and after
SILENT = Declared(None, "the file", is_firm=False)


@dataclass(frozen=True)
class TextGuess:
    """The encoding of a layer.

    encoding: how to read it; when not certain, the best of the guesses, which nothing is converted by. reason: why, in
    words. scores: encoding -> share of its words that are Vietnamese syllables. samples: text before (as ISO-8859-1)
    and after. columns: driver's name of a column -> its encoding, where it is not the layer's. candidates: what it
    might be, each with a value read so, when it is not certain; doubtful_column: the one that is in doubt, if not all.
    """

    encoding: Encoding
    is_certain: bool
    reason: str
    scores: Mapping[str, float] = field(default_factory=dict)
    samples: tuple[tuple[str, str], ...] = ()
    columns: Mapping[str, Encoding] = field(default_factory=dict)
    candidates: tuple[tuple[str, str], ...] = ()
    doubtful_column: str | None = None

    def get(self, column: str) -> Encoding:
        """How to read a column. column: the driver's name."""
        return self.columns.get(column, self.encoding)


def decide(evidence: TextEvidence, declared: Declared = SILENT, *, is_unicode: bool = False) -> TextGuess:
    """The encoding text is in, by what was seen of it: the one that leads by a margin, else a firm declaration.

    is_unicode: the text was Unicode and is shown as its UTF-8, so only what may hide in it is looked for.
    The best guess, not certain, if neither holds.
    """
    if not evidence.values:
        return TextGuess(get_encoding(UTF8), True, "all text is plain ASCII")
    ranked = rank(evidence, declared, is_unicode=is_unicode)
    best = ranked[0]
    scores = {each.name: each.share for each in ranked if each.name in {UTF8, *VIETNAMESE_8_BIT} or each is best}
    lead = measure_lead(ranked, evidence.tokens)
    if lead >= LEAST_LEAD and is_believable(best, evidence, declared):
        return describe(evidence, get_encoding(best.name), tell_why(best, evidence, declared), scores)
    if is_declared_so(ranked, evidence, declared):
        reason = f"{declared.by} says so, and all text can be read by it"
        return describe(evidence, get_encoding(declared.name or UTF8), reason, scores)
    likely = [each.name for each in ranked if each.readings != best.readings or each is best][:MOST_CANDIDATES]
    reason = tell_doubt(ranked, evidence)
    guess = describe(evidence, get_encoding(best.name), reason, scores)
    return replace(guess, is_certain=False, candidates=show_candidates(evidence, likely))


def rank(evidence: TextEvidence, declared: Declared, *, is_unicode: bool = False) -> list[Score]:
    """The score of every encoding that may be, best first."""
    words = tuple(evidence.tokens)
    found = [] if is_unicode else [score(words, get_encoding(name)) for name in VIETNAMESE_8_BIT]
    western = score(words, get_encoding(WESTERN), is_of_any_language=True)
    plain = score(words, get_encoding(UTF8), is_of_any_language=True)
    if is_mostly_utf8(evidence):
        found.append(prefer(plain, UTF8_POINTS))
        found += [prefer(each, HIDDEN_POINTS) for each in score_hidden(words) if each.readings != plain.readings]
    else:
        found += [western, plain]
    known = {each.name for each in found}
    if declared.name is not None and declared.name not in known:
        found.append(score(words, get_encoding(declared.name), is_of_any_language=True))
    heard = [prefer(each, DECLARED_POINTS) if each.name == declared.name else each for each in found]
    return sorted(heard, key=lambda each: -each.points)


def prefer(each: Score, points: float) -> Score:
    """The same score with some points more."""
    return replace(each, points=each.points + points)


def score_hidden(words: tuple[str, ...]) -> list[Score]:
    """The scores of text that was taken for Western letters and written again as UTF-8."""
    return [score(words, get_encoding(REWRITTEN + name)) for name in (UTF8, *VIETNAMESE_8_BIT)]


def is_mostly_utf8(evidence: TextEvidence) -> bool:
    """Whether nearly all values are valid UTF-8."""
    return evidence.values_not_utf8 <= (1 - LEAST_UTF8) * evidence.values


def measure_lead(ranked: list[Score], words: Iterable[str]) -> float:
    """Points between the best and the next that reads otherwise, an encoding unknown among them."""
    best = ranked[0]
    rivals = [each.points for each in ranked[1:] if each.readings != best.readings]
    return best.points - max([*rivals, UNKNOWN_POINTS * sum(map(weigh, words))])


def is_believable(best: Score, evidence: TextEvidence, declared: Declared) -> bool:
    """Whether a leading encoding is one to take without asking."""
    if best.name == UTF8:
        return is_mostly_utf8(evidence)
    if best.name.startswith(REWRITTEN):
        return best.share >= LEAST_SHARE_HIDDEN and len(evidence.tokens) >= LEAST_WORDS_HIDDEN
    if best.name in VIETNAMESE_8_BIT:
        return best.share >= LEAST_SHARE
    return best.name == declared.name and "" not in best.readings and is_mostly_ascii(evidence)


def is_mostly_ascii(evidence: TextEvidence) -> bool:
    """Whether words have more plain letters than others, as those of Western languages do and of no other script."""
    letters = "".join(evidence.tokens)
    return sum(letter < "\x80" for letter in letters) > len(letters) / 2


def is_declared_so(ranked: list[Score], evidence: TextEvidence, declared: Declared) -> bool:
    """Whether a firm declaration can be heard: all can be read by it, and it is no Vietnamese by another encoding."""
    said = next((each for each in ranked if each.name == declared.name), None)
    if said is None or not declared.is_firm or (said.name == UTF8 and evidence.values_not_utf8):
        return False
    rivals = (each for each in ranked if each.readings != said.readings and each.share >= FAINT_SHARE)
    return can_read(evidence, said.name) and not any(each.points > said.points - LEAST_LEAD for each in rivals)


def can_read(evidence: TextEvidence, name: str) -> bool:
    """Whether all values kept can be read. Not words: they are cut wrongly where a letter takes several bytes."""
    encoding = get_encoding(name)
    try:
        for surface in evidence.samples:
            encoding.decode(surface)
    except ValueError:
        return False
    return True


def tell_why(best: Score, evidence: TextEvidence, declared: Declared) -> str:
    """Why an encoding is taken."""
    lie = "" if declared.name in {None, best.name} else f"; {declared.by} says {declared.name}, which is not so"
    if best.name == UTF8:
        broken = evidence.values_not_utf8
        most = f"all {evidence.values}" if not broken else f"{evidence.values - broken} of {evidence.values}"
        return f"{most} values beyond ASCII are valid UTF-8{lie}"
    if best.name.startswith(REWRITTEN):
        hidden = best.name.removeprefix(REWRITTEN)
        share = f"{best.share:.0%} of the words are Vietnamese syllables"
        return f"the text was taken for Western letters once and written again; read as {hidden}, {share}"
    if best.name in VIETNAMESE_8_BIT:
        return f"read so, {best.share:.0%} of the words are Vietnamese syllables{lie}"
    return f"{declared.by} says so, and the words look like words"


def tell_doubt(ranked: list[Score], evidence: TextEvidence) -> str:
    """Why none is taken."""
    shares = ", ".join(f"{each.name} {each.share:.0%}" for each in ranked[:MOST_CANDIDATES])
    little = " of the little text there is" if len(evidence.tokens) < LEAST_WORDS_HIDDEN else ""
    return f"no encoding leads clearly (share of Vietnamese syllables{little}: {shares}); name it with --encoding"


def describe(
    evidence: TextEvidence, encoding: Encoding, reason: str, scores: Mapping[str, float] | None = None
) -> TextGuess:
    """A certain guess with its samples, before and after."""
    samples = tuple((surface, read_sample(surface, encoding)) for surface in evidence.samples[:MOST_SHOWN])
    return TextGuess(encoding, True, reason, scores or {}, samples)


def show_candidates(evidence: TextEvidence, names: list[str]) -> tuple[tuple[str, str], ...]:
    """Encodings with a value read by each."""
    if not evidence.samples:
        return tuple((name, "") for name in names)
    return tuple((name, read_sample(evidence.samples[0], get_encoding(name))) for name in names)


def read_sample(surface: str, encoding: Encoding) -> str:
    """The text of a sample, or why it cannot be read."""
    try:
        return encoding.decode(surface)
    except ValueError as error:
        return f"(unreadable: {error})"
