"""The formats besides the shapefile: what is described and read of each, and what is refused in which words."""

import json
import sqlite3
import struct

import pytest
from shapely import LineString, MultiPoint, Point

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.opening import list_layers
from tests.sources import cut, draw_line, put, write_drawing, write_mapinfo, write_unicode

LINES = [LineString([(106.7, 10.77), (106.71, 10.78)]), LineString([(106.8, 10.77), (106.81, 10.78)])]
COLUMNS = {"TÊN": ["Ống 1", "Ống 2"], "DN": [100, 150]}
VNI_BYTES = "Ñöôøng OÁng"  # "Đường Ống" in VNI, as ISO-8859-1 has its bytes


@pytest.mark.parametrize(
    ("suffix", "driver"),
    [
        (".gpkg", "GPKG"),
        (".geojson", "GeoJSON"),
        (".geojsonl", "GeoJSONSeq"),
        (".fgb", "FlatGeobuf"),
        (".kml", "LIBKML"),
    ],
)
def test_a_format_that_is_unicode_is_described_and_read(tmp_path, read, suffix, driver):
    path = write_unicode(tmp_path / f"ống{suffix}", COLUMNS, LINES)
    before = path.read_bytes()
    source, rows, shapes = read(path)
    assert (source.driver, source.count, source.is_surface, source.declared) == (driver, 2, False, None)
    if suffix == ".fgb":  # whose features are in the order of its index
        rows, shapes = rows[::-1], shapes[::-1]
    assert [row["TÊN"] for row in rows] == ["Ống 1", "Ống 2"]
    assert [str(row["DN"]) for row in rows] == ["100", "150"]
    assert [shape.equals_exact(line, 1e-6) for shape, line in zip(shapes, LINES, strict=True)] == [True, True]
    assert source.bounds == pytest.approx((106.7, 10.77, 106.81, 10.78))
    assert "WGS 84" in source.wkt or source.wkt == "EPSG:4326"
    assert path.read_bytes() == before


@pytest.mark.parametrize("suffix", [".tab", ".mif"])
@pytest.mark.parametrize("charset", ["Neutral", "WindowsLatin1", "WindowsVietnamese", "UTF-8"])
def test_text_of_a_mapinfo_table_comes_as_its_bytes_whatever_it_says(tmp_path, read, suffix, charset):
    names = ["Đường Ống", "x"]
    path = write_mapinfo(tmp_path / f"ong{suffix}", {"TEN": names}, LINES, encoding="VNI", charset=charset, srid=4326)
    before = {part: part.read_bytes() for part in tmp_path.iterdir()}
    source, rows, shapes = read(path)
    assert rows == [{"TEN": VNI_BYTES}, {"TEN": "x"}]
    assert shapes[0].equals_exact(LINES[0], 1e-5)
    assert source.is_surface
    assert source.declared.name == {"Neutral": None, "WindowsLatin1": "CP1252", "WindowsVietnamese": "CP1258"}.get(
        charset, "UTF-8"
    )
    assert source.declared.is_firm == (charset in {"WindowsVietnamese", "UTF-8"})
    assert {part: part.read_bytes() for part in tmp_path.iterdir()} == before


def test_parts_of_a_table_are_found_whatever_the_case_of_their_names(tmp_path, look):
    path = write_mapinfo(tmp_path / "ong.tab", COLUMNS, LINES)
    for part in list(tmp_path.iterdir()):
        part.rename(tmp_path / part.name.upper())
    assert look(tmp_path / path.name.upper()).count == 2


def link_table(path):
    path.write_bytes(path.read_bytes().replace(b"Type NATIVE", b"Type LINKED"))


def remove(path):
    path.unlink()


