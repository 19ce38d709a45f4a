"""CQL2 as text: what it means, where its faults are, that it agrees with another parser, and that nothing hurts it."""

import json
import time

import cql2
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.errors import InvalidParameter
from gis_infra.filters.cql2 import parse, parse_json, parse_text
from gis_infra.filters.cql2.scanning import MAX_CHARACTERS
from gis_infra.filters.spots import FilterError
from gis_infra.filters.tree import (
    Accenti,
    And,
    Arithmetic,
    ArrayRelation,
    Between,
    Box,
    Casei,
    Comparison,
    Function,
    In,
    Interval,
    IsNull,
    Items,
    Like,
    Literal,
    Not,
    Or,
    Property,
    Shape,
    Spatial,
    Temporal,
    Truth,
    compare,
)
from gis_infra.spatial.boxes import Bbox

A, B = Property("a"), Property("b")


def shape(wkt, srid=4326):
    return Shape(shapely.to_wkb(shapely.from_wkt(wkt)), srid)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a = 1", compare("a", "=", 1)),
        ("a <> .5", compare("a", "<>", 0.5)),
        ("a >= -1.5E3", compare("a", ">=", -1500.0)),
        ("1 < a", Comparison(Literal(1), "<", A)),
        ("a = b", Comparison(A, "=", B)),
        ("a = 'it''s'", compare("a", "=", "it's")),
        ("a = 'it\\'s'", compare("a", "=", "it's")),
        (r"a = 'two\nlines\\'", compare("a", "=", "two\nlines\\")),
        (r"a LIKE '50\%' OR a LIKE '50\\%'", Or((Like(A, Literal("50\\%")),) * 2)),
        ("\"a\" = 'Nguyễn Huệ'", compare("a", "=", "Nguyễn Huệ")),
        ("tên:đường.1 = TRUE", compare("tên:đường.1", "=", True)),
        ("id = 9007199254740993", compare("id", "=", 9007199254740993)),  # 2**53 + 1 is no double
        ("a", Truth(A)),
        ("NOT a AND true", And((Not(Truth(A)), Truth(Literal(True))))),
        ("a=1 OR b AND a OR b", Or((compare("a", "=", 1), And((Truth(B), Truth(A))), Truth(B)))),
        ("a NOT LIKE 'x%'", Not(Like(A, Literal("x%")))),
        ("casei(a) LIKE CASEI('x%')", Like(Casei(A), Casei(Literal("x%")))),
        ("ACCENTI(CASEI(a)) = accenti(casei('é'))", Comparison(Accenti(Casei(A)), "=", Accenti(Casei(Literal("é"))))),
        ("a BETWEEN 1 AND 2 AND a=3", And((Between(A, Literal(1), Literal(2)), compare("a", "=", 3)))),
        ("a NOT BETWEEN b AND b+1", Not(Between(A, B, Arithmetic("+", B, Literal(1))))),
        ("a NOT IN ('x', 2)", Not(In(A, (Literal("x"), Literal(2))))),
        ("a IN (1)", In(A, (Literal(1),))),
        ("a IS NOT NULL", Not(IsNull(A))),
        ("(a = 1) IS NULL", IsNull(compare("a", "=", 1))),
        ("a + 2 * b = 1", Comparison(Arithmetic("+", A, Arithmetic("*", Literal(2), B)), "=", Literal(1))),
        ("a - 1 - 2 = b", Comparison(Arithmetic("-", Arithmetic("-", A, Literal(1)), Literal(2)), "=", B)),
        ("a-1 = b", Comparison(Arithmetic("-", A, Literal(1)), "=", B)),
        ("2 ^ 3 ^ 2 = a", Comparison(Arithmetic("^", Literal(2), Arithmetic("^", Literal(3), Literal(2))), "=", A)),
        ("(a + b) % 2 = a", Comparison(Arithmetic("%", Arithmetic("+", A, B), Literal(2)), "=", A)),
        ("a DIV 2 = b", Comparison(Arithmetic("div", A, Literal(2)), "=", B)),
        ("-a = -(1)", Comparison(Arithmetic("*", Literal(-1), A), "=", Literal(-1))),
        ("Round(a) = 1", Comparison(Function("Round", (A,)), "=", Literal(1))),
        ("A_OVERLAPS(a, ('b'))", ArrayRelation("overlaps", A, Items((Literal("b"),)))),
        ("A_EQUALS([], ())", ArrayRelation("equals", Items(()), Items(()))),
    ],
)  # fmt: skip
def test_a_text_means_what_the_standard_says(text, condition):
    assert parse_text(text) == condition


