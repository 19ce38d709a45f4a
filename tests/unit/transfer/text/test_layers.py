"""The encoding of a layer whose columns differ, of the names of its columns, and of text that is Unicode by itself."""

import pyarrow as pa
import pytest

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.text.certainty import require_certain_text
from gis_infra.transfer.text.evidence import gather_by_column
from gis_infra.transfer.text.layers import NAMES, AskedText, decide_layer, parse_asked
from gis_infra.transfer.text.reading import read_column, read_name
from tests.unit.transfer.text import corpus
from tests.unit.transfer.text.writing import ALL, can_write, write

LOOKALIKES = str.maketrans({"\xb5": "\u03bc", "\xad": "\u2212", "\xb7": "\u2219"})


def seen(columns, *, is_surface=True):
    """The evidence of columns: name -> encoding and texts; encoding None for what is written as it is."""
    written = {
        name: pa.array([text if encoding is None else write(text, encoding) for text in texts])
        for name, (encoding, texts) in columns.items()
    }
    return gather_by_column(written.items(), is_surface=is_surface)


def decided(columns, asked=None, *, is_surface=True):
    return decide_layer(seen(columns, is_surface=is_surface), None, asked or AskedText(), is_surface=is_surface)


@pytest.mark.parametrize("most", ALL)
@pytest.mark.parametrize("other", ALL)
def test_a_column_that_clearly_differs_has_an_encoding_of_its_own(most, other):
    wards = [text for text in corpus.WARDS if can_write(text, other)]
    streets = [text for text in corpus.VALUES if can_write(text, most)]
    guess = decided({"DUONG": (most, streets), "PHUONG": (other, wards), "MA": ("UTF-8", corpus.CODES)})
    assert guess.is_certain
    assert {"DUONG": guess.get("DUONG").name, "PHUONG": guess.get("PHUONG").name} == {"DUONG": most, "PHUONG": other}
    assert (f"PHUONG {other}" in guess.reason) == (most != other)


def test_columns_of_equal_weight_are_each_read_by_their_own():
    guess = decided({"A": ("TCVN3", corpus.WARDS[:20]), "B": ("VNI", corpus.REMARKS[:20])})
    assert (guess.get("A").name, guess.get("B").name) == ("TCVN3", "VNI")


def test_a_column_with_too_little_text_follows_the_rest():
    guess = decided({"TEN": ("TCVN3", corpus.WARDS), "GHI_CHU": ("TCVN3", ["tốt"]), "LOAI": ("TCVN3", ["bé", "TĐ"])})
    assert (guess.encoding.name, guess.is_certain, dict(guess.columns)) == ("TCVN3", True, {})


def test_one_column_in_doubt_holds_up_the_layer_and_is_named():
    guess = decided({"TEN": ("TCVN3", corpus.WARDS), "TEN_PHAP": ("cp1252", corpus.FRENCH)})
    assert (guess.is_certain, guess.doubtful_column) == (False, "TEN_PHAP")
    with pytest.raises(InvalidParameter, match=r"column TEN_PHAP differs.*: --encoding TEN_PHAP=CP1252"):
        require_certain_text(guess, "pipes.shp")


def test_a_column_named_by_the_caller_is_taken_as_named_and_doubted_no_more():
    columns = {"TEN": ("TCVN3", corpus.WARDS), "TEN_PHAP": ("cp1252", corpus.FRENCH)}
    asked = parse_asked(None, {"ten_phap": "cp1252"}, columns, is_surface=True)
    guess = decided(columns, asked)
    assert (guess.encoding.name, guess.is_certain, guess.get("TEN_PHAP").name) == ("TCVN3", True, "CP1252")


def test_an_encoding_for_all_is_taken_for_all_but_the_columns_named():
    asked = parse_asked("VNI", {"B": "TCVN3"}, ("A", "B"), is_surface=True)
    guess = decided({"A": ("TCVN3", corpus.WARDS), "B": ("TCVN3", corpus.WARDS)}, asked)
    assert (guess.get("A").name, guess.get("B").name, guess.reason) == ("VNI", "TCVN3", "as asked")


@pytest.mark.parametrize("encoding", ALL)
def test_columns_can_be_called_by_their_names_as_they_read(encoding):
    names = (write("Đường kính", encoding), "MA")
    asked = parse_asked(None, {"đường KÍNH": "TCVN3"}, names, is_surface=True)
    assert list(asked.columns) == [names[0]]


@pytest.mark.parametrize(
    ("everywhere", "columns", "words"),
    [
        ("klingon", {}, "'klingon' is not known"),
        (None, {"TEN": "klingon"}, "'klingon' is not known"),
        (None, {"X": "VNI"}, "there is no column 'X'; there are TEN, MA"),
    ],
)
def test_what_is_asked_wrongly_is_refused_by_name(everywhere, columns, words):
    with pytest.raises(InvalidParameter, match=words):
        parse_asked(everywhere, columns, ("TEN", "MA"), is_surface=True)


