"""The printed report: what it says of a run, in both languages, and that nothing in it runs or fetches."""

import pytest
from lxml import html

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.reports.coverage.report import MOST_ROWS, render_coverage_report
from gis_infra.settings import ROOT
from tests.coverage_found import collect, make_figures, make_found

NASTY = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(ROOT / "layers")


@pytest.fixture
def render(catalogue):
    """Render a made run and read the page."""
    return lambda found=None, language="en", series=(): html.fromstring(
        render_coverage_report(found or make_found(), series, catalogue, 9210, language)
    )


SAID = {
    "vi": ("Trụ nước chữa cháy", "Theo đường đi", "81,2 %", "Không đạt", "nửa đầu năm 2026", "Ngoài mọi đơn vị",
           "chưa đối chiếu", "2 cơ sở vẽ thêm", "Điểm xa đường"),
    "en": ("Fire hydrants", "Along streets", "81.2 %", "Missed", "first half of 2026", "In no unit", "not verified",
           "2 facilities drawn", "Places far from streets"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_tells_result_method_parameters_data_and_sources(render, language):
    text = render(language=language).text_content()
    both = ("Bến Nghé", "TCVN 2622:1995 <quoted>", "QĐ 861/QĐ-BXD", "gis-infra coverage repeat 17", '"join_m": 0.5')
    assert [each for each in (*SAID[language], *both) if each not in text] == []


def test_a_report_has_two_maps_and_two_charts_each_with_a_title(render):
    drawn = [each for each in render().iter("svg") if each.get("role") == "img"]
    assert len(drawn) == 4 and all(each.find("title").text for each in drawn)


def test_a_report_fetches_and_runs_nothing(render):
    found = make_found()
    found["units"]["features"][0]["properties"]["name"] = NASTY
    found["run"]["title"] = NASTY
    page = render(found)
    assert not list(page.iter("script", "link", "img", "iframe")) and NASTY in page.text_content()
    assert not [each for each in page.iter() if any(name in each.attrib for name in ("src", "onload", "onclick"))]


def test_what_has_no_people_is_not_told_as_people(render):
    found = make_found(main_share="places_share")
    for each in [found["city"], *(unit["properties"] for unit in found["units"]["features"])]:
        each["targets"] = []
    text = render(found).text_content()
    assert "Share of places served" in text and "This service has no target." in text
    assert "Share of people" not in text and "in all 4,501 places" in text and "People newly served" not in text


def test_long_lists_are_cut_and_say_so(render):
    found = make_found()
    found["facilities"]["numberMatched"] = 10_000
    text = render(found).text_content()
    assert f"{MOST_ROWS} of 10,000 shown" in text
    assert "TCC-24" in text and "TCC-25" not in text  # the most people first


def test_a_run_that_found_nothing_is_told_as_that(render):
    nothing = make_figures(0.0, None, scope="city", classes=[], distance_mean=None)
    empty = collect([], bound=None, share_of_bound=None)
    found = make_found(city=nothing, units=empty, gaps=empty, facilities=empty, sites=empty, reach=None)
    text = render(found).text_content()
    assert "There is no gap." in text and "Not known" in text and "Where next" not in text


def test_the_series_is_shown_with_the_run_in_it(render):
    entry = {
        "id": 17, "period": "month", "period_title": {"vi": "tháng 6/2026", "en": "6/2026"}, "day": "2026-06-30",
        "city": make_figures(45012.0, 0.8123),
    }  # fmt: skip
    older = {**entry, "id": 3, "period_title": {"vi": "tháng 5/2026", "en": "5/2026"}, "day": "2026-05-31"}
    page = render(series=[entry, older])
    assert "The series" in page.text_content() and "31/05/2026" in page.text_content()
    assert "The series" not in render(series=[entry]).text_content()


def test_minutes_are_told_as_minutes(render):
    found = make_found()
    found["run"]["distance"] = {"value": 8.0, "unit": "min"}
    assert "8.0 min" in render(found).text_content()
