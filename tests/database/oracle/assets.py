"""One asset of a scene, and what the rule files say of every asset: size, radius, height, wall and accuracy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

Key = tuple[str, int]


@dataclass(frozen=True, eq=False)
class Asset:
    """A row of a layer. `shape` may have heights; `flat` is its ground plan."""

    layer: str
    id: int
    shape: BaseGeometry
    values: Mapping[str, Any]
    known: dict[tuple[object, str], bool] = field(default_factory=dict)  # of each rule book: the classes it is in

    @property
    def key(self) -> Key:
        return self.layer, self.id

    @cached_property
    def flat(self) -> BaseGeometry:
        return shapely.force_2d(self.shape)

    @property
    def is_line(self) -> bool:
        return self.shape.geom_type in ("LineString", "MultiLineString")

    @property
    def is_area(self) -> bool:
        return self.shape.geom_type in ("Polygon", "MultiPolygon")

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def list_ends(self) -> list[shapely.Point]:
        """First and last point of a line that is not closed; nothing else has ends."""
        if self.flat.geom_type != "LineString" or self.flat.is_closed:
            return []
        return [shapely.Point(self.flat.coords[0]), shapely.Point(self.flat.coords[-1])]


def find_metres(entry: Mapping[str, Any] | None, asset: Asset) -> float | None:
    """The first recorded attribute of an entry like `{mm: [outer_diameter_mm]}`, in metres; None if there is none."""
    for unit, names in (entry or {}).items():
        for name in names:
            if asset.get(name) is not None:
                return asset.get(name) / (1000 if unit == "mm" else 1)
    return None
