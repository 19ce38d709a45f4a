"""What of a difference came, went, changed: the engine against a slow one, and the parts are the whole."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.analysis.coverage.runs.differing import Seen, differ

PLACE = st.tuples(st.integers(0, 3), st.integers(0, 50), st.sampled_from([0.0, 0.25, 1.0]))
RUN = st.dictionaries(st.integers(-3, 12), PLACE, max_size=10)
UNITS = 4


def to_seen(run):
    ids = np.array(list(run), dtype=np.int64)
    columns = list(zip(*run.values(), strict=True)) or [(), (), ()]
    unit, people, served = (
        np.array(each, dtype=kind) for each, kind in zip(columns, ("int64", "float64", "float64"), strict=True)
    )
    return Seen(ids, unit, people, served)


def differ_slowly(before, after):
    parts = {name: defaultdict(float) for name in ("came", "went", "changed", "newly", "no_longer")}
    for place in {*before, *after}:
        old, new = before.get(place), after.get(place)
        if old and new and old[0] == new[0]:
            parts["changed"][old[0]] += (new[1] - old[1]) * old[2]
            share = new[2] - old[2]
            parts["newly" if share > 0 else "no_longer"][old[0]] += abs(share) * new[1]
            continue
        if old:
            parts["went"][old[0]] += old[1] * old[2]
        if new:
            parts["came"][new[0]] += new[1] * new[2]
    return {name: [found[unit] for unit in range(UNITS)] for name, found in parts.items()}


@given(before=RUN, after=RUN)
def test_the_parts_are_those_of_a_slow_oracle(before, after):
    found = differ(to_seen(before), to_seen(after), UNITS)
    for name, wanted in differ_slowly(before, after).items():
        assert getattr(found, name).tolist() == pytest.approx(wanted), name


@given(before=RUN, after=RUN)
def test_the_parts_are_the_difference_of_the_people_served(before, after):
    old, new = to_seen(before), to_seen(after)
    parts = differ(old, new, UNITS)
    for unit in range(UNITS):
        served = [float((run.people * run.served)[run.unit == unit].sum()) for run in (old, new)]
        gained = (parts.came - parts.went + parts.changed + parts.newly - parts.no_longer)[unit]
        assert served[1] - served[0] == pytest.approx(gained, abs=1e-9)
