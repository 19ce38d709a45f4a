"""What is counted: problems by kind, of bounded size."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.tally import MOST_EXAMPLES, MOST_KINDS, MOST_PROBLEMS, Example, Tally, split_reason


def count(problems):
    tally = Tally()
    tally.add(len(problems), 0, problems, Counter())
    return tally


def test_alike_problems_are_one_kind_with_a_few_different_values():
    tally = count([RowProblem(row, "DK", str(row % 3), "is too small") for row in range(1, 101)])
    ((kind, alike),) = tally.kinds.items()
    assert kind == ("DK", "is too small", True)
    assert (alike.count, alike.examples) == (100, [Example(1, "1"), Example(2, "2"), Example(3, "0")])


def test_problems_without_a_value_have_their_rows_as_examples():
    tally = count([RowProblem(row, "geometry", "", "is a line without length") for row in range(1, 101)])
    (alike,) = tally.kinds.values()
    assert [example.row for example in alike.examples] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("reason", "alike", "rest"),
    [
        (
            "was repaired: Self-intersection at 603000.5 1191000",
            "was repaired: Self-intersection",
            "at 603000.5 1191000",
        ),
        ("text cannot be read as VNI: byte 7", "text cannot be read as VNI", "byte 7"),
        ("has 3 separate parts; the layer takes Point", "has separate parts; the layer takes Point", "3 parts"),
        (
            "2 of 5 vertices have no height, so none was kept",
            "some vertices have no height, so none was kept",
            "2 of 5",
        ),
        (
            "came before in this file, for the same owner 'A', in row 7",
            "came before in this file, for the same owner 'A'",
            "as in row 7",
        ),
        (
            "is none of the codes a, b, nor a title or synonym of one; say which with --code X:VALUE=CODE",
            "is none of the codes a, b, nor a title or synonym of one",
            "",
        ),
        ("is below the least allowed, 15 mm", "is below the least allowed, 15 mm", ""),
    ],
)
def test_what_differs_from_row_to_row_is_told_apart(reason, alike, rest):
    assert split_reason(reason) == (alike, rest)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.booleans()), max_size=60))
def test_kinds_count_what_a_plain_counter_counts(found):
    tally = count([RowProblem(row, name, "", reason, is_error) for row, (name, reason, is_error) in enumerate(found)])
    assert {kind: alike.count for kind, alike in tally.kinds.items()} == Counter(found)


def test_a_file_of_nothing_but_different_reasons_does_not_fill_the_memory():
    tally = count([RowProblem(row, "A", "", f"reason {row}") for row in range(5 * MOST_PROBLEMS)])
    assert len(tally.problems) == MOST_PROBLEMS
    assert len(tally.kinds) == MOST_KINDS + 1
    assert sum(alike.count for alike in tally.kinds.values()) == 5 * MOST_PROBLEMS
    assert all(len(alike.examples) <= MOST_EXAMPLES for alike in tally.kinds.values())
