"""What the map asks beside tiles: counts in its window, facts of one feature, strips of ground along streets."""

import pytest
import shapely
from sqlalchemy import delete, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.contacts.entries import parse_entry
from gis_infra.analysis.contacts.store import add_contact
from gis_infra.catalogue import history
from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from gis_infra.web.viewer import counting
from tests.builders import insert, insert_many
from tests.web import writing_city
from tests.web.writing_city import EDITOR, ITEMS, PATCH

E, N = 603000.0, 1191500.0


def to_lonlat(east, north):
    return crs.get_transformer(9210, 4326).transform(E + east, N + north)


def line(*places):
    return f"LINESTRING({', '.join(f'{E + east} {N + north}' for east, north in places)})"


def window(west, south, east, north):
    return ",".join(map(str, (*to_lonlat(west, south), *to_lonlat(east, north))))


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people, ten hydrants 10 m apart (one of them restricted), streets, and two contacts.

    Nguyễn Huệ is two pieces with a gap of 20 m; another street of that name lies 2 km away.
    """
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
        rows = [{"asset_code": f"T{n}", "wkt": f"POINT({E + 10 * n} {N})", "owner": " SAWACO "} for n in range(9)]
        rows += [{"asset_code": "T9", "wkt": f"POINT({E + 90} {N})", "sensitivity": "restricted"}]
        insert_many(connection, tables, "fire_hydrant", rows)
        streets = [
            {"name": "Nguyễn Huệ", "width_m": 10.0, "wkt": line((0, 100), (100, 100))},
            {"name": "Nguyễn Huệ", "width_m": 10.0, "wkt": line((120, 100), (220, 100))},
            {"name": "Nguyễn Huệ", "width_m": 10.0, "wkt": line((2220, 100), (2320, 100))},
            {"name": None, "wkt": line((0, 300), (50, 300))},
        ]
        insert_many(connection, tables, "road_segment", streets)
        for owner, sectors in (("Sawaco", ["water"]), ("EVNHCMC", ["power"])):
            document = {"owner": owner, "name": "Kỹ thuật", "phone": "028 3829 1777", "sectors": sectors}
            add_contact(connection, SYSTEM, parse_entry(document, catalogue.sectors, tables.srid), tables.srid)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        for layer_id in ("fire_hydrant", "road_segment"):
            connection.execute(delete(tables.get(layer_id)))
            connection.execute(delete(history.build(tables.get(layer_id))))
        connection.execute(text("DELETE FROM gis.owner_contact"))
        writing_city.clear(connection, tables)


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def streets(engine, tables, app):
    """The ids of the pieces of streets, in the order they were put in."""
    table = tables.get("road_segment")
    with engine.connect() as connection:
        return list(connection.execute(table.select().order_by(table.c.id)).scalars())


def count(client, box, auth=None, layers="fire_hydrant"):
    answer = client.get("/viewer/counts", query_string={"bbox": box, "layers": layers}, auth=auth)
    assert answer.status_code == 200, answer.text
    return answer.json["counts"]


def test_what_lies_in_the_window_is_counted_and_its_edge_is_inside(client):
    assert count(client, window(-5, -5, 34, 5)) == {"fire_hydrant": 4}
    assert count(client, window(5, -5, 15, 5)) == {"fire_hydrant": 1}
    assert count(client, window(500, 500, 600, 600)) == {"fire_hydrant": 0}
    assert count(client, "-180,-90,180,90", layers="road_segment,fire_hydrant") == {
        "road_segment": 4,
        "fire_hydrant": 9,
    }


def test_what_one_may_not_see_is_not_counted(client):
    assert count(client, window(-5, -5, 95, 5)) == {"fire_hydrant": 9}
    assert count(client, window(-5, -5, 95, 5), auth=EDITOR) == {"fire_hydrant": 10}
    assert (
        client.get("/viewer/counts?bbox=1,2,3,4&layers=water_pipe").json["detail"] == "there is no layer 'water_pipe'"
    )


def test_more_than_the_bound_is_told_as_that(client, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 3)
    assert count(client, window(-5, -5, 34, 5)) == {"fire_hydrant": None}
    assert count(client, window(-5, -5, 24, 5)) == {"fire_hydrant": 3}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "bbox is missing"),
        ("?bbox=1,2,3", "bbox must be four numbers"),
        ("?bbox=1,9,3,4", "bbox has ymin 9.0 above ymax 4.0"),
    ],
)
def test_a_wrong_window_is_refused_by_name(client, query, words):
    answer = client.get(f"/viewer/counts{query}")
    assert answer.status_code == 400 and words in answer.json["detail"]


@pytest.fixture
def changed(client, engine, tables):
    """The id of a hydrant of Sawaco whose name and place were changed by the editor."""
    with writing(engine) as connection:
        id_ = insert(connection, tables, "fire_hydrant", wkt=f"POINT({E} {N - 400})", name="a", owner="sawaco")
    patch = {"properties": {"name": "b"}, "geometry": {"type": "Point", "coordinates": to_lonlat(3, -404)}}
    answer = client.patch(f"{ITEMS}/{id_}", json=patch, content_type=PATCH, auth=EDITOR)
    assert answer.status_code == 204, answer.text
    yield id_
    with writing(engine) as connection:
        connection.execute(delete(tables.get("fire_hydrant")).where(tables.get("fire_hydrant").c.id == id_))


def tell(client, id_, auth=EDITOR, lang="en"):
    answer = client.get(f"/viewer/facts/fire_hydrant/{id_}?lang={lang}", auth=auth)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json


def test_the_history_is_told_in_words_of_either_language(client, changed):
    history = tell(client, changed)["history"]
    assert history["count"] == 2
    newest, oldest = history["versions"]
    assert newest["changes"] == [{"title": "Name", "old": "a", "new": "b"}]
    assert EDITOR[0] in newest["made"] and "moved by 5 m" in newest["shape"]
    assert (oldest["is_first"], oldest["changes"]) == (True, [])
    assert tell(client, changed, lang="vi")["history"]["versions"][0]["changes"][0]["title"] == "Tên"
    page = client.get(f"/{history['page']}", auth=EDITOR)
    assert page.status_code == 200 and page.mimetype == "text/html"


def test_the_public_learns_neither_who_changed_it_nor_whom_to_ask(client, changed):
    told = tell(client, changed, auth=None)
    assert EDITOR[0] not in str(told["history"])
    assert (told["contacts"], told["contacts_of"]) == ([], None)


def test_the_contact_of_the_owner_is_told_whatever_the_letters(client, changed):
    told = tell(client, changed)
    assert told["contacts_of"] == "owner"
    assert [(each["owner"], each["phone"]) for each in told["contacts"]] == [("Sawaco", "028 3829 1777")]


def test_without_an_owner_those_of_the_sector_are_told(client, engine, tables):
    with engine.connect() as connection:
        table = tables.get("fire_hydrant")
        id_ = connection.execute(table.select().where(table.c.asset_code == "T9")).scalar_one()
    told = tell(client, id_)
    assert (told["contacts_of"], [each["owner"] for each in told["contacts"]]) == ("sector", ["Sawaco"])
    assert client.get(f"/viewer/facts/fire_hydrant/{id_}").status_code == 404  # restricted


@pytest.mark.parametrize("path", ["fire_hydrant/999999", "fire_hydrant/x", "water_pipe/1", "nothing/1"])
def test_facts_of_what_is_not_there_are_not_found(client, path):
    assert client.get(f"/viewer/facts/{path}").status_code == 404


def strip(client, status=200, **document):
    answer = client.post("/viewer/strip", json=document)
    assert answer.status_code == status, answer.text
    return answer.json


def to_shape(found):
    """The strip in the city's CRS."""
    move = crs.get_transformer(4326, 9210).transform
    return shapely.transform(shapely.geometry.shape(found["geometry"]), move, interleaved=False)


