"""Lines on the grid of a tile, without vertices that say nothing, cut off where they leave its margin. Pure."""

import numpy as np

from gis_infra.compiled import compiled
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.parts import LEAST, MOST, Drawing, Grid, get_grid
from gis_infra.tiles.sheets.runs import Integers, Truths
from gis_infra.tiles.sheets.sheet import Places, Sheet, Singles

Columns = tuple[Integers, Integers, Integers]  # as of a Drawing; what is drawn so far stands in front
Done = tuple[int, int]  # how many lines and vertices have been drawn
COLUMNS, DONE = "Tuple((int64[:,::1], int64[::1], int64[::1]))", "UniTuple(int64, 2)"
VERTICES = "float32[:,::1]"


def draw_lines(sheet: Sheet, rows: Integers, out: Truths, address: TileAddress) -> Drawing:
    """What a tile shows of some lines; one may become several parts, or none. out: which of them leave its margin."""
    shapes = sheet.shapes
    columns = (shapes.xy, shapes.part_starts, shapes.feature_starts)
    return Drawing(*draw_rows(columns, (rows, out), get_grid(sheet, address)))


@compiled("int64(int64[:,::1], int64, int64, UniTuple(int64, 2))")
def add_vertex(xy: Integers, begin: int, end: int, vertex: tuple[int, int]) -> int:
    """Add a vertex to the line that stands from `begin` to `end`; where it ends then.

    None at the place of the one before, and none stays that lies straight between the one before and the one after.
    """
    x, y = vertex
    if end > begin and xy[end - 1, 0] == x and xy[end - 1, 1] == y:
        return end
    if end - begin >= 2:
        before_x, before_y = xy[end - 1, 0] - xy[end - 2, 0], xy[end - 1, 1] - xy[end - 2, 1]
        after_x, after_y = x - xy[end - 1, 0], y - xy[end - 1, 1]
        if before_x * after_y == before_y * after_x and before_x * after_x + before_y * after_y > 0:
            end -= 1
    xy[end, 0], xy[end, 1] = x, y
    return end + 1


@compiled(f"{DONE}({COLUMNS}, {DONE}, int64, int64)")
def end_line(drawn: Columns, done: Done, end: int, row: int) -> Done:
    """Have the vertices up to `end` be a line of a row; a single one is none."""
    lines, begin = done
    if end - begin < 2:
        return done
    drawn[1][lines], drawn[2][lines] = end - begin, row
    return lines + 1, end


@compiled(f"UniTuple(int64, 2)({VERTICES}, int64, float32[::1])")
def snap_vertex(vertices: Singles, place: int, grid: Grid) -> tuple[int, int]:
    """The place on the grid that is nearest to a vertex."""
    x, y = vertices[place, 0] * grid[0] - grid[1], vertices[place, 1] * grid[0] - grid[2]
    return int(np.rint(x)), int(np.rint(y))


@compiled("UniTuple(float64, 2)(int64, int64, UniTuple(float64, 2))")
def narrow(start: int, step: int, span: tuple[float, float]) -> tuple[float, float]:
    """Between which shares of a step one is within the margin, in x or in y; the first is beyond the last if nowhere.

    span: what is left of the step by the other of the two.
    """
    if step == 0:
        return span if LEAST <= start <= MOST else (1.0, 0.0)
    one, other = (LEAST - start) / step, (MOST - start) / step
    return max(span[0], min(one, other)), min(span[1], max(one, other))


@compiled(f"{DONE}({VERTICES}, float32[::1], {COLUMNS}, {DONE}, int64)")
def draw_whole(vertices: Singles, grid: Grid, drawn: Columns, done: Done, row: int) -> Done:
    """Draw a line of a row."""
    end = done[1]
    for place in range(len(vertices)):
        x, y = snap_vertex(vertices, place, grid)
        end = add_vertex(drawn[0], done[1], end, (x, y))
    return end_line(drawn, done, end, row)


@compiled(f"{DONE}({VERTICES}, float32[::1], {COLUMNS}, {DONE}, int64)")
def draw_cut(vertices: Singles, grid: Grid, drawn: Columns, done: Done, row: int) -> Done:
    """Draw what is within the margin of a line of a row, segment by segment.

    Source: Liang and Barsky, A New Concept and Method for Line Clipping, ACM Transactions on Graphics 3 (1984).
    """
    xy, end = drawn[0], done[1]
    x, y = snap_vertex(vertices, 0, grid)
    for place in range(1, len(vertices)):
        from_x, from_y = x, y
        x, y = snap_vertex(vertices, place, grid)
        first, last = narrow(from_x, x - from_x, narrow(from_y, y - from_y, (0.0, 1.0)))
        if first > last:
            continue
        enters = (round(from_x + first * (x - from_x)), round(from_y + first * (y - from_y)))
        if end > done[1] and (xy[end - 1, 0] != enters[0] or xy[end - 1, 1] != enters[1]):
            done = end_line(drawn, done, end, row)
            end = done[1]
        end = add_vertex(xy, done[1], end, enters)
        end = add_vertex(xy, done[1], end, (round(from_x + last * (x - from_x)), round(from_y + last * (y - from_y))))
    return end_line(drawn, done, end, row)


@compiled(f"{COLUMNS}(Tuple(({VERTICES}, int32[::1], int32[::1])), Tuple((int64[::1], boolean[::1])), float32[::1])")
def draw_rows(shapes: tuple[Singles, Places, Places], chosen: tuple[Integers, Truths], grid: Grid) -> Columns:
    """The columns of a drawing. shapes: of a sheet: vertices, and where parts and features begin; chosen: rows, out."""
    (xy, part_starts, feature_starts), (rows, out) = shapes, chosen
    most = 0
    for row in rows:
        most += 2 * (part_starts[feature_starts[row + 1]] - part_starts[feature_starts[row]])
    drawn = (np.empty((most, 2), np.int64), np.empty(most, np.int64), np.empty(most, np.int64))
    done = (0, 0)
    for row, leaves in zip(rows, out):  # noqa: B905 - machine code knows no strict
        for part in range(feature_starts[row], feature_starts[row + 1]):
            vertices = xy[part_starts[part] : part_starts[part + 1]]
            if leaves:
                done = draw_cut(vertices, grid, drawn, done, row)
            else:
                done = draw_whole(vertices, grid, drawn, done, row)
    return drawn[0][: done[1]], drawn[1][: done[0]], drawn[2][: done[0]]
