"""The pages people read: their structure, their words, what they show and where they lead."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lxml import html

from gis_infra.accounts import people
from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.features.history import tag
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.settings import ROOT
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.ogcapi import words
from gis_infra.web.ogcapi.pages.words import WORDS as PAGE_WORDS
from tests.builders import insert_many

TEMPLATES = sorted((ROOT / "gis_infra/web/ogcapi/templates/ogcapi").rglob("*.html"))
PAGES = ROOT / "gis_infra/web/ogcapi/pages"
PASSWORD = "một mật khẩu dài"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LINE = "LINESTRING(603000 1191000, 603100 1191000)"
SCRIPT = "<script>alert(1)</script>"
LAYERS = ("water_pipe", "fire_hydrant")


@pytest.fixture(scope="module")
def ids():
    """The ids of the pipes, filled by `app`."""
    return []


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue, ids):
    """The application over thirty pipes; lan may edit them."""
    application = create_app(settings, engine)
    rows = [
        {
            "wkt": LINE if number else None,
            "asset_code": f"P{number:02}",
            "owner": "Sawaco" if number % 2 else None,
            "material": "hdpe" if number < 10 else "steel",
            "nominal_diameter_mm": 100 + number,
            "installed_on": f"2010-01-{number + 1:02}",
            "street": "Nguyễn Huệ" if number == 3 else None,
            "remarks": "dài " * 200 if number == 4 else SCRIPT if number == 5 else None,
        }
        for number in range(30)
    ]
    with writing(engine) as connection:
        ids.extend(insert_many(connection, tables, "water_pipe", rows))
        people.add_person(connection, "lan", "Lan", password=PASSWORD)
        people.grant_to_person(connection, "lan", "editor", "*", catalogue)
    yield application
    with writing(engine) as connection:
        for table in (*(tables.get(each) for each in LAYERS), PERSON, DEPARTMENT):
            connection.execute(table.delete())


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def read(client):
    """A function that GETs a page under /ogc as lan, parsed."""

    def get(path, status=200, **headers):
        answer = client.get(f"/ogc{path}", auth=("lan", PASSWORD), headers={**BROWSER, **headers})
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "text/html"
        return html.document_fromstring(answer.text)

    return get


def get_text(element):
    return " ".join(element.text_content().split())


def list_addresses(ids):
    """Every kind of page."""
    pipe = "/collections/water_pipe"
    return (
        *("/", "/conformance", "/api", "/functions", "/collections", pipe, f"{pipe}/schema", f"{pipe}/queryables"),
        *(f"{pipe}/sortables", f"{pipe}/tiles", f"{pipe}/items", f"{pipe}/items?limit=5&sortby=-asset_code"),
        f"{pipe}/items?filter=material='hdpe'&bbox=106,10,107,11&properties=asset_code,street",
        f"{pipe}/items?filter=material='hdpe' OR street='x'&as-of={datetime.now(UTC).date()}",
        *(f"{pipe}/items/{ids[4]}", f"{pipe}/items/{ids[0]}", "/processes", "/processes/import", "/jobs"),
    )


KINDS = range(len(list_addresses([0] * 30)))
PROBLEMS = (
    *(("/nothing", 404), ("/collections/nothing", 404), ("/collections/water_pipe/items?bbox=1", 400)),
    *(("/collections/water_pipe/items/0", 404), ("/collections/water_pipe/items?what=1", 400)),
)


# Structure.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_can_be_found_one_s_way_in(read, ids, kind, language):
    address = list_addresses(ids)[kind]
    check(read(f"{address}{'&' if '?' in address else '?'}lang={language}"), language)


@pytest.mark.parametrize(("address", "status"), PROBLEMS)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_problem_is_a_page_to_people(read, address, status, language):
    page = read(address, status, **{"Accept-Language": language})
    check(page, language)
    assert len(page.xpath("//main//a[@href]")) >= 2


def check(page, language):
    """Fail unless the page has what a reader needs who does not see it, or has no mouse."""
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1 and get_text(page.xpath("//title")[0])
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert page.xpath("//a[@class='skip']/@href") == ["#content"] and page.xpath("//main[@id='content']")
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(page.xpath("//@aria-labelledby|//@aria-describedby")) <= set(names)
    check_links(page, language)
    check_controls(page)
    check_tables(page)
    assert page.xpath("//@style|//style|//script[not(@src)]|//@*[starts-with(name(), 'on')]") == []
    assert [each for each in page.xpath("//script/@src|//link/@href|//img/@src") if "//" in each] == []


def check_links(page, language):
    """Fail unless every link says where it leads, and the other language says which it is."""
    assert [each.get("href") for each in page.xpath("//a") if not (each.get("aria-label") or get_text(each))] == []
    (other,) = page.xpath("//header//a[@hreflang]")
    assert other.get("lang") == other.get("hreflang") == {"vi": "en", "en": "vi"}[language]
    assert all(page.xpath("//nav/@aria-label")) and len(page.xpath("//nav")) == len(page.xpath("//nav/@aria-label"))


def check_controls(page):
    """Fail unless every control has a name."""
    for control in page.xpath("//input[not(@type='hidden')]|//select|//textarea"):
        labels = page.xpath(f"//label[@for='{control.get('id')}']") if control.get("id") else []
        assert control.get("aria-label") or labels or control.xpath("ancestor::label"), html.tostring(control)
    assert all(get_text(each) or each.get("aria-label") for each in page.xpath("//button"))


def check_tables(page):
    """Fail unless tables say what their heads are of, and those that scroll can be reached."""
    for each in page.xpath("//table"):
        assert each.xpath(".//thead//th") and not each.xpath(".//th[not(@scope)]")
        (region,) = each.xpath("parent::div[@role='region']")
        assert region.get("tabindex") == "0" and (region.get("aria-label") or region.get("aria-labelledby"))


# Words.


class Words(HTMLParser):
    """Gathers what a template says outside of its tags, and in attributes that are read out."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [
            value for name, value in attrs if name in ("aria-label", "title", "placeholder", "alt") and value
        ]

    def handle_data(self, data):
        self.found.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_a_word_of_its_own(path):
    parser = Words()
    parser.feed(re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S))
    said = " ".join(parser.found)
    assert re.findall(r"[^\W\d_]{2,}", said.replace("infra:", "")) == []


