"""Filtering a layer as a planner does: by a form, read as a sentence, seen on the map, in a table and in files."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.scene import lonlat, view
from tests.journeys.test_pages import expect_true, find_faults

QUARTER = view(240, 240, 15.2)
TWO_CONDITIONS = "water_pipe:all:material,among,hdpe!2Csteel:nominal_diameter_mm,between,100,300"


def add_condition(page: Page, index: int, name: str, operator: str | None = None) -> None:
    """Add a condition on a property, with another comparison than its usual one."""
    page.locator("#query-add").click()
    page.locator(f"#query-property-{index}").select_option(name)
    if operator is not None:
        page.locator(f"#query-operator-{index}").select_option(operator)


def open_filter(session, layer, more=""):
    """The page with the filter's panel open on a layer."""
    page = session.open(f"{QUARTER}&tool=query{more}")
    page.locator("#query-layer").select_option(layer)
    expect(page.locator("#query-add")).to_be_visible()
    return page


def test_a_filter_is_on_the_map_as_it_is_typed_and_reads_as_a_sentence(map_page):
    page = open_filter(map_page, "manhole")
    expect(page.locator("#query-sentence")).to_have_text("Mọi đối tượng của lớp Hố ga, giếng thăm.")
    add_condition(page, 0, "asset_code", "starts")
    page.locator("#query-value-0").press_sequentially("hg-1")  # capitals do not count
    expect(page.locator("#query-sentence")).to_have_text("Hố ga, giếng thăm có mã tài sản bắt đầu bằng “hg-1”.")
    expect(page.locator(".query-result .tally")).to_have_text("11 / 55 đối tượng")
    map_page.expect_drawn(manhole=11, tree=95)
    expect(page.locator(".filter-marks")).to_contain_text("hg-1")
    page.locator("#query-cql2").click()
    expect(page.locator(".query-text")).to_have_text("CASEI(ACCENTI(asset_code)) LIKE CASEI(ACCENTI('hg-1%'))")
    map_page.shoot("query_vi")
    page.locator("#query-clear").click()
    map_page.expect_drawn(manhole=55)
    expect(page.locator(".filter-marks")).to_be_hidden()


def test_conditions_are_joined_by_all_or_by_any(planner_page):
    page = open_filter(planner_page, "water_pipe", "&lang=en")
    add_condition(page, 0, "asset_code", "equals")
    page.locator("#query-value-0").press_sequentially("CN-001")
    add_condition(page, 1, "nominal_diameter_mm", "above")
    page.locator("#query-value-1").press_sequentially("100")
    expect(page.locator(".query-result .tally")).to_have_text("1 of 5 features")
    planner_page.expect_drawn(water_pipe=1)
    page.locator("#query-joined").select_option("any")
    expect(page.locator(".query-result .tally")).to_have_text("5 of 5 features")
    expect(page.locator("#query-sentence")).to_have_text(
        "Water pipe whose asset code is “CN-001” or nominal diameter is more than 100 mm."
    )
    planner_page.expect_drawn(water_pipe=5)


def test_codes_are_ticked_by_their_titles(planner_page):
    page = open_filter(planner_page, "water_pipe")
    add_condition(page, 0, "material")
    page.get_by_role("checkbox", name="HDPE").check()
    page.get_by_label("Thép", exact=True).check()
    expect(page.locator("#query-sentence")).to_have_text("Ống cấp nước có vật liệu là Thép hoặc HDPE.")
    planner_page.expect_drawn(water_pipe=5)
    page.get_by_role("checkbox", name="HDPE").uncheck()
    expect(page.locator(".query-result .tally")).to_have_text("Không có đối tượng nào thỏa điều kiện.")
    planner_page.expect_drawn(water_pipe=0)


def test_what_cannot_be_asked_is_said_while_it_is_typed(planner_page):
    page = open_filter(planner_page, "water_pipe")
    add_condition(page, 0, "nominal_diameter_mm")
    page.locator("#query-value-0").press_sequentially("3x")
    expect(page.locator("#query-fault-0")).to_have_text("Hãy nhập một số, ví dụ 12,5.")
    page.locator("#query-value-0").fill("300")
    page.locator("#query-to-0").press_sequentially("100")
    expect(page.locator("#query-fault-0")).to_have_text("Giá trị đầu lớn hơn giá trị cuối.")
    planner_page.expect_drawn(water_pipe=5)
    page.locator("#query-value-0").fill("10")
    expect(page.locator("#query-fault-0")).to_be_empty()
    planner_page.expect_drawn(water_pipe=0)


