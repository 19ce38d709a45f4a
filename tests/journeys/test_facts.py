"""What identify tells beside the attributes: how sure the place is, whom to ask, what became of it."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete, text, update

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.contacts.entries import parse_entry
from gis_infra.analysis.contacts.store import add_contact
from gis_infra.catalogue import history
from tests.builders import insert
from tests.journeys.scene import line, lonlat, view
from tests.journeys.test_pages import find_faults

EAST, NORTH = -40.0, 60.0  # where nothing else lies
SURVEYED = {
    "asset_code": "CN-KS1",
    "owner": "sawaco",
    "quality_level": "b2",
    "horizontal_accuracy_m": 0.25,
    "survey_date": "2024-03-12",
    "material": "hdpe",
}


@pytest.fixture
def surveyed(quarter_engine, quarter, tables, catalogue):
    """A surveyed pipe of Sawaco whose material was corrected once, and Sawaco's contact."""
    table = tables.get("water_pipe")
    contact = {"owner": "Sawaco", "name": "Phòng Kỹ thuật", "phone": "028 3829 1777", "sectors": ["water"]}
    with quarter_engine.begin() as connection:
        shape = line((EAST, NORTH), (EAST + 20, NORTH))
        id_ = insert(connection, tables, "water_pipe", wkt=shape, **SURVEYED)
        entry = parse_entry(contact, catalogue.sectors, quarter.city_srid)
        add_contact(connection, SYSTEM, entry, quarter.city_srid)
    with quarter_engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == id_).values(material="cast_iron"))
    yield id_
    with quarter_engine.begin() as connection:
        connection.execute(delete(table).where(table.c.id == id_))
        connection.execute(delete(history.build(table)))
        connection.execute(text("DELETE FROM gis.owner_contact"))


def look(session, lang):
    """The opened finding of the surveyed pipe."""
    session.open(view(EAST + 10, NORTH, 19) + f"&lang={lang}")
    session.click_map(*lonlat(EAST + 10, NORTH))
    finding = session.page.locator(".finding[open]")
    expect(finding.locator("summary .name").first).to_have_text("CN-KS1")
    return finding


def test_a_planner_reads_how_sure_whose_and_since_when(planner_page, surveyed):
    finding = look(planner_page, "vi")
    quality = finding.locator(".quality")
    expect(quality).to_contain_text("B2 – dò bằng một phương pháp")
    expect(quality).to_contain_text("vị trí khá tin được, độ sâu cần kiểm tra lại")
    expect(quality).to_contain_text("Sai số mặt bằng: ± 0,25 m · Ngày khảo sát: 12/03/2024")
    contact = finding.locator(".facts .owners")
    expect(contact).to_contain_text("Phòng Kỹ thuật")
    expect(contact.get_by_role("link")).to_have_attribute("href", "tel:02838291777")
    finding.get_by_text("Lịch sử: 2 phiên bản").click()
    expect(finding.locator(".versions li").first).to_contain_text("Vật liệu: HDPE → ")
    expect(finding.get_by_role("link", name="Xem cả lịch sử")).to_be_visible()
    planner_page.shoot("facts_vi")
    faults = find_faults(planner_page.page)
    assert faults == [], "\n".join(faults)


def test_the_same_in_english(planner_page, surveyed):
    finding = look(planner_page, "en")
    expect(finding.locator(".quality")).to_contain_text("Detected by one method")
    expect(finding.locator(".quality")).to_contain_text("Horizontal accuracy: ± 0.25 m")
    finding.get_by_text("History: 2 versions").click()
    expect(finding.locator(".versions li").first).to_contain_text("Material: HDPE → ")
    with planner_page.page.expect_popup() as opened:
        finding.get_by_role("link", name="See the whole history").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("History of Water pipe")
    planner_page.shoot("facts_en")


def test_a_network_without_a_quality_level_is_called_uncertain(map_page):
    page = map_page.open(view(60, 0, 19))
    map_page.click_map(*lonlat(60, 0))
    finding = page.locator(".finding[open]")
    expect(finding.locator(".quality.poor")).to_contain_text("Chưa ghi mức chất lượng")
    expect(finding).to_contain_text("Đăng nhập để xem liên hệ của Trung tâm Thoát nước")
    expect(finding.get_by_text("Lịch sử: 1 phiên bản")).to_be_visible()
