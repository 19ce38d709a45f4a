"""What maps to no field: kept as one object a row, and taken back from a file that was exported."""

import json

import pyarrow as pa
import pytest

from gis_infra.transfer.cleaning import kept


def render(**columns):
    return [text and json.loads(text) for text in kept.render(pa.table(columns)).to_pylist()]


def test_values_that_are_there_are_kept_and_a_row_without_any_has_nothing():
    assert render(TO=[7, None, None], GHI=["tốt", "", "x"]) == [{"TO": 7, "GHI": "tốt"}, None, {"GHI": "x"}]


def test_an_exported_object_goes_back_as_it_was():
    objects = ['{"TỜ": 7, "b": [true, null]}', None, "{}"]
    assert render(source_attributes=objects, WKT=[None, None, None]) == [{"TỜ": 7, "b": [True, None]}, None, None]


def test_a_column_of_the_file_stands_before_the_object_s_own():
    assert render(source_attributes=['{"TO": 1, "A": 2}'], TO=[9]) == [{"TO": 9, "A": 2}]


@pytest.mark.parametrize("text", ["[1]", "7", "no object", '{"broken": '])
def test_a_column_of_that_name_that_holds_no_object_is_kept_like_any_other(text):
    assert render(source_attributes=[text]) == [{"source_attributes": text}]


def test_bytes_are_shown_as_hex():
    assert render(B=[b"\x01\xff"]) == [{"B": "01ff"}]
