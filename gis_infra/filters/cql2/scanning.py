"""The text of a CQL2 filter as tokens, bounded in length and nesting before anything reads it.

Source: OGC 21-065r2, annex B (BNF).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gis_infra.filters.spots import Spot, refuse

MAX_CHARACTERS = 20_000
MAX_NESTING = 60
MAX_DIGITS = 400  # of one number; the largest a double holds has 309

Kind = Literal["number", "text", "name", "quoted", "sign", "end"]
# The characters a name may begin with, and those besides that it may go on with.
START = (
    ":_A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
PART = START + ".0-9\u0300-\u036f\u203f\u2040"
TOKEN = re.compile(
    rf"""
    (?P<space>[ \t\r\n\f\v\u00a0]+)
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:''|\\.|[^'\\])*')
    | (?P<quoted>"[^"]*")
    | (?P<name>[{START}][{PART}]*)
    | (?P<sign><>|<=|>=|[-+*/%^=<>(),\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
# A backslash before any other character is a backslash: the pattern '50\%' of LIKE says the same as '50\\%'.
ESCAPED = re.compile(r"''|\\([\\'abtnvfr])")
CONTROLS: Mapping[str, str] = dict(zip("abtnvfr", "\a\b\t\n\v\f\r", strict=True))
OPENING = frozenset("([")
CLOSING = frozenset(")]")


@dataclass(frozen=True)
class Token:
    """A word of a filter. value: as it means, quotes taken off; written: as it stands there."""

    kind: Kind
    value: str
    written: str
    start: int


def scan(text: str) -> tuple[Token, ...]:
    """The tokens of a filter, the last one of kind "end".

    Raises FilterError for a text that is too long, nests too deep, or has a character that means nothing.
    """
    if len(text) > MAX_CHARACTERS:
        raise refuse(f"the filter has {len(text)} characters, at most {MAX_CHARACTERS} are read", None)
    require_text(text)
    tokens = (*iterate(text), Token("end", "", "the end", len(text)))
    require_shallow(tokens, text)
    return tokens


def require_text(text: str) -> None:
    """Return if the text is one that can be stored and sent: no half of a surrogate pair. Raises FilterError."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse("half of a surrogate pair is no character", None) from None


def iterate(text: str) -> Iterator[Token]:
    """The tokens of a filter, without the end. Raises FilterError."""
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise refuse(explain(text[position]), Spot(text, position))
        kind, written = match.lastgroup, match[0]
        if kind == "number" and len(written) > MAX_DIGITS:
            raise refuse(f"a number has at most {MAX_DIGITS} characters, got {len(written)}", Spot(text, position))
        if kind != "space":
            # The names of the groups are the kinds.
            yield Token(kind, unquote(kind, written), written, position)  # type: ignore[arg-type]
        position = match.end()


def explain(character: str) -> str:
    """Why a character cannot stand where it does."""
    quotes = {"'": "a text is not closed by a quote '", '"': 'a name is not closed by a double quote "'}
    return quotes.get(character, f"{character!r} means nothing in a filter")


def unquote(kind: str | None, written: str) -> str:
    """What a token means. Source: OGC 21-065r2, /req/cql2-text/escaping."""
    if kind == "text":
        return ESCAPED.sub(unescape, written[1:-1])
    return written[1:-1] if kind == "quoted" else written


def unescape(match: re.Match[str]) -> str:
    """The character that an escape of a text stands for."""
    escaped = match[1] or "'"
    return CONTROLS.get(escaped, escaped)


def require_shallow(tokens: tuple[Token, ...], text: str) -> None:
    """Return if brackets stand in no more than so many others. Raises FilterError."""
    depth = 0
    for token in tokens:
        if token.kind == "sign" and token.value in OPENING:
            depth += 1
        elif token.kind == "sign" and token.value in CLOSING:
            depth -= 1
        if depth > MAX_NESTING:
            raise refuse(f"brackets stand in more than {MAX_NESTING} others", Spot(text, token.start))
