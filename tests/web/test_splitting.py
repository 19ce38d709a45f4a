"""Lines split in two over HTTP, as one change; and vertices that nobody moved."""

import json

import numpy as np
import pytest
import shapely
from sqlalchemy import delete, func, select

from gis_infra.catalogue.history import build
from gis_infra.spatial import crs
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.web import writing_city
from tests.web.writing_city import EDITOR, PATCH, VIEWER

E, N = 603000.0, 1191500.0
ITEMS = "/ogc/collections/water_pipe/items"


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        writing_city.clear(connection, tables)


@pytest.fixture
def pipe(engine, tables):
    """The id of a pipe of 30 and 70 m with heights; a second pipe has the code P2."""
    table = tables.get("water_pipe")
    wkt = f"LINESTRING Z ({E + 0.12345} {N} 1, {E + 30} {N} 4, {E + 100.54321} {N} 11)"
    facts = {"owner": "Sawaco", "material": "hdpe", "sensitivity": "restricted", "street": "Lê Lợi"}
    with writing(engine) as connection:
        rows = [{"asset_code": "P1", **facts, "wkt": wkt}, {"asset_code": "P2", "owner": "Sawaco"}]
        insert_many(connection, tables, "water_pipe", rows)
        pipe = connection.execute(select(table.c.id).where(table.c.asset_code == "P1")).scalar_one()
    yield pipe
    with writing(engine) as connection:
        connection.execute(delete(table))
        connection.execute(delete(build(table)))


@pytest.fixture
def client(app):
    return app.test_client()


def to_lonlat(east, north):
    return list(crs.get_transformer(9210, 4326).transform(E + east, N + north))


def split(client, pipe, body, auth=EDITOR, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"{ITEMS}/{pipe}/split"
    return client.post(path, data=json.dumps(body), content_type="application/json", auth=auth, headers=named)


def read(engine, tables):
    """The pipes with a shape, by id: the row and the vertices from the corner."""
    table = tables.get("water_pipe")
    with engine.connect() as connection:
        rows = connection.execute(
            select(table, func.st_asbinary(table.c.geom).label("wkb")).where(table.c.geom.is_not(None))
        )
        return {
            row.id: (row, shapely.get_coordinates(shapely.from_wkb(bytes(row.wkb)), include_z=True) - (E, N, 0))
            for row in rows
        }


def test_the_longer_half_stays_and_the_other_is_new_with_the_same_attributes(client, engine, tables, pipe):
    answer = split(client, pipe, {"at": to_lonlat(40, 0.2), "asset_code": "P1-B"})
    assert answer.status_code == 201, answer.text
    kept, piece = answer.json["kept"]["id"], answer.json["piece"]["id"]
    assert kept == pipe and answer.headers["Location"].endswith(f"/items/{piece}")
    pipes = read(engine, tables)
    (row, vertices), (new, others) = pipes[kept], pipes[piece]
    assert vertices == pytest.approx(np.array([[40, 0, 4 + 7 * 10 / 70.54321], [100.54321, 0, 11]]), abs=1e-3)
    assert others[:2] == pytest.approx(np.array([[0.12345, 0, 1], [30, 0, 4]]), abs=1e-6)
    assert others[2].tolist() == vertices[0].tolist()
    assert (row.asset_code, new.asset_code) == ("P1", "P1-B")
    assert (new.owner, new.material, new.street, new.sensitivity) == ("Sawaco", "hdpe", "Lê Lợi", "restricted")


def test_a_line_is_split_at_its_vertex_where_that_is_meant(client, engine, tables, pipe):
    answer = split(client, pipe, {"at": to_lonlat(30, 0)})
    (_, kept), (new, piece) = (read(engine, tables)[answer.json[half]["id"]] for half in ("kept", "piece"))
    assert kept[0].tolist() == pytest.approx([30, 0, 4], abs=1e-9)
    assert piece[-1].tolist() == pytest.approx([30, 0, 4], abs=1e-9) and len(piece) == 2
    assert new.asset_code is None


def test_the_halves_are_told_with_what_a_further_change_must_match(client, pipe):
    answer = split(client, pipe, {"at": to_lonlat(40, 0)}).json
    for half in ("kept", "piece"):
        address = f"{ITEMS}/{answer[half]['id']}"
        assert client.delete(address, auth=EDITOR, headers={"If-Match": '"1"'}).status_code == 412
        assert client.delete(address, auth=EDITOR, headers={"If-Match": answer[half]["etag"]}).status_code == 204


def test_nothing_is_split_where_somebody_else_was_first(client, engine, tables, pipe):
    etag = client.get(f"{ITEMS}/{pipe}", auth=EDITOR).headers["ETag"]
    body = json.dumps({"properties": {"street": "Hàm Nghi"}})
    assert client.patch(f"{ITEMS}/{pipe}", data=body, content_type=PATCH, auth=EDITOR).status_code == 204
    assert split(client, pipe, {"at": to_lonlat(40, 0)}, If_Match=etag).status_code == 412
    assert len(read(engine, tables)) == 1


def test_nothing_is_split_where_the_new_code_is_taken(client, engine, tables, pipe):
    answer = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P2"})
    assert answer.status_code == 409 and answer.json["faults"][0]["field"] == "asset_code"
    ((_, vertices),) = read(engine, tables).values()
    assert len(vertices) == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"at": "here"}, "list of longitude and latitude"),
        ({"at": [1, "2"]}, "must be a number, and is text"),
        ({"at": [1000, 0]}, "must be degrees"),
        ({"at": [106.6937, 10.7684]}, "off the line"),
        ({"place": [1, 2]}, 'must be as {"at"'),
        ([], 'must be as {"at"'),
        ({"at": to_lonlat(0.12345, 0)}, "is an end of the line"),
        ({"at": to_lonlat(40, 0), "asset_code": 7}, "asset_code must be text"),
    ],
)
def test_what_makes_no_sense_is_refused(client, pipe, body, words):
    answer = split(client, pipe, body)
    assert answer.status_code == 400
    assert words in answer.json["detail"]


