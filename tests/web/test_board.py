"""The board over HTTP: what it tells, to whom, in which language, and where it leads."""

import datetime

import pandas
import pyogrio
import pytest
from lxml import html
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.actor import SYSTEM
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.running import run_coverage
from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.catalogue.history import build
from gis_infra.storage.transactions import writing
from gis_infra.transfer.tables import IMPORT_BATCH
from gis_infra.web.analysis import books
from gis_infra.web.app import create_app
from tests import coverage_city
from tests.builders import insert
from tests.register import enter, make_finding

NOW = datetime.datetime.now(datetime.UTC)
PASSWORD = "một mật khẩu dài"
LAN, CHIEF = ("lan", PASSWORD), ("chief", PASSWORD)
SCRIPT = "<script>alert(1)</script>"
LINE = "LINESTRING(603000 1192001,604000 1192001)"
LAYERS = ("water_pipe", "power_cable_underground", "public_camera")
THIS_MONTH = f"/dashboard/report?of={NOW.astimezone():%Y-%m}"
PAGES = ("/dashboard", "/dashboard/cameras", THIS_MONTH)


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The small city with a conflict, an import, two cameras and a run; lan is signed in, chief administers it."""
    application = create_app(settings, engine)
    coverage_city.fill(engine, tables)
    with writing(engine) as connection:
        pipe = insert(
            connection, tables, "water_pipe", wkt=LINE, asset_code="CN-1", material="hdpe", quality_level="b1",
            installed_on="2001-02-03",
        )  # fmt: skip
        cable = insert(connection, tables, "power_cable_underground", wkt=LINE, sensitivity="restricted")
        insert(connection, tables, "public_camera", wkt="POINT(603500 1192000)", asset_code="CAM-1", connected=True)
        insert(connection, tables, "public_camera", wkt="POINT(603600 1192000)", asset_code="CAM-2", name=SCRIPT)
        enter(connection, tables, [make_finding(("water_pipe", pipe), ("power_cable_underground", cable))], now=NOW)
        connection.execute(delete(IMPORT_BATCH))  # other tests of this database import, too
        add_import(connection)
        for username, _ in (LAN, CHIEF):
            people.add_person(connection, username, username, password=PASSWORD)
        people.grant_to_person(connection, "chief", "admin", "*", catalogue)
    with application.app_context():
        order = CoverageOrder(SYSTEM, "fire_hydrant", NOW, settings.home / "cache", catalogue)
        run_coverage(engine, tables, books.get_books().services, order)
    yield application
    coverage_city.clear(engine, tables)
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, IMPORT_BATCH, PERSON):
            connection.execute(delete(table))
        for layer_id in LAYERS:
            connection.execute(delete(tables.get(layer_id)))
            connection.execute(delete(build(tables.get(layer_id))))


def add_import(connection):
    """An import of the system's."""
    values = {
        "layer_id": "water_pipe", "person_id": 0, "username": "system", "file_name": f"{SCRIPT}.shp", "sha256": "0",
        "settings": {}, "started_at": NOW, "finished_at": NOW, "accepted": 5, "rejected": 2, "inserted": 5,
        "updated": 0, "unchanged": 0, "skipped": 0, "deleted": 0,
    }  # fmt: skip
    connection.execute(IMPORT_BATCH.insert().values(values))


@pytest.fixture
def ask(app):
    """The answer to somebody; to the public if nobody is named."""
    return lambda path, auth=None: app.test_client().get(path, auth=auth)


@pytest.fixture
def read(ask):
    """A page, parsed."""

    def get(path, auth=CHIEF):
        answer = ask(path, auth)
        assert answer.status_code == 200, answer.text
        return html.document_fromstring(answer.text)

    return get


def find_sector(board, sector_id):
    return next(each for each in board["sectors"] if each["id"] == sector_id)


@pytest.mark.parametrize("auth", [CHIEF, LAN])
def test_the_register_has_as_many_of_a_sector_as_the_board_says(ask, auth):
    sectors = ask("/dashboard?f=json", auth).json["sectors"]
    for sector in sectors:
        found = ask(f"/ogc/conflicts?sector={sector['id']}", auth).json["numberMatched"]
        assert found == sector["conflicts"]["total"], sector["id"]
        if not found:
            continue
        for severity, count in sector["conflicts"]["severities"].items():
            asked = f"/ogc/conflicts?sector={sector['id']}&severity={severity}"
            assert ask(asked, auth).json["numberMatched"] == count


