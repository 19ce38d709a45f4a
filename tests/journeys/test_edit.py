"""Changing what the city has: attributes by a form, shapes on the map, and what if somebody else saved first."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import Browser, StorageState, expect
from sqlalchemy import Engine

from gis_infra.accounts import people
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.history import build
from gis_infra.catalogue.tables import LayerTables
from tests.builders import insert_many
from tests.journeys.conftest import EDITOR, FRAME_MS, PHONE, Session, sign_in
from tests.journeys.scene import ORIGIN, at, line, lonlat, view
from tests.journeys.test_pages import LIT, expect_true, find_faults

# West of the quarter, where nothing else of it lies.
WEST = -200.0
PIPE = {
    "asset_code": "SUA-1",
    "owner": "Sawaco",
    "status": "in_service",
    "material": "hdpe",
    "nominal_diameter_mm": 150,
    "installed_on": "2012-05-20",
    "street": "Đường Lê Lợi",
}


@pytest.fixture
def pipe(quarter_engine: Engine, tables: LayerTables) -> Iterator[int]:
    """The id of a water pipe that runs 40 m to the east; it is gone after the journey, with its history."""
    table = tables.get("water_pipe")
    with quarter_engine.begin() as connection:
        last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one()
        row = {**PIPE, "wkt": line((WEST - 20, 0), (WEST, 0), (WEST + 20, 0))}
        insert_many(connection, tables, "water_pipe", [row])
        pipe = connection.execute(sa.select(table.c.id).where(table.c.asset_code == "SUA-1")).scalar_one()
    yield pipe
    with quarter_engine.begin() as connection:
        connection.execute(sa.delete(table).where(table.c.id > last))
        history = build(table)
        connection.execute(sa.delete(history).where(history.c.id > last))


def read(engine: Engine, tables: LayerTables, pipe: int) -> Any:
    """The row of a pipe as it is now, None if it is gone."""
    table = tables.get("water_pipe")
    with engine.connect() as connection:
        return connection.execute(sa.select(table).where(table.c.id == pipe)).mappings().one_or_none()


@pytest.fixture(scope="module")
def signed_in_valves(browser: Browser, address: str, quarter_engine: Engine, catalogue: Catalogue) -> StorageState:
    """The cookies of somebody who answers for the valves."""
    with quarter_engine.begin() as connection:
        people.add_person(connection, VALVE_EDITOR[0], "Phạm Thị Thảo", "qhkt", VALVE_EDITOR[1])
        people.grant_to_person(connection, VALVE_EDITOR[0], "editor", "water_valve", catalogue)
    return sign_in(browser, address, VALVE_EDITOR)


VALVE_EDITOR = ("thao", "mot-mat-khau-dai-56")
VALVE = (WEST + 12.0, 9.0)


@pytest.fixture
def valve(quarter_engine: Engine, tables: LayerTables) -> Iterator[None]:
    """A valve a few metres north of the pipe, while the journey lasts."""
    table = tables.get("water_valve")
    with quarter_engine.begin() as connection:
        insert_many(connection, tables, "water_valve", [{"asset_code": "VAN-1", "wkt": at(*VALVE)}])
    yield
    with quarter_engine.begin() as connection:
        connection.execute(sa.delete(table))
        connection.execute(sa.delete(build(table)))


def read_shapes(engine: Engine, tables: LayerTables) -> dict[str | None, list[list[float]]]:
    """The vertices of the pipes west of the quarter by asset code, metres from its corner."""
    table = tables.get("water_pipe")
    shape = sa.func.st_asbinary(table.c.geom)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table.c.asset_code, shape).order_by(table.c.id)).all()
    lines = {code: shapely.get_coordinates(shapely.from_wkb(bytes(wkb))) - ORIGIN for code, wkb in rows}
    return {code: vertices.round(2).tolist() for code, vertices in lines.items() if vertices[0][0] < -100}


def read_place(engine: Engine, tables: LayerTables) -> tuple[float, float]:
    """Where the valve is, metres from the corner of the quarter."""
    table = tables.get("water_valve")
    with engine.connect() as connection:
        east, north = connection.execute(sa.select(sa.func.st_x(table.c.geom), sa.func.st_y(table.c.geom))).one()
    return east - ORIGIN[0], north - ORIGIN[1]


def drag(session: Session, start: tuple[float, float], end: tuple[float, float], beside: float = 0) -> None:
    """Drag from a place to another with the mouse, let go so many pixels beside it."""
    mouse = session.page.mouse
    mouse.move(*session.find_pixel(*lonlat(*start)))
    mouse.down()
    x, y = session.find_pixel(*lonlat(*end))
    mouse.move(x - 20, y - 20)
    mouse.move(x + beside, y + beside)
    mouse.up()


def wait_for_neighbours(page: Any, button: str) -> None:
    """Press a button that takes up the shape, and wait for what there is to snap to."""
    with page.expect_response("**/viewer/neighbours*"):
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_timeout(FRAME_MS)


def save(page: Any, name: str = "Lưu") -> None:
    """Save, and wait until it is."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".panel .note.good")).to_be_visible()


