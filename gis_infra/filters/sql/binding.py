"""Literals of a filter as bound parameters, read as the type of what they stand beside."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Date, DateTime, Double, Numeric, Text, literal

from gis_infra.catalogue.definitions import Field
from gis_infra.errors import CallerError
from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, locate, refuse
from gis_infra.filters.sql.terms import Kind, Term
from gis_infra.filters.tree import Value
from gis_infra.filters.values import parse_number, parse_text, parse_value

INT8_LIMIT = 2**63


def to_bound(value: Value, spot: Spot | None) -> Term:
    """A literal that stands beside nothing that would say its type."""
    if isinstance(value, bool):
        return Term("boolean", literal(value, Boolean), spot=spot)
    if isinstance(value, int):
        return Term("integer", bind_whole(value), spot=spot)
    if isinstance(value, float):
        return Term("number", literal(value, Double), spot=spot)
    if isinstance(value, datetime):
        return Term("timestamp", literal(value, DateTime(timezone=True)), spot=spot)
    if isinstance(value, date):
        return Term("date", literal(value, Date), spot=spot)
    if "\x00" in value:
        raise refuse("a text has a zero byte, which no text of the database has", spot)
    return Term("text", literal(compose(value), Text), spot=spot)


def compose(text: str) -> str:
    """Text in the form in which it is stored, NFC: some keyboards and systems write a letter apart from its accents.

    Source: OGC 21-065r2, /rec/basic-cql2/string-normalization.
    """
    return unicodedata.normalize("NFC", text)


def bind_whole(value: int) -> ColumnElement[Any]:
    """A whole number with all its digits."""
    return literal(value, BigInteger if -INT8_LIMIT <= value < INT8_LIMIT else Numeric)


def bind_beside(found: tree.Literal, term: Term) -> Term:
    """A literal as the type of the term it is compared with.

    A text that is none of a field's codes is a text all the same, and equal to none of them.
    Raises InvalidParameter or FilterError, which say what was given and what is allowed.
    """
    if term.field is not None:
        try:
            return Term(term.kind, bind(term.field, found.value, exact=False), spot=found.spot)
        except CallerError as error:
            raise locate(error, found.spot) from None
    bound = to_bound(found.value, found.spot)
    if isinstance(found.value, str) and term.kind in READERS:
        return READERS[term.kind](found)
    return bound


def bind(field: Field, value: Value, *, exact: bool) -> ColumnElement[Any]:
    """The value as a bound parameter of the field's type.

    exact: whether a code must be one of the list. Numbers are compared as numbers: a whole one is never 100.5, and may
        well be above it.
    Raises InvalidParameter.
    """
    if isinstance(value, str):
        value = compose(value)
    if field.type == "integer":
        number = parse_number(field, value)
        if isinstance(number, float) and number.is_integer():
            number = int(number)  # a bigint beside a double would lose digits
        return bind_whole(number) if isinstance(number, int) else literal(number, Double)
    if field.type == "code" and not exact:
        return literal(parse_text(field, value), Text)
    if field.type == "number":
        return literal(float(parse_number(field, value)), Double)
    if field.type == "timestamp":
        return literal(parse_value(field, value), DateTime(timezone=True))
    return literal(parse_value(field, value))


def read_number(found: tree.Literal) -> Term:
    """A number written as text. Raises FilterError."""
    try:
        number = float(str(found.value))
    except ValueError:
        raise refuse(f"{str(found.value)[:60]!r} is no number", found.spot) from None
    return to_bound(number, found.spot)


def read_date(found: tree.Literal) -> Term:
    """A date written as text. Raises FilterError."""
    try:
        return to_bound(date.fromisoformat(str(found.value)), found.spot)
    except ValueError:
        raise refuse(f"{str(found.value)[:60]!r} is no date as 2026-11-23", found.spot) from None


def read_timestamp(found: tree.Literal) -> Term:
    """A moment written as text, in UTC where no zone is written. Raises FilterError."""
    try:
        moment = datetime.fromisoformat(str(found.value))
    except ValueError:
        raise refuse(f"{str(found.value)[:60]!r} is no moment as 2026-11-23T08:30:00Z", found.spot) from None
    return to_bound(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC), found.spot)


READERS: Mapping[Kind, Callable[[tree.Literal], Term]] = {
    "integer": read_number,
    "number": read_number,
    "date": read_date,
    "timestamp": read_timestamp,
}