@pytest.mark.parametrize(
    ("written", "wkt"),
    [
        ("POINT(106.7 10.8)", "POINT (106.7 10.8)"),
        ("point Z (1 2 3)", "POINT (1 2)"),
        ("LINESTRING(0 0, 1e1 -.5)", "LINESTRING (0 0, 10 -0.5)"),
        ("POLYGON((0 0,4 0,4 4,0 0),(1 .5,3 .5,3 2,1 .5))", "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 .5, 3 .5, 3 2, 1 .5))"),
        ("MULTIPOINT((1 2), (3 4))", "MULTIPOINT (1 2, 3 4)"),
        ("MULTIPOINT(1 2, 3 4)", "MULTIPOINT (1 2, 3 4)"),
        ("MULTILINESTRING((0 0, 1 1), (2 2, 3 3))", "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))"),
        ("MULTIPOLYGON(((0 0, 4 0, 4 4, 0 0)))", "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))"),
        ("GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4))", "GEOMETRYCOLLECTION (POINT (1 2), POINT (3 4))"),
    ],
)
def test_every_kind_of_geometry_is_read(written, wkt):
    assert parse_text(f"s_within(geom, {written})") == Spatial("within", Property("geom"), shape(wkt))
    assert parse_text(f"S_CONTAINS({written}, geometry)") == Spatial("contains", shape(wkt), Property("geometry"))


def test_a_box_may_cross_the_antimeridian():
    found = parse_text("S_INTERSECTS(geom, BBOX(160.6,-55.95,-170,-25.89))")
    assert found == Spatial("intersects", Property("geom"), Box(Bbox(160.6, -55.95, -170, -25.89, 4326)))


def test_times_are_dates_moments_and_intervals_open_or_not():
    found = parse_text("T_DURING(INTERVAL(a, b), INTERVAL('2020-01-01', '..'))")
    start = parse_text("x = DATE('2020-01-01')").right
    assert found == Temporal("during", Interval(A, B), Interval(start, None))
    moment = parse_text("x = TIMESTAMP('1969-07-20T20:17:40Z')").right.value
    assert moment.isoformat() == "1969-07-20T20:17:40+00:00"


def test_northing_comes_first_where_the_crs_says_so():
    found = parse("S_INTERSECTS(geom, POINT(10.8 106.7))", "cql2-text", 4326, swap_axes=True)
    assert found.right == shape("POINT (106.7 10.8)")
    box = parse("S_INTERSECTS(geom, BBOX(10, 106, 11, 107))", "cql2-text", 9210, swap_axes=True)
    assert box.right.box == Bbox(106, 10, 107, 11, 9210)


