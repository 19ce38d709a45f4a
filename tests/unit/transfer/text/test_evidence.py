"""What is gathered of a layer's text: enough to decide by, and no more than fits."""

import pyarrow as pa
import pytest

from gis_infra.transfer.text.evidence import MOST_SAMPLES, gather, gather_by_column, is_utf8, pool
from tests.unit.transfer.text.writing import write

HUE = write("Huệ", "UTF-8")


def test_only_words_beyond_ascii_are_kept_with_how_often_they_came():
    evidence = gather([pa.array(["Hu\xd6 1", "PVC", None, "Hu\xd6 1", "Hu\xd6 2", "th\xb8ng"])])
    assert evidence.tokens == {"Hu\xd6": 2, "th\xb8ng": 1}  # equal values of a batch are looked at once
    assert (evidence.values, evidence.values_not_utf8) == (3, 3)
    assert evidence.samples == ["Hu\xd6 1", "Hu\xd6 2", "th\xb8ng"]


def test_capitals_among_the_control_characters_count_as_letters():
    assert gather([pa.array(["PH\x06U 1"])]).tokens == {"PH\x06U": 1}
    assert gather([pa.array(["a\tb\nc"])]).values == 0


@pytest.mark.parametrize(
    ("surface", "is_valid"),
    [
        ("abc", True),
        (write("Huệ", "UTF-8"), True),
        (write("Huệ", "UTF-8")[:-1], True),
        ("Hu\xd6", True),
        ("\xd6u", False),
    ],
)
def test_utf8_is_told_and_a_last_letter_that_was_cut_forgiven(surface, is_valid):
    assert is_utf8(surface) is is_valid


def test_one_value_that_is_no_utf8_is_counted_among_many_that_are():
    surfaces = [write(f"Huệ {number}", "UTF-8") for number in range(9)]
    evidence = gather([pa.array([*surfaces, "\xd6u"])])
    assert (evidence.values, evidence.values_not_utf8) == (10, 1)


def test_values_are_kept_only_up_to_a_number():
    evidence = gather([pa.array([f"\xd6{number}" for number in range(MOST_SAMPLES)])] * 2)
    assert (len(evidence.samples), evidence.values) == (MOST_SAMPLES, 2 * MOST_SAMPLES)


def test_columns_are_kept_apart_and_pooled():
    batches = [("A", pa.array(["\xd6u"])), ("B", pa.array(["PVC"])), ("A", pa.array(["Hu\xd6"]))]
    columns = gather_by_column(batches, is_surface=True)
    assert list(columns) == ["A"]
    assert pool(columns).tokens == {"\xd6u": 1, "Hu\xd6": 1}


def test_unicode_is_looked_at_as_the_utf8_it_would_be():
    columns = gather_by_column([("A", pa.array(["Huệ", "PVC", None]))], is_surface=False)
    assert columns["A"].samples == [write("Huệ", "UTF-8")]
