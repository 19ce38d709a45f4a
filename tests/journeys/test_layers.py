"""The layers of the map: what lies over what, how faint, and how much of it is in view."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.scene import view
from tests.journeys.test_pages import expect_true, find_faults

LIST_ORDER = """window.gisInfraMap.getLayersOrder()"""


def list_titles(page):
    """The layers of the list, the uppermost first."""
    return [each.strip() for each in page.locator(".stack ol .name").all_inner_texts()]


def is_above(page, upper, lower):
    """Whether one layer of the map is drawn over another."""
    order = page.evaluate(LIST_ORDER)
    return order.index(upper) > order.index(lower)


def open_order(session, view_=""):
    page = session.open(view_)
    page.locator("#layers-order").click()
    return page


def test_the_list_has_the_uppermost_layer_first(planner_page):
    page = open_order(planner_page)
    titles = list_titles(page)
    assert titles.index("Cây xanh") < titles.index("Ống cấp nước")
    assert "Toà nhà" not in titles and "Tòa nhà" not in titles  # the ground stays below
    assert is_above(page, "tree", "water_pipe") and is_above(page, "water_pipe", "building")
    planner_page.shoot("layers_order_vi")


def test_a_layer_is_moved_by_keys_and_the_address_keeps_it(planner_page):
    page = open_order(planner_page, view(60, 120, 17) + "&lang=en")
    handle = page.locator("#move-water_pipe")
    handle.focus()
    page.keyboard.press("Home")
    assert list_titles(page)[0] == "Water pipe"
    expect(page.locator(".stack [role=status]")).to_have_text(re.compile("Water pipe: place 1 of"))
    expect(handle).to_be_focused()
    assert is_above(page, "water_pipe", "tree")
    assert "order=" in page.url
    page.reload()
    planner_page.wait()
    assert is_above(page, "water_pipe", "tree")
    page.locator("#layers-order").click()
    page.get_by_role("button", name="Move Water pipe down").click()
    assert list_titles(page)[1] == "Water pipe"
    page.get_by_role("button", name="Back to how it was").click()
    assert "order=" not in page.url and not is_above(page, "water_pipe", "tree")


def test_a_layer_is_dragged_to_its_place(planner_page):
    page = open_order(planner_page)
    first = list_titles(page)[0]
    start = page.locator(".stack ol .handle").first.bounding_box()
    target = page.locator(".stack ol li").nth(2).bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, target["y"] + 10, steps=4)
    page.mouse.move(start["x"] + 8, target["y"] + target["height"] - 4, steps=4)
    planner_page.shoot("layers_dragged")
    page.mouse.up()
    assert list_titles(page)[2] == first


def test_a_layer_and_the_ground_are_made_fainter(planner_page):
    page = open_order(planner_page, view(60, 120, 17))
    page.get_by_label("Độ rõ của Ống cấp nước").fill("40")
    page.get_by_label("Độ rõ của Nền bản đồ").fill("50")
    expect_true(page, "Math.abs(window.gisInfraMap.getPaintProperty('water_pipe', 'line-opacity') - 0.4) < 1e-6")
    expect_true(page, "Math.abs(window.gisInfraMap.getPaintProperty('building', 'fill-opacity') - 0.5) < 1e-6")
    assert "opacity=water_pipe:40,background:50" in page.url
    planner_page.shoot("layers_faint")
    page.reload()
    planner_page.wait()
    expect_true(page, "Math.abs(window.gisInfraMap.getPaintProperty('water_pipe', 'line-opacity') - 0.4) < 1e-6")


def test_the_tree_tells_how_much_is_in_view(map_page):
    page = map_page.open(view(60, 0, 19))
    count = page.locator(".row", has=page.locator("#layer-sewer_pipe")).locator(".count")
    expect(count).to_have_text("1 / 5")
    expect(count).to_have_attribute("title", "1 trong khung nhìn, tất cả 5")
    map_page.shoot("layers_counts")
    page.get_by_role("button", name="Toàn bộ dữ liệu").click()
    expect(count).to_have_text("5")
    page.get_by_role("button", name="English").click()
    expect(count).to_have_attribute("title", "5 features")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_order_has_no_fault_that_axe_finds(visit, signed_in, dark):
    session = visit(dark=dark, state=signed_in)
    page = open_order(session)
    faults = find_faults(page)
    assert faults == [], "\n".join(faults)
    session.shoot(f"layers_order_{'dark' if dark else 'light'}")


def test_on_a_phone_the_order_fits(visit, signed_in):
    session = visit(PHONE, state=signed_in)
    page = session.open(view(60, 0, 18))
    page.locator("#tool-layers").click()
    page.locator("#layers-order").click()
    expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    session.shoot("layers_phone")
