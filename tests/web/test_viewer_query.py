"""What the map's filter asks the server: what it may name, and where what it lets through lies."""

import pytest
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many

E, N = 603000.0, 1191500.0
PASSWORD = "mot-mat-khau-dai-12"


def at(east, north):
    return f"POINT({E + east} {N + north})"


def to_lonlat(east, north):
    return crs.get_transformer(9210, 4326).transform(E + east, N + north)


@pytest.fixture(scope="module")
def client(settings, engine, tables):
    """Three hydrants in a row, a secret one far off and one without a place; a water pipe for who is signed in."""
    rows = {
        "fire_hydrant": [
            {"asset_code": "H1", "flow_lps": 10.0, "wkt": at(0, 0)},
            {"asset_code": "H2", "flow_lps": 15.0, "wkt": at(100, 50)},
            {"asset_code": "H3", "flow_lps": 20.0, "wkt": at(200, 100)},
            {"asset_code": "H-SECRET", "flow_lps": 20.0, "sensitivity": "restricted", "wkt": at(900, 900)},
            {"asset_code": "H-NOWHERE"},
        ],
        "water_pipe": [{"asset_code": "P1", "wkt": f"LINESTRING({E} {N}, {E + 400} {N})"}],
    }
    with writing(engine) as connection:
        for layer_id, values in rows.items():
            insert_many(connection, tables, layer_id, values)
        people.add_person(connection, "lan", "Lan", password=PASSWORD)
    yield create_app(settings, engine).test_client()
    with writing(engine) as connection:
        for layer_id in rows:
            connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(PERSON))


@pytest.mark.parametrize(("language", "title", "kind"), [("vi", "Loại trụ", "Trụ nổi"), ("en", "Kind", "Pillar")])
def test_a_filter_knows_titles_units_and_codes_in_either_language(client, language, title, kind):
    answer = client.get(f"/viewer/properties/fire_hydrant?lang={language}").json
    properties = {each["name"]: each for each in answer["properties"]}
    assert answer["label"] == "asset_code"
    assert properties["kind"]["title"] == title
    assert {"code": "pillar", "title": kind} in properties["kind"]["codes"]
    assert (properties["flow_lps"]["kind"], properties["flow_lps"]["unit"]) == ("number", "l/s")
    assert (properties["flow_lps"]["universal"], properties["asset_code"]["universal"]) == (False, True)


def test_a_filter_names_what_the_queryables_name(client):
    names = {each["name"] for each in client.get("/viewer/properties/fire_hydrant").json["properties"]}
    published = client.get("/ogc/collections/fire_hydrant/queryables?f=json").json["properties"]
    assert names | {"id", "geometry"} == set(published)


def test_the_extent_is_that_of_what_the_filter_lets_through(client):
    box = client.get("/viewer/extent/fire_hydrant", query_string={"filter": "flow_lps >= 15"}).json["extent"]
    assert box == pytest.approx([*to_lonlat(100, 50), *to_lonlat(200, 100)], abs=1e-5)


def test_the_extent_of_all_leaves_out_what_one_may_not_see(client):
    box = client.get("/viewer/extent/fire_hydrant").json["extent"]
    assert box == pytest.approx([*to_lonlat(0, 0), *to_lonlat(200, 100)], abs=1e-5)


@pytest.mark.parametrize("asked", ["flow_lps > 1000", "asset_code = 'H-NOWHERE'", "asset_code = 'H-SECRET'"])
def test_what_lies_nowhere_has_no_extent(client, asked):
    assert client.get("/viewer/extent/fire_hydrant", query_string={"filter": asked}).json == {"extent": None}


@pytest.mark.parametrize("path", ["properties", "extent"])
def test_a_layer_one_may_not_see_is_one_that_is_not_there(client, path):
    hidden, missing = (client.get(f"/viewer/{path}/{name}") for name in ("water_pipe", "water_pip"))
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.json["detail"].replace("water_pipe", "water_pip") == missing.json["detail"]
    assert client.get(f"/viewer/{path}/water_pipe", auth=("lan", PASSWORD)).status_code == 200


@pytest.mark.parametrize(
    ("query", "where"),
    [("filter=flow_lps >", "filter"), ("filter=nothing = 1", "nothing"), ("as-of=2020-01-01", "as-of"), ("x=1", "x")],
)
def test_a_wrong_question_is_refused_by_name(client, query, where):
    answer = client.get(f"/viewer/extent/fire_hydrant?{query}")
    assert answer.status_code == 400
    assert where in answer.text


@pytest.mark.parametrize(
    ("parameters", "codes"),
    [
        ({}, ["H1", "H2"]),
        ({"filter.fire_hydrant": "flow_lps > 12"}, ["H2"]),
        ({"filter.fire_hydrant": "flow_lps > 100"}, []),
        ({"filter.water_pipe": "nominal_diameter_mm > 12"}, ["H1", "H2"]),
    ],
)
def test_what_the_maps_filter_hides_is_not_found_under_the_pointer(client, parameters, codes):
    longitude, latitude = to_lonlat(50, 25)
    place = {"lon": longitude, "lat": latitude, "radius_m": 60, "layers": "fire_hydrant"}
    answer = client.get("/viewer/identify", query_string={**place, **parameters})
    assert answer.status_code == 200, answer.text
    found = [each["label"] for group in answer.json["layers"] for each in group["features"]]
    assert sorted(found) == codes


def test_a_filter_that_is_none_is_refused_under_the_pointer_too(client):
    place = {"lon": 106.7, "lat": 10.77, "layers": "fire_hydrant", "filter.fire_hydrant": "flow_lps >"}
    assert client.get("/viewer/identify", query_string=place).status_code == 400
