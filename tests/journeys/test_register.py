"""The register of conflicts: listed, on the map, narrowed, grouped, worked on, and all of it without a mouse."""

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import Engine

from tests.journeys.conftest import PHONE
from tests.journeys.scene import CLOSE_CODES, view
from tests.journeys.test_pages import expect_true, find_faults

CLOSE = re.compile("|".join(CLOSE_CODES))
MIDDLE = view(240, 240, 15.2)
REFUSED = re.compile("Failed to load resource: the server responded with a status of 4")


@pytest.fixture
def untouched(quarter_engine: Engine) -> Iterator[None]:
    """Takes back, when the journey ends, whatever people did in the register."""
    yield
    with quarter_engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM gis.conflict_event WHERE run_id IS NULL"))
        connection.execute(
            sa.text(
                "UPDATE gis.conflict SET status = 'new', reason = NULL, status_by = NULL, assignee = NULL,"
                " owner = NULL, due_on = NULL, resolved_on = NULL, version = version + 1 WHERE version > 1"
            )
        )


def get_row(page: Page) -> Locator:
    """The planted conflict in the list."""
    return page.locator(".conflict", has_text=CLOSE_CODES[0]).filter(has_text=CLOSE_CODES[1])


def open_card(page: Page) -> Locator:
    """The panel with the card of the planted conflict, its history told."""
    get_row(page).click()
    expect(page.locator(".history")).to_be_visible()
    return page.locator(".panel")