def change(engine: Engine, tables: LayerTables, pipe: int, **values: Any) -> None:
    """Change a pipe behind the back of who has it open."""
    table = tables.get("water_pipe")
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT set_config('gis_infra.actor', 'lan', true)"))
        connection.execute(sa.update(table).where(table.c.id == pipe).values(**values))


def open_pipe(session: Session, language: str = "vi", place: tuple[float, float] = (WEST, 0)) -> Any:
    """Open the tool and click the pipe; the page with its form."""
    page = session.open(view(*place, 19) + f"&tool=edit&lang={language}")
    session.click_map(*lonlat(WEST - 10, 0))
    expect(page.locator("#edit-title")).to_contain_text("SUA-1")
    return page


def take_refusal(session: Session) -> None:
    """The browser notes a refusal itself, as it should."""
    assert len(session.complaints) == 1
    session.complaints.clear()


def test_an_attribute_is_changed_saved_and_taken_back(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    expect(page.locator("#edit-save")).to_be_disabled()
    page.get_by_label("Vật liệu").select_option("ductile_iron")
    page.get_by_label("Độ sâu đến đỉnh").fill("1,25")
    page.get_by_label("Tên đường").fill("Đường Nguyễn Huệ")
    editor_page.shoot("edit_form_vi")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".panel .note.good")).to_have_text("Đã lưu.")
    row = read(quarter_engine, tables, pipe)
    assert (row["material"], row["cover_m"], row["street"]) == ("ductile_iron", 1.25, "Đường Nguyễn Huệ")
    assert row["nominal_diameter_mm"] == 150
    page.get_by_role("button", name="Danh sách").click()
    expect(page.locator(".saves li")).to_contain_text("Sửa Ống cấp nước SUA-1")
    page.get_by_role("button", name=re.compile("^Hoàn tác")).click()
    expect(page.locator(".panel .note.good")).to_contain_text("SUA-1 trở lại như trước")
    row = read(quarter_engine, tables, pipe)
    assert (row["material"], row["cover_m"], row["street"]) == ("hdpe", None, "Đường Lê Lợi")


def test_two_saves_of_one_asset_are_taken_back_one_after_the_other(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page, "en")
    for depth in ("1.1", "1.2"):
        page.get_by_label("Cover", exact=True).fill(depth)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#edit-save")).to_be_disabled()
        expect(page.locator(".panel .note.good")).to_have_text("Saved.")
    page.get_by_role("button", name="List").click()
    expect(page.locator(".saves li")).to_have_count(2)
    for left, depth in ((1, 1.1), (0, None)):
        page.get_by_role("button", name=re.compile("^Undo")).click()
        expect(page.locator(".saves li")).to_have_count(left)
        assert read(quarter_engine, tables, pipe)["cover_m"] == depth


