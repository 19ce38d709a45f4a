"""Values as Python source."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue import literals

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.text("ab ", max_size=300)
VALUES = st.recursive(st.none() | TEXTS, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=12)


@given(VALUES)
def test_the_source_means_the_value(value):
    assert ast.literal_eval(literals.render(value)) == value


@given(st.lists(st.text('a: \\"', max_size=90), max_size=6).map(tuple))
def test_no_line_is_longer_than_120_columns(value):
    assert all(len(line) <= 120 for line in literals.render(value, indent=8).splitlines())


def test_what_fits_stands_on_one_line_and_the_rest_is_opened_up():
    assert literals.render(("a", None, ("b",))) == '("a", null, ("b",))'.replace("null", "None")
    assert literals.render(("a" * 60, "b" * 60)).splitlines() == ["(", f'    "{"a" * 60}",', f'    "{"b" * 60}",', ")"]


def test_a_call_is_opened_up_when_it_is_too_long():
    assert literals.render_call("f", ["1", "x=2"]) == "f(1, x=2)"
    assert literals.render_call("f", ["1", "x=2"], width=8) == "f(\n    1,\n    x=2,\n)"