def test_the_planted_conflict_is_listed_and_drawn(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register")
    conflict = get_row(page)
    expect(conflict).to_have_count(1)
    expect(conflict).to_contain_text("Vi phạm")
    expect(conflict).to_contain_text("yêu cầu 0,5 m")
    expect(conflict).to_contain_text("EVNHCMC")
    expect(conflict.locator(".mark.violation")).to_be_visible()
    planner_page.wait()
    page.wait_for_timeout(1000)  # the list follows the view, which has just come to rest
    planner_page.expect_drawn(conflicts=page.locator(".conflict").count())
    planner_page.shoot("register_vi")


def test_a_card_tells_all_there_is_to_a_conflict(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    card = open_card(page)
    for told in (*CLOSE_CODES, "Sawaco", "EVNHCMC", "0.5 m", "not recorded", "Length of the stretch", "Đường Lê Lợi"):
        expect(card).to_contain_text(told)
    expect(card).to_contain_text(re.compile("B lies (left|right) of A"))
    expect(card.locator(".history")).to_contain_text("Found")
    planner_page.expect_drawn(highlight=2)  # the place, and the two assets, which have the same number
    expect_true(page, "window.gisInfraMap.getZoom() >= 19")
    planner_page.shoot("register_card_en")
    page.get_by_role("button", name="Back to the list").click()
    expect(get_row(page)).to_be_focused()


def test_a_figure_nobody_has_verified_is_marked(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register")
    page.locator(".conflict", has_text="Con số chưa được kiểm chứng").first.click()
    expect(page.locator(".unverified")).to_contain_text("Chưa đối chiếu")


def test_the_public_is_not_told_of_conflicts_between_assets_it_may_not_see(map_page):
    page = map_page.open("#tool=register")
    expect(page.locator(".panel .note").first).to_be_visible()
    expect(page.locator(".panel .note").first).not_to_contain_text("Đang tải")
    expect(page.locator(".conflict", has_text=CLOSE)).to_have_count(0)
    expect(page.locator("#register-sort option")).to_have_count(3)  # not by due date
    page.locator(".conflict").first.click()
    expect(page.locator(".panel")).to_contain_text("Đăng nhập để xử lý")
    expect(page.locator(".history")).to_have_count(0)


def test_filters_narrow_the_list_and_the_map(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Status").select_option("resolved")
    expect(page.locator(".panel .note").first).to_have_text("No conflict matches.")
    planner_page.expect_drawn(conflicts=0)
    page.get_by_label("Status").select_option("new")
    expect(page.locator(".conflict").first).to_be_visible()
    rules = page.get_by_label("Rule", exact=True)
    rules.select_option(index=1)
    title, count = re.fullmatch(r"(.*) \((\d+)\)", rules.locator("option:checked").inner_text()).groups()
    expect(page.locator(".conflict")).to_have_count(int(count))
    titles = {row.strip() for row in page.locator(".conflict .title").all_inner_texts()}
    assert titles == {title}


def test_answers_are_chosen_by_their_marks(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    expect(page.locator(".conflict").first).to_be_visible()
    everything = page.locator(".conflict").count()
    chip = page.locator("#register-vertical_unknown")
    expect(chip).to_contain_text("Depth unknown")
    number = int(chip.locator(".aside").inner_text())
    assert 0 < number < everything
    chip.click()
    expect(page.locator(".conflict")).to_have_count(number)
    expect(page.locator(".conflict.vertical_unknown")).to_have_count(number)
    expect(page.locator("#register-violation .aside")).not_to_have_text("0")
    chip.click()
    expect(page.locator(".conflict")).to_have_count(everything)


def test_owner_street_and_kind_narrow_too_and_are_cleared_at_once(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    expect(page.locator(".conflict").first).to_be_visible()
    everything = page.locator(".conflict").count()
    page.get_by_text("More filters").click()
    page.get_by_label("Owner of an asset").select_option("EVNHCMC")
    page.get_by_label("Street", exact=True).select_option("Đường Lê Lợi")
    page.get_by_label("Kind").select_option("clearance")
    expect(page.get_by_text("More filters (3 on)")).to_be_visible()
    expect(get_row(page)).to_have_count(1)
    assert page.locator(".conflict").count() < everything
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".conflict")).to_have_count(everything)


def test_groups_count_and_open_into_the_list(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Group by").select_option("asset_owner")
    group = page.locator(".groups li", has_text="EVNHCMC")
    number = int(group.locator(".count").inner_text())
    planner_page.shoot("register_groups_en")
    group.get_by_role("button").click()
    expect(page.locator(".conflict")).to_have_count(number)
    expect(page.locator(".conflict", has_text="EVNHCMC")).to_have_count(number)


def test_only_in_view_follows_the_map(planner_page):
    page = planner_page.open(view(-900, -900, 18) + "&tool=register")
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Chỉ trong khung nhìn").check()
    expect(page.locator(".panel .note").first).to_have_text("Không có xung đột nào khớp.")
    page.get_by_label("Toàn bộ dữ liệu").click()
    expect(page.locator(".conflict").first).to_be_visible()


def test_a_click_on_the_map_opens_the_conflict(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register")
    expect(page.locator(".conflict").first).to_be_visible()
    planner_page.expect_drawn(conflicts=page.locator(".conflict").count())
    hit = page.evaluate(
        "(({geometry, properties}) => [geometry.coordinates, properties.id])"
        "(window.gisInfraMap.queryRenderedFeatures({layers: ['conflicts']})[0])"
    )
    planner_page.click_map(*hit[0])
    expect(page.locator("#entry-title")).to_be_focused()
    expect(page.locator(".panel")).to_contain_text(re.compile(r"Xung đột số \d+"))


def test_the_keyboard_walks_the_list_opens_and_comes_back(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register")
    rows = page.locator(".conflict")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    expect(rows.nth(2)).to_have_attribute("aria-pressed", "true")
    planner_page.expect_drawn(highlight=1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#entry-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(rows.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_an_editor_reviews_approves_with_a_reason_and_reopens(editor_page, untouched):
    page = editor_page.open(MIDDLE + "&tool=register&lang=en")
    card = open_card(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert").filter(has_text="needs its reason")).to_be_visible()
    expect(page.get_by_label("Comment or reason")).to_be_focused()
    page.get_by_role("button", name="Mark reviewed").click()
    expect(card.locator(".status")).to_have_text("Reviewed")
    expect(page.get_by_role("button", name="Mark reviewed")).to_have_count(0)
    page.get_by_label("Comment or reason").fill("Bọc ống thép dọc đoạn gần cáp")
    page.get_by_role("button", name="Approve").click()
    expect(card.locator(".status")).to_have_text("Approved")
    expect(card.locator(".history li").first).to_contain_text("Bọc ống thép")
    expect(card.locator(".history li").first).to_contain_text("by Trần Thị Ngân")
    editor_page.shoot("register_steps_en")
    page.get_by_role("button", name="Reopen").click()
    expect(card.locator(".status")).to_have_text("Active")
    page.keyboard.press("Escape")
    expect(get_row(page)).to_contain_text("Active")


def test_a_conflict_is_assigned_to_me_to_another_and_has_a_day(editor_page, untouched):
    page = editor_page.open(MIDDLE + "&tool=register&lang=en")
    card = open_card(page)
    page.get_by_role("button", name="Assign to me").click()
    expect(card).to_contain_text(re.compile("Assigned to\\s*Trần Thị Ngân"))
    takers = page.get_by_label("Assign to", exact=True)
    takers.select_option("")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Choose who shall work on it.")).to_be_visible()
    takers.select_option(label="Trần Thị Lan – Planning department")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(card).to_contain_text(re.compile("Assigned to\\s*Trần Thị Lan"))
    page.get_by_label("Department in charge").select_option(label="Planning department")
    page.get_by_role("button", name="Hand over").click()
    expect(card.locator(".history")).to_contain_text("none → Planning department")
    due = page.get_by_role("textbox", name="Due date")
    due.fill("31/02/2020")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_role("alert").filter(has_text="A day is needed, such as 25/12/2020.")).to_be_visible()
    due.fill("31/01/2020")
    page.get_by_role("button", name="Set").click()
    expect(card).to_contain_text("31 Jan 2020, overdue")


def test_who_was_overtaken_is_told_and_keeps_what_they_typed(editor_page, untouched, quarter_engine):
    page = editor_page.open(MIDDLE + "&tool=register&lang=en")
    card = open_card(page)
    page.get_by_label("Comment or reason").fill("Đã đo lại tại hiện trường")
    with quarter_engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE gis.conflict SET status = 'reviewed', status_by = 'lan', version = version + 1"
                " WHERE left_code = ANY(:codes) AND right_code = ANY(:codes)"
            ),
            {"codes": list(CLOSE_CODES)},
        )
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert").filter(has_text="Somebody else has just changed this conflict")).to_be_visible()
    expect(card.locator(".status")).to_have_text("Reviewed")
    expect(page.get_by_label("Comment or reason")).to_have_value("Đã đo lại tại hiện trường")
    editor_page.shoot("register_overtaken_en")
    page.get_by_role("button", name="Approve").click()
    expect(card.locator(".status")).to_have_text("Approved")
    take_refusals(editor_page, 1)


def test_who_only_sees_a_conflict_may_comment_and_no_more(planner_page, untouched):
    page = planner_page.open(MIDDLE + "&tool=register")
    card = open_card(page)
    for name in ("Chấp thuận", "Đã xem xét", "Giao cho tôi"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_role("alert").filter(has_text="Hãy viết ý kiến")).to_be_visible()
    page.get_by_label("Ý kiến hoặc lý do").fill("Hỏi lại điện lực trước tháng 12")
    page.get_by_role("button", name="Gửi ý kiến").click()
    expect(card.locator(".history li").first).to_contain_text("Hỏi lại điện lực")
    expect(page.get_by_label("Ý kiến hoặc lý do")).to_have_value("")


def test_more_than_a_page_is_paged(planner_page):
    planner_page.page.route(re.compile(r"/ogc/conflicts\?"), tell_of_more)
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    expect(page.locator(".pager")).to_contain_text("Page 1 of 3")
    expect(page.get_by_role("button", name="Previous page")).to_be_disabled()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".pager")).to_contain_text("Page 2 of 3")


@pytest.mark.parametrize("name", ["GeoPackage", "CSV", "Excel (XLSX)"])
def test_what_matches_is_downloaded(planner_page, name):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    page.get_by_text("Download, print").click()
    with page.expect_download() as kept:
        page.get_by_role("link", name=name).click()
    assert kept.value.suggested_filename.startswith("conflicts.")


def test_the_report_opens_ready_to_print(planner_page):
    page = planner_page.open(MIDDLE + "&tool=register&lang=en")
    page.get_by_label("Rule", exact=True).select_option(index=1)
    page.get_by_text("Download, print").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Report to print").click()
    expect(opened.value.locator("h1")).to_contain_text("Report on conflicts")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_list_groups_and_card_have_no_fault_that_axe_finds(visit, signed_in_editor, dark):
    session = visit(dark=dark, state=signed_in_editor)
    page = session.open(MIDDLE + "&tool=register")
    expect(get_row(page)).to_be_visible()
    page.get_by_text("Lọc thêm").click()
    expect(page.locator("#register-street option").nth(1)).to_be_attached()
    assert find_faults(page) == [], chr(10).join(find_faults(page))
    page.get_by_label("Gộp theo").select_option("rule")
    expect(page.locator(".groups li").first).to_be_visible()
    assert find_faults(page) == [], chr(10).join(find_faults(page))
    page.get_by_label("Gộp theo").select_option("")
    open_card(page)
    assert find_faults(page) == [], chr(10).join(find_faults(page))
    session.shoot(f"register_card_{'dark' if dark else 'light'}")


def test_on_a_phone_the_card_is_above_the_tools(visit, signed_in_editor):
    session = visit(PHONE, state=signed_in_editor)
    page = session.open(MIDDLE + "&tool=register")
    expect(get_row(page)).to_be_in_viewport(ratio=0.9)
    session.shoot("register_phone_list")
    page.get_by_text("Lọc thêm, sắp xếp, gộp").click()
    page.get_by_label("Gộp theo").select_option("rule")
    expect(page.locator(".conflicts, .groups").first).to_be_visible()
    page.get_by_label("Chỉ trong khung nhìn").check()
    expect(page.get_by_text("Lọc thêm (1 đang dùng)")).to_be_visible()
    page.get_by_label("Chỉ trong khung nhìn").uncheck()
    page.get_by_label("Gộp theo").select_option("")
    open_card(page)
    expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    session.shoot("register_phone_card")


def tell_of_more(route: Route) -> None:
    """Answer as if there were 1200 conflicts, the same ones on each page."""
    address = re.sub("offset=[0-9]+", "offset=0", route.request.url)
    found = route.fetch(url=address)
    route.fulfill(response=found, json={**found.json(), "numberMatched": 1200})


def take_refusals(session, number):
    """Take out what the browser noted of refusals that the journey brought about; fail if they are not so many."""
    refused = [each for each in session.complaints if REFUSED.search(each)]
    assert len(refused) == number
    session.complaints = [each for each in session.complaints if each not in refused]
