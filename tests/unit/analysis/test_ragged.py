"""Rows across several arrays, and lists of unequal length laid end to end."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.analysis import ragged

NUMBERS = st.floats(-1e6, 1e6)
GROUPS = st.lists(st.lists(NUMBERS, min_size=1, max_size=6), max_size=6)


@dataclass(frozen=True)
class Pipes(ragged.Columns):
    id: ragged.Places
    length_m: ragged.Numbers


def test_rows_are_taken_from_every_column_by_place_or_by_mark():
    pipes = Pipes(np.array([7, 8, 9]), np.array([1.0, 2.0, 3.0]))
    by_place, by_mark = pipes.take(np.array([2, 0])), pipes.take(np.array([True, False, False]))
    assert (by_place.id.tolist(), by_place.length_m.tolist()) == ([9, 7], [3.0, 1.0])
    assert (by_mark.id.tolist(), len(by_mark)) == ([7], 1)


def test_parts_are_joined_in_their_order():
    whole = Pipes.join([Pipes(np.array([each]), np.array([0.5])) for each in (3, 1)])
    assert whole.id.tolist() == [3, 1]


def test_items_of_lists_know_their_list_and_their_place_in_it():
    owners, places = ragged.spread(np.array([2, 0, 3]))
    assert owners.tolist() == [0, 0, 2, 2, 2]
    assert places.tolist() == [0, 1, 0, 1, 2]


@pytest.mark.parametrize(("values", "once"), [([], []), ([3, 1, 3, 2, 1], [1, 2, 3])])
def test_each_value_is_listed_once_in_order(values, once):
    assert ragged.list_once(np.array(values, dtype=np.int64)).tolist() == once


def test_rows_are_numbered_from_one_in_each_group():
    first = ragged.mark_first(np.array([4, 4, 5, 5, 5]), np.array([1, 2, 2, 2, 2]))
    assert first.tolist() == [True, True, True, False, False]
    assert ragged.number_from_one(first).tolist() == [1, 1, 1, 2, 3]


@given(groups=GROUPS)
def test_the_farthest_so_far_is_exact_and_knows_no_other_group(groups):
    values = np.array([value for group in groups for value in group])
    numbers = np.array([number for number, group in enumerate(groups) for _ in group], dtype=np.int64)
    wanted = [max(group[: place + 1]) for group in groups for place in range(len(group))]
    assert ragged.reach_farthest(values, numbers).tolist() == wanted
