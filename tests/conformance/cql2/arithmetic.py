"""Arithmetic of CQL2 on exact fractions, or on floats, as the caller's numbers are.

What has no result (a division by zero, a root of a negative number, a result past every float) is unknown: None.
Source: OGC 21-065r2, /req/arithmetic/arithmetic. The standard does not say how `div` rounds; it is taken to cut towards
zero, and `%` to be what is left then, as in SQL.
"""

import math
from fractions import Fraction

Number = Fraction | float


def calculate(operator: str, left: Number | None, right: Number | None) -> Number | None:
    """The value of `left operator right`; None if an operand is unknown or there is no such number."""
    if left is None or right is None:
        return None
    if operator in ("/", "div", "%") and right == 0:
        return None
    try:
        found = OPERATIONS[operator](left, right)
        return None if isinstance(found, complex) or not math.isfinite(found) else found
    except (OverflowError, ZeroDivisionError):
        return None


def divide_whole(left: Number, right: Number) -> Number:
    """The quotient without what is behind its point."""
    return type(left)(math.trunc(left / right))


def find_rest(left: Number, right: Number) -> Number:
    """What `divide_whole` leaves; it has the sign of `left`."""
    return left - right * math.trunc(left / right)


def raise_to(left: Number, right: Number) -> Number:
    """A power. Raises OverflowError where it is too large to be worth having."""
    if abs(right) > 64:
        return float(left) ** float(right)
    return left**right


OPERATIONS = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "div": divide_whole,
    "%": find_rest,
    "^": raise_to,
}
