"""The address of the page holds the view: the register with its open conflict, the table with its order and columns."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SLOWEST_MS
from tests.journeys.scene import lonlat, view


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_register_comes_back_with_its_filters_and_its_open_conflict(planner_page, language):
    page = planner_page.open(view(240, 240, 17) + f"&lang={language}&tool=register")
    page.locator("#register-violation").click()
    page.locator("#register-sort").select_option("newest")
    expect(page).to_have_url(re.compile("&reg=severity%3Dviolation%26sort%3Dnewest"))
    page.locator(".conflict").first.click()
    expect(page).to_have_url(re.compile(r"&conflict=\d+"))
    title = page.locator("#entry-title").inner_text()
    page.reload()
    expect(page.locator("#entry-title")).to_have_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("#register-violation")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#register-sort")).to_have_value("newest")
    assert "conflict=" not in page.url
    # The newest conflict may be of an asset that another walk has taken away since: nothing to highlight then.
    gone = re.compile(r"status of 404 .*/items/\d+\b")
    planner_page.complaints[:] = [each for each in planner_page.complaints if not gone.search(each)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_table_comes_back_with_its_layer_order_columns_and_page(planner_page, language):
    page = planner_page.open(view(240, 240, 15.2) + f"&lang={language}&tool=query")
    page.locator("#query-layer").select_option("tree")
    page.locator("#query-table").click()
    page.locator("#query-columns").click()
    page.locator("#query-column-owner").uncheck()
    page.locator("#query-sort-asset_code").click()
    page.locator("#query-sort-asset_code").click()
    page.locator("#query-after").click()
    expect(page).to_have_url(re.compile("&table=tree:open:-asset_code:1"))
    first = page.locator(".query-table tbody tr").first
    expect(first).to_contain_text("CX-306")  # the 51st of 95, downwards
    page.reload()
    expect(first).to_contain_text("CX-306", timeout=SLOWEST_MS)
    expect(page.locator("#query-layer")).to_have_value("tree")
    expect(page.locator("#query-before")).to_be_enabled()


@pytest.mark.parametrize(
    ("language", "sentence"), [("vi", "có mã tài sản bằng “CN-003”"), ("en", "whose asset code is “CN-003”")]
)
def test_what_a_filter_hides_is_not_identified_and_a_funnel_leads_to_it(planner_page, language, sentence):
    shown = "&filter=water_pipe:all:asset_code,equals,CN-003"
    page = planner_page.open(view(60, 0, 19) + f"&lang={language}{shown}&tool=identify")
    planner_page.click_map(*lonlat(60, 3))  # where CN-001 lies
    expect(page.locator(".panel .note").first).to_be_visible()
    expect(page.locator(".panel")).not_to_contain_text("CN-001")
    funnel = page.locator("#filter-water_pipe")
    expect(funnel).to_have_attribute("title", re.compile(re.escape(sentence)))
    funnel.click()
    expect(page.locator("#query-layer")).to_have_value("water_pipe")
    expect(page.locator("#query-sentence")).to_contain_text(sentence)