def list_used():
    """The keys of the words that templates and view models ask for."""
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    return set(re.findall(r"words\.(\w+)", text)) | set(re.findall(r"""words\[["'](\w+)["']\]""", text))


def test_every_word_that_is_asked_for_is_there_in_both_languages():
    for language in ("vi", "en"):
        there = words.get_words(language)
        assert list_used() <= set(there)
        assert all(text.strip() for text in there.values())


def test_both_languages_fill_the_same_places():
    for key, (vi, en) in {**words.WORDS, **PAGE_WORDS}.items():
        assert sorted(re.findall(r"\{\w+\}", vi)) == sorted(re.findall(r"\{\w+\}", en)), key


# Words whose name ends in what the data say: a type, an operator, a status.
FAMILIES = ("type_", "op_", "access_", "group_", "problem_", "job_", "via_")


def test_no_word_is_left_over(catalogue):
    modules = [path.read_text(encoding="utf-8") for path in PAGES.parent.rglob("*.py") if path.name != "words.py"]
    quoted = set(re.findall(r"""["'](\w+)["']""", "".join(modules)))
    shapes = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
    left = set(PAGE_WORDS) - list_used() - quoted - shapes
    assert sorted(each for each in left if not each.startswith(FAMILIES)) == []


def test_no_word_stands_in_two_places():
    assert set(words.WORDS) & set(PAGE_WORDS) == set()


# Layers.


def test_layers_stand_under_their_sectors_with_count_and_access(read):
    page = read("/collections?lang=vi")
    row = page.xpath("//section[h2[@id='water']]//tr[th/a[text()='Ống cấp nước']]")[0]
    assert "Water pipe" in get_text(row) and "30" in get_text(row) and "Dùng chung" in get_text(row)
    assert row.xpath(".//small[@lang='en']") and row.xpath(".//time/@datetime")
    assert page.xpath("//h2[@id='water']//svg/rect/@fill") == ["#1f77d0"]


