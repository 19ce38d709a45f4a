"""The search box: codes, streets, wards, addresses and coordinates in one place, by keyboard too, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.scene import ORIGIN, lonlat, view
from tests.journeys.test_pages import expect_true, find_faults

COUNT_FOUND = "window.gisInfraMap.queryRenderedFeatures().filter((each) => each.source === 'found').length"


def look_for(page: Page, text: str) -> None:
    """Type something into the box and wait for what is found."""
    page.locator("#search").fill(text)
    expect(page.locator(".search-list, .search-said").locator("visible=true")).not_to_have_count(0)


def get_center(page: Page) -> tuple[float, float]:
    """Where the map is centred, longitude and latitude."""
    longitude, latitude = page.evaluate("window.gisInfraMap.getCenter().toArray()")
    return longitude, latitude


@pytest.mark.parametrize(("language", "streets", "assets"), [("vi", "Đường", "Tài sản"), ("en", "Streets", "Assets")])
def test_a_street_typed_without_marks_is_found_gone_to_and_marked(visit, signed_in, language, streets, assets):
    session = visit(DESKTOP, state=signed_in)
    page = session.open(view(-400, -400, 15) + f"&lang={language}")
    look_for(page, "vo thi sau")
    kinds = page.locator(".search-kind")
    expect(kinds).to_have_text([streets])
    expect(page.get_by_role("option")).to_contain_text(["Đường Võ Thị Sáu"])
    expect(page.get_by_role("option").first).to_contain_text("Phường Bến Nghé")
    session.shoot(f"find_street_{language}")
    page.get_by_role("option").first.click()
    session.wait()
    assert get_center(page) == pytest.approx(lonlat(240, 480), abs=2e-4)
    expect_true(page, f"{COUNT_FOUND} > 0")
    look_for(page, "cn-00")
    expect(kinds).to_have_text([assets])
    expect(page.get_by_role("option")).to_have_count(5)


def test_the_keyboard_alone_finds_a_pipe_and_the_address_keeps_it(visit, signed_in):
    session = visit(DESKTOP, state=signed_in)
    page = session.open(view(240, 240, 15))
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("CN-00", delay=5)
    expect(page.get_by_role("option")).to_have_count(5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("CN-002")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "search-1"
    page.keyboard.press("Enter")
    expect(page.locator(".search-list")).to_be_hidden()
    expect(page.locator("#search")).to_have_value("CN-002")
    session.wait()
    assert get_center(page) == pytest.approx(lonlat(240, 123), abs=2e-4)
    assert re.search(r"&found=water_pipe\.\d+", page.url)
    page.reload()
    session.wait()
    expect_true(page, f"{COUNT_FOUND} > 0")
    page.locator("#search").focus()
    page.keyboard.press("Escape")
    expect_true(page, f"{COUNT_FOUND} === 0")
    assert "found=" not in page.url


def test_a_link_to_what_was_found_goes_there_by_itself(planner_page):
    page = planner_page.open()
    look_for(page, "TCC-3")
    page.keyboard.press("Enter")
    planner_page.wait()
    found = re.search(r"found=fire_hydrant\.\d+", page.url)
    assert found
    page = planner_page.open(f"#{found[0]}")
    expect_true(page, f"{COUNT_FOUND} > 0")
    planner_page.wait()
    expect_true(page, "window.gisInfraMap.getZoom() > 17")


@pytest.mark.parametrize("text", ["{y:.2f} {x:.2f}", "X={y:.2f}; Y={x:.2f}", "{lat:.7f}, {lon:.7f}"])
def test_coordinates_in_either_system_are_gone_to(map_page, text):
    page = map_page.open()
    x, y = ORIGIN[0] + 200, ORIGIN[1] + 100
    lon, lat = lonlat(200, 100)
    look_for(page, text.format(x=x, y=y, lon=lon, lat=lat))
    expect(page.locator(".search-kind")).to_have_text(["Tọa độ"])
    page.keyboard.press("Enter")
    map_page.wait()
    assert get_center(page) == pytest.approx((lon, lat), abs=1e-6)
    expect_true(page, f"{COUNT_FOUND} > 0")


def test_a_layer_that_is_off_is_switched_on_for_what_was_found_in_it(map_page):
    page = map_page.open(view(240, 240, 15) + "&off=tree")
    look_for(page, "CX-100")
    page.keyboard.press("Enter")
    expect(page.locator("#layer-tree")).to_be_checked()


def test_nothing_found_says_so_and_what_to_try(map_page):
    page = map_page.open()
    look_for(page, "không có đâu")
    expect(page.locator(".search-said")).to_contain_text("Không tìm thấy “không có đâu”")


def test_the_public_does_not_find_what_is_shared(map_page):
    page = map_page.open()
    look_for(page, "CN-001")
    expect(page.locator(".search-said")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_the_list_fits_the_screen(visit, dark):
    session = visit(PHONE, dark=dark)
    page = session.open()
    look_for(page, "duong")
    box = page.locator(".search-list").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0]
    assert find_faults(page) == []
    session.shoot(f"find_phone_{'dark' if dark else 'light'}")
    page.get_by_role("option").first.click()
    expect_true(page, f"{COUNT_FOUND} > 0")
