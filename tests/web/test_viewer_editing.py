"""What the map asks for when somebody edits: the form of a layer, and the shapes around what is drawn."""

import pytest

from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.web import writing_city
from tests.web.writing_city import EDITOR, LAN, VIEWER

E, N = 603000.0, 1191500.0


@pytest.fixture(scope="module")
def client(settings, engine, tables, catalogue):
    """A caller of an application with people, three hydrants and a valve."""
    rows = {
        "fire_hydrant": [
            {"asset_code": "H1", "wkt": f"POINT({E} {N})"},
            {"asset_code": "H2", "wkt": f"POINT({E + 30.00004} {N})"},
            {"asset_code": "H3", "sensitivity": "restricted", "wkt": f"POINT({E + 5} {N})"},
            {"asset_code": "H4"},
        ],
        "water_valve": [{"asset_code": "V1", "wkt": f"POINT({E + 2} {N})"}],
    }
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
        for layer_id, values in rows.items():
            insert_many(connection, tables, layer_id, values)
    yield create_app(settings, engine).test_client()
    with writing(engine) as connection:
        writing_city.clear(connection, tables)


def to_box(west, south, east, north):
    corners = zip((west, east), (south, north), strict=True)
    places = [crs.get_transformer(9210, 4326).transform(E + x, N + y) for x, y in corners]
    return ",".join(f"{number:.9f}" for place in places for number in place)


def look(client, box, layers="fire_hydrant,water_valve", **options):
    return client.get("/viewer/neighbours", query_string={"bbox": box, "layers": layers}, **options)


def test_the_config_says_which_layers_one_may_edit(client):
    answer = client.get("/viewer/config", auth=EDITOR).json
    layers = {layer["id"]: layer for sector in answer["sectors"] for layer in sector["layers"]}
    assert layers["fire_hydrant"]["may_edit"] is True
    assert layers["tree"]["may_edit"] is False
    assert not any(
        layer["may_edit"] for sector in client.get("/viewer/config").json["sectors"] for layer in sector["layers"]
    )


def test_a_form_has_the_schema_of_the_layer_in_the_readers_language(client):
    for language, title in (("vi", "Trụ nước chữa cháy"), ("en", "Fire hydrant")):
        form = client.get(f"/viewer/form/fire_hydrant?lang={language}", auth=EDITOR).json
        schema = client.get(f"/ogc/collections/fire_hydrant/schema?f=json&lang={language}").json
        assert form["title"] == title
        assert form["schema"]["properties"] == schema["properties"]
        assert form["units"]["flow_lps"] == "l/s"
        assert "asset_code" in form["universal"] and "flow_lps" not in form["universal"]


def test_a_form_tells_what_must_hold_between_fields_as_sums_in_one_unit(client):
    checks = {each["text"]: each for each in client.get("/viewer/form/water_valve?lang=vi", auth=EDITOR).json["checks"]}
    check = checks["crown_level_m - invert_level_m <= 20"]
    assert check["left"] == [{"value": "crown_level_m", "factor": 1.0}, {"value": "invert_level_m", "factor": -1.0}]
    assert (check["comparison"], check["right"]) == ("<=", [{"value": 20.0, "factor": 1.0}])
    assert check["title"] == "Đỉnh cao hơn đáy không quá 20 m"
    day = checks["installed_on <= today"]
    assert day["right"] == [{"value": "today", "factor": 1.0}]
    assert day["unless"] == {"status": ["proposed", "under_construction"]}


def test_a_form_is_for_who_may_edit(client):
    assert client.get("/viewer/form/fire_hydrant").status_code == 401
    assert client.get("/viewer/form/fire_hydrant", auth=VIEWER).status_code == 403
    assert client.get("/viewer/form/nothing", auth=EDITOR).status_code == 404
    # A layer that may not be seen is not told from one that is not there.
    assert client.get("/viewer/form/water_pipe").json["detail"] == "there is no layer 'water_pipe'"


def test_neighbours_are_the_shapes_in_the_box_to_a_tenth_of_a_millimetre(client):
    answer = look(client, to_box(-1, -1, 31, 1), auth=LAN).json
    found = {(each["layer"], round((each["geometry"]["coordinates"][0] - 106) * 1e6)) for each in answer["features"]}
    assert [each["layer"] for each in answer["features"]] == ["fire_hydrant", "fire_hydrant", "water_valve"]
    assert len(found) == 3 and answer["more"] is False
    second = answer["features"][1]["geometry"]["coordinates"]
    east, north = crs.get_transformer(4326, 9210).transform(*second)
    assert (east, north) == pytest.approx((E + 30.00004, N), abs=1e-4)


def test_neighbours_that_one_may_not_see_are_not_there(client):
    assert len(look(client, to_box(4, -1, 6, 1), "fire_hydrant").json["features"]) == 0
    assert len(look(client, to_box(4, -1, 6, 1), "fire_hydrant", auth=LAN).json["features"]) == 0
    assert len(look(client, to_box(4, -1, 6, 1), "fire_hydrant", auth=EDITOR).json["features"]) == 1


@pytest.mark.parametrize(
    ("box", "layers", "words"),
    [
        ("106.6,10.7,106.7", "fire_hydrant", "four numbers"),
        ("106.6,10.7,106.7,10.71", "fire_hydrant", "no wider and no higher than 0.05 degrees"),
        ("106.6,10.7,106.61,10.71", "nothing", "there is no layer 'nothing'"),
    ],
)
def test_neighbours_that_make_no_sense_are_refused(client, box, layers, words):
    answer = look(client, box, layers)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_neighbours_need_a_box(client):
    assert "bbox is missing" in client.get("/viewer/neighbours").json["detail"]