def test_the_counts_of_a_sector_lead_to_the_register_narrowed_to_it(read):
    links = {each.get("href") for each in read("/dashboard").iter("a")}
    assert "/#lang=vi&tool=register&reg=sector%3Dwater" in links
    assert "/#lang=vi&tool=register&reg=sector%3Dpower%26severity%3Dviolation" in links
    assert not any("reg=sector%3Ddrainage" in each for each in links)  # it has none


def find_layer(board, sector_id, layer_id):
    return next(each for each in find_sector(board, sector_id)["layers"] if each["id"] == layer_id)


def get_text(element):
    return " ".join(element.text_content().split())


def test_the_board_tells_length_age_material_and_quality(ask):
    board = ask("/dashboard?f=json", CHIEF).json
    pipes = find_layer(board, "water", "water_pipe")
    assert (pipes["features"], pipes["size"], pipes["measure"]) == (1, 1000.0, "length")
    assert {name: [(each["key"], each["features"]) for each in parts] for name, parts in pipes["parts"].items()} == {
        "age": [("20", 1)], "status": [(None, 1)], "quality_level": [("b1", 1)], "material": [("hdpe", 1)],
    }  # fmt: skip
    assert find_sector(board, "water")["length_m"] == 1000.0 and board["length_m"] == 3000.0


def test_conflicts_coverage_imports_and_cameras_are_on_it(ask):
    board = ask("/dashboard?f=json", CHIEF).json
    assert board["conflicts"] == {
        "total": 1, "severities": {"violation": 1, "possible": 0, "vertical_unknown": 0, "opportunity": 0},
    }  # fmt: skip
    assert [each["conflicts"]["total"] for each in board["sectors"]] == [1, 0, 1, 0, 0, 0]  # power and water
    hydrants = next(each for each in find_sector(board, "water")["services"] if each["id"] == "fire_hydrant")
    assert hydrants["run"]["share"] == 0.75 and hydrants["run"]["targets"][0]["answer"] == "missed"
    others = sum(len(sector["services"]) for sector in board["sectors"]) - 1
    assert board["targets"] == {"met": 0, "known": 1, "unknown": others}
    (imported,) = board["imports"]
    assert (imported["layer"], imported["accepted"], board["imports_lately"]) == ("water_pipe", 5, 1)
    assert board["cameras"]["states"] == {"out": 0, "not_linked": 0, "unknown": 1, "planned": 0, "linked": 1}


def test_who_may_see_less_is_told_of_less(ask):
    lan, public = (ask("/dashboard?f=json", auth).json for auth in (LAN, None))
    assert "power_cable_underground" not in {each["id"] for each in find_sector(lan, "power")["layers"]}
    assert find_layer(lan, "water", "water_pipe")["features"] == 1
    assert lan["conflicts"]["total"] == public["conflicts"]["total"] == 0  # one of the assets is restricted
    assert "water_pipe" not in {each["id"] for each in find_sector(public, "water")["layers"]}
    assert public["imports"] is None and public["imports_lately"] is None and lan["imports"] == []


@pytest.mark.parametrize("auth", [None, LAN])
@pytest.mark.parametrize("path", [*PAGES, "/dashboard?f=json", f"{THIS_MONTH}&f=json"])
def test_what_may_not_be_seen_changes_no_answer(app, ask, engine, tables, path, auth):
    def look():
        found = ask(path, auth)
        assert found.status_code == 200
        return [line for line in found.text.replace(",", "\n").splitlines() if not any(at in line for at in MOMENTS)]

    before = look()
    with writing(engine) as connection:
        rows = [insert(connection, tables, "public_camera", wkt="POINT(603700 1192000)", sensitivity="restricted"),
                insert(connection, tables, "public_camera", sensitivity="restricted", connected=False)]  # fmt: skip
    after = look()
    with writing(engine) as connection:
        table = tables.get("public_camera")
        connection.execute(delete(table).where(table.c.id.in_(rows)))
        connection.execute(delete(build(table)))
    assert before == after


# Lines with the moment of the answer, or the token of a form.
MOMENTS = ("as_of", "span", "csrf_token", "Số liệu lúc", "Lập lúc", "+00:00")


def test_a_run_of_what_one_may_not_see_is_not_told(app, ask, settings, engine, tables, catalogue):
    with writing(engine) as connection:
        row = insert(connection, tables, "fire_hydrant", wkt="POINT(603900 1192000)", sensitivity="restricted")
    with app.app_context():
        order = CoverageOrder(SYSTEM, "fire_hydrant", NOW, settings.home / "cache", catalogue)
        run_id = run_coverage(engine, tables, books.get_books().services, order)
    told = [ask(path, auth).json for auth in (CHIEF, LAN) for path in ("/dashboard?f=json", f"{THIS_MONTH}&f=json")]
    with writing(engine) as connection:
        connection.execute(delete(COVERAGE_RUN).where(COVERAGE_RUN.c.id == run_id))
        connection.execute(delete(tables.get("fire_hydrant")).where(tables.get("fire_hydrant").c.id == row))
    runs = [
        next(each for each in find_sector(board, "water")["services"] if each["id"] == "fire_hydrant")["run"]
        for board in told
    ]
    assert [None if run is None else run["id"] for run in runs] == [run_id, run_id, None, None]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("auth", [None, LAN, CHIEF])