def test_the_address_brings_the_filter_back_and_another_language_says_it(map_page):
    page = map_page.open(f"{QUARTER}&tool=query&filter=manhole:all:asset_code,starts,HG-2")
    map_page.expect_drawn(manhole=11)
    expect(page.locator("#query-sentence")).to_have_text("Hố ga, giếng thăm có mã tài sản bắt đầu bằng “HG-2”.")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#query-sentence")).to_have_text("Manhole whose asset code starts with “HG-2”.")
    expect(page.locator(".filter-marks")).to_contain_text("Manhole whose asset code")
    page.reload()
    map_page.expect_drawn(manhole=11)
    expect(page.locator("#query-value-0")).to_have_value("HG-2")


def test_a_filter_of_a_layer_one_may_not_see_is_dropped(map_page):
    page = map_page.open(f"{QUARTER}&filter=water_pipe:all:asset_code,filled")
    map_page.complaints.clear()  # the browser notes the refusal itself, as it should
    expect(page.locator(".filter-marks")).to_be_hidden()
    page.locator("#tool-query").click()
    expect(page.locator("#query-layer option[value=water_pipe]")).to_have_count(0)


def test_the_filter_is_taken_off_by_its_mark_on_the_map(map_page):
    page = map_page.open(f"{QUARTER}&filter=manhole:all:asset_code,starts,HG-2")
    map_page.expect_drawn(manhole=11)
    page.get_by_label("Bỏ lọc lớp Hố ga, giếng thăm").click()
    map_page.expect_drawn(manhole=55)
    assert "filter=" not in page.url


def test_the_table_is_sorted_and_paged_by_the_server(map_page):
    page = open_filter(map_page, "manhole")
    page.locator("#query-table").click()
    rows = page.locator(".query-table tbody tr")
    expect(rows).to_have_count(50)
    expect(page.locator(".query-pager")).to_contain_text("Dòng 1–50 / 55")
    page.locator("#query-sort-asset_code").click()
    expect(rows.first).to_contain_text("HG-100")
    page.locator("#query-sort-asset_code").click()
    expect(rows.first).to_contain_text("HG-510")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Mã tài sản")
    page.get_by_label("Trang sau").click()
    expect(rows).to_have_count(5)
    expect(rows.last).to_contain_text("HG-100")
    expect(page.locator(".query-pager")).to_contain_text("Dòng 51–55 / 55")
    page.get_by_label("Trang trước").click()
    expect(rows.first).to_contain_text("HG-510")
    expect(page.locator("#query-first")).to_be_disabled()


def test_columns_are_chosen_and_stay_chosen(map_page):
    page = open_filter(map_page, "manhole")
    page.locator("#query-table").click()
    page.locator("#query-columns").click()
    page.locator("#query-column-status").uncheck()
    page.locator("#query-column-updated_at").check()
    expect(page.locator("#query-sort-status")).to_have_count(0)
    expect(page.locator("#query-sort-updated_at")).to_be_visible()
    page.reload()  # the address brings the table back
    expect(page.locator("#query-sort-updated_at")).to_be_visible()
    page.locator("#query-columns").click()
    page.locator("#query-usual").click()
    expect(page.locator("#query-sort-status")).to_be_visible()


def test_rows_and_map_select_each_other(planner_page):
    page = open_filter(planner_page, "water_pipe")
    page.locator("#query-table").click()
    page.get_by_label("Chọn CN-002").check()
    page.get_by_label("Chọn CN-004").check()
    expect(page.locator(".query-selection")).to_contain_text("Đã chọn 2")
    planner_page.expect_drawn(highlight=2)
    planner_page.shoot("query_table_vi")
    planner_page.click_map(*lonlat(60, 243))
    expect(page.locator("tr.selected")).to_have_count(1)
    expect(page.locator("tr.selected")).to_contain_text("CN-003")
    page.get_by_label("Phóng đến CN-001").click()
    expect(page.locator("tr.selected")).to_contain_text("CN-001")
    planner_page.wait()
    latitude = page.evaluate("window.gisInfraMap.getCenter().lat")
    assert latitude == pytest.approx(lonlat(240, 3)[1], abs=2e-4)


def test_what_is_picked_on_the_map_beyond_the_page_is_shown_on_top(map_page):
    page = open_filter(map_page, "tree")
    page.locator("#query-table").click()
    page.locator("#query-sort-asset_code").click()
    expect(page.locator(".query-table tbody tr").first).to_contain_text("CX-100")
    map_page.click_map(*lonlat(10 + 24 * 3, 485.5))
    expect(page.locator("tr.picked")).to_contain_text("CX-503")
    expect(page.locator("tr.picked")).to_contain_text("Chọn trên bản đồ")


def test_the_keyboard_alone_filters_opens_the_table_and_selects(map_page):
    page = open_filter(map_page, "fire_hydrant", "&lang=en")
    page.locator("#query-add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#query-property-0")).to_be_focused()
    page.locator("#query-table").focus()
    page.keyboard.press("Enter")
    first = page.locator(".query-table tbody input").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".query-selection")).to_contain_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.locator(".query-table")).to_be_hidden()
    expect(page.locator(".panel")).to_be_visible()


