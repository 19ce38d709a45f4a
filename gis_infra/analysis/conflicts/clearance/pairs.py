"""Pairs of assets that may be too near, whatever rule speaks of them. Runs nothing.

Over the whole city the assets meet in the cells of a grid: one statement for all layers. Around a few that changed,
the index of each layer is asked.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Select, and_, case, func, literal, or_, select

from gis_infra.analysis.conflicts.clearance.assets import Grid
from gis_infra.analysis.conflicts.clearance.joining import Joining
from gis_infra.analysis.conflicts.clearance.scratch import ENTRY
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_present
from gis_infra.analysis.rules.model import TOLERANCE_M


def select_met(grid: Grid) -> Select[Any]:
    """Pairs that meet in a cell of the grid and are near, as rows of `MET`; one of long lines more than once."""
    left, right = ENTRY.alias("l"), ENTRY.alias("r")
    # Of the cells that both touch, the one with the lower left corner of what their boxes share speaks of them.
    corner = grid.select_cell(func.greatest(left.c.x0, right.c.x0), func.greatest(left.c.y0, right.c.y0))
    number = {layer: place for place, layer in enumerate(grid.joining.layers)}
    layers = left.c.layer * len(number) + right.c.layer
    asked = {
        number[one] * len(number) + number[other]: grid.joining.find_farthest(one, other)
        for one, other in grid.joining.list_pairs()
    }
    limit = case(asked, value=layers, else_=None) + left.c.unsure_m + right.c.unsure_m + TOLERANCE_M
    return select(left.c.layer, left.c.id, right.c.layer, right.c.id).where(
        left.c.cell == right.c.cell,
        left.c.x0 <= right.c.x1,
        right.c.x0 <= left.c.x1,
        left.c.y0 <= right.c.y1,
        right.c.y0 <= left.c.y1,
        or_(left.c.layer < right.c.layer, and_(left.c.layer == right.c.layer, left.c.id < right.c.id)),
        left.c.cell == corner,
        func.st_dwithin(left.c.geom, right.c.geom, limit),
    )


def list_met_around(ground: Ground, joining: Joining, widest: Mapping[str, float], focus: Focus) -> list[Select[Any]]:
    """Pairs with an asset of the focus that may be near, as rows of `MET`; one of two such assets may be twice.

    widest: layer id -> the most that an asset of it adds to a distance, metres; those without assets are not there.
    """
    found = []
    for names in joining.list_pairs():
        if not widest.keys() >= set(names):
            continue
        left, right = (ground.tables.get(name).alias(side) for name, side in zip(names, "lr", strict=True))
        numbers = (literal(joining.layers.index(name), Integer) for name in names)
        reach_m = widest[names[0]] + widest[names[1]] + joining.find_farthest(*names) + TOLERANCE_M
        near = and_(
            right.c.geom.op("&&")(func.st_expand(left.c.geom, reach_m)),
            left.c.geom.op("&&")(func.st_expand(right.c.geom, reach_m)),
            left.c.id < right.c.id if names[0] == names[1] else literal(True),
        )
        chosen = (
            select(next(numbers), left.c.id, next(numbers), right.c.id)
            .select_from(left.join(right, near))
            .where(select_present(left), select_present(right))
        )
        for table, layer_id in zip((left, right), names, strict=True):
            if focus.is_touched(layer_id):
                found.append(chosen.where(focus.select_in(layer_id, table)))
    return found