@pytest.mark.parametrize(
    ("text", "words", "character"),
    [
        ("", "a value, a property, a function or a bracket is expected, and the end found", 1),
        ("a = ", "the end found", 5),
        ("a == 1", "and = found", 4),
        ("a = 1 b = 2", "AND, OR, an operator or the end is expected, and b found", 7),
        ("a = 1 = 2", "and = found", 7),
        ("(a = 1", ") is expected, and the end found", 7),
        ("a = 'x", "a text is not closed", 5),
        (r"a = 'x\'", "a text is not closed", 5),
        ('"a = 1', "a name is not closed", 1),
        ("a = 1; DROP TABLE x", "';' means nothing in a filter", 6),
        ("a = NULL", "ask with IS NULL", 5),
        ("a IN ()", "a list of at least one value", 3),
        ("a NOT = 1", "LIKE, BETWEEN or IN is expected", 7),
        ("a BETWEEN 1 OR 2", "AND is expected, and OR found", 13),
        ("a = 1e400", "larger than any that can be compared", 5),
        ("a = DATE('2020-02-30')", "a date is as 2026-11-23, got '2020-02-30'", 10),
        ("a = TIMESTAMP('2020-02-03T04:05:06')", "a timestamp is as 2026-11-23T08:30:00Z", 15),
        ("a = DATE(2020)", "a text in quotes is expected, and 2020 found", 10),
        ("T_DURING(a, INTERVAL('2020-01-01','..'))", "t_during compares intervals, and got a moment", 10),
        ("S_INTERSECTS(geom)", "s_intersects has 2 operands, got 1", 1),
        ("S_INTERSECTS(geom, POINT(1))", "a position has two or three numbers", 20),
        ("S_INTERSECTS(geom, POINT(90 180))", "no place has latitude 180 and longitude 90", 20),
        ("S_INTERSECTS(geom, POINT EMPTY)", "the Point is empty", 20),
        ("S_INTERSECTS(geom, POLYGON((0 0,1 0,1 1,0 1)))", "ends where it starts", 20),
        ("S_INTERSECTS(geom, LINESTRING(0 0, 1 1,))", "a number is expected, and ) found", 40),
        ("S_INTERSECTS(geom, BBOX(1,2,3))", "four numbers, or six with heights, got 3", 20),
        ("S_INTERSECTS(geom, BBOX(1,9,3,2))", "ymin 9.0 above ymax 2.0", 20),
        ("CASEI(a, b) = 'x'", "casei has 1 operand, got 2", 1),
        ("(a = 1) + 2 = 3", "+ needs a value, and got a condition", 9),
        ("1", "a condition is needed here, and got a value", 1),
        ("a AND 'x'", "a condition is needed here", 7),
        ("+a = 1", "+ stands before numbers", 1),
        ("AND = 1", "a value or a property is expected, and AND found", 1),
    ],
)
def test_a_fault_is_told_at_its_character(text, words, character):
    with pytest.raises(FilterError) as caught:
        parse_text(text)
    assert words in caught.value.message and f"at character {character}:" in caught.value.message
    assert caught.value.where == "filter"


DEEP = 5000
SLOWEST_S = 60  # far above what it takes, and far below the hours that the package cql2 takes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * DEEP + "a = 1" + ")" * DEEP, "brackets stand in more than 60 others"),
        ("(" * DEEP, "brackets stand in more than 60 others"),
        ("NOT " * (DEEP - 100) + "a", "more than 60 others"),
        ("a = " + "-" * DEEP + "1", "more than 60 others"),
        ("a = 1" + "+1" * DEEP, "more than 60 others"),
        ("a = 2" + "^2" * DEEP, "more than 60 others"),
        ("f(" * DEEP + "a" + ")" * DEEP, "brackets stand in more than 60 others"),
        ("S_INTERSECTS(g, " + "GEOMETRYCOLLECTION(" * 500, "brackets stand in more than 60 others"),
        ("a = 1" + " AND a = 1" * 1990, "more than 5000 parts"),
        ("a = " + "1" * 401, "at most 400 characters"),
        ("x" * (MAX_CHARACTERS + 1), "20001 characters, at most 20000"),
        ("a = '\ud800'", "surrogate"),
        ("(a=1 AND (" * 29 + "b=2 foo" + "))" * 29, "and foo found"),  # the package cql2 takes hours for this one
    ],
)
def test_what_is_too_large_is_refused_at_once(text, words):
    started = time.process_time()
    with pytest.raises(FilterError, match=words):
        parse_text(text)
    assert time.process_time() - started < SLOWEST_S


def test_another_language_is_refused_by_name():
    with pytest.raises(InvalidParameter, match="filter-lang must be one of cql2-text, cql2-json, cql-text, got 'ecql'"):
        parse("a = 1", "ecql")


