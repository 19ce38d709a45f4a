"""CQL2 as JSON: what it means, where its faults are, and that nothing hurts it."""

import json
import time

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.filters.cql2 import parse, parse_json
from gis_infra.filters.spots import FilterError
from gis_infra.filters.tree import Box, Comparison, In, Interval, Literal, Property, Shape, Spatial, Temporal, compare
from gis_infra.spatial.boxes import Bbox

A = {"property": "a"}


def call(operator, *operands):
    return {"op": operator, "args": list(operands)}


def geometry(kind, coordinates):
    return call("s_intersects", {"property": "geom"}, {"type": kind, "coordinates": coordinates})


def test_a_document_means_what_the_standard_says():
    assert parse_json(call("=", A, 1)) == compare("a", "=", 1)
    assert parse_json('{"op": "=", "args": [{"property": "id"}, 9007199254740993]}') == compare(
        "id", "=", 9007199254740993
    )
    assert parse_json(call("in", A, ["x", 2])) == In(Property("a"), (Literal("x"), Literal(2)))
    point = Shape(shapely.to_wkb(shapely.Point(106.7, 10.8)), 4326)
    assert parse_json(geometry("Point", [106.7, 10.8])) == Spatial("intersects", Property("geom"), point)
    assert parse(geometry("Point", [10.8, 106.7]), "cql2-json", 4326, swap_axes=True).right == point
    box = call("s_intersects", {"property": "geom"}, {"bbox": [1, 2, 0, 3, 4, 9]})
    assert parse_json(box).right == Box(Bbox(1, 2, 3, 4, 4326))
    moment = parse_json(call("t_after", A, {"date": "2020-01-01"}))
    assert moment == Temporal("after", Property("a"), Literal(moment.right.value))
    span = parse_json(call("t_before", A, {"interval": ["..", {"property": "b"}]}))
    assert span.right == Interval(None, Property("b"))
    assert parse_json(call("=", call("lower", A), "x")) == Comparison(
        parse_json(call("=", call("lower", A), "x")).left, "=", Literal("x")
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "a condition is needed here, and got a value, at the root"),
        (1, "a condition is needed here"),
        (None, 'null is no value; ask with the operator "isNull", at the root'),
        (call("=", A, None), 'null is no value; ask with the operator "isNull", at /args/1'),
        (call("=", A), "= has 2 operands, got 1, at the root"),
        ({"op": "="}, 'has a list "args" beside it, and nothing else, at the root'),
        ({"op": "=", "args": [A, 1], "more": 1}, 'has a list "args" beside it, and nothing else'),
        ({"op": 1, "args": []}, "is nothing that CQL2 knows, at the root"),
        (call("=", {"property": 1}, 1), "is nothing that CQL2 knows, at /args/0"),
        (
            call("and", call("=", A, {"date": "x"}), call("=", A, 1)),
            "a date is as 2026-11-23, got 'x', at /args/0/args/1",
        ),
        (call("and", call("=", A, 1)), "and has two operands or more, got 1"),
        (call("in", A, [call("=", A, 1)]), "a value is needed here, and got a condition, at /args/1/0"),
        (call("in", A, "x"), "a list of at least one value"),
        (geometry("Point", [1]), "a position has two or three numbers, got [1], at /args/1/coordinates"),
        (geometry("Point", [1, "x"]), "a position has two or three numbers"),
        (geometry("Point", [1, True]), "a position has two or three numbers"),
        (geometry("Point", [1, 10**400]), "coordinates must be finite"),
        (geometry("LineString", [[1, 2]]), "the LineString is broken"),
        (geometry("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 1]]]), "ends where it starts"),
        (geometry("Polygon", []), "not empty"),
        (geometry("Circle", [1, 2]), "a geometry is one of Point, LineString"),
        (call("s_intersects", A, {"type": "GeometryCollection", "geometries": []}), "a geometry is one of"),
        (call("s_intersects", A, {"bbox": [1, 2, 3, "x"]}), "a box is made of numbers, at /args/1"),
        (call("s_intersects", A, {"bbox": [1, 2, 3]}), "got 3"),
        (call("t_meets", A, {"interval": ["2020-01-01", ".."]}), "compares intervals, and got a moment"),
        ({"property": "\ud800"}, "surrogate"),
        (call("=", A, 10**320), "larger than any that can be compared, at /args/1"),
    ],
)
def test_a_fault_is_told_by_its_pointer(document, words):
    with pytest.raises(FilterError) as caught:
        parse_json(document)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "the filter is not JSON: .*, at character 2"),
        ("", "the filter is not JSON"),
        ('{"op": "=", "args": [NaN, 1]}', "NaN is no number of JSON"),
        ('{"op": "=", "args": [1e999, 1]}', "larger than any"),
        ('{"op": "=", "args": [' + "9" * 5000 + ", 1]}", "larger than any"),
        ("[" * 100_000, "others"),
        ('{"op":"not","args":[' * 100 + "true" + "]}" * 100, "others"),
        ('{"op":"not","args":[' * 61 + "true" + "]}" * 61, "more than 60 others"),
        (json.dumps(call("in", A, list(range(6000)))), "more than 5000 parts"),
        (" " * 1_000_001, "1000001 characters, at most 1000000"),
        ('{"property": "\\ud800"}', "surrogate"),
        ('{"\\ud800": 1}', "surrogate"),
    ],
)
def test_what_is_no_json_or_too_large_is_refused_at_once(text, words):
    started = time.process_time()
    with pytest.raises(FilterError, match=words):
        parse_json(text)
    assert time.process_time() - started < 60  # far above what it takes


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["..", "2020-01-01"])
)
KEYS = st.sampled_from(
    ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates", "geometries"]
)
OPERATORS = st.sampled_from(
    [
        "and",
        "or",
        "not",
        "=",
        "<",
        "like",
        "between",
        "in",
        "isNull",
        "casei",
        "+",
        "^",
        "s_within",
        "t_meets",
        "a_overlaps",
        "f",
    ]
)
DOCUMENTS = st.recursive(
    SCALARS | st.just(A),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.builds(
            lambda operator, operands: {"op": operator, "args": operands}, OPERATORS, st.lists(inner, max_size=4)
        )
    ),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS)
def test_nothing_but_a_filter_error_comes_out_of_any_document(document):
    try:
        parse_json(document)
    except FilterError as error:
        assert error.message and error.message.encode()
