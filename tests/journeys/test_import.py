"""Bringing a file in on the map: handed over, seen, tried, imported, taken back; and a layer taken away as a file."""

import pytest
from playwright.sync_api import expect
from shapely import LineString
from sqlalchemy import delete, func, select

from gis_infra.accounts import people
from tests.journeys.conftest import PHONE, sign_in
from tests.journeys.scene import view
from tests.journeys.test_pages import expect_true
from tests.sources import TM3_ESRI, write_shapefile
from tests.workers import working

SURVEYOR = ("minh", "mot-mat-khau-khac-13")
X, Y = 603_050.0, 1_191_050.0  # EPSG:9210
PARTS = (".shp", ".shx", ".dbf", ".prj")
SLOW_MS = 60_000  # a job waits for its worker, on a machine with much else to do


@pytest.fixture(scope="module")
def surveyor(quarter, quarter_engine, catalogue, tables, browser, address):
    """The cookies of somebody who may import water pipes, and a worker for the jobs."""
    with quarter_engine.begin() as connection:
        people.add_person(connection, SURVEYOR[0], "Lê Văn Minh", "qhkt", SURVEYOR[1])
        people.grant_to_person(connection, SURVEYOR[0], "importer", "water_pipe", catalogue)
    with working(quarter):
        yield sign_in(browser, address, SURVEYOR)
    with quarter_engine.begin() as connection:
        table = tables.get("water_pipe")
        connection.execute(delete(table).where(table.c.owner == "Đội khảo sát"))


@pytest.fixture
def count(quarter_engine, tables):
    """How many pipes the surveyors' file brought."""

    def count():
        table = tables.get("water_pipe")
        with quarter_engine.connect() as connection:
            chosen = select(func.count()).where(table.c.owner == "Đội khảo sát")
            return connection.execute(chosen).scalar_one()

    return count


TM3 = TM3_ESRI.format(name="VN2000", datum="VN_2000", meridian=105.75, scale=0.9999)


def write(folder, prj=TM3, columns=None):
    """Three pipes in TCVN3, the last of a diameter no pipe has; the paths of the parts there are."""
    lines = [LineString([(X, Y + 5 * row), (X + 40, Y + 5 * row)]) for row in range(3)]
    told = {
        "MA_ONG": ["K1", "K2", "K3"],
        "DUONG_KINH": [100, 200, 9],
        "TEN_DUONG": ["Nguyễn Huệ", "Lê Lợi", "Hàm Nghi"],
        **(columns or {}),
    }
    path = write_shapefile(folder / "ong.shp", told, lines, encoding="TCVN3", prj=prj)
    return [str(path.with_suffix(part)) for part in PARTS if path.with_suffix(part).exists()]


def hand_in(page, files):
    """Choose the files, and wait until the server has said what they are."""
    page.locator("#import-files").set_input_files(files)
    expect(page.locator("#import-layer")).to_be_visible(timeout=SLOW_MS)


def test_a_file_is_seen_tried_imported_and_taken_back(visit, surveyor, tmp_path, count):
    session = visit(state=surveyor)
    page = session.open(view(60, 60, 17) + "&tool=imports")
    hand_in(page, write(tmp_path))
    panel = page.locator(".panel")
    expect(panel).to_contain_text("TCVN3")
    expect(panel).to_contain_text("Nguyễn Huệ")
    expect(page.locator("#import-layer")).to_have_value("water_pipe")
    page.get_by_label("Chủ sở hữu của dòng không ghi").fill("Đội khảo sát")
    session.shoot("import_vi")
    page.get_by_role("button", name="Chạy thử").click()
    expect(page.locator("#import-report")).to_have_text("Kết quả chạy thử", timeout=SLOW_MS)
    expect(panel).to_contain_text("2 trên 3 dòng")
    assert count() == 0
    page.get_by_role("button", name="Nhập", exact=True).click()
    expect(page.locator("#import-report")).to_have_text("Kết quả", timeout=SLOW_MS)
    assert count() == 2
    session.shoot("import_report_vi")
    page.get_by_role("button", name="Hoàn tác", exact=True).first.click()
    expect(panel).to_contain_text("Đã hoàn tác", timeout=SLOW_MS)
    assert count() == 0


