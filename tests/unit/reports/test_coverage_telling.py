"""What runs are called and assume, in words of both languages."""

import datetime
import re

import pytest

from gis_infra.reports.coverage.telling import name_count, name_method, name_period, tell_origin, tell_what_if
from gis_infra.settings import ROOT

TOLD = re.compile(r'^\s+"([a-z_]+)": (?:float|int|len)\(', re.MULTILINE)


@pytest.mark.parametrize(
    ("period", "first", "vi", "en"),
    [
        ("month", "2026-06-01", "tháng 6/2026", "6/2026"),
        ("half_year", "2026-01-01", "nửa đầu năm 2026", "first half of 2026"),
        ("half_year", "2025-07-01", "nửa cuối năm 2025", "second half of 2025"),
        ("year", "2025-01-01", "năm 2025", "2025"),
    ],
)
def test_a_period_is_called_by_its_first_day(period, first, vi, en):
    assert name_period(period, datetime.date.fromisoformat(first)) == {"vi": vi, "en": en}


def test_a_run_of_no_series_has_no_period():
    assert name_period(None, None) is None


def test_every_assumption_is_told_in_both_languages():
    assumed = {
        "drawn": [{"shape": "01"}, {"shape": "02"}], "layers": [{"layer": "fire_hydrant"}], "planned": True,
        "without": list(range(1, 13)), "closed": [9], "closing": "0102",
    }  # fmt: skip
    told = tell_what_if(assumed)
    assert len(told["vi"]) == len(told["en"]) == 6
    assert told["en"][0] == "facilities drawn: 2" and "fire_hydrant" in told["en"][1]
    assert told["en"][3] == "facilities counted out: 12 (id 1, 2, 3, 4, 5, 6, 7, 8, 9, 10…)"
    assert not any("01" in each for each in told["en"])  # no shape is written out


@pytest.mark.parametrize("nothing", [None, {}, {"drawn": [], "planned": False, "closing": None}])
def test_who_assumes_nothing_is_told_nothing(nothing):
    assert tell_what_if(nothing) == {"vi": [], "en": []}


def test_a_word_that_is_not_known_stands_for_itself():
    assert name_method("magic")["vi"] == "magic" and name_count("lost_socks")["en"] == "lost socks"


def test_everything_the_engine_counts_by_the_way_has_words():
    room = ROOT / "gis_infra/analysis/coverage"
    keys = {key for part in ("places", "methods") for each in (room / part).glob("*.py")
            for key in TOLD.findall(each.read_text(encoding="utf-8"))}  # fmt: skip
    assert keys and {key for key in keys if name_count(key)["vi"] == key.replace("_", " ")} == set()


@pytest.mark.parametrize(
    ("said", "vi", "en"),
    [
        (("from memory", "not seen", "none"), "theo trí nhớ; chưa xem văn bản", "from memory; text not seen"),
        (("from memory (2030)", "", "X 1:2015"), "theo trí nhớ (2030); X 1:2015", "from memory (2030); X 1:2015"),
        (("nonesuch street survey", "none", "none"), "nonesuch street survey", "nonesuch street survey"),
        (("none", "none", "none"), "", ""),
    ],
)
def test_an_origin_is_told_as_far_as_there_is_one(said, vi, en):
    origin = dict(zip(("source", "clause", "legal_basis"), said, strict=True))
    assert (tell_origin(origin, "vi"), tell_origin(origin, "en")) == (vi, en)