@pytest.mark.parametrize(
    ("name", "suffix", "harm", "words"),
    [
        (
            "x.tab",
            ".tab",
            link_table,
            r"x.tab is a table of type LINKED, which only points to others; save it as a table",
        ),
        (
            "x.tab",
            ".tab",
            lambda path: path.write_bytes(b"x\ty\n1\t2"),
            r"x.tab is not a MapInfo table: it does not begin",
        ),
        ("x.tab", ".dat", remove, r"x.tab has no .dat beside it, which holds the rows or shapes of the table; ask for"),
        ("x.tab", ".map", remove, r"x.tab has no .map beside it"),
        ("x.tab", ".id", lambda path: path.write_bytes(b""), r"x.id, which holds the rows .* is empty \(0 bytes\)"),
        ("x.mif", ".mid", remove, r"x.mif has no .mid beside it, which holds the rows of the table; ask for the whole"),
        ("x.mif", ".mif", lambda path: path.write_bytes(b"x"), r"x.mif is not a MapInfo exchange file"),
    ],
)
def test_a_mapinfo_table_that_is_not_whole_is_refused(tmp_path, look, name, suffix, harm, words):
    path = write_mapinfo(tmp_path / name, COLUMNS, LINES)
    harm(path.with_suffix(suffix))
    with pytest.raises(InvalidSource, match=words):
        look(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.geojson", b"{}", r"x.geojson cannot be read as GeoJSON: it has nothing in it"),
        ("x.geojson", b'{"name": 1, "type": "Topology"}', r"cannot be read as GeoJSON: it has \"name\", \"type\""),
        ("x.geojson", b"<html>", r"cannot be read as GeoJSON: it has the letters '<html>'"),
        ("x.geojson", b'{"type": "FeatureCollection", "features": [', r"x.geojson cannot be read"),
        ("x.geojsonl", b'{"type": "Feat', r"x.geojsonl cannot be read as GeoJSON"),
        ("x.gpkg", b"nothing", r"x.gpkg cannot be read as a GeoPackage: its first bytes"),
        ("x.fgb", b"nothing at all, but long", r"x.fgb cannot be read as FlatGeobuf: its first bytes"),
        ("x.kml", b"<gml/>", r"x.kml cannot be read as KML: its root is <gml>, not <kml>"),
        ("x.kml", b"<kml>", r"x.kml cannot be read as KML: "),
        ("x.kml", b"nothing", r"x.kml cannot be read as KML: "),
        ("x.kml", b"<kml>" + b"<a>" * 300 + b"</a>" * 300 + b"</kml>", r"x.kml cannot be read as KML: Excessive depth"),
        ("x.dxf", b"AutoCAD Binary DXF\r\n\x1a\x00", r"x.dxf is a binary drawing; save it as DXF in ASCII form"),
        ("x.dxf", b"nothing", r"x.dxf is not a drawing: it does not begin with a section"),
        ("x.dwg", b"AC1015", r"x.dwg is not read here; allowed: a folder, .shp, .*; save it as DXF"),
        ("x.rar", b"Rar!", r"x.rar is not read here; .*; unpack it first"),
        ("x.xlsx", b"PK", r"x.xlsx is not read here; .*; save it as CSV"),
        ("x.mid", b"1", r"x.mid is only a part of what is read; name x.mif"),
        ("x.dat", b"1", r"x.dat is only a part of what is read; name x.tab"),
        ("x", b"1", r"x is not read here; allowed"),
    ],
)
def test_what_is_no_source_is_refused(tmp_path, look, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidSource, match=words):
        look(tmp_path / name)


ELSEWHERE = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
)
PIPELINE = '"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {path} ! limit 9"'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.mif", f"Version 300\n{ELSEWHERE}"),
        ("x.dxf", f"999\n{ELSEWHERE}\n0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n"),
        ("x.kml", ELSEWHERE),
        ("x.kml", f"<!-- {ELSEWHERE} --><kml/>"),
        ("x.geojson", '{{"type": "FeatureCollection", {pipeline}, "features": []}}'),
        ("x.geojson", '{{{pipeline}, "type": "FeatureCollection", "features": []}}'),
        ("x.geojsonl", '{{"type": "Feature", {pipeline}}}'),
        ("x.geojson", '{{"type": "FeatureCollection", "x": "<OGRVRTDataSource>", "features": []}}'),
        ("x.tab", f"!table\n{ELSEWHERE}\nType NATIVE"),
        ("x.csv", f"X,Y\n{ELSEWHERE},1"),
        (
            "x.kml",
            '<!DOCTYPE kml [<!ENTITY e SYSTEM "file://{path}">]><kml><Document><name>&e;</name></Document></kml>',
        ),
    ],
)
def test_a_file_that_would_make_a_driver_read_another_is_not_followed(tmp_path, read, name, content):
    secret = write_unicode(tmp_path / "secret.geojson", {"word": ["SECRET"]}, [Point(1, 2)])
    pipeline = PIPELINE.format(path=secret)
    (tmp_path / name).write_text(content.format(path=secret, pipeline=pipeline))
    try:
        _, rows, _ = read(tmp_path / name)
    except InvalidSource as error:
        assert "SECRET" not in error.message
    else:
        assert "SECRET" not in str(rows)


