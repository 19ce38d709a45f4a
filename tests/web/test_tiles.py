"""Vector tiles: right, small, for the right eyes, and never stale."""

import gzip

import pytest
from sqlalchemy import text

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.storage.transactions import writing
from gis_infra.tiles import making, statements
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.query import TileQuery
from tests.builders import insert, insert_many
from tests.tiles import decode
from tests.web.test_ogcapi import LAN, VIEWER, app, client

__all__ = ["app", "client"]

# The tile of zoom 16 that holds E 603000, N 1191000 (106.693584, 10.768404).
PLACE = TileAddress(16, 30796, 52190)
HYDRANTS = "/ogc/collections/fire_hydrant/tiles/WebMercatorQuad"
TILE = f"{HYDRANTS}/{PLACE.zoom}/{PLACE.row}/{PLACE.column}"
PIPES = TILE.replace("fire_hydrant", "water_pipe")


def read_ids(answer):
    layers = decode(answer.data)
    return [feature["id"] for layer in layers.values() for feature in layer]


@pytest.fixture
def make(connection, tables, catalogue):
    """A function that makes a tile and decodes it."""

    def tile(layer_id, address=PLACE, actor=SYSTEM):
        return decode(making.make_tile(connection, tables, TileQuery(catalogue.get_layer(layer_id), actor, address)))

    return tile


def test_a_tile_holds_the_layer_by_its_id_with_what_maps_look_at(client):
    layers = decode(client.get(TILE).data)
    assert list(layers) == ["fire_hydrant"]
    feature = layers["fire_hydrant"][0]
    assert feature["properties"]["asset_code"] == "H0" and feature["id"] > 0
    assert "created_at" not in feature["properties"]


def test_codes_are_left_out_of_tiles_from_afar(catalogue):
    pipes = catalogue.get_layer("sewer_pipe")
    assert "asset_code" in making.list_drawn_columns(pipes, 15)
    assert making.list_drawn_columns(pipes, 14) == [
        name for name in making.list_drawn_columns(pipes, 15) if name != "asset_code"
    ]


def test_a_point_stands_where_it_should_to_a_unit_of_the_tile(make, connection, tables):
    made = insert(connection, tables, "fire_hydrant", wkt="POINT(603000 1191000)")
    (placed,) = [each for each in make("fire_hydrant")["fire_hydrant"] if each["id"] == made]
    # 106.693584094, 10.768403658 by the formulas of Web Mercator: column 52190.974242, row 30796.028194 of zoom 16.
    assert placed["points"] == [(round(0.974242 * 4096), round(0.028194 * 4096))]


def test_the_fast_and_the_exact_way_to_the_grid_agree(make, connection, tables, monkeypatch):
    line = "LINESTRING(603000 1191000, 603123.4 1191055.5, 603200 1191300, 602900 1191200)"
    insert(connection, tables, "sewer_pipe", wkt=line)
    for zoom in (12, 14, 16):
        shift = 16 - zoom
        address = TileAddress(zoom, PLACE.row >> shift, PLACE.column >> shift)
        fast = make("sewer_pipe", address)["sewer_pipe"][0]["points"]
        monkeypatch.setattr(statements, "MOST_BEND_UNITS", -1)
        exact = make("sewer_pipe", address)["sewer_pipe"][0]["points"]
        monkeypatch.undo()
        assert [coordinate for point in fast for coordinate in point] == pytest.approx(
            [coordinate for point in exact for coordinate in point], abs=1
        )


def test_a_line_is_cut_off_just_outside_the_tile(make, connection, tables):
    insert(connection, tables, "sewer_pipe", wkt="LINESTRING(590000 1191000, 615000 1191000)")
    points = make("sewer_pipe")["sewer_pipe"][0]["points"]
    assert min(x for x, _ in points) == -64 and max(x for x, _ in points) == 4096 + 64


def test_a_feature_just_outside_is_still_drawn_and_one_farther_is_not(make, connection, tables):
    # The tile begins at 602415 E and its margin is 9.4 m wide.
    rows = [{"wkt": f"LINESTRING({x} 1190990, {x} 1190900)"} for x in (602410, 602400)]
    near, far = insert_many(connection, tables, "sewer_pipe", rows)
    found = [each["id"] for each in make("sewer_pipe")["sewer_pipe"]]
    assert near in found and far not in found


@pytest.mark.parametrize(("who", "count"), [(LAN, 3), (VIEWER, 4)])
def test_a_tile_shows_what_its_reader_may_see(client, who, count):
    assert len(read_ids(client.get(PIPES, headers=who))) == count


