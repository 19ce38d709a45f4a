"""GeoPackage and FlatGeobuf, as GDAL reads them, and what is told when writing breaks."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point

from gis_infra.errors import InvalidParameter, OurError
from gis_infra.transfer.exporting import gdal
from gis_infra.transfer.exporting.content import Watched
from tests.exports import give, ignore, make_content


def read(path):
    meta, table = pyogrio.read_arrow(path, return_fids=True)
    shapes = shapely.from_wkb(table.columns[-1].to_pylist())
    return meta, table, [None if each is None else shapely.to_wkt(each, output_dimension=3) for each in shapes]


def test_a_geopackage_has_the_ids_the_titles_and_shapes_of_both_kinds(layers, tmp_path):
    rows = [{"asset_code": "Trụ 1", "geometry": Point(1, 2)}, {"geometry": Point(3, 4, 5)}, {}]
    path = tmp_path / "file.gpkg"
    assert gdal.write_geopackage(path, make_content(layers["fire_hydrant"], rows)) == ()
    meta, table, shapes = read(path)
    assert table["id"].to_pylist() == [1, 2, 3] and table["asset_code"].to_pylist() == ["Trụ 1", None, None]
    assert shapes == ["POINT (1 2)", "POINT Z (3 4 5)", None] and meta["crs"] == "EPSG:9210"
    title = table.schema.field("asset_code").metadata[b"GDAL:OGR:alternative_name"].decode()
    assert title == layers["fire_hydrant"].get_field("asset_code").title.vi


@pytest.mark.parametrize(
    ("shapes", "z"), [([Point(1, 2)], 0), ([Point(1, 2, 3)], 1), ([Point(1, 2), Point(1, 2, 3)], 2), ([None], 0)]
)
def test_a_geopackage_says_whether_heights_are_never_always_or_sometimes_there(layers, tmp_path, shapes, z):
    path = tmp_path / "file.gpkg"
    gdal.write_geopackage(path, make_content(layers["fire_hydrant"], [{"geometry": each} for each in shapes]))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT z FROM gpkg_geometry_columns").fetchall() == [(z,)]


@pytest.mark.parametrize("layer_id", ["water_pipe", "building", "base_station", "works_project"])
def test_titles_two_fields_share_do_not_keep_a_layer_from_its_geopackage(layers, tmp_path, layer_id):
    names = [each.name for each in layers[layer_id].fields]
    content = make_content(layers[layer_id], [{}], properties=names, with_source=True)
    gdal.write_geopackage(tmp_path / "file.gpkg", content)
    assert {*names, "source_attributes"} == set(pyogrio.read_info(tmp_path / "file.gpkg")["fields"])


def test_a_flatgeobuf_has_an_index_and_one_kind_of_shape(layers, tmp_path):
    flat, high = LineString([(0, 0), (1, 1)]), LineString([(0, 0, 5), (1, 1, 6)])
    path = tmp_path / "file.fgb"
    notes = gdal.write_flatgeobuf(path, make_content(layers["water_pipe"], [{"geometry": flat}, {"geometry": high}]))
    meta, _, shapes = read(path)
    assert sorted(shapes) == ["LINESTRING Z (0 0 0, 1 1 0)", "LINESTRING Z (0 0 5, 1 1 6)"]
    assert meta["geometry_type"] == "LineString Z" and "1 features have no heights" in notes[0]
    assert pyogrio.read_info(path)["capabilities"]["fast_spatial_filter"]


def test_flatgeobuf_refuses_features_without_a_place(layers, tmp_path):
    with pytest.raises(
        InvalidParameter, match="1 of 2 features have no geometry, which FlatGeobuf cannot hold; take Geo"
    ):
        gdal.write_flatgeobuf(
            tmp_path / "file.fgb", make_content(layers["fire_hydrant"], [{"geometry": Point(1, 2)}, {}])
        )


@pytest.mark.parametrize("write", [gdal.write_geopackage, gdal.write_flatgeobuf])
def test_an_empty_layer_is_an_empty_file_that_can_be_read(layers, tmp_path, write):
    path = tmp_path / ("file.gpkg" if write is gdal.write_geopackage else "file.fgb")
    write(path, make_content(layers["fire_hydrant"], []))
    assert pyogrio.read_info(path, force_feature_count=True)["features"] == 0


class Broken(Exception):
    """What a database might raise."""


def fail_after(batch):
    yield batch
    raise Broken


def test_what_breaks_the_rows_comes_out_as_itself(layers, tmp_path):
    content = make_content(layers["fire_hydrant"], [{"geometry": Point(1, 2)}])
    broken = replace(content, batches=Watched(fail_after(next(content.batches)), ignore))
    with pytest.raises(Broken):
        gdal.write_geopackage(tmp_path / "file.gpkg", broken)


def test_a_folder_that_is_not_there_is_told_without_a_trace(layers, tmp_path):
    with pytest.raises(OurError, match=r"file\.gpkg cannot be written"):
        gdal.write_geopackage(tmp_path / "none" / "file.gpkg", make_content(layers["fire_hydrant"], []))


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_a_file_that_is_not_whole_is_not_taken_for_one(layers, tmp_path, kept):
    content = make_content(
        layers["fire_hydrant"], [{"asset_code": "x" * 90, "geometry": Point(n, n)} for n in range(90)]
    )
    path = tmp_path / "file.fgb"
    gdal.write_flatgeobuf(path, content)
    os.truncate(path, int(path.stat().st_size * kept))
    target = gdal.Target("FlatGeobuf", "fire_hydrant", content.schema, "Point")
    with pytest.raises((OurError, RuntimeError, OSError)):
        gdal.require_all(path, target, 90)


def test_watching_counts_rows_and_looks_before_each_batch(layers):
    content = make_content(layers["fire_hydrant"], [{}, {}])
    batch, seen = next(content.batches), []
    watched = Watched(give(batch, batch), seen.append)
    assert [each.num_rows for each in watched] == [2, 2]
    assert (watched.rows, seen) == (4, [0, 2, 4])
