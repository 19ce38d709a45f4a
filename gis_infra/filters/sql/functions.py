"""The functions of `filters.functions` in SQL."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Double,
    Numeric,
    Text,
    case,
    cast,
    collate,
    extract,
    func,
)

from gis_infra.filters.functions import FUNCTIONS, FunctionDefinition
from gis_infra.filters.spots import Spot, refuse
from gis_infra.filters.sql.arithmetic import to_double
from gis_infra.filters.sql.terms import Term

# Knows the letters of Vietnamese in whatever locale the database was made; "C" folds only a to z.
FOLDING = "und-x-icu"
UTC_NAME = "UTC"
FARTHEST_M = 1e7  # a quarter of the way round the Earth
Argument = Term | ColumnElement[Any]  # an element is a geometry in the city's CRS


def find_definition(name: str, count: int, spot: Spot | None) -> FunctionDefinition:
    """The function called `name`, in capitals or not. Raises FilterError for an unknown one or a wrong `count`."""
    found = FUNCTIONS.get(name.lower())
    if found is None:
        known = ", ".join(each.signature for each in FUNCTIONS.values())
        raise refuse(f"there is no function {name[:60]!r}; there are {known}", spot)
    if count != len(found.arguments):
        raise refuse(f"{found.signature} has {len(found.arguments)} arguments, got {count}", spot)
    return found


def call(definition: FunctionDefinition, arguments: Sequence[Argument], spot: Spot | None) -> Term:
    """The function of the arguments. Raises FilterError if one is not of the kind it must be."""
    for wanted, found in zip(definition.arguments, arguments, strict=True):
        kind = found.kind if isinstance(found, Term) else "geometry"
        if kind not in wanted.kinds:
            allowed = " or ".join(wanted.kinds)
            raise refuse(f"{wanted.name} of {definition.signature} must be {allowed}, got {kind}", spot)
    if definition.returns == "geometry":
        raise refuse(f"{definition.name} gives a geometry, which cannot be compared", spot)
    element = BUILDERS[definition.name](*arguments)
    return Term(definition.returns, element, computed=definition.returns == "integer", spot=spot)


def in_letters(change: Callable[[Any], ColumnElement[Any]]) -> Callable[[Term], ColumnElement[Any]]:
    """A function of text that knows all letters."""
    return lambda text: change(collate(text.element, FOLDING))


def of_number(change: Callable[[Any], ColumnElement[Any]]) -> Callable[[Term], ColumnElement[Any]]:
    """A function of a number."""
    return lambda number: change(to_double(number))


def count_characters(text: Term) -> ColumnElement[Any]:
    """The number of characters."""
    return cast(func.char_length(text.element), Numeric)


def join(text: Term, then: Term) -> ColumnElement[Any]:
    """One text after the other; concat() of SQL would take an unknown one as empty."""
    return cast(text.element, Text).op("||")(cast(then.element, Text))


def round_half_away(number: Term) -> ColumnElement[Any]:
    """The nearest whole number, halves away from zero; the database's own takes doubles to the nearest even one.

    By way of text, which has all digits of a double, where a cast to `numeric` keeps 15. The number stands there once:
    a formula that names it twice doubles with every rounding around it.
    """
    exact = cast(cast(to_double(number), Text), Numeric)
    return cast(func.round(exact), Double)


def take_part(part: str) -> Callable[[Term], ColumnElement[Any]]:
    """A part of a date, or of a moment in UTC."""
    return lambda moment: cast(extract(part, to_local(moment)), Numeric)


def to_local(moment: Term) -> ColumnElement[Any]:
    """The day, or the moment as clocks show it in UTC; the zone of the session would shift it otherwise."""
    return moment.element if moment.kind == "date" else func.timezone(UTC_NAME, moment.element, type_=DateTime)


def measure_length(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    """Length of lines and of the boundary of areas; 0 of points."""
    return func.st_length(geometry, type_=Double) + func.st_perimeter(geometry, type_=Double)


def measure_area(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    """Area; 0 of lines and points."""
    return func.st_area(geometry, type_=Double)


def measure_distance(geometry: ColumnElement[Any], to: ColumnElement[Any]) -> ColumnElement[Any]:
    """Shortest distance."""
    return func.st_distance(geometry, to, type_=Double)


def is_within(geometry: ColumnElement[Any], to: ColumnElement[Any], metres: Term) -> ColumnElement[Any]:
    """Whether they come as close; unknown for what is no distance on Earth, at which the database would stop."""
    distance = to_double(metres)
    return func.st_dwithin(geometry, to, case((distance.between(0, FARTHEST_M), distance)))


BUILDERS: Mapping[str, Callable[..., ColumnElement[Any]]] = {
    "lower": in_letters(func.lower),
    "upper": in_letters(func.upper),
    "trim": lambda text: func.btrim(text.element, type_=Text),
    "length": count_characters,
    "concat": join,
    "abs": of_number(func.abs),
    "round": round_half_away,
    "floor": of_number(func.floor),
    "ceil": of_number(func.ceil),
    "year": take_part("year"),
    "month": take_part("month"),
    "day": take_part("day"),
    "length_m": measure_length,
    "area_m2": measure_area,
    "distance_m": measure_distance,
    "is_within_m": is_within,
}
