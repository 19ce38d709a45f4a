"""Features of a sheet as a tile shows them: on its grid, cut off where they leave its margin. Pure.

Vertices that fall on one place are one, and what lies straight between its neighbours is left out, so that lines and
rings are as short as they can be without looking different. What becomes a point is left out.
"""

import numpy as np

from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets import polygons
from gis_infra.tiles.sheets.choosing import sticks_out
from gis_infra.tiles.sheets.lines import draw_lines
from gis_infra.tiles.sheets.parts import LEAST, MOST, Drawing, join, keep_parts, snap
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Kind, Sheet


def draw(sheet: Sheet, rows: Integers, address: TileAddress) -> Drawing:
    """Some rows of a sheet as a tile shows them; of rows that vanish there are no parts."""
    out, kind = sticks_out(sheet, rows, address), sheet.shapes.kind
    if kind is Kind.LINE:
        return draw_lines(sheet, rows, out, address)
    if kind is Kind.POINT:
        return draw_points(sheet, rows, address)
    drawn = polygons.tidy(snap(sheet, rows[~out], address))
    return join(drawn, polygons.cut(snap(sheet, rows[out], address))) if out.any() else drawn


def draw_points(sheet: Sheet, rows: Integers, address: TileAddress) -> Drawing:
    """What a tile shows of some points: those in it and its margin."""
    points = snap(sheet, rows, address).drawing
    return keep_parts(points, np.all((points.xy >= LEAST) & (points.xy <= MOST), axis=1))
