"""A planner's ways through the pages: with a mouse, with keys alone, on a phone, in the dark, and without a script."""

import os
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from gis_infra.settings import ROOT
from tests.journeys.conftest import DESKTOP, EVERY_WALK, FRAME_MS, PHONE, SCREENSHOTS, SLOWEST_MS, Session
from tests.journeys.scene import lonlat

AXE = ROOT / "gis_infra/web/viewer/frontend/node_modules/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PIPES = "/ogc/collections/water_pipe"
ADDRESSES = {
    "landing": "/ogc/?f=html&lang=vi",
    "layers": "/ogc/collections?f=html&lang=vi",
    "layer": f"{PIPES}?f=html&lang=vi",
    "table": f"{PIPES}/items?f=html&lang=vi",
    "filtered": f"{PIPES}/items?f=html&lang=vi&filter=material='hdpe'&bbox=106,10,107,11",
    "feature": f"{PIPES}/items/3?f=html&lang=vi",
    "history": f"{PIPES}/items/3/history?f=html&lang=vi",
    "queryables": f"{PIPES}/queryables?f=html&lang=vi",
    "tiles": f"{PIPES}/tiles?f=html&lang=vi",
    "api": "/ogc/api?f=html&lang=vi",
    "conformance": "/ogc/conformance?f=html&lang=vi",
    "functions": "/ogc/functions?f=html&lang=vi",
    "processes": "/ogc/processes?f=html&lang=vi",
    "process": "/ogc/processes/import?f=html&lang=vi",
    "jobs": "/ogc/jobs?f=html&lang=vi",
}
IN_THE_DARK = ("layers", "filtered", "feature", "history")
ON_A_PHONE = ("landing", "layers", "layer", "filtered", "feature")

# Whether the map shows anything marked.
LIT = "gisInfraMap.queryRenderedFeatures().some((each) => each.source === 'highlight')"


def show(session: Session, address: str) -> Page:
    """The page at an address below the host, its map drawn if it has one."""
    session.page.goto(session.address + address)
    wait(session.page)
    return session.page


def wait(page: Page) -> None:
    """Return when the page's map has drawn all it means to."""
    if page.locator(".map[data-layer]").count():
        page.wait_for_selector('.map[aria-busy="false"]', timeout=SLOWEST_MS)


def shoot(page: Page, name: str) -> None:
    """Keep a picture for people to look at, when every walk is taken."""
    if not os.environ.get(EVERY_WALK):
        return
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"pages_{name}.png", full_page=name.startswith("full"))


def find_faults(page: Page) -> list[str]:
    """What axe finds wrong in a page, and where."""
    # Evaluated by the browser's own console, which the content security policy of the page does not bind.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    return [f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"]]


def expect_true(page: Page, condition: str) -> None:
    """Fail unless what a script says of the page comes to be true."""
    # Playwright's own waiting would evaluate text in the page, which its content security policy forbids.
    for _ in range(SLOWEST_MS // FRAME_MS):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(FRAME_MS)
    assert page.evaluate(condition), condition


def test_a_planner_finds_filters_sorts_opens_and_takes_away(visit, signed_in):
    session = visit(DESKTOP, state=signed_in)
    page = show(session, "/ogc/?f=html&lang=vi")
    shoot(page, "landing")
    page.get_by_role("link", name="Tra cứu các lớp dữ liệu").click()
    shoot(page, "layers")
    page.get_by_role("link", name="Hố ga, giếng thăm", exact=True).click()
    wait(page)
    shoot(page, "layer")
    page.get_by_role("link", name="Mở bảng dữ liệu").click()
    expect(page.locator(".found p")).to_have_text("55 đối tượng, hiện từ 1 đến 50")

    page.get_by_text("Bộ lọc", exact=True).click()
    page.get_by_label("Giá trị: Tình trạng").select_option(label="Đang sử dụng")
    page.get_by_label("Giá trị: Mã tài sản").fill("hg-1")
    page.get_by_label("Số dòng mỗi trang").select_option("20")
    shoot(page, "filter")
    page.get_by_role("button", name="Lọc", exact=True).click()
    wait(page)
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".found p")).to_have_text("11 đối tượng")
    page.locator("thead").get_by_role("link", name="Mã tài sản").click()
    page.locator("thead").get_by_role("link", name="Mã tài sản").click()
    expect(page.locator("tbody th").first).to_have_text("HG-110")
    wait(page)
    shoot(page, "table")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    lines = download.value.path().read_text(encoding="utf-8-sig").strip().splitlines()
    assert len(lines) == 12 and "HG-110" in "".join(lines)

    page.get_by_role("link", name="HG-110").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hố ga, giếng thăm HG-110")
    wait(page)
    expect_true(page, LIT)
    shoot(page, "feature")
    page.get_by_role("link", name="Xem trên bản đồ chính").click()
    session.wait()
    expect(page.locator(".finding[open]")).to_contain_text("HG-110")


def test_pages_are_turned_forwards_and_back(visit):
    page = show(visit(), "/ogc/collections/manhole/items?f=html&lang=vi&limit=20&sortby=asset_code")
    first = page.locator("tbody th").all_text_contents()
    page.get_by_role("link", name="Trang sau").click()
    second = page.locator("tbody th").all_text_contents()
    page.get_by_role("link", name="Trang sau").click()
    third = page.locator("tbody th").all_text_contents()
    assert (len(first), len(second), len(third)) == (20, 20, 15)
    assert first + second + third == sorted({*first, *second, *third})
    page.get_by_role("link", name="Trang trước").click()
    expect(page.locator("tbody th").first).to_have_text(second[0])
    wait(page)


