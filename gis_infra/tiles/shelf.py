"""Where tiles are kept once they are made, and made but once however many ask for them."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from gis_infra.tiles.behind import Behind
from gis_infra.tiles.cache import CachedTile, TileCache
from gis_infra.tiles.disk import DiskCache
from gis_infra.tiles.flights import Flights
from gis_infra.tiles.sheets.stock import Stock
from gis_infra.tiles.watching import Watch

MOST_AHEAD = 300  # sheets to be read
QUIET_S = 0.25  # without a tile asked for, before sheets are read ahead


@dataclass(frozen=True)
class Shelf:
    """The tiles in the memory of this process, those on the disk for all of them, and those being made here.

    stock: the sheets tiles are made of. reading: sheets that are being read, and ahead: those that may be of use soon.
    watches: looks at the states of layers, by layer.
    """

    memory: TileCache
    disk: DiskCache
    stock: Stock
    making: Flights[CachedTile] = field(default_factory=Flights)
    reading: Flights[Any] = field(default_factory=Flights)
    ahead: Behind = field(default_factory=partial(Behind, MOST_AHEAD, QUIET_S))
    watches: dict[str, Watch] = field(default_factory=dict)


def make_shelf(folder: Path, memory_bytes: int, disk_bytes: int, sheet_bytes: int = 0) -> Shelf:
    """A shelf with so much room, its files in `folder`, which is made when there is something to keep."""
    return Shelf(TileCache(memory_bytes), DiskCache(folder, disk_bytes), Stock(sheet_bytes))