def test_a_page_is_in_the_language_that_is_asked_for(ask, path, auth):
    join = "&" if "?" in path else "?"
    pages = {language: ask(f"{path}{join}lang={language}", auth).text for language in ("vi", "en")}
    for language, page in pages.items():
        assert f'<html lang="{language}">' in page
    assert pages["vi"] != pages["en"]
    words = {"/dashboard": ("Tổng quan hạ tầng", "The city at a glance")}.get(
        path, ("Camera công cộng", "Public camera")
    )
    assert words[0] in pages["vi"] and words[1] in pages["en"]


@pytest.mark.parametrize("path", PAGES)
def test_what_people_wrote_is_only_text(ask, path):
    page = ask(path, CHIEF).text
    assert SCRIPT not in page and "None" not in page and "nan" not in html.document_fromstring(page).text_content()


def test_the_board_leads_to_the_map(read):
    page = read("/dashboard?lang=en")
    links = {get_text(each): each.get("href") for each in page.iter("a")}
    assert links["Water pipe"].startswith("/#15.59/10.77") and links["Water pipe"].endswith("&lang=en&on=water_pipe")
    assert links["Open conflicts"] == "/#lang=en&tool=register"
    assert links["Fire hydrants"].startswith("/#lang=en&tool=coverage&service=fire_hydrant&run=")
    assert links["Water supply"] == "#water" and page.get_element_by_id("water") is not None


def test_charts_have_titles_and_their_numbers_beside_them(read):
    section = read("/dashboard?lang=en").xpath('//section[@aria-labelledby="water"]')[0]
    charts = {get_text(each.find("figcaption")): each for each in section.iter("figure")}
    assert list(charts) == ["Age", "Quality level", "Material: Water pipe"]
    assert [get_text(each) for each in charts["Age"].xpath(".//tbody//th")] == ["20–29 years"]
    assert "Fire hydrant" in get_text(charts["Age"])  # in which nothing is recorded
    assert all(each.find(".//svg").get("role") == "img" for each in charts.values())


def test_cameras_are_listed_with_their_state_and_place(read):
    page = read("/dashboard/cameras?lang=en")
    rows = [[get_text(cell) for cell in row] for row in page.xpath("//tbody/tr")]
    assert [(row[0], row[1]) for row in rows] == [(f"CAM-2 {SCRIPT}", "Not recorded"), ("CAM-1", "Linked")]
    link = page.xpath('//a[@aria-label="Show CAM-1 on the map"]')[0].get("href")
    assert link.startswith("/#18.00/") and "&tool=identify&at=" in link
    linked = read("/dashboard/cameras?state=linked&lang=en")
    assert (
        len(linked.xpath("//tbody/tr")) == 1
        and linked.xpath('//a[@aria-current="true"]')[1].text_content() == "Linked 1"
    )
    assert read("/dashboard/cameras?offset=1000").xpath("//tbody/tr") == []


def test_the_report_tells_beginning_end_and_change(ask, read):
    found = ask(f"{THIS_MONTH}&f=json", CHIEF).json
    pipes = find_layer(found, "water", "water_pipe")
    assert pipes["before"] == {"features": 0, "size": 0} and pipes["features"] == 1
    assert found["moves"] == {"open_before": 0, "opened": 1, "settled": 0, "open_after": 1} and not found["is_over"]
    assert [each["layer"] for each in found["imports"]] == ["water_pipe"] and found["reader"] == "chief"
    text = get_text(read(f"{THIS_MONTH}&lang=en"))
    assert "Data were first loaded within this period" in text
    assert "+1.0 km" in text and "The period has not ended" in text and "Of the data that chief may see" in text


