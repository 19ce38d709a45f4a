"""How names of columns are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue.names import fold_alias

LETTERS = "aáàảãạăắằẳẵặâấầẩẫậđeéèẻẽẹêếềểễệiíìỉĩịoóòỏõọôốồổỗộơớờởỡợuúùủũụưứừửữựyýỳỷỹỵ"
PLAIN = "a" * 18 + "d" + "e" * 12 + "i" * 6 + "o" * 18 + "u" * 12 + "y" * 6
TABLE = dict(zip(LETTERS, PLAIN, strict=True))


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Đường kính", "duong_kinh"),
        ("DUONG_KINH", "duong_kinh"),
        ("duong-kinh (mm)", "duong_kinh_mm"),
        ("  Vật liệu ", "vat_lieu"),
        ("_TS__", "ts"),
        ("***", ""),
    ],
)
def test_case_marks_and_separators_do_not_count(name, folded):
    assert fold_alias(name) == folded


@given(st.text(LETTERS, max_size=20))
def test_vietnamese_letters_lose_their_marks_composed_or_not(word):
    plain = "".join(TABLE[letter] for letter in word)
    assert fold_alias(word) == plain == fold_alias(unicodedata.normalize("NFD", word)) == fold_alias(word.upper())
