"""Comparison operators of XML filters: values compared, ranges, patterns, missing values.

Every property here has one value or none, so all three of matchAction mean the same.
"""

from collections.abc import Callable, Mapping

from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.filters import tree
from gis_infra.filters.fes.document import get_local_name
from gis_infra.filters.fes.expressions import find_kind, read_pair, read_text, read_value
from gis_infra.filters.fes.frames import FilterFrame, is_name, read_property, refuse
from gis_infra.filters.sql.terms import ID
from gis_infra.filters.tree import ComparisonOperator, Condition

COMPARISONS: Mapping[str, ComparisonOperator] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThan": ">",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
MIRRORED: Mapping[ComparisonOperator, ComparisonOperator] = {
    "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
MATCH_ACTIONS = ("All", "Any", "One")


def read_comparison(element: etree._Element, frame: FilterFrame) -> Condition:
    """Two expressions compared; a literal comes second. Raises InvalidParameter, UnsupportedFilter, UnknownProperty.

    Source: OGC 09-026r2 clause 7.7.3.2.
    """
    name = get_local_name(element)
    operator = COMPARISONS[name]
    if len(element) != 2:
        raise refuse(f"{name} compares two operands, got {len(element)}")
    require_match_action(element)
    left, right = read_pair(element[0], element[1], frame)
    if isinstance(left, tree.Literal) and not isinstance(right, tree.Literal):
        left, right, operator = right, left, MIRRORED[operator]
    if read_match_case(element) or not is_text(left, frame):
        return tree.Comparison(left, operator, right)
    return tree.Comparison(tree.Casei(left), operator, tree.Casei(right))


def require_match_action(element: etree._Element) -> None:
    """Return if the attribute is one of the standard's. Raises InvalidParameter."""
    written = element.get("matchAction", "Any")
    if written not in MATCH_ACTIONS:
        raise refuse(f"matchAction is one of {', '.join(MATCH_ACTIONS)}, got {written[:40]!r}")


def is_text(expression: tree.Expression, frame: FilterFrame) -> bool:
    """Whether an expression has text as its value."""
    if isinstance(expression, tree.Literal):
        return isinstance(expression.value, str)
    return find_kind(expression, frame) == "text"


def read_between(element: etree._Element, frame: FilterFrame) -> Condition:
    """An expression from a lower to an upper bound, both included. Source: OGC 09-026r2 clause 7.7.3.7."""
    require_match_action(element)
    parts = {get_local_name(child): child for child in element}
    bounds = [parts.pop("LowerBoundary", None), parts.pop("UpperBoundary", None)]
    if len(parts) != 1 or len(element) != 3 or any(bound is None or len(bound) != 1 for bound in bounds):
        raise refuse("PropertyIsBetween holds an expression, a LowerBoundary and an UpperBoundary of one each")
    (subject,) = parts.values()
    (value, low), (_, high) = (read_pair(subject, bound[0], frame) for bound in bounds if bound is not None)
    return tree.Between(value, low, high)


def read_like(element: etree._Element, frame: FilterFrame) -> Condition:
    """Text like a pattern. Raises InvalidParameter if what is compared is not text.

    Source: OGC 09-026r2 clause 7.7.3.4; OGC 02-059 clause 9 for the attribute `escape`.
    """
    if len(element) != 2:
        raise refuse("PropertyIsLike holds an expression and a literal")
    text = read_value(element[0], frame)
    if not is_text(text, frame):
        where = text.name if isinstance(text, tree.Property) else "filter"
        raise InvalidParameter(
            f"PropertyIsLike needs text, and {where} is of type {find_kind(text, frame)}", where=where
        )
    escape = element.get("escapeChar", element.get("escape", "\\"))
    wildcards = {element.get("wildCard", "*"): "%", element.get("singleChar", "?"): "_"}
    pattern = tree.Literal(to_sql_pattern(read_text(element[1]), wildcards, escape))
    return tree.Like(text, pattern) if read_match_case(element) else tree.Like(tree.Casei(text), tree.Casei(pattern))


def to_sql_pattern(pattern: str, wildcards: Mapping[str, str], escape: str) -> str:
    """The same pattern in the wildcards of SQL, with the backslash as escape.

    wildcards: the pattern's own characters for any run and for one character -> % and _.
    """
    result: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            result.append(escape_for_sql(next(characters, escape)))
        elif character in wildcards:
            result.append(wildcards[character])
        else:
            result.append(escape_for_sql(character))
    return "".join(result)


def escape_for_sql(character: str) -> str:
    """A character of a LIKE pattern that stands for itself."""
    return f"\\{character}" if character in "%_\\" else character


def read_null(element: etree._Element, frame: FilterFrame) -> Condition:
    """PropertyIsNull: an expression without value, whose element is left out of a feature.

    Source: OGC 09-026r2 clause 7.7.3.5.
    """
    operand = read_operand(element, frame)
    return tree.Or(()) if isinstance(operand, tree.Property) and operand.name == ID else tree.IsNull(operand)


def read_nil(element: etree._Element, frame: FilterFrame) -> Condition:
    """PropertyIsNil: an element that is there and says that it has no value. Features here have none such.

    Source: OGC 09-026r2 clause 7.7.3.6.
    """
    read_operand(element, frame)
    return tree.Or(())


def read_operand(element: etree._Element, frame: FilterFrame) -> tree.Expression:
    """The one expression an operator is of; it may be the geometry. Raises InvalidParameter for any other number."""
    if len(element) != 1:
        raise refuse(f"{get_local_name(element)} holds one property")
    return read_property(element[0], frame) if is_name(element[0]) else read_value(element[0], frame)


def read_match_case(element: etree._Element) -> bool:
    """Whether case counts; it does unless the filter says otherwise."""
    return element.get("matchCase", "true").strip().lower() not in {"false", "0"}


READERS: Mapping[str, Callable[[etree._Element, FilterFrame], Condition]] = {
    **dict.fromkeys(COMPARISONS, read_comparison),
    "PropertyIsBetween": read_between,
    "PropertyIsLike": read_like,
    "PropertyIsNull": read_null,
    "PropertyIsNil": read_nil,
}
