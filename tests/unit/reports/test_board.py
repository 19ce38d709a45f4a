"""Periods, and the parts of the board and its report that need no database."""

import datetime

import pytest
from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.reports.board.periods import CITY_TIME, Period, find_span, list_periods, parse_period
from gis_infra.reports.board.report import show_change
from gis_infra.reports.board.sections import count_targets, judge
from gis_infra.reports.board.words import BOARD_WORDS
from gis_infra.reports.charts.stacks import (
    LEFT_PX,
    WIDE_BARS_PX,
    Stack,
    StackClass,
    Stacks,
    choose_ink,
    render_stacks,
)
from gis_infra.reports.numbers import show_length

SVG = "{http://www.w3.org/2000/svg}"
TODAY = datetime.date(2026, 11, 23)
NASTY = "<script>alert(1)</script>&"


@pytest.mark.parametrize(
    ("text", "kind", "first", "next_first"),
    [
        ("2026-10", "month", "2026-10-01", "2026-11-01"),
        ("2025-12", "month", "2025-12-01", "2026-01-01"),
        ("2026-H1", "half_year", "2026-01-01", "2026-07-01"),
        ("2026-H2", "half_year", "2026-07-01", "2027-01-01"),
        ("2025", "year", "2025-01-01", "2026-01-01"),
        ("2026-11", "month", "2026-11-01", "2026-12-01"),  # it goes on
    ],
)
def test_a_period_is_read_as_it_is_written(text, kind, first, next_first):
    period = parse_period(text, TODAY)
    assert (period.kind, str(period.first), str(period.next_first), period.code) == (kind, first, next_first, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must be a month"),
        ("2026-13", "must be a month"),
        ("2026-00", "must be a month"),
        ("2026-H3", "must be a month"),
        ("26-10", "must be a month"),
        ("2026-10-01", "must be a month"),
        ("٢٠٢٦", "must be a month"),
        ("0000", "must be a month"),
        ("2026-12", "has not begun"),
        ("9999-12", "has not begun"),
        ("2027", "has not begun"),
    ],
)
def test_what_is_no_period_or_has_not_begun_is_refused(text, words):
    with pytest.raises(InvalidParameter, match=words):
        parse_period(text, TODAY)


def test_periods_offered_can_all_be_asked_for_and_have_names():
    offered = list_periods(TODAY)
    assert [each.code for each in offered if each.kind != "month"] == [
        "2026-H2", "2026-H1", "2025-H2", "2025-H1", "2024-H2", "2026", "2025", "2024", "2023",
    ]  # fmt: skip
    assert [each.code for each in offered][:2] == ["2026-11", "2026-10"]
    assert [parse_period(each.code, TODAY) for each in offered] == list(offered)
    assert offered[1].title == {"vi": "tháng 10/2026", "en": "10/2026"}


def test_a_period_begins_and_ends_at_midnight_in_the_city_and_one_that_goes_on_ends_now():
    now = datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC)
    over = find_span(Period("month", datetime.date(2026, 10, 1)), now)
    assert [each.isoformat() for each in over] == ["2026-10-01T00:00:00+07:00", "2026-11-01T00:00:00+07:00"]
    assert find_span(Period("year", datetime.date(2026, 1, 1)), now)[1] == now
    assert over[0].tzinfo == CITY_TIME


@pytest.mark.parametrize(
    ("answers", "meets"),
    [
        ([], None),
        (["met"], True),
        (["met", "missed"], False),
        (["met", "not_known"], None),
        (["missed", "not_known"], False),
    ],
)
def test_a_run_meets_its_targets_if_it_meets_all(answers, meets):
    assert judge(answers) is meets


def test_services_that_nobody_can_judge_are_not_counted():
    runs = [{"meets": True}, {"meets": False}, {"meets": None}, None]
    assert count_targets([{"run": run} for run in runs]) == {"met": 1, "known": 2, "unknown": 1}


@pytest.mark.parametrize(
    ("shown", "value", "told"),
    [("+", 0, "0"), ("3 km", 3, "+3 km"), ("-3 km", -3, "\u22123 km"), ("–", 0.0, "–"), ("–", 5, "–")],
)
def test_a_change_has_its_sign(shown, value, told):
    assert show_change(shown, value) == told


@pytest.mark.parametrize(
    ("length_m", "vi", "en"),
    [(None, "–", "–"), (0, "0 m", "0 m"), (999, "999 m", "999 m"), (1000, "1,0 km", "1.0 km"),
     (1_234_567, "1.234,6 km", "1,234.6 km"), (-2500, "-2,5 km", "-2.5 km")],
)  # fmt: skip
def test_a_length_is_told_in_the_unit_that_suits_it(length_m, vi, en):
    assert (show_length(length_m, "vi"), show_length(length_m, "en")) == (vi, en)


def test_every_word_is_there_in_both_languages():
    assert all(title.vi and title.en for title in BOARD_WORDS.values())


CLASSES = (StackClass("Old", "#0a3f7d"), StackClass(NASTY, "#d6e6f4"), StackClass("Never", "#b8452f"))


def draw(*stacks):
    return etree.fromstring(render_stacks(Stacks(CLASSES, tuple(Stack(NASTY, each) for each in stacks), NASTY), "en"))


def list_pieces(svg):
    return [(float(each.get("x")), float(each.get("width")), each.find(f"{SVG}title").text)
            for each in svg.iter(f"{SVG}rect") if each.find(f"{SVG}title") is not None]  # fmt: skip


def test_the_pieces_of_a_bar_are_as_wide_as_their_shares_and_lie_end_to_end():
    pieces = list_pieces(draw((3.0, 1.0, 0.0)))
    assert [text for _, _, text in pieces] == ["Old: 75.0 %", f"{NASTY}: 25.0 %"]
    assert [(x, wide) for x, wide, _ in pieces] == [
        (LEFT_PX, pytest.approx(WIDE_BARS_PX * 0.75, abs=0.1)),
        (pytest.approx(LEFT_PX + WIDE_BARS_PX * 0.75, abs=0.1), pytest.approx(WIDE_BARS_PX * 0.25, abs=0.1)),
    ]


def test_classes_that_do_not_occur_are_not_in_the_legend_and_bars_of_nothing_are_not_drawn():
    svg = draw((3.0, 1.0, 0.0), (0.0, 0.0, 0.0))
    texts = [each.text for each in svg.iter(f"{SVG}text")]
    assert "Old" in texts and NASTY in texts and "Never" not in texts
    assert len(list_pieces(svg)) == 2 and not list(svg.iter(f"{SVG}script"))


def test_a_share_is_written_in_the_ink_that_is_read_on_its_colour():
    assert choose_ink("#0a3f7d") == "#ffffff" and choose_ink("#d6e6f4") == "#1b1b1b"
