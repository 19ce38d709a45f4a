"""What was seen of a layer's text, column by column: gathered from the whole layer, of bounded size."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

# Among the control characters are capitals of VISCII and VPS.
BEYOND_ASCII = r"\x02-\x06\x10-\x15\x19\x1c-\x1e\x80-\xff"
NON_ASCII = r"[^\x00-\x01\x07-\x0f\x16-\x18\x1a\x1b\x1f-\x7f]"
TOKEN = re.compile(f"[A-Za-z{BEYOND_ASCII}]*[{BEYOND_ASCII}][A-Za-z{BEYOND_ASCII}]*")
MOST_TOKENS = 5_000  # distinct words of a column; Vietnamese has fewer in all
MOST_SAMPLES = 500


@dataclass
class TextEvidence:
    """What was seen in text: of surfaces (bytes read as ISO-8859-1), only what is beyond ASCII.

    tokens: word -> how often; samples: the first values; values: how many distinct ones, batch by batch;
    values_not_utf8: of those, how many are no UTF-8.
    """

    tokens: Counter[str] = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)
    values: int = 0
    values_not_utf8: int = 0

    def add(self, column: pa.Array) -> None:
        """Take in one column of surfaces."""
        distinct = pc.unique(column.drop_null())
        surfaces = distinct.filter(pc.match_substring_regex(distinct, NON_ASCII)).to_pylist()
        if not surfaces:
            return
        self.values += len(surfaces)
        # One long text is looked through in a third of the time that its lines take one by one.
        whole = "\n".join(surfaces)
        if not is_utf8(whole):
            self.values_not_utf8 += sum(not is_utf8(surface) for surface in surfaces)
        self.samples += surfaces[: MOST_SAMPLES - len(self.samples)]
        if len(self.tokens) < MOST_TOKENS:
            self.tokens.update(TOKEN.findall(whole))

    def merge(self, other: "TextEvidence") -> None:
        """Take in what was seen elsewhere."""
        self.tokens.update(other.tokens)
        self.samples += other.samples[: MOST_SAMPLES - len(self.samples)]
        self.values += other.values
        self.values_not_utf8 += other.values_not_utf8


def is_utf8(surface: str) -> bool:
    """Whether the bytes are UTF-8; a last character cut by the width of its field is forgiven."""
    try:
        surface.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > 0
    return True


def gather(columns: Iterable[pa.Array]) -> TextEvidence:
    """The evidence of all columns handed over, as one."""
    evidence = TextEvidence()
    for column in columns:
        evidence.add(column)
    return evidence


def gather_by_column(columns: Iterable[tuple[str, pa.Array]], *, is_surface: bool) -> dict[str, TextEvidence]:
    """The evidence of each column, by name; columns of plain ASCII are left out.

    is_surface: whether text comes as surfaces; else it is Unicode, and is looked at as the UTF-8 it would be.
    """
    found: dict[str, TextEvidence] = {}
    for name, column in columns:
        found.setdefault(name, TextEvidence()).add(column if is_surface else to_utf8_surface(column))
    return {name: evidence for name, evidence in found.items() if evidence.values}


def to_utf8_surface(column: pa.Array) -> pa.Array:
    """Unicode text as the surface of its UTF-8; plain ASCII, which says nothing, is left out."""
    distinct = pc.unique(column.drop_null())
    texts = distinct.filter(pc.match_substring_regex(distinct, NON_ASCII)).to_pylist()
    composed = (unicodedata.normalize("NFC", text) for text in texts)
    return pa.array([text.encode().decode("latin-1") for text in composed], pa.string())


def pool(columns: Mapping[str, TextEvidence]) -> TextEvidence:
    """The evidence of all columns together."""
    whole = TextEvidence()
    for evidence in columns.values():
        whole.merge(evidence)
    return whole
