"""The tables of the Vietnamese encodings, and how syllables are told."""

import unicodedata

import pytest

from gis_infra.errors import InvalidParameter
from gis_infra.transfer.text.encodings import cp1258, find_name, get_encoding, tcvn3, viscii, vni, vps
from gis_infra.transfer.text.encodings.common import COMMON
from gis_infra.transfer.text.encodings.rewritten import NotSurfaceError, to_surface
from gis_infra.transfer.text.encodings.syllables import has_likely_case, is_syllable

MARKED = "àáảãạâầấẩẫậăằắẳẵặèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"  # all 67 marked letters
ENCODERS = {
    "TCVN3": tcvn3.encode,
    "VNI": vni.encode,
    "CP1258": cp1258.encode,
    "VISCII": viscii.encode,
    "VPS": vps.encode,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_every_small_vietnamese_letter_survives(name):
    text = " ".join(f"x{letter}" for letter in MARKED)
    assert get_encoding(name).decode(ENCODERS[name](text).decode("latin-1")) == text


@pytest.mark.parametrize("name", ["VNI", "CP1258", "VISCII", "VPS"])
def test_every_capital_survives_where_capitals_have_bytes(name):
    text = " ".join(MARKED.upper())
    assert get_encoding(name).decode(ENCODERS[name](text).decode("latin-1")) == text


@pytest.mark.parametrize(
    ("name", "written", "text"),
    [  # bytes from TCVN 5712-1, the VNI fonts and code page 1258
        ("TCVN3", b"\xa7\xad\xeang Nguy\xd4n Hu\xd6", "Đường Nguyễn Huệ"),
        ("VNI", b"\xd1\xf6\xf4\xf8ng Nguye\xe3n Hue\xe4", "Đường Nguyễn Huệ"),
        ("CP1258", b"\xd0\xfd\xf5\xccng Nguy\xea\xden Hu\xea\xf2", "Đường Nguyễn Huệ"),
        ("VNI", b"a\xfa \xee", "ẳ ỵ"),  # the two that published tables get wrong
        ("VISCII", b"\xd0\xdf\xb6ng Nguy\xadn Hu\xae \x06", "Đường Nguyễn Huệ Ẫ"),  # RFC 1456
        ("VPS", b"\xf1\xdc\xa9ng Nguy\xcdn Hu\x8c \x1c", "Đường Nguyễn Huệ Ẫ"),
        ("UTF-8", "Huệ".encode(), "Huệ"),
        ("UTF-8+UTF-8", "Huệ".encode().decode("cp1252", "ignore").encode(), "Huệ"),
        ("UTF-8+TCVN3", "§­êng HuÖ".encode(), "Đường Huệ"),
        ("UTF-8+VNI", "Ñöôøng Hueä".encode(), "Đường Huệ"),
        ("UTF-8+TCVN3", "nh\u03bc ng\u2219 \u2212".encode(), "nhà ngã ư"),  # lookalikes that Word puts in their place
        ("UTF-8", unicodedata.normalize("NFD", "Huệ").encode(), "Huệ"),  # decomposed text comes out composed
    ],
)
def test_known_bytes_read_as_known_text(name, written, text):
    assert get_encoding(name).decode(written.decode("latin-1")) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("QUẬN TÂN BÌNH", "QUẬN TÂN BÌNH"),
        ("TRẦN HÀ", "TRẦN HÀ"),  # the second word follows the first, which is certain
        ("Hà Nội", "Hà Nội"),
        ("Tạ Mỹ", "Tạ Mỹ"),  # T and M alone do not make a heading
        ("UBND xã", "UBND xã"),
    ],
)
def test_capitals_of_tcvn3_headings_are_restored_only_where_certain(text, read):
    assert tcvn3.decode(tcvn3.encode(text).decode("latin-1")) == read


@pytest.mark.parametrize(
    ("name", "surface"),
    [
        ("TCVN3", "\x80"),
        ("VNI", "x\xf9"),
        ("CP1258", "\xd2\x8a"),
        ("VPS", "\x91"),
        ("UTF-8", "\xe9t\xe9"),
        ("UTF-8+TCVN3", "\xe1\xbb\x87"),
        ("UTF-8+UTF-8", "\xc3\xa9"),
    ],
)
def test_bytes_an_encoding_does_not_have_are_refused(name, surface):
    with pytest.raises(ValueError, match=r"byte|decode|of Unicode"):
        get_encoding(name).decode(surface)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ANSI 1252", "CP1252"),
        ("1258", "CP1258"),
        ("windows-1258", "CP1258"),
        ("65001", "UTF-8"),
        ("utf8", "UTF-8"),
        ("88591", "ISO-8859-1"),
        ("OEM 437", "CP437"),
        ("TCVN5712-1", "TCVN3"),
        ("abc", "TCVN3"),
        ("VNI-Windows", "VNI"),
        ("viscii", "VISCII"),
        ("VPS", "VPS"),
        ("utf8+tcvn3", "UTF-8+TCVN3"),
        ("UTF-8 + UTF-8", "UTF-8+UTF-8"),
        ("VNI+TCVN3", None),
        ("UTF-8+UTF-8+UTF-8", None),
        ("UTF-8+", None),
        ("rot13", None),
        ("hex", None),
        ("klingon", None),
    ],
)
def test_names_of_encodings_are_known_as_files_and_people_write_them(said, name):
    assert find_name(said) == name


def test_an_unknown_encoding_is_refused_by_name():
    with pytest.raises(InvalidParameter, match=r"'klingon' is not known; among those that are: UTF-8, TCVN3"):
        get_encoding("klingon")


def test_a_letter_that_cannot_be_written_is_refused():
    for encode in ENCODERS.values():
        with pytest.raises(ValueError, match=r"cannot be written|can't encode"):
            encode("中")


SYLLABLES = "Đường Nguyễn Huệ quận phường Bình Thạnh giếng gì gìn quốc quỳnh khuya nghiêng yến ước thuở xoong NƯỚC"
OTHERS = "Müller café été Ñandú straße zoé Gießen vâtt ngá̀ cam̃p bêch"


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_vietnamese_syllables_are_told(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", OTHERS.split())
def test_other_words_are_no_syllables(word):
    assert not is_syllable(word)


@pytest.mark.parametrize("table", [viscii.TABLE, vps.TABLE])
def test_a_table_has_each_of_the_134_letters_once(table):
    assert sorted(table.letters.values()) == sorted(MARKED + MARKED.upper())
    assert len(table.bytes) == 134


@pytest.mark.parametrize("word", ["huệ", "Huệ", "HUỆ", "Đ", "đ"])
def test_capitals_at_the_start_or_throughout_are_likely(word):
    assert has_likely_case(word)


@pytest.mark.parametrize("word", ["HuỆ", "huỆ", "hUệ"])
def test_capitals_scattered_through_a_word_are_not(word):
    assert not has_likely_case(word)


def test_common_syllables_are_syllables():
    assert [word for word in COMMON if not is_syllable(word) and not word.endswith("ắk")] == []
    assert [word for word in COMMON if word.isascii() or word != unicodedata.normalize("NFC", word.lower())] == []


def test_letters_beyond_any_byte_show_that_text_is_unicode_already():
    assert to_surface("§ Œ “ \u03bc") == "\xa7 \x8c \x93 \xb5"
    with pytest.raises(NotSurfaceError, match="'ễ' is a letter of Unicode"):
        to_surface("Nguyễn")