def test_the_last_change_is_told_to_those_who_see_every_row(client):
    pages = [client.get("/ogc/collections?f=html", **who).text for who in ({}, {"auth": ("lan", PASSWORD)})]
    assert ["<time" in each for each in pages] == [False, True]


def test_a_layer_tells_its_fields_with_units_limits_and_codes(read):
    page = read("/collections/water_pipe?lang=vi")
    row = get_text(page.xpath("//tr[th[contains(., 'Đường kính danh nghĩa')]]")[0])
    assert "mm" in row and "15 – 4.000" in row and "nominal_diameter_mm" in row
    assert "Gang dẻo" in get_text(page.xpath("//tr[th[contains(., 'Vật liệu')]]")[0])
    assert {get_text(each) for each in page.xpath("//section[h2[@id='download']]//a")} >= {"GeoPackage", "CSV"}
    assert page.xpath("//code[@data-copy]/text()") == ["http://localhost/ogc/", "http://localhost/wfs"]


# The table.


def read_codes(page):
    """What the features of the table are called, in its order."""
    return [get_text(each) for each in page.xpath("//table[@class='items']/tbody//th")]


def test_the_table_tells_how_many_there_are_and_turns_its_pages(read):
    page = read("/collections/water_pipe/items?limit=20&lang=vi")
    assert get_text(page.xpath("//p[@role='status']")[0]) == "30 đối tượng, hiện từ 1 đến 20"
    assert read_codes(page) == [f"P{number:02}" for number in range(20)]
    (following,) = page.xpath("//nav[@class='pages']/a[@rel='next']/@href")
    assert read_codes(read(following.partition("/ogc")[2])) == [f"P{number:02}" for number in range(20, 30)]


def test_a_page_for_people_is_never_endless(read):
    assert read("/collections/water_pipe/items?limit=10000").xpath(
        "//select[@name='limit']/option[@selected]/text()"
    ) == ["200"]


def test_columns_have_their_unit_in_the_head_and_are_sorted_by_it(read):
    page = read("/collections/water_pipe/items?sortby=-nominal_diameter_mm&limit=2&lang=vi")
    (head,) = page.xpath("//th[@aria-sort='descending']")
    assert get_text(head.xpath(".//span[@class='unit']")[0]) == "mm"
    assert get_text(page.xpath("//td[@class='number']")[0]) == "129"
    assert read_codes(page) == ["P29", "P28"]
    (turned,) = head.xpath("./a/@href")
    assert read_codes(read(f"/collections/water_pipe/items{turned}")) == ["P00", "P01"]


def test_chosen_columns_are_shown_and_no_others(read):
    page = read("/collections/water_pipe/items?properties=asset_code,street&lang=en")
    assert [get_text(each) for each in page.xpath("//table[@class='items']/thead//th")] == ["Asset code", "Street"]
    assert page.xpath("//input[@name='column'][@checked]/@value") == ["street", "asset_code"]


def send(client, form):
    """Where the filter form leads."""
    answer = client.get("/ogc/collections/water_pipe/search", query_string=form, auth=("lan", PASSWORD))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].partition("/ogc")[2]


def test_the_filter_form_leads_to_what_it_asks_for(client, read):
    form = {
        **{
            "o.material": "equals",
            "v.material": "hdpe",
            "o.nominal_diameter_mm": "between",
            "t.nominal_diameter_mm": "105",
        },
        **{"o.street": "contains", "v.street": "", "west": "106", "south": "10", "east": "107", "north": "11"},
        **{"lang": "vi", "limit": "20", "sortby": "-asset_code"},
    }
    page = read(send(client, form))
    chips = [get_text(each) for each in page.xpath("//span[@class='chip']")]
    assert [each.removesuffix(" ×") for each in chips] == [
        "Đường kính danh nghĩa đến 105 mm",
        "Vật liệu là HDPE",
        "trong khu vực 106 · 10 · 107 · 11",
    ]
    assert read_codes(page) == ["P05", "P04", "P03", "P02", "P01"]  # P00 has no shape, and so is in no box
    assert page.xpath("//select[@name='v.material']/option[@selected]/@value") == ["hdpe"]
    assert page.xpath("//input[@name='t.nominal_diameter_mm']/@value") == ["105"]
    assert page.xpath("//input[@name='west']/@value") == ["106"]


