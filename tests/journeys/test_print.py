"""A sheet of paper from the map: at a scale of plans, with title, legend, north and source, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, SCREENSHOTS, SLOWEST_MS, Session
from tests.journeys.scene import view
from tests.journeys.test_pages import expect_true, find_faults

MM_PER_POINT = 25.4 / 72
STAY = "window.print = () => window.dispatchEvent(new Event('printed-by-the-journey'))"


def print_sheet(session: Session) -> Page:
    """Press the button and wait for the sheet, which the print dialogue would show."""
    page = session.page
    page.evaluate(STAY)
    page.locator("#print-go").click()
    expect(page.locator(".sheet img")).to_be_attached(timeout=SLOWEST_MS * 6)
    expect(page.locator("#print-go")).to_be_enabled(timeout=SLOWEST_MS * 6)
    return page


@pytest.mark.parametrize(
    ("language", "paper", "size_mm", "words"),
    [
        ("vi", "a4-landscape", (297, 210), ("Tỷ lệ 1:2.000", "Chú giải", "Nguồn: Thành phố Hồ Chí Minh", "X 1.191.")),
        ("en", "a4-portrait", (210, 297), ("Scale 1:2,000", "Legend", "Source: Thành phố Hồ Chí Minh", "E 60")),
    ],
)
def test_a_sheet_has_its_size_scale_title_legend_north_and_source(visit, language, paper, size_mm, words):
    session = visit(DESKTOP)
    page = session.open(view(240, 240, 16) + f"&lang={language}")
    page.locator("#tool-print").click()
    page.locator("#print-title").fill("Khu phố <Bến Nghé> & quanh đó")
    page.locator("#print-paper").select_option(paper)
    page.locator("#print-scale").select_option("2000")
    session.wait()
    session.shoot(f"print_panel_{language}")
    sheet = print_sheet(session).locator(".sheet")
    for each in ("Khu phố <Bến Nghé> & quanh đó", *words):
        expect(sheet).to_contain_text(each)
    expect(sheet.locator(".sheet-north")).to_have_text("B" if language == "vi" else "N")
    # Of what is on and in the frame only: no power is in the legend, which the public does not see.
    expect(sheet.locator(".sheet-legend")).to_contain_text("Cống thoát nước" if language == "vi" else "Sewer")
    expect(sheet.locator(".sheet-legend")).not_to_contain_text("Trạm biến áp" if language == "vi" else "transformer")
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[([\d. ]+)\]", pdf)
    assert len(boxes) == 1, "one page, no more"
    assert [float(each) * MM_PER_POINT for each in boxes[0].split()[2:]] == pytest.approx(size_mm, abs=1)


@pytest.mark.parametrize("paper", ["a4-landscape", "a4-portrait", "a3-landscape", "a3-portrait"])
def test_the_sheet_is_to_be_looked_at(map_page, paper):
    page = map_page.open(view(240, 240, 16) + "&tool=print")
    page.locator("#print-paper").select_option(paper)
    print_sheet(map_page)
    page.emulate_media(media="print")
    expect(page.locator(".sheet")).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
    SCREENSHOTS.mkdir(exist_ok=True)
    page.locator(".sheet").screenshot(path=SCREENSHOTS / f"print_{paper}.png")


def test_the_picture_is_at_the_scale_that_is_told(map_page):
    page = map_page.open(view(240, 240, 17) + "&tool=print")
    page.locator("#print-scale").select_option("1000")
    print_sheet(map_page)
    page.emulate_media(media="print")
    frame, bar = page.locator(".sheet figure").bounding_box(), page.locator(".sheet-bar").bounding_box()
    assert frame is not None and bar is not None
    # 216 mm of paper at 96 pixels to the inch; a bar of 20 m at 1:1,000 is 20 mm.
    assert frame["width"] == pytest.approx(216 / 25.4 * 96, abs=0.5)
    expect(page.locator(".sheet-bar")).to_contain_text("20 m")
    assert bar["width"] == pytest.approx(20 / 25.4 * 96, abs=0.5)
    expect_true(page, "Math.abs(document.querySelector('.sheet img').naturalWidth - 3 * 816) <= 3")


def test_after_printing_the_screen_is_as_it_was(map_page):
    page = map_page.open(view(240, 240, 17) + "&tool=print")
    print_sheet(map_page)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".sheet")).to_have_count(0)
    expect(page.locator(".print-stage")).to_have_count(0)
    expect(page.locator("#map")).to_be_visible()
    page.keyboard.press("Escape")
    drawn = "window.gisInfraMap.queryRenderedFeatures().filter((each) => each.source === 'frame').length"
    map_page.wait()
    expect_true(page, f"{drawn} === 0")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_form_has_no_fault_and_paper_is_white_in_the_dark_too(visit, dark):
    session = visit(PHONE, dark=dark)
    page = session.open(view(240, 240, 16) + "&tool=print")
    assert find_faults(page) == []
    session.shoot(f"print_phone_{'dark' if dark else 'light'}")
    print_sheet(session)
    page.emulate_media(media="print", color_scheme="dark" if dark else "light")
    ground = "getComputedStyle(document.body).backgroundColor"
    expect_true(page, f"{ground} === 'rgb(255, 255, 255)'")
