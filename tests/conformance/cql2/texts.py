"""Text of CQL2: equality, case and accents folded, and patterns.

Source: OGC 21-065r2, /req/case-insensitive-comparison/casei-function (full case folding of Unicode),
/req/accent-insensitive-comparison/accenti-function, /req/advanced-comparison-operators/like-predicate and
/rec/basic-cql2/string-normalization.
"""

import re
import unicodedata

# Letters that a Vietnamese writes for others without accents, though Unicode does not decompose them.
STROKES = str.maketrans({"đ": "d", "Đ": "D"})


def normalise(text: str) -> str:
    """The text in one of the forms in which equal texts have equal characters: NFC, in which it is stored."""
    return unicodedata.normalize("NFC", text)


def fold_case(text: str) -> str:
    """The text without the difference of large and small letters. Source: Unicode 14, clause 5.18 and D145."""
    return normalise(unicodedata.normalize("NFD", text).casefold())


def fold_accents(text: str) -> str:
    """The text without marks over, under and through its letters."""
    parts = unicodedata.normalize("NFD", text)
    return normalise("".join(each for each in parts if not unicodedata.combining(each))).translate(STROKES)


def is_like(text: str, pattern: str) -> bool:
    r"""Whether the whole text fits the pattern: % is any run of characters, _ one, and \ takes the next as it is."""
    expression, rest = "", iter(normalise(pattern))
    for each in rest:
        if each == "%":
            expression += ".*"
        elif each == "_":
            expression += "."
        else:
            expression += re.escape(next(rest, "\\") if each == "\\" else each)
    return re.fullmatch(expression, normalise(text), re.DOTALL) is not None