def test_a_street_is_as_wide_as_it_is(client, streets):
    found = strip(client, segments=streets[:1])
    west, south, east, north = to_shape(found).bounds
    assert (west - E, south - N, east - E, north - N) == pytest.approx((-5, 95, 105, 105), abs=0.03)
    assert (found["names"], found["segments"]) == (["Nguyễn Huệ"], streets[:1])
    assert found["length_m"] == pytest.approx(100, abs=1e-6)
    # 100 m by 10 m and a circle of 5 m, which is drawn by 16 corners: 1000 + 25 * 8 * sin 22.5° = 1076.54 m².
    assert found["area_m2"] == pytest.approx(1076.54, abs=0.5)


def test_a_reach_may_be_said_and_a_street_without_a_width_has_a_usual_one(client, streets):
    assert shapely.get_parts(to_shape(strip(client, segments=streets[3:])))[0].bounds[1] == pytest.approx(
        N + 297, abs=0.03
    )
    wide = to_shape(strip(client, segments=streets[3:], reach_m=1.5))
    assert wide.bounds[3] == pytest.approx(N + 301.5, abs=0.03)


def test_a_whole_street_takes_in_what_joins_on_and_not_its_namesake(client, streets):
    found = strip(client, segments=streets[1:2], whole=True)
    assert found["segments"] == streets[:2]
    assert found["length_m"] == pytest.approx(200, abs=1e-6)
    assert strip(client, segments=streets[3:], whole=True)["segments"] == streets[3:]  # without a name


def test_a_drawn_line_becomes_an_area_and_an_area_stays_what_it_is(client):
    drawn = {"type": "LineString", "coordinates": [to_lonlat(0, 0), to_lonlat(100, 0)]}
    found = strip(client, geometry=drawn, reach_m=1)
    assert found["geometry"]["type"] == "MultiPolygon"
    assert to_shape(found).bounds[3] - to_shape(found).bounds[1] == pytest.approx(2, abs=0.05)
    corners = [to_lonlat(0, 0), to_lonlat(20, 0), to_lonlat(20, 10), to_lonlat(0, 10), to_lonlat(0, 0)]
    assert strip(client, geometry={"type": "Polygon", "coordinates": [corners]})["area_m2"] == pytest.approx(
        200, abs=0.1
    )


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        ([], 400, "give either segments"),
        ({"segments": [1], "geometry": {}}, 400, "give either segments"),
        ({"segments": []}, 400, "segments must be a list of 1 to 500 ids"),
        ({"segments": ["1"]}, 400, "segments must be ids, got '1'"),
        ({"segments": [True]}, 400, "segments must be ids, got True"),
        ({"segments": [987654321]}, 404, "there is no street with the id 987654321"),
        ({"segments": [1], "reach_m": 501}, 400, "reach_m must be from 0.05 to 500 m, got 501"),
        ({"geometry": {"type": "LineString", "coordinates": [[106.7, 10.7], [106.71, 10.7]]}}, 400, "needs reach_m"),
        ({"geometry": {"type": "Point", "coordinates": [0, 0]}, "reach_m": 1}, 400, "far outside the city"),
    ],
)
def test_a_wrong_order_is_refused_in_words(client, document, status, words):
    answer = client.post("/viewer/strip", json=document)
    assert answer.status_code == status and words in answer.json["detail"]
