"""The three answers, the shape of a finding and its fingerprint."""

import hashlib
from dataclasses import dataclass, field

from shapely import Point

from tests.database.oracle.assets import Key

TOLERANCE = 0.001


@dataclass(frozen=True)
class Finding:
    """What the register should hold.

    places: where it may be told, all equally bad, the first one first; sides: what it may tell as side there, for at a
    vertex both segments are as near.
    """

    rule: str
    left: Key
    right: Key | None
    stretch: int
    severity: str
    required: float
    distance: float | None
    accuracy: float
    side: str | None = None
    length: float | None = None
    vertical: float | None = None
    places: tuple[Point, ...] = field(default=(), compare=False)
    sides: frozenset[str | None] = field(default=frozenset(), compare=False)

    @property
    def fingerprint(self) -> str:
        named = sorted(f"{layer}:{number}" for layer, number in filter(None, (self.left, self.right)))
        return hashlib.sha256("|".join([self.rule, *named, str(self.stretch)]).encode()).hexdigest()[:32]


def answer(measured: float, required: float, accuracy: float) -> str:
    """violation, possible or clear; what is short by no more than a millimetre is not short."""
    if measured + accuracy < required - TOLERANCE:
        return "violation"
    return "possible" if measured < required + accuracy - TOLERANCE else "clear"