def test_a_memory_of_tiles_does_not_mix_readers(client):
    before = len(read_ids(client.get(PIPES, headers=VIEWER)))
    after = len(read_ids(client.get(PIPES, headers=LAN)))
    assert (before, after) == (4, 3)
    assert client.get(PIPES).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE infra.fire_hydrant SET asset_code = asset_code || 'x'",
        "INSERT INTO infra.fire_hydrant (geom) VALUES (st_setsrid(st_makepoint(603000, 1191000), 9210))",
        "DELETE FROM infra.fire_hydrant WHERE asset_code IS NULL",
    ],
)
def test_an_edit_by_plain_sql_shows_in_the_next_request(client, engine, change):
    before = client.get(TILE)
    assert client.get(TILE).headers["ETag"] == before.headers["ETag"]
    with writing(engine) as connection:
        connection.execute(text(change))
    after = client.get(TILE, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and after.headers["ETag"] != before.headers["ETag"]
    assert after.data != before.data


def test_a_tile_the_reader_has_is_not_sent_again(client):
    tag = client.get(TILE).headers["ETag"]
    answer = client.get(TILE, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    weak = client.get(TILE, headers={"If-None-Match": f"W/{tag}"})
    assert weak.status_code == 304


def test_a_tile_is_sent_packed_to_whom_can_unpack_it(client):
    packed = client.get(TILE, headers={"Accept-Encoding": "gzip"})
    plain = client.get(TILE)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert packed.mimetype == plain.mimetype == "application/vnd.mapbox-vector-tile"


def test_browsers_ask_each_time_and_shared_caches_keep_nothing_private(client):
    assert client.get(TILE).headers["Cache-Control"] == "no-cache"
    assert client.get(PIPES, headers=LAN).headers["Cache-Control"] == "private, no-cache"


def test_an_empty_tile_is_a_tile(client):
    answer = client.get(f"{HYDRANTS}/16/0/0")
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_layer_is_not_drawn_before_its_zoom(make, catalogue):
    least = making.get_least_zoom(catalogue.get_layer("fire_hydrant"))
    assert least > 0 and make("fire_hydrant", TileAddress(least - 1, 0, 0)) == {}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("16/a/1", 400, "row of a tile must be a whole number"),
        ("30/0/0", 404, "zoom goes from 0 to 22"),
        ("3/9/1", 404, "from 0 to 7"),
    ],
)
def test_a_tile_that_cannot_be_is_refused(client, path, status, words):
    answer = client.get(f"{HYDRANTS}/{path}")
    assert answer.status_code == status and words in answer.json["detail"]


def test_another_way_to_cut_tiles_is_refused(client):
    answer = client.get("/ogc/collections/fire_hydrant/tiles/WorldCRS84Quad/0/0/0")
    assert answer.status_code == 404 and "there is WebMercatorQuad" in answer.json["detail"]


def test_the_metadata_of_tiles_serve_both_ogc_and_tilejson_clients(client):
    document = client.get(HYDRANTS).json
    assert document["tileMatrixSetURI"].endswith("WebMercatorQuad") and document["dataType"] == "vector"
    assert document["tilejson"] == "3.0.0" and document["tiles"][0].endswith("/{z}/{y}/{x}")
    assert document["bounds"][0] == pytest.approx(106.69358, abs=1e-4)
    template = next(link for link in document["links"] if link["rel"] == "item")
    path = template["href"].replace("{tileMatrix}", "16").replace("{tileRow}", str(PLACE.row))
    assert client.get(path.replace("{tileCol}", str(PLACE.column))).status_code == 200


def test_a_crowded_tile_is_thinned_to_half_a_megabyte(connection, tables, catalogue):
    rows = (
        "INSERT INTO infra.sewer_pipe (geom, asset_code) SELECT st_setsrid(st_makeline(st_makepoint(x, y), "
        "st_makepoint(x + 20, y + 15)), 9210), 'a long code of a pipe ' || i FROM generate_series(1, 20000) AS i, "
        "LATERAL (SELECT 603000 + i % 300 AS x, 1190900 - i / 300 AS y) AS place"
    )
    connection.execute(text(rows))
    address = TileAddress(15, PLACE.row >> 1, PLACE.column >> 1)
    query = TileQuery(catalogue.get_layer("sewer_pipe"), ANONYMOUS, address)
    body = making.make_tile(connection, tables, query)
    features = decode(body)["sewer_pipe"]
    assert len(body) <= making.LARGEST_TILE and 1000 < len(features) < 20000
    assert body == making.make_tile(connection, tables, query)


def test_an_edit_leaves_the_tiles_far_from_it_as_they_are(client, engine):
    far = f"{HYDRANTS}/{PLACE.zoom}/{PLACE.row}/{PLACE.column + 8}"
    tags = [client.get(each).headers["ETag"] for each in (TILE, far)]
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO infra.fire_hydrant (geom) SELECT geom FROM infra.fire_hydrant LIMIT 1"))
    answers = [client.get(each, headers={"If-None-Match": tag}) for each, tag in zip((TILE, far), tags, strict=True)]
    assert [each.status_code for each in answers] == [200, 304]
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM infra.fire_hydrant WHERE asset_code IS NULL"))


def test_emptying_a_table_shows_in_the_next_tile(client, engine, tables):
    assert read_ids(client.get(TILE))
    table = tables.get("fire_hydrant")
    with writing(engine) as connection:
        rows = connection.execute(table.select()).mappings().all()
        connection.execute(text("TRUNCATE infra.fire_hydrant"))
    assert client.get(TILE).data == b""
    kept = {each.name for each in table.columns} - {"lonlat"}
    with writing(engine) as connection:
        connection.execute(table.insert(), [{name: row[name] for name in kept} for row in rows])
    assert read_ids(client.get(TILE))