@pytest.mark.parametrize("form", ["gpkg", "shp", "geojson", "fgb", "csv", "parquet"])
def test_every_kind_of_file_is_of_what_is_filtered(planner_page, form):
    page = planner_page.open(f"{QUARTER}&tool=query&filter=water_pipe:all:asset_code,equals,CN-003")
    page.locator("#query-download").click()
    page.locator("#download-format").select_option(form)
    expect(page.locator("dialog")).to_contain_text("Ống cấp nước có mã tài sản bằng “CN-003”.")
    link = str(page.locator("dialog a").get_attribute("href"))
    answer = page.request.get(link)
    assert answer.ok
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
        assert len(rows) == 1
    if form == "geojson":
        assert [each["properties"]["asset_code"] for each in answer.json()["features"]] == ["CN-003"]
    page.locator("#download-filtered").uncheck()
    assert "filter" not in str(page.locator("dialog a").get_attribute("href"))


def test_zoom_goes_to_what_matches(map_page):
    page = map_page.open(f"{QUARTER}&tool=query&filter=manhole:all:asset_code,equals,HG-100")
    page.locator("#query-zoom").click()
    map_page.expect_drawn(manhole=1)
    centre = page.evaluate("window.gisInfraMap.getCenter().toArray()")
    assert centre == pytest.approx(lonlat(10, 0), abs=1e-4)


def test_a_layer_that_is_off_is_switched_on_by_its_filter(map_page):
    page = map_page.open(f"{QUARTER}&tool=query&off=tree")
    page.locator("#query-layer").select_option("tree")
    add_condition(page, 0, "asset_code")
    page.locator("#query-value-0").press_sequentially("cx-1")
    map_page.expect_drawn(tree=19)
    expect(page.locator("#layer-tree")).to_be_checked()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_filter_and_its_table_are_for_everybody(visit, signed_in, dark):
    session = visit((1280, 800), dark=dark, state=signed_in)
    page = session.open(f"{QUARTER}&lang=en&tool=query&filter={TWO_CONDITIONS}")
    page.locator("#query-table").click()
    expect(page.locator(".query-table tbody tr")).to_have_count(5)
    page.get_by_label("Select CN-003").check()
    page.locator("#query-columns").click()
    session.wait()
    session.shoot(f"query_{'dark' if dark else 'light'}")
    assert find_faults(page) == []


def test_on_a_phone_the_table_lies_over_the_panel_and_goes_back_to_it(visit, signed_in):
    session = visit(PHONE, state=signed_in)
    page = session.open(f"{QUARTER}&tool=query&filter=water_pipe:all:material,among,hdpe")
    expect(page.locator("#query-sentence")).to_contain_text("HDPE")
    session.shoot("query_phone")
    page.locator("#query-table").click()
    expect(page.locator(".query-table tbody tr")).to_have_count(5)
    expect_true(page, f"document.documentElement.scrollWidth === {PHONE[0]}")
    page.get_by_label("Chọn CN-002").check()
    session.wait()
    session.shoot("query_phone_table")
    assert find_faults(page) == []
    page.get_by_label("Đóng bảng").click()
    expect(page.locator("#query-sentence")).to_be_in_viewport()


def test_a_filter_the_server_refuses_is_told_in_its_words(map_page):
    page = open_filter(map_page, "manhole")
    page.route(re.compile("/items"), lambda route: route.fulfill(status=503, body='{"detail": "try later"}'))
    page.locator("#query-table").click()
    expect(page.locator(".query-table")).to_contain_text("try later")
    map_page.complaints.clear()  # the browser notes the refusal itself, as it should


def test_days_are_typed_as_people_write_them(planner_page):
    page = open_filter(planner_page, "water_pipe", "&lang=en")
    add_condition(page, 0, "updated_at", "between")
    low, high = page.locator("#query-value-0"), page.locator("#query-to-0")
    low.press_sequentially("31/2/2020")
    expect(page.locator("#query-fault-0")).to_be_empty()  # not while it is typed
    page.keyboard.press("Tab")
    expect(page.locator("#query-fault-0")).to_have_text("A day is needed, such as 25/12/2020.")
    low.fill("1/2/2020")
    high.fill("2.3.2099")
    page.keyboard.press("Tab")
    expect(page.locator("#query-fault-0")).to_be_empty()
    expect(page.locator("#query-sentence")).to_contain_text("1 Feb 2020")
    expect(page.locator(".query-result .tally")).to_have_text("5 of 5 features")
    planner_page.shoot("query_days_en")
    page.reload()
    expect(page.locator("#query-value-0")).to_have_value("01/02/2020")
