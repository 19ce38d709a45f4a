"""What a value of a file means among the codes of a field: by code, title or synonym, without marks.

A value may carry a size or a word for the thing itself ("Ống HDPE D90", "Thép (mạ kẽm)"), which are left aside; beyond
that nothing is guessed.
"""

import re
from collections.abc import Iterator, Mapping

from gis_infra.catalogue.definitions import Field
from gis_infra.catalogue.names import fold, split_words

SIZE = re.compile(r"(?:\b(?:DN|OD|D|PN|SDR|phi)|[ØΦ⌀φø])\s*\d+(?:[.,]\d+)?(?:\s*mm)?\b", re.IGNORECASE)
BRACKETS = re.compile(r"^([^()]*)\(([^()]*)\)\s*$")
FILLERS = frozenset({"ong", "cong", "loai", "bang"})  # ống, cống, loại, bằng: "pipe", "drain", "kind", "made of"


def list_codes(field: Field) -> dict[str, str]:
    """Folded code, title or synonym -> code; codes count before titles, titles before synonyms."""
    synonyms = {fold(word): code for code, words in field.code_synonyms.items() for word in words}
    titles = {fold(name): code for code, title in field.codes.items() for name in (title.vi, title.en)}
    return {**synonyms, **titles, **{fold(code): code for code in field.codes}}


def parse_code(known: Mapping[str, str], said: Mapping[str, str], column: str, value: str) -> str | None:
    """The code a value means; None if somebody said that it means none.

    known: as `list_codes` gives it. said: value -> code, "" for none. column: where the value stands, for the message.
    Raises ValueError.
    """
    meant = said.get(value)
    if meant is None:
        meant = {fold(word): code for word, code in said.items()}.get(fold(value)) if fold(value) else None
    if meant is not None:
        return meant or None
    for form in list_forms(value):
        if form in known:
            return known[form]
    allowed = ", ".join(dict.fromkeys(known.values()))
    raise ValueError(
        f"is none of the codes {allowed}, nor a title or synonym of one; say which with --code {column}:VALUE=CODE"
    )


def list_forms(value: str) -> Iterator[str]:
    """What of a value may be the code, folded: all of it; without sizes; without what is in brackets; only that."""
    yield fold(value)
    bare = SIZE.sub(" ", value)
    match = BRACKETS.match(bare)
    for part in (bare, *(match.groups() if match else ())):
        words = list(split_words(part))
        yield "".join(words)
        while words and words[0] in FILLERS:
            words.pop(0)
        yield "".join(words)