def test_what_is_typed_is_judged_as_it_is_typed(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    diameter = page.get_by_label("Đường kính danh nghĩa")
    diameter.press("End")
    diameter.press_sequentially("00")
    expect(page.locator("#edit-nominal_diameter_mm-note")).to_have_text("Lớn nhất là 4.000 mm.")
    expect(diameter).to_have_attribute("aria-invalid", "true")
    expect(diameter).to_be_focused()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert").filter(has_text="hãy sửa chỗ được đánh dấu")).to_be_visible()
    expect(diameter).to_be_focused()
    assert read(quarter_engine, tables, pipe)["nominal_diameter_mm"] == 150
    diameter.fill("300")
    page.get_by_label("Đường kính ngoài").fill("250")
    expect(page.locator(".field-note:visible")).to_contain_text("danh nghĩa không lớn hơn đường kính ngoài")
    page.get_by_label("Cao độ đỉnh").fill("1")
    page.get_by_label("Cao độ đáy").fill("2")
    expect(page.locator(".field-note.bad:visible")).to_contain_text("Cao độ đáy thấp hơn cao độ đỉnh")
    editor_page.shoot("edit_faults_vi")
    assert find_faults(page) == []


def test_of_several_the_nearest_is_offered_first_and_the_map_stays(editor_page, pipe, quarter_engine, tables):
    with quarter_engine.begin() as connection:
        long = {**PIPE, "asset_code": "SUA-5", "wkt": line((WEST - 300, 0.6), (WEST + 20, 0.6))}
        insert_many(connection, tables, "water_pipe", [long])
    page = editor_page.open(view(WEST, 0, 19) + "&tool=edit&lang=vi")
    editor_page.click_map(*lonlat(WEST - 10, 0.5))
    offered = page.locator(".candidates button")
    expect(offered).to_have_text(["SUA-5 Ống cấp nước", "SUA-1 Ống cấp nước"])
    offered.first.hover()
    expect_true(page, LIT)
    editor_page.shoot("edit_candidates_vi")
    offered.first.click()
    expect(page.locator("#edit-title")).to_contain_text("SUA-5")
    assert page.evaluate("window.gisInfraMap.getZoom()") == 19  # however far the pipe reaches


def test_numbers_and_days_are_read_as_an_office_writes_them(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    day = page.get_by_label("Ngày lắp đặt", exact=True)
    expect(day).to_have_value("20/05/2012")
    day.fill("31/02/2020")
    expect(page.locator("#edit-installed_on-note")).to_have_text("Cần một ngày, ví dụ 25/12/2020.")
    day.fill("5/3/2020")
    page.get_by_label("Đường kính danh nghĩa").fill("1.000")
    page.get_by_label("Độ sâu đến đỉnh").fill("1,25m")
    editor_page.shoot("edit_days_vi")
    page.locator("#edit-title").scroll_into_view_if_needed()  # what the foot half covers counts as too small
    assert find_faults(page) == []
    save(page)
    row = read(quarter_engine, tables, pipe)
    assert (str(row["installed_on"]), row["nominal_diameter_mm"], row["cover_m"]) == ("2020-03-05", 1000, 1.25)
    expect(day).to_have_value("05/03/2020")


def test_what_is_only_doubtful_is_saved_and_asked_about(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    page.get_by_label("Đường kính danh nghĩa").fill("300")
    page.get_by_label("Đường kính ngoài").fill("250")
    save(page)
    expect(page.locator(".panel .note.doubt")).to_contain_text("Hãy xem lại: Đường kính danh nghĩa không lớn hơn")
    expect(page.locator(".panel .note.bad, .panel .note.error")).to_have_count(0)
    assert read(quarter_engine, tables, pipe)["nominal_diameter_mm"] == 300
    editor_page.shoot("edit_doubt_vi")
    assert find_faults(page) == []


def test_what_only_the_server_knows_is_told_beside_the_field(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page, "en")
    page.get_by_label("Asset code").fill("CN-001")  # another pipe of Sawaco has it
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#edit-asset_code-note")).to_contain_text("of the same owner has this code")
    expect(page.get_by_label("Asset code")).to_have_value("CN-001")
    expect(page.get_by_label("Asset code")).to_be_focused()
    take_refusal(editor_page)
    page.get_by_label("Asset code").fill("SUA-9")
    expect(page.locator("#edit-asset_code-note")).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#edit-title")).to_contain_text("SUA-9")


def test_who_was_overtaken_sees_both_versions_and_chooses(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page, "en")
    page.get_by_label("Material").select_option("steel")
    page.get_by_role("textbox", name="Street").fill("Hàm Nghi")
    change(quarter_engine, tables, pipe, material="upvc", cover_m=0.8)
    page.get_by_role("button", name="Save").click()
    overtaken = page.locator(".panel .note.error")
    expect(overtaken).to_contain_text(re.compile("saved this asset on .* Nothing you entered is lost"))
    differences = page.locator(".differences")
    expect(differences).to_contain_text("Street changed by you: Hàm Nghi")
    expect(differences).to_contain_text("Cover changed by them: 0.8 m")
    expect(page.get_by_label("Yours: Steel")).to_be_checked()
    page.get_by_label("Saved: uPVC").check()
    editor_page.shoot("edit_overtaken_en")
    assert find_faults(page) == []
    page.get_by_role("button", name="Save as chosen").click()
    expect(page.locator(".panel .note.good")).to_have_text("Saved.")
    row = read(quarter_engine, tables, pipe)
    assert (row["material"], row["cover_m"], row["street"]) == ("upvc", 0.8, "Hàm Nghi")
    take_refusal(editor_page)


def test_what_somebody_deleted_meanwhile_keeps_what_was_typed(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    page.get_by_label("Tên đường").fill("Hàm Nghi")
    with quarter_engine.begin() as connection:
        table = tables.get("water_pipe")
        connection.execute(sa.delete(table).where(table.c.id == pipe))
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert").filter(has_text="có người đã xóa")).to_be_visible()
    expect(page.get_by_label("Tên đường")).to_have_value("Hàm Nghi")
    take_refusal(editor_page)
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator(".panel .note.good")).to_have_text("Đã lưu.")
    with quarter_engine.connect() as connection:
        row = connection.execute(sa.select(table).where(table.c.asset_code == "SUA-1")).mappings().one()
    assert (row["street"], row["material"]) == ("Hàm Nghi", "hdpe")


def test_nothing_typed_is_left_without_being_asked(editor_page, pipe):
    page = open_pipe(editor_page)
    page.get_by_label("Tên đường").fill("Hàm Nghi")
    editor_page.click_map(*lonlat(WEST, 15))
    expect(page.locator(".edit-foot")).to_contain_text("chưa lưu")
    page.get_by_role("button", name="Tiếp tục sửa").click()
    expect(page.get_by_label("Tên đường")).to_have_value("Hàm Nghi")
    page.locator("#tool-identify").click()
    page.locator("#tool-edit").click()
    expect(page.get_by_label("Tên đường")).to_have_value("Hàm Nghi")
    page.get_by_role("button", name="EN", exact=False).first.click()
    expect(page.get_by_role("textbox", name="Street")).to_have_value("Hàm Nghi")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("#edit-add")).to_be_visible()


def test_an_asset_is_deleted_after_a_question_and_brought_back(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    page.get_by_role("button", name="Xóa", exact=True).click()
    expect(page.locator(".edit-foot")).to_contain_text("Xóa Ống cấp nước SUA-1?")
    expect(page.locator("#edit-stay")).to_be_focused()
    page.get_by_role("button", name="Xóa đối tượng này").click()
    expect(page.locator(".panel .note.good")).to_contain_text("Đã xóa")
    assert read(quarter_engine, tables, pipe) is None
    editor_page.shoot("edit_deleted_vi")
    page.get_by_role("button", name=re.compile("^Hoàn tác")).click()
    expect(page.locator(".panel .note.good")).to_contain_text("trở lại như trước")
    assert read(quarter_engine, tables, pipe)["asset_code"] == "SUA-1"


def test_identify_leads_to_the_form(editor_page, pipe):
    page = editor_page.open(view(WEST, 0, 19) + "&tool=identify")
    editor_page.click_map(*lonlat(WEST - 10, 0))
    page.get_by_role("button", name="Sửa", exact=True).click()
    expect(page.locator("#edit-title")).to_contain_text("SUA-1")


def test_who_may_edit_nothing_is_not_offered_to(planner_page, map_page):
    for session in (planner_page, map_page):
        page = session.open(view(0, 0, 18))
        expect(page.locator("#tool-identify")).to_be_visible()
        expect(page.locator("#tool-edit")).to_have_count(0)


def test_the_form_is_right_on_a_phone_in_the_dark(visit, signed_in_editor, pipe):
    session = visit(PHONE, dark=True, state=signed_in_editor)
    page = open_pipe(session, place=(WEST - 10, 0))
    page.get_by_label("Vật liệu").select_option("steel")
    session.shoot("edit_form_phone_dark_vi")
    assert find_faults(page) == []
    assert EDITOR[0] not in page.locator(".panel").inner_text()


def test_a_vertex_is_dragged_to_a_valve_and_meets_it(editor_page, pipe, valve, quarter_engine, tables):
    page = open_pipe(editor_page)
    wait_for_neighbours(page, "Sửa đỉnh")
    editor_page.shoot("edit_vertices_vi")
    drag(editor_page, (WEST + 20, 0), VALVE, beside=5)
    expect(page.locator(".shape-tools output")).to_have_text("Đỉnh 3 / 3")
    save(page)
    assert read_shapes(quarter_engine, tables) == {"SUA-1": [[-220, 0], [-200, 0], list(VALVE)]}
    page.get_by_role("button", name="Danh sách").click()
    page.get_by_role("button", name=re.compile("^Hoàn tác")).click()
    expect(page.locator(".panel .note.good")).to_contain_text("trở lại như trước")
    assert read_shapes(quarter_engine, tables) == {"SUA-1": [[-220, 0], [-200, 0], [-180, 0]]}


def test_without_snapping_a_vertex_stays_where_it_is_put_and_a_step_goes_back(editor_page, pipe, valve):
    page = open_pipe(editor_page, "en")
    wait_for_neighbours(page, "Move vertices")
    page.get_by_label("Snap to neighbours").uncheck()
    drag(editor_page, (WEST + 20, 0), VALVE, beside=5)
    expect(page.locator("#edit-save")).to_be_enabled()
    page.get_by_role("button", name="Step back").click()
    expect(page.locator("#edit-save")).to_be_disabled()


def test_two_clicks_and_the_keys_do_what_a_drag_does(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    wait_for_neighbours(page, "Sửa đỉnh")
    page.get_by_label("Bắt dính").uncheck()
    editor_page.click_map(*lonlat(WEST, 0))
    editor_page.click_map(*lonlat(WEST + 1, 5))
    page.get_by_role("button", name="Đỉnh sau").click()
    expect(page.locator(".shape-tools output")).to_have_text("Đỉnh 3 / 3")
    page.get_by_role("button", name="Đỉnh trước").click()
    page.get_by_role("button", name="Đỉnh trước").click()
    expect(page.locator(".shape-tools output")).to_have_text("Đỉnh 1 / 3")
    page.get_by_role("button", name="Xóa đỉnh").click()
    expect(page.locator(".shape-tools output")).to_have_text("2 đỉnh")
    save(page)
    ((first, last),) = read_shapes(quarter_engine, tables).values()
    assert first == pytest.approx([WEST + 1, 5], abs=0.2) and last == [-180, 0]


def test_the_whole_line_is_moved_at_once(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    wait_for_neighbours(page, "Dời")
    drag(editor_page, (WEST - 10, 0), (WEST - 10, 8))
    save(page)
    ((first, middle, last),) = read_shapes(quarter_engine, tables).values()
    assert [first[1], middle[1], last[1]] == pytest.approx([8, 8, 8], abs=0.2)
    assert [middle[0] - first[0], last[0] - middle[0]] == pytest.approx([20, 20], abs=0.01)


def test_a_line_is_drawn_from_a_valve_saved_and_taken_back(editor_page, pipe, valve, quarter_engine, tables):
    page = editor_page.open(view(WEST, 0, 19) + "&tool=edit&lang=en")
    with page.expect_response("**/viewer/neighbours*"):
        page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_timeout(FRAME_MS)
    expect(page.locator("#edit-title")).to_have_text("New: Water pipe")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".panel .note.error")).to_contain_text("There is no shape yet")
    for place in (VALVE, (WEST, 14), (WEST - 10, 14)):
        editor_page.click_map(*lonlat(*place))
        page.wait_for_timeout(FRAME_MS)
    editor_page.shoot("edit_drawing_en")
    page.get_by_role("button", name="Done").click()
    page.get_by_label("Asset code").fill("SUA-2")
    save(page, "Save")
    drawn = read_shapes(quarter_engine, tables)["SUA-2"]
    assert drawn[0] == list(VALVE) and len(drawn) == 3
    editor_page.expect_drawn(water_pipe=2)
    page.get_by_role("button", name="List").click()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator(".panel .note.good")).to_have_text("Undone: SUA-2, just added, is gone.")
    assert "SUA-2" not in read_shapes(quarter_engine, tables)


def test_a_drawn_line_is_saved_without_being_called_done(editor_page, pipe, quarter_engine, tables):
    page = editor_page.open(view(WEST, 0, 19) + "&tool=edit&lang=vi")
    with page.expect_response("**/viewer/neighbours*"):
        page.get_by_role("button", name="Thêm", exact=True).click()
    page.wait_for_timeout(FRAME_MS)
    for place in ((WEST - 5, 14), (WEST + 5, 14)):
        editor_page.click_map(*lonlat(*place))
        page.wait_for_timeout(FRAME_MS)
    page.get_by_label("Mã tài sản").fill("SUA-4")
    save(page)
    assert len(read_shapes(quarter_engine, tables)["SUA-4"]) == 2


def test_what_belongs_to_others_is_named_to_who_taps_it(visit, signed_in_editor, pipe, valve):
    session = visit(PHONE, state=signed_in_editor, touch=True)
    page = session.open(view(*VALVE, 19) + "&tool=edit&lang=vi")
    session.click_map(*lonlat(*VALVE))
    told = page.locator(".panel .note.bad")
    expect(told).to_have_text("Ở đây có Van cấp nước VAN-1; tài khoản này không được sửa lớp đó.")
    session.shoot("edit_others_phone_vi")
    assert find_faults(page) == []
    page.get_by_role("button", name="Thêm", exact=True).click()
    hint = page.locator(".panel .note").filter(has_text="Bấm từng điểm")
    expect(hint).to_have_text("Bấm từng điểm của tuyến, rồi Xong.")  # a finger has no keys


def test_a_valve_is_moved_by_one_click_and_moved_back_at_once(visit, signed_in_valves, valve, quarter_engine, tables):
    session = visit(state=signed_in_valves)
    page = session.open(view(*VALVE, 19) + "&tool=edit&lang=vi")
    session.click_map(*lonlat(*VALVE))
    wait_for_neighbours(page, "Dời")
    expect(page.locator(".shape-tools")).to_contain_text("Bấm vào chỗ mới trên bản đồ")
    expect(page.locator(".shape-tools")).not_to_contain_text("đỉnh")
    page.get_by_label("Bắt dính").uncheck()
    session.click_map(*lonlat(VALVE[0] + 5, VALVE[1] + 4))
    session.shoot("edit_moved_vi")
    assert find_faults(page) == []
    save(page)
    assert read_place(quarter_engine, tables) == pytest.approx((VALVE[0] + 5, VALVE[1] + 4), abs=0.2)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".panel .note.good")).to_have_text("Đã hoàn tác: VAN-1 trở lại như trước.")
    assert read_place(quarter_engine, tables) == pytest.approx(VALVE)


