"""The encoding of a whole layer: of all its columns together, and of those that clearly differ.

A layer put together from several offices can have a column in TCVN3 beside one in UTF-8. The names of its columns are
looked at as one more column, called by NAMES.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.text.encodings import (
    REWRITTEN,
    VIETNAMESE_8_BIT,
    Encoding,
    get_encoding,
    get_encoding_of_unicode,
)
from gis_infra.transfer.text.evidence import TextEvidence, pool
from gis_infra.transfer.text.guessing import LEAST_SHARE, SILENT, UTF8, TextGuess, decide, describe
from gis_infra.transfer.text.reading import read_name
from gis_infra.transfer.text.scoring import LEAST_LEAD, read, score

NAMES = ""  # the column of the columns' names
LEAST_WORDS_DOUBTED = 5  # in a column before the whole layer is held up for it
AS_ASKED = "as asked"


@dataclass(frozen=True)
class AskedText:
    """What somebody says of a layer's text. everywhere: its encoding; columns: driver's name -> encoding."""

    everywhere: Encoding | None = None
    columns: Mapping[str, Encoding] = field(default_factory=dict)


def decide_layer(
    columns: Mapping[str, TextEvidence], declared: Declared | None, asked: AskedText, *, is_surface: bool
) -> TextGuess | None:
    """The encoding of a layer's text.

    columns: what was seen of each, by the driver's name, plain ASCII left out. is_surface: whether its text is bytes.
    None for text that is Unicode by itself, with nothing hidden in it and nothing asked.
    """
    open_columns = {name: evidence for name, evidence in columns.items() if name not in asked.columns}
    if asked.everywhere is not None:
        whole = describe(pool(columns), asked.everywhere, AS_ASKED)
    else:
        whole = decide_columns(open_columns, declared or SILENT, is_unicode=not is_surface)
    if not is_surface and asked.everywhere is None:
        whole = of_unicode(whole)
    guess = replace(whole, columns={**whole.columns, **differing(asked.columns, whole)})
    return None if not is_surface and is_plain(guess) else guess


def differing(columns: Mapping[str, Encoding], whole: TextGuess) -> dict[str, Encoding]:
    """The columns whose encoding is not the layer's."""
    return {name: encoding for name, encoding in columns.items() if encoding.name != whole.encoding.name}


def decide_columns(columns: Mapping[str, TextEvidence], declared: Declared, *, is_unicode: bool) -> TextGuess:
    """The encoding most columns are in, and that of each that clearly differs; not certain if one is in doubt."""
    whole = decide(pool(columns), declared, is_unicode=is_unicode)
    if len(columns) < 2:
        return whole
    own = {name: decide(evidence, declared, is_unicode=is_unicode) for name, evidence in columns.items()}
    if not whole.is_certain:
        whole = take_commonest(columns, own) or whole
    if not whole.is_certain:
        return whole
    odd = {name: own[name] for name, evidence in columns.items() if is_odd(evidence, own[name], whole.encoding)}
    doubtful = [name for name, guess in odd.items() if not guess.is_certain]
    if doubtful:
        return tell_doubtful(doubtful[0], odd[doubtful[0]])
    reason = f"{whole.reason}{tell_odd(odd)}"
    return replace(whole, reason=reason, columns={name: guess.encoding for name, guess in odd.items()})


def take_commonest(columns: Mapping[str, TextEvidence], own: Mapping[str, TextGuess]) -> TextGuess | None:
    """The certain guess of the columns with the most words; None if no column is certain."""
    words: dict[str, int] = {}
    for name, guess in own.items():
        if guess.is_certain:
            words[guess.encoding.name] = words.get(guess.encoding.name, 0) + len(columns[name].tokens)
    if not words:
        return None
    most = max(words, key=lambda encoding: words[encoding])
    return next(guess for guess in own.values() if guess.is_certain and guess.encoding.name == most)


def is_odd(evidence: TextEvidence, own: TextGuess, encoding: Encoding) -> bool:
    """Whether a column is in another encoding than the layer: it reads otherwise by its own, and better by far."""
    if own.encoding.name == encoding.name or (not own.is_certain and len(evidence.tokens) < LEAST_WORDS_DOUBTED):
        return False
    words = tuple(evidence.tokens)
    ours, theirs = rate_by(words, own.encoding), rate_by(words, encoding)
    if [read(word, own.encoding) for word in words] == [read(word, encoding) for word in words]:
        return False
    return ours - theirs >= LEAST_LEAD


def rate_by(words: tuple[str, ...], encoding: Encoding) -> float:
    """The points of words by an encoding."""
    return score(words, encoding, is_of_any_language=encoding.name not in VIETNAMESE_8_BIT).points


def tell_odd(odd: Mapping[str, TextGuess]) -> str:
    """A clause on the columns that differ."""
    told = [f"{name or 'the names of the columns'} {guess.encoding.name}" for name, guess in odd.items()]
    return f"; other than the rest: {', '.join(told)}" if told else ""


def tell_doubtful(name: str, guess: TextGuess) -> TextGuess:
    """The doubt of one column, as that of the layer."""
    column = f"column {name}" if name else "the names of the columns"
    return replace(guess, reason=f"{column} differs from the rest, and {guess.reason}", doubtful_column=name or None)


def of_unicode(guess: TextGuess) -> TextGuess:
    """A guess on Unicode text shown as UTF-8, as one on that text itself.

    What is not certain is held up only where something seems to hide in the text.
    """
    samples = tuple((before.encode("latin-1").decode("utf-8", "replace"), after) for before, after in guess.samples)
    name = guess.encoding.name
    is_certain = guess.is_certain or not name.startswith(REWRITTEN) or guess.scores.get(name, 0) < LEAST_SHARE
    encoding = get_encoding_of_unicode(name if is_certain == guess.is_certain else UTF8)
    columns = {column: get_encoding_of_unicode(each.name) for column, each in guess.columns.items()}
    return replace(guess, encoding=encoding, is_certain=is_certain, samples=samples, columns=columns)


def is_plain(guess: TextGuess) -> bool:
    """Whether text that is Unicode is to be read as it is, all of it."""
    return guess.is_certain and guess.encoding.name == UTF8 and not guess.columns


def parse_asked(
    everywhere: str | None,
    columns: Mapping[str, str],
    names: Iterable[str],
    *,
    is_surface: bool,
    remembered: Collection[str] = (),
) -> AskedText:
    """What is asked, with encodings for their names.

    names: what the driver calls the columns. remembered: columns of those asked for that the file may lack.
    Raises InvalidParameter for an encoding nobody knows and a column there is not.
    """
    find = get_encoding if is_surface else get_encoding_of_unicode
    known = tuple(names)
    found = {}
    for wanted, encoding in columns.items():
        name = find_column(wanted, known)
        if name is not None:
            found[name] = find(encoding)
        elif wanted not in remembered:
            message = f"there is no column {wanted!r}; there are {', '.join(known)}"
            raise InvalidParameter(message, where="encoding")
    return AskedText(find(everywhere) if everywhere is not None else None, found)


def find_column(wanted: str, names: tuple[str, ...]) -> str | None:
    """What the driver calls a column that somebody calls `wanted`, read by any encoding; None if there is none."""
    for name in names:
        readings = (read_name(name, get_encoding(encoding)) for encoding in (UTF8, *VIETNAMESE_8_BIT))
        if wanted.casefold() in {name.casefold(), *(reading.casefold() for reading in readings)}:
            return name
    return None
