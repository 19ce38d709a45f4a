"""Which rule counts for two assets: looked up once for every two sorts of assets, of which there are few."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.joining import Case, Joining
from gis_infra.analysis.ragged import Marks, Numbers
from gis_infra.analysis.rules.kinds import Measure
from gis_infra.analysis.rules.model import TOLERANCE_M

MEASURES: tuple[Measure, ...] = ("horizontal", "vertical", "spatial")
NONE = -1


@dataclass(frozen=True)
class Answers:
    """The rule of each measure for an asset of one sort (left) and one of another, (measures, sorts, sorts).

    number: its place among the rules of the run, NONE where none asks for anything. required_m: nan there.
    """

    number: NDArray[np.int32]
    required_m: Numbers

    @property
    def asks(self) -> Marks:
        """Whether any rule asks for anything, (sorts, sorts)."""
        asks: Marks = (self.number != NONE).any(axis=0)
        return asks

    @property
    def farthest_m(self) -> Numbers:
        """The most that any asks for in the plan, (sorts, sorts); of heights only where axes meet."""
        horizontal, _, spatial = self.required_m
        return np.where(self.asks, np.fmax(np.fmax(horizontal, spatial), TOLERANCE_M), 0.0)


def find_answers(joining: Joining, sorts: Sequence[tuple[int, int]]) -> Answers:
    """The rules that count for assets of these sorts, each (number of the layer, bits of its parts)."""
    shape = (len(MEASURES), len(sorts), len(sorts))
    number, required_m = np.full(shape, NONE, dtype=np.int32), np.full(shape, np.nan)
    cases: dict[tuple[int, int], list[Case]] = {}
    places = {layer: place for place, layer in enumerate(joining.layers)}
    for case in joining.cases:
        cases.setdefault((places[case.left.layer], places[case.right.layer]), []).append(case)
    for one, left in enumerate(sorts):
        for other, right in enumerate(sorts):
            said = [each for each in cases.get((left[0], right[0]), ()) if speaks_of(joining, each, left, right)]
            for measure, name in enumerate(MEASURES):
                counts = find_first(each for each in said if each.rule.measure == name)
                # A rule that asks for 0 silences those after it.
                if counts is not None and counts.rule.required_m > 0:
                    number[measure, one, other] = counts.number
                    required_m[measure, one, other] = counts.rule.required_m
    return Answers(number, required_m)


def speaks_of(joining: Joining, case: Case, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether a rule that joins the layers of two sorts speaks of them; of one layer either may be its left side."""
    ways = [(left[1], right[1])]
    if left[0] == right[0]:
        ways.append((right[1], left[1]))
    return any(one & joining.get_bit(case.left) and other & joining.get_bit(case.right) for one, other in ways)


def find_first(cases: Iterable[Case]) -> Case | None:
    """The first of the cases, None of none."""
    return next(iter(cases), None)
