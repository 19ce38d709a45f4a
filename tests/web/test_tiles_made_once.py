"""However many ask for a tile, from however many processes, it is made once; and made anew when it has changed."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from gis_infra.storage.transactions import writing
from gis_infra.tiles import serving
from gis_infra.web.app import create_app
from tests.tiles import decode
from tests.web.test_ogcapi import app, client
from tests.web.test_tiles import PIPES, TILE, VIEWER

__all__ = ["app", "client"]

CLIENTS = 8
# What a process of the web server does, but for HTTP; it tells how many tiles it made.
PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from gis_infra.settings import read_settings
from gis_infra.tiles import serving
from gis_infra.web.app import create_app

made = []
make = serving.make_tile
serving.make_tile = lambda *parts: made.append(parts) or make(*parts)
application = create_app(read_settings())
application.test_client().get("/ogc/")
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    answers = list(pool.map(lambda _: application.test_client().get(sys.argv[1]).data, range(16)))
print(len(made), len(set(answers)), flush=True)
"""


@pytest.fixture
def made(monkeypatch):
    """The tiles that are made in this process, as the arguments of `make_tile`."""
    calls = []
    make = serving.make_tile

    def count(*parts):
        calls.append(parts)
        return make(*parts)

    monkeypatch.setattr(serving, "make_tile", count)
    return calls


@pytest.fixture
def alone(settings, engine, app, tmp_path):
    """A function that makes an application over the same city: another process's, as far as one can see."""

    def start(home=tmp_path, tile_cache_mb=100):
        return create_app(replace(settings, home=home, tile_cache_mb=tile_cache_mb), engine)

    return start


def test_a_tile_that_many_ask_for_at_once_is_made_once(alone, made, monkeypatch):
    application, together = alone(), threading.Barrier(CLIENTS)
    count = serving.make_tile
    let_go = threading.Event()

    def wait_for_all(*parts):
        assert let_go.wait(20)
        return count(*parts)

    monkeypatch.setattr(serving, "make_tile", wait_for_all)

    def ask(_):
        together.wait(20)
        return application.test_client().get(TILE).data

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = pool.map(ask, range(CLIENTS))
        let_go.set()
        assert len(set(answers)) == 1
    assert len(made) == 1


def test_what_one_process_made_another_finds_on_the_disk(alone, made):
    first, second = alone(), alone()
    body = first.test_client().get(TILE)
    assert second.test_client().get(TILE).data == body.data and len(made) == 1
    assert second.test_client().get(TILE, headers={"If-None-Match": body.headers["ETag"]}).status_code == 304


def test_a_tile_on_the_disk_is_not_given_out_after_an_edit(alone, made, engine):
    first, second = alone(), alone()
    first.test_client().get(TILE)
    with writing(engine) as connection:
        connection.execute(text("UPDATE infra.fire_hydrant SET asset_code = 'new' WHERE asset_code = 'H0'"))
    (feature,) = decode(second.test_client().get(TILE).data)["fire_hydrant"]
    assert feature["properties"]["asset_code"] == "new" and len(made) == 2
    with writing(engine) as connection:
        connection.execute(text("UPDATE infra.fire_hydrant SET asset_code = 'H0' WHERE asset_code = 'new'"))


def test_who_sees_less_finds_no_tile_of_those_who_see_more(alone, made):
    first, second = alone(), alone()
    assert len(decode(first.test_client().get(PIPES, headers=VIEWER).data)["water_pipe"]) == 4
    assert second.test_client().get(PIPES).status_code == 404
    assert len(made) == 1


def test_nothing_is_written_where_nothing_may_be_kept(alone, made, tmp_path):
    folder = tmp_path / "apart"
    for _ in range(2):
        assert alone(folder, tile_cache_mb=0).test_client().get(TILE).status_code == 200
    assert len(made) == 2 and not (folder / "cache").exists()


def test_processes_that_ask_at_once_make_a_tile_once(settings, app, tmp_path):
    variables = {"GIS_INFRA_DATABASE_URL": settings.database_url, "GIS_INFRA_HOME": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-c", PROCESS, TILE]
    started = [
        subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for each in started:
        assert each.stdout.readline() == "ready\n"
    for each in started:
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [each.communicate(timeout=60)[0].split() for each in started]
    assert sum(int(count) for count, _ in told) == 1
    assert [different for _, different in told] == ["1", "1"]