def test_only_a_line_is_split_and_only_by_an_editor(client, pipe):
    assert split(client, pipe, {"at": to_lonlat(40, 0)}, auth=VIEWER).status_code == 403
    assert split(client, 10**9, {"at": to_lonlat(40, 0)}).status_code == 404
    assert (
        client.post("/ogc/collections/fire_hydrant/items/1/split", json={"at": [1, 2]}, auth=EDITOR).status_code == 404
    )


def test_vertices_that_nobody_moved_stay_to_a_tenth_of_a_millimetre(client, engine, tables, pipe):
    before = read(engine, tables)[pipe][1]
    geometry = client.get(f"{ITEMS}/{pipe}?f=json", auth=EDITOR).json["geometry"]
    geometry["coordinates"][1][:2] = to_lonlat(35, 3)
    body = json.dumps({"geometry": geometry})
    assert client.patch(f"{ITEMS}/{pipe}", data=body, content_type=PATCH, auth=EDITOR).status_code == 204
    after = read(engine, tables)[pipe][1]
    assert after[[0, 2]] == pytest.approx(before[[0, 2]], abs=1e-4)
    assert after[1].tolist() == pytest.approx([35, 3, 4], abs=1e-3)


def unsplit(client, made, body=None, **headers):
    """Take a split back as its maker last saw both halves."""
    kept, piece = made.json["kept"], made.json["piece"]
    told = {"version": 1, "piece": piece["id"], "etag": piece["etag"], **(body or {})}
    named = {"If-Match": kept["etag"]} | {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"{ITEMS}/{kept['id']}/unsplit"
    return client.post(path, data=json.dumps(told), content_type="application/json", auth=EDITOR, headers=named)


def test_a_split_is_taken_back_as_one_change(client, engine, tables, pipe):
    before = read(engine, tables)
    made = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P1-B"})
    answer = unsplit(client, made)
    assert answer.status_code == 200, answer.text
    after = read(engine, tables)
    assert after.keys() == before.keys() and np.array_equal(after[pipe][1], before[pipe][1])
    now = client.get(f"{ITEMS}/{pipe}", auth=EDITOR).headers["ETag"]
    assert now.startswith(answer.json["etag"].rstrip('"'))


def test_a_half_that_somebody_changed_since_leaves_both_halves_as_they_are(client, engine, tables, pipe):
    made = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P1-B"})
    piece = made.json["piece"]["id"]
    changed = json.dumps({"properties": {"street": "Hàm Nghi"}})
    assert client.patch(f"{ITEMS}/{piece}", data=changed, content_type=PATCH, auth=EDITOR).status_code == 204
    before = read(engine, tables)
    assert unsplit(client, made).status_code == 412
    after = read(engine, tables)
    assert after.keys() == before.keys() and np.array_equal(after[pipe][1], before[pipe][1])


def test_a_line_that_somebody_changed_since_is_not_put_back(client, pipe):
    made = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P1-B"})
    changed = json.dumps({"properties": {"street": "Hàm Nghi"}})
    assert client.patch(f"{ITEMS}/{pipe}", data=changed, content_type=PATCH, auth=EDITOR).status_code == 204
    assert unsplit(client, made).status_code == 412
    assert client.get(f"{ITEMS}/{made.json['piece']['id']}", auth=EDITOR).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"version": "1"}, 400, "the body must be as"),
        ({"piece": True}, 400, "the body must be as"),
        ({"more": 1}, 400, "the body must be as"),
        ({"version": 99}, 404, "version"),
        ({"piece": 10**9}, 404, "no feature"),
    ],
)
def test_what_says_no_split_is_refused_and_changes_nothing(client, engine, tables, pipe, body, status, words):
    made = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P1-B"})
    before = read(engine, tables)
    answer = unsplit(client, made, body)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert read(engine, tables).keys() == before.keys()
    assert np.array_equal(read(engine, tables)[pipe][1], before[pipe][1])


def test_who_may_not_edit_takes_no_split_back(client, pipe):
    made = split(client, pipe, {"at": to_lonlat(40, 0), "asset_code": "P1-B"})
    body = json.dumps({"version": 1, "piece": made.json["piece"]["id"]})
    for auth, status in ((None, 404), (VIEWER, 403)):  # the public does not see that there are pipes
        path = f"{ITEMS}/{pipe}/unsplit"
        assert client.post(path, data=body, content_type="application/json", auth=auth).status_code == status
