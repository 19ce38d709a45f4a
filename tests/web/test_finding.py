"""The search box: what it finds, in which order, and that it tells nobody of what they may not see."""

import pytest
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.viewer.terms import to_start_pattern
from tests.builders import insert_many

E, N = 603000.0, 1191500.0
PASSWORD = "mot-mat-khau-dai-12"
LAN = ("lan", PASSWORD)


def at(east, north):
    return f"POINT({E + east} {N + north})"


def line(west, south, east, north):
    return f"LINESTRING({E + west} {N + south}, {E + east} {N + north})"


def area(west, south, east, north):
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"MULTIPOLYGON((({', '.join(f'{E + x} {N + y}' for x, y in corners)})))"


LAYERS = {
    "admin_unit": [
        {"name": "Phường Bến Nghé", "level": "commune", "wkt": area(-100, -100, 1000, 1000)},
        {"name": "Phường Ỷ Yên", "level": "commune", "wkt": area(1000, -100, 9000, 1000)},
        {"name": "Phường Cũ", "level": "commune", "valid_to": "2020-01-01", "wkt": area(-100, -100, 1000, 1000)},
        {"name": "Quận Một", "level": "district", "wkt": area(-100, -100, 9000, 1000)},
    ],
    "road_segment": [
        {"name": "Đường Lê Lợi", "wkt": line(0, 0, 200, 0)},
        {"name": "Đường Lê Lợi", "wkt": line(200, 0, 400, 0)},
        {"name": "Đường Lê Lợi", "wkt": line(5000, 0, 5400, 0)},
        {"name": "Đường Ỷ Lan", "wkt": line(0, 100, 400, 100)},
        {"name": "Đường Bí Mật", "sensitivity": "restricted", "wkt": line(0, 200, 400, 200)},
        *({"name": f"Hẻm {number}", "wkt": line(0, 300 + number, 20, 300 + number)} for number in range(500)),
    ],
    "building": [
        {"name": "Chợ Bến Thành", "address": "12 Lê Lợi, Phường Bến Nghé", "wkt": area(50, 10, 60, 20)},
        {"address": "112 Lê Lai", "wkt": area(70, 10, 80, 20)},
    ],
    "fire_hydrant": [
        *({"asset_code": f"TCC-{number}", "wkt": at(number % 300, 50)} for number in range(1, 300)),
        {"asset_code": "MAT-9", "sensitivity": "restricted", "wkt": at(10, 60)},
        {"asset_code": "TCC-NOWHERE"},
        {"asset_code": "100%_A\\B", "wkt": at(10, 70)},
    ],
    "water_pipe": [{"asset_code": "CN-001", "name": "Tuyến Lê Lợi", "wkt": line(0, 3, 200, 3)}],
}


@pytest.fixture(scope="module")
def client(settings, engine, tables):
    """The application over a few streets, wards, buildings, hydrants and one pipe for those who sign in."""
    with writing(engine) as connection:
        for layer_id, rows in LAYERS.items():
            insert_many(connection, tables, layer_id, rows)
        people.add_person(connection, "lan", "Lan", password=PASSWORD)
    yield create_app(settings, engine).test_client()
    with writing(engine) as connection:
        for layer_id in LAYERS:
            connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(PERSON))


@pytest.mark.parametrize(
    ("text", "pattern"), [("12", "(^| )12"), ("a.", r"(^| )a\."), ("(", r"(^| )\("), ("đ%", "(^| )đ%")]
)
def test_a_short_word_is_looked_for_at_the_beginning_of_words_and_is_no_expression(text, pattern):
    assert to_start_pattern(text) == pattern


def find(client, text, **options):
    """The results by kind, each as label and ward."""
    auth = options.pop("auth", None)
    answer = client.get("/viewer/find", query_string={"q": text, **options}, auth=auth)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return {group["kind"]: group["results"] for group in answer.json["groups"]}


def list_labels(client, text, kind, **options):
    return [each["label"] for each in find(client, text, **options).get(kind, [])]


@pytest.mark.parametrize("text", ["lê lợi", "le loi", "LE LOI", "loi le", "Đường Lê Lợi", "duong le loi", "lo le l"])
def test_a_street_is_found_without_marks_in_any_order_of_words(client, text):
    assert "Đường Lê Lợi" in list_labels(client, text, "street")


