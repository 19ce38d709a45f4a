"""Where the rows of an import lie: a sample of places in the city's CRS, for the little map of a report.

Some hundred places are kept however many rows pass, so it costs next to nothing.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import shapely

from gis_infra.features.shapes.preparing import Frame
from gis_infra.features.shapes.reading import read_shapes

MOST = 400  # places kept of each kind
EACH = 200  # looked at in the first batches; fewer later, so that early rows are not crowded out

Place = tuple[float, float]


@dataclass
class Places:
    """A bounded sample of places, x and y in metres."""

    kept: list[Place] = field(default_factory=list)
    thinned: int = 0

    def choose(self, count: int) -> pa.Array:
        """Which of `count` rows to look at: evenly spread, fewer the more there are already."""
        wanted = min(count, max(1, EACH >> self.thinned))
        return pa.array(np.unique(np.linspace(0, count - 1, wanted).astype(np.int64)) if count else [], pa.int64())

    def add(self, xy: np.ndarray) -> None:
        """Keep places, an array of x and y; every other one of all is dropped when they become too many."""
        finite = xy[np.isfinite(xy).all(axis=1)].round(1)
        self.kept.extend((float(x), float(y)) for x, y in finite)
        if len(self.kept) > MOST:
            self.kept = self.kept[::2]
            self.thinned += 1


@dataclass
class Sketch:
    """Where accepted and rejected rows lie."""

    accepted: Places = field(default_factory=Places)
    rejected: Places = field(default_factory=Places)

    def add(self, accepted: pa.Array, refused: pa.Array, frame: Frame) -> None:
        """Look at some rows of a batch. accepted: EWKB in the city's CRS; refused: WKB as the file has it."""
        self.accepted.add(find_centres(accepted.take(self.accepted.choose(len(accepted)))))
        there = refused.drop_null()
        self.rejected.add(move(find_centres(there.take(self.rejected.choose(len(there)))), frame))


def find_centres(wkb: pa.Array) -> np.ndarray:
    """The middle of each shape's box, as an array of x and y; not finite for what has none."""
    boxes = shapely.bounds(read_shapes(wkb))
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def move(xy: np.ndarray, frame: Frame) -> np.ndarray:
    """Places of the file in the city's CRS."""
    x, y = (xy[:, 1], xy[:, 0]) if frame.swap_xy else (xy[:, 0], xy[:, 1])
    if frame.transformer is not None and len(x):
        x, y = frame.transformer.transform(x, y)
    return np.column_stack((x, y))