def test_the_words_by_which_a_driver_is_misled_are_named(tmp_path, look):
    (tmp_path / "x.mif").write_text(f"Version 300\n{ELSEWHERE}")
    with pytest.raises(
        InvalidSource, match=r"x.mif has '<ogr' at its beginning, which makes programs read other files"
    ):
        look(tmp_path / "x.mif")


BEGINNING = ELSEWHERE.format(path="x.geojson")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "x.dxf",
            f"999\n\\U+1EA1{BEGINNING}\n0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n".replace("<", r"\U+003C").encode(),
        ),
        ("x.kml", f'<?xml version="1.0" encoding="UTF-16"?><?x a="1"/>{BEGINNING}?><kml/>'.encode("utf-16")),
    ],
)
def test_the_words_by_which_a_driver_is_misled_are_found_however_they_are_written(tmp_path, look, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidSource, match=f"{name} has '<ogr' at its beginning"):
        look(tmp_path / name)


def test_geojson_that_is_not_in_utf8_comes_as_bytes(tmp_path, read):
    feature = {"type": "Feature", "properties": {"TEN": "\xd1\xf6\xf4\xf8ng"}, "geometry": None}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (tmp_path / "x.geojson").write_bytes(content.encode("latin-1"))
    source, rows, _ = read(tmp_path / "x.geojson")
    assert rows == [{"TEN": "\xd1\xf6\xf4\xf8ng"}]
    assert source.is_surface
    assert source.remarks == ("x.geojson is not in UTF-8 as GeoJSON has to be; its text is read by what the bytes say",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_geojson_with_a_mark_of_unicode_is_read(tmp_path, read, encoding):
    path = write_unicode(tmp_path / "x.geojson", COLUMNS, LINES)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    source, rows, _ = read(path)
    assert [row["TÊN"] for row in rows] == ["Ống 1", "Ống 2"]
    assert not source.is_surface


@pytest.mark.parametrize(("encoding", "text"), [("ISO-8859-1", "Ø 100"), ("WINDOWS-1251", "Ж"), ("UTF-16", "Ống")])
def test_kml_in_another_encoding_is_read(tmp_path, read, encoding, text):
    path = write_unicode(tmp_path / "x.kml", {"TEN": [text]}, LINES[:1])
    content = path.read_text(encoding="utf-8").replace('encoding="UTF-8"', f'encoding="{encoding}"')
    path.write_bytes(content.encode(encoding))
    source, rows, _ = read(path)
    assert rows[0]["TEN"] == text
    assert source.remarks == (f"x.kml is in {encoding}",)


def test_folders_of_kml_are_layers_and_what_the_driver_adds_is_no_column(tmp_path, look):
    placemark = "<Placemark><name>{}</name><Point><coordinates>106.7,10.7,5</coordinates></Point></Placemark>"
    folders = "".join(f"<Folder><name>{name}</name>{placemark.format(name)}</Folder>" for name in ("ống", "hố ga"))
    (tmp_path / "x.kml").write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>')
    assert list_layers(tmp_path / "x.kml") == ("ống", "hố ga")
    source = look(tmp_path / "x.kml", "hố ga")
    assert [field.name for field in source.fields] == ["Name", "description", "timestamp", "begin", "end"]
    assert source.count == 1


def test_kml_of_many_megabytes_is_read(tmp_path, look):
    placemark = "<Placemark><name>x</name><Point><coordinates>106.7,10.7</coordinates></Point></Placemark>"
    content = f"<kml><Document>{placemark * 100_000}</Document></kml>"
    (tmp_path / "x.kml").write_text(content)
    assert len(content) > 8_000_000
    source = look(tmp_path / "x.kml")
    assert (source.count, source.layer) == (100_000, "x")


def test_a_geopackage_with_a_journal_is_read_and_its_folder_left_as_it_is(tmp_path, read):
    path = write_unicode(tmp_path / "x.gpkg", COLUMNS, LINES)
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = wal")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    database.execute("UPDATE x SET DN = 200 WHERE fid = 1")
    database.commit()
    before = {part.name: part.read_bytes() for part in tmp_path.iterdir()}
    assert "x.gpkg-wal" in before
    _, rows, _ = read(path)
    assert [row["DN"] for row in rows] == [200, 150]
    assert {part.name: part.read_bytes() for part in tmp_path.iterdir()} == before
    database.close()


def test_rows_of_a_geopackage_are_counted_whatever_it_noted(tmp_path, read):
    path = write_unicode(tmp_path / "x.gpkg", COLUMNS, LINES)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 7")
        database.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, style TEXT)")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 's')"
        )
    source, rows, _ = read(path)
    assert (source.count, len(rows), source.layer) == (2, 2, "x")


