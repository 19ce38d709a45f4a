"""Lines on the grid of a tile. Pure."""

import numpy as np
import shapely
from shapely import GeometryType

from gis_infra.tiles.sheets.parts import (
    LEAST,
    MOST,
    Drawing,
    drop_repeated,
    drop_straight,
    keep_parts,
    to_drawing,
    to_places,
)


def tidy(lines: Drawing) -> Drawing:
    """The lines without vertices that say nothing, and without lines that have become a point."""
    moved = drop_repeated(lines)
    return drop_straight(keep_parts(moved, moved.counts >= 2))


def cut(lines: Drawing) -> Drawing:
    """The parts of lines within the margin of the tile; one line may become several."""
    tidied = tidy(lines)
    if not len(tidied.counts):
        return tidied
    geometries = shapely.linestrings(tidied.xy.astype(np.float64), indices=to_places(tidied.counts))
    within = shapely.clip_by_rect(geometries, LEAST, LEAST, MOST, MOST)
    parts, origins = shapely.get_parts(within, return_index=True)
    are_lines = (shapely.get_type_id(parts) == GeometryType.LINESTRING) & ~shapely.is_empty(parts)
    return tidy(to_drawing(parts[are_lines], tidied.rows[origins[are_lines]]))
