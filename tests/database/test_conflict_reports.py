"""Reports and letters: what they hold, what they keep to themselves, and that nothing in them runs."""

import csv
import datetime
import zipfile

import geopandas
import pytest
from lxml import etree, html
from shapely import box
from sqlalchemy import insert as insert_rows

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.contacts.entries import Entry
from gis_infra.analysis.contacts.store import add_contact
from gis_infra.analysis.register.reading import RegisterQuery
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import Works
from gis_infra.errors import InvalidParameter, SignInNeeded
from gis_infra.reports import outputs, printing
from gis_infra.reports.outputs import Desk
from gis_infra.reports.register_letters import render_register_letters
from gis_infra.reports.works_letters import render_works_letters
from tests.builders import insert, make_actor

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500
PIT = box(EAST, NORTH, EAST + 30, NORTH + 12)
NASTY = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture
def desk(connection, ground):
    return lambda language="en", actor=SYSTEM: Desk(connection, ground, actor, language)


@pytest.fixture
def street(connection, tables):
    """A water pipe, a cable and a secret duct beside it; a road and a house around."""
    lay = lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)  # noqa: E731
    ids = {
        "water": lay("water_pipe", along(5), asset_code="ON-1", owner="Sawaco", outer_diameter_mm=200),
        "cable": lay("power_cable_underground", along(5.3), asset_code="=CAP+1", owner="EVN HCMC"),
        "secret": lay("telecom_duct", along(5.6), asset_code="MAT-1", owner="VNPT", sensitivity="restricted"),
        "nasty": lay("sewer_pipe", along(9), asset_code=NASTY, owner=NASTY, system="storm"),
    }
    lay("road_segment", along(6), width_m=8)
    ring = f"(({EAST} {NORTH + 20},{EAST + 20} {NORTH + 20},{EAST + 20} {NORTH + 35},{EAST} {NORTH + 20}))"
    lay("building", f"MULTIPOLYGON({ring})")
    return ids


def along(north_m):
    return f"LINESTRING({EAST - 50} {NORTH + north_m},{EAST + 80} {NORTH + north_m})"


@pytest.fixture
def register(connection, street, tables):
    """Three conflicts: water - the sewer of a nasty name, water - the secret duct, cable (not open to all) - sewer."""
    run = {
        "started_at": NOW, "finished_at": NOW, "actor": "system", "packs": [], "rules_version": "1", "rules": [],
        "rules_not_checked": [], "checked": {}, "found": 3, "found_new": 3, "reopened": 0, "resolved": 0,
    }  # fmt: skip
    run_id = connection.execute(insert_rows(CONFLICT_RUN).values(run).returning(CONFLICT_RUN.c.id)).scalar_one()
    water = ("water_pipe", street["water"], "ON-1", "Sawaco")
    cable = ("power_cable_underground", street["cable"], "=CAP+1", "EVN HCMC")
    secret = ("telecom_duct", street["secret"], "MAT-1", "VNPT")
    nasty = ("sewer_pipe", street["nasty"], NASTY, NASTY)
    for number, (left, right) in enumerate([(water, nasty), (water, secret), (cable, nasty)]):
        connection.execute(insert_rows(CONFLICT).values(to_row(number, left, right, run_id, tables.srid)))


def to_row(number, left, right, run_id, srid):
    sides = zip(("layer", "id", "code", "owner"), left, right, strict=True)
    assets = {
        f"{side}_{part}": value for part, *both in sides for side, value in zip(("left", "right"), both, strict=True)
    }
    return {
        "fingerprint": f"f{number}", "status": "new", "severity": ["violation", "possible", "vertical_unknown"][number],
        "pack": "qcvn01", "rule": "qcvn01.x", "kind": "clearance", "rule_title_vi": "Ống – cáp", "rule_title_en": NASTY,
        "clause": "Bảng 2.31", "source": "s", "legal_basis": "QCVN", "verified": False, **assets, "required_m": 0.5,
        "distance_m": None if number == 2 else 0.2, "length_m": 12.5, "accuracy_m": 0.5, "accuracy_known": False,
        "side": "left", "stretch": 1, "geom": f"SRID={srid};POINT({EAST + 10} {NORTH + 5.2})", "found_on": NOW,
        "last_run_id": run_id,
    }  # fmt: skip


