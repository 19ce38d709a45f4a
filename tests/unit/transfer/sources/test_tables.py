"""Tables of text: separators, names of columns, encodings, and rows that do not fit."""

import codecs

import pytest
from shapely import LineString, Point, to_wkb

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.batches import read_batches
from gis_infra.transfer.sources.source import open_source
from gis_infra.transfer.text.encodings import get_encoding
from tests.sources import write_delimited

ROWS = [["MA", "X", "Y", "GHI_CHU"], ["a", "603000.5", "1191000.25", "một, hai; ba"], ["b", "603001", "1191001", ""]]
PLACES = [Point(603000.5, 1191000.25), Point(603001, 1191001)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("suffix", [".csv", ".txt", ".tsv"])
def test_the_separator_is_found(tmp_path, read, separator, suffix):
    source, rows, shapes = read(write_delimited(tmp_path / f"x{suffix}", ROWS, separator=separator))
    assert shapes == PLACES
    assert rows[1] == {"MA": "b", "X": "603001", "Y": "1191001", "GHI_CHU": None}
    assert (source.driver, source.count, source.layer, source.geometry) == ("CSV", 2, "x", "Point")
    assert source.bounds == (603000.5, 1191000.25, 603001, 1191001)
    assert source.remarks[0].startswith("x" + suffix + ": the shapes are from X, Y; the separator is ")


def test_a_line_that_names_the_separator_is_no_row(tmp_path, read):
    path = write_delimited(tmp_path / "x.csv", ROWS, separator=";")
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert read(path)[2] == PLACES


@pytest.mark.parametrize(
    ("encoding", "mark", "is_surface"),
    [
        ("UTF-8", b"", True),
        ("UTF-8", codecs.BOM_UTF8, False),
        ("utf-16", b"", False),
        ("TCVN3", b"", True),
        ("VNI", b"", True),
        ("CP1258", b"", True),
    ],
)
def test_text_comes_as_bytes_unless_the_file_marks_it_as_unicode(tmp_path, read, encoding, mark, is_surface):
    rows = [["Tên ống", "X", "Y"], ["đường ống", 1, 2]]
    source, found, _ = read(write_delimited(tmp_path / "x.csv", rows, encoding=encoding, mark=mark))
    (name, value), *_ = found[0].items()
    decode = get_encoding(encoding).decode if is_surface else str
    assert (decode(name), decode(value)) == ("Tên ống", "đường ống")
    assert (source.is_surface, source.has_text) == (is_surface, True)
    assert source.fields[0].name == name


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (["A", "A", "X", "Y"], ["A", "A_2", "X", "Y"]),
        (["", "A ", "X", "Y"], ["column_1", "A", "X", "Y"]),
        (["A", "A_2", "A", "X", "Y"], ["A", "A_2", "A_3", "X", "Y"]),
    ],
)
def test_columns_have_each_a_name_of_its_own(tmp_path, read, header, names):
    row = ["v"] * (len(header) - 2) + [1, 2]
    source, rows, shapes = read(write_delimited(tmp_path / "x.csv", [header, row]))
    assert [field.name for field in source.fields] == list(rows[0]) == names
    assert shapes == [Point(1, 2)]


def test_values_may_hold_separators_quotes_and_line_ends(tmp_path, read):
    rows = [["A\nB", "X", "Y"], ['say "x", y\r\nand z', 1, 2], ["c", 3, 4]]
    _, found, shapes = read(write_delimited(tmp_path / "x.csv", rows))
    assert found[0]["A\nB"] == 'say "x", y\r\nand z'
    assert shapes == [Point(1, 2), Point(3, 4)]


def test_a_row_whose_coordinates_cannot_be_read_comes_without_a_shape_and_is_named(tmp_path, read):
    rows = [["X", "Y"], [1, 2], ["", ""], ["abc", 2], [3, "nan"], [5, 6]]
    source, found, shapes = read(write_delimited(tmp_path / "x.csv", rows))
    assert shapes == [Point(1, 2), None, None, None, Point(5, 6)]
    assert found[2] == {"X": "abc", "Y": "2"}
    assert source.remarks[1] == "x.csv: rows whose X, Y cannot be read, which have no shape: 2 (3, 4)"


