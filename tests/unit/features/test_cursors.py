"""Cursors as text: short, for their own order only, and harmless whatever is made of them."""

import base64
import json
import string
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Layer, Style, Title
from gis_infra.errors import InvalidParameter
from gis_infra.features import cursors
from gis_infra.features.query import Cursor, SortKey

TITLE = Title("t", "t")
FIELDS = (
    Field("name", "text", TITLE, max_length=200),
    Field("kind", "code", TITLE, codes={"a": TITLE}),
    Field("count", "integer", TITLE),
    Field("level_m", "number", TITLE),
    Field("open", "boolean", TITLE),
    Field("built_on", "date", TITLE),
    Field("seen_at", "timestamp", TITLE),
    Field("remarks", "text", TITLE, max_length=4000),
)
LAYER = Layer("l", "water", TITLE, "Point", "public", FIELDS, Style({}))
VALUES = {
    "name": st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=200),
    "kind": st.sampled_from(["a", "of older days"]),
    "count": st.integers(-(2**63) + 1, 2**63 - 1),
    "level_m": st.floats(allow_nan=False, allow_infinity=False),
    "open": st.booleans(),
    "built_on": st.dates(),
    "seen_at": st.datetimes(timezones=st.just(UTC)),
    "id": st.integers(0, 2**63 - 1),
}
MANY = settings(max_examples=150, deadline=None)


@st.composite
def places(draw):
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=8, unique=True))
    sort = tuple(SortKey(name, draw(st.booleans())) for name in names)
    values = tuple(draw(VALUES[name] if name == "id" else st.none() | VALUES[name]) for name in names)
    return sort, Cursor(values, draw(VALUES["id"]), draw(st.booleans()))


@given(place=places())
@MANY
def test_a_cursor_comes_back_as_it_was_and_fits_an_address(place):
    sort, cursor = place
    text = cursors.find_text(cursor, LAYER, sort)
    assert cursors.parse(text, LAYER, sort) == cursor
    assert len(text) <= cursors.LONGEST_CURSOR and set(text) <= set(string.ascii_letters + string.digits + "-_")


@given(place=places(), other=places())
@MANY
def test_a_cursor_serves_its_own_order_only(place, other):
    text = cursors.find_text(place[1], LAYER, place[0])
    if cursors.name_order(place[0]) != cursors.name_order(other[0]):
        with pytest.raises(InvalidParameter, match="sorted otherwise"):
            cursors.parse(text, LAYER, other[0])


@given(text=st.text(max_size=200) | st.text(string.ascii_letters + string.digits + "-_=", max_size=200))
@MANY
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(InvalidParameter, match="cursor") as caught:
        cursors.parse(text, LAYER, (SortKey("name"),))
    assert caught.value.where == "cursor"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(parts=st.tuples(JSON, st.just("level_m,-built_on"), JSON, JSON, JSON))
@MANY
def test_a_cursor_that_was_tampered_with_is_refused_or_names_a_place(parts):
    text = base64.urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()
    sort = (SortKey("level_m"), SortKey("built_on", descending=True))
    try:
        cursor = cursors.parse(text, LAYER, sort)
    except InvalidParameter as error:
        assert error.where == "cursor"
        return
    level, built_on = cursor.values
    assert level is None or isinstance(level, int | float)
    assert built_on is None or type(built_on) is date
    assert 0 <= cursor.id < 2**63 and isinstance(cursor.backwards, bool)


def test_an_order_by_long_text_has_no_cursors():
    assert cursors.find_text(Cursor(("short",), 1), LAYER, (SortKey("remarks"),)) is None


def test_a_moment_keeps_its_microseconds():
    moment = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
    text = cursors.find_text(Cursor((moment,), 1), LAYER, (SortKey("seen_at"),))
    assert cursors.parse(text, LAYER, (SortKey("seen_at"),)).values == (moment,)


def test_a_cursor_longer_than_any_of_ours_is_not_read():
    with pytest.raises(InvalidParameter, match="cursor is none that a page of this service gave"):
        cursors.parse("W" * (cursors.LONGEST_CURSOR + 1), LAYER, ())