def test_the_table_and_its_map_light_each_other(planner_page):
    page = show(planner_page, ADDRESSES["table"])
    row = page.locator('tr[data-id="3"]')
    row.hover()
    expect_true(page, LIT)
    page.mouse.move(0, 0)
    expect_true(page, f"!{LIT}")
    x, y = planner_page.find_pixel(*lonlat(240, 243))
    page.mouse.click(x, y)
    expect(page.locator("tr.lit")).to_contain_text("CN-003")
    expect(row.get_by_role("link")).to_be_focused()
    page.locator('tr[data-id="1"] td').first.click()
    expect_true(page, f"Math.abs(gisInfraMap.getCenter().lat - {lonlat(240, 3)[1]}) < 1e-4")


def test_the_box_of_the_map_becomes_a_condition(planner_page):
    page = show(planner_page, ADDRESSES["table"])
    longitude, latitude = lonlat(240, 243)
    page.evaluate("([at, zoom]) => gisInfraMap.jumpTo({center: at, zoom})", [[longitude, latitude], 19])
    page.get_by_text("Bộ lọc", exact=True).click()
    page.get_by_text("Khu vực (kinh độ, vĩ độ)").click()
    page.get_by_role("button", name="Lấy khung nhìn của bản đồ").click()
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.locator("tbody th")).to_have_text(["CN-003"])
    wait(page)


def test_keys_alone_lead_from_the_first_page_to_a_feature(visit):
    page = show(visit(), "/ogc/collections/manhole/items?f=html&lang=vi")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("details.filter > summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Giá trị: Mã tài sản")).to_be_focused()
    page.keyboard.type("hg-304")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th")).to_have_text(["HG-304"])
    page.locator("tbody th a").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("HG-304")
    wait(page)


def test_an_address_is_copied(visit):
    session = visit()
    session.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = show(session, "/ogc/?f=html&lang=vi")
    page.get_by_role("button", name="Chép: Địa chỉ OGC API").click()
    expect(page.get_by_text("Đã chép").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{session.address}/ogc/"


def test_the_other_language_is_one_step_away(visit):
    page = show(visit(), "/ogc/collections/manhole/items?f=html&lang=vi&limit=20")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".found p")).to_have_text("55 features, 1 to 20 shown")
    wait(page)


def test_a_problem_tells_the_way_back(visit):
    session = visit()
    page = show(session, "/ogc/collections/manhole/items?f=html&lang=vi&bbox=1,2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Yêu cầu chưa đúng")
    assert find_faults(page) == []
    shoot(page, "problem")
    page.get_by_role("link", name="Về bảng, không có điều kiện nào").click()
    expect(page.locator(".found p")).to_contain_text("55 đối tượng")
    wait(page)
    session.complaints.clear()  # the browser notes the refusal itself, as it should


@pytest.mark.parametrize("name", ADDRESSES)
def test_nothing_stands_in_the_way_of_any_reader(planner_page, name):
    page = show(planner_page, ADDRESSES[name])
    for each in page.locator("main details:not([open]) > summary").all():
        if each.is_visible():
            each.click()
    assert find_faults(page) == []


@pytest.mark.parametrize("name", IN_THE_DARK)
def test_in_the_dark_everything_can_be_read(visit, signed_in, name):
    session = visit(dark=True, state=signed_in)
    page = show(session, ADDRESSES[name])
    assert find_faults(page) == []
    shoot(page, f"{name}_dark")


@pytest.mark.parametrize("name", ON_A_PHONE)
def test_on_a_phone_nothing_is_cut_off(visit, signed_in, name):
    session = visit(PHONE, state=signed_in)
    page = show(session, ADDRESSES[name])
    expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    assert find_faults(page) == []
    shoot(page, f"{name}_phone")


def test_a_version_is_looked_at_on_the_map_beside_the_present_one(planner_page, quarter_engine, tables):
    hydrant = tables.get("fire_hydrant")
    first = sa.select(hydrant.c.id).order_by(hydrant.c.id).limit(1).scalar_subquery()
    with quarter_engine.begin() as connection:
        moved = sa.func.st_translate(hydrant.c.geom, 0.5, 0.25)
        (number,) = connection.execute(
            hydrant.update().where(hydrant.c.id == first).values(geom=moved, flow_lps=12.5).returning(hydrant.c.id)
        ).one()
    page = show(planner_page, f"/ogc/collections/fire_hydrant/items/{number}?f=html&lang=vi")
    page.get_by_role("link", name="Xem lịch sử thay đổi").click()
    expect(page.locator(".versions > li")).to_have_count(2)
    expect(page.locator(".versions > li").first).to_contain_text("dịch xa nhất 0,56 m")
    wait(page)
    page.get_by_role("button", name="Xem hình học trên bản đồ: Phiên bản 1").click()
    expect_true(page, LIT)
    shoot(page, "history")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_a_script_the_table_is_filtered_sorted_and_turned(plain_page, address):
    plain_page.goto(f"{address}/ogc/collections/manhole/items?f=html&lang=vi&limit=20")
    plain_page.locator("details.filter > summary").click()
    plain_page.get_by_label("Giá trị: Mã tài sản").fill("HG-2")
    plain_page.get_by_role("button", name="Lọc", exact=True).click()
    expect(plain_page.locator(".found p")).to_have_text("11 đối tượng")
    expect(plain_page.locator(".map")).to_contain_text("Bản đồ cần JavaScript")
    plain_page.get_by_role("link", name=re.compile("Bỏ điều kiện")).click()
    plain_page.get_by_role("link", name="Trang sau").click()
    expect(plain_page.locator(".found p")).to_have_text("55 đối tượng, hiện 20")
