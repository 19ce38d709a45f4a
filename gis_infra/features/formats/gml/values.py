"""Values of attributes as XML Schema writes them, a column at a time."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import FieldType

# Markup, control characters, and the byte that U+FFFE and U+FFFF begin with, which XML forbids; others begin with it
# too, and are then looked at closely. To ask a table of bytes takes a tenth of what a regular expression takes.
SPECIAL = np.isin(np.arange(256), [*b"<>&", *set(range(32)) - set(b"\t\n"), 0xEF])
FORBIDDEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
# Between these PostgreSQL and Python write a number alike and Arrow does not; beyond the last all of them do.
SMALLEST_PLAIN, LARGEST_PLAIN, FIRST_WITH_EXPONENT = 1e-4, 1e10, 1e15


def render_values(column: pa.Array, kind: FieldType) -> pa.StringArray:
    """The values of an attribute of a type as text; null stays null.

    column: the values, or what PostgreSQL writes of them.
    """
    return (WRITTEN_RENDERERS if pa.types.is_string(column.type) else RENDERERS)[kind](column)


def render_texts(column: pa.StringArray) -> pa.StringArray:
    """Text that XML can hold: markup escaped, characters XML forbids replaced by U+FFFD."""
    content = column.buffers()[2]
    if content is None or not SPECIAL[np.frombuffer(content, np.uint8)].any():
        return column
    for found, written in ESCAPES:
        column = pc.replace_substring(column, found, written)
    return pc.replace_substring_regex(column, FORBIDDEN, "\ufffd")


def render_plain(column: pa.Array) -> pa.StringArray:
    """Whole numbers, truth values and days, which Arrow writes as XML Schema does."""
    return column.cast(pa.string())


def render_numbers(column: pa.DoubleArray) -> pa.StringArray:
    """Numbers as xsd:double, with all their digits, as PostgreSQL writes them (`text.py`)."""
    texts = column.cast(pa.string())
    # A null counts as an odd one here, and stays null.
    sizes = np.abs(column.to_numpy(zero_copy_only=False))
    odd = ~((sizes == 0) | ((sizes >= SMALLEST_PLAIN) & (sizes < LARGEST_PLAIN)))
    if int(odd.sum()) == column.null_count:
        return texts
    written = texts.to_pylist()
    for place in np.flatnonzero(odd).tolist():
        number = column[place].as_py()
        written[place] = None if number is None else write_odd(number, str(written[place]))
    return pa.array(written, pa.string())


def write_odd(number: float, text: str) -> str:
    """A number that PostgreSQL may write otherwise than Arrow, as PostgreSQL does. text: as Arrow does."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "INF" if number > 0 else "-INF"
    return text if abs(number) >= FIRST_WITH_EXPONENT else repr(number).removesuffix(".0")


def render_moments(column: pa.TimestampArray) -> pa.StringArray:
    """Moments as xsd:dateTime in UTC, to the millisecond where they have one."""
    # With a zone Arrow takes twenty times as long to write them, even where it is UTC.
    moments = pc.local_timestamp(column).cast(pa.timestamp("ms"), safe=False)
    texts = pc.replace_substring(pc.replace_substring(moments.cast(pa.string()), " ", "T"), ".000", "")
    return pc.binary_join_element_wise(texts, pa.scalar("Z"), pa.scalar(""))


def render_written(column: pa.StringArray) -> pa.StringArray:
    """Whole numbers and days, which PostgreSQL writes as XML Schema does."""
    return column


def render_written_numbers(column: pa.StringArray) -> pa.StringArray:
    """Numbers, of which one that is none goes by another word."""
    return pc.replace_substring(column, "Infinity", "INF")


def render_written_truths(column: pa.StringArray) -> pa.StringArray:
    """Truth values, of which PostgreSQL writes the first letter."""
    return pc.if_else(pc.equal(column, "t"), "true", "false")


def render_written_moments(column: pa.StringArray) -> pa.StringArray:
    """Moments to the millisecond, each that occurs several times written once."""
    known = column.dictionary_encode()
    return pa.array([write_moment(text) for text in known.dictionary.to_pylist()], pa.string()).take(known.indices)


def write_moment(text: str) -> str:
    """A moment as xsd:dateTime in UTC. text: as PostgreSQL writes it there, "2026-11-23 09:30:00.25+00"."""
    day, _, time = text.partition(" ")
    clock, _, fraction = time.removesuffix("+00").partition(".")
    milliseconds = f"{fraction:0<3}"[:3]
    return f"{day}T{clock}Z" if milliseconds == "000" else f"{day}T{clock}.{milliseconds}Z"


RENDERERS: Mapping[FieldType, Callable[[pa.Array], pa.StringArray]] = {
    "text": render_texts,
    "code": render_texts,
    "integer": render_plain,
    "number": render_numbers,
    "boolean": render_plain,
    "date": render_plain,
    "timestamp": render_moments,
}
WRITTEN_RENDERERS: Mapping[FieldType, Callable[[pa.StringArray], pa.StringArray]] = {
    "text": render_texts,
    "code": render_texts,
    "integer": render_written,
    "number": render_written_numbers,
    "boolean": render_written_truths,
    "date": render_written,
    "timestamp": render_written_moments,
}
