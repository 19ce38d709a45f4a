"""Drawings: their layers and text, in whatever way the text is written."""

import pytest
from shapely import LineString, Point

from gis_infra.errors import InvalidSource
from gis_infra.transfer.text.encodings import get_encoding
from tests.sources import draw_line, draw_text, write_drawing

AT = (603000.0, 1191000.0)


def read_text(rows, source, number=0):
    """The text of a row, read by what the drawing says or by UTF-8."""
    name = source.declared.name if source.declared.is_firm else "UTF-8"
    return get_encoding(name).decode(rows[number]["Text"])


def test_layers_are_a_column_and_lines_and_texts_are_rows(tmp_path, read):
    entities = [draw_line("ONG_CAP_NUOC", AT, (603010.0, 1191000.0)), draw_text("GHI CHU", AT, "D100")]
    source, rows, shapes = read(write_drawing(tmp_path / "x.dxf", entities))
    assert (source.driver, source.count, source.layer, source.is_surface) == ("DXF", 2, "x", True)
    assert [row["Layer"] for row in rows] == ["ONG_CAP_NUOC", "GHI CHU"]
    assert [row["Text"] for row in rows] == [None, "D100"]
    assert shapes == [LineString([AT, (603010, 1191000)]), Point(*AT)]
    assert source.bounds == (603000, 1191000, 603010, 1191000)


@pytest.mark.parametrize("code_page", ["ANSI_1252", "ANSI_1258", "ansi_936", "nonsense", None])
@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "CP1258"])
def test_bytes_of_an_old_drawing_are_kept_whatever_it_says(tmp_path, read, code_page, encoding):
    path = write_drawing(
        tmp_path / "x.dxf",
        [draw_text("ống", AT, "đường ống")],
        encoding=encoding,
        version="AC1015",
        code_page=code_page,
    )
    before = path.read_bytes()
    source, rows, _ = read(path)
    assert get_encoding(encoding).decode(rows[0]["Text"]) == "đường ống"
    assert get_encoding(encoding).decode(rows[0]["Layer"]) == "ống"
    assert source.declared.name in {"CP1252", "CP1258", "CP936", "GBK", None}
    assert path.read_bytes() == before


@pytest.mark.parametrize("code_page", ["ANSI_1252", "ANSI_1258", None])
def test_a_drawing_since_2007_is_utf8_whatever_its_code_page(tmp_path, read, code_page):
    path = write_drawing(tmp_path / "x.dxf", [draw_text("Ống", AT, "Đường ống")], version="AC1027", code_page=code_page)
    source, rows, _ = read(path)
    assert (source.declared.name, source.declared.is_firm) == ("UTF-8", True)
    assert read_text(rows, source) == "Đường ống"


def test_letters_of_a_vietnamese_font_in_a_unicode_drawing_come_as_the_bytes_they_were(tmp_path, read):
    surface = "§−êng èng".replace("−", "\xad")  # "Đường ống" in TCVN3, seen as letters of Latin-1
    source, rows, _ = read(write_drawing(tmp_path / "x.dxf", [draw_text("0", AT, surface)], version="AC1027"))
    assert get_encoding("TCVN3").decode(rows[0]["Text"]) == "Đường ống"
    assert not source.declared.is_firm


def test_letters_written_as_codes_are_read(tmp_path, read):
    text = "\\U+0110\\U+01B0\\U+1EDDng caf\xe9 \\U+D83D"
    path = write_drawing(tmp_path / "x.dxf", [draw_text("0", AT, text)], encoding="latin-1", code_page="ANSI_1252")
    source, rows, _ = read(path)
    assert read_text(rows, source) == "Đường café \\U+D83D"


@pytest.mark.parametrize(
    ("encoding", "version", "read_as", "expected"),
    [
        ("ascii", "AC1015", "UTF-8", "D %%c100 45%%d %%p1".replace("%%c", "Ø").replace("%%d", "°").replace("%%p", "±")),
        ("UTF-8", "AC1027", "UTF-8", "ống Ø100 45° ±1"),
        ("TCVN3", "AC1015", "TCVN3", "ống phi 100 45 deg +-1"),
    ],
)
def test_signs_are_letters_where_the_encoding_has_them_and_words_where_not(
    tmp_path, read, encoding, version, read_as, expected
):
    start = "D" if encoding == "ascii" else "ống"
    path = write_drawing(
        tmp_path / "x.dxf", [draw_text("0", AT, f"{start} %%c100 45%%d %%p1")], encoding=encoding, version=version
    )
    source, rows, _ = read(path)
    assert get_encoding(read_as).decode(rows[0]["Text"]) == expected
    said = "x.dxf: the signs %%c, %%d and %%p come as the words phi, deg and +-"
    assert (said in source.remarks) == (encoding == "TCVN3")


def test_curves_are_said(tmp_path, read):
    arc = [(0, "ARC"), (8, "0"), (10, AT[0]), (20, AT[1]), (40, 5.0), (50, 0.0), (51, 90.0)]
    source, _, shapes = read(write_drawing(tmp_path / "x.dxf", [arc]))
    assert len(shapes[0].coords) > 10
    assert source.remarks == ("x.dxf: arcs, circles and splines are drawn as lines of short chords",)


def test_a_comment_before_the_first_section_does_no_harm(tmp_path, look):
    path = write_drawing(tmp_path / "x.dxf", [draw_text("0", AT, "x")])
    path.write_bytes(b"999\r\nmade by hand\r\n" + path.read_bytes())
    assert look(path).count == 1


def test_a_block_set_a_thousand_million_times_is_refused(tmp_path, look):
    insert = [(0, "INSERT"), (8, "0"), (2, "B"), (10, 1), (20, 2), (70, 32000), (71, " 32000"), (44, 1), (45, 1)]
    with pytest.raises(InvalidSource, match=r"x.dxf sets a block 1,024,000,000 times in rows and columns; 10,000 are"):
        look(write_drawing(tmp_path / "x.dxf", [insert]))
    assert look(write_drawing(tmp_path / "x.dxf", [insert[:5]])).driver == "DXF"
