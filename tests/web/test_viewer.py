"""What the map asks the server for: its page, what it draws, and what lies under the pointer."""

import math

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.viewer import views
from tests.builders import insert_many

E, N = 603000.0, 1191500.0
PASSWORD = "mot-mat-khau-dai-12"
# Hydrants at places that look random and are the same in every run: metres east and north of E, N.
SPOTS = [((37 * number) % 101, (53 * number) % 97) for number in range(60)]


def at(east, north):
    return f"POINT({E + east} {N + north})"


def to_lonlat(east, north):
    return crs.get_transformer(9210, 4326).transform(E + east, N + north)


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application with hydrants, one street, a water pipe nobody but its department should see, and a planner."""
    rows = {
        "fire_hydrant": [
            {"asset_code": f"H{n}", "flow_lps": 10.0, "kind": "pillar", "in_service": False, "wkt": at(*spot)}
            for n, spot in enumerate(SPOTS)
        ]
        + [{"asset_code": "H-SECRET", "sensitivity": "restricted", "wkt": at(50, 50)}, {"asset_code": "H-NOWHERE"}],
        "road_segment": [{"name": "Lê Lợi", "wkt": f"LINESTRING({E} {N - 500}, {E + 400} {N - 500})"}],
        "water_pipe": [{"asset_code": "P1", "wkt": f"LINESTRING({E} {N - 490}, {E + 400} {N - 490})"}],
        "building": [
            {"name": "Chợ", "wkt": f"MULTIPOLYGON((({E} {N + 200}, {E + 50} {N + 200}, {E} {N + 250}, {E} {N + 200})))"}
        ],
    }
    with writing(engine) as connection:
        for layer_id, values in rows.items():
            insert_many(connection, tables, layer_id, values)
        people.add_person(connection, "lan", "Lan", password=PASSWORD)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        for layer_id in rows:
            connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(PERSON))


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


def get_layers(answer):
    return {layer["id"]: layer for sector in answer.json["sectors"] for layer in sector["layers"]}


def identify(client, east, north, **parameters):
    longitude, latitude = to_lonlat(east, north)
    return client.get("/viewer/identify", query_string={"lon": longitude, "lat": latitude, **parameters})


def find(answer, layer_id):
    assert answer.status_code == 200, answer.text
    return next((group for group in answer.json["layers"] if group["id"] == layer_id), {"features": []})["features"]


def test_the_config_counts_styles_and_names_what_the_public_may_see(client):
    answer = client.get("/viewer/config?lang=vi")
    hydrant = get_layers(answer)["fire_hydrant"]
    assert (hydrant["title"], hydrant["count"], hydrant["shown"]) == ("Trụ nước chữa cháy", 61, True)
    assert hydrant["style"][0]["source"] == "fire_hydrant"
    assert {entry["kind"] for entry in hydrant["legend"]} == {"point"}
    assert "water_pipe" not in get_layers(answer)
    assert answer.json["user"] is None
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_config_of_a_planner_holds_shared_layers_in_english(client):
    answer = client.get("/viewer/config?lang=en", auth=("lan", PASSWORD))
    assert get_layers(answer)["water_pipe"]["title"] == "Water pipe"
    assert answer.json["user"] == {"name": "lan", "department": None}


def test_the_map_opens_on_the_streets(client):
    west, south, east, north = client.get("/viewer/config").json["bounds"]
    assert (west, south) == pytest.approx(to_lonlat(0, -500), abs=1e-4)
    assert (east, north) == pytest.approx(to_lonlat(400, -500), abs=1e-4)


def test_identify_gives_titles_codes_and_units_in_either_language(client):
    for language, title, kind in (("vi", "Loại trụ", "Trụ nổi"), ("en", "Kind", "Pillar")):
        feature = find(identify(client, *SPOTS[7], radius_m=0.5, lang=language), "fire_hydrant")[0]
        attributes = {each["name"]: each for each in feature["attributes"]}
        assert feature["label"] == "H7"
        assert (attributes["kind"]["title"], attributes["kind"]["text"]) == (title, kind)
        assert attributes["flow_lps"]["unit"] == "l/s"
        assert attributes["in_service"]["value"] is False  # no is a value, and is shown
        assert "outlets" not in attributes  # nothing is known, and nothing is shown


def test_identify_gives_back_the_place_in_longitude_and_latitude(client):
    feature = find(identify(client, *SPOTS[7], radius_m=0.5), "fire_hydrant")[0]
    assert feature["geometry"]["coordinates"] == pytest.approx(to_lonlat(*SPOTS[7]), abs=1e-9)


def test_a_point_inside_an_area_is_at_no_distance_from_it(client):
    assert find(identify(client, 5, 205, radius_m=0.01), "building")[0]["distance_m"] == 0
    # In the box of the triangle, but 25 m beyond its slope (along the diagonal: (45 + 45 - 50) / sqrt 2 = 28.284).
    assert find(identify(client, 45, 245, radius_m=28), "building") == []
    assert find(identify(client, 45, 245, radius_m=28.3), "building")[0]["distance_m"] == 28.284


@hypothesis_settings(max_examples=15, deadline=None)
@given(st.floats(-20, 120), st.floats(-20, 120), st.floats(0.5, 25))
def test_identify_finds_just_what_lies_in_the_circle_nearest_first(client, east, north, radius_m):
    found = find(identify(client, east, north, radius_m=radius_m, layers="fire_hydrant"), "fire_hydrant")
    distances = {f"H{n}": math.hypot(spot[0] - east, spot[1] - north) for n, spot in enumerate(SPOTS)}
    expected = sorted((d, code) for code, d in distances.items() if d <= radius_m - 1e-6)
    assert [feature["distance_m"] for feature in found[: len(expected)]] == pytest.approx(
        [distance for distance, _ in expected], abs=1e-3
    )
    assert {feature["label"] for feature in found} >= {code for _, code in expected}
    assert all(distances[feature["label"]] <= radius_m + 1e-6 for feature in found)


def test_identify_shows_no_row_and_no_layer_one_may_not_see(client):
    assert "H-SECRET" not in identify(client, 50, 50, radius_m=1).text
    assert find(identify(client, 200, -490, radius_m=1), "water_pipe") == []
    refused = identify(client, 200, -490, layers="water_pipe")
    assert refused.status_code == 400
    assert refused.json["detail"] == "there is no layer 'water_pipe'"
    assert refused.json["detail"] == identify(client, 200, -490, layers="water_pip").json["detail"].replace(
        "pip'", "pipe'"
    )


def test_identify_says_when_it_left_some_off(client):
    group = identify(client, 50, 50, radius_m=100, layers="fire_hydrant").json["layers"][0]
    assert (len(group["features"]), group["more"]) == (25, True)


@pytest.mark.parametrize(
    ("query", "where", "words"),
    [
        ("lat=10.77", "lon", "lon is missing; give a number from -180 to 180"),
        ("lon=106.69", "lat", "lat is missing"),
        ("lon=x&lat=10", "lon", "lon must be a number, got 'x'"),
        ("lon=nan&lat=10", "lon", "lon must be from -180 to 180, got nan"),
        ("lon=106&lat=91", "lat", "lat must be from -90 to 90, got 91"),
        ("lon=106&lat=10&radius_m=501", "radius_m", "radius_m must be from 0.01 to 500, got 501"),
        ("lon=106&lat=10&radius_m=0", "radius_m", "radius_m must be from 0.01 to 500"),
        ("lon=106&lat=10&radius_m=", "radius_m", "radius_m must be a number, got ''"),
        ("lon=106&lat=10&layers=nothing", "layers", "there is no layer 'nothing'"),
        ("lon=15.75&lat=0", "lon", "lies outside what EPSG:9210 can express"),
    ],
)
def test_a_wrong_question_is_refused_by_name(client, query, where, words):
    answer = client.get(f"/viewer/identify?{query}")
    assert (answer.status_code, answer.json.get("where")) == (400, where)
    assert words in answer.json["detail"]


def test_no_layer_asked_for_is_no_layer_looked_at(client):
    assert identify(client, 50, 50, radius_m=100, layers="").json["layers"] == []


def test_without_the_built_files_the_page_tells_how_to_build_them(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, views.BUILT_FOLDER, tmp_path)
    page = app.test_client().get("/")
    assert page.status_code == 200
    assert "Bản đồ chưa được dựng" in page.text and "npm run build" in page.text
    assert 'href="/ogc/"' in page.text and 'href="/wfs?' in page.text


def test_the_page_names_its_files_and_nothing_inline(app, tmp_path, monkeypatch):
    (tmp_path / "manifest.json").write_text('{"src/main.ts": {"file": "main-1.js", "css": ["main-2.css"]}}')
    monkeypatch.setitem(app.config, views.BUILT_FOLDER, tmp_path)
    page = app.test_client().get("/")
    assert 'src="/viewer/built/main-1.js"' in page.text and 'href="/viewer/built/main-2.css"' in page.text
    assert "<style" not in page.text and "style=" not in page.text and page.text.count("<script") == 1
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_built_file_is_kept_for_ever_and_sent_as_small_as_the_browser_takes_it(app, tmp_path, monkeypatch):
    for name, content in (("a-1.js", b"plain"), ("a-1.js.gz", b"gzipped"), ("a-1.js.br", b"brotli")):
        (tmp_path / name).write_bytes(content)
    monkeypatch.setitem(app.config, views.BUILT_FOLDER, tmp_path)
    client = app.test_client()
    for accepted, content in (
        ("gzip, br", b"brotli"),
        ("gzip", b"gzipped"),
        ("identity", b"plain"),
        ("br;q=0", b"plain"),
    ):
        answer = client.get("/viewer/built/a-1.js", headers={"Accept-Encoding": accepted}, buffered=True)
        assert (answer.data, answer.mimetype) == (content, "text/javascript"), accepted
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Accept-Encoding" in answer.headers["Vary"]
    etag = answer.headers["ETag"]
    assert client.get("/viewer/built/a-1.js", headers={"If-None-Match": etag}, buffered=True).status_code == 304


@pytest.mark.parametrize("name", ["no.js", "../secret.js", "..%2Fsecret.js", "manifest.json", "a.js.gz", "%00.js"])
def test_only_files_of_the_map_are_served(app, tmp_path, monkeypatch, name):
    built = tmp_path / "built"
    built.mkdir()
    (tmp_path / "secret.js").write_text("hidden")
    (built / "manifest.json").write_text("{}")
    (built / "a.js.gz").write_text("half a file")
    monkeypatch.setitem(app.config, views.BUILT_FOLDER, built)
    answer = app.test_client().get(f"/viewer/built/{name}")
    assert answer.status_code == 404 and "hidden" not in answer.text
