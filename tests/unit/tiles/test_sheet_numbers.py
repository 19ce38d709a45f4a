"""Numbers and values as a vector tile writes them, against a slow reader."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.tiles.sheets import features, varints
from gis_infra.tiles.sheets.elements import parse_elements, read_numbers
from gis_infra.tiles.sheets.runs import get_starts, sum_runs, take_runs
from gis_infra.tiles.sheets.values import to_attribute, write_double, write_integer, write_truth
from tests.tiles import decode_value, read_fields, read_varints, send_array, undo_zigzag


@given(st.lists(st.integers(0, 2**63 - 1), max_size=50))
def test_numbers_are_read_as_they_were_written(numbers):
    out, place = np.zeros(10 * len(numbers) + 1, np.uint8), 0
    for each in numbers:
        before, place = place, features.put(out, place, each)
        assert place - before == features.measure(each) == len(varints.render_one(each))
    written = out[:place].tobytes()
    assert list(read_varints(written)) == numbers and written == b"".join(map(varints.render_one, numbers))


@given(st.integers(-(2**31), 2**31 - 1))
def test_signed_numbers_come_back_by_zigzag(number):
    assert undo_zigzag(features.to_zigzag(number)) == number


@pytest.mark.parametrize(
    ("value", "send", "write"),
    [(each, str.encode, None) for each in ("", "Ống", "x" * 125, "x" * 126, "x" * 500, "x" * 20_000)]
    + [(each, lambda number: struct.pack(">q", number), write_integer) for each in (0, 1, 150, 2**40, -1, -300)]
    + [(7, lambda number: struct.pack(">h", number), write_integer), (-7, lambda number: b"\xf9", write_integer)]
    + [(each, lambda number: struct.pack(">d", number), write_double) for each in (0.5, -1e300, 0.0)]
    + [(each, lambda truth: bytes([truth]), write_truth) for each in (True, False)],
)
def test_a_value_is_read_as_it_was_written(value, send, write):
    attribute = to_attribute(parse_elements(send_array([None, value, value], send)), write)
    ((number, content),) = read_fields(attribute.written.tobytes())
    found = decode_value(content)
    assert (number, found, type(found)) == (4, value, type(value))
    assert attribute.codes.tolist() == [-1, 0, 0] and attribute.starts.tolist() == [0, len(attribute.written)]


@given(st.lists(st.none() | st.text(max_size=3), max_size=60))
def test_each_different_value_has_a_number_of_its_own(values):
    attribute = to_attribute(parse_elements(send_array(values)), None)
    different = list(dict.fromkeys(each for each in values if each is not None))
    assert attribute.codes.tolist() == [-1 if each is None else different.index(each) for each in values]
    assert [decode_value(content) for _, content in read_fields(attribute.written.tobytes())] == different


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_numbers_of_an_array_are_what_was_sent(numbers):
    found = parse_elements(send_array(numbers, lambda number: struct.pack(">q", number)))
    assert read_numbers(found.data, found.starts, found.lengths).tolist() == numbers


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=10))
def test_runs_are_taken_one_behind_the_other(runs):
    starts, counts = (np.array([run[at] for run in runs], np.int64) for at in (0, 1))
    assert take_runs(starts, counts).tolist() == [start + step for start, count in runs for step in range(count)]
    full = np.array([each for each in counts if each], np.int64)
    assert sum_runs(np.ones(int(full.sum())), full).tolist() == full.tolist()
    assert get_starts(counts).tolist() == [int(counts[:place].sum()) for place in range(len(counts))]
