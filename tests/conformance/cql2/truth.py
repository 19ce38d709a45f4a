"""The truth table of CQL2: true, false, and unknown, which is None here.

Source: OGC 21-065r2, clause 6.2, "Truth table of evaluating CQL2 predicates".
"""

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """NOT: what is unknown stays unknown."""
    return None if value is None else not value


def join_all(values: Iterable[Truth]) -> Truth:
    """AND: one false is enough, else one unknown is."""
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def join_any(values: Iterable[Truth]) -> Truth:
    """OR: one true is enough, else one unknown is."""
    return negate(join_all(negate(value) for value in values))
