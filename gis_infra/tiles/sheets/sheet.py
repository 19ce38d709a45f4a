"""A sheet: the features about one square of the map, as columns. Pure; row i of all columns is one feature.

Coordinates are in widths of the square, in Web Mercator, from its north-west corner: such a number is put on the grid
of any tile by one multiplication. In single precision they are right to a few tenths of a millimetre where they show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.runs import Floats, Integers, Truths

Singles = NDArray[np.float32]
Places = NDArray[np.int32]
Levels = NDArray[np.int8]
NO_LEVEL = -1


class Kind(IntEnum):
    """What a feature's geometry is made of. Source: Mapbox Vector Tile Specification 2.1, clause 4.3.4."""

    POINT = 1
    LINE = 2
    POLYGON = 3


@dataclass(frozen=True)
class Shapes:
    """Geometries: features of parts of vertices. A part is a point, a line, or a ring whose last vertex is its first.

    xy: float32[v, 2], x to the east and y to the south. part_starts: int32[p + 1], the first vertex of each part.
    feature_starts: int32[n + 1], the first part of each feature. are_shells: bool[p], false for holes. An outer ring
    goes clockwise as one sees it on the map, a hole the other way.
    """

    kind: Kind
    xy: Singles
    part_starts: Places
    feature_starts: Places
    are_shells: Truths


@dataclass(frozen=True)
class Attribute:
    """One attribute, of k different values.

    codes: int32[n], which value each feature has, -1 for none. starts: int32[k + 1], where each begins in `written`,
    uint8[b], which holds them as a tile does.
    """

    codes: Places
    starts: Places
    written: NDArray[np.uint8]


@dataclass(frozen=True)
class Sheet:
    """Features about the square of a tile, all that can show in it or in tiles in it.

    address: the square. version: of it, when they were read. ids: int64[n]. levels: int8[n], places in ACCESS_LEVELS
    of how secret each is, -1 where nothing is said. boxes: float64[4, n], west, south, east and north in degrees.
    is_crowded: there are too many features for a sheet, and it has none.
    """

    address: TileAddress
    version: LayerState
    ids: Integers
    levels: Levels
    boxes: Floats
    shapes: Shapes
    attributes: Mapping[str, Attribute]
    is_crowded: bool = False

    @property
    def size_bytes(self) -> int:
        """The memory it takes."""
        shapes = self.shapes
        arrays: list[NDArray[Any]] = [self.ids, self.levels, self.boxes]
        arrays += [shapes.xy, shapes.part_starts, shapes.feature_starts, shapes.are_shells]
        arrays += [each for one in self.attributes.values() for each in (one.codes, one.starts, one.written)]
        return sum(each.nbytes for each in arrays)


def make_empty(address: TileAddress, version: LayerState, names: Iterable[str], *, is_crowded: bool = False) -> Sheet:
    """The sheet of a square with nothing in it, or with too much. names: of its attributes."""
    none, first = np.zeros(0, np.int32), np.zeros(1, np.int32)
    shapes = Shapes(Kind.POINT, np.zeros((0, 2), np.float32), first, first, np.zeros(0, np.bool_))
    attributes = {name: Attribute(none, first, np.zeros(0, np.uint8)) for name in names}
    ids, levels = np.zeros(0, np.int64), np.zeros(0, np.int8)
    return Sheet(address, version, ids, levels, np.zeros((4, 0)), shapes, attributes, is_crowded)
