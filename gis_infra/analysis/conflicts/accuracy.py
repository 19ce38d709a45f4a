"""How far a row may lie from where it is drawn, as SQL. Runs nothing. Meaning: docs/conflicts.md, "Accuracy"."""

from typing import Literal

from sqlalchemy import ColumnElement, Double, FromClause, and_, case, cast, func, literal, or_

from gis_infra.analysis.rules.accuracy import Accuracy, Levels

Direction = Literal["horizontal", "vertical"]


def select_accuracy(table: FromClause, given: Accuracy, direction: Direction) -> ColumnElement[float]:
    """Metres either way: what is recorded, else by quality level, else what counts for unrecorded; never null."""
    levels = find_levels(given, direction)
    by_level = [(table.c.quality_level == code, literal(metres, Double)) for code, metres in levels.metres.items()]
    implied = case(*by_level, else_=given.unrecorded_m) if by_level else literal(given.unrecorded_m, Double)
    return cast(func.least(func.coalesce(table.c[f"{direction}_accuracy_m"], implied), given.largest_m), Double)


def select_known(table: FromClause, given: Accuracy, direction: Direction) -> ColumnElement[bool]:
    """True for rows whose accuracy is recorded, or implied by their quality level."""
    levels = find_levels(given, direction).metres
    implied = and_(table.c.quality_level.is_not(None), table.c.quality_level.in_(list(levels)))
    return or_(table.c[f"{direction}_accuracy_m"].is_not(None), implied)


def find_levels(given: Accuracy, direction: Direction) -> Levels:
    """What the quality levels are good for in that direction."""
    return given.horizontal if direction == "horizontal" else given.vertical
