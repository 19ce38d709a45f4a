"""What stands on one small map, in the city's coordinates (metres, easting first)."""

from dataclasses import dataclass
from typing import Literal

from shapely.geometry.base import BaseGeometry

Role = Literal["around", "left", "right", "works", "met"]


@dataclass(frozen=True)
class Extent:
    """The ground a map shows: its middle and half of its height; it is `WIDE` times as wide as high."""

    east_m: float
    north_m: float
    half_m: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """xmin, ymin, xmax, ymax, metres."""
        wide = self.half_m * WIDE
        return self.east_m - wide, self.north_m - self.half_m, self.east_m + wide, self.north_m + self.half_m


WIDE = 1.5


@dataclass(frozen=True)
class Item:
    """One thing on a map.

    color: "#rrggbb". order: what lies lower in the drawing is smaller. width_m: outer, 0 if not known.
    """

    shape: BaseGeometry
    color: str
    role: Role = "around"
    layer: str = ""
    order: int = 0
    width_m: float = 0.0


@dataclass(frozen=True)
class Scene:
    """One map. place: the worst place, city's CRS; None if there is none. title: what it shows, for who cannot see."""

    extent: Extent
    items: tuple[Item, ...]
    title: str
    place: tuple[float, float] | None = None