def test_shapes_as_text_are_read_and_only_what_is_none_is_kept(tmp_path, read):
    line = LineString([(1, 2), (3, 4)])
    rows = [["A", "WKT"], ["a", line.wkt], ["b", to_wkb(line, hex=True)], ["c", "LINESTRING (1 2"], ["d", ""]]
    source, found, shapes = read(write_delimited(tmp_path / "x.csv", rows))
    assert shapes == [line, line, None, None]
    assert [row["WKT"] for row in found] == [None, None, "LINESTRING (1 2", None]
    assert source.geometry == "LineString"
    assert source.remarks[1] == "x.csv: rows whose WKT cannot be read, which have no shape: 1 (3)"


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["SRID=9210;POINT (1 2)", "srid=9210; POINT (3 4)"], "VN-2000 / TM-3 105-45"),
        ([to_wkb(Point(1, 2), hex=True, srid=9210)] if False else ["SRID=4326;POINT (1 2)"], "WGS 84"),
        (["SRID=4326;POINT (1 2)", "SRID=9210;POINT (3 4)"], ""),
        (["SRID=999999;POINT (1 2)"], ""),
        (["POINT (1 2)"], ""),
    ],
)
def test_the_system_that_shapes_name_is_the_files(tmp_path, look, texts, words):
    source = look(write_delimited(tmp_path / "x.csv", [["A", "geom"], *(["a", text] for text in texts)]))
    assert words in source.wkt
    assert bool(source.wkt) == bool(words)


def test_shapes_of_several_kinds_and_with_heights_are_told(tmp_path, look):
    rows = [["A", "geom"], ["a", "POINT Z (1 2 3)"], ["b", "LINESTRING (1 2, 3 4)"]]
    source = look(write_delimited(tmp_path / "x.csv", rows))
    assert (source.geometry, source.has_z) == ("3D Unknown", True)


def test_one_column_of_shapes_is_a_table(tmp_path, look):
    assert look(write_delimited(tmp_path / "x.csv", [["wkt"], ["POINT (1 2)"]])).count == 1


def test_a_table_without_rows_is_one(tmp_path, look):
    assert look(write_delimited(tmp_path / "x.csv", [["A", "X", "Y"]])).count == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b"A,B\n1,2\n",
            r"x.csv has no column of coordinates or shapes; name two columns X and Y, .* or one WKT; it has A, B",
        ),
        (
            b"1;2;3\n4;5;6\n",
            r"x.csv does not name its columns: its first line is '1, 2, 3'; add a line of names above it",
        ),
        (
            b"X,Y\n1,2\n1,2,3\n4\n",
            r"x.csv has 2 columns, but 2 rows have another number of values: 3 in '1,2,3'; 1 in '4'",
        ),
        (b"X,Y\n1,2\x00\n", r"x.csv is not a table of text: it holds zero bytes"),
        (b"\n\n\n", r"x.csv (is not a table|does not name its columns)"),
        (b",".join(b"c%d" % number for number in range(2500)), r"x.csv has 2,500 columns; 2,000 are read"),
        (codecs.BOM_UTF16_LE + b"X\x00,\x00Y\x00\n\x00\xd8", r"x.csv is not in utf-16 as it begins"),
        (codecs.BOM_UTF8 + b"X,Y\n1,2\xff\xfe\n", r"x.csv cannot be read as a table"),
        (b'X,Y,A\n1,2,"' + b"x" * 20_000_000 + b'"\n', r"x.csv cannot be read as a table"),
    ],
)
def test_what_is_no_table_is_refused_with_a_next_step(tmp_path, look, content, words):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(InvalidSource, match=words):
        look(tmp_path / "x.csv")


def test_a_table_of_any_size_passes_in_batches(tmp_path):
    path = write_delimited(tmp_path / "x.csv", [["A", "X", "Y"], *([number, number, 7] for number in range(30_000))])
    with open_source(path) as source:
        batches = list(read_batches(source, rows=1000))
        assert max(batch.num_rows for batch in batches) == 1000
        assert [row for batch in batches for row in batch.column("A").to_pylist()] == [str(n) for n in range(30_000)]
