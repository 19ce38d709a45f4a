"""Planned works: drawn, checked at once, and told whose assets are in the way."""

import json

from playwright.sync_api import expect

from tests.journeys.conftest import FRAME_MS
from tests.journeys.scene import lonlat, view

MIDDLE = 240.0  # the third street, metres north of the corner of the quarter


def draw(session, button, *places):
    """Press the button that begins a shape, click its places, and end it with Enter."""
    page = session.page
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name=button)).to_have_attribute("aria-pressed", "true")
    for place in places:
        session.click_map(*lonlat(*place))
        page.wait_for_timeout(FRAME_MS)
    page.keyboard.press("Enter")
    expect(page.locator(".panel .note").first).to_be_visible()


def test_a_drawn_trench_meets_the_assets_it_crosses_and_names_their_owners(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(planner_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".panel dt")).to_contain_text(["Sawaco"])
    owners = set(page.locator(".panel dl dt").all_inner_texts())
    assert owners >= {"Sawaco", "EVNHCMC", "VNPT", "Trung tâm Thoát nước"}
    codes = " ".join(page.locator(".conflict .asset").all_inner_texts())
    assert all(code in codes for code in ("CN-003", "CAP-003", "VT-003", "TN-003"))
    planner_page.shoot("works_vi")


def test_the_public_learns_of_public_assets_only(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(map_page, "Draw a line", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".panel dl dt")).to_contain_text(["Trung tâm Thoát nước"])
    assert "CN-003" not in page.locator(".panel").inner_text()
    expect(page.locator(".panel")).to_contain_text("public assets only")
    map_page.shoot("works_public_en")


def test_what_the_form_says_is_checked_anew(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(map_page, "Vẽ vùng", (55, MIDDLE - 8), (65, MIDDLE - 8), (65, MIDDLE + 8), (55, MIDDLE + 8))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Độ sâu đào").fill("0.6")
    with page.expect_request("**/analysis/works-check") as asked:
        page.get_by_label("Cách thi công").select_option("trenchless")
    works = json.loads(asked.value.post_data or "")
    assert works["geometry"]["type"] == "Polygon"
    assert works["properties"] == {"buffer_m": 1, "depth_m": 0.6, "method": "trenchless"}


def test_a_refusal_is_shown_in_the_servers_words(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Bắt đầu").fill("2026-12-10")
    page.get_by_label("Kết thúc").fill("2026-12-01")
    page.keyboard.press("Tab")
    expect(page.locator(".note.error")).to_contain_text("ends_on 2026-12-01 is before starts_on 2026-12-10")
    map_page.complaints.clear()  # the browser notes the refusal itself, as it should


def test_a_depth_out_of_range_is_told_in_the_readers_words(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Độ sâu đào").fill("999")
    page.keyboard.press("Tab")
    expect(page.locator(".note.error")).to_have_text("Phạm vi và độ sâu chỉ được từ 0 đến 50 m.")
    page.get_by_label("Độ sâu đào").fill("2")
    page.keyboard.press("Tab")
    expect(page.locator(".conflict").first).to_be_visible()


def test_escape_gives_up_the_drawing_and_keeps_the_tool(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    page.get_by_role("button", name="Vẽ tuyến").click()
    expect(page.locator(".panel .note")).to_contain_text("Bấm từng điểm")
    map_page.click_map(*lonlat(60, MIDDLE))
    page.keyboard.press("Escape")
    expect(page.locator(".panel .note")).to_contain_text("Vẽ tuyến hoặc vùng đào")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_clicking_an_asset_of_the_list_shows_it_on_the_map(map_page):
    page = map_page.open(view(60, MIDDLE, 18) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    page.locator(".conflict").first.click()
    expect(page.locator('.conflict[aria-pressed="true"]')).to_have_count(1)
    map_page.expect_drawn(highlight=1)
