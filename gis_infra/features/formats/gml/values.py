"""Values of attributes as XML Schema writes them, a column at a time."""

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
NO_NUMBERS = (("nan", "NaN"), ("inf", "INF"))


def render_values(column: pa.Array, kind: FieldType) -> pa.StringArray:
    """The values of an attribute of a type as text; null stays null."""
    return RENDERERS[kind](column)


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
    """Numbers as xsd:double, with all their digits."""
    texts = column.cast(pa.string())
    if pc.all(pc.is_finite(column), min_count=0).as_py():
        return texts
    for found, written in NO_NUMBERS:
        texts = pc.replace_substring(texts, found, written)
    return texts


def render_moments(column: pa.TimestampArray) -> pa.StringArray:
    """Moments as xsd:dateTime in UTC, to the millisecond where they have one."""
    # With a zone Arrow takes twenty times as long to write them, even where it is UTC.
    moments = pc.local_timestamp(column).cast(pa.timestamp("ms"), safe=False)
    texts = pc.replace_substring(pc.replace_substring(moments.cast(pa.string()), " ", "T"), ".000", "")
    return pc.binary_join_element_wise(texts, pa.scalar("Z"), pa.scalar(""))


RENDERERS: Mapping[FieldType, Callable[[pa.Array], pa.StringArray]] = {
    "text": render_texts,
    "code": render_texts,
    "integer": render_plain,
    "number": render_numbers,
    "boolean": render_plain,
    "date": render_plain,
    "timestamp": render_moments,
}
