"""YAML as values that know their line."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.documents import Notes, parse_document

SCALARS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="ascii"), max_size=8)
KEYS = st.text("abcdefghij_", min_size=1, max_size=6)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)


def to_plain(entry):
    if isinstance(entry.value, Mapping):
        return {key: to_plain(value) for key, value in entry.value.items()}
    if isinstance(entry.value, tuple):
        return [to_plain(item) for item in entry.value]
    return entry.value


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_json_is_read_as_json_reads_it(value):
    # JSON is YAML, and Python's json module is the oracle.
    notes = Notes("x.yaml")
    entry = parse_document(json.dumps(value), notes)
    assert notes.problems == [] and to_plain(entry) == value


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_fails(text):
    notes = Notes("x.yaml")
    assert parse_document(text, notes) is not None or notes.problems


def test_an_entry_knows_its_line_and_that_of_its_key():
    entry = parse_document("a: 1\nb:\n  c: 2\n  d:\n    [3,\n     4]\n", Notes("x.yaml"))
    inner = entry.value["b"].value
    assert (inner["c"].line, inner["c"].key_line) == (3, 3)
    assert (inner["d"].line, inner["d"].key_line) == (5, 4)
    assert [item.line for item in inner["d"].value] == [5, 6]


def test_a_date_and_a_version_stay_the_text_that_was_written():
    entry = parse_document("a: 2025-07-01\nb: 1.2.3\nc: no\nd: 0x1F", Notes("x.yaml"))
    assert [each.value for each in entry.value.values()][:3] == ["2025-07-01", "1.2.3", "no"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("-1", -1), ("1.50", 1.5), ("1e3", 1000.0), (".5", 0.5), ("true", True), ("FALSE", False),
        ("~", None), ("", None), ("yes", "yes"), ("on", "on"), ("1:30", "1:30"), ("2025-07-01", "2025-07-01"),
        ("_", "_"), ("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"), ("!!int '12'", 12), ("a b", "a b"),
    ],
)  # fmt: skip
def test_a_word_without_quotes_is_what_yaml_1_2_says(text, value):
    notes = Notes("x.yaml")
    read = parse_document(f"a: {text}\n", notes).value["a"].value
    assert (read, type(read), notes.problems) == (value, type(value), [])


@pytest.mark.parametrize("text", ["0x1F", "0o17", ".inf", ".nan"])
def test_a_number_in_another_spelling_is_noted(text):
    notes = Notes("x.yaml")
    assert parse_document(f"a: {text}\n", notes).value["a"].value is None
    assert [str(each) for each in notes.problems] == [f"x.yaml:1: {text} is not a plain decimal number"]


def test_the_second_of_two_equal_keys_is_noted_and_the_first_stands():
    notes = Notes("x.yaml")
    entry = parse_document("a: 1\na: 2\n", notes)
    assert entry.value["a"].value == 1
    assert [str(problem) for problem in notes.problems] == ["x.yaml:2: 'a' is given twice"]
