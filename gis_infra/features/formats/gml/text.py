"""Attributes written as GML by the database itself, byte for byte what `features.py` writes of the same values.

Only numbers from 2^54 on may have a digit more here, and moments before 1970 a millisecond less.

Two columns a row in place of one for each attribute: of a page of 200 features of 40 attributes, taking them and
writing them here took this process more than half of its time. The geometry stays WKB, of which GML is made here
faster. What XML forbids altogether is left in the texts: no markup has it, so it is replaced in the page (`clean`).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Float, Integer, LargeBinary, Text, and_, case, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import literal_column
from sqlalchemy.sql.functions import FunctionElement

from gis_infra.catalogue.tables import NEEDS_NO_ESCAPE
from gis_infra.features.formats.geojson_text import Constant, divide, join, join_two
from gis_infra.features.formats.gml.dialects import GML32, Dialect
from gis_infra.features.formats.gml.names import PREFIX

STANDARD, OWN = "_standard", "_own"
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
FIRST_PRINTED = 0x20
CARRIAGE_RETURN = b"\r", b"&#13;"
LEAD = 0xEF  # the byte with which U+FFFE and U+FFFF begin
FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
REPLACEMENT = "\ufffd".encode()


class OwnText(FunctionElement[bytes]):
    """The attributes of a row under their own names, in UTF-8; those without a value are left out.

    A construct of its own for the reason that `GeoJsonText` is one.
    """

    name = "gml_own_text"
    type = LargeBinary()
    inherit_cache = True


class StandardText(FunctionElement[bytes]):
    """The attributes of a row as the standard properties they are published as, in UTF-8."""

    name = "gml_standard_text"
    type = LargeBinary()
    inherit_cache = True


def write_attributes(columns: Sequence[ColumnElement[Any]], dialect: Dialect) -> list[ColumnElement[bytes]]:
    """The two texts of a row: its attributes as standard properties, and under their own names."""
    by_name = {str(column.key): column for column in columns}
    standard = [by_name[name] for name in dialect.standard_properties if name in by_name]
    return [StandardText(*standard).label(STANDARD), OwnText(*columns).label(OWN)]


@compiles(OwnText)
def compile_own(element: OwnText, compiler: SQLCompiler, **options: Any) -> str:
    """The SQL of the construct."""
    tags = {column.key: (f"<{PREFIX}:{column.key}>", f"</{PREFIX}:{column.key}>") for column in element.clauses}
    return compile_texts(list(element.clauses), tags, compiler, options)


@compiles(StandardText)
def compile_standard(element: StandardText, compiler: SQLCompiler, **options: Any) -> str:
    """The SQL of the construct; a standard property has the same tags in all the dialects that have it."""
    return compile_texts(list(element.clauses), GML32.standard_properties, compiler, options)


def compile_texts(
    columns: Sequence[ColumnElement[Any]],
    tags: Mapping[str | None, tuple[str, str]] | Mapping[str, tuple[str, str]],
    compiler: SQLCompiler,
    options: Mapping[str, Any],
) -> str:
    """The SQL of the values of columns between their tags. tags: opening and closing, by column."""

    def constant(text: str) -> ColumnElement[str]:
        """The text as a literal of the statement."""
        return literal_column(compiler.render_literal_value(text, Text()), Text())

    groups = [write_group(group, tags, constant) for group in divide(columns)] if columns else [constant("")]
    return compiler.process(func.convert_to(join(groups), constant("UTF8")), **options)


def write_group(
    group: Sequence[ColumnElement[Any]], tags: Mapping[Any, tuple[str, str]], constant: Constant
) -> ColumnElement[str]:
    """Some attributes that follow each other; where none has a value, which is usual, nothing."""
    written = [write_element(column, tags[column.key], constant) for column in group]
    return case((and_(*(column.is_(None) for column in group)), constant("")), else_=join(written))


def write_element(column: ColumnElement[Any], tags: tuple[str, str], constant: Constant) -> ColumnElement[str]:
    """One attribute between its tags; nothing where it has no value."""
    start, end = tags
    written = join_two(constant(start), join_two(write_value(column, constant), constant(end)))
    return func.coalesce(written, constant(""))


def write_value(column: ColumnElement[Any], constant: Constant) -> ColumnElement[Any]:
    """The value of an attribute as XML Schema writes it; SQL's null where it has none."""
    if isinstance(column.type, Integer | Boolean | Date):
        return cast(column, Text)
    if isinstance(column.type, Float):
        return func.replace(cast(column, Text), constant("Infinity"), constant("INF"))
    if isinstance(column.type, DateTime):
        return write_moment(column, constant)
    if NEEDS_NO_ESCAPE in getattr(column, "info", ()):
        return column
    if isinstance(column.type, Text):
        return escape(column, constant)
    raise TypeError(f"a column of type {column.type!r} cannot be written as GML")


def write_moment(column: ColumnElement[datetime], constant: Constant) -> ColumnElement[str]:
    """A moment in UTC, where our connections live; to the millisecond, or to the second where it is a whole one."""
    precise = func.to_char(column, constant('YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    return func.replace(precise, constant(".000Z"), constant("Z"))


def escape(column: ColumnElement[str], constant: Constant) -> ColumnElement[str]:
    """The text without markup."""
    written = column
    for found, instead in ESCAPES:
        written = func.replace(written, constant(found), constant(instead))
    return written


def clean(page: bytes) -> bytes:
    """The same text with what XML does not allow replaced as `values.render_texts` does."""
    letters = np.frombuffer(page, np.uint8)
    if not ((letters < FIRST_PRINTED) | (letters == LEAD)).any():
        return page
    return FORBIDDEN.sub(REPLACEMENT, page.replace(*CARRIAGE_RETURN))
