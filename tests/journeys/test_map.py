"""The map itself: it opens, shows what one may see, and answers what lies under the pointer."""

import re

import pytest
from playwright.sync_api import expect

from gis_infra.web.app import create_app
from tests.journeys.conftest import PHONE, serve
from tests.journeys.scene import lonlat, view


def test_the_map_opens_on_the_data_and_draws_it(map_page):
    page = map_page.open()
    map_page.expect_drawn(road_segment=10, building=16 * 15, sewer_pipe=5, fire_hydrant=5)
    expect(page).to_have_title(re.compile("Hạ tầng đô thị"))
    expect(page.locator("#layer-sewer_pipe")).to_be_checked()
    map_page.shoot("map_vi_desktop")


def test_street_names_keep_their_vietnamese_letters(map_page):
    map_page.open(view(240, 362, 17.5))
    names = map_page.page.evaluate(
        "window.gisInfraMap.queryRenderedFeatures({layers: ['road_segment-name']}).map((f) => f.properties.name)"
    )
    assert "Đường Ỷ Lan" in names
    map_page.shoot("street_names")


def test_a_layer_is_switched_off_and_on_again(map_page):
    page = map_page.open()
    page.locator("#layer-manhole").uncheck()
    map_page.expect_drawn(manhole=0)
    assert "off=manhole" in page.url
    page.locator("#layer-manhole").check()
    map_page.expect_drawn(manhole=55)
    assert "off=" not in page.url


def test_a_sector_is_switched_as_one(map_page):
    page = map_page.open()
    page.get_by_label("Bật tắt cả nhóm Thoát nước").uncheck()
    map_page.expect_drawn(sewer_pipe=0, manhole=0, tree=95)


def test_the_address_brings_the_same_view_back(map_page):
    page = map_page.open(view(120, 120, 18) + "&off=tree&lang=en&tool=coverage")
    expect(page.locator("#layer-tree")).not_to_be_checked()
    expect(page.get_by_role("heading", name="Coverage")).to_be_visible()
    before = page.url
    page.reload()
    map_page.wait()
    assert page.url == before


def test_another_view_put_into_the_address_is_taken_up(map_page):
    page = map_page.open(view(120, 120, 18))
    page.evaluate("location.hash = '#15/10.7751/106.6958&lang=en'")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    map_page.expect_drawn(building=16 * 15)


def test_identify_shows_a_pipe_with_vietnamese_titles_and_codes(planner_page):
    page = planner_page.open(view(60, 3, 19))
    planner_page.click_map(*lonlat(60, 3))
    pipe = page.locator(".finding[open]")
    expect(pipe.locator("summary .name").first).to_have_text("CN-001")
    expect(pipe.locator("dl")).to_contain_text(["Đường kính danh nghĩa"])
    expect(pipe.locator("dl").first).to_contain_text("150 mm")
    expect(pipe.locator("dl").first).to_contain_text("Phân phối")
    planner_page.shoot("identify_vi")


def test_identify_speaks_english_after_the_switch(map_page):
    page = map_page.open(view(60, 0, 19))
    map_page.click_map(*lonlat(60, 0))
    expect(page.locator(".finding[open]")).to_contain_text("Cống chung")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".finding[open]")).to_contain_text("Combined")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".layers")).to_contain_text("Fire hydrant")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    map_page.shoot("identify_en")


def test_identify_says_when_nothing_is_there(map_page):
    page = map_page.open(view(-100, -100, 18))
    map_page.click_map(*lonlat(-100, -100))
    expect(page.locator(".panel")).to_contain_text("Không có đối tượng nào")


def test_the_keyboard_alone_identifies_what_is_at_the_centre(map_page):
    page = map_page.open(view(60, 0, 19))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".finding[open]")).to_contain_text("TN-001")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_zoom_to_a_layer_brings_all_of_it_into_view(map_page):
    page = map_page.open(view(-500, -500, 17))
    map_page.expect_drawn(post_office=0)
    page.get_by_label("Phóng đến Điểm phục vụ bưu chính").click()
    map_page.expect_drawn(post_office=1)


def test_the_public_sees_neither_the_shared_nor_the_restricted(map_page):
    page = map_page.open()
    expect(page.locator("#layer-sewer_pipe")).to_be_visible()
    expect(page.locator("#layer-water_pipe")).to_have_count(0)
    expect(page.locator("#layer-power_cable_underground")).to_have_count(0)


def test_the_planner_signs_in_and_sees_all_and_signs_out(planner_page):
    page = planner_page.open()
    planner_page.expect_drawn(water_pipe=5, power_cable_underground=5)
    expect(page.locator(".user")).to_contain_text("lan")
    planner_page.shoot("map_signed_in")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("link", name="Đăng nhập")).to_be_visible()
    expect(page.locator("#layer-power_cable_underground")).to_have_count(0)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_the_map_keeps_the_upper_half(visit, dark):
    session = visit(PHONE, dark=dark)
    page = session.open(view(60, 0, 18))
    expect(page.locator(".layers")).to_be_hidden()
    session.click_map(*lonlat(60, 0))
    expect(page.locator(".finding[open]")).to_contain_text("TN-001")
    _, y = session.find_pixel(*lonlat(60, 0))
    panel = page.locator(".panel").bounding_box()
    assert panel is not None and 48 < y < panel["y"]
    session.shoot(f"phone_{'dark' if dark else 'light'}")


def test_in_the_dark_the_ground_is_dark(visit):
    session = visit(dark=True)
    session.open()
    ground = session.page.evaluate("window.gisInfraMap.getPaintProperty('ground', 'background-color')")
    assert ground == "#1b2026"
    session.shoot("map_dark")


def test_a_server_that_does_not_answer_is_told_in_words(map_page):
    map_page.page.route("**/viewer/config*", lambda route: route.fulfill(status=503, body='{"detail": "try later"}'))
    map_page.page.goto(map_page.address)
    expect(map_page.page.get_by_role("alert")).to_have_text("Không tải được bản đồ: try later")
    map_page.complaints.clear()  # the browser notes the refusal itself, as it should


def test_without_the_built_files_the_page_says_how_to_build_them(quarter, quarter_engine, browser, tmp_path):
    app = create_app(quarter, quarter_engine)
    app.config["VIEWER_BUILT_FOLDER"] = tmp_path
    for address in serve(app):
        page = browser.new_page()
        page.goto(address)
        expect(page.locator("html")).to_contain_text("Bản đồ chưa được dựng")
        expect(page.locator("code")).to_contain_text("npm run build")
        assert page.request.get(address + str(page.locator("a").first.get_attribute("href"))).ok
        page.close()
