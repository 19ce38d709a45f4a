"""Numbers and values as a vector tile writes them, against a slow reader."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.tiles.sheets import varints
from gis_infra.tiles.sheets.runs import get_starts, sum_runs, take_runs
from gis_infra.tiles.sheets.values import render_value, to_attribute
from tests.tiles import decode_value, read_fields, read_varints, undo_zigzag


@given(st.lists(st.integers(0, 2**63 - 1), max_size=50))
def test_numbers_are_read_as_they_were_written(numbers):
    array = varints.narrow(np.array(numbers, np.int64))
    sizes = varints.measure(array)
    assert list(read_varints(varints.render(array, sizes).tobytes())) == numbers
    assert b"".join(map(varints.render_one, numbers)) == varints.render(array, sizes).tobytes()
    assert sizes.tolist() == [len(varints.render_one(each)) for each in numbers]


@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=50))
def test_signed_numbers_come_back_by_zigzag(numbers):
    assert [undo_zigzag(int(each)) for each in varints.to_zigzag(np.array(numbers, np.int64))] == numbers


def test_a_number_of_no_bytes_is_left_out():
    numbers, sizes = np.array([[1, 300], [5, 6]], np.uint32), np.array([[1, 2], [0, 1]], np.uint8)
    assert list(read_varints(varints.render(numbers, sizes).tobytes())) == [1, 300, 6]


@pytest.mark.parametrize(
    "value", ["", "Ống", "x" * 125, "x" * 126, "x" * 500, 0, 1, 150, 2**40, -1, -300, 0.5, -1e300, True, False]
)
def test_a_value_is_read_as_it_was_written(value):
    ((number, content),) = read_fields(render_value(value))
    found = decode_value(content)
    assert (number, found, type(found)) == (4, value, type(value))


def test_what_a_tile_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="a tile holds no bytes"):
        render_value(b"")


def test_an_attribute_holds_each_value_once_and_none_for_what_is_missing():
    attribute = to_attribute(["b", None, "a", "b"])
    assert attribute.codes.tolist() == [0, -1, 1, 0] and len(attribute.starts) == 3
    assert to_attribute([None, None]).codes.tolist() == [-1, -1]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=10))
def test_runs_are_taken_one_behind_the_other(runs):
    starts, counts = (np.array([run[at] for run in runs], np.int64) for at in (0, 1))
    assert take_runs(starts, counts).tolist() == [start + step for start, count in runs for step in range(count)]
    full = np.array([each for each in counts if each], np.int64)
    assert sum_runs(np.ones(int(full.sum())), full).tolist() == full.tolist()
    assert get_starts(counts).tolist() == [int(counts[:place].sum()) for place in range(len(counts))]
