"""The shapes of a batch while they are made fit: what is left of them, and what was found on the way."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Shapes = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass
class Shaping:
    """Shapes on their way: None where one was refused, and why by index; how often what was done to them."""

    shapes: Shapes
    faults: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, str] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)

    def refuse(self, wrong: Mask, reason: str | Callable[[int], str]) -> None:
        """Take out the shapes for which `wrong` is true; the reason is the same for all, or told by index."""
        for index in map(int, np.flatnonzero(wrong)):
            self.faults[index] = reason if isinstance(reason, str) else reason(index)
            self.warnings.pop(index, None)
        self.shapes[wrong] = None

    def warn(self, index: int, remark: str) -> None:
        """Add a remark on one shape."""
        before = self.warnings.get(index)
        self.warnings[index] = f"{before}; {remark}" if before else remark
