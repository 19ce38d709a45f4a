"""Numbers made of numbers. No arithmetic ends a statement: what has no result (a division by zero) is unknown.

An error of the database would tell of rows that the caller may not see, since it comes before permission is asked of
the row. Whole numbers are added, subtracted, multiplied and divided to whole ones as `numeric`, which loses no digit.
"""

from typing import Any

from sqlalchemy import ColumnElement, Double, Numeric, cast, func, literal

from gis_infra.filters.spots import Spot, refuse
from gis_infra.filters.sql.terms import NUMBERS, Term
from gis_infra.filters.tree import ArithmeticOperator


def calculate(operator: ArithmeticOperator, left: Term, right: Term, spot: Spot | None) -> Term:
    """`left operator right`; unknown where either is. Raises FilterError if one is no number.

    Source: OGC 21-065r2, /req/arithmetic/arithmetic.
    """
    for term in (left, right):
        if term.kind not in NUMBERS:
            raise refuse(f"{operator} needs numbers, and {term.name} is {term.kind}", term.spot or spot)
    if left.kind == right.kind == "integer" and operator not in ("/", "^"):
        return Term("integer", calculate_whole(operator, to_numeric(left), to_numeric(right)), computed=True, spot=spot)
    result = func.gis.calculate(operator, to_double(left), to_double(right), type_=Double)
    return Term("number", result, computed=True, spot=spot)


def calculate_whole(
    operator: ArithmeticOperator, left: ColumnElement[Any], right: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The same of two whole numbers; `div` cuts off towards zero, `%` has the sign of `left`."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "div":
            return func.div(left, func.nullif(right, literal(0, Numeric)), type_=Numeric)
        case _:
            return func.mod(left, func.nullif(right, literal(0, Numeric)), type_=Numeric)


def to_numeric(term: Term) -> ColumnElement[Any]:
    """A whole number as `numeric`."""
    return term.element if term.computed else cast(term.element, Numeric)


def to_double(term: Term) -> ColumnElement[Any]:
    """A number as double precision; a whole one beyond its range is unknown."""
    if term.kind == "number":
        return term.element
    return func.gis.to_double(cast(term.element, Numeric), type_=Double)