def test_segments_of_a_street_are_one_and_streets_of_one_name_far_apart_are_two(client):
    streets = find(client, "le loi")["street"]
    assert [(len(each["ids"]), each["unit"]) for each in streets] == [(2, "Phường Bến Nghé"), (1, "Phường Ỷ Yên")]
    to_lonlat = crs.get_transformer(9210, 4326)
    west, south = to_lonlat.transform(E, N)
    east, north = to_lonlat.transform(E + 400, N)
    assert streets[0]["bbox"] == pytest.approx([west, min(south, north), east, max(south, north)], abs=1e-5)


def test_wards_and_districts_are_found_by_name_those_no_longer_in_force_too(client):
    assert list_labels(client, "ben nghe", "unit") == ["Phường Bến Nghé"]
    assert list_labels(client, "phuong cu", "unit") == ["Phường Cũ"]
    assert list_labels(client, "quận một", "unit") == ["Quận Một"]


def test_a_street_is_said_to_be_in_the_ward_of_today(client):
    assert find(client, "y lan")["street"][0]["unit"] == "Phường Bến Nghé"


def test_an_address_is_found_by_number_and_street(client):
    assert list_labels(client, "12 le loi", "address") == ["12 Lê Lợi, Phường Bến Nghé"]
    # A short word begins a word: 12 is not looked for inside 112.
    assert list_labels(client, "12 le lai", "address") == []


def test_an_asset_is_found_by_code_and_by_name(client):
    assert list_labels(client, "cho ben", "asset") == ["Chợ Bến Thành"]
    assert list_labels(client, "le loi", "asset", auth=LAN) == ["Tuyến Lê Lợi"]
    pipe = find(client, "cn-001", auth=LAN, lang="en")["asset"][0]
    assert (pipe["label"], pipe["also"], pipe["layer"], pipe["title"]) == (
        "CN-001",
        "Tuyến Lê Lợi",
        "water_pipe",
        "Water pipe",
    )


def test_the_code_that_was_typed_comes_first_however_many_others_begin_so(client):
    assert list_labels(client, "tcc-1", "asset")[0] == "TCC-1"
    assert list_labels(client, "tcc-29", "asset")[:2] == ["TCC-29", "TCC-290"]


def test_of_too_many_a_few_are_shown_and_it_is_said(client):
    answer = client.get("/viewer/find?q=hem").json["groups"]
    assert [(group["kind"], len(group["results"]), group["more"]) for group in answer] == [("street", 8, True)]


def test_the_kind_that_matches_best_comes_first(client):
    kinds = [group["kind"] for group in client.get("/viewer/find?q=le loi", auth=LAN).json["groups"]]
    assert kinds == ["street", "address", "asset"]
    assert client.get("/viewer/find?q=tuyến lê lợi", auth=LAN).json["groups"][0]["kind"] == "asset"


@pytest.mark.parametrize("text", ["bí mật", "mat-9", "cn-001", "tuyen le loi"])
def test_nothing_is_found_that_one_may_not_see(client, text):
    found = find(client, text)
    words = [each["label"] for results in found.values() for each in results]
    assert not {"Đường Bí Mật", "MAT-9", "CN-001", "Tuyến Lê Lợi"} & set(words)


def test_a_row_without_a_place_is_not_found_for_nobody_can_go_there(client):
    assert find(client, "tcc-nowhere") == {}


def test_signs_of_patterns_are_signs_like_others(client):
    assert list_labels(client, "100%_a\\b", "asset") == ["100%_A\\B"]
    assert list_labels(client, "1%a", "asset") == []
    assert list_labels(client, "tcc_1", "asset") == []


@pytest.mark.parametrize("text", ["", " ", "l", "\x00", "%", "_", "\\", "đ", "'; DROP TABLE x --", "\u200b\u0301"])
def test_too_little_or_nonsense_finds_nothing(client, text):
    assert find(client, text) == {}


def test_no_text_and_endless_text_are_refused_by_name(client):
    answer = client.get("/viewer/find")
    assert answer.status_code == 400 and "q is missing" in answer.json["detail"]
    answer = client.get("/viewer/find", query_string={"q": "x" * 201})
    assert answer.status_code == 400 and "at most 200" in answer.json["detail"]


@pytest.mark.parametrize("text", ["10.772922, 106.693600", "603000 1191500", "X 1.191.500,00 · Y 603.000,00"])
def test_coordinates_are_a_place(client, text):
    (place,) = find(client, text)["coordinate"]
    assert place["point"] == pytest.approx(crs.get_transformer(9210, 4326).transform(E, N), abs=3e-6)
    assert place["inside"] is True


def test_coordinates_far_away_are_told_to_be(client):
    (place,) = find(client, "48.8566, 2.3522")["coordinate"]
    assert place["inside"] is False
