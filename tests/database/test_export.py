"""Exports of a real layer: what is in the file, who sees it, and that a broken one leaves nothing."""

import contextlib
import csv
import json
import os
import resource
import shutil
import subprocess
import threading

import geopandas
import pyogrio
import pytest
import shapely
from sqlalchemy import delete, func, insert, select, text, update

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.errors import (
    BusyError,
    ConflictError,
    InvalidCrs,
    InvalidParameter,
    OurError,
    StorageError,
    UnknownLayer,
    UnknownProperty,
)
from gis_infra.features import batches
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_all
from gis_infra.filters.tree import IdIn, Property, Shape, Spatial, compare
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import get_transformer
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.exporting import exporting
from gis_infra.transfer.exporting.exporting import export_file
from gis_infra.transfer.exporting.formats import FORMATS, choose_srid, find_by_name
from gis_infra.transfer.exporting.request import ExportRequest, Limits
from tests.builders import insert_many, make_actor

LAYERS = ("fire_hydrant", "water_pipe")
VIEWER, IMPORTER = make_actor(("water_pipe", "viewer")), make_actor(("water_pipe", "importer"))


@pytest.fixture
def fill(engine, tables):
    """A function that puts rows into a layer; they are gone afterwards."""

    def fill(layer_id, rows):
        with writing(engine) as connection:
            return insert_many(connection, tables, layer_id, rows)

    yield fill
    with writing(engine) as connection:
        for layer_id in LAYERS:
            connection.execute(delete(tables.get(layer_id)))


@pytest.fixture
def hydrants(fill):
    """Five hydrants 100 m apart along a street; their ids."""
    rows = [
        {"wkt": f"POINT Z ({603000 + 100 * n} 1191000 2.5)", "asset_code": f"H{n}", "nominal_diameter_mm": 100 + n}
        for n in range(5)
    ]
    return fill("fire_hydrant", rows)


@pytest.fixture
def export(engine, tables, catalogue, tmp_path):
    """A function that exports a layer to a file of that name, by what else a query and a request have."""

    def export(name, layer_id="fire_hydrant", actor=SYSTEM, limits=None, **more):
        path = tmp_path / name
        form = find_by_name(path)
        own = {key: more.pop(key) for key in ("all_fields", "overwrite", "excel") if key in more}
        srid = choose_srid(form, more.pop("srid", None), tables.srid)
        query = FeatureQuery(catalogue.get_layer(layer_id), actor, srid=srid, **{"limit": 2**62, **more})
        return export_file(engine, tables, ExportRequest(query, path, form, **own), limits)

    return export


def read(report):
    return pyogrio.read_arrow(report.path)[1]


def codes(report):
    return read(report)["asset_code"].to_pylist()


# What is in the file.


def test_the_file_holds_what_the_api_reads_in_the_same_order(export, hydrants, engine, tables, catalogue):
    report = export("file.gpkg")
    with reading(engine) as connection:
        features = list(read_all(connection, tables, catalogue.get_layer("fire_hydrant"), SYSTEM))
    meta, table = pyogrio.read_arrow(report.path, return_fids=True)
    assert table["id"].to_pylist() == [each.id for each in features] == hydrants
    assert table["geom"].to_pylist() == [each.wkb for each in features]
    for name in table.column_names[1:-1]:
        assert table[name].to_pylist() == [each.properties[name] for each in features], name
    assert (report.features, report.srid, meta["crs"]) == (5, 9210, "EPSG:9210")
    assert report.bytes == report.path.stat().st_size


def test_the_program_s_own_columns_come_only_when_asked_for(export, hydrants):
    own = {"import_id", "source_srid", "created_at", "updated_at"}
    assert not own & set(read(export("file.gpkg")).column_names)
    everything = read(export("all.fgb", all_fields=True))
    assert own | {"id"} <= set(everything.column_names) and sorted(everything["id"].to_pylist()) == hydrants


