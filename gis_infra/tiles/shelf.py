"""Where tiles are kept once they are made, and made but once however many ask for them."""

from dataclasses import dataclass, field
from pathlib import Path

from gis_infra.tiles.cache import CachedTile, TileCache
from gis_infra.tiles.disk import DiskCache
from gis_infra.tiles.flights import Flights
from gis_infra.tiles.watching import Watch


@dataclass(frozen=True)
class Shelf:
    """The tiles in the memory of this process, those on the disk for all of them, and those being made here.

    watches: looks at the states of layers, by layer.
    """

    memory: TileCache
    disk: DiskCache
    making: Flights[CachedTile] = field(default_factory=Flights)
    watches: dict[str, Watch] = field(default_factory=dict)


def make_shelf(folder: Path, memory_bytes: int, disk_bytes: int) -> Shelf:
    """A shelf with so much room, its files in `folder`, which is made when there is something to keep."""
    return Shelf(TileCache(memory_bytes), DiskCache(folder, disk_bytes))
