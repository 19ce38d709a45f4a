"""The assets that clearance rules speak of, and the cells of a grid in which their boxes meet. Runs nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Double,
    FromClause,
    Integer,
    Select,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.types import NullType

from gis_infra.analysis.conflicts.accuracy import select_accuracy
from gis_infra.analysis.conflicts.clearance.joining import Joining
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_member, select_present, select_radius

ROW = 4194304.0  # cells of one column are numbered upwards, and never reach the next column's


@dataclass(frozen=True)
class Grid:
    """Squares of the plan in which assets meet: cell_m is their side, large enough for any box that is put whole."""

    ground: Ground
    joining: Joining
    cell_m: float

    def select_cell(self, x: ColumnElement[float], y: ColumnElement[float]) -> ColumnElement[float]:
        """The number of the cell that a place is in."""
        return func.floor(x / self.cell_m) * ROW + func.floor(y / self.cell_m)


def select_assets(ground: Ground, joining: Joining, layer_id: str) -> Select[Any]:
    """The assets of a layer that some rule speaks of.

    Columns: layer (its number), id, geom, unsure_m: what its outside and its accuracies add to its outline, pad_m: that
    and half of what the rules ask for.
    """
    table = ground.tables.get(layer_id)
    belongs = [select_member(table, each) for each in joining.members[layer_id]]
    unsure = select_unsure(ground, layer_id)
    return select(
        literal(joining.layers.index(layer_id), Integer).label("layer"),
        table.c.id,
        type_coerce(table.c.geom, NullType()).label("geom"),  # as it is, not as a client reads it
        unsure.label("unsure_m"),
        (unsure + joining.find_farthest(layer_id) / 2).label("pad_m"),
    ).where(select_present(table), or_(*belongs))


def select_unsure(ground: Ground, layer_id: str) -> ColumnElement[float]:
    """What the half width and the accuracies of each row of a layer add to a distance, metres."""
    table = ground.tables.get(layer_id)
    plan, height = (select_accuracy(table, ground.book.accuracy, way) for way in ("horizontal", "vertical"))
    return cast(select_radius(table, layer_id, ground.book.sizes) + func.greatest(plan, height), Double)


def select_fits(ground: Ground, joining: Joining, layer_id: str) -> ColumnElement[int]:
    """The bits of the parts of its layer that each row belongs to."""
    fits: ColumnElement[Any] = literal(0, BigInteger)
    for place, member in enumerate(joining.members[layer_id]):
        belongs = select_member(ground.tables.get(layer_id), member)
        fits = fits + case((belongs, literal(1 << place, BigInteger)), else_=literal(0, BigInteger))
    return cast(fits, BigInteger)


def select_entries(grid: Grid, layers: Iterable[str]) -> CompoundSelect[Any]:
    """The assets of some layers in each cell their padded boxes touch, as rows of `ENTRY`.

    A line too long for a cell is here by its segments, of which `geom` is one; any other asset by its whole shape.
    """
    asset = union_all(*(select_assets(grid.ground, grid.joining, each) for each in layers)).subquery()
    fits_in, is_line = select_fits_in(grid, asset), func.st_dimension(asset.c.geom) == 1
    cut = func.st_dumpsegments(func.st_segmentize(asset.c.geom, grid.cell_m / 2)).table_valued("path", "geom")
    part = spread(select(type_coerce(cut.c.geom, NullType())).correlate_except(cut), "part")
    long = select_boxes(asset, part.c.part).select_from(asset.join(part, literal(True)))
    return union_all(
        spread_small(grid, select_boxes(asset, asset.c.geom).where(fits_in)),
        spread_small(grid, long.where(~fits_in, is_line)),
        spread_large(grid, select_boxes(asset, asset.c.geom).where(~fits_in, ~is_line)),
    )


def select_fits_in(grid: Grid, asset: FromClause) -> ColumnElement[bool]:
    """True for assets whose padded box is no larger than a cell."""
    geom, pad = asset.c.geom, asset.c.pad_m * 2
    wide, high = func.st_xmax(geom) - func.st_xmin(geom) + pad, func.st_ymax(geom) - func.st_ymin(geom) + pad
    return func.greatest(wide, high) <= grid.cell_m


def select_boxes(asset: FromClause, geom: ColumnElement[Any]) -> Select[Any]:
    """The columns of an asset with a part of its shape, and the padded box of that."""
    kept = [geom.label("geom") if column.name == "geom" else column for column in asset.c]
    pad = asset.c.pad_m
    return select(
        *kept,
        (func.st_xmin(geom) - pad).label("x0"),
        (func.st_ymin(geom) - pad).label("y0"),
        (func.st_xmax(geom) + pad).label("x1"),
        (func.st_ymax(geom) + pad).label("y1"),
    )


def spread_small(grid: Grid, boxes: Select[Any]) -> Select[Any]:
    """Boxes no larger than a cell, in the one, two or four cells they touch."""
    box = boxes.subquery()
    corner = grid.select_cell(box.c.x0, box.c.y0)
    wide = func.floor(box.c.x1 / grid.cell_m) > func.floor(box.c.x0 / grid.cell_m)
    high = func.floor(box.c.y1 / grid.cell_m) > func.floor(box.c.y0 / grid.cell_m)
    cells = case(
        (~wide & ~high, array([corner])),
        (~high, array([corner, corner + ROW])),
        (~wide, array([corner, corner + 1])),
        else_=array([corner, corner + ROW, corner + 1, corner + ROW + 1]),
    )
    spread = select(*box.c, func.unnest(cells).label("cell")).subquery()
    return select(*spread.c)


def spread_large(grid: Grid, boxes: Select[Any]) -> Select[Any]:
    """Boxes of any size, in every cell they touch."""
    box = boxes.subquery()
    west, south, east, north = (
        cast(func.floor(each / grid.cell_m), BigInteger) for each in (box.c.x0, box.c.y0, box.c.x1, box.c.y1)
    )
    columns = func.generate_series(west, east).table_valued("column", name="column")
    rows = func.generate_series(south, north).table_valued("row", name="row")
    numbers = select(cast(columns.c.column, Double) * ROW + cast(rows.c.row, Double))
    inner = numbers.select_from(columns.join(rows, literal(True))).correlate_except(columns, rows)
    cell = spread(inner, "cell")
    return select(*box.c, cell.c.cell).select_from(box.join(cell, literal(True)))


def spread(rows: Select[Any], name: str) -> Any:
    """The one column of a correlated SELECT, of which the planner expects ten rows and not a thousand."""
    return func.unnest(func.array(rows.scalar_subquery())).table_valued(name).lateral(name)
