"""MapLibre's expressions in the language of QGIS, so that both draw from the one style that `catalogue.styles` writes.

Source: MapLibre Style Specification, version 8, Expressions; QGIS 3.22, Expressions.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

# The scale at zoom 0: the equator in one tile of 512 pixels of 0.28 mm, as MapLibre and OGC 17-083r2 (annex C) have it.
SCALE_AT_0 = 279541132.0143589
# Where nothing is drawn on a map, as in a legend, sizes are those of zoom 16.
ZOOM = f"log(2, {SCALE_AT_0!r} / coalesce(@map_scale, {SCALE_AT_0 / 2**16!r}))"


def to_expression(part: Any) -> str:
    """A MapLibre expression, a number or a text as an expression of QGIS. Raises KeyError for an operator not known."""
    if isinstance(part, str):
        return quote(part)
    if not isinstance(part, list):
        return repr(part)
    operator, *arguments = part
    return WRITERS[operator](*arguments)


def quote(text: str) -> str:
    """A text as QGIS writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def write_get(name: str) -> str:
    """The value of a field."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def write_number(part: Any, default: Any) -> str:
    """A value as a number, the default where it has none."""
    return f"coalesce({to_expression(part)}, {to_expression(default)})"


def write_call(name: str) -> Callable[..., str]:
    """A writer of a function that both call the same."""
    return lambda *arguments: f"{name}({', '.join(map(to_expression, arguments))})"


def write_product(*factors: Any) -> str:
    """A product."""
    return "(" + " * ".join(map(to_expression, factors)) + ")"


def write_match(part: Any, *rest: Any) -> str:
    """A choice by equality; the last of `rest` is for all other values."""
    *cases, default = rest
    value = to_expression(part)
    choices = "".join(
        f" WHEN {value} = {to_expression(key)} THEN {to_expression(result)}"
        for key, result in zip(cases[::2], cases[1::2], strict=True)
    )
    return f"CASE{choices} ELSE {to_expression(default)} END"


def write_interpolation(curve: list[Any], part: Any, *stops: Any) -> str:
    """Values between stops, linear or exponential; the first and the last value beyond them."""
    value = to_expression(part)
    points = [(at, to_expression(result)) for at, result in zip(stops[::2], stops[1::2], strict=True)]
    between = "".join(
        f" WHEN {value} < {after!r} THEN {low} + ({high} - {low}) * {write_share(curve, value, before, after)}"
        for (before, low), (after, high) in pairwise(points)
    )
    (first, lowest), (_, highest) = points[0], points[-1]
    return f"(CASE WHEN {value} <= {first!r} THEN {lowest}{between} ELSE {highest} END)"


def write_share(curve: list[Any], value: str, before: float, after: float) -> str:
    """How far a value lies from one stop to the next, 0 to 1."""
    base = curve[1] if curve[0] == "exponential" else 1
    if base == 1:
        return f"(({value} - {before!r}) / {float(after - before)!r})"
    return f"(({base!r} ^ ({value} - {before!r}) - 1) / {float(base ** (after - before) - 1)!r})"


WRITERS: Mapping[str, Callable[..., str]] = {
    "get": write_get,
    "to-number": write_number,
    "max": write_call("max"),
    "sqrt": write_call("sqrt"),
    "*": write_product,
    "match": write_match,
    "interpolate": write_interpolation,
    "zoom": lambda: ZOOM,
}
