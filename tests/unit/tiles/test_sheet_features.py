"""What is made of a sheet by compiled loops, against plain Python and Shapely."""

import struct

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import ACCESS_LEVELS
from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress, get_box, to_degrees
from gis_infra.tiles.sheets import choosing
from gis_infra.tiles.sheets.elements import parse_elements
from gis_infra.tiles.sheets.encoding import encode
from gis_infra.tiles.sheets.lines import LEAST, MOST, draw_lines
from gis_infra.tiles.sheets.parts import Drawing
from gis_infra.tiles.sheets.runs import get_starts
from gis_infra.tiles.sheets.sheet import Kind, Shapes, Sheet
from gis_infra.tiles.sheets.values import to_attribute, write_integer
from tests.tiles import decode, send_array

SQUARE = TileAddress(14, 7699, 13047)
# Half a unit of rounding at each end of a segment, and what single precision leaves.
NEAR = 1.0
units = st.integers(-9000, 9000)
vertices = st.lists(st.tuples(units, units), min_size=2, max_size=8)
texts = st.sampled_from([None, "", "Ống", "x" * 200])
numbers = st.sampled_from([None, 5, -5, 2**40])


def make_sheet(parts_of_features, kind=Kind.LINE, attributes=None, ids=None, boxes=None, levels=None):
    """A sheet whose vertices are given in 4096ths of its width."""
    parts = [part for feature in parts_of_features for part in feature]
    xy = np.array([vertex for part in parts for vertex in part], np.float32).reshape(-1, 2) / np.float32(4096)
    part_starts = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    feature_starts = np.cumsum([0, *map(len, parts_of_features)], dtype=np.int32)
    count = len(parts_of_features)
    ids = np.arange(count) + 1 if ids is None else np.array(ids, np.int64)
    levels = np.full(count, -1, np.int8) if levels is None else np.array(levels, np.int8)
    shapes = Shapes(kind, xy, part_starts, feature_starts, np.ones(len(parts), np.bool_))
    boxes = np.zeros((4, count)) if boxes is None else boxes
    return Sheet(SQUARE, LayerState(1, None), ids, levels, boxes, shapes, attributes or {})


def list_parts(drawing):
    """The parts of a drawing with the row of each."""
    ends = zip(get_starts(drawing.counts), drawing.counts, drawing.rows, strict=True)
    return [(drawing.xy[start : start + count], row) for start, count, row in ends]


@given(st.lists(st.lists(vertices, min_size=1, max_size=2), min_size=1, max_size=4))
def test_lines_are_drawn_as_far_as_the_margin_goes(multilines):
    sheet = make_sheet(multilines)
    rows = np.arange(len(multilines))
    drawn = list_parts(draw_lines(sheet, rows, np.ones(len(rows), np.bool_), SQUARE))
    for row, multiline in enumerate(multilines):
        inside = shapely.intersection(shapely.MultiLineString(multiline), shapely.box(LEAST, LEAST, MOST, MOST))
        ours = shapely.MultiLineString([part for part, owner in drawn if owner == row])
        assert (
            inside.length <= NEAR or ours.length > 0 or shapely.MultiPoint(shapely.get_coordinates(inside)).length < 3
        )
        assert ours.difference(inside.buffer(NEAR)).is_empty and inside.difference(ours.buffer(2 * NEAR)).length <= 3
    for part, _ in drawn:
        assert part.min() >= LEAST and part.max() <= MOST


@given(vertices)
def test_a_line_within_the_margin_keeps_its_turns_and_no_other_vertex(line):
    (part, _), *_ = list_parts(draw_lines(make_sheet([[line]]), np.array([0]), np.array([False]), SQUARE)) or [([], 0)]
    kept = [vertex for place, vertex in enumerate(line) if place == 0 or vertex != line[place - 1]]
    turns = [
        now
        for place, now in enumerate(kept)
        if place in (0, len(kept) - 1) or not goes_straight(kept[place - 1], now, kept[place + 1])
    ]
    assert [tuple(vertex) for vertex in part] == (turns if len(kept) > 1 else [])


def goes_straight(before, now, after):
    steps = (now[0] - before[0], now[1] - before[1]), (after[0] - now[0], after[1] - now[1])
    (a, b), (c, d) = steps
    return a * d == b * c and a * c + b * d > 0


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_what_was_drawn_is_read_from_the_tile(kind, data):
    least = {Kind.POINT: 1, Kind.LINE: 2, Kind.POLYGON: 3}[kind]
    part = st.lists(st.tuples(units, units), min_size=least, max_size=1 if kind is Kind.POINT else 6)
    geometries = data.draw(st.lists(st.lists(part, min_size=1, max_size=3), min_size=1, max_size=5))
    rows = [data.draw(texts) for _ in geometries], [data.draw(numbers) for _ in geometries]
    ids = data.draw(st.lists(st.integers(0, 2**62), min_size=len(geometries), max_size=len(geometries), unique=True))
    sent = send_array(rows[1], lambda number: struct.pack(">q", number))
    attributes = {
        "first": to_attribute(parse_elements(send_array(rows[0])), None),
        "second": to_attribute(parse_elements(sent), write_integer),
    }
    sheet = make_sheet(geometries, kind, attributes, ids)
    parts = [part for shape in geometries for part in shape]
    xy = np.array([vertex for part in parts for vertex in part], np.int64)
    owners = np.repeat(np.arange(len(geometries)), [len(shape) for shape in geometries])
    body = encode(sheet, Drawing(xy, np.array([len(each) for each in parts]), owners), "pipe", ["first", "second"])
    for number, found in enumerate(decode(body)["pipe"]):
        assert (found["id"], found["kind"], found["parts"]) == (ids[number], kind, geometries[number])
        written = {"first": rows[0][number], "second": rows[1][number]}
        assert found["properties"] == {name: value for name, value in written.items() if value is not None}


@given(st.data())
def test_rows_are_chosen_by_box_size_and_level(data):
    box = get_box(SQUARE)
    degrees = st.floats(-0.03, 0.03)
    corners = data.draw(st.lists(st.tuples(degrees, degrees, st.floats(0, 0.02), st.floats(0, 0.02)), max_size=20))
    boxes = np.array([(box.west + x, box.south + y, box.west + x + w, box.south + y + h) for x, y, w, h in corners])
    levels = [data.draw(st.integers(-1, len(ACCESS_LEVELS) - 1)) for _ in corners]
    seen = data.draw(st.sets(st.sampled_from(ACCESS_LEVELS)))
    smallest = data.draw(st.sampled_from([0, 4, 400]))
    sheet = make_sheet([[] for _ in corners], boxes=np.ascontiguousarray(boxes.reshape(-1, 4).T), levels=levels)
    west, south, east, north = choosing.get_margin(SQUARE)
    least = to_degrees(SQUARE.zoom, smallest) if smallest else -1
    expected = [
        row
        for row, (w, s, e, n) in enumerate(boxes)
        if w <= east and e >= west and s <= north and n >= south and max(e - w, n - s) > least
        if levels[row] < 0 or ACCESS_LEVELS[levels[row]] in seen
    ]
    rows = choosing.choose_rows(sheet, SQUARE, tuple(seen), smallest)
    assert rows.tolist() == expected
    out = choosing.sticks_out(sheet, rows, SQUARE)
    assert out.tolist() == [
        bool(w < west or s < south or e > east or n > north) for w, s, e, n in boxes.reshape(-1, 4)[rows]
    ]