def test_names_are_found_without_their_accents(client, read):
    page = read(send(client, {"o.street": "contains", "v.street": "nguyen hue"}))
    assert read_codes(page) == ["P03"]


def test_a_condition_by_hand_comes_back_as_it_was_written(client, read):
    text = "asset_code = 'P01' OR asset_code = 'P02'"
    page = read(send(client, {"expert": text}))
    assert read_codes(page) == ["P01", "P02"]
    assert get_text(page.xpath("//textarea[@name='expert']")[0]) == text


def test_a_form_without_conditions_leads_to_the_whole_layer(client):
    assert send(client, {"lang": "vi", "limit": "50"}) == "/collections/water_pipe/items?lang=vi&f=html"


def test_today_is_asked_for_as_now_and_another_day_to_its_end(client):
    today = datetime.now(CITY_TIME).date()
    before = today - timedelta(days=1)
    assert "as-of" not in send(client, {"as-of": today.isoformat()})
    assert f"as-of={before}T23:59:59%2B07:00" in send(client, {"as-of": before.isoformat()})


def test_a_chip_leads_to_the_page_without_it(client, read):
    page = read(send(client, {"v.material": "hdpe", "v.owner": "Sawaco", "o.owner": "equals"}))
    (href,) = page.xpath("//a[contains(@aria-label, 'Vật liệu')]/@href") or page.xpath(
        "//a[contains(@aria-label, 'Material')]/@href"
    )
    assert len(read_codes(page)) == 5 and len(read_codes(read(f"/collections/water_pipe/items{href}"))) == 15


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"v.nominal_diameter_mm": "wide"}, "compared with a number, got 'wide'"),
        ({"west": "1"}, "an area has four sides; south, east, north is missing"),
        ({"as-of": "yesterday"}, "as-of must be a day such as 2026-11-23, got 'yesterday'"),
        ({"column": "nothing"}, "has no property 'nothing'"),
        ({"v.nothing": "1"}, "there is no parameter 'v.nothing'"),
        ({"expert": "x" * 5000}, "a condition may have 4000 characters, this has 5000"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_why(client, form, said):
    answer = client.get(
        "/ogc/collections/water_pipe/search", query_string=form, auth=("lan", PASSWORD), headers=BROWSER
    )
    page = html.document_fromstring(answer.text)
    assert answer.status_code == 400 and said in get_text(page)
    assert page.xpath("//main//a[contains(@href, '/collections/water_pipe/items')]")


def test_a_selection_is_downloaded_as_it_is_filtered(client, read):
    page = read("/collections/water_pipe/items?filter=material='steel'&lang=vi")
    (href,) = page.xpath("//section[h2[@id='download']]//a[text()='CSV'][contains(@href, 'export')]/@href")
    lines = client.get(href, auth=("lan", PASSWORD)).text.strip().splitlines()
    assert len(lines) == 21
    for each in page.xpath("//section[h2[@id='download']]//a/@href"):
        assert client.get(each, auth=("lan", PASSWORD)).status_code == 200, each


def test_the_map_asks_for_the_features_of_the_page(client, read):
    page = read("/collections/water_pipe/items?filter=material='hdpe'&sortby=-asset_code&limit=3")
    (address,) = page.xpath("//div[@class='map']/@data-features")
    shown = client.get(address, auth=("lan", PASSWORD)).json["features"]
    assert [str(each["id"]) for each in shown] == page.xpath("//tr/@data-id")
    assert set(shown[0]["properties"]) <= {"nominal_diameter_mm", "material"}


def test_an_empty_answer_is_said_in_words(read):
    page = read("/collections/water_pipe/items?filter=material='grp'&lang=vi")
    assert "Không có đối tượng nào khớp" in get_text(page)
    assert "chưa có đối tượng nào" in get_text(read("/collections/fire_hydrant/items?lang=vi"))


# One feature.


def test_a_feature_tells_what_is_known_and_folds_away_the_rest(read, ids):
    page = read(f"/collections/water_pipe/items/{ids[4]}?lang=vi")
    facts = dict(zip(map(get_text, page.xpath("//dl/dt")), map(get_text, page.xpath("//dl/dd")), strict=True))
    assert facts["Đường kính danh nghĩa"] == "104 mm" and facts["Vật liệu"] == "HDPE hdpe"
    assert facts["Ngày lắp đặt"] == "05/01/2010" and facts["Ghi chú"] == " ".join(["dài"] * 200)
    assert "Tên đường" not in facts and "Tên đường" in get_text(page.xpath("//details[not(ancestor::footer)]")[0])


def test_a_feature_leads_to_the_map_to_its_history_and_to_its_neighbours(client, read, ids):
    page = read(f"/collections/water_pipe/items/{ids[4]}?lang=vi")
    (place,) = page.xpath("//a[contains(@href, '#18/')]/@href")
    assert re.fullmatch(r"/#18/10\.76\d+/106\.69\d+&tool=identify&at=106\.69\d+,10\.76\d+&on=water_pipe&lang=vi", place)
    assert page.xpath(f"//a[contains(@href, '/items/{ids[4]}/history')]")
    assert f"/items/{ids[3]}?" in page.xpath("//a[@rel='prev']/@href")[0]
    assert f"/items/{ids[5]}?" in page.xpath("//a[@rel='next']/@href")[0]
    assert not read(f"/collections/water_pipe/items/{ids[0]}").xpath("//nav[@class='pages']/a[@rel='prev']")
    for href in page.xpath("//section[h2[@id='download']]//a/@href"):
        assert client.get(href, auth=("lan", PASSWORD)).status_code == 200, href


def test_only_those_who_may_edit_are_told_how(client, read, ids, engine, tables):
    with writing(engine) as connection:
        (made,) = insert_many(connection, tables, "fire_hydrant", [{"asset_code": "H1"}])
    path = f"/collections/fire_hydrant/items/{made}?f=html"
    assert read(path).xpath("//a[contains(@href, '#qgis')]")
    assert "#qgis" not in client.get(f"/ogc{path}").text
    with writing(engine) as connection:
        connection.execute(tables.get("fire_hydrant").delete())


def test_a_feature_without_a_shape_says_so(read, ids):
    page = read(f"/collections/water_pipe/items/{ids[0]}?lang=vi")
    assert "chưa có hình học" in get_text(page) and not page.xpath("//div[@class='map']")


def test_what_is_in_the_data_is_text(client, ids):
    pages = (f"/items/{ids[5]}", "/items?properties=remarks", f"/items?filter=remarks='{SCRIPT}'&properties=remarks")
    for path in pages:
        text = client.get(f"/ogc/collections/water_pipe{path}", auth=("lan", PASSWORD), headers=BROWSER).text
        assert SCRIPT not in text and "&lt;script&gt;alert(1)" in text, path


def test_a_long_text_is_cut_in_the_table(read):
    cell = read("/collections/water_pipe/items?filter=asset_code='P04'&properties=remarks").xpath("//td")[0]
    assert get_text(cell).endswith("…") and len(get_text(cell)) <= 80


# Its history.


@pytest.fixture
def changed(engine, tables, app):
    """The id of a pipe that got another material, and then another place and no diameter."""
    table = tables.get("water_pipe")
    with writing(engine) as connection:
        first = {"wkt": LINE, "asset_code": "P99", "material": "hdpe", "nominal_diameter_mm": 107}
        (made,) = insert_many(connection, tables, "water_pipe", [first])
    moved = f"SRID=9210;{LINE.replace('1191000', '1191003')}"
    for values in ({"material": "steel"}, {"nominal_diameter_mm": None, "geom": moved}):
        with writing(engine) as connection:
            tag(connection, "lan", "api")
            connection.execute(table.update().where(table.c.id == made).values(**values))
    yield made
    with writing(engine) as connection:
        connection.execute(table.delete().where(table.c.id == made))


def test_a_history_tells_who_changed_what_and_when(read, changed):
    page = read(f"/collections/water_pipe/items/{changed}/history?lang=vi")
    check(page, "vi")
    newest, middle, first = page.xpath("//ol[@class='versions']/li")
    assert "Hiện tại" in get_text(newest) and "bởi lan qua OGC API" in get_text(newest)
    assert [get_text(each) for each in newest.xpath(".//tbody//th|.//tbody//td")] == [
        "Đường kính danh nghĩa",
        "107 mm",
        "trống",
    ]
    assert "Hình học đã đổi, dịch xa nhất 3 m." in get_text(newest)
    assert [get_text(each) for each in middle.xpath(".//tbody//td")] == ["HDPE", "Thép"]
    assert "Phiên bản đầu" in get_text(first) and first.xpath(".//time/@datetime")
    check(read(f"/collections/water_pipe/items/{changed}/history?lang=en"), "en")


def test_a_version_is_restored_by_those_who_may_after_a_second_step(client, read, changed):
    page = read(f"/collections/water_pipe/items/{changed}/history?lang=vi")
    newest, _, first = page.xpath("//ol[@class='versions']/li")
    assert not newest.xpath(".//form")
    (form,) = first.xpath(".//details/form[@method='post']")
    assert form.xpath("./input[@name='csrf_token']/@value") and "vẫn được giữ" in get_text(form)
    answer = client.post(form.get("action"), auth=("lan", PASSWORD), headers=BROWSER)
    assert answer.status_code == 303
    facts = get_text(read(f"/collections/water_pipe/items/{changed}?lang=vi").xpath("//main")[0])
    assert "107 mm" in facts and "HDPE" in facts


def test_a_version_is_seen_as_it_was_then(read, changed):
    page = read(f"/collections/water_pipe/items/{changed}/history?lang=vi")
    (then,) = page.xpath("//ol[@class='versions']/li[3]//a[contains(@href, 'as-of')]/@href")
    old = read(then.removeprefix("/ogc"))
    assert "HDPE" in get_text(old) and "Như vào" in get_text(old)


# Problems.


def test_a_problem_is_a_document_to_programs(client):
    for accept in ("application/json", "*/*", "application/geo+json, text/html;q=0.5, application/json"):
        answer = client.get("/ogc/nothing", headers={"Accept": accept})
        assert answer.mimetype == "application/problem+json" and answer.json["status"] == 404
    assert client.get("/ogc/nothing?f=json", headers=BROWSER).mimetype == "application/problem+json"


@pytest.mark.parametrize(("language", "words"), [("vi", "bbox phải là bốn số"), ("en", "bbox must be four numbers")])
def test_a_problem_says_what_was_asked_and_found(read, language, words):
    page = read(f"/collections/water_pipe/items?bbox=1,2&lang={language}", 400)
    asked, said = (get_text(each) for each in page.xpath("//main//dd")[:2])
    assert asked == f"GET /ogc/collections/water_pipe/items?bbox=1,2&lang={language}" and words in said
    assert page.xpath("//main//dd/@lang") == [language]


def test_a_problem_is_told_in_the_language_the_browser_prefers(client):
    headers = {**BROWSER, "Accept-Language": "vi"}
    page = html.fromstring(client.get("/ogc/collections/fire_hydrant/items?bbox=1,2", headers=headers).text)
    assert "bbox phải là bốn số" in get_text(page.xpath("//main//dd[@lang='vi']")[0])


def test_what_was_asked_is_text_in_the_page_of_a_problem(client):
    answer = client.get("/ogc/collections/<b>x/items?bbox=<script>", headers=BROWSER)
    assert "<b>x" not in answer.text and "<script>" not in answer.text
    assert len(client.get(f"/ogc/{'x' * 10000}", headers=BROWSER).text) < 15000


def test_wrong_credentials_end_in_the_document_even_for_a_browser(client):
    answer = client.get("/ogc/nothing", headers={**BROWSER, "Authorization": "Basic eDp5"})
    assert answer.status_code == 404 and answer.mimetype in ("text/html", "application/problem+json")
    refused = client.get("/ogc/collections", headers={**BROWSER, "Authorization": "Basic eDp5"})
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"]