def test_a_file_that_ends_before_all_its_features_is_refused(tmp_path, read):
    path = write_mapinfo(tmp_path / "x.mif", COLUMNS, LINES)
    cut(path.with_suffix(".mid"), 5)
    with pytest.raises(InvalidSource, match=r"x.mif says it has 2 features, but [01] can be read; it is damaged"):
        read(path)


def test_a_drawing_that_breaks_off_is_refused(tmp_path, look):
    path = write_drawing(tmp_path / "x.dxf", [draw_line("L", (1, 2), (3, 4))])
    cut(path, 30)
    with pytest.raises(InvalidSource, match=r"x.dxf is cut off: it does not end with EOF, as drawings do; ask for it"):
        look(path)


@pytest.mark.parametrize("wrong", [b"x0", b"\x000", b"-1"])
def test_a_drawing_that_goes_astray_is_refused_with_the_line(tmp_path, look, wrong):
    path = write_drawing(tmp_path / "x.dxf", [draw_line("L", (1, 2), (3, 4))])
    path.write_bytes(path.read_bytes().replace(b"0\r\nLWPOLYLINE", wrong + b"\r\nLWPOLYLINE"))
    with pytest.raises(
        InvalidSource, match=r"x.dxf is damaged at line [12][0-9]: a code of digits is expected there; open"
    ):
        look(path)


@pytest.mark.parametrize("suffix", [".gpkg", ".tab"])
def test_a_file_without_a_coordinate_system_names_none(tmp_path, look, suffix):
    write = write_mapinfo if suffix == ".tab" else write_unicode
    assert look(write(tmp_path / f"x{suffix}", {"A": [1]}, [Point(603000, 1191000)], srid=None)).wkt == ""


def test_text_of_a_geopackage_that_is_not_unicode_is_refused_by_its_column(tmp_path, read):
    path = write_unicode(tmp_path / "x.gpkg", {"TEN": ["a"]}, [Point(1, 2)])
    with sqlite3.connect(path) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE x SET TEN = CAST(X'D1F6' AS TEXT)")
    with pytest.raises(InvalidSource, match=r"x.gpkg: column TEN holds text that is not Unicode, .*; export it as"):
        read(path)


def test_a_geopackage_without_layers_is_refused(tmp_path, look):
    with sqlite3.connect(tmp_path / "x.gpkg") as database:
        database.execute("CREATE TABLE a (b)")
    with pytest.raises(InvalidSource, match=r"x.gpkg (holds no layer|cannot be read)"):
        look(tmp_path / "x.gpkg")


@pytest.mark.parametrize(
    ("suffix", "harm", "words"),
    [
        (
            ".gpkg",
            lambda path: cut(path, 5000),
            r"x.gpkg is cut off: it says [0-9,]+ bytes and holds [0-9,]+; ask for it",
        ),
        (
            ".fgb",
            lambda path: put(path, 8, struct.pack("<I", 1 << 31)),
            r"x.fgb is cut off: its header says 2,147,483,660",
        ),
        (".fgb", lambda path: cut(path, 60), r"x.fgb cannot be read: "),
        (".geojson", lambda path: cut(path, 60), r"x.geojson cannot be read"),
        (".kml", lambda path: cut(path, 60), r"x.kml cannot be read as KML"),
    ],
)
def test_a_file_that_is_cut_off_is_refused(tmp_path, read, suffix, harm, words):
    path = write_unicode(tmp_path / f"x{suffix}", COLUMNS, LINES)
    harm(path)
    with pytest.raises(InvalidSource, match=words):
        read(path)


def test_points_with_heights_and_many_parts_are_described(tmp_path, look):
    path = write_unicode(tmp_path / "x.fgb", {"A": [1]}, [MultiPoint([(1, 2, 3), (4, 5, 6)])])
    assert (look(path).geometry, look(path).has_z) == ("3D MultiPoint", True)
