"""Features written as GeoJSON by the database itself, so that a page is bytes that are only joined here.

A column of this kind is one text a row, `geojson.to_document` of the feature by value: of 1,000 features of 40
attributes it takes the database 4 ms more than the bare columns, and this process 12 ms less.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Float, Integer, LargeBinary, Text, and_, case, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import literal_column
from sqlalchemy.sql.functions import FunctionElement

from gis_infra.catalogue.tables import NEEDS_NO_ESCAPE

# From here on PostgreSQL writes a whole number with an exponent. Source: PostgreSQL manual, 8.1.3.
FIRST_WITH_EXPONENT = 1e15
NAN, INFINITY = NO_NUMBERS = (b"NaN", b"Infinity")
RARE_IN_NAN, RARE_IN_INFINITY = b"aN", b"nf"
# As many attributes are looked at together for whether any has a value.
TOGETHER = 4
AFTER_GEOMETRY = b',"properties":{'

Constant = Callable[[str], ColumnElement[str]]


class GeoJsonText(FunctionElement[bytes]):
    """One GeoJSON Feature in UTF-8 of an id, a geometry that is GeoJSON text already, and attributes under their names.

    A construct of its own, so that the statement's key stays short; the long expression is made when SQLAlchemy
    compiles a statement it does not know yet, once for each layer and choice of columns.
    """

    name = "geojson_text"
    type = LargeBinary()
    inherit_cache = True

    def __init__(self, feature_id: ColumnElement[int], geometry: ColumnElement[str], *attributes: ColumnElement[Any]):
        super().__init__(feature_id, geometry, *attributes)


@compiles(GeoJsonText)
def compile_text(element: GeoJsonText, compiler: SQLCompiler, **options: Any) -> str:
    """The SQL of the construct."""

    def constant(text: str) -> ColumnElement[str]:
        """The text as a literal of the statement."""
        return literal_column(compiler.render_literal_value(text, Text()), Text())

    feature_id, geometry, *attributes = element.clauses
    written = func.convert_to(write_feature(feature_id, geometry, attributes, constant), constant("UTF8"))
    return compiler.process(written, **options)


def write_feature(
    feature_id: ColumnElement[int],
    geometry: ColumnElement[str],
    attributes: Sequence[ColumnElement[Any]],
    constant: Constant,
) -> ColumnElement[str]:
    """The text of a feature. constant: text as the statement itself holds it, which the database need not be sent."""
    parts: list[ColumnElement[Any]] = [
        constant('{"type":"Feature","id":'),
        cast(feature_id, Text),
        constant(',"geometry":'),
        func.coalesce(geometry, constant("null")),
        constant(',"properties":{'),
        *(write_group(group, constant, is_first=group[0] is attributes[0]) for group in divide(attributes)),
        constant("}}"),
    ]
    return join(parts)


def divide(attributes: Sequence[ColumnElement[Any]]) -> list[Sequence[ColumnElement[Any]]]:
    """The attributes in groups of `TOGETHER`."""
    return [attributes[start : start + TOGETHER] for start in range(0, len(attributes), TOGETHER)]


def write_group(group: Sequence[ColumnElement[Any]], constant: Constant, *, is_first: bool) -> ColumnElement[str]:
    """Some attributes that follow each other; where none has a value, which is usual, one text that says so."""
    members = [write_member(column, constant, is_first=is_first and not place) for place, column in enumerate(group)]
    names = [write_name(column, is_first=is_first and not place) for place, column in enumerate(group)]
    without = constant("".join(f"{name}null" for name in names))
    return case((and_(*(column.is_(None) for column in group)), without), else_=join(members))


def write_member(column: ColumnElement[Any], constant: Constant, *, is_first: bool) -> ColumnElement[str]:
    """One attribute with its name, and the comma before it; null where it has no value."""
    name = write_name(column, is_first=is_first)
    written = join_two(constant(name), write_value(column, constant))
    return func.coalesce(written, constant(f"{name}null"))


def write_name(column: ColumnElement[Any], *, is_first: bool) -> str:
    """The name of an attribute as JSON has it, and the comma before it."""
    return ("" if is_first else ",") + orjson.dumps(str(column.key)).decode() + ":"


def write_value(column: ColumnElement[Any], constant: Constant) -> ColumnElement[Any]:
    """The value of an attribute as JSON; SQL's null where it has none.

    What is no text is cast to it: the operator that joins any value to a text is a function in SQL, which the planner
    reads anew each time.
    """
    if isinstance(column.type, Integer | Boolean):
        return cast(column, Text)
    if isinstance(column.type, Float):
        return write_number(column, constant)
    if isinstance(column.type, DateTime):
        return write_moment(column, constant)
    if NEEDS_NO_ESCAPE in getattr(column, "info", ()):
        return join_two(constant('"'), join_two(column, constant('"')))
    if isinstance(column.type, Date | Text):
        return cast(func.to_json(column), Text)
    raise TypeError(f"a column of type {column.type!r} cannot be written as JSON")


def write_moment(column: ColumnElement[datetime], constant: Constant) -> ColumnElement[str]:
    """A moment in UTC, where our connections live; to the microsecond, or to the second where it is a whole one."""
    precise = func.to_char(column, constant('"\\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\\""'))
    return func.replace(precise, constant('.000000Z"'), constant('Z"'))


def write_number(column: ColumnElement[float], constant: Constant) -> ColumnElement[str]:
    """A number that keeps its point where it is whole: clients guess from it that others may not be."""
    is_plain = (column == func.trunc(column)) & (func.abs(column) < literal_column(repr(FIRST_WITH_EXPONENT)))
    return join_two(cast(column, Text), case((is_plain, constant(".0")), else_=constant("")))


def join_two(left: ColumnElement[Any], right: ColumnElement[Any]) -> ColumnElement[str]:
    """Both one after the other; null where one is."""
    joined: ColumnElement[str] = left.op("||", return_type=Text())(right)
    return joined


def join(parts: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """All parts one after the other. Halves are joined, because a text that grows part by part is copied as often."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return join_two(join(parts[:half]), join(parts[half:]))


