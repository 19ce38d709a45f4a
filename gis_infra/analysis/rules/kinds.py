"""The kinds of rules: which sides each has, and what else it must or may say. Knows neither YAML nor SQL.

What each of them means: docs/conflicts.md; how a pack writes them: layers/rules/README.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "clearance",
    "corridor",
    "environment",
    "cover",
    "overbuild",
    "works_overlap",
    "moratorium",
    "joint_trench",
    "duplicate",
    "nearly_joined",
    "contradiction",
    "shrinking",
    "outside",
    "works",
]
Measure = Literal["horizontal", "vertical", "spatial"]
Severity = Literal["violation", "possible", "vertical_unknown", "opportunity"]

KINDS: tuple[Kind, ...] = get_args(Kind)
MEASURES: tuple[Measure, ...] = get_args(Measure)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
DATA_KINDS: tuple[Kind, ...] = ("duplicate", "nearly_joined", "contradiction", "shrinking", "outside")
MEASURED_KINDS: tuple[Kind, ...] = ("corridor", "environment")  # besides clearances, what horizontal accuracy decides

ASSET = ("asset",)
PAIR = ("left", "right")


@dataclass(frozen=True)
class KindShape:
    """What a rule of a kind says of itself, besides its title, its number, its clause and where it comes from.

    sides: `asset` for one class, `left` and `right` for two. required, optional: its other keys. has_distance: whether
    it must say `required_m`; where it need not, 0 is meant.
    """

    sides: tuple[str, ...]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    has_distance: bool = True


SHAPES: Mapping[Kind, KindShape] = {
    "clearance": KindShape(PAIR, required=("measure",)),
    "corridor": KindShape(PAIR),
    "environment": KindShape(PAIR),
    "cover": KindShape(ASSET, optional=("under",)),
    "overbuild": KindShape(PAIR, optional=("other_owner",)),
    "works_overlap": KindShape(PAIR),
    "moratorium": KindShape(PAIR, optional=("months",)),
    "joint_trench": KindShape(PAIR, required=("days",)),
    "duplicate": KindShape(ASSET, optional=("other_owner",)),
    "nearly_joined": KindShape(ASSET),
    "contradiction": KindShape(ASSET, required=("check",), optional=("unless", "tolerance"), has_distance=False),
    "shrinking": KindShape(ASSET, has_distance=False),
    "outside": KindShape(ASSET, required=("area",)),
    "works": KindShape(ASSET, optional=("days",)),
}
