"""Features of a sheet as a tile shows them: on its grid, cut off where they leave its margin. Pure.

Vertices that fall on one place are one, and what lies straight between its neighbours is left out, so that lines and
rings are as short as they can be without looking different. What becomes a point is left out.
"""

import numpy as np

from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets import lines, polygons
from gis_infra.tiles.sheets.choosing import sticks_out
from gis_infra.tiles.sheets.parts import LEAST, MOST, Drawing, Snapped, join, keep_parts, snap
from gis_infra.tiles.sheets.runs import Integers
from gis_infra.tiles.sheets.sheet import Kind, Sheet


def draw(sheet: Sheet, rows: Integers, address: TileAddress) -> Drawing:
    """Some rows of a sheet as a tile shows them; of rows that vanish there are no parts."""
    out = sticks_out(sheet, rows, address)
    kind = sheet.shapes.kind
    drawn = tidy(kind, snap(sheet, rows[~out], address))
    if not out.any():
        return drawn
    return join(drawn, cut(kind, snap(sheet, rows[out], address)))


def tidy(kind: Kind, snapped: Snapped) -> Drawing:
    """What is left to draw of parts that lie within the margin."""
    if kind is Kind.POINT:
        return snapped.drawing
    return lines.tidy(snapped.drawing) if kind is Kind.LINE else polygons.tidy(snapped)


def cut(kind: Kind, snapped: Snapped) -> Drawing:
    """What is left to draw of parts that leave the margin."""
    if kind is Kind.POINT:
        points = snapped.drawing
        return keep_parts(points, np.all((points.xy >= LEAST) & (points.xy <= MOST), axis=1))
    return lines.cut(snapped.drawing) if kind is Kind.LINE else polygons.cut(snapped)