# Filters as text, of every operator, for the two parsers to agree on.
NAMES = st.sampled_from(["a", "b_1", '"c d"', "đường"])
NUMBERS = st.integers(-99, 99).map(str) | st.sampled_from(["1.5", "0.25", "1E3"])
TEXTS = st.text("abé%_ ", max_size=4).map(lambda each: f"'{each}'") | st.just("'it''s'")
NUMERIC = st.recursive(
    NAMES | NUMBERS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "div"]), inner).map(
            lambda each: f"({' '.join(each)})"
        )
        | inner.map(lambda each: f"abs({each})")
    ),
    max_leaves=4,
)
WORDS = NAMES | TEXTS | NAMES.map(lambda each: f"CASEI({each})") | TEXTS.map(lambda each: f"ACCENTI(CASEI({each}))")
MOMENTS = NAMES | st.sampled_from(["DATE('2020-02-03')", "TIMESTAMP('2020-02-03T04:05:06Z')"])
SPANS = st.sampled_from(["INTERVAL('2020-01-01', '..')", "INTERVAL('..', '2020-01-01T00:00:00Z')", "INTERVAL(a, b_1)"])
GEOMETRIES = st.sampled_from(
    ["geom", "POINT(1 2)", "LINESTRING(0 0, 1.5 -1)", "POLYGON((0 0, 4 0, 4 4, 0 0))", "MULTIPOINT((1 2), (3 4))"]
)
COMPARISONS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
LEAVES = st.one_of(
    st.tuples(NUMERIC, COMPARISONS, NUMERIC).map(" ".join),
    st.tuples(WORDS, COMPARISONS, WORDS).map(" ".join),
    st.tuples(WORDS, st.sampled_from(["LIKE", "NOT LIKE"]), TEXTS).map(" ".join),
    st.tuples(NUMERIC, st.sampled_from(["BETWEEN", "NOT BETWEEN"]), NUMERIC, st.just("AND"), NUMERIC).map(" ".join),
    st.tuples(NAMES, st.sampled_from(["IN", "NOT IN"]), st.lists(NUMBERS | TEXTS, min_size=1, max_size=3)).map(
        lambda each: f"{each[0]} {each[1]} ({', '.join(each[2])})"
    ),
    st.tuples(NAMES, st.sampled_from(["IS NULL", "IS NOT NULL"])).map(" ".join),
    st.tuples(st.sampled_from(["S_INTERSECTS", "S_WITHIN", "S_EQUALS"]), GEOMETRIES, GEOMETRIES).map(
        lambda each: f"{each[0]}({each[1]}, {each[2]})"
    ),
    st.tuples(st.sampled_from(["T_AFTER", "T_INTERSECTS"]), MOMENTS | SPANS, MOMENTS | SPANS).map(
        lambda each: f"{each[0]}({each[1]}, {each[2]})"
    ),
    st.tuples(st.sampled_from(["T_DURING", "T_MEETS"]), SPANS, SPANS).map(
        lambda each: f"{each[0]}({each[1]}, {each[2]})"
    ),
)
FILTERS = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda each: f"({each[0]}) {each[1]} ({each[2]})")
        | inner.map(lambda each: f"NOT ({each})")
    ),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(FILTERS)
def test_the_package_cql2_reads_the_same(text):
    assert flatten(parse_json(cql2.parse_text(text).to_json())) == flatten(parse_text(text))


def flatten(condition):
    """The condition with And in And and Or in Or made one, as the package has them."""
    match condition:
        case And(parts) | Or(parts):
            kind, inner = type(condition), [flatten(part) for part in parts]
            return kind(tuple(each for part in inner for each in (part.parts if isinstance(part, kind) else (part,))))
        case Not(part):
            return Not(flatten(part))
        case _:
            return condition


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(list("ab'\"()[],.<>=+-*/%^ \n0123eE\\_:ệ\x00;")), max_size=80) | st.text(max_size=40))
def test_nothing_but_a_filter_error_comes_out_of_any_text(text):
    try:
        parse_text(text)
    except FilterError as error:
        assert error.message


@settings(max_examples=200, deadline=None)
@given(FILTERS, st.data())
def test_nothing_but_a_filter_error_comes_out_of_a_broken_filter(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    broken = (
        text[:start] + data.draw(st.sampled_from(["", "(", ")", "'", "NOT ", " AND ", ",", "-", text])) + text[end:]
    )
    try:
        parse_text(broken)
    except FilterError as error:
        assert "at character" in error.message or "others" in error.message


def test_a_document_of_json_says_the_same_as_the_text():
    document = {
        "op": "and",
        "args": [{"op": "=", "args": [{"property": "a"}, 1]}, {"op": "isNull", "args": [{"property": "b"}]}],
    }
    assert parse_json(document) == parse_json(json.dumps(document)) == parse_text("a = 1 AND b IS NULL")


@pytest.mark.parametrize("word", ["LIKE", "ILIKE", "ilike"])
def test_as_gdal_writes_it_like_minds_no_capitals(word):
    found = parse(f"name {word} 'an%'", "cql-text")
    assert found == Like(Casei(Property("name")), Casei(Literal("an%")))


def test_ilike_is_no_word_of_cql2():
    with pytest.raises(FilterError):
        parse("name ILIKE 'an%'")
