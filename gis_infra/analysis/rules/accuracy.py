"""How far an asset may lie from where it is drawn, as `layers/rules/accuracy.yaml` says. Knows neither YAML nor SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Levels:
    """What each quality level is good for: code -> metres, and where the numbers come from."""

    metres: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    verified: bool = False


@dataclass(frozen=True)
class Accuracy:
    """Accuracies where an asset has none of its own, in metres either way.

    unrecorded_m: where neither an accuracy nor a quality level is known (0: as drawn). largest_m: none counts for more.
    datums: by vertical datum, metres that bring its levels to those of all others named here.
    """

    horizontal: Levels = field(default_factory=Levels)
    vertical: Levels = field(default_factory=Levels)
    unrecorded_m: float = 0.0
    largest_m: float = 5.0
    datums: Levels = field(default_factory=Levels)
