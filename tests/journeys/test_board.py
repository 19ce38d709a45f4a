"""A planner's ways through the board: the city at a glance, into the map and back, the report, the cameras."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, SCREENSHOTS
from tests.journeys.test_pages import expect_true, find_faults, show

LAPTOP = (1280, 800)
WORDS = {
    "vi": {
        "board": "Tổng quan", "title": "Tổng quan hạ tầng", "sector": "Cấp nước", "pipe": "Ống cấp nước",
        "conflicts": "Xung đột đang mở", "hydrants": "Trụ nước chữa cháy", "open": "Mở báo cáo", "numbers": "Bảng số",
        "so_far": "(đến nay)", "report": "Báo cáo hạ tầng", "still": "Kỳ chưa kết thúc", "length": "2,3 km",
        "cameras": "Camera công cộng", "none": "Chưa có camera nào",
    },
    "en": {
        "board": "Overview", "title": "The city at a glance", "sector": "Water supply", "pipe": "Water pipe",
        "conflicts": "Open conflicts", "hydrants": "Fire hydrants", "open": "Open the report", "numbers": "The numbers",
        "so_far": "(so far)", "report": "Report on infrastructure", "still": "has not ended", "length": "2.3 km",
        "cameras": "Public cameras", "none": "There is no camera",
    },
}  # fmt: skip


def shoot(page, name):
    """Keep a picture of the whole page for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"board_{name}.png", full_page=True)


@pytest.mark.parametrize("language", WORDS)
def test_a_planner_sees_the_city_at_a_glance_and_goes_to_what_needs_them(visit, signed_in, language):
    words = WORDS[language]
    session = visit(LAPTOP, state=signed_in)
    page = session.open(f"#lang={language}")
    page.get_by_role("link", name=words["board"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    shoot(page, language)

    page.locator("table").get_by_role("link", name=words["sector"], exact=True).first.click()
    section = page.get_by_role("region", name=words["sector"]).first
    expect(section.get_by_text(words["length"]).first).to_be_visible()
    section.get_by_text(words["numbers"]).first.click()

    section.get_by_role("link", name=words["pipe"], exact=True).click()
    session.wait()
    session.expect_drawn(water_pipe=5)
    page.go_back()

    page.get_by_role("link", name=words["conflicts"], exact=True).click()
    session.wait()
    expect(page.locator("#tool-register")).to_have_attribute("aria-pressed", "true")
    page.go_back()

    page.get_by_role("link", name=words["hydrants"], exact=True).last.click()
    session.wait()
    expect(page.locator("#tool-coverage")).to_have_attribute("aria-pressed", "true")
    assert "service=fire_hydrant" in page.url


@pytest.mark.parametrize("language", WORDS)
def test_a_planner_opens_the_report_of_a_period_with_keys_alone(visit, signed_in, language):
    words = WORDS[language]
    page = show(visit(LAPTOP, state=signed_in), f"/dashboard?lang={language}")
    page.locator("#of").focus()
    page.keyboard.press("ArrowUp")  # from the month that ended last to the one that goes on
    expect(page.locator("#of option:checked")).to_contain_text(words["so_far"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=words["open"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words["report"])
    expect(page.get_by_text(words["still"])).to_be_visible()
    shoot(page, f"report_{language}")


@pytest.mark.parametrize("language", WORDS)
def test_cameras_say_so_where_there_are_none(visit, signed_in, language):
    page = show(visit(LAPTOP, state=signed_in), f"/dashboard/cameras?lang={language}")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[language]["cameras"])
    expect(page.get_by_text(WORDS[language]["none"])).to_be_visible()


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/cameras", "/dashboard/report?of=2026"])
@pytest.mark.parametrize("language", WORDS)
def test_a_page_has_no_fault_that_axe_finds(visit, signed_in, path, language):
    join = "&" if "?" in path else "?"
    page = show(visit(DESKTOP, state=signed_in), f"{path}{join}lang={language}")
    assert find_faults(page) == []


def test_the_board_is_right_in_the_dark_and_on_a_phone(visit, signed_in):
    dark = show(visit(LAPTOP, dark=True, state=signed_in), "/dashboard?lang=vi")
    assert find_faults(dark) == []
    shoot(dark, "dark")
    phone = show(visit(PHONE, state=signed_in), "/dashboard?lang=vi")
    assert find_faults(phone) == []
    expect_true(phone, "document.documentElement.scrollWidth <= innerWidth")
    shoot(phone, "phone")


def test_the_board_needs_no_script(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/dashboard?lang=vi")
    expect(page.locator(".chart svg").first).to_be_visible()
    page.get_by_role("button", name="Mở báo cáo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Báo cáo hạ tầng")
    context.close()


PAPER = (690, 1000)  # an A4 page between its margins, in CSS pixels
CUT_OFF = """[...document.querySelectorAll("div, table")].filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.className)"""


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/cameras", "/dashboard/report?of=2026"])
def test_a_page_is_whole_on_paper(visit, signed_in, path):
    page = show(visit(PAPER, state=signed_in), path)
    page.emulate_media(media="print")
    assert page.evaluate(CUT_OFF) == []
    expect(page.get_by_text("Ctrl+P")).not_to_be_visible()


def test_the_report_fits_a_phone_and_says_how_to_print_and_to_go_back(visit, signed_in):
    page = show(visit(PHONE, state=signed_in), "/dashboard/report?of=2026&lang=vi")
    expect_true(page, "document.documentElement.scrollWidth <= innerWidth")
    assert find_faults(page) == []
    expect(page.get_by_text("Ctrl+P")).to_be_visible()
    page.get_by_role("link", name="Tổng quan hạ tầng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng quan hạ tầng")
