"""The figures of a layer as one SELECT that reads each row once. Builds SQL and runs nothing."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Select,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
)

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.figures.model import AGES, FUTURE, Breakdown, Question, find_measure, list_breakdowns
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import get_source, select_visible


def select_figures(tables: LayerTables, question: Question, layer: Layer) -> Select[Any]:
    """One row for each combination of values that occurs: a column for each breakdown, and the sums.

    Sums: features, size (metres or square metres), without_shape. One plain GROUP BY, because GROUPING SETS are never
    counted by several workers. Raises UnknownLayer where the actor may not see the layer.
    """
    question.actor.require("read", layer)
    row = select_rows(tables, question, layer).subquery("row")
    keys = [row.c[name] for name in list_breakdowns(layer)]
    return select(
        *keys,
        func.count().label("features"),
        func.coalesce(func.sum(row.c.size), 0.0).label("size"),
        func.count().filter(row.c.is_shapeless).label("without_shape"),
    ).group_by(*keys)


def select_rows(tables: LayerTables, question: Question, layer: Layer) -> Select[Any]:
    """Each row the actor may see: its value in every breakdown, its size, whether it has no shape."""
    table = get_source(tables, FeatureQuery(layer, question.actor, as_of=question.as_of))
    visible = select_visible(table, layer, question.actor)
    keys = [select_key(table, name, question).label(name) for name in list_breakdowns(layer)]
    shapeless = table.c.geom.is_(None).label("is_shapeless")
    rows = select(*keys, select_size(table, layer).label("size"), shapeless)
    return rows if visible is None else rows.where(visible)


def select_key(table: FromClause, breakdown: Breakdown, question: Question) -> ColumnElement[Any]:
    """The value of a row in a breakdown."""
    if breakdown != "age":
        return table.c[breakdown]
    installed = table.c.installed_on
    # Days are compared, not ages made: `age` for each row took longer than the rest of the figures.
    classes = [(installed <= subtract_years(question.day, least), str(least)) for least in reversed(AGES)]
    return case((installed.is_(None), cast(null(), Text)), (installed > question.day, FUTURE), *classes)


def subtract_years(day: date, years: int) -> date:
    """The same day so many years before; of the 29th of February the 28th where the year has no such day.

    What was installed by then has reached that age on `day`, as PostgreSQL's `age` has it.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=day.day - 1)


def select_size(table: FromClause, layer: Layer) -> ColumnElement[Any]:
    """Metres of a line, square metres of an area, nothing of a point; on the ground plan."""
    measure = find_measure(layer)
    if measure == "length":
        return func.st_length(table.c.geom, type_=Double)
    return func.st_area(table.c.geom, type_=Double) if measure == "area" else cast(literal(0.0), Double)
