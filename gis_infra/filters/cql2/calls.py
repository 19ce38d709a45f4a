"""An operator of CQL2 with its operands as a node of the tree; both encodings come together here.

The operators are those of the JSON encoding. Source: OGC 21-065r2, clauses 6 and 7, annex C.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, refuse
from gis_infra.filters.tree import Condition, Expression

MAX_DEPTH = 60
MAX_CALLS = 30  # of functions; each is several parts of the statement within one another
MAX_PARTS = 5_000
Node = Expression | Condition

COMPARISONS: Mapping[str, tree.ComparisonOperator] = {
    each: each for each in get_args(tree.ComparisonOperator)
}  # fmt: skip
ARITHMETIC: Mapping[str, tree.ArithmeticOperator] = {each: each for each in get_args(tree.ArithmeticOperator)}
SPATIAL: Mapping[str, tree.SpatialOperator] = {f"s_{each}": each for each in get_args(tree.SpatialOperator)}
TEMPORAL: Mapping[str, tree.TemporalOperator] = {f"t_{each}": each for each in get_args(tree.TemporalOperator)}
ARRAYS: Mapping[str, tree.ArrayOperator] = {f"a_{each}": each for each in get_args(tree.ArrayOperator)}
# The others may be asked of intervals alone.
OF_INSTANTS: frozenset[tree.TemporalOperator] = frozenset({"after", "before", "disjoint", "equals", "intersects"})


def build(operator: str, operands: Sequence[Node], spot: Spot) -> Node:
    """The node of an operator or function in small letters or capitals. Raises FilterError."""
    name = operator.lower()
    if name in BUILDERS:
        return BUILDERS[name](operands, spot)
    if name in COMPARISONS:
        left, right = take_pair(name, operands, spot)
        return tree.Comparison(left, COMPARISONS[name], right, spot)
    if name in ARITHMETIC:
        left, right = take_pair(name, operands, spot)
        return tree.Arithmetic(ARITHMETIC[name], left, right, spot)
    if name in SPATIAL:
        left, right = take_pair(name, operands, spot)
        return tree.Spatial(SPATIAL[name], left, right, spot)
    if name in TEMPORAL:
        return build_temporal(name, operands, spot)
    if name in ARRAYS:
        return build_array(name, operands, spot)
    return tree.Function(operator, tuple(take_expression(each, operator, spot) for each in operands), spot)


def take_pair(name: str, operands: Sequence[Node], spot: Spot) -> tuple[Expression, Expression]:
    """The two operands of an operator. Raises FilterError for another number, or for conditions."""
    require_count(name, operands, 2, spot)
    left, right = (take_expression(each, name, spot) for each in operands)
    return left, right


def require_count(name: str, operands: Sequence[Node], count: int, spot: Spot) -> None:
    """Return if there are so many operands. Raises FilterError."""
    if len(operands) != count:
        raise refuse(f"{name} has {count} operand{'s' if count > 1 else ''}, got {len(operands)}", spot)


def take_expression(node: Node, name: str, spot: Spot) -> Expression:
    """The node as a value. Raises FilterError for a condition."""
    if isinstance(node, tree.Truth):
        return node.expression
    if isinstance(node, Condition):
        raise refuse(f"{name} needs a value, and got a condition", spot)
    return node


def take_condition(node: Node, spot: Spot) -> Condition:
    """The node as a condition: a bare value is asked whether it is true. Raises FilterError for what never is."""
    if isinstance(node, Condition):
        return node
    if isinstance(node, tree.Property | tree.Function):
        return tree.Truth(node)
    if isinstance(node, tree.Literal) and isinstance(node.value, bool):
        return tree.Truth(node)
    raise refuse("a condition is needed here, and got a value", node.spot or spot)


def build_and(operands: Sequence[Node], spot: Spot) -> Node:
    """All of two or more."""
    return tree.And(take_parts("and", operands, spot))


def build_or(operands: Sequence[Node], spot: Spot) -> Node:
    """Any of two or more."""
    return tree.Or(take_parts("or", operands, spot))


def take_parts(name: str, operands: Sequence[Node], spot: Spot) -> tuple[Condition, ...]:
    """Two or more conditions. Raises FilterError."""
    if len(operands) < 2:
        raise refuse(f"{name} has two operands or more, got {len(operands)}", spot)
    return tuple(take_condition(each, spot) for each in operands)


def build_not(operands: Sequence[Node], spot: Spot) -> Node:
    """The contrary of one."""
    require_count("not", operands, 1, spot)
    return tree.Not(take_condition(operands[0], spot))


def build_like(operands: Sequence[Node], spot: Spot) -> Node:
    """A text and its pattern."""
    left, right = take_pair("like", operands, spot)
    return tree.Like(left, right, spot)


def build_between(operands: Sequence[Node], spot: Spot) -> Node:
    """A value and its bounds."""
    require_count("between", operands, 3, spot)
    value, low, high = (take_expression(each, "between", spot) for each in operands)
    return tree.Between(value, low, high, spot)


def build_in(operands: Sequence[Node], spot: Spot) -> Node:
    """A value and a list of others."""
    value, options = take_pair("in", operands, spot)
    if not isinstance(options, tree.Items) or not options.items:
        raise refuse("in has a value and a list of at least one value", spot)
    return tree.In(value, options.items, spot)


def build_null(operands: Sequence[Node], spot: Spot) -> Node:
    """One operand, a condition or a value."""
    require_count("isNull", operands, 1, spot)
    operand = operands[0]
    return tree.IsNull(operand.expression if isinstance(operand, tree.Truth) else operand)


def build_casei(operands: Sequence[Node], spot: Spot) -> Node:
    """One text."""
    require_count("casei", operands, 1, spot)
    return tree.Casei(take_expression(operands[0], "casei", spot), spot)


def build_accenti(operands: Sequence[Node], spot: Spot) -> Node:
    """One text."""
    require_count("accenti", operands, 1, spot)
    return tree.Accenti(take_expression(operands[0], "accenti", spot), spot)


def build_temporal(name: str, operands: Sequence[Node], spot: Spot) -> Node:
    """Two times; most relations are of intervals alone.

    Raises FilterError. Source: OGC 21-065r2, the tables of /req/temporal-functions/temporal-functions.
    """
    operator = TEMPORAL[name]
    sides = take_pair(name, operands, spot)
    for side in sides:
        if operator not in OF_INSTANTS and not isinstance(side, tree.Interval):
            reason = f"{name} compares intervals, and got a moment; write one as INTERVAL(first, last)"
            raise refuse(reason, side.spot or spot)
    return tree.Temporal(operator, *sides, spot)


def build_array(name: str, operands: Sequence[Node], spot: Spot) -> Node:
    """Two arrays; a value alone in brackets is an array of one."""
    left, right = (
        tree.Items((each,), each.spot) if isinstance(each, tree.Literal) else each
        for each in take_pair(name, operands, spot)
    )
    return tree.ArrayRelation(ARRAYS[name], left, right, spot)


BUILDERS: Mapping[str, Callable[[Sequence[Node], Spot], Node]] = {
    "and": build_and,
    "or": build_or,
    "not": build_not,
    "like": build_like,
    "between": build_between,
    "in": build_in,
    "isnull": build_null,
    "casei": build_casei,
    "accenti": build_accenti,
}


def build_interval(start: Node, end: Node, spot: Spot) -> tree.Interval:
    """An interval between two moments; the text ".." is an open end. Raises FilterError."""
    return tree.Interval(take_end(start, spot), take_end(end, spot), spot)


def take_end(node: Node, spot: Spot) -> Expression | None:
    """One end of an interval: a moment, a property or a function; None where it is open. Raises FilterError."""
    end = take_expression(node, "interval", spot)
    if isinstance(end, tree.Literal) and end.value == "..":
        return None
    if not isinstance(end, tree.Literal | tree.Property | tree.Function):
        raise refuse("an interval has moments, properties or '..' at its ends", end.spot or spot)
    return end


def require_bounded(condition: Condition) -> None:
    """Return if the condition has not too many parts, nor too many within one another.

    Counted without recursion, since whatever reads the tree after this goes as deep as it does. Raises FilterError.
    """
    level: list[tuple[Node, int]] = [(condition, 0)]  # each with the functions it stands in
    depth, parts = 0, 0
    while level:
        depth, parts = depth + 1, parts + len(level)
        if depth > MAX_DEPTH:
            raise refuse(f"the filter has parts within more than {MAX_DEPTH} others", get_spot(level[0][0]))
        if parts > MAX_PARTS:
            raise refuse(f"the filter has more than {MAX_PARTS} parts", None)
        inner = [(node, calls + isinstance(node, tree.Function)) for node, calls in level]
        deepest = next((node for node, calls in inner if calls > MAX_CALLS), None)
        if deepest is not None:
            raise refuse(f"the filter has functions within more than {MAX_CALLS} others", get_spot(deepest))
        level = [(child, calls) for node, calls in inner for child in iterate_children(node)]


def get_spot(node: Node) -> Spot | None:
    """Where a node stands, if that is known."""
    return getattr(node, "spot", None)


def iterate_children(node: Node) -> list[Node]:
    """The parts of a node."""
    children: list[Node] = []
    for value in vars(node).values():
        if isinstance(value, tuple):
            children += [each for each in value if isinstance(each, Node)]
        elif isinstance(value, Node):
            children.append(value)
    return children
