"""Coverage: who has a hydrant near, by ward, and where nobody has; computed anew, assumed otherwise, compared."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import FRAME_MS
from tests.journeys.scene import lonlat, view
from tests.workers import working

NEAR = view(240, 200, 16.3) + "&tool=coverage&service=fire_hydrant"
WEST = view(120, 240, 16) + "&tool=coverage&service=fire_hydrant"
RUN_MS = 60_000  # a run waits for its worker, on a machine with much else to do
NOWHERE = (320, 320)  # far from every hydrant


@pytest.fixture(scope="module")
def worker(quarter, quarter_engine):
    """Somebody to compute what is asked for."""
    with working(quarter):
        yield


def open_run(session, address=NEAR):
    """The panel open on the hydrants, once their run is shown."""
    page = session.open(address)
    expect(page.locator("table.units tbody tr").first).to_be_visible()
    return page


def test_wards_are_shaded_and_gaps_are_listed(map_page):
    page = map_page.open("#tool=coverage")
    page.get_by_label("Dịch vụ", exact=True).select_option("fire_hydrant")
    rows = page.locator("table.units tbody tr")
    expect(rows.first).to_contain_text("Phường Ỷ Yên")  # the hydrants are all in the other ward
    expect(rows.nth(1)).to_contain_text("Phường Bến Nghé")
    expect(page.locator(".scale li").first).to_be_visible()
    expect(page.locator(".gaps li").first).to_contain_text("người")
    map_page.expect_drawn(units=2)
    assert "service=fire_hydrant" in page.url
    map_page.shoot("coverage_vi")


def test_a_gap_is_shown_on_the_map_when_asked_for(map_page):
    page = open_run(map_page, WEST)
    map_page.expect_drawn(facilities=5)
    page.locator("#coverage-gap-1").click()
    expect(page.get_by_role("region", name="Vùng trống 1")).to_be_visible()
    map_page.expect_drawn(highlight=1)


def test_every_house_is_a_place_with_its_distance(map_page):
    page = open_run(map_page, NEAR + "&lang=en")
    expect(page.locator(".switches")).to_contain_text("not served (hollow)")
    map_page.wait()
    page.wait_for_timeout(FRAME_MS)
    assert map_page.count_drawn("places") > 100
    map_page.shoot("coverage_en")


def test_a_service_never_computed_says_whom_to_ask(map_page):
    page = map_page.open("#tool=coverage")
    page.get_by_label("Dịch vụ", exact=True).select_option("post_office")
    expect(page.locator(".panel")).to_contain_text("chưa được tính lần nào; hãy nhờ người có quyền tính")
    map_page.expect_drawn(units=0, gaps=0)


def test_the_report_of_a_run_opens_ready_to_print(map_page):
    page = open_run(map_page)
    page.locator("#coverage-files").click()
    with page.expect_popup() as opened:
        page.locator(".files a").first.click()
    expect(opened.value.locator("body")).to_contain_text("Trụ nước chữa cháy")
    expect(opened.value.locator("body")).to_contain_text("Phường Bến Nghé")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_dropped_hydrant_serves_more_and_is_compared_with_before(planner_page, worker, language):
    page = open_run(planner_page, f"{NEAR}&lang={language}")
    before = page.locator("#coverage-people_share b").inner_text()
    page.locator("#tab-what_if").click()
    page.locator("#coverage-hand-add").click()
    planner_page.click_map(*lonlat(*NOWHERE))
    expect(page.locator(".assumed li")).to_have_count(1)
    page.locator("#coverage-compute").click()
    expect(page.locator(".assumption b")).to_have_text(re.compile(r"^\+[1-9]"), timeout=RUN_MS)
    assert page.locator("#coverage-people_share b").inner_text() != before
    planner_page.shoot(f"coverage_what_if_{language}")
    page.locator("#coverage-compare").click()
    expect(page.locator(".headline")).to_contain_text("→")
    planner_page.shoot(f"coverage_compare_{language}")


def test_the_best_site_of_a_grid_is_marked_with_its_gain(planner_page, worker):
    page = open_run(planner_page, NEAR.replace("#16.3", "#15.2") + "&lang=en")
    page.locator("#tab-sites").click()
    page.get_by_label("How many sites").fill("2")
    page.get_by_label("Choose among").select_option("grid")
    page.get_by_label("Grid spacing (m)").fill("60")
    page.get_by_label("Grid spacing (m)").press("Tab")
    page.locator("#coverage-compute").click()
    expect(page.locator(".sites li").first).to_contain_text("more people", timeout=RUN_MS)
    planner_page.expect_drawn(sites=2)
    planner_page.shoot("coverage_sites_en")
