"""A filter held against one feature after another: slow, plain, and written from the standard alone.

It takes the CQL2 JSON document itself, so that no parser and no tree of the program stands between.
Source: OGC 21-065r2 (CQL2 1.0).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.conformance.cql2 import arithmetic, functions, kinds, shapes, texts, times
from tests.conformance.cql2.times import Interval
from tests.conformance.cql2.truth import Truth, join_all, join_any, negate


@dataclass(frozen=True)
class Feature:
    """An id, and the values of properties; the geometry is one of them."""

    id: int
    properties: Mapping[str, Any] = field(default_factory=dict)


def select(document: Any, features: Iterable[Feature], schema: kinds.Kinds) -> tuple[set[int], set[int]]:
    """The ids of the features a filter is true of, and of those about which rounding decides.

    The second are true with exact numbers and not with floats, or the other way round; nobody can be held to either.
    Raises Refused, Unspecified.
    """
    if kinds.find(document, schema) != "boolean":
        raise kinds.Unspecified("this is a value, not a condition")
    listed = list(features)
    exact = {each.id for each in listed if Evaluator(each, Fraction).find_truth(document) is True}
    rounded = {each.id for each in listed if Evaluator(each, float).find_truth(document) is True}
    return exact, exact ^ rounded


class Evaluator:
    """One feature, with the kind of number to count in."""

    def __init__(self, feature: Feature, number: type[Fraction] | type[float]) -> None:
        self.feature = feature
        self.number = number

    def find_truth(self, document: Any) -> Truth:
        """Whether the condition is true, false, or unknown."""
        found = self.find(document)
        assert found is None or isinstance(found, bool), found
        return found

    def find(self, part: Any) -> Any:
        """The value of a part of the document; None is what is not known."""
        if isinstance(part, dict):
            return self.find_member(part)
        if isinstance(part, list):
            return [self.find(each) for each in part]
        return self.convert(part)

    def convert(self, value: Any) -> Any:
        """A plain value as it is counted and compared here."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.number(value)
        return texts.normalise(value) if isinstance(value, str) else value

    def find_member(self, part: dict[str, Any]) -> Any:
        """The value of what JSON writes as an object."""
        if "property" in part:
            return self.convert(self.feature.properties[part["property"]])
        if "date" in part or "timestamp" in part:
            return times.parse_instant(part.get("date") or part["timestamp"])
        if "interval" in part:
            return Interval(*(self.find_end(each) for each in part["interval"]))
        if shapes.is_literal(part):
            return shapes.read(part)
        return self.apply(part["op"].lower(), part["args"])

    def find_end(self, part: Any) -> Any:
        """An end of an interval: a time as text, "..", a property or a function."""
        if isinstance(part, str):
            return part if part == times.UNBOUNDED else times.parse_instant(part)
        return self.find(part)

    def apply(self, name: str, arguments: list[Any]) -> Any:
        """The value of an operator or a function."""
        if name == "isnull":
            return is_null(self.find(arguments[0]))
        values = [self.find(each) for each in arguments]
        if name in LOGICAL:
            return LOGICAL[name](values)
        if name in times.NAMES:
            return compare_times(name, *values)
        if name in shapes.RELATIONS:
            return shapes.compare(name, *values)
        if name in kinds.ARITHMETIC:
            return arithmetic.calculate(name, *values)
        if name in functions.FUNCTIONS:
            return self.convert(functions.call(name, values))
        return None if None in values[:1] else OTHERS[name](*values)


def is_null(value: Any) -> bool:
    """Whether nothing is known; of an interval, whether an end is not."""
    return value is None or (isinstance(value, Interval) and None in (value.start, value.end))


def compare_times(name: str, one: Any, two: Any) -> Truth:
    """A temporal function of two instants or intervals."""
    return times.compare(name, *(each if isinstance(each, Interval) else Interval(each, each) for each in (one, two)))


def is_between(value: Any, low: Any, high: Any) -> Truth:
    """Whether low <= value <= high; unknown if any of them is, even where the other half says no.

    Source: OGC 21-065r2, /req/advanced-comparison-operators/between-predicate, C.
    """
    return None if None in (value, low, high) else bool(low <= value <= high)


def is_among(value: Any, listed: list[Any]) -> Truth:
    """Whether one of the list equals the value; unknown if none does and one is unknown."""
    return join_any(compare(value, "=", each) for each in listed)


def compare(left: Any, sign: str, right: Any) -> Truth:
    """A comparison of two values of one kind."""
    if left is None or right is None:
        return None
    return bool(COMPARE[sign](left, right))


def compare_sets(name: str, left: list[Any], right: list[Any]) -> Truth:
    """An array function; arrays are sets. Unknown where an element is."""
    if None in left or None in right:
        return None
    one, two = ({mark(each) for each in side} for side in (left, right))
    return bool(ARRAYS[name](one, two))


def mark(value: Any) -> Any:
    """An element told apart from one of another kind that Python holds equal, as True and 1 are."""
    if isinstance(value, list):
        return ("array", frozenset(mark(each) for each in value))
    known = (bool, str, datetime, date, Fraction, float)
    return next((each.__name__, value) for each in known if isinstance(value, each))


COMPARE = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
ARRAYS = {
    "a_equals": lambda one, two: one == two,
    "a_contains": lambda one, two: one >= two,
    "a_containedby": lambda one, two: one <= two,
    "a_overlaps": lambda one, two: bool(one & two),
}
LOGICAL = {"and": join_all, "or": join_any, "not": lambda values: negate(values[0])}
OTHERS: dict[str, Any] = {
    "like": lambda text, pattern: None if pattern is None else texts.is_like(text, pattern),
    "between": is_between,
    "in": is_among,
    "casei": texts.fold_case,
    "accenti": texts.fold_accents,
    **{sign: lambda left, right, sign=sign: compare(left, sign, right) for sign in COMPARE},
    **{name: lambda one, two, name=name: compare_sets(name, one, two) for name in ARRAYS},
}
