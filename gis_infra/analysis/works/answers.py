"""What a check of planned works answers, as values."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gis_infra.analysis.register.entries import Asset
from gis_infra.analysis.rules.model import Rule

Severity = Literal["violation", "possible", "vertical_unknown", "opportunity", "clear"]

# The order in which answers are told. Clear is told only of what a wider look around finds.
SEVERITIES: tuple[Severity, ...] = ("violation", "vertical_unknown", "possible", "opportunity", "clear")


@dataclass(frozen=True)
class Met:
    """An asset within reach of the works, or a street or other works that they meet in time.

    distance_m: between outlines in the plan, 0 where they meet. accuracy_m: how far off that may be.
    vertical_m: from the bottom of the works down to the top of the asset, negative where they reach it; None where not
    known or not asked. vertical_accuracy_m: how far off that may be.
    geometry: its part within reach, GeoJSON, lon/lat. depth_unknown: it lies in the ground, how deep is not recorded.
    """

    rule: Rule
    severity: Severity
    asset: Asset
    distance_m: float
    required_m: float
    accuracy_m: float
    accuracy_known: bool
    vertical_m: float | None
    vertical_accuracy_m: float | None
    geometry: Mapping[str, Any]
    depth_unknown: bool


@dataclass(frozen=True)
class Found:
    """What one kind of rules found in one layer: some of it in full, all of it counted.

    owners: owner (None: not recorded) -> number of assets.
    """

    layer: str
    met: tuple[Met, ...]
    matched: int
    unknown_depth: int
    owners: Mapping[str | None, int]


@dataclass(frozen=True)
class Reached:
    """All that works reach. layers, rules: what was looked at; matched: within reach, listed or too many to list.

    owners: owner (None: not recorded) -> layer id -> number of assets met.
    """

    met: tuple[Met, ...]
    owners: Mapping[str | None, Mapping[str, int]]
    layers: tuple[str, ...]
    rules: tuple[str, ...]
    unknown_depth: int
    matched: int
    as_of: datetime.datetime