def test_what_is_half_drawn_is_not_lost(editor_page, pipe):
    page = editor_page.open(view(WEST, 0, 19) + "&tool=edit&lang=vi")
    wait_for_neighbours(page, "Thêm")
    for place in ((WEST - 5, 14), (WEST + 5, 14)):
        editor_page.click_map(*lonlat(*place))
        page.wait_for_timeout(FRAME_MS)
    page.locator("#tool-identify").click()
    page.locator("#tool-edit").click()
    expect(page.get_by_role("button", name="Xong")).to_be_enabled()  # both places are there still
    page.keyboard.press("Escape")
    expect(page.locator(".edit-foot")).to_contain_text("chưa lưu")
    page.get_by_role("button", name="Tiếp tục sửa").click()
    page.get_by_role("button", name="Danh sách").click()
    expect(page.locator(".edit-foot")).to_contain_text("chưa lưu")
    page.get_by_role("button", name="Bỏ thay đổi").click()
    expect(page.locator("#edit-add")).to_be_visible()


def test_a_line_is_split_at_the_valve_that_is_pointed_at(editor_page, pipe, quarter_engine, tables):
    with quarter_engine.begin() as connection:
        insert_many(connection, tables, "water_valve", [{"asset_code": "VAN-2", "wkt": at(WEST + 18, 0)}])
    page = open_pipe(editor_page)
    page.get_by_label("Tên đường").fill("Hàm Nghi")
    expect(page.get_by_role("button", name="Tách", exact=True)).to_be_disabled()
    expect(page.locator(".shape-tools")).to_contain_text("Lưu rồi mới tách được.")
    page.get_by_label("Tên đường").fill("Đường Lê Lợi")
    wait_for_neighbours(page, "Tách")
    editor_page.click_map(*lonlat(WEST + 18.2, 0.4))  # two metres from the end of the pipe
    page.get_by_label("Mã tài sản của đoạn mới").fill("SUA-6")
    page.get_by_role("button", name="Tách tại đây").click()
    expect(page.locator(".panel .note.good")).to_have_text("Đã tách thành hai đoạn.")
    assert read_shapes(quarter_engine, tables)["SUA-6"] == [[WEST + 18, 0], [WEST + 20, 0]]
    table = tables.get("water_valve")
    with quarter_engine.begin() as connection:
        connection.execute(sa.delete(table))
        connection.execute(sa.delete(build(table)))