def read(path):
    return html.fromstring(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_report_has_a_map_and_the_facts_of_each_conflict(desk, register, tmp_path, language):
    assert outputs.write_register(desk(language), RegisterQuery(SYSTEM), tmp_path / "r.html") == 3
    page = read(tmp_path / "r.html")
    assert len(page.findall(".//section")) == len(page.findall(".//svg")) == 3
    text = page.text_content()
    said = {
        "vi": ["Vi phạm", "Chưa rõ độ sâu", "0,20 m", "chưa đối chiếu"],
        "en": ["Violation", "0.20 m", "not verified"],
    }
    assert all(each in text for each in (*said[language], "ON-1", "Sawaco", "Bảng 2.31"))
    drawing = etree.tostring(page.find(".//svg")).decode()
    assert drawing.count("<text") == 4 and ">A<" in drawing and ">B<" in drawing and " m<" in drawing


def test_nothing_that_somebody_wrote_runs_in_a_report(desk, register, tmp_path):
    outputs.write_register(desk(), RegisterQuery(SYSTEM), tmp_path / "r.html")
    page = read(tmp_path / "r.html")
    assert page.findall(".//script") == [] and "http" not in {each.get("src", "")[:4] for each in page.iter()}
    assert NASTY in page.text_content()


def test_a_reader_finds_only_what_is_theirs_to_see_also_on_maps(desk, register, tmp_path):
    plain = make_actor()
    assert outputs.write_register(desk("en", plain), RegisterQuery(plain), tmp_path / "r.html") == 1
    assert outputs.write_register(desk("en", ANONYMOUS), RegisterQuery(ANONYMOUS), tmp_path / "p.html") == 0
    assert "MAT-1" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    with_duct, without = (count_lines(desk("en", actor), tmp_path, RegisterQuery(actor)) for actor in (SYSTEM, plain))
    assert with_duct == without + 2  # the duct and the cable


def count_lines(desk, folder, query):
    """Lines on the first map."""
    outputs.write_register(desk, query, folder / "m.html")
    return len(read(folder / "m.html").find(".//svg").findall(".//path"))


def test_a_sheet_holds_texts_that_are_no_formulas(desk, register, tmp_path):
    outputs.write_register(desk("vi"), RegisterQuery(SYSTEM), tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet and "pane" in sheet and "autoFilter" in sheet
    assert all(each in sheet for each in ("=CAP+1", "Ống cấp nước", "Vi phạm", "Yêu cầu (m)", "A: Chủ sở hữu"))


def test_a_csv_gives_a_spreadsheet_no_formula(desk, register, tmp_path):
    outputs.write_register(desk(), RegisterQuery(SYSTEM), tmp_path / "r.csv")
    rows = list(csv.DictReader((tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {each["right_code"] for each in rows} | {each["left_code"] for each in rows} >= {"'=CAP+1", "ON-1"}
    assert {each["distance_m"] for each in rows} == {"0.2", ""}


def test_a_geopackage_holds_every_conflict(desk, register, tmp_path):
    assert outputs.write_register(desk(), RegisterQuery(SYSTEM), tmp_path / "r.gpkg") == 3
    rows = geopandas.read_file(tmp_path / "r.gpkg")
    assert len(rows) == 3 and set(rows.geometry.geom_type) == {"Point"}


def test_letters_tell_an_owner_their_own_and_what_is_open(connection, ground, register):
    page = html.fromstring(render_register_letters(connection, ground, RegisterQuery(SYSTEM), "en"))
    letters = {each.find(".//b").text: each.text_content() for each in page.findall(".//section")}
    assert set(letters) == {"Sawaco", "EVN HCMC", "VNPT", NASTY}
    assert NASTY in letters["Sawaco"] and "MAT-1" not in letters["Sawaco"]
    assert "MAT-1" in letters["VNPT"] and "ON-1" in letters["VNPT"]
    assert "=CAP+1" in letters["EVN HCMC"] and "=CAP+1" not in letters[NASTY] and "ON-1" in letters[NASTY]


def test_letters_go_to_the_contacts_of_the_place(connection, ground, register, tables):
    far = box(EAST + 5000, NORTH, EAST + 6000, NORTH + 1000)
    add_contact(connection, SYSTEM, Entry("SAWACO", "Ban kỹ thuật", address="1 Công trường\nQuận 3"), tables.srid)
    add_contact(connection, SYSTEM, Entry("Sawaco", "Chi nhánh xa", area=to_multi(far)), tables.srid)
    text = render_register_letters(connection, ground, RegisterQuery(SYSTEM), "vi")
    assert "Ban kỹ thuật" in text and "Quận 3" in text and "Chi nhánh xa" not in text


def to_multi(area):
    from shapely import MultiPolygon

    return MultiPolygon([area])


def test_the_public_writes_no_letters(connection, ground):
    with pytest.raises(SignInNeeded, match="sign in to write letters"):
        render_register_letters(connection, ground, RegisterQuery(ANONYMOUS), "vi")


@pytest.fixture
def works(connection, ground, street, settings, tables):
    add_contact(connection, SYSTEM, Entry("EVN HCMC", "Điều độ", ("power",), phone="028 1"), tables.srid)
    add_contact(connection, SYSTEM, Entry("FPT", "Hạ tầng", ("telecom",), email="ha.tang@fpt.vn"), tables.srid)
    rules = list_in_force(ground.book, settings.rule_packs, NOW.date())
    drawn = Works(PIT, depth_m=1.2, starts_on=datetime.date(2026, 12, 20), name="Đào hào " + NASTY)
    return lambda actor=SYSTEM: check_works(connection, ground, rules, drawn, actor)


def test_the_report_on_works_says_whom_to_ask_and_until_when(desk, works, tmp_path):
    outputs.write_works(desk(), works(), tmp_path / "w.html")
    page = read(tmp_path / "w.html")
    text = " ".join(page.text_content().split())
    assert "Vertical unknown" in text and "Điều độ, 028 1" in text and "Nothing recorded here, as of" in text
    assert "by 10/12/2026 (10 days before)" in text and NASTY in text
    assert page.find(".//svg") is not None and page.findall(".//script") == []


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".gpkg", ".geojson"])
def test_what_works_meet_is_written_as_rows(desk, works, tmp_path, ending):
    assert outputs.write_works(desk(), works(), tmp_path / f"w{ending}") == 4
    assert (tmp_path / f"w{ending}").stat().st_size > 500


def test_works_letters_ask_also_those_of_whom_nothing_is_recorded(connection, ground, works):
    page = html.fromstring(render_works_letters(connection, ground, SYSTEM, works(), "vi"))
    letters = {each.find(".//b").text: " ".join(each.text_content().split()) for each in page.findall(".//section")}
    assert "không ghi nhận tài sản nào" in letters["FPT"] and "ON-1" not in letters["FPT"]
    assert "=CAP+1" in letters["EVN HCMC"] and "10/12/2026" in letters["EVN HCMC"]
    assert "ON-1" in letters["Sawaco"] and "=CAP+1" not in letters["Sawaco"]


@pytest.mark.parametrize("name", ["r.doc", "r", "r.HTML"])
def test_another_ending_is_refused_before_anything_is_read(desk, name, tmp_path):
    with pytest.raises(InvalidParameter, match=r"must end in \.html, \.pdf, \.xlsx"):
        outputs.write_register(desk(), RegisterQuery(SYSTEM), tmp_path / name)


def test_a_pdf_is_printed_where_there_is_a_chromium_and_refused_in_words_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(printing.shutil, "which", lambda _: None)
    with pytest.raises(InvalidParameter, match=r"no Chromium on this machine to make a PDF; write \.html"):
        outputs.write_page("<p>x</p>", tmp_path / "r.pdf")
