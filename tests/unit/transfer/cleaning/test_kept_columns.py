"""Columns that map to no field, rendered by columns as they would be row by row."""

from datetime import date

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.cleaning.kept import render, render_rows

ROW = st.tuples(
    st.none() | st.text(max_size=4),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=True),
    st.none() | st.booleans(),
    st.none() | st.dates(),
    st.none() | st.binary(max_size=3),
)
NAMES = ('GHI "CHÚ"', "SỐ", "x,y", "", "NGÀY", "{}")
TYPES = (pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.binary())


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=12))
def test_columns_come_out_as_rows_would(rows):
    values = list(zip(*rows, strict=True)) if rows else [()] * len(NAMES)
    arrays = [pa.array(column, kind) for column, kind in zip(values, TYPES, strict=True)]
    table = pa.Table.from_arrays(arrays, names=list(NAMES))
    assert render(table).to_pylist() == render_rows(table).to_pylist()


@pytest.mark.parametrize(
    ("columns", "texts"),
    [
        ({"A": ["x", "", None]}, ['{"A":"x"}', None, None]),
        ({"A": [1, None], "NGÀY": [None, date(2020, 12, 31)]}, ['{"A":1}', '{"NGÀY":"2020-12-31"}']),
        ({"source_attributes": ['{"TO":7,"A":1}'], "A": [2]}, ['{"TO":7,"A":2}']),
        ({"LIST": [[1, 2], None]}, ['{"LIST":[1,2]}', None]),
    ],
)
def test_what_is_there_is_kept_and_nothing_else(columns, texts):
    found = render(pa.table(columns)).to_pylist()
    assert [each and orjson.loads(each) for each in found] == [each and orjson.loads(each) for each in texts]