def test_a_line_is_split_where_one_clicks_and_made_whole_again(editor_page, pipe, quarter_engine, tables):
    page = open_pipe(editor_page)
    wait_for_neighbours(page, "Tách")
    editor_page.click_map(*lonlat(WEST + 10, 0.4))
    expect(page.locator(".shape-tools + .note")).to_contain_text("Đoạn dài hơn giữ mã")
    page.get_by_label("Mã tài sản của đoạn mới").fill("SUA-3")
    editor_page.shoot("edit_split_vi")
    page.get_by_role("button", name="Tách tại đây").click()
    expect(page.locator(".panel .note.good")).to_have_text("Đã tách thành hai đoạn.")
    halves = read_shapes(quarter_engine, tables)
    assert [len(halves["SUA-1"]), len(halves["SUA-3"])] == [3, 2]
    assert halves["SUA-1"][2] == halves["SUA-3"][0] == pytest.approx([WEST + 10, 0], abs=0.2)
    page.get_by_role("button", name="Danh sách").click()
    page.get_by_role("button", name=re.compile("^Hoàn tác")).click()
    expect(page.locator(".panel .note.good")).to_contain_text("trở lại như trước")
    assert read_shapes(quarter_engine, tables) == {"SUA-1": [[-220, 0], [-200, 0], [-180, 0]]}


def test_escape_gives_up_step_by_step_and_keeps_what_is_typed(editor_page, pipe):
    page = open_pipe(editor_page)
    page.get_by_label("Tên đường").fill("Hàm Nghi")
    wait_for_neighbours(page, "Sửa đỉnh")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sửa đỉnh")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Escape")
    expect(page.locator(".edit-foot")).to_contain_text("chưa lưu")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Tên đường")).to_have_value("Hàm Nghi")
