"""Which encoding a layer's text is in, and that reading it loses nothing."""

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.sources.declarations import Declared, parse_declared
from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.evidence import gather
from gis_infra.transfer.text.guessing import decide
from gis_infra.transfer.text.reading import decode_column, read_column
from tests.sources import encode

STREETS = ("Đường Nguyễn Thị Minh Khai", "Trần Hưng Đạo", "Lê Thánh Tôn", "Hẻm 12 Cách Mạng Tháng Tám", "tốt")
ENCODINGS = ("UTF-8", "TCVN3", "VNI", "CP1258")
SILENT = Declared(None, "the file", is_firm=False)
WRITTEN = "đường quận phường nước ống gang dẻo tốt sửa chữa Nguyễn Trần Lê Huệ cống mương"
WORDS = st.sampled_from(WRITTEN.split())
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=8, max_size=30)


def guess(texts, encoding, declared=SILENT):
    surfaces = [encode(text, encoding).decode("latin-1") for text in texts]
    return decide(gather([pa.array(surfaces)]), declared)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_bytes_tell_the_encoding_without_any_declaration(encoding):
    found = guess(STREETS, encoding)
    assert (found.encoding.name, found.is_certain) == (encoding, True)
    assert [after for _, after in found.samples] == list(STREETS[:3])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_wrong_declaration_does_not_decide(encoding):
    found = guess(STREETS, encoding, Declared("CP1252", "the .cpg (1252)", is_firm=True))
    assert found.encoding.name == encoding


def test_a_lie_of_the_file_is_said():
    found = guess(STREETS, "TCVN3", Declared("UTF-8", "the .cpg (UTF-8)", is_firm=True))
    assert "the .cpg (UTF-8) says UTF-8, which is not so" in found.reason


def test_plain_ascii_needs_no_guess():
    found = guess(["Nguyen Hue", "PVC"], "ascii")
    assert (found.encoding.name, found.is_certain, found.reason) == ("UTF-8", True, "all text is plain ASCII")


def test_text_that_is_not_vietnamese_is_not_converted_by_a_guess():
    found = guess(["Frédéric", "Pallaïssou", "Bâlicôt"], "latin-1")
    assert not found.is_certain
    assert "no encoding leads clearly" in found.reason
    assert "--encoding" in found.reason


def test_a_firm_declaration_holds_for_text_that_is_not_vietnamese():
    found = guess(["Frédéric", "Pallaïssou"], "latin-1", Declared("CP1252", "the .cpg (1252)", is_firm=True))
    assert (found.encoding.name, found.is_certain) == ("CP1252", True)


def test_one_word_that_two_encodings_could_have_written_is_not_decided():
    found = guess(["Café é"], "latin-1")
    assert not found.is_certain


@pytest.mark.parametrize(
    ("cpg", "driver", "name", "is_firm"),
    [
        ("UTF-8", 0x57, "UTF-8", True),
        ("1258", None, "CP1258", True),
        (None, 0x57, "CP1252", False),
        (None, 0x7A, "GBK", True),
        (None, 0, None, False),
        (None, None, None, False),
        ("nonsense", 0x57, None, True),
    ],
)
def test_the_cpg_is_heard_before_the_language_driver(cpg, driver, name, is_firm):
    declared = parse_declared(cpg, driver)
    assert (declared.name, declared.is_firm) == (name, is_firm)


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


def test_unicode_formats_come_out_composed():
    decomposed = unicodedata.normalize("NFD", "Huệ")
    assert read_column(pa.array([decomposed, None]), None).column.to_pylist() == ["Hu\u1ec7", None]


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(ENCODINGS))
def test_whatever_is_written_is_found_and_read_to_the_letter(texts, encoding):
    surfaces = pa.array([encode(text, encoding).decode("latin-1") for text in texts])
    found = decide(gather([surfaces]), SILENT)
    if found.is_certain:
        assert decode_column(surfaces, found.encoding).column.to_pylist() == texts
    else:
        assert len({word for text in texts for word in text.split()}) < 8  # only very little text may stay open