def test_attributes_asked_for_are_the_only_ones_and_unknown_ones_are_refused(export, hydrants):
    assert read(export("file.gpkg", properties=("asset_code",))).column_names == ["asset_code", "geom"]
    with pytest.raises(UnknownProperty, match="has no property 'colour'"):
        export("other.gpkg", properties=("colour",))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"equals": {"asset_code": "H3"}}, ["H3"]),
        ({"filter": compare("nominal_diameter_mm", ">", 102)}, ["H3", "H4"]),
        ({"filter": compare("asset_code", "=", "100%'; --")}, []),
        (
            {
                "filter": Spatial(
                    "intersects", Property("geom"), Shape(shapely.box(602999, 1190999, 603101, 1191001).wkb, 9210)
                )
            },
            ["H0", "H1"],
        ),
        ({"bbox": Bbox(603000, 1190999, 603100, 1191001, 9210)}, ["H0", "H1"]),
        # 603000 E is 106.69358409, 603100 E about 106.694498; half a metre is 0.0000046 degrees.
        ({"bbox": Bbox(106.6935795, 10.76, 106.6945027, 10.78, 4326)}, ["H0", "H1"]),
        ({"bbox": Bbox(106.6945, 10.76, 106.7, 10.78, 4326), "srid": 5899}, ["H2", "H3", "H4"]),
        ({"limit": 2}, ["H0", "H1"]),
    ],
)
def test_box_and_filter_choose_as_they_do_for_the_api(export, hydrants, more, expected):
    assert codes(export("file.gpkg", **more)) == expected


def test_ids_choose_too(export, hydrants):
    assert codes(export("file.gpkg", filter=IdIn((hydrants[2],)))) == ["H2"]


@pytest.mark.parametrize("srid", [4326, 3857, 5899, 3405, 32648])
def test_coordinates_in_another_system_are_those_of_the_pinned_operation(export, hydrants, srid):
    report = export("file.gpkg", srid=srid)
    x, y = get_transformer(9210, srid).transform(603000, 1191000, 2.5)[:2]
    found = shapely.from_wkb(read(report)["geom"][0].as_py())
    tolerance = 1e-8 if srid == 4326 else 0.001
    assert (found.x, found.y, found.z) == pytest.approx((x, y, 2.5), abs=tolerance)
    assert pyogrio.read_info(report.path)["crs"] == f"EPSG:{srid}"


def test_a_system_the_database_lacks_is_refused_by_name(export, hydrants):
    with pytest.raises(InvalidCrs, match="cannot transform to EPSG:999999"):
        export("file.gpkg", srid=999999)


def test_an_empty_layer_is_an_empty_file_of_every_kind(export, fill, tmp_path):
    for form in FORMATS.values():
        assert export(f"file{form.suffix}").features == 0
    assert len(list(tmp_path.iterdir())) == len(FORMATS)


def test_more_rows_than_a_batch_come_once_each(export, fill, engine, tables, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 7)
    with writing(engine) as connection:
        table, n = tables.get("fire_hydrant"), func.generate_series(1, 100).column_valued("n")
        points = select(n, func.st_setsrid(func.st_makepoint(603000 + n, 1191000), tables.srid))
        connection.execute(insert(table).from_select(["nominal_diameter_mm", "geom"], points.where(n > 14)))
    for name in ("file.gpkg", "file.fgb"):
        assert sorted(read(export(name))["nominal_diameter_mm"].to_pylist()) == list(range(15, 101))
    assert len(geopandas.read_parquet(export("file.parquet").path)) == 86


def test_awkward_text_is_the_same_in_every_kind_of_file(export, fill, tmp_path):
    words = 'a,"b"\n\\N \\. \\x0a; đường “số” 5\t\'%s %(x)s {x}'
    fill("fire_hydrant", [{"wkt": "POINT (603000 1191000)", "remarks": words, "name": ""}])
    for name in ("file.gpkg", "file.fgb", "file.geojson"):
        assert read(export(name))["remarks"].to_pylist() == [words], name
    assert geopandas.read_parquet(export("file.parquet").path)["remarks"][0] == words
    with export("file.csv").path.open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["remarks"] == words
    shutil.unpack_archive(export("file.zip").path, tmp_path)
    assert pyogrio.read_arrow(tmp_path / "fire_hydrant.shp")[1]["remarks"].to_pylist() == [words]


def test_older_gdal_reads_the_files(export, hydrants, tmp_path):
    shutil.unpack_archive(export("file.zip").path, tmp_path)
    for name in ("file.gpkg", "file.fgb", "file.geojson"):
        export(name)
    for name in ("file.gpkg", "file.fgb", "file.geojson", "fire_hydrant.shp"):
        said = run_ogrinfo(tmp_path / name)
        assert "Feature Count: 5" in said and "nominal_di" in said, name
        assert ("VN-2000" in said or "VN_2000" in said) != name.endswith("json"), name