def join_documents(documents: Sequence[bytes], before: bytes = b"", after: bytes = b"") -> bytes:
    """The features with commas between them; a geometry whose coordinates are no numbers, which JSON lacks, is null.

    before, after: what stands around them, put there by the way: of a page, a copy is a megabyte.
    """
    joined = surround(documents, before, after)
    features = joined[len(before) : len(joined) - len(after)]
    return surround(list(map(repair, documents)), before, after) if has_word_for_no_number(features) else joined


def surround(documents: Sequence[bytes], before: bytes, after: bytes) -> bytes:
    """The features with commas between them, and something before and after them."""
    if not documents:
        return before + after
    if len(documents) == 1:
        return before + documents[0] + after
    first, *others, last = documents
    return b",".join((before + first, *others, last + after))


def has_word_for_no_number(text: bytes) -> bool:
    """Whether NaN or Infinity stand somewhere."""
    # Looking for two letters that words seldom have side by side, as one number, takes a tenth of looking for a word.
    pairs = [np.frombuffer(text, np.uint16, (len(text) - start) // 2, start) for start in (0, 1) if len(text) > start]
    return any(
        has_pair(pairs, part) and word in text for word, part in ((NAN, RARE_IN_NAN), (INFINITY, RARE_IN_INFINITY))
    )


def has_pair(pairs: Sequence[npt.NDArray[np.uint16]], pair: bytes) -> bool:
    """Whether two letters stand side by side. pairs: those of the text from its first letter, and from its second."""
    wanted = np.frombuffer(pair, np.uint16)[0]
    return any(bool((each == wanted).any()) for each in pairs)


def repair(document: bytes) -> bytes:
    """The same feature without the geometry if that has coordinates that are no numbers."""
    geometry, properties, rest = document.partition(AFTER_GEOMETRY)
    if not any(word in geometry for word in NO_NUMBERS):
        return document
    return geometry[: geometry.index(b'"geometry":')] + b'"geometry":null' + properties + rest
