"""What a layer comes to, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer

Measure = Literal["length", "area", "none"]
Breakdown = Literal["age", "status", "quality_level", "material"]

BREAKDOWNS: tuple[Breakdown, ...] = ("age", "status", "quality_level", "material")
# Whole years at which a class of age begins; what is to be installed after the day of the figures is of none.
AGES = (0, 10, 20, 30, 40)
FUTURE = "future"


@dataclass(frozen=True)
class Part:
    """The features of a layer that share a value. key: the value or class, None where it is not recorded.

    size: metres of lines, square metres of areas, 0 of points.
    """

    key: str | None
    features: int
    size: float


@dataclass(frozen=True)
class LayerFigures:
    """What an actor may see of a layer, counted and measured on the ground plan in the city's CRS.

    without_shape: features that have no geometry. parts: by breakdown, every feature in one part of each; a layer
    without the attribute has no such breakdown. Ages are named by the year at which their class begins, or FUTURE.
    """

    layer: Layer
    features: int
    size: float
    without_shape: int
    parts: Mapping[Breakdown, tuple[Part, ...]]

    @property
    def measure(self) -> Measure:
        """What `size` is of."""
        return find_measure(self.layer)


@dataclass(frozen=True)
class Question:
    """Whose figures of which layers. day: on which ages are told. as_of: a moment that has been, None for now."""

    actor: Actor
    layers: Sequence[Layer]
    day: date
    as_of: datetime | None = None


def find_measure(layer: Layer) -> Measure:
    """What is measured of a layer's shapes."""
    if "LineString" in layer.geometry:
        return "length"
    return "area" if "Polygon" in layer.geometry else "none"


def list_breakdowns(layer: Layer) -> tuple[Breakdown, ...]:
    """By what a layer is broken down: what it has an attribute for."""
    names = {each.name for each in layer.fields}
    sources = {"age": "installed_on"}
    return tuple(each for each in BREAKDOWNS if sources.get(each, each) in names)
