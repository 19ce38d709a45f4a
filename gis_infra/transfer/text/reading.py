"""Columns and their names as NFC text, read by the encoding that was decided. Nothing is cut or replaced here."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.transfer.text.encodings import VIETNAMESE_8_BIT, Encoding, find_whole_part, get_encoding
from gis_infra.transfer.text.encodings.rewritten import NotSurfaceError
from gis_infra.transfer.text.evidence import TOKEN
from gis_infra.transfer.text.scoring import LEAST_LEAD, score

CUT = "the width of its field cut the text in the middle of a letter; it was read up to there"
KEPT = "is Unicode already, unlike the rest of its column, so it was kept as it is"
OTHER = "is UTF-8, unlike the rest of its column, and was read so"

UTF8_LIKE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@dataclass(frozen=True)
class ReadText:
    """A column as NFC text. faults: row -> why its value could not be read (it is null); warnings: row -> a remark."""

    column: pa.Array
    faults: Mapping[int, str] = field(default_factory=dict)
    warnings: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadValue:
    """One value as text, None if it cannot be read. fault, warning: "" for none."""

    text: str | None
    fault: str = ""
    warning: str = ""


def read_column(column: pa.Array, encoding: Encoding | None) -> ReadText:
    """A text column of a source as NFC text; None stands for a format that is Unicode by itself."""
    if encoding is None:
        return ReadText(pc.utf8_normalize(column, form="NFC"))
    return decode_column(column, encoding)


def decode_column(column: pa.Array, encoding: Encoding) -> ReadText:
    """A column of surfaces, read by `encoding`.

    Plain ASCII, the common case, is handed back as it is where the encoding keeps it; other values are decoded once
    each.
    """
    if column.null_count == len(column) or (encoding.keeps_ascii and is_ascii(column)):
        return ReadText(column)
    coded = column.dictionary_encode()
    surfaces = coded.dictionary.to_pylist()
    if (lines := read_lines(surfaces, encoding)) is not None:
        return ReadText(pa.array(lines, pa.string()).take(coded.indices))
    values = [read_value(surface, encoding) for surface in surfaces]
    texts = pa.array([value.text for value in values], pa.string()).take(coded.indices)
    faults = {number: value.fault for number, value in enumerate(values) if value.fault}
    warnings = {number: value.warning for number, value in enumerate(values) if value.warning}
    return ReadText(texts, spread(coded.indices, faults), spread(coded.indices, warnings))


def read_lines(surfaces: list[str], encoding: Encoding) -> list[str] | None:
    """Surfaces as text, all at once, in a third of the time; None if one of them has to be looked at by itself."""
    whole = "\n".join(surfaces)
    if encoding.decode_lines is None or whole.count("\n") >= len(surfaces):
        return None
    if encoding.name in VIETNAMESE_8_BIT and UTF8_LIKE.search(whole):
        return None
    try:
        return encoding.decode_lines(whole).split("\n")
    except ValueError:
        return None


def read_value(surface: str, encoding: Encoding) -> ReadValue:
    """One surface as text."""
    if encoding.keeps_ascii and surface.isascii():
        return ReadValue(surface)
    if encoding.name in VIETNAMESE_8_BIT and (text := find_utf8(surface, encoding)) is not None:
        return ReadValue(text, warning=OTHER)
    try:
        return ReadValue(encoding.decode(surface))
    except NotSurfaceError:
        return ReadValue(unicodedata.normalize("NFC", surface), warning=KEPT)
    except ValueError as error:
        whole = find_whole_part(error)
        if whole is not None:
            return ReadValue(whole, warning=CUT)
        return ReadValue(None, fault=f"text cannot be read as {encoding.name}: {error}")


def find_utf8(surface: str, encoding: Encoding) -> str | None:
    """The text of a value that is UTF-8 in a column of another encoding; None if it is none, or reads no better so."""
    try:
        text = surface.encode("latin-1").decode("utf-8")
    except ValueError:
        return None
    words = TOKEN.findall(surface)
    as_utf8 = score(words, get_encoding("UTF-8"), is_of_any_language=True)
    is_better = as_utf8.share == 1 and as_utf8.points - score(words, encoding).points >= LEAST_LEAD
    return unicodedata.normalize("NFC", text) if words and is_better else None


def spread(indices: pa.Array, notes: Mapping[int, str]) -> dict[int, str]:
    """Notes on distinct values, told of every row that holds one."""
    if not notes:
        return {}
    return {row: notes[number] for row, number in enumerate(indices.to_pylist()) if number in notes}


def is_ascii(column: pa.Array) -> bool:
    """Whether no value has a character beyond ASCII: then it has as many bytes as characters."""
    return bool(pc.sum(pc.binary_length(column)).as_py() == pc.sum(pc.utf8_length(column)).as_py())


def read_name(name: str, encoding: Encoding | None) -> str:
    """The name of a column by an encoding, or as it is if that cannot read it; None for a format that is Unicode."""
    if encoding is None:
        return unicodedata.normalize("NFC", name)
    value = read_value(name, encoding)
    return value.text if value.text is not None else name
