"""Rows copied from Arrow batches arrive as they were."""

from datetime import UTC, date, datetime

import psycopg
import pyarrow as pa
import pytest
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.features.loading import copy_batches

COLUMNS = {
    "name": (sa.Text(), ["Ống\tnước\n", "", None], pa.string()),
    "small": (sa.Integer(), [-(2**31), 2**31 - 1, None], pa.int64()),
    "large": (sa.BigInteger(), [-(2**63), 2**63 - 1, None], pa.int64()),
    "share": (sa.Double(), [0.1, -1.79e308, None], pa.float64()),
    "is_open": (sa.Boolean(), [True, False, None], pa.bool_()),
    "day": (sa.Date(), [date(1900, 1, 1), date(2020, 12, 31), None], pa.date32()),
    "moment": (
        sa.DateTime(timezone=True),
        [datetime(2020, 1, 2, 3, 4, 5, 6, UTC), None, None],
        pa.timestamp("us", "UTC"),
    ),
    "more": (JSONB(), ['{"a":[1,"\\u1ed1"]}', "{}", None], pa.string()),
    "raw": (sa.LargeBinary(), [b"\x00\xff", b"", None], pa.binary()),
}


@pytest.fixture
def scratch(connection):
    """A temporary table of every type, for the length of the transaction."""
    columns = [sa.Column(name, kind) for name, (kind, _, _) in COLUMNS.items()]
    place = sa.Column("geom", Geometry(geometry_type=None, srid=-1, spatial_index=False))
    table = sa.Table("scratch", sa.MetaData(), *columns, place, prefixes=["TEMPORARY"])
    table.create(connection)
    return table


def make_batch(**others):
    arrays = {name: pa.array(values, kind) for name, (_, values, kind) in COLUMNS.items()}
    return pa.RecordBatch.from_pydict({**arrays, **others})


def test_values_of_every_type_arrive_as_they_were(connection, scratch):
    assert list(copy_batches(connection, scratch, [make_batch()])) == [3]
    found = connection.execute(sa.select(*(scratch.c[name] for name in COLUMNS))).all()
    wanted = {name: values for name, (_, values, _) in COLUMNS.items()}
    wanted["more"] = [{"a": [1, "ố"]}, {}, None]
    assert found == list(zip(*wanted.values(), strict=True))


def test_shapes_arrive_with_their_heights_and_their_crs(connection, scratch):
    shapes = [shapely.from_wkt("LINESTRING Z (0 0 5, 1 1 6)"), shapely.Point(0.1, 0.2), None]
    wkb = [shape and shapely.to_wkb(shapely.set_srid(shape, 9210), include_srid=True) for shape in shapes]
    list(copy_batches(connection, scratch, [make_batch(geom=pa.array(wkb, pa.binary()))]))
    words = sa.select(sa.func.st_asewkt(scratch.c.geom))
    wanted = ["SRID=9210;LINESTRING(0 0 5,1 1 6)", "SRID=9210;POINT(0.1 0.2)", None]
    assert list(connection.execute(words).scalars()) == wanted


def test_batches_are_counted_as_they_go_and_none_is_none(connection, scratch):
    assert list(copy_batches(connection, scratch, iter([make_batch(), make_batch()]))) == [3, 6]
    assert list(copy_batches(connection, scratch, [])) == []
    assert connection.execute(sa.select(sa.func.count()).select_from(scratch)).scalar_one() == 6


def test_what_a_column_cannot_hold_is_refused_and_not_cut(connection, scratch):
    with pytest.raises(pa.ArrowInvalid, match="not in range"):
        list(copy_batches(connection, scratch, [pa.RecordBatch.from_pydict({"small": pa.array([2**31])})]))


def test_a_shape_that_is_none_is_refused_by_the_database(connection, scratch):
    with pytest.raises(psycopg.errors.InternalError_):
        list(copy_batches(connection, scratch, [pa.RecordBatch.from_pydict({"geom": pa.array([b"\x01\x02"])})]))


def test_a_column_of_a_type_nothing_is_copied_into_is_named(connection):
    table = sa.Table("odd", sa.MetaData(), sa.Column("span", sa.Interval()))
    with pytest.raises(TypeError, match="Interval"):
        list(copy_batches(connection, table, [pa.RecordBatch.from_pydict({"span": pa.array([1])})]))
