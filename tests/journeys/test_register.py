"""The register of conflicts: listed, on the map, narrowed, worked through without a mouse."""

import re

from playwright.sync_api import expect

from tests.journeys.scene import CLOSE_CODES, view

CLOSE = re.compile("|".join(CLOSE_CODES))


def test_the_planted_conflict_is_listed_and_drawn(planner_page):
    page = planner_page.open(view(240, 240, 15.2) + "&tool=register")
    conflict = page.locator(".conflict", has_text=CLOSE_CODES[0])
    expect(conflict).to_have_count(1)
    expect(conflict).to_contain_text(CLOSE_CODES[1])
    expect(conflict).to_contain_text("Vi phạm")
    expect(conflict).to_contain_text("yêu cầu 0,5 m")
    expect(conflict).to_contain_text("EVNHCMC")
    planner_page.expect_drawn(conflicts=page.locator(".conflict").count())
    conflict.click()
    planner_page.expect_drawn(highlight=2)  # the place, and the two assets, which have the same number
    assert planner_page.page.evaluate("window.gisInfraMap.getZoom()") >= 19
    planner_page.shoot("register_vi")


def test_the_public_is_not_told_of_conflicts_between_assets_it_may_not_see(map_page):
    page = map_page.open("#tool=register")
    expect(page.locator(".panel .note")).to_be_visible()
    expect(page.locator(".panel .note")).not_to_contain_text("Đang tải")
    expect(page.locator(".conflict", has_text=CLOSE)).to_have_count(0)


def test_filters_narrow_the_list_and_the_map(planner_page):
    page = planner_page.open(view(240, 240, 15.2) + "&tool=register&lang=en")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Status").select_option("resolved")
    expect(page.locator(".panel .note")).to_have_text("No conflict matches.")
    planner_page.expect_drawn(conflicts=0)
    page.get_by_label("Status").select_option("new")
    rules = page.get_by_label("Rule", exact=True)
    rules.select_option(index=1)
    expect(page.locator(".conflict").first).to_be_visible()
    titles = {row.strip() for row in page.locator(".conflict .title").all_inner_texts()}
    assert titles == {rules.locator("option:checked").inner_text()}


def test_only_in_view_follows_the_map(planner_page):
    page = planner_page.open(view(-900, -900, 18) + "&tool=register")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Chỉ trong khung nhìn").check()
    expect(page.locator(".panel .note")).to_have_text("Không có xung đột nào khớp.")
    page.get_by_label("Toàn bộ dữ liệu").click()
    expect(page.locator(".conflict").first).to_be_visible()


def test_a_click_on_the_map_opens_the_conflict_in_the_list(planner_page):
    page = planner_page.open(view(240, 240, 15.2) + "&tool=register")
    expect(page.locator(".conflict").first).to_be_visible()
    planner_page.expect_drawn(conflicts=page.locator(".conflict").count())
    place = page.evaluate("window.gisInfraMap.queryRenderedFeatures({layers: ['conflicts']})[0].geometry.coordinates")
    planner_page.click_map(*place)
    expect(page.locator('.conflict[aria-pressed="true"]')).to_be_focused()
