"""Shapes and attributes of rows that methods need besides places."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Table, and_, func, not_, select

from gis_infra.analysis.coverage.methods.model import Ground, Objects

TOGETHER = 50_000  # rows that one statement asks for by id


def select_shaped(table: Table) -> ColumnElement[bool]:
    """True for rows that are somewhere."""
    return and_(table.c.geom.is_not(None), not_(func.st_isempty(table.c.geom)))


def mend(wkb: Sequence[bytes]) -> Objects:
    """The shapes of these WKB texts, areas that cross themselves mended."""
    shapes = np.asarray(shapely.from_wkb(to_objects(wkb)), dtype=object)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def to_objects(values: Sequence[Any]) -> Objects:
    """Values as a column of objects."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def read_attributes(ground: Ground, layer: str, ids: NDArray[np.int64], fields: Sequence[str | None]) -> list[Objects]:
    """The attributes of the rows of these ids, one column a field in the order of the ids.

    None where it is not recorded, where there is no such row, and where the layer has no such attribute.
    """
    columns = [np.full(len(ids), None, dtype=object) for _ in fields]
    table = ground.tables.get(layer)
    named = [(column, name) for column, name in zip(columns, fields, strict=True) if name is not None]
    known = [(column, table.c[name]) for column, name in named if name in table.c]
    places = {number: place for place, number in enumerate(ids.tolist())}
    for start in range(0, len(ids) if known else 0, TOGETHER):
        wanted = ids[start : start + TOGETHER].tolist()
        statement = select(table.c.id, *(source for _, source in known)).where(table.c.id == func.any(wanted))
        for row in ground.connection.execute(statement):
            for (column, _), value in zip(known, row[1:], strict=True):
                column[places[row.id]] = value
    return columns


def to_numbers(column: Objects) -> NDArray[np.float64]:
    """A column of numbers or None as float64, nan for None."""
    return np.array([np.nan if value is None else float(value) for value in column], dtype=np.float64)