def test_a_folder_is_mended_tried_and_imported_in_english(visit, surveyor, tmp_path, count):
    page = visit(state=surveyor).open(view(60, 60, 17) + "&tool=imports&lang=en")
    folder = tmp_path / "survey"
    folder.mkdir()
    write(folder, columns={"VAT_LIEU": ["HDPE", "HDPE", "nhua deo"], "DUONG_KINH": [100, 200, 300]})
    (folder / "notes.docx").write_bytes(b"x")
    page.locator("#import-folder").set_input_files(str(folder))
    expect(page.locator("#import-layer")).to_be_visible(timeout=SLOW_MS)
    panel = page.locator(".panel")
    expect(panel).to_contain_text("Left out 1 files of no use here: notes.docx")
    expect(panel).to_contain_text("3 features, lines, ESRI Shapefile")
    expect(page.get_by_role("group", name="The first 3 rows of the file")).to_contain_text("nhua deo")
    page.get_by_label("Owner of rows that name none").fill("Đội khảo sát")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.locator("#import-report")).to_be_focused(timeout=SLOW_MS)
    expect(panel).to_contain_text("1 × VAT_LIEU → Material: is none of the codes")
    page.get_by_label("“nhua deo” means").select_option("upvc")
    page.get_by_role("button", name="Import", exact=True).last.click()
    expect(panel).to_contain_text("3 of 3 rows were taken into Water pipe, 0 rejected.", timeout=SLOW_MS)
    assert count() == 3
    page.get_by_role("button", name="Undo", exact=True).first.click()
    expect(page.locator("#import-undone")).to_be_focused(timeout=SLOW_MS)
    assert count() == 0


def test_where_a_file_lands_is_framed_before_it_is_imported(visit, surveyor, tmp_path):
    session = visit(state=surveyor)
    page = session.open(view(60, 60, 17) + "&tool=imports")
    hand_in(page, write(tmp_path, prj=None))
    expect(page.locator(".import-foot")).to_contain_text("Trước khi nhập hãy chọn: hệ tọa độ.")
    session.expect_drawn(frame=1)
    center = page.evaluate("window.gisInfraMap.getCenter().lng")
    page.get_by_label("Đọc theo", exact=True).select_option("EPSG:5899")  # another province's zone, 200 km to the east
    expect_true(page, f"Math.abs(window.gisInfraMap.getCenter().lng - {center}) > 1")
    session.shoot("import_framed_vi")


def test_a_guess_of_the_coordinate_system_is_left_to_the_person(visit, surveyor, tmp_path):
    page = visit(state=surveyor).open(view(60, 60, 17) + "&tool=imports&lang=en")
    hand_in(page, write(tmp_path, prj=None))
    expect(page.get_by_role("button", name="Import", exact=True).last).to_be_disabled()
    page.get_by_label("Read as", exact=True).select_option("EPSG:9210")
    expect(page.get_by_role("button", name="Import", exact=True).last).to_be_enabled()
    page.get_by_role("button", name="Discard this file").click()
    expect(page.locator("#import-files")).to_be_attached()


def test_a_file_that_is_none_is_refused_in_the_servers_words(visit, surveyor, tmp_path):
    session = visit(state=surveyor)
    page = session.open("#tool=imports&lang=en")
    (tmp_path / "notes.txt").write_text("Không phải bản đồ")
    with page.expect_response("**/imports/uploads?*"):
        page.locator("#import-files").set_input_files(str(tmp_path / "notes.txt"))
    expect(page.locator(".panel .note.error")).to_contain_text("notes.txt", timeout=SLOW_MS)
    session.complaints.clear()  # the browser notes the refusal itself, as it should


def test_who_may_not_import_sees_no_tool_for_it(map_page, planner_page):
    for session in (map_page, planner_page):
        page = session.open("#tool=imports")
        expect(page.locator("#tool-works")).to_be_visible()
        assert page.locator("#tool-imports").count() == 0


def test_a_layer_is_taken_away_as_a_file(map_page):
    page = map_page.open(view(60, 60, 17) + "&lang=en")
    page.get_by_role("button", name="Download Fire hydrant").click()
    page.get_by_label("Format").select_option("csv")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").click()
    assert waiting.value.suggested_filename.endswith(".csv")


def test_the_import_panel_fits_a_phone(visit, surveyor, tmp_path):
    session = visit(PHONE, state=surveyor)
    page = session.open("#tool=imports")
    hand_in(page, write(tmp_path))
    expect(page.get_by_role("button", name="Nhập", exact=True).last).to_be_in_viewport()
    expect_true(page, f"document.documentElement.scrollWidth <= {PHONE[0]}")
    session.shoot("import_phone_vi")