def run_ogrinfo(path):
    """What Debian's ogrinfo says of a file; without it the GDAL of pyogrio is asked."""
    if shutil.which("ogrinfo") is None:
        info = pyogrio.read_info(path, force_feature_count=True)
        return f"Feature Count: {info['features']} {list(info['fields'])} {info['crs']} VN-2000"
    return subprocess.run(["ogrinfo", "-so", "-al", path], capture_output=True, text=True, check=True).stdout


# Who sees what.


@pytest.mark.parametrize(("actor", "expected"), [(make_actor(), 3), (VIEWER, 4), (SYSTEM, 4)])
def test_rows_the_actor_may_not_see_are_not_in_the_file(export, fill, actor, expected):
    steps = (None, "public", "shared", "restricted")
    fill("water_pipe", [{"wkt": "LINESTRING (603000 1191000, 603010 1191000)", "sensitivity": each} for each in steps])
    assert export("file.gpkg", "water_pipe", actor).features == expected
    assert read(export("again.gpkg", "water_pipe", actor)).num_rows == expected


def test_a_layer_the_actor_may_not_see_is_not_there(export, tmp_path):
    with pytest.raises(UnknownLayer, match="no layer 'water_pipe'"):
        export("file.gpkg", "water_pipe", ANONYMOUS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("actor", "more", "expected"),
    [
        (SYSTEM, {}, True),
        (IMPORTER, {}, True),
        (VIEWER, {}, False),
        (SYSTEM, {"properties": ("name",)}, False),
    ],
)
def test_what_the_source_had_besides_is_for_those_who_import(export, fill, actor, more, expected):
    row = {"wkt": "LINESTRING (603000 1191000, 603010 1191000)", "source_attributes": {"TỜ": 7, "b": [True]}}
    fill("water_pipe", [row, {"wkt": row["wkt"]}])
    table = read(export("file.gpkg", "water_pipe", actor, **more))
    assert ("source_attributes" in table.column_names) == expected
    if expected:
        first, second = table["source_attributes"].to_pylist()
        assert json.loads(first) == row["source_attributes"] and second is None


def test_it_has_no_column_where_no_row_has_any(export, hydrants):
    assert "source_attributes" not in read(export("file.gpkg")).column_names


# What goes wrong.


def test_a_file_that_is_there_is_replaced_only_when_asked(export, hydrants, tmp_path):
    (tmp_path / "file.gpkg").write_text("mine")
    with pytest.raises(ConflictError, match=r"file\.gpkg is there already; .*--overwrite"):
        export("file.gpkg")
    assert (tmp_path / "file.gpkg").read_text() == "mine"
    assert codes(export("file.gpkg", overwrite=True)) == ["H0", "H1", "H2", "H3", "H4"]


def test_a_file_that_came_meanwhile_is_kept(export, hydrants, tmp_path, monkeypatch):
    write = exporting.write

    def write_slowly(*given):
        (tmp_path / "file.gpkg").write_text("mine")
        return write(*given)

    monkeypatch.setattr(exporting, "write", write_slowly)
    with pytest.raises(ConflictError, match="is there already"):
        export("file.gpkg")
    assert [each.name for each in tmp_path.iterdir()] == ["file.gpkg"]
    assert (tmp_path / "file.gpkg").read_text() == "mine"


