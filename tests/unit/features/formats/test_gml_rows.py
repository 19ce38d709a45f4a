"""Short pages as GML by compiled loops: geometries against `geometry`, values against Python."""

import math
import struct
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Layer, Style, Title
from gis_infra.features.batches import GEOMETRY, ID
from gis_infra.features.formats.gml import loops
from gis_infra.features.formats.gml.dialects import DIALECTS
from gis_infra.features.formats.gml.features import GmlForm, render_features
from gis_infra.features.formats.gml.geometry import GmlAxes, read_shapes, render_bounds
from gis_infra.features.formats.gml.rows import render_rows
from gis_infra.features.sent_pages import SentRows

TITLE = Title("thing", "thing")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LEAST, GREATEST = -(2**63), 2**63 - 1
MOMENTS = st.datetimes(timezones=st.just(UTC))
LETTERS = st.characters(blacklist_categories=("Cs",)) | st.sampled_from("&<>\r\n\t\x01\ufffd\ufffe\uffff\uf000ộ😀")
NO_ATTRIBUTES = struct.pack(">i", 0)
ORDINARY = st.floats(-180, 180) | st.floats(5e5, 2e6) | st.integers(-90, 90).map(float) | st.just(-0.0)
# Numbers that are written with an exponent, or lose digits; halves, which are rounded to even.
ODD = st.sampled_from((1e-9, 9.9e-5, 1e-4, 1e11, 1e15, 1e20, 0.00005, 0.00015, 2.5e-9, 3.5e-9))
position = st.tuples(ORDINARY, ORDINARY)
odd_position = st.tuples(ORDINARY | ODD, ORDINARY | ODD)
points = st.none() | st.just(shapely.Point()) | (position | odd_position).map(shapely.Point)
lines = st.none() | st.lists(position, min_size=2, max_size=6).map(shapely.LineString)
odd_lines = st.lists(odd_position, min_size=2, max_size=4).map(shapely.LineString) | st.just(shapely.LineString())
high_lines = st.lists(st.tuples(ORDINARY, ORDINARY, ORDINARY), min_size=2, max_size=4).map(shapely.LineString)
pages = st.sampled_from(["Point", "LineString"]).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        st.lists(points) if kind == "Point" else st.lists(lines) | st.lists(lines | odd_lines | high_lines),
    )
)


def make_layer(kind, *fields):
    """A layer of a type of geometry."""
    return Layer("thing", "water", TITLE, kind, "public", fields, Style({}))


@given(page=pages, dialect=st.sampled_from(sorted(DIALECTS)), swap=st.booleans(), decimals=st.sampled_from([4, 9]))
def test_geometries_are_written_as_on_long_pages(page, dialect, swap, decimals):
    kind, shapes = page
    wkbs = [None if shape is None else shapely.to_wkb(shape, byte_order=1, flavor="iso") for shape in shapes]
    axes = GmlAxes("urn:ogc:def:crs:EPSG::9210", swap, decimals)
    form = GmlForm(make_layer(kind), axes, dialect=DIALECTS[dialect])
    batch = pa.record_batch({ID: pa.array(range(-1, len(wkbs) - 1), pa.int64()), GEOMETRY: pa.array(wkbs, pa.binary())})
    rows = SentRows(range(-1, len(wkbs) - 1), wkbs, [NO_ATTRIBUTES] * len(wkbs))
    written, whole = render_rows(rows, form, ("<m>", "</m>"))
    assert written == render_features(batch, form, ("<m>", "</m>"))
    bounds = shapely.bounds(read_shapes(wkbs)) if wkbs else np.full((1, 4), np.nan)
    known = bounds[~np.isnan(bounds).all(axis=1)]
    box = [*known[:, :2].min(axis=0, initial=np.inf), *known[:, 2:].max(axis=0, initial=-np.inf)]
    if np.isfinite(bounds[~np.isnan(bounds)]).all() and np.isfinite(box).all() and not np.isnan(known).any():
        assert whole == render_bounds(np.array([box]), axes, form.dialect)[0]


def test_most_pages_take_the_short_road():
    """The loops refuse what they cannot write as others do, which must not be what a city has."""
    first, last = shapely.LineString([(106.7, 10.75), (106.70000001, 10.8)]), shapely.LineString([(0, -0.5), (180, 0)])
    wkbs = [shapely.to_wkb(shape) or b"" for shape in (first, None, last)]
    data = np.frombuffer(bytearray().join(wkbs), np.uint8)
    steps, lasts, box = loops.read_plain(data, np.cumsum([len(each) for each in wkbs]), loops.LINE, 9)
    assert steps.tolist()[:4] == [106_700_000_000, 10_750_000_000, 106_700_000_010, 10_800_000_000]
    assert lasts.tolist() == [2, 2, 4] and box.tolist() == [0, -0.5, 180, 10.8]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e300, 1e-5])
def test_a_page_with_a_number_that_is_written_otherwise_takes_the_long_road(number):
    wkbs = struct.pack("<BIdd", 1, 1, 106.7, 10.75), struct.pack("<BIdd", 1, 1, 106.7, number)
    data = np.frombuffer(bytearray().join(wkbs), np.uint8)
    assert not len(loops.read_plain(data, np.array([21, 42]), loops.POINT, 9)[0])


def write(kind, value):
    """A value of a kind as the loops write it. value: as the database sends it."""
    out = np.zeros(10 * len(value) + 40, np.uint8)
    end = loops.put_value(out, 0, np.frombuffer(bytearray(value), np.uint8), 0, len(value), kind)
    return out[:end].tobytes().decode()


@given(number=st.integers(LEAST, GREATEST) | st.sampled_from([LEAST, LEAST + 1, -10, -9, 0, 9, 10, GREATEST]))
def test_whole_numbers(number):
    assert write(loops.INTEGER, struct.pack(">q", number)) == str(number)


@pytest.mark.parametrize(("form", "number"), [(">h", -32768), (">h", 150), (">i", -(2**31)), (">i", 40), (">q", -1)])
def test_whole_numbers_of_all_sizes(form, number):
    assert write(loops.INTEGER, struct.pack(form, number)) == str(number)


@given(moment=MOMENTS | MOMENTS.map(lambda moment: moment.replace(microsecond=0)))
def test_moments(moment):
    written = write(loops.MOMENT, struct.pack(">q", (moment - EPOCH) // timedelta(microseconds=1)))
    expected = moment.replace(tzinfo=None).isoformat(timespec="milliseconds").removesuffix(".000") + "Z"
    assert written == expected


@given(text=st.text(LETTERS))
def test_texts(text):
    allowed = "".join(
        letter if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff") else "\ufffd"
        for letter in text
    )
    assert write(loops.TEXT, text.encode()) == escape(allowed).replace("\r", "&#13;")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.5", "1.5"), ("Infinity", "INF"), ("-Infinity", "-INF"), ("NaN", "NaN"), ("-0", "-0"), ("1e-07", "1e-07")],
)
def test_numbers(text, expected):
    assert write(loops.NUMBER, text.encode()) == expected


def test_a_page_of_nothing_is_nothing():
    form = GmlForm(make_layer("Point", Field("name", "text", TITLE)), GmlAxes("", swap_axes=False, decimals=9))
    assert render_rows(SentRows(), form) == (b"", "")