@pytest.mark.parametrize("auth", [CHIEF, LAN, None])
def test_the_sheets_hold_the_figures_of_the_page(ask, tmp_path, auth):
    found = ask(f"{THIS_MONTH}&f=json", auth).json
    answer = ask(f"{THIS_MONTH}&f=xlsx&lang=en", auth)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="report-{NOW.astimezone():%Y-%m}.xlsx"'
    (tmp_path / "r.xlsx").write_bytes(answer.data)
    sheets = {name: read_sheet(tmp_path / "r.xlsx", name) for name, _ in pyogrio.list_layers(tmp_path / "r.xlsx")}
    layers = [each for sector in found["sectors"] for each in sector["layers"] if each["features"]]
    told = [(row["Layer"], row["Features: End"], row["Length, area: End"]) for row in sheets["Layer"]]
    sizes = [None if each["measure"] == "none" else each["size"] for each in layers]
    assert told == [(each["title"]["en"], each["features"], size) for each, size in zip(layers, sizes, strict=True)]
    moves = {row["Sector"]: row["End"] for row in sheets["Conflicts over the period"]}
    assert moves["The whole city"] == found["moves"]["open_after"]
    assert [moves[each["title"]["en"]] for each in found["sectors"]] == [
        each["moves"]["open_after"] for each in found["sectors"]
    ]
    assert ("Imports over the period" in sheets) == bool(found["imports"])
    told_ages = [row["Features"] for row in sheets.get("By", []) if (row["Layer"], row["By"]) == ("Water pipe", "Age")]
    assert sum(told_ages) == (1 if auth is not None else 0)


def read_sheet(path, name):
    """The rows of a sheet, None for an empty cell."""
    frame = pyogrio.read_dataframe(path, layer=name)
    return [
        {key: None if pandas.isna(value) else value for key, value in row.items()} for row in frame.to_dict("records")
    ]


def test_a_report_of_what_is_over_holds_nothing_that_came_later(ask, read):
    found = ask("/dashboard/report?of=2020&f=json", CHIEF).json
    assert found["is_over"] and all(each["features"] == 0 for sector in found["sectors"] for each in sector["layers"])
    assert found["moves"]["open_after"] == 0 and found["imports"] == [] and found["cameras"]["total"] == 0
    assert found["targets"]["known"] == 0
    text = get_text(read("/dashboard/report?of=2020&lang=en"))
    assert "From 01/01/2020 to 31/12/2020" in text and "the system held no data yet" in text


def test_the_report_names_its_city_and_source_and_leads_back(read, app):
    page = read("/dashboard/report?of=2020-H1&lang=en")
    city = page.xpath('//p[@class="city"]')[0].text_content()
    assert city and f"Source: the infrastructure database, {city}." in get_text(page)
    way = page.xpath('//nav[@class="screen"]')[0]
    assert way.xpath(".//a")[0].get("href") == "/dashboard?lang=en" and "Ctrl+P" in way.text_content()


def test_what_is_asked_stands_beside_what_was_found(read):
    target = read("/dashboard?lang=en").xpath('//span[@class="target"]')[0].text_content()
    assert "75.0%" in target.replace(" %", "%") and "asked for:" in target


def test_cameras_that_are_off_are_a_press_away(read):
    page = read("/dashboard/cameras?lang=en")
    assert [get_text(each) for each in page.xpath('//ul[contains(@class, "states")]/li')][1:3] == [
        "Out of use 0", "Not linked 0",
    ]  # fmt: skip


def test_without_a_period_the_report_is_of_the_month_that_ended_last(ask):
    period = ask("/dashboard/report?f=json").json["period"]
    assert period["kind"] == "month" and datetime.date.fromisoformat(period["last"]) < NOW.date()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/dashboard?x=1", "unknown parameter 'x'"),
        ("/dashboard?f=pdf", "f must be html or json"),
        ("/dashboard?f=xlsx", "f must be html or json"),
        ("/dashboard/report?f=pdf", "f must be html or json or xlsx"),
        ("/dashboard/report?of=2026-13", "must be a month as 2026-10"),
        ("/dashboard/report?of=9000", "has not begun"),
        ("/dashboard/report?of=%00", "must be a month"),
        ("/dashboard/cameras?state=broken", "state must be one of out"),
        ("/dashboard/cameras?offset=-1", "offset must be a whole number"),
        ("/dashboard/cameras?offset=99999999", "offset is at most"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask, path, words):
    answer = ask(path)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_answers_are_kept_by_nobody_and_load_nothing_from_elsewhere(ask):
    for path in PAGES:
        answer = ask(path, CHIEF)
        assert "no-store" in answer.headers["Cache-Control"]
        addresses = html.document_fromstring(answer.text).xpath("//@src | //link/@href")
        assert all(each.startswith(("/", "data:")) for each in addresses)
    assert "default-src 'none'" in ask(THIS_MONTH).headers["Content-Security-Policy"]
    assert " style=" not in ask("/dashboard", CHIEF).text


def test_without_a_language_the_board_is_in_that_of_the_map_whatever_the_browser_speaks(app):
    page = app.test_client().get("/dashboard", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="vi">' in page
