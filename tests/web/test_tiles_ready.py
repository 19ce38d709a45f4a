"""Tiles that are answered before the application hears of them: as it would, to the same people, and never stale."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.errors import BusyError
from gis_infra.storage.transactions import writing
from gis_infra.tiles import serving
from gis_infra.tiles.addresses import TileAddress, get_sheet
from gis_infra.tiles.cache import TileKey
from gis_infra.tiles.making import make_tile
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.sheets import getting
from gis_infra.tiles.sheets.stock import SheetKey
from gis_infra.web.app import create_app
from gis_infra.web.ogcapi import ready_tiles, tiles
from tests.tiles import decode, quieten
from tests.web.test_ogcapi import app, client
from tests.web.test_tiles import HYDRANTS, PIPES, PLACE, TILE, VIEWER
from tests.workers import wait_for

__all__ = ["app", "client"]

GZIP = {"Accept-Encoding": "gzip"}
SEWERS = TILE.replace("fire_hydrant", "sewer_pipe")
MIDDLE = f"/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/15/{PLACE.row >> 1}/{PLACE.column >> 1}"
# As wide as a sheet: the next tile that is asked for in it has the sheet read.
WIDE = f"/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/14/{PLACE.row >> 2}/{PLACE.column >> 2}"
LINE = (
    "INSERT INTO infra.sewer_pipe (geom, asset_code, sensitivity) VALUES "
    "(st_geomfromtext('LINESTRING({x} 1191000, 603090 1191010)', 9210), '{code}', {secret})"
)


@pytest.fixture
def run(engine):
    """A function that runs plain SQL; the sewers are gone after the test."""

    def change(statement):
        with writing(engine) as connection:
            connection.execute(text(statement))

    yield change
    change("DELETE FROM infra.sewer_pipe")


@pytest.fixture
def asked(app, monkeypatch):
    """The paths of which the application behind heard."""
    paths, outermost = [], app.wsgi_app
    inner = outermost.inner

    def hear(environ, start_response):
        paths.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    monkeypatch.setattr(outermost, "inner", hear)
    return paths


@pytest.fixture
def sheet_kept(client, run):
    """The sheet of the sewers is kept, and how tiles of them are given is known."""
    run(LINE.format(x=603000, code="first", secret="NULL"))
    for path in (WIDE, f"/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/16/{PLACE.row}/{PLACE.column + 1}"):
        client.get(path, headers=GZIP)


def read_codes(answer):
    features = decode(gzip.decompress(answer.data) if answer.data[:2] == b"\x1f\x8b" else answer.data)
    return sorted(each["properties"]["asset_code"] for each in features.get("sewer_pipe", []))


def test_a_ready_tile_is_told_as_the_application_tells_it(client, asked):
    client.get(TILE, headers=GZIP)
    del asked[:]
    ready, usual = client.get(TILE, headers=GZIP), client.get(TILE, headers={"Accept-Encoding": "gzip;q=1.0"})
    assert len(asked) == 1
    assert (ready.status, ready.data, dict(ready.headers)) == (usual.status, usual.data, dict(usual.headers))
    held = {"If-None-Match": usual.headers["ETag"]}
    first, again = (client.get(TILE, headers=GZIP | held) for _ in range(2))
    assert (first.status, first.data, dict(first.headers)) == (again.status, again.data, dict(again.headers))
    assert first.status_code == 304 and len(asked) == 2


def test_a_tile_nobody_asked_for_is_ready_if_its_sheet_is_kept(client, sheet_kept, asked):
    answer = client.get(MIDDLE, headers=GZIP)
    assert read_codes(answer) == ["first"] and not asked


def test_a_tile_whose_sheet_is_kept_comes_without_the_disk_and_is_there_later(app, client, sheet_kept, monkeypatch):
    disk = app.extensions[tiles.SHELF].disk
    with monkeypatch.context() as patched:
        patched.setattr(disk, "find", None)
        patched.setattr(disk, "take_turn", None)
        body = client.get(MIDDLE, headers=GZIP).data
    address = TileAddress(15, PLACE.row >> 1, PLACE.column >> 1)
    wanted = TileKey("sewer_pipe", ("public",), address)
    assert wait_for(lambda: disk.find(wanted), "the tile on the disk").body == body


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (LINE.format(x=603001, code="second", secret="NULL"), ["first", "second"]),
        ("UPDATE infra.sewer_pipe SET asset_code = 'changed'", ["changed"]),
        ("UPDATE infra.sewer_pipe SET sensitivity = 'restricted'", []),
        ("UPDATE infra.sewer_pipe SET geom = st_translate(geom, 5000, 0)", []),
        ("DELETE FROM infra.sewer_pipe", []),
        ("TRUNCATE infra.sewer_pipe", []),
    ],
)
def test_an_edit_by_plain_sql_shows_in_the_next_tile_though_its_sheet_is_kept(client, sheet_kept, run, change, codes):
    before = client.get(SEWERS, headers=GZIP)
    assert read_codes(before) == ["first"]
    run(change)
    client.get(WIDE, headers=GZIP)  # by the database, after which the next has the sheet read anew
    for path in (SEWERS, MIDDLE):
        for _ in range(2):  # then by memory
            after = client.get(path, headers=GZIP)
            assert read_codes(after) == codes and after.headers["ETag"] != before.headers["ETag"]


def test_every_edit_shows_at_once_while_others_ask_and_edit(app, client, sheet_kept, run):
    def ask_on():
        for _ in range(75):
            app.test_client().get(WIDE, headers=GZIP)
            app.test_client().get(SEWERS, headers=GZIP)

    with ThreadPoolExecutor(3) as pool:
        others = [pool.submit(ask_on) for _ in range(3)]
        for number in range(25):
            run(LINE.format(x=602901 + number, code=f"n{number:02}", secret="NULL"))
            assert f"n{number:02}" in read_codes(client.get(SEWERS, headers=GZIP))
        for each in others:
            each.result()
    assert len(read_codes(client.get(SEWERS, headers=GZIP))) == 26


@pytest.mark.parametrize(
    "headers",
    [
        {**GZIP, **VIEWER},
        {**GZIP, "Cookie": "other=1; gis_infra_session=.eJwrz0gsAQAEFAGN"},
        {"Accept-Encoding": "gzip;q=0"},
        {"Accept-Encoding": "identity"},
        {},
    ],
)
def test_what_says_more_than_which_tile_goes_its_usual_way(app, asked, headers):
    client = app.test_client(use_cookies=False)
    client.get(TILE, headers=GZIP)
    del asked[:]
    assert client.get(TILE, headers=headers).status_code == 200 and asked == [TILE]


@pytest.mark.parametrize("path", [f"{TILE}?filter=id>0", f"{HYDRANTS}/16/0/99999999", f"{HYDRANTS}/23/0/0", f"{TILE}/"])
def test_what_is_no_whole_tile_goes_its_usual_way(client, asked, path):
    client.get(TILE, headers=GZIP)
    del asked[:]
    client.get(path, headers=GZIP)
    assert len(asked) == 1


def test_secret_rows_are_in_the_sheet_and_in_no_tile_of_the_public(app, client, sheet_kept, run):
    run(LINE.format(x=603002, code="secret", secret="'restricted'"))
    run(LINE.format(x=603003, code="shared", secret="'shared'"))
    client.get(WIDE, headers=GZIP)
    for _ in range(3):
        assert read_codes(client.get(SEWERS, headers=GZIP)) == ["first"]
        assert "secret" not in read_codes(client.get(SEWERS, headers=VIEWER))
    kept = app.extensions[tiles.SHELF].stock._sheets.values()
    assert any(len(each.ids) == 3 for each in kept)


def test_a_layer_that_may_not_be_seen_is_ready_for_nobody(client, asked):
    client.get(PIPES, headers={**GZIP, **VIEWER})
    assert client.get(PIPES, headers=GZIP).status_code == 404
    assert client.get(PIPES, headers=GZIP).status_code == 404 and len(asked) == 3


def test_a_square_of_too_much_is_left_to_the_database(client, run, monkeypatch, engine, tables, catalogue):
    monkeypatch.setattr("gis_infra.tiles.sheets.reading.MOST_ROWS", 1)
    for number in range(3):
        run(LINE.format(x=603000 + number, code=f"n{number}", secret="NULL"))
    for address in (get_sheet(PLACE), PLACE, PLACE._replace(column=PLACE.column - 1)):
        path = f"/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/{address.zoom}/{address.row}/{address.column}"
        body = client.get(path, headers=GZIP).data
        with engine.connect() as connection:
            query = TileQuery(catalogue.get_layer("sewer_pipe"), ANONYMOUS, address)
            assert gzip.decompress(body) == make_tile(connection, tables, query)


@pytest.mark.parametrize(("zoom", "counts"), [(14, [1, 1]), (15, [1, 1]), (16, [0, 0, 0, 0, 1])])
def test_a_sheet_is_read_once_tiles_would_take_as_long_without_it(
    app, settings, engine, run, monkeypatch, zoom, counts
):
    read, make = [], getting.read_sheet

    def count(*parts):
        # What another application reads ahead meanwhile does not count.
        if threading.current_thread().name != "tiles":
            read.append(parts)
        return make(*parts)

    monkeypatch.setattr(getting, "read_sheet", count)
    monkeypatch.setattr(serving, "read_ahead", lambda *parts: None)
    run(LINE.format(x=603000, code="first", secret="NULL"))
    caller, found = create_app(settings, engine).test_client(), []
    sheet = get_sheet(PLACE._replace(zoom=zoom, row=PLACE.row >> 16 - zoom, column=PLACE.column >> 16 - zoom))
    across = 1 << zoom - sheet.zoom
    for place in range(len(counts)):
        row, column = sheet.row * across + place // across % across, sheet.column * across + place % across
        caller.get(f"/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/{zoom}/{row}/{column}", headers=VIEWER)
        found.append(len(read))
    assert found == counts


def test_while_nobody_asks_the_sheet_and_those_around_are_read_ahead(app, client, run):
    quieten(app)
    run(LINE.format(x=603000, code="first", secret="NULL"))
    client.get(MIDDLE, headers=GZIP)
    stock, square = app.extensions[tiles.SHELF].stock, get_sheet(PLACE)
    wanted = {SheetKey("sewer_pipe", each) for each in (square, square._replace(row=square.row + 1))}
    wait_for(lambda: wanted <= stock._sheets.keys(), "the sheets read ahead")


def test_what_cannot_be_had_is_tried_once_and_refused_in_the_words_of_the_application(client, asked, monkeypatch):
    client.get(TILE, headers=GZIP)
    del asked[:]
    tried = []

    def fail(*_):
        tried.append(1)
        raise BusyError("the database has too much to do")

    monkeypatch.setattr(ready_tiles, "get_tile", fail)
    monkeypatch.setattr(tiles, "get_tile", fail)
    refused = client.get(TILE, headers=GZIP)
    assert refused.status_code == 503 and refused.content_type == "application/problem+json"
    assert "the database has too much to do" in refused.get_json()["detail"]
    assert len(tried) == len(asked) == 1


def test_a_tile_the_database_must_make_comes_without_the_application(client, run, asked):
    run(LINE.format(x=603000, code="first", secret="NULL"))
    client.get(SEWERS, headers=GZIP)
    del asked[:]
    run("UPDATE infra.sewer_pipe SET asset_code = 'changed'")
    assert read_codes(client.get(SEWERS, headers=GZIP)) == ["changed"] and not asked


def test_headers_of_one_tile_are_not_taken_for_those_of_all():
    assert {"etag", "content-length"} == ready_tiles.OF_ONE_TILE
