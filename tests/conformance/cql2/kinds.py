"""What kind of value each part of a filter is, told without looking at a feature.

The standard says of some filters that a server refuses them, and leaves it to the server what to do where kinds must be
cast. The first raise Refused here, the second Unspecified; about all others the server and the oracle must agree.
Source: OGC 21-065r2, clause 6.3.3 (type casts), /req/basic-cql2/property, clause 7.6 (intervals only).
"""

from collections.abc import Mapping
from typing import Any

from tests.conformance.cql2 import functions, shapes
from tests.conformance.cql2.times import ALSO_INSTANTS, UNBOUNDED
from tests.conformance.cql2.times import NAMES as TEMPORAL

SCALAR = frozenset({"text", "number", "boolean", "date", "timestamp"})
COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "div", "%", "^"})
ARRAY = frozenset({"a_equals", "a_contains", "a_containedby", "a_overlaps"})
Kinds = Mapping[str, str]


class Refused(Exception):
    """The standard has a server refuse this filter."""


class Unspecified(Exception):
    """The standard leaves to the server what this filter means."""


def find(part: Any, kinds: Kinds) -> str:
    """The kind of a part: text, number, boolean, date, timestamp, geometry, array, or interval with its granularity.

    kinds: the kind of each property. Raises Refused, Unspecified.
    """
    if not isinstance(part, dict):
        return find_plain(part, kinds)
    if "property" in part:
        if part["property"] not in kinds:
            raise Refused(f"{part['property']} is not a queryable")
        return kinds[part["property"]]
    if "interval" in part:
        return find_interval(part["interval"], kinds)
    for name in ("date", "timestamp"):
        if name in part:
            return name
    return "geometry" if shapes.is_literal(part) else find_operation(part["op"].lower(), part["args"], kinds)


def find_plain(part: Any, kinds: Kinds) -> str:
    """The kind of a value that JSON has itself."""
    if isinstance(part, list):
        for each in part:
            find(each, kinds)
        return "array"
    return "boolean" if isinstance(part, bool) else "text" if isinstance(part, str) else "number"


def find_interval(ends: list[Any], kinds: Kinds) -> str:
    """ "interval of date" or "interval of timestamp"; "interval" alone if both ends are open. Raises Unspecified."""
    found = set()
    for end in ends:
        if isinstance(end, str):
            found |= set() if end == UNBOUNDED else {"date" if len(end) == 10 else "timestamp"}
        else:
            found.add(find(end, kinds))
    if len(found) > 1 or not found <= {"date", "timestamp"}:
        raise Unspecified(f"an interval between {' and '.join(sorted(found))}")
    return f"interval of {found.pop()}" if found else "interval"


def find_operation(name: str, arguments: list[Any], kinds: Kinds) -> str:
    """The kind of what an operator or a function gives."""
    if name in ("and", "or", "not"):
        require(arguments, {"boolean"}, kinds)
    elif name in COMPARISONS or name == "in":
        operands = arguments if name in COMPARISONS else [arguments[0], *arguments[1]]
        if len({*require(operands, SCALAR, kinds)}) > 1:
            raise Unspecified("a comparison of different kinds")
    elif name == "isnull":
        find(arguments[0], kinds)
    elif name in ARITHMETIC:
        require(arguments, {"number"}, kinds)
        return "number"
    elif name in ("casei", "accenti"):
        require(arguments, {"text"}, kinds)
        return "text"
    elif name in TEMPORAL:
        require_times(name, arguments, kinds)
    elif name in functions.FUNCTIONS:
        if not functions.takes(name, require(arguments, None, kinds)):
            raise Unspecified(f"arguments that {name} does not take")
        return functions.FUNCTIONS[name].gives
    elif name in EXPECTED or name in ARRAY:
        require(arguments, {EXPECTED.get(name, "array")}, kinds)
    else:
        raise Refused(f"there is no function {name}")
    return "boolean"


EXPECTED = {"like": "text", "between": "number", **dict.fromkeys(shapes.RELATIONS, "geometry")}


def require(arguments: list[Any], allowed: set[str] | frozenset[str] | None, kinds: Kinds) -> list[str]:
    """The kinds of the arguments. Raises Unspecified unless all are allowed; None allows any."""
    found = [find(each, kinds) for each in arguments]
    if allowed is not None and not set(found) <= allowed:
        raise Unspecified(f"{' and '.join(found)} where {' or '.join(sorted(allowed))} is wanted")
    return found


def require_times(name: str, arguments: list[Any], kinds: Kinds) -> None:
    """Return if these may be operands of a temporal function. Raises Refused, Unspecified."""
    found = [find(each, kinds) for each in arguments]
    if name not in ALSO_INSTANTS and {"date", "timestamp"}.intersection(found):
        raise Refused(f"{name} is of intervals only")
    if not all(each in ("date", "timestamp") or each.startswith("interval") for each in found):
        raise Unspecified(f"{' and '.join(found)} are not times")
    if len({each.removeprefix("interval of ") for each in found} - {"interval"}) > 1:
        raise Unspecified("dates with timestamps")
