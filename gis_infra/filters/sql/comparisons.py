"""Values compared with values, in SQL."""

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, and_, case, cast, false, func, literal, or_

from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, refuse
from gis_infra.filters.sql.arithmetic import to_double
from gis_infra.filters.sql.binding import bind_beside
from gis_infra.filters.sql.expressions import to_term
from gis_infra.filters.sql.terms import MOMENTS, NUMBERS, Scope, Term, is_geometry

OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
UTC_NAME = "UTC"


def compare(condition: tree.Comparison, scope: Scope) -> ColumnElement[bool]:
    """`left operator right`; unknown where either is.

    Raises UnknownProperty, InvalidParameter for a value that does not fit its field, FilterError for two types that
    cannot be compared.
    Source: OGC 21-065r2, /req/basic-cql2/binary-comparison-predicate.
    """
    left, right = to_pair(condition.left, condition.right, scope)
    return operate(condition.operator, left, right, condition.spot)


def operate(operator: str, left: Term, right: Term, spot: Spot | None) -> ColumnElement[bool]:
    """The comparison of two terms. Raises FilterError if their types cannot be compared so."""
    first, second = align(left, right, spot)
    result: ColumnElement[bool] = OPERATORS[operator](first, second)
    return result


def to_pair(left: tree.Expression, right: tree.Expression, scope: Scope) -> tuple[Term, Term]:
    """Both sides as SQL, a literal read as the type of the other side. Raises as `compare` does."""
    if isinstance(right, tree.Literal) and not isinstance(left, tree.Literal):
        term = to_term(left, scope)
        return term, bind_beside(right, term)
    if isinstance(left, tree.Literal) and not isinstance(right, tree.Literal):
        term = to_term(right, scope)
        return bind_beside(left, term), term
    return to_term(left, scope), to_term(right, scope)


def align(left: Term, right: Term, spot: Spot | None) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Both elements as one type. Raises FilterError if there is none."""
    if left.kind in NUMBERS and right.kind in NUMBERS:
        mixed = left.kind != right.kind and (left.computed or right.computed)
        return (to_double(left), to_double(right)) if mixed else (left.element, right.element)
    if left.kind in MOMENTS and right.kind in MOMENTS:
        return (left.element, right.element) if left.kind == right.kind else (to_moment(left), to_moment(right))
    if left.kind != right.kind:
        raise refuse(f"{left.name} is {left.kind} and cannot be compared with {right.kind}", right.spot or spot)
    return left.element, right.element


def to_moment(term: Term) -> ColumnElement[Any]:
    """A moment; of a date its start in UTC."""
    if term.kind == "timestamp":
        return term.element
    return func.timezone(UTC_NAME, cast(term.element, DateTime), type_=DateTime(timezone=True))


def select_between(condition: tree.Between, scope: Scope) -> ColumnElement[bool]:
    """`low <= value AND value <= high`; unknown if either bound is, even where the other one says no.

    Raises as `compare` does. Source: OGC 21-065r2, /req/advanced-comparison-operators/between-predicate, C.
    """
    value = condition.value
    first, low = to_pair(value, condition.low, scope)
    second, high = to_pair(value, condition.high, scope)
    between = and_(operate(">=", first, low, condition.spot), operate("<=", second, high, condition.spot))
    bounds = ((condition.low, low), (condition.high, high))
    known = [bound.element.is_not(None) for expression, bound in bounds if not isinstance(expression, tree.Literal)]
    return case((and_(*known), between)) if known else between


def select_in(condition: tree.In, scope: Scope) -> ColumnElement[bool]:
    """True where the value equals one of the options; no options is false. Raises as `compare` does."""
    value = condition.value
    pairs = [to_pair(value, option, scope) for option in condition.options]
    aligned = [align(left, right, condition.spot) for left, right in pairs]
    kinds = {(str(first.type), str(second.type)) for first, second in aligned}
    if len(kinds) == 1:
        return aligned[0][0].in_([second for _, second in aligned])
    return or_(false(), *(first == second for first, second in aligned))


def select_like(condition: tree.Like, scope: Scope) -> ColumnElement[bool]:
    """`text LIKE pattern`; a field that is not text is compared as it is written.

    Raises FilterError for a pattern that is no text or ends in the middle of an escape, and as `to_term` does.
    Source: OGC 21-065r2, /req/advanced-comparison-operators/like-predicate.
    """
    pattern = condition.pattern
    while isinstance(pattern, tree.Casei | tree.Accenti):
        pattern = pattern.text
    if not isinstance(pattern, tree.Literal) or not isinstance(pattern.value, str):
        raise refuse("LIKE needs a pattern in quotes, in CASEI or ACCENTI or bare", condition.pattern.spot)
    if (len(pattern.value) - len(pattern.value.rstrip("\\"))) % 2:
        raise refuse("the pattern of LIKE ends in an escape that escapes nothing", pattern.spot)
    text = to_term(condition.text, scope)
    element = text.element if text.kind == "text" else cast(text.element, Text)
    return element.like(to_term(condition.pattern, scope).element, escape="\\")


def is_null(operand: tree.Expression, scope: Scope) -> ColumnElement[bool]:
    """True where the expression has no value. Raises as `to_term` does."""
    if is_geometry(operand):
        return scope.get_of(operand).table.c.geom.is_(None) if isinstance(operand, tree.Property) else false()
    return to_term(operand, scope).element.is_(None)


def is_true(expression: tree.Expression, scope: Scope) -> ColumnElement[bool]:
    """The boolean value itself. Raises FilterError if it is of another type."""
    if isinstance(expression, tree.Literal) and isinstance(expression.value, bool):
        return literal(expression.value)
    term = to_term(expression, scope)
    if term.kind != "boolean":
        raise refuse(f"{term.name} is {term.kind}, and a condition is true or false", term.spot)
    return term.element
