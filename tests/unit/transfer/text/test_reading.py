"""Columns come out to the letter; what cannot be read is told by row, and nothing is cut or replaced in silence."""

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.reading import decode_column, read_column, read_name, read_value
from tests.unit.transfer.text import corpus
from tests.unit.transfer.text.writing import ALL, can_write, write

SMALL = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
WORDS = st.text(SMALL, min_size=1, max_size=7)
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12), st.sampled_from(ALL))
def test_any_small_text_written_is_read_to_the_letter(texts, encoding):
    read = decode_column(pa.array([write(text, encoding) for text in texts]), get_encoding(encoding))
    assert read.column.to_pylist() == texts
    assert (read.faults, read.warnings) == ({}, {})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(SMALL + SMALL.upper() + " 0-9/", max_size=20), max_size=12))
def test_capitals_are_read_to_the_letter_where_they_have_bytes(texts):
    for encoding in ("VNI", "CP1258", "VISCII", "VPS", "UTF-8"):
        read = decode_column(pa.array([write(text, encoding) for text in texts], pa.string()), get_encoding(encoding))
        assert read.column.to_pylist() == texts


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=12).map(lambda part: part.decode("latin-1")), max_size=10), st.sampled_from(ALL))
def test_many_at_once_are_read_as_each_by_itself(surfaces, name):
    encoding = get_encoding(name)
    read = decode_column(pa.array(surfaces, pa.string()), encoding)
    apart = [read_value(surface, encoding) for surface in surfaces]
    assert read.column.to_pylist() == [value.text for value in apart]
    assert read.faults == {row: value.fault for row, value in enumerate(apart) if value.fault}
    assert read.warnings == {row: value.warning for row, value in enumerate(apart) if value.warning}


def test_text_cut_within_a_letter_by_its_field_is_read_up_to_there_and_said():
    surface = "Nguyễn Huệ".encode()[:-1].decode("latin-1")
    read = decode_column(pa.array([surface, "abc"]), get_encoding("UTF-8"))
    assert read.column.to_pylist() == ["Nguyễn Hu", "abc"]
    assert list(read.warnings) == [0]
    assert "cut" in read.warnings[0]


def test_a_value_that_cannot_be_read_is_null_and_told_by_row():
    read = decode_column(pa.array(["abc", "\x80", None, "\x80"]), get_encoding("TCVN3"))
    assert read.column.to_pylist() == ["abc", None, None, None]
    assert read.faults == dict.fromkeys((1, 3), "text cannot be read as TCVN3: byte 0x80 is not in TCVN3")


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "CP1258", "VISCII", "VPS"])
def test_a_value_retyped_in_utf8_is_read_so_and_said(encoding):
    texts = [text for text in corpus.WARDS if can_write(text, encoding) and text[0] != "Ấ"]  # no such capital in TCVN3
    surfaces = [write(text, encoding) for text in texts]
    read = decode_column(pa.array([*surfaces, write("Đường Nguyễn Huệ", "UTF-8")]), get_encoding(encoding))
    assert read.column.to_pylist() == [*texts, "Đường Nguyễn Huệ"]
    assert list(read.warnings) == [len(texts)]
    assert "is UTF-8" in read.warnings[len(texts)]


def test_a_word_that_is_valid_utf8_by_chance_stays_what_its_column_is():
    # "Đồ" is D0 B0, a Cyrillic letter in UTF-8; "ứẮ" of VPS is D9 8D, an Arabic mark.
    for text, encoding in (("Đồng Khởi", "VISCII"), ("ứẮ", "VPS")):
        read = decode_column(pa.array([write(text, encoding)]), get_encoding(encoding))
        assert (read.column.to_pylist(), read.warnings) == ([text], {})


@pytest.mark.parametrize("encoding", ["VISCII", "VPS"])
def test_capitals_that_lie_among_the_control_characters_are_read_where_all_else_is_ascii(encoding):
    read = decode_column(pa.array([write("PHẪU", encoding), "PVC"]), get_encoding(encoding))
    assert read.column.to_pylist() == ["PHẪU", "PVC"]


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI"])
def test_quotes_and_dashes_of_windows_fonts_are_kept(encoding):
    surface = "\x93" + write("ống", encoding) + "\x94 \x96 1\x852"
    assert get_encoding(encoding).decode(surface) == "“ống” – 1…2"


def test_unicode_formats_come_out_composed():
    decomposed = unicodedata.normalize("NFD", "Huệ")
    assert read_column(pa.array([decomposed, None]), None).column.to_pylist() == ["Hu\u1ec7", None]
    assert read_name(decomposed, None) == "Hu\u1ec7"


@pytest.mark.parametrize(
    ("name", "encoding", "read"),
    [
        ("MA_ONG", "TCVN3", "MA_ONG"),
        (write("Tên đường", "TCVN3"), "TCVN3", "Tên đường"),
        (write("ĐƯỜNG_ỐNG", "UTF-8")[:-1], "UTF-8", "ĐƯỜNG_ỐN"),
        (write("ĐƯỜNG", "UTF-8")[:-3], "UTF-8", "ĐƯ"),  # ten bytes end in the middle of a letter
        ("\x80", "TCVN3", "\x80"),
    ],
)
def test_names_of_columns_are_read_by_the_encoding_as_far_as_they_go(name, encoding, read):
    assert read_name(name, get_encoding(encoding)) == read