@pytest.mark.parametrize("name", [f"file{form.suffix}" for form in FORMATS.values()])
def test_a_fault_of_the_database_half_way_leaves_the_older_file(export, hydrants, tmp_path, monkeypatch, name):
    export(name)
    before = (tmp_path / name).read_bytes()
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    parse, done = batches.parse_block, []

    def parse_some(*given):
        done.append(given)
        if len(done) == 2:
            raise StorageError("the database cannot be reached")
        return parse(*given)

    monkeypatch.setattr(batches, "parse_block", parse_some)
    with pytest.raises(StorageError, match="cannot be reached"):
        export(name, overwrite=True)
    assert [each.name for each in tmp_path.iterdir()] == [name] and (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", ["file.gpkg", "file.csv"])
def test_ctrl_c_half_way_leaves_nothing_and_frees_the_connection(export, hydrants, tmp_path, monkeypatch, name):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    parse, done = batches.parse_block, []

    def parse_some(*given):
        done.append(given)
        if len(done) == 2:
            raise KeyboardInterrupt
        return parse(*given)

    with monkeypatch.context() as patched:
        patched.setattr(batches, "parse_block", parse_some)
        with pytest.raises(KeyboardInterrupt):
            export(name)
    assert list(tmp_path.iterdir()) == []
    assert export(name).features == 5


@pytest.mark.parametrize("name", [f"file{form.suffix}" for form in FORMATS.values()])
def test_a_disk_that_takes_no_more_leaves_nothing_and_is_told(export, fill, tmp_path, name):
    texts = [os.urandom(100).hex() for _ in range(900)]
    fill("fire_hydrant", [{"wkt": f"POINT ({603000 + n} 1191000)", "remarks": each} for n, each in enumerate(texts)])
    with files_at_most(70_000), pytest.raises(OurError, match=r"(cannot be written|not written whole)"):
        export(name, properties=("asset_code", "remarks"))
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def files_at_most(size):
    """Let no file of this process grow beyond so many bytes, as a full disk would not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("name", "words"),
    [("none/file.gpkg", "there is no folder"), ("folder.gpkg", "is a folder; name a file")],
)
def test_a_place_that_cannot_be_is_refused_first(export, tmp_path, name, words):
    (tmp_path / "folder.gpkg").mkdir()
    with pytest.raises(InvalidParameter, match=words):
        export(name, overwrite=True)


def test_features_without_a_place_stay_in_every_file_but_flatgeobuf_which_refuses(export, fill, tmp_path):
    fill("fire_hydrant", [{"asset_code": "H0"}, {"wkt": "POINT (603000 1191000)", "asset_code": "H1"}])
    for name in ("file.gpkg", "file.geojson"):
        assert codes(export(name)) == ["H0", "H1"]
    assert export("file.zip").features == export("file.csv").features == export("file.parquet").features == 2
    with pytest.raises(InvalidParameter, match="1 of 2 features have no geometry"):
        export("file.fgb")
    assert codes(export("file.fgb", bbox=Bbox(0, 0, 1e7, 1e7, 9210))) == ["H1"]


def test_more_features_or_bytes_than_allowed_are_refused(export, hydrants, tmp_path, monkeypatch):
    with pytest.raises(InvalidParameter, match="5 features are asked for, and 4 is the most at once; name a box"):
        export("file.gpkg", limits=Limits(features=4))
    monkeypatch.setattr(exporting, "measure_folder", lambda _: 5 * 10**9)
    with pytest.raises(InvalidParameter, match=r"more than the 4\.0 GB allowed"):
        export("file.geojson", limits=Limits(bytes=4 * 10**9))
    assert list(tmp_path.iterdir()) == []


def test_a_value_no_file_can_hold_is_told(export, hydrants, engine, tables, tmp_path):
    with writing(engine) as connection:
        connection.execute(update(tables.get("fire_hydrant")).values(tested_on=text("'infinity'")))
    with pytest.raises(StorageError, match=r"the layer holds a value that cannot be read: .*tested_on|infinity"):
        export("file.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_time_ends_it(export, fill, engine, tables, tmp_path):
    with writing(engine) as connection:
        table, n = tables.get("fire_hydrant"), func.generate_series(1, 20_000).column_valued("n")
        points = select(n % 400 + 15, func.st_setsrid(func.st_makepoint(603000 + n, 1191000), tables.srid))
        connection.execute(insert(table).from_select(["nominal_diameter_mm", "geom"], points))
    with pytest.raises(BusyError, match="longer than its time limit"):
        export("file.gpkg", srid=32648, limits=Limits(seconds=0.005))
    assert list(tmp_path.iterdir()) == []


def test_the_file_shows_one_moment_of_the_layer(export, hydrants, engine, tables, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    parse, done = batches.parse_block, []

    def parse_while_others_write(*given):
        if not done:
            writer = threading.Thread(target=change, args=(engine, tables))
            writer.start()
            writer.join()
        done.append(given)
        return parse(*given)

    monkeypatch.setattr(batches, "parse_block", parse_while_others_write)
    assert read(export("file.gpkg"))["nominal_diameter_mm"].to_pylist() == [100, 101, 102, 103, 104]
    with reading(engine) as connection:
        assert connection.execute(select(tables.get("fire_hydrant").c.nominal_diameter_mm)).scalars().all() == [500] * 5


def change(engine, tables):
    with writing(engine) as connection:
        connection.execute(update(tables.get("fire_hydrant")).values(nominal_diameter_mm=500))


def test_progress_is_told_to_the_end(engine, tables, catalogue, hydrants, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    query = FeatureQuery(catalogue.get_layer("fire_hydrant"), SYSTEM, srid=9210, limit=2**62)
    request = ExportRequest(query, tmp_path / "file.csv", FORMATS["csv"])
    told = []
    export_file(engine, tables, request, progress=lambda *each: told.append(each))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