def test_a_column_that_only_a_profile_remembers_may_be_missing():
    asked = parse_asked(None, {"X": "VNI", "TEN": "VNI"}, ("TEN",), is_surface=True, remembered={"X"})
    assert list(asked.columns) == ["TEN"]


def test_names_of_columns_may_be_in_another_encoding_than_the_values():
    names = ["Tên đường", "Phường xã", "Đường kính", "Vật liệu"]
    guess = decided({"A": ("UTF-8", corpus.WARDS), NAMES: ("TCVN3", names)})
    assert (guess.encoding.name, guess.get(NAMES).name) == ("UTF-8", "TCVN3")
    assert [read_name(write(name, "TCVN3"), guess.get(NAMES)) for name in names] == names


@pytest.mark.parametrize(
    ("texts", "reading"),
    [
        (corpus.WARDS, None),
        (corpus.FRENCH, None),
        (corpus.RUSSIAN, None),
        (corpus.CHINESE, None),
        (["né"], None),
        (corpus.SIGNS, None),
        (["PVC"], None),
    ],
)
def test_unicode_that_is_what_it_seems_is_left_alone(texts, reading):
    assert decided({"TEN": (None, texts)}, is_surface=False) is reading


@pytest.mark.parametrize("hidden", ["UTF-8", "TCVN3", "VNI", "CP1258", "VISCII", "VPS"])
def test_an_encoding_hidden_in_unicode_is_found_and_said(hidden):
    texts = [text for text in corpus.WARDS if can_write(text, hidden) and text[0] != "Ấ"]  # no such capital in TCVN3
    columns = {"TEN": (hidden, texts), "GHI_CHU": (None, corpus.REMARKS[:3])}
    guess = decided(columns, is_surface=False)
    assert (guess.encoding.name, guess.is_certain) == (f"UTF-8+{hidden}", True)
    assert guess.get("GHI_CHU").name == "UTF-8"
    read = read_column(pa.array([write(text, hidden) for text in texts]), guess.get("TEN"))
    assert (read.column.to_pylist(), read.faults) == (texts, {})
    assert guess.samples[0] == (write(texts[0], hidden), texts[0])


def test_a_little_unicode_that_seems_to_hide_an_encoding_is_asked_about():
    guess = decided({"TEN": ("TCVN3", ["Nguyễn Huệ", "Trần Hưng Đạo"])}, is_surface=False)
    with pytest.raises(InvalidParameter, match=r"not sure.*'Nguyễn Huệ': --encoding UTF-8\+TCVN3.*--encoding UTF-8"):
        require_certain_text(guess, "pipes.gpkg")


@pytest.mark.parametrize("name", ["TCVN3", "UTF-8+TCVN3"])
def test_tcvn3_that_went_through_word_or_pdf_is_read_from_its_lookalikes(name):
    texts = ["nhà Phước", "đường Hưng", "ngã tư", "xã Tư Nghĩa"]
    written = [write(text, "TCVN3").translate(LOOKALIKES) for text in texts]
    assert any(ord(letter) > 0xFF for letter in "".join(written))
    asked = parse_asked(name, {}, ("TEN",), is_surface=False)
    guess = decided({"TEN": (None, written)}, asked, is_surface=False)
    assert read_column(pa.array(written), guess.get("TEN")).column.to_pylist() == texts


def test_unicode_among_hidden_text_is_kept_and_said():
    asked = parse_asked("TCVN3", {}, ("TEN",), is_surface=False)
    guess = decided({"TEN": (None, ["Nguyễn Huệ"])}, asked, is_surface=False)
    read = read_column(pa.array(["Nguyễn Huệ", write("Trần Hưng", "TCVN3")]), guess.encoding)
    assert read.column.to_pylist() == ["Nguyễn Huệ", "Trần Hưng"]
    assert list(read.warnings) == [0]
    assert "Unicode already" in read.warnings[0]


def test_utf8_asked_for_unicode_means_as_it_is():
    asked = parse_asked("UTF-8", {}, ("TEN",), is_surface=False)
    assert decided({"TEN": ("TCVN3", corpus.WARDS)}, asked, is_surface=False) is None


def test_what_is_sure_or_unicode_passes():
    unicode, sure = decided({"TEN": (None, corpus.WARDS)}, is_surface=False), decided({"TEN": ("VNI", corpus.WARDS)})
    assert unicode is None and sure.encoding.name == "VNI"
    for guess in (unicode, sure):
        require_certain_text(guess, "pipes.shp")  # which raises otherwise
