"""Planned works along a street, kept as a works project, and passed on by a link."""

import json
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.catalogue import history
from tests.journeys.conftest import EDITOR
from tests.journeys.scene import SIDE_M, lonlat, view
from tests.journeys.test_pages import find_faults
from tests.journeys.test_works import MIDDLE, draw

STREET = (60, MIDDLE)  # of Lê Lợi, which is one piece 480 m long and 12 m wide


@pytest.fixture
def keeper(quarter_engine, tables, catalogue):
    """The editor may keep works projects while the journey lasts; what was kept is gone after it."""
    with quarter_engine.begin() as connection:
        people.grant_to_person(connection, EDITOR[0], "editor", "works_project", catalogue)
    yield
    with quarter_engine.begin() as connection:
        people.revoke_from_person(connection, EDITOR[0], "works_project")
        connection.execute(delete(tables.get("works_project")))
        connection.execute(delete(history.build(tables.get("works_project"))))


def pick(session, button="Chọn đường"):
    """Pick the street in the middle."""
    session.page.get_by_role("button", name=button).click()
    with session.page.expect_response("**/analysis/works-check?*") as answered:
        session.click_map(*lonlat(*STREET))
    expect(session.page.locator(".conflict").first).to_be_visible()
    return json.loads(answered.value.request.post_data)["geometry"]


def test_a_street_is_picked_and_widened(planner_page):
    page = planner_page.open(view(*STREET, 18) + "&tool=works")
    shape = pick(planner_page)
    assert shape["type"] == "MultiPolygon"
    told = page.locator(".street .note")
    expect(told).to_contain_text(f"Đường Lê Lợi: 1 đoạn, dài {SIDE_M:.0f} m, diện tích 5.87")  # 480 * 12 + π 6² m²
    planner_page.shoot("works_street_vi")
    with page.expect_response("**/viewer/strip"):
        page.get_by_label("Bề rộng dải").fill("2")
        page.keyboard.press("Tab")
    expect(told).to_contain_text("diện tích 963 m²")
    with page.expect_response("**/viewer/strip"):
        page.get_by_label("Cả tuyến cùng tên").check()
    expect(told).to_contain_text("1 đoạn")
    planner_page.click_map(*lonlat(*STREET))
    expect(page.locator(".panel")).to_contain_text("Bấm vào đường trên bản đồ")


def test_a_place_without_a_street_is_told(map_page):
    page = map_page.open(view(-300, -300, 19) + "&tool=works&lang=en")
    page.get_by_role("button", name="Pick a street").click()
    map_page.click_map(*lonlat(-300, -300))
    expect(page.locator(".note.error")).to_have_text("There is no street there.")


def test_the_keyboard_picks_the_street_at_the_centre(map_page):
    page = map_page.open(view(*STREET, 19) + "&tool=works")
    page.get_by_role("button", name="Chọn đường").click()
    page.keyboard.press("Enter")
    expect(page.locator(".street .note")).to_contain_text("Đường Lê Lợi")
    page.keyboard.press("Escape")


def test_drawn_works_are_kept_as_a_project_and_shared(editor_page, keeper, visit):
    page = editor_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(editor_page, "Draw a line", (60, MIDDLE - 8), (60, MIDDLE + 8))
    page.get_by_label("Depth of the dig").fill("1.2")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save as a project").click()
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("The line is kept as a strip")
    expect(dialog.get_by_label("Phase")).to_have_value("design")
    editor_page.shoot("works_save_en")
    assert find_faults(page) == []
    dialog.get_by_label("Name of the works").fill("Lê Lợi crossing")
    dialog.get_by_label("Sector of the works").select_option(label="Water supply")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Stored works project: Lê Lợi crossing")).to_be_visible()
    expect(page.locator(".conflict").first).to_be_visible()
    expect(page.locator(".row", has=page.locator("#layer-works_project")).locator(".count")).to_have_text("1")
    assert re.search(r"project=\d+", page.url) and "works=" not in page.url
    editor_page.shoot("works_kept_en")
    reader = visit()
    other = reader.open(page.url.split("/", 3)[3])
    expect(other.get_by_text("Stored works project: Lê Lợi crossing")).to_be_visible()


def test_who_may_not_keep_them_is_not_offered_to(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(planner_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.get_by_role("button", name="Chia sẻ")).to_be_visible()
    expect(page.get_by_role("button", name="Lưu thành dự án")).to_have_count(0)


def test_drawn_works_come_back_by_a_link(map_page, visit):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=vi")
    draw(map_page, "Vẽ vùng", (55, MIDDLE - 8), (65, MIDDLE - 8), (65, MIDDLE + 8), (55, MIDDLE + 8))
    page.get_by_label("Độ sâu đào").fill("0.6")
    page.keyboard.press("Tab")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_role("button", name="Chia sẻ").click()
    link = page.locator("#share-link").input_value()
    map_page.shoot("works_share_vi")
    assert find_faults(page) == []
    page.get_by_role("button", name="Sao chép").click()
    expect(page.locator("dialog [role=status]")).to_have_text(re.compile("Đã sao chép|bấm Ctrl"))
    reader = visit()
    other = reader.page
    with other.expect_request("**/analysis/works-check?*") as asked:
        other.goto(link)
    works = json.loads(asked.value.post_data)
    assert works["geometry"]["type"] == "Polygon" and works["properties"]["depth_m"] == 0.6
    expect(other.get_by_label("Độ sâu đào")).to_have_value("0.6")
    expect(other.locator(".conflict").first).to_be_visible()
    reader.expect_drawn(highlight=1)
    other.get_by_role("button", name="Xóa").click()
    assert "works=" not in other.url and "dig=" not in other.url
