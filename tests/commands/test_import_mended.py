"""Rejected rows, mended and imported again: everything gets in, as if it had been right the first time."""

import re
import shlex
import sqlite3

import geopandas
import pyogrio
import pytest
from shapely import LineString, to_wkb
from sqlalchemy import func, select

from gis_infra.storage.transactions import reading
from tests.sources import write_shapefile

LINE = LineString([(603000, 1191000), (603010, 1191005)])
SAID = ("--layer", "water_pipe", "--map", "D2=nominal_diameter_mm", "--owner", "Cấp nước")
COLUMNS = {
    "MA_ONG": ["1", "2", "3", "3", "5", "6"],
    "D2": [100, 5, 150, 200, 250, 300],
    "GHI_CHU": ["tốt", "đã sửa chữa", "", "trùng", "ngoài", "không dài"],
    "NGAY_LD": ["2020-01-05", "06/01/2020", "2020", "2020", "2020", "2020"],
    "fid": [7, 7, 7, 7, 7, 7],
    "geom": list("abcdef"),
    "ogc_fid": [1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
    "row_number": list(range(6)),
}
SHAPES = [
    LINE,
    LINE,
    LINE,
    LINE,
    LineString([(603000, 1991000), (603010, 1991000)]),
    LineString([(603000, 1191000), (603000, 1191000)]),
]


@pytest.fixture
def bad(tmp_path):
    """A file of which two rows are good, in TCVN3, northing first, without a .prj."""
    turned = [LineString([(y, x) for x, y in line.coords]) for line in SHAPES]
    return write_shapefile(tmp_path / "pipes.shp", COLUMNS, turned, encoding="TCVN3")


def read_again(result):
    """The words of the command the report gives for the rejected rows."""
    (line,) = re.findall(r"^ +gis-infra import (.*)$", result.stdout, re.MULTILINE)
    return shlex.split(line)


def read_rows(engine, tables):
    """What the layer has of each pipe: code, diameter, remarks, date, what is kept beside, and its shape as WKB."""
    table = tables.get("water_pipe")
    names = ("asset_code", "nominal_diameter_mm", "remarks", "installed_on", "source_attributes")
    query = select(*(table.c[name] for name in names), func.st_asbinary(table.c.geom)).order_by(
        table.c.nominal_diameter_mm
    )
    with reading(engine) as connection:
        return [(*row[:-1], bytes(row[-1])) for row in connection.execute(query)]


def test_every_row_gets_in_once_the_bad_ones_are_mended(run_import, bad, engine, tables):
    first = run_import(bad, *SAID, "--crs", "EPSG:9210", "--swap-xy", "--encoding", "TCVN3")
    assert "2 of 6 rows went into water_pipe, 4 rejected" in first.stdout
    file, *words = read_again(first)
    rows = geopandas.read_file(file)
    assert list(rows["row_number"]) == [2, 4, 5, 6]
    told = pyogrio.read_info(file)["layer_metadata"]["DESCRIPTION"]
    assert told.startswith(
        "Rows of pipes.shp that were rejected; row_reason says why. Once mended: gis-infra import FILE"
    )
    assert list(rows["row_reason"].str.partition(":")[0]) == ["D2", "asset_code", "geometry", "geometry"]
    mended = rows.assign(D2=[120, 200, 250, 300], MA_ONG=["2", "4", "5", "6"]).set_geometry([LINE] * 4, crs=rows.crs)
    mended.to_file(file, layer="rejected")
    second = run_import(file, *words)
    assert second.exit_code == 0, second.output
    assert "4 of 4 rows went into water_pipe, 0 rejected" in second.stdout
    found = read_rows(engine, tables)
    assert [(code, size, note) for code, size, note, *_ in found] == [
        ("1", 100, "tốt"),
        ("2", 120, "đã sửa chữa"),
        ("3", 150, None),
        ("4", 200, "trùng"),
        ("5", 250, "ngoài"),
        ("6", 300, "không dài"),
    ]
    assert [kept for *_, kept, _ in found] == [
        {"fid": 7, "geom": letter, "ogc_fid": number + 1.5, "row_number": number}
        for number, letter in enumerate("abcdef")
    ]
    assert {wkb for *_, wkb in found} == {to_wkb(LINE)}


def test_a_file_mended_in_place_gets_in_too(run_import, bad, engine, tables):
    first = run_import(bad, *SAID, "--crs", "EPSG:9210", "--swap-xy", "--encoding", "TCVN3")
    file, *words = read_again(first)
    with sqlite3.connect(file) as database:  # as QGIS does: the attributes of some rows are changed where they stand
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)  # the triggers of its spatial index ask for what GDAL has
        database.execute("UPDATE rejected SET D2 = 120 WHERE row_number = 2")
        database.execute("UPDATE rejected SET MA_ONG = '4' WHERE row_number = 4")
    database.close()
    second = run_import(file, *words)
    assert "2 of 4 rows went into water_pipe, 2 rejected" in second.stdout
    again = read_again(second)
    assert again[0] == file.replace(".gpkg", "-2.gpkg") and again[1:] == words
    assert [size for _, size, *_ in read_rows(engine, tables)] == [100, 120, 150, 200]
