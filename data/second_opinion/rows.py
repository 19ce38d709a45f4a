"""What the second opinion looks at, and what it says: one feature, one finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

TOLERANCE_M = 0.001


@dataclass(frozen=True)
class Row:
    """One feature as it was read: geometry in EPSG:9210, values by our field names."""

    layer: str
    code: str
    geometry: BaseGeometry
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One finding, as the register would have it; `right` is empty where it is about one asset.

    distance_m: None where heights cannot be compared.
    """

    rule: str
    left: tuple[str, str]
    right: tuple[str, str] | None
    required_m: float
    distance_m: float | None
    severity: str = "violation"
