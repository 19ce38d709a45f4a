"""What words are worth as evidence."""

import pytest

from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.scoring import (
    BEGINNING_POINTS,
    COMMON_POINTS,
    NOISE_POINTS,
    SHORTHAND_POINTS,
    SIGN_POINTS,
    SYLLABLE_POINTS,
    WORD_POINTS,
    rate,
    score,
)


@pytest.mark.parametrize(
    ("word", "points"),
    [
        ("đường", COMMON_POINTS),
        ("ĐƯỜNG", COMMON_POINTS),
        ("“Huệ”", COMMON_POINTS),
        ("Nguyễn\xa0Huệ", COMMON_POINTS),
        ("khuỵu", SYLLABLE_POINTS),
        ("TĐ", SHORTHAND_POINTS),
        ("Nguyễ", BEGINNING_POINTS),
        ("m²", SIGN_POINTS),
        ("Huệ’s", SIGN_POINTS),
        ("Müller", WORD_POINTS),
        ("Улица", WORD_POINTS),
        ("中山路", WORD_POINTS),
        ("マンホール", WORD_POINTS),
        ("น้ำ", WORD_POINTS),
        ("ĐưỜng", NOISE_POINTS),
        ("аng", NOISE_POINTS),  # a Cyrillic а before Latin letters
        ("Ã©", NOISE_POINTS),
        ("nhµ", SIGN_POINTS),
        ("b\u0301nh", NOISE_POINTS),
        ("L\x02", NOISE_POINTS),
        ("ñöôøng", NOISE_POINTS),  # VNI taken for Western letters
        ("", NOISE_POINTS),
    ],
)
def test_a_word_is_worth_what_it_looks_like(word, points):
    assert rate(word) == points


def test_words_of_other_languages_count_only_where_they_are_to_be_expected():
    words = ("M\xfcller", "stra\xdfe")
    assert score(words, get_encoding("CP1252"), is_of_any_language=True).points == 2 * WORD_POINTS
    assert score(words, get_encoding("CP1258")).points == 2 * NOISE_POINTS


def test_a_short_word_says_less_than_a_long_one():
    by_tcvn3 = [score((word,), get_encoding("TCVN3")).points for word in ("\xff", "a\xff", "ab\xff")]
    assert by_tcvn3 == [0.3 * NOISE_POINTS, 0.5 * NOISE_POINTS, NOISE_POINTS]


def test_the_share_is_of_words_that_are_syllables():
    found = score(("nh\xb5", "b\xe9", "\xff\xff\xff"), get_encoding("TCVN3"))
    assert (found.share, found.readings) == (pytest.approx(2 / 3), ("nhà", "bộ", ""))
