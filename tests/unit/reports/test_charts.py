"""Charts for paper: bars where they belong, and texts that are only texts."""

import pytest
from lxml import etree

from gis_infra.reports.charts.bars import MOST, Bar, Bars, render_bars
from gis_infra.reports.charts.canvas import WIDE_PX, fit, list_ticks, measure
from gis_infra.reports.charts.histogram import HIGH_BARS_PX, DistanceClass, Histogram, render_histogram

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>alert(1)</script>&"
CLASSES = tuple(
    DistanceClass(least, most, count)
    for least, most, count in [(0, 100, 30.0), (100, 200, 10.0), (200, 300, 0.0), (300, None, 5.0)]
)


def read_bars(svg):
    return [{name: each.get(name) for name in ("x", "width", "height", "fill")} for each in svg.iter(f"{SVG}rect")]


def read_texts(svg):
    return [each.text for each in svg.iter(f"{SVG}text")]


def draw_histogram(limit=150.0, language="en"):
    return etree.fromstring(render_histogram(Histogram(CLASSES, limit, "m", "People", NASTY), language))


def test_bars_of_a_histogram_are_as_high_as_their_counts():
    heights = [float(each["height"]) for each in read_bars(draw_histogram())]
    # The scale ends at 30, the largest count.
    assert heights == pytest.approx([HIGH_BARS_PX, HIGH_BARS_PX / 3, 0, HIGH_BARS_PX / 6], abs=0.1)


def test_classes_within_the_limit_are_darker_and_the_limit_stands_in_proportion():
    svg = draw_histogram(limit=150.0)
    fills = [each["fill"] for each in read_bars(svg)]
    assert fills[0] != fills[1] == fills[2] == fills[3]
    line = next(each.get("d") for each in svg.iter(f"{SVG}path") if each.get("stroke-dasharray"))
    x = float(line[1:].split(" ")[0])
    first, second, third = (float(each["x"]) - 1 for each in read_bars(svg)[:3])
    assert x == pytest.approx((second + third) / 2, abs=0.2) and second - first == pytest.approx(
        third - second, abs=0.2
    )


@pytest.mark.parametrize("limit", [None, 10_000.0])
def test_a_limit_that_is_not_there_or_beyond_the_classes_is_not_drawn(limit):
    assert [each for each in draw_histogram(limit).iter(f"{SVG}path") if each.get("stroke-dasharray")] == []


def test_a_title_is_a_text_and_nothing_more():
    svg = draw_histogram()
    assert svg.find(f"{SVG}title").text == NASTY and not list(svg.iter(f"{SVG}script"))


def make_bars(count):
    return tuple(Bar(f"{NASTY}{at}", at / count, f"{at}", misses=at < 2) for at in range(count))


def test_a_unit_that_misses_its_target_has_another_colour():
    svg = etree.fromstring(render_bars(Bars(make_bars(4), ((0.5, "50 %"),), "t", 1.0)))
    fills = [each["fill"] for each in read_bars(svg)]
    assert fills[0] == fills[1] != fills[2] == fills[3] and "50 %" in read_texts(svg)


def test_no_value_runs_off_the_paper():
    shown = "12.345,6 km, 100,0 %"
    svg = etree.fromstring(render_bars(Bars((Bar("HDPE", 1.0, shown), Bar("B", 0.5, "x")), (), "t")))
    (place,) = [float(each.get("x")) for each in svg.iter(f"{SVG}text") if each.text == shown]
    assert place + measure(shown) <= WIDE_PX


def test_a_value_that_is_not_known_has_no_bar_and_says_so():
    svg = etree.fromstring(render_bars(Bars((Bar("A", None, "–"), Bar("B", 3.0, "3")), (), "t")))
    assert [float(each["width"]) > 0 for each in read_bars(svg)] == [False, True] and "–" in read_texts(svg)


def test_no_more_bars_are_drawn_than_can_be_read_and_none_leaves_the_paper():
    svg = etree.fromstring(render_bars(Bars(make_bars(200), ((7.0, "7"),), "t")))
    bars = read_bars(svg)
    assert len(bars) == MOST and all(float(each["x"]) + float(each["width"]) < WIDE_PX for each in bars)


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0.0, [0, 1]), (30.0, [0, 10, 20, 30]), (0.7, [0, 0.2, 0.4, 0.6, 0.8]), (1_100, [0, 250, 500, 750, 1000, 1250])],
)
def test_scales_have_round_numbers(largest, ticks):
    assert list_ticks(largest) == pytest.approx(ticks)


def test_a_long_name_is_cut_with_dots():
    assert fit("Phường Nguyễn Cư Trinh", 60) == "Phường Ng…" and fit("Một", 60) == "Một"
