"""Assets whose attributes contradict each other: checks of layers that are told as conflicts, by rules."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    FromClause,
    Integer,
    Select,
    Text,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.neighbours import describe_asset, describe_nothing, select_middle
from gis_infra.analysis.conflicts.matching import select_member, select_present
from gis_infra.analysis.rules.model import Member, Rule
from gis_infra.catalogue.definitions import TODAY, Check, Layer, Term
from gis_infra.catalogue.units import ALL_UNITS, get_ratio
from gis_infra.features.validation import SLACK

Said = list[tuple[int, Rule, Member]]


def select_contradictions(
    ground: Ground, layer_id: str, said: Said, focus: Focus | None
) -> Iterator[Select[tuple[object, ...]]]:
    """Assets of a layer for which a rule's check does not hold, as rows of `scratch.FINDING`; one SELECT a rule.

    Of the rules with one check the first that fits an asset counts.
    """
    if focus is not None and not focus.is_touched(layer_id):
        return
    table: Any = ground.tables.get(layer_id).alias("asset")
    layer = ground.catalogue.get_layer(layer_id)
    earlier: dict[str, list[ColumnElement[bool]]] = {}
    for number, rule, member in said:
        if rule.check is None:
            continue
        fit = select_member(table, member)
        before = earlier.setdefault(rule.check.text, [])
        found = select_broken(table, layer, number, rule.check).where(fit, not_(or_(false(), *before)))
        yield found if focus is None else found.where(focus.select_in(layer_id, table))
        before.append(fit)


def select_broken(table: Any, layer: Layer, number: int, check: Check) -> Select[tuple[object, ...]]:
    """Assets for which the check does not hold."""
    flat = func.st_force2d(table.c.geom)
    is_line = func.geometrytype(flat) == "LINESTRING"
    return select(
        literal(number, Integer), literal("violation"), cast(null(), Text), literal(1, Integer), literal(0.0, Double),
        select_difference(table, layer, check), literal(0.0, Double), literal(True), cast(null(), Double),
        case((is_line, func.st_length(flat)), else_=0.0), select_middle(flat), flat,
        *describe_asset(table, layer.id), *describe_nothing(),
    ).where(select_present(table), not_(func.coalesce(select_held(table, layer, check), True)))  # fmt: skip


def select_held(table: Any, layer: Layer, check: Check) -> ColumnElement[bool]:
    """Whether the check holds; null where a value is missing, true where the check does not apply.

    As `features.validation.hold` does it for rows that come in.
    """
    holds = compare_dates(table, check) if is_of_dates(layer, check) else compare_sums(table, layer, check)
    exempt = [func.coalesce(table.c[name].in_(codes), False) for name, codes in check.unless.items()]
    return or_(holds, *exempt)


def is_of_dates(layer: Layer, check: Check) -> bool:
    """Whether dates are compared."""
    return layer.get_field(check.field_names[0]).type == "date"


def compare_dates(table: FromClause, check: Check) -> ColumnElement[bool]:
    """Whether two dates, or one and the day of the run, compare as they must."""
    left, right = (
        cast(func.current_date(), Date) if terms[0].value == TODAY else table.c[str(terms[0].value)]
        for terms in (check.left, check.right)
    )
    return {
        "<": left < right, "<=": left <= right, "=": left == right, ">=": left >= right, ">": left > right,
    }[check.comparison]  # fmt: skip


def compare_sums(table: FromClause, layer: Layer, check: Check) -> ColumnElement[bool]:
    """Whether two sums compare as they must; what decimals lose in binary is not held against them."""
    left, right = add_terms(table, layer, check, check.left), add_terms(table, layer, check, check.right)
    difference = left - right
    slack = (func.abs(left) + func.abs(right) + 1.0) * SLACK
    return {
        "<": difference < -slack,
        "<=": difference <= slack,
        "=": func.abs(difference) <= slack + check.tolerance,
        ">=": difference >= -slack,
        ">": difference > slack,
    }[check.comparison]


def add_terms(table: FromClause, layer: Layer, check: Check, terms: tuple[Term, ...]) -> ColumnElement[float]:
    """The sum of a side, in the unit of the check."""
    total: ColumnElement[float] = literal(0.0, Double)
    for term in terms:
        if isinstance(term.value, str):
            ratio = find_ratio(layer.get_field(term.value).unit, check.unit)
            amount: ColumnElement[float] = cast(table.c[term.value], Double) * ratio
        else:
            amount = literal(float(term.value), Double)
        total = total + amount if term.sign > 0 else total - amount
    return total


def find_ratio(unit: str | None, target: str | None) -> float:
    """What a number of one unit is multiplied with to be of the other; 1 where one of them has none."""
    return float(get_ratio(unit, target)) if unit and target else 1.0


def select_difference(table: FromClause, layer: Layer, check: Check) -> ColumnElement[float]:
    """The left side less the right one, metres where they are lengths; 0 for dates."""
    if is_of_dates(layer, check):
        return literal(0.0, Double)
    is_length = check.unit is not None and ALL_UNITS[check.unit].quantity == "length"
    difference = add_terms(table, layer, check, check.left) - add_terms(table, layer, check, check.right)
    return difference * (find_ratio(check.unit, "m") if is_length else 1.0)
