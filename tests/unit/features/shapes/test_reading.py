"""WKB of any kind as shapes."""

import struct

import pyarrow as pa
import pytest
import shapely

from gis_infra.features.shapes.headers import have_measures, read_codes, to_kinds
from gis_infra.features.shapes.reading import read_shapes


def encode(text, **options):
    return shapely.to_wkb(shapely.from_wkt(text), **options)


ARC = struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0)
UNKNOWN = struct.pack("<BII", 1, 16, 0)


def test_every_row_is_a_shape_or_none():
    wkb = pa.array([encode("POINT (1 2)"), None, b"", b"\x01\x02", ARC, UNKNOWN, encode("POINT (NaN 1)")], pa.binary())
    kinds = [shape and shape.geom_type for shape in read_shapes(wkb)]
    assert kinds == ["Point", None, None, None, "LineString", None, "Point"]


@pytest.mark.parametrize("byte_order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
def test_types_are_read_in_both_dialects_and_orders_of_bytes(flavor, byte_order):
    texts = [
        "POINT (1 2)",
        "LINESTRING Z (0 0 1, 1 1 1)",
        "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "MULTIPOINT ZM ((1 2 3 4))",
    ]
    wkb = pa.array([encode(text, flavor=flavor, byte_order=byte_order, output_dimension=4) for text in texts])
    codes = read_codes(wkb)
    assert to_kinds(codes).tolist() == [1, 2, 3, 4]
    assert have_measures(codes).tolist() == [False, False, False, True]


def test_a_slice_and_a_column_of_nulls_are_read_like_any():
    wkb = pa.array([None, encode("POINT (1 2)"), encode("POINT (3 4)")], pa.binary())
    assert [shape.x for shape in read_shapes(wkb[1:])] == [1, 3]
    assert read_shapes(pa.nulls(2, pa.binary())).tolist() == [None, None]
    assert read_shapes(pa.array([], pa.binary())).tolist() == []
