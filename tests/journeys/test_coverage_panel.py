"""The coverage panel as a planner works with it, held to made answers: many wards, runs that take time, refusals."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import FRAME_MS, PHONE
from tests.journeys.coverage_answers import Server
from tests.journeys.scene import lonlat, view
from tests.journeys.test_pages import expect_true, find_faults

VIEW = view(3000, 3000, 12.3) + "&tool=coverage&service=fire_hydrant&lang=en"
WARDS = 10  # nine, and what lies in none


@pytest.fixture
def desk(planner_page):
    """The panel open on the hydrants, with a server that answers at once."""
    return open_panel(planner_page)


def open_panel(session, **how):
    """The panel of a session once the run is shown; how: of the server."""
    session.server = Server(session.page, **how)
    page = session.open(VIEW)
    expect(page.locator("table.units tbody tr")).to_have_count(WARDS)
    return session


def turn_to(page, tab):
    """Take up a tab of the panel."""
    page.get_by_role("tab", name=tab).click()
    expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")


def test_the_run_is_told_by_figures_targets_and_a_legend(desk):
    page = desk.page
    expect(page.get_by_role("button", name="81.2% People")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".targets li")).to_contain_text("Missed")
    expect(page.locator(".targets li")).to_contain_text("asked at least 95%; found 81.2%")
    expect(page.locator(".targets li")).to_contain_text("Not checked against the text")
    expect(page.locator(".scale li")).to_have_text(
        [
            "below 50%units: 2",
            "50% – 80%units: 1",
            "80% – 95%units: 2",
            "95% – 100%units: 2",
            "100%units: 1",
            "Not knownunits: 1",
        ]
    )
    expect(page.locator(".legend")).to_contain_text("met by 3 of the units, missed by 6, not known of 1")
    expect(page.locator(".panel")).to_contain_text("Along streets · within 150 m · Residents by building")
    desk.expect_drawn(units=9, unit_names=9)
    desk.shoot("coverage_wards_en")


def test_a_share_short_of_all_never_reads_as_all(desk):
    rows = desk.page.locator("table.units tbody tr")
    expect(rows.filter(has_text="Nguyễn Cư Trinh")).to_contain_text("99.9%")  # 0.9997
    expect(rows.filter(has_text="Tân Định")).to_contain_text("100%")
    expect(rows.last).to_contain_text("In no unit")


def test_a_ward_opens_with_all_that_is_told_of_it(desk):
    page = desk.page
    page.get_by_role("button", name="Bến Nghé").click()
    card = page.get_by_role("region", name="Bến Nghé")
    expect(card).to_contain_text("Mean distance")
    expect(card).to_contain_text("92.5 m")
    expect(card).to_contain_text("Missed")
    expect(card).to_be_in_viewport()
    desk.expect_drawn(highlight=1)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(page.locator(".panel")).to_be_visible()


def test_arrows_walk_through_the_gaps_and_the_map_goes_with_them(desk):
    page = desk.page
    first = page.get_by_role("button", name="Gap 1 900 people")
    first.focus()
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("button", name="Gap 2 899 people")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-pressed", "true")
    desk.expect_drawn(highlight=1)
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Gap 9 892 people")).to_be_focused()
    expect(page.get_by_role("region", name="Gap 9")).to_contain_text("Nguyễn Cư Trinh")


def test_a_click_on_the_map_tells_what_is_there(desk):
    page = desk.page
    page.get_by_label("Gaps", exact=True).uncheck()
    desk.expect_drawn(gaps=0)
    desk.click_map(*lonlat(700, 700))
    expect(page.get_by_role("region", name="Bến Nghé")).to_be_visible()
    desk.click_map(*lonlat(1050, 1100))
    card = page.get_by_role("region", name="TCC-8")
    expect(card).to_contain_text("992")
    expect(card).to_contain_text("150 m")


def test_places_are_coloured_by_distance_from_near(desk):
    page = desk.page
    expect(page.locator(".panel")).to_contain_text("Zoom in to see each place")
    page.evaluate("(at) => window.gisInfraMap.jumpTo({ center: at, zoom: 16.4 })", list(lonlat(600, 300)))
    expect(page.locator(".switches")).to_contain_text("within 37.5 m")
    expect(page.locator(".switches")).to_contain_text("not served (hollow)")
    desk.wait()
    page.wait_for_timeout(FRAME_MS)
    assert desk.count_drawn("places") > 20
    desk.click_map(*lonlat(400 + 12 * 20, 300))
    expect(page.get_by_role("region", name="Place 21")).to_contain_text("120 m")
    desk.shoot("coverage_places_en")


def test_a_chart_tells_how_far_people_have_it(desk):
    page = desk.page
    chart = page.get_by_role("img", name="Chart of people by distance")
    expect(chart).to_have_attribute("aria-label", re.compile("half of them within 80 m, nine in ten within 210 m"))
    assert chart.locator("rect.within").count() == 5
    assert chart.locator("rect.beyond").count() == 6
    page.get_by_text("As a table").click()
    expect(page.locator("details", has_text="As a table").locator("tbody tr").last).to_contain_text("over 300 m")


def test_files_and_the_report_are_a_link_each(desk):
    page = desk.page
    page.get_by_text("Download, print").click()
    report = page.locator(".files a").first
    expect(report).to_have_attribute("href", re.compile(r"/analysis/coverage/runs/17/report\?f=html&lang=en$"))
    expect(report).to_have_attribute("target", "_blank")
    kinds = [link.get_attribute("href").split("f=")[1].split("&")[0] for link in page.locator(".files a").all()]
    assert kinds == ["html", "xlsx", "csv", "gpkg"]


def test_what_the_form_says_is_what_is_computed(planner_page):
    desk = open_panel(planner_page, patience=3)
    page = desk.page
    page.get_by_text("How to compute").click()
    page.get_by_label("Method").select_option("streets")
    page.get_by_label("Distance", exact=True).fill("200")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Units of the day")).to_be_focused()
    page.keyboard.type("30/06/2025")
    page.get_by_label("Name of the run").fill("Before the merger")
    page.get_by_label("Name of the run").press("Tab")
    page.get_by_role("button", name="Compute", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("button", name="Compute", exact=True)).to_be_disabled()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert desk.server.orders == [
        {
            "service": "fire_hydrant",
            "method": "streets",
            "distance_m": 200,
            "day": "2025-06-30",
            "title": "Before the merger",
        }
    ]
    assert "run=17" in page.url


def test_a_distance_that_cannot_be_meant_is_not_sent(desk):
    page = desk.page
    page.get_by_text("How to compute").click()
    page.get_by_label("Distance", exact=True).fill("-5")
    page.get_by_label("Distance", exact=True).press("Tab")
    expect(page.get_by_label("Distance", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".panel")).to_contain_text("A number over 0")
    page.get_by_role("button", name="Compute", exact=True).click()
    page.wait_for_timeout(FRAME_MS)
    assert desk.server.orders == []


def test_one_press_sends_what_was_just_typed(desk):
    page = desk.page
    page.get_by_text("How to compute").click()
    page.get_by_label("Distance", exact=True).click()
    page.keyboard.press("Control+A")
    page.keyboard.type("200")
    # As long as a finger rests; the field takes its value meanwhile.
    page.get_by_role("button", name="Compute", exact=True).click(delay=FRAME_MS)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert [order["distance_m"] for order in desk.server.orders] == [200]


def test_a_run_can_be_stopped(planner_page):
    desk = open_panel(planner_page, patience=1000)
    page = desk.page
    page.get_by_text("How to compute").click()
    page.get_by_role("button", name="Compute", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".note.error")).to_have_text("Stopped; nothing was kept.")
    assert desk.server.stopped
    expect(page.locator("table.units tbody tr")).to_have_count(WARDS)


def test_a_run_that_fails_says_why_and_what_was_shown_stays(desk):
    page = desk.page
    desk.server.failure = "another run of this service is at work"
    page.get_by_text("How to compute").click()
    page.get_by_role("button", name="Compute", exact=True).click()
    expect(page.locator(".note.error")).to_have_text("another run of this service is at work")
    expect(page.locator("table.units tbody tr")).to_have_count(WARDS)
    page.wait_for_timeout(FRAME_MS)
    desk.complaints = [each for each in desk.complaints if "409" not in each]  # what the browser says of the refusal


def test_a_facility_is_dropped_and_another_taken_out(desk):
    page = desk.page
    turn_to(page, "What if")
    expect(page.get_by_role("button", name="Compute what if")).to_be_disabled()
    page.get_by_role("button", name="Drop a facility").click()
    desk.click_map(*lonlat(5000, 3500))
    page.get_by_label("Reach (m)").fill("400")
    page.get_by_label("Reach (m)").press("Tab")
    page.get_by_role("button", name="Take one out").click()
    desk.click_map(*lonlat(1050, 1100))
    expect(page.locator(".assumed li")).to_have_text([re.compile("Drawn facility 1"), re.compile("Counted out: TCC-8")])
    desk.shoot("coverage_what_if_en")
    page.get_by_role("button", name="Compute what if").click()
    expect(page.locator(".assumption")).to_contain_text("1 facilities drawn")
    expect(page.locator(".assumption")).to_contain_text("+640 people served, against before")
    assumed = desk.server.orders[0]["what_if"]
    assert assumed["without"] == [9]
    assert assumed["add"]["features"][0]["properties"] == {"reach": 400}
    longitude, latitude = assumed["add"]["features"][0]["geometry"]["coordinates"]
    assert (longitude, latitude) == pytest.approx(lonlat(5000, 3500), abs=2e-4)
    page.get_by_role("button", name="Compare with before").click()
    expect(page.get_by_role("button", name="Swap before and after")).to_be_visible()


def test_by_keyboard_a_facility_is_dropped_at_the_centre(desk):
    page = desk.page
    turn_to(page, "What if")
    page.get_by_role("button", name="Drop a facility").press("Enter")
    expect(page.locator("canvas.maplibregl-canvas")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".assumed li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Drop a facility")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Remove: Drawn facility 1").click()
    expect(page.locator(".assumed li")).to_have_count(0)


def test_a_street_is_closed_by_a_click_and_many_by_a_line(planner_page):
    desk = open_panel(planner_page)
    page = desk.page
    page.evaluate("(at) => window.gisInfraMap.jumpTo({ center: at, zoom: 17 })", list(lonlat(240, 240)))
    turn_to(page, "What if")
    page.get_by_role("button", name="Close a street").click()
    desk.click_map(*lonlat(180, 240))
    expect(page.locator(".assumed li")).to_have_text([re.compile("Street closed: Đường Lê Lợi")])
    page.get_by_role("button", name="Draw a closure").click()
    for place in ((200, 210), (200, 270)):
        desk.click_map(*lonlat(*place))
        page.wait_for_timeout(3 * FRAME_MS)
    page.keyboard.press("Enter")
    expect(page.locator(".assumed li")).to_have_count(2)
    expect(page.locator(".panel")).to_contain_text("Closing a street matters only along streets")
    page.get_by_text("How to compute").click()
    page.get_by_label("Method").select_option("streets")
    page.get_by_role("button", name="Compute what if").click()
    expect(page.locator(".assumption")).to_be_visible()
    assumed = desk.server.orders[0]["what_if"]
    assert len(assumed["closed"]) == 1
    assert assumed["closing"]["type"] == "LineString"


def test_sites_are_found_walked_through_and_taken_into_what_is_assumed(desk):
    page = desk.page
    turn_to(page, "Where next")
    page.get_by_label("How many sites").fill("0")
    page.get_by_label("How many sites").press("Tab")
    expect(page.locator(".panel")).to_contain_text("From 1 to 100 sites.")
    page.get_by_label("How many sites").fill("3")
    page.get_by_label("Choose among").select_option("grid")
    page.get_by_label("Grid spacing (m)").fill("250")
    page.get_by_label("Grid spacing (m)").press("Tab")
    page.get_by_role("button", name="Find sites").click()
    expect(page.locator(".sites li")).to_have_count(3)
    assert desk.server.orders[0]["sites"] == {"n": 3, "from": "grid", "spacing_m": 250}
    expect(page.locator(".panel")).to_contain_text("at least 63.2% of the best possible choice, and here at least 87%")
    desk.expect_drawn(sites=3)
    page.locator("#coverage-site-1").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#coverage-site-2")).to_be_focused()
    expect(page.get_by_role("region", name="Site 2")).to_contain_text("250 more people, 750 in all")
    desk.shoot("coverage_sites_en")
    page.get_by_role("button", name="Assume it is there").click()
    expect(page.locator(".assumed li")).to_have_count(1)


def test_sites_are_chosen_among_points_the_user_sets(desk):
    page = desk.page
    turn_to(page, "Where next")
    page.get_by_label("Choose among").select_option("given")
    expect(page.get_by_role("button", name="Find sites")).to_be_disabled()
    page.get_by_role("button", name="Set points").click()
    desk.click_map(*lonlat(3000, 3000))
    desk.click_map(*lonlat(4000, 4000))
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_contain_text("2 points set")
    page.get_by_role("button", name="Find sites").click()
    expect(page.locator(".sites li")).to_have_count(3)
    assert len(desk.server.orders[0]["sites"]["points"]) == 2


def test_the_series_is_a_curve_and_each_run_opens(desk):
    page = desk.page
    turn_to(page, "Runs")
    expect(page.locator(".runs li")).to_have_count(4)
    expect(page.get_by_role("img", name=re.compile("31 Dec 2025: 70%"))).to_be_visible()
    expect(page.locator(".runs li").first).to_contain_text("Thêm ở Hàng Ngựa")
    expect(page.locator(".runs .shown")).to_contain_text("Shown now")
    desk.shoot("coverage_runs_en")
    page.get_by_role("button", name="The city of 30 Jun 2026").click()
    expect(page.locator("table.units tbody tr")).to_have_count(WARDS)
    expect(page).to_have_url(re.compile("run=9"))


def test_two_runs_are_compared_ward_by_ward_with_the_reasons(desk):
    page = desk.page
    turn_to(page, "Runs")
    page.locator("#coverage-compare-9").click()
    expect(page.locator(".headline")).to_contain_text("74% → 81.2%")
    expect(page.locator(".headline")).to_contain_text("+7.2 points")
    expect(page.locator(".reasons")).to_have_text("3 new hydrants")
    expect(page.locator(".panel")).to_contain_text("Places that came")
    expect(page.locator("table.units tbody tr").first).to_contain_text("new unit")
    expect(page.locator(".scale")).to_contain_text("over 10 points more")
    desk.expect_drawn(units=9, gaps=0)
    desk.shoot("coverage_compare_en")
    page.keyboard.press("Escape")
    expect(page.locator(".targets li")).to_be_visible()


def test_an_address_with_a_run_opens_it(planner_page):
    planner_page.server = Server(planner_page.page)
    page = planner_page.open(VIEW + "&run=21")
    expect(page.locator(".assumption")).to_contain_text("1 facilities drawn")
    page.get_by_role("button", name="Back to the city as it is").click()
    expect(page.locator(".assumption")).to_be_hidden()
    assert "run=" not in page.url


def test_who_may_not_compute_is_told_so(visit):
    desk = open_panel(visit(), may_run=False)
    page = desk.page
    for tab in ("What if", "Where next"):
        turn_to(page, tab)
        expect(page.get_by_role("tabpanel")).to_contain_text("Sign in to compute")
        expect(page.get_by_role("button", name="Compute what if")).to_have_count(0)


def test_tabs_are_walked_by_the_arrows(desk):
    page = desk.page
    page.get_by_role("tab", name="Results").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="What if")).to_be_focused()
    expect(page.get_by_role("tab", name="What if")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Runs")).to_be_focused()
    expect(page.locator(".runs li")).to_have_count(4)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_part_of_the_panel_has_a_fault_that_axe_finds(visit, signed_in, dark):
    desk = open_panel(visit(dark=dark, state=signed_in))
    page = desk.page
    colors = "dark" if dark else "light"
    page.get_by_text("How to compute").click()
    page.get_by_text("Sources, data and what else to know").click()
    page.get_by_role("button", name="Bến Nghé").click()
    faults = find_faults(page)
    desk.shoot(f"coverage_{colors}")
    turn_to(page, "What if")
    page.get_by_role("button", name="Drop a facility").click()
    desk.click_map(*lonlat(5000, 3500))
    faults += find_faults(page)
    turn_to(page, "Where next")
    page.get_by_role("button", name="Find sites").click()
    expect(page.locator(".sites li")).to_have_count(3)
    faults += find_faults(page)
    turn_to(page, "Runs")
    expect(page.locator(".runs li")).to_have_count(4)
    faults += find_faults(page)
    page.locator("#coverage-compare-9").click()
    expect(page.locator(".headline")).to_be_visible()
    faults += find_faults(page)
    assert faults == [], "\n".join(faults)
    desk.shoot(f"coverage_compare_{colors}")


def test_on_a_phone_every_part_fits(visit, signed_in):
    desk = open_panel(visit(PHONE, state=signed_in))
    page = desk.page
    page.get_by_role("button", name="Bến Nghé").click()
    expect(page.get_by_role("region", name="Bến Nghé")).to_be_in_viewport()
    desk.shoot("coverage_phone")
    for tab in ("What if", "Where next", "Runs"):
        turn_to(page, tab)
        expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    desk.shoot("coverage_phone_runs")


def test_what_is_being_typed_outlives_what_comes_in_meanwhile(planner_page):
    """The panel is built anew while a field is half written, and when it is left: text, cursor and place stay."""
    desk = open_panel(planner_page)
    page = desk.page
    page.get_by_text("How to compute").click()
    title = page.get_by_label("Name of the run")
    title.press_sequentially("Trc")
    page.keyboard.press("ArrowLeft")
    page.get_by_label("Method").evaluate(
        "select => { select.value = 'streets'; select.dispatchEvent(new Event('change', {bubbles: true})) }"
    )
    page.wait_for_timeout(FRAME_MS)
    expect(title).to_be_focused()
    page.keyboard.type("ướ")
    expect(title).to_have_value("Trước")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Compute", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    assert [(order["method"], order["title"]) for order in desk.server.orders] == [("streets", "Trước")]
