"""The partitions of a city: squares of the plan joined to boxes that hold about as many assets each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, and_, cast, func, select, union_all

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_present, select_radius
from gis_infra.catalogue.tables import LayerTables

SQUARE_M = 100.0

Square = tuple[int, int]


@dataclass(frozen=True)
class Partition:
    """The assets whose middle lies in a box, counted in squares of SQUARE_M; the lower edges belong to it.

    Every asset is of one partition. Its conflicts as the left side are found there and nowhere else.
    """

    number: int
    column_from: int
    row_from: int
    column_to: int
    row_to: int

    def select_own(self, table: FromClause, srid: int) -> ColumnElement[bool]:
        """True for rows of a layer that are of this partition; the index on the geometry is asked with it."""
        column, row = select_square(table)
        corners = (self.column_from, self.row_from, self.column_to, self.row_to)
        box = func.st_makeenvelope(*(each * SQUARE_M for each in corners), srid)
        return and_(
            table.c.geom.op("&&")(func.st_expand(box, 1.0)),
            column >= self.column_from,
            column < self.column_to,
            row >= self.row_from,
            row < self.row_to,
        )


def select_square(table: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The column and the row of the square in which the middle of a row's bounding box lies."""
    x = (func.st_xmin(table.c.geom) + func.st_xmax(table.c.geom)) / 2
    y = (func.st_ymin(table.c.geom) + func.st_ymax(table.c.geom)) / 2
    return cast(func.floor(x / SQUARE_M), BigInteger), cast(func.floor(y / SQUARE_M), BigInteger)


def plan(connection: Connection, tables: LayerTables, layers: Sequence[str], most: int) -> list[Partition]:
    """The partitions of a city, none if there is nothing in it.

    most: assets of one partition; more only where they crowd in a single square.
    """
    counts = count_squares(connection, tables, layers)
    boxes = split(list(counts.items()), most) if counts else []
    return [to_partition(number, [square for square, _ in box]) for number, box in enumerate(boxes)]


def read_widest(connection: Connection, ground: Ground, layers: Iterable[str]) -> Mapping[str, float]:
    """Layer id -> the largest radius of its assets, metres; 0 where none has a size."""
    widest = {}
    for layer_id in layers:
        table = ground.tables.get(layer_id)
        radius = func.max(select_radius(table, layer_id, ground.book.sizes))
        query = select(func.coalesce(radius, 0.0)).select_from(table).where(select_present(table))
        widest[layer_id] = float(connection.execute(query).scalar_one())
    return widest


def count_squares(connection: Connection, tables: LayerTables, layers: Sequence[str]) -> Mapping[Square, int]:
    """Square -> assets of the layers whose middle lies in it; squares without any are left out."""
    if not layers:
        return {}
    found = union_all(*(select_counts(tables.get(each)) for each in layers)).subquery()
    total = select(found.c.column, found.c.row, func.sum(found.c.count)).group_by(found.c.column, found.c.row)
    return {(column, row): int(count) for column, row, count in connection.execute(total)}


def select_counts(table: FromClause) -> Any:
    """Column and row of each square, and the assets of one layer in it."""
    column, row = select_square(table)
    counted = select(column.label("column"), row.label("row"), func.count().label("count"))
    return counted.where(select_present(table)).group_by(column, row)


def split(squares: list[tuple[Square, int]], most: int) -> list[list[tuple[Square, int]]]:
    """Squares in groups of about equal weight, none above `most` unless it cannot be cut; groups never overlap.

    A group is cut across its longer side, at the line that leaves about half of the weight on either side.
    """
    if sum(count for _, count in squares) <= most or len(squares) == 1:
        return [squares]
    columns = {column for (column, _), _ in squares}
    rows = {row for (_, row), _ in squares}
    axis = 0 if max(columns) - min(columns) >= max(rows) - min(rows) else 1
    cut = find_cut(squares, axis)
    below = [each for each in squares if each[0][axis] < cut]
    above = [each for each in squares if each[0][axis] >= cut]
    return [*split(below, most), *split(above, most)]


def find_cut(squares: Sequence[tuple[Square, int]], axis: int) -> int:
    """The column (axis 0) or row (axis 1) at which the second half begins; there are squares on either side."""
    places = sorted(((square[axis], count) for square, count in squares), key=itemgetter(0))
    half = sum(count for _, count in places) / 2
    first, passed = places[0][0], 0
    for place, count in places:
        if passed >= half and place > first:
            return place
        passed += count
    return places[-1][0]


def to_partition(number: int, squares: Sequence[Square]) -> Partition:
    """The box around squares."""
    columns, rows = [column for column, _ in squares], [row for _, row in squares]
    return Partition(number, min(columns), min(rows), max(columns) + 1, max(rows) + 1)
