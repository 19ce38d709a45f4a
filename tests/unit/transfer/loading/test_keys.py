"""A key that came before in a file is found again, with its row, in memory that does not depend on its length."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.loading.keys import Keys

PAIRS = st.tuples(st.sampled_from(["SAWACO", "UDC", "", "ab"]), st.sampled_from(["1", "2", "", "c", "bc", "ống"]))
FILES = st.lists(st.lists(PAIRS, max_size=8), max_size=8)


def add(keys, pairs, first):
    owners, codes = ([pair[at] for pair in pairs] for at in (0, 1))
    rows = np.arange(first, first + len(pairs), dtype=np.uint32)
    return keys.add(pa.array(owners, pa.string()), pa.array(codes, pa.string()), rows).tolist()


def find_before(batches):
    """The oracle: a dictionary."""
    seen, row, answers = {}, 0, []
    for pairs in batches:
        answers.append([])
        for pair in pairs:
            row += 1
            answers[-1].append(seen.get(pair, 0))
            seen.setdefault(pair, row)
    return answers


def ask_all(keys, batches):
    first, answers = 1, []
    for pairs in batches:
        answers.append(add(keys, pairs, first))
        first += len(pairs)
    return answers


@settings(max_examples=100, deadline=None)
@given(FILES)
def test_each_key_is_found_at_the_row_it_first_came(batches):
    assert ask_all(Keys(), batches) == find_before(batches)


def hash_badly(texts):
    """Two hashes of which the first has three values, so that most keys share it, and the second tells them apart."""
    known = {text: number for number, text in enumerate(sorted(set(texts.to_pylist())))}
    codes = [ord(text[-1]) * 1000 + len(text) * 7 + ord(text[0]) for text in texts.to_pylist()]
    assert len(known) <= len(codes)
    return np.array(codes, np.uint64) % np.uint64(3), np.array(codes, np.uint64)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("123456")), max_size=8), max_size=8))
def test_keys_that_share_a_hash_are_told_apart_by_the_other(batches):
    assert ask_all(Keys(hash_badly), batches) == find_before(batches)


def test_owner_and_code_are_not_run_together():
    assert add(Keys(), [("a", "bc"), ("ab", "c")], 1) == [0, 0]


def test_the_same_letters_written_otherwise_are_another_code():
    assert add(Keys(), [("a", "WP-1"), ("a", "wp-1"), ("a", "WP-1 ")], 1) == [0, 0, 0]


def test_the_hashes_of_two_files_are_not_alike():
    text = pa.array(["SAWACO"])
    (one,), (other,) = Keys().hash_pair(text)[0], Keys().hash_pair(text)[0]
    assert one != other


@pytest.mark.parametrize("length", [5, 500])
def test_a_row_takes_20_bytes_however_long_its_code(length):
    keys = Keys()
    for batch in range(50):
        add(keys, [("SAWACO", f"{batch}-{row}".ljust(length, "x")) for row in range(100)], batch * 100 + 1)
    sizes = [run.first.nbytes + run.second.nbytes + run.rows.nbytes for run in keys.runs]
    assert sum(sizes) == 20 * 5000
    assert len(sizes) <= 6
