"""The functions the server lists at /ogc/functions, done as their descriptions there say.

An argument that is unknown makes the result unknown.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import shapely


@dataclass(frozen=True)
class Function:
    """The kinds of the arguments ("time" is a date or a timestamp), that of the result, and how it is found."""

    takes: tuple[str, ...]
    gives: str
    find: Callable[..., Any]


def round_half_away(number: Any) -> Any:
    """The nearest whole number; a half goes away from zero."""
    return math.copysign(math.floor(abs(number) + Fraction(1, 2)), number)


FUNCTIONS = {
    "lower": Function(("text",), "text", str.lower),
    "upper": Function(("text",), "text", str.upper),
    "trim": Function(("text",), "text", str.strip),
    "length": Function(("text",), "number", len),
    "concat": Function(("text", "text"), "text", lambda text, then: text + then),
    "abs": Function(("number",), "number", abs),
    "round": Function(("number",), "number", round_half_away),
    "floor": Function(("number",), "number", math.floor),
    "ceil": Function(("number",), "number", math.ceil),
    "year": Function(("time",), "number", lambda moment: moment.year),
    "month": Function(("time",), "number", lambda moment: moment.month),
    "day": Function(("time",), "number", lambda moment: moment.day),
    # Of curves and of surfaces; what the other has of it is not asked.
    "length_m": Function(("geometry",), "number", shapely.length),
    "area_m2": Function(("geometry",), "number", shapely.area),
    "distance_m": Function(("geometry", "geometry"), "number", shapely.distance),
    "is_within_m": Function(
        ("geometry", "geometry", "number"), "boolean", lambda one, two, metres: shapely.distance(one, two) <= metres
    ),
}


def takes(name: str, kinds: Sequence[str]) -> bool:
    """Whether the function takes arguments of these kinds."""
    given = ["time" if each in ("date", "timestamp") else each for each in kinds]
    return tuple(given) == FUNCTIONS[name].takes


def call(name: str, values: list[Any]) -> Any:
    """The result; None if a value is unknown."""
    if any(each is None for each in values):
        return None
    found = FUNCTIONS[name].find(*values)
    return found if isinstance(found, str) else bool(found) if FUNCTIONS[name].gives == "boolean" else float(found)
