"""The buildings near eyes, that hide what lies behind them."""

from typing import Any

import numpy as np
import shapely
from sqlalchemy import ColumnElement, Double, Select, cast, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.analysis.conflicts.matching import select_member
from gis_infra.analysis.coverage.methods.model import Ground
from gis_infra.analysis.coverage.methods.nearest import Floats, to_points
from gis_infra.analysis.coverage.methods.rows import mend, select_shaped, to_numbers, to_objects
from gis_infra.analysis.coverage.methods.sight import Blocks, Eyes
from gis_infra.analysis.coverage.standards.model import Obstacles


def read_blocks(ground: Ground, obstacles: Obstacles | None, eyes: Eyes) -> tuple[Blocks, int]:
    """The buildings of known height that may hide something, and how many of unknown height lie within reach."""
    if obstacles is None or len(eyes) == 0:
        return Blocks(np.empty(0, np.int64), to_objects([]), np.empty(0)), 0
    rows = ground.connection.execute(select_near(ground, obstacles, eyes)).all()
    ids = np.array([row.id for row in rows], dtype=np.int64)
    shapes = mend([bytes(row.shape) for row in rows])
    floors = to_numbers(to_objects([row.floors for row in rows]))
    recorded = to_numbers(to_objects([row.height for row in rows]))
    height = np.where(np.isnan(recorded), floors * obstacles.storey_m, recorded)
    known = ~np.isnan(height) & (shapely.get_dimensions(shapes) == 2)
    unknown = shapely.STRtree(shapes[np.isnan(height)])
    near = unknown.query(to_points(eyes.xy), predicate="dwithin", distance=eyes.reach)[1]
    return Blocks(ids[known], shapes[known], height[known]), len(np.unique(near))


def select_near(ground: Ground, obstacles: Obstacles, eyes: Eyes) -> Select[tuple[int, bytes, float, float]]:
    """Id, shape (WKB), height and floors of the buildings whose box meets the box around an eye's reach, by id."""
    table = ground.tables.get(obstacles.member.layer)
    columns = (column(name, Double) for name in ("x", "y", "reach"))
    arrays = (to_array(each) for each in (eyes.xy[:, 0], eyes.xy[:, 1], eyes.reach))
    boxes = func.unnest(*arrays).table_valued(*columns, name="eye").render_derived()
    box = func.st_expand(func.st_setsrid(func.st_makepoint(boxes.c.x, boxes.c.y), ground.tables.srid), boxes.c.reach)
    near = select(table.c.id).select_from(boxes.join(table, table.c.geom.op("&&")(box))).distinct()
    nothing = cast(None, Double)
    fields = (obstacles.height_field, obstacles.floors_field)
    height, floors = (cast(table.c[name], Double) if name is not None else nothing for name in fields)
    return (
        select(
            table.c.id,
            func.st_asbinary(func.st_force2d(table.c.geom)).label("shape"),
            height.label("height"),
            floors.label("floors"),
        )
        .where(table.c.id.in_(near), select_shaped(table), select_member(table, obstacles.member))
        .order_by(table.c.id)
    )


def to_array(values: Floats) -> ColumnElement[Any]:
    """Numbers as an array of the database."""
    return cast(values.tolist(), ARRAY(Double))
