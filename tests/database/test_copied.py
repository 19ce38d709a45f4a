"""Rows of a SELECT as columns: numbers, texts and shapes, in blocks."""

import numpy as np
import psycopg
import pytest
from sqlalchemy import BigInteger, Boolean, Double, Integer, Text, cast, column, func, literal, select, text, values

from gis_infra.analysis import copied

SHAPES = (
    "POINT(1 2)",
    "LINESTRING(0 0,3 4)",
    "LINESTRING Z(0 0 5,3 4 6,3 5 7)",
    "LINESTRING M(0 0 9,3 4 9)",
    "LINESTRING ZM(0 0 5 9,3 4 6 9)",
    "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
)


def read(connection, *columns, varying=0, **kept):
    return list(copied.copy_rows(connection, select(*columns, **kept), varying))


def list_texts(*texts):
    rows = [(number, each) for number, each in enumerate(texts)]
    return values(column("id", BigInteger), column("said", Text), name="v").data(rows)


def test_numbers_keep_their_kind_and_null_is_nan(connection):
    found = read(
        connection,
        cast(literal(7), BigInteger).label("id"),
        cast(literal(-3), Integer).label("count"),
        copied.fill_null(cast(literal(None), Double)).label("length_m"),
        cast(literal(True), Boolean).label("known"),
    )
    numbers = found[0].numbers
    assert (numbers["id"].tolist(), numbers["count"].tolist(), numbers["known"].tolist()) == ([7], [-3], [True])
    assert np.isnan(numbers["length_m"]).all()


def test_texts_come_whole_whatever_their_length(connection):
    said = ("", None, "Cống thoát nước", "x" * 1000, "\\N")
    rows = list_texts(*said)
    found = read(connection, rows.c.id.label("id"), rows.c.said, rows.c.said, varying=2)
    assert [found[0].to_texts(number).to_pylist() for number in (0, 1)] == [list(said)] * 2


def test_lines_are_told_from_other_shapes_and_keep_their_heights(connection):
    rows = list_texts(*SHAPES)
    shape = func.st_asewkb(func.st_geomfromtext(rows.c.said, 9210), type_=Text)
    (found,) = read(connection, rows.c.id.label("id"), shape, varying=1)
    lines = found.to_lines(0)
    assert lines.rows.tolist() == [1, 2, 3, 4] and lines.first.tolist() == [0, 2, 5, 7, 9]
    assert lines.vertices[:2, :2].tolist() == [[0, 0], [3, 4]] and np.isnan(lines.vertices[[0, 1, 5, 6], 2]).all()
    assert lines.vertices[2:5].tolist() == [[0, 0, 5], [3, 4, 6], [3, 5, 7]]
    assert lines.vertices[7:].tolist() == [[0, 0, 5], [3, 4, 6]]
    assert [each.geom_type for each in found.to_shapes(0, np.array([0, 5]))] == ["Point", "MultiPolygon"]


def test_rows_come_in_blocks_and_nothing_is_one_empty_block(connection, monkeypatch):
    monkeypatch.setattr(copied, "TOGETHER", 2)
    rows = list_texts("a", "b", "c")
    blocks = read(connection, rows.c.id.label("id"), rows.c.said, varying=1)
    assert [each.numbers["id"].tolist() for each in blocks] == [[0, 1], [2]]
    (empty,) = list(copied.copy_rows(connection, select(rows.c.id.label("id"), rows.c.said).where(text("false")), 1))
    assert len(empty.numbers["id"]) == 0 and empty.to_texts(0).to_pylist() == []


def test_a_number_that_is_null_is_refused(connection):
    with pytest.raises(ValueError, match="id has a value that is null"):
        read(connection, cast(literal(None), BigInteger).label("id"))


def test_a_number_without_fixed_width_is_refused(connection):
    with pytest.raises(ValueError, match="column said is TEXT"):
        read(connection, cast(literal("x"), Text).label("said"))


def test_what_the_server_cannot_go_on_with_is_told_as_it_says_it(engine):
    """A fault after thousands of rows, which the client has by then."""
    places = text("generate_series(1, 20000) AS place")
    divided = cast(text("100 / (15000 - place)"), BigInteger).label("share")
    with engine.connect() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero, match="division by zero"), connection.begin():
            list(copied.copy_rows(connection, select(divided).select_from(places)))
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
