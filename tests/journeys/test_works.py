"""Planned works: drawn, checked at once, and told whose assets are in the way."""

import json
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from sqlalchemy import Engine

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.contacts.entries import parse_entry
from gis_infra.analysis.contacts.store import add_contact
from tests.builders import insert_many
from tests.journeys.conftest import FRAME_MS, PHONE
from tests.journeys.scene import area, lonlat, view
from tests.journeys.test_pages import expect_true, find_faults

MIDDLE = 240.0  # the third street, metres north of the corner of the quarter
CONTACTS = (
    {"owner": "Sawaco", "name": "Phòng Kỹ thuật", "phone": "028 3829 1777", "sectors": ["water"]},
    {"owner": "Công ty Cây xanh", "name": "Ban Quản lý", "email": "hoi@cayxanh.example", "sectors": ["environment"]},
)


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
    page.get_by_label("Độ sâu đào").fill("0,6")
    with page.expect_request("**/analysis/works-check?*") as asked:
        page.get_by_label("Cách thi công").select_option("trenchless")
    works = json.loads(asked.value.post_data or "")
    assert works["geometry"]["type"] == "Polygon"
    assert works["properties"] == {"buffer_m": 1, "depth_m": 0.6, "method": "trenchless"}


def test_an_end_before_the_start_is_told_without_asking_the_server(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_role("textbox", name="Bắt đầu").fill("10/12/2026")
    page.keyboard.press("Tab")
    page.get_by_role("textbox", name="Kết thúc").fill("1/12/2026")
    page.keyboard.press("Tab")
    expect(page.locator(".note.error")).to_have_text("Ngày kết thúc sớm hơn ngày bắt đầu.")


def test_a_depth_out_of_range_is_told_in_the_readers_words(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Độ sâu đào").fill("999")
    page.keyboard.press("Tab")
    expect(page.locator(".note.error")).to_have_text("Phạm vi, độ sâu và đường kính chỉ được từ 0 đến 50 m.")
    page.get_by_label("Độ sâu đào").fill("2")
    page.keyboard.press("Tab")
    expect(page.locator(".conflict").first).to_be_visible()


def test_escape_gives_up_the_drawing_and_keeps_the_tool(map_page):
    page = map_page.open(view(60, MIDDLE, 19) + "&tool=works")
    page.get_by_role("button", name="Vẽ tuyến").click()
    expect(page.locator(".panel .note")).to_contain_text("Bấm từng điểm")
    map_page.click_map(*lonlat(60, MIDDLE))
    page.keyboard.press("Escape")
    expect(page.locator(".panel .note")).to_contain_text("Vẽ tuyến, vẽ vùng hoặc chọn đường")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


def test_drawn_works_outlast_a_dialog_and_another_tool(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(planner_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    page.get_by_label("Độ sâu đào").fill("1,5")
    page.get_by_role("button", name="Chia sẻ").click()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.get_by_label("Độ sâu đào")).to_have_value("1,5")
    page.get_by_role("button", name="Xem thông tin").click()
    page.get_by_role("button", name="Kiểm tra công trình").click()
    expect(page.locator(".conflict").first).to_be_visible()
    expect(page.get_by_label("Độ sâu đào")).to_have_value("1,5")


def test_an_area_that_crosses_itself_is_sent_back_to_be_mended(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(planner_page, "Vẽ vùng", (55, MIDDLE - 8), (65, MIDDLE + 8), (65, MIDDLE - 8), (55, MIDDLE + 8))
    expect(page.locator(".note.error")).to_contain_text("tự cắt chính nó")


def test_clicking_an_asset_of_the_list_shows_it_on_the_map(map_page):
    page = map_page.open(view(60, MIDDLE, 18) + "&tool=works")
    draw(map_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    page.locator(".conflict").first.click()
    expect(page.locator('.conflict[aria-pressed="true"]')).to_have_count(1)
    map_page.expect_drawn(highlight=1)


@pytest.fixture
def project(quarter_engine: Engine, tables) -> Iterator[None]:
    """A works project across the middle street, kept by the city while the journey lasts."""
    row = {
        "name": "Hào kỹ thuật Lê Lợi",
        "applicant": "Sawaco",
        "method": "open_cut",
        "depth_m": 1.5,
        "wkt": area(100, MIDDLE - 6, 104, MIDDLE + 6),
    }
    with quarter_engine.begin() as connection:
        insert_many(connection, tables, "works_project", [row])
    yield
    with quarter_engine.begin() as connection:
        connection.execute(sa.delete(tables.get("works_project")))


@pytest.fixture
def contacts(quarter_engine: Engine, quarter, catalogue) -> Iterator[None]:
    """Whom to ask, one of them with nothing there, while the journey lasts."""
    with quarter_engine.begin() as connection:
        for document in (
            {"owner": "Sawaco", "name": "Phòng Kỹ thuật", "phone": "028 3829 1777", "sectors": ["water"]},
            {
                "owner": "Công ty Cây xanh",
                "name": "Ban Quản lý",
                "email": "hoi@cayxanh.example",
                "sectors": ["drainage"],
            },
        ):
            entry = parse_entry(document, catalogue.sectors, quarter.city_srid)
            add_contact(connection, SYSTEM, entry, quarter.city_srid)
    yield
    with quarter_engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM gis.owner_contact"))


def test_owners_are_told_with_contacts_and_those_with_nothing_there_too(planner_page, contacts):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(planner_page, "Draw a line", (60, MIDDLE - 8), (60, MIDDLE + 8))
    sawaco = page.locator(".owners > div", has_text="Sawaco")
    expect(sawaco).to_contain_text("Phòng Kỹ thuật")
    expect(sawaco.get_by_role("link")).to_have_attribute("href", "tel:02838291777")
    expect(page.locator(".panel")).to_contain_text("With nothing recorded there, or not shown")
    expect(page.locator(".owners > div", has_text="Công ty Cây xanh")).to_contain_text("hoi@cayxanh.example")
    expect(page.locator(".panel")).to_contain_text("No depth is given: judged on the plan alone")
    page.locator(".owners").first.scroll_into_view_if_needed()
    planner_page.shoot("works_owners_en")


def test_who_must_be_told_and_by_when(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(planner_page, "Draw a line", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".owners .notice").first).to_contain_text("To be told 10 days before")
    starts = page.get_by_role("textbox", name="Starts")
    starts.fill("3/20/2099")
    page.keyboard.press("Tab")
    expect(page.locator(".note.error")).to_have_text("A day is needed, such as 25/12/2020.")
    starts.fill("20/3/2099")
    page.keyboard.press("Tab")
    expect(page.locator(".owners .notice").first).to_contain_text("To be told by 10 Mar 2099 (10 days before)")


def test_a_wider_look_around_lists_what_is_clear_apart(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(planner_page, "Draw a line", (60, MIDDLE - 1), (60, MIDDLE + 1))
    expect(page.locator(".conflict").first).to_be_visible()
    page.get_by_label("Reach to either side").fill("20")
    page.keyboard.press("Tab")
    around = page.locator("summary", has_text="Nearby and clear")
    expect(around).to_be_visible()
    around.click()
    expect(page.locator(".conflict.clear .mark.clear").first).to_be_visible()


def test_a_stored_project_is_checked_from_where_it_is_identified(planner_page, project):
    page = planner_page.open(view(102, MIDDLE, 19) + "&lang=en")
    planner_page.click_map(*lonlat(102, MIDDLE - 5))
    expect(page.locator(".finding", has_text="Hào kỹ thuật Lê Lợi")).to_be_visible()
    if not page.get_by_role("button", name="Check these works").is_visible():
        page.locator(".finding", has_text="Hào kỹ thuật Lê Lợi").locator("summary").first.click()
    with page.expect_request(re.compile(r"works-check\?.*project=\d+")):
        page.get_by_role("button", name="Check these works").click()
    expect(page.get_by_text("Stored works project: Hào kỹ thuật Lê Lợi")).to_be_visible()
    expect(page.locator(".conflict", has_text="CN-003")).to_be_visible()
    expect(page.get_by_label("Depth of the dig")).to_have_count(0)
    planner_page.shoot("works_project_en")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Depth of the dig")).to_be_visible()


@pytest.mark.parametrize(("button", "heading"), [("Báo cáo để in", "Kiểm tra công trình"), ("Thư gửi", "Kính gửi")])
def test_report_and_letters_open_ready_to_print(planner_page, button, heading):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(planner_page, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    with page.expect_popup() as opened:
        page.get_by_role("button", name=button).click()
    expect(opened.value.locator("body")).to_contain_text(heading)
    expect(opened.value.locator("body")).to_contain_text("CN-003")


def test_what_is_met_is_downloaded(planner_page):
    page = planner_page.open(view(60, MIDDLE, 19) + "&tool=works&lang=en")
    draw(planner_page, "Draw a line", (60, MIDDLE - 8), (60, MIDDLE + 8))
    page.get_by_text("Data files").click()
    kept = []
    # It begins as soon as the tab is there, which may be before anybody asks that tab for it.
    page.context.on("page", lambda tab: tab.on("download", lambda file: kept.append(file)))
    page.on("download", lambda file: kept.append(file))
    page.get_by_role("button", name="GeoPackage").click()
    for _ in range(500):
        if kept:
            break
        page.wait_for_timeout(FRAME_MS)
    assert kept[0].suggested_filename == "works.gpkg"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_form_and_answer_have_no_fault_that_axe_finds(visit, signed_in, dark):
    session = visit(dark=dark, state=signed_in)
    page = session.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(session, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".owners").first).to_be_visible()
    page.get_by_text("Ghi trong thư và báo cáo").click()
    page.get_by_text("Tệp dữ liệu").click()
    faults = find_faults(page)
    assert faults == [], "\n".join(faults)
    session.shoot(f"works_{'dark' if dark else 'light'}")


def test_on_a_phone_the_answer_fits(visit, signed_in):
    session = visit(PHONE, state=signed_in)
    page = session.open(view(60, MIDDLE, 19) + "&tool=works")
    draw(session, "Vẽ tuyến", (60, MIDDLE - 8), (60, MIDDLE + 8))
    expect(page.locator(".owners").first).to_be_visible()
    expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    session.shoot("works_phone")
