"""Vector tiles against tipg, in one run: lines in one server, each program with one process.

    python -m benchmarks.tiles [--rows 200000] [--hot 2000]

tipg reads a plain table of the same lines in longitude/latitude (it keeps no tiles, so each of its answers is made
anew) and is asked for the same attributes. Ours is asked for tiles it has not made yet: first, and then by eight
maps that move over all of the city, where nothing was read before; then, both started anew, where it has read ahead
what lies around a first tile, for which it gets some seconds. Then for one it keeps, which costs it a look at what
was changed; a static file of the same server shows what a request costs at all. Both are asked in turns. With one
client figures are milliseconds at the median, with eight they are answers a second, and the clients take their share of
the machine.
Last, an edit is made, and the tiles near it and far from it are asked for in the next request.
tipg comes from PyPI into a venv of its own under the home folder.
"""

import argparse
import http.client
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import URL, text

from benchmarks.common.servers import install, running, start, start_one, to_peer_address
from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from gis_infra.tiles.addresses import TileAddress

DATABASE = "gis_infra_bench_tiles"
OUR_PORT, PEER_PORT = 8491, 8492
OURS = "/ogc/collections/sewer_pipe/tiles/WebMercatorQuad/{z}/{y}/{x}"
STATIC = "/ogc/static/ogcapi.css"
PEER = "/collections/public.lines/tiles/WebMercatorQuad/{z}/{x}/{y}?properties={properties}"
PEER_PACKAGES = ("tipg==1.6.1", "uvicorn[standard]")
# What our tiles carry, of which tipg is asked for the same: codes are read from zoom 15 on.
PROPERTIES, CODED_PROPERTIES, CODE_ZOOM = "system,nominal_diameter_mm", "asset_code,system,nominal_diameter_mm", 15
ZOOM, ACROSS = 14, 8
CLIENTS = 8
# The tile of zoom 14 that is the north-west corner of where the lines lie.
FIRST_ROW, FIRST_COLUMN = 7693, 13047
MIDDLE = TileAddress(ZOOM, FIRST_ROW + ACROSS // 2, FIRST_COLUMN + ACROSS // 2)
# After a first tile was asked for, ours reads ahead what lies around it; it gets so long while nobody asks.
AHEAD_S = 6.0
GOAL = "goal: 5 or more"

LINES = """
INSERT INTO infra.sewer_pipe (geom, asset_code, system, nominal_diameter_mm)
SELECT st_setsrid(st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 20, y + 13), st_makepoint(x + 45, y + 11),
                                    st_makepoint(x + 60, y + 30), st_makepoint(x + 75, y + 28)]), 9210),
       'S' || number, 'combined', 300 + number % 5 * 100
FROM (SELECT number, 600000 + random() * 20000 AS x, 1185000 + random() * 20000 AS y
      FROM generate_series(1, :rows) AS number) AS places
"""
EDIT = """
UPDATE infra.sewer_pipe SET nominal_diameter_mm = 900
WHERE id = (SELECT id FROM infra.sewer_pipe
            WHERE lonlat @ st_transform(st_tileenvelope(16, :column, :row), 4326) ORDER BY id LIMIT 1)
"""
PEER_TABLE = """
CREATE TABLE public.lines AS
SELECT id, asset_code, system, nominal_diameter_mm, lonlat::geometry(LineString, 4326) AS geom FROM infra.sewer_pipe;
ALTER TABLE public.lines ADD PRIMARY KEY (id);
CREATE INDEX ON public.lines USING gist (geom);
"""


def main() -> None:
    """Make the lines, start both servers, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--hot", type=int, default=2000)
    asked = parser.parse_args()
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    url = databases.create(server, DATABASE)
    try:
        fill(url, asked.rows)
        with serving(url, settings.home):
            compare_first()
            compare_maps()
        with serving(url, settings.home):
            time.sleep(AHEAD_S)
            compare_one()
            compare_kept(asked.hot)
            show_freshness(url)
    finally:
        databases.drop(server, DATABASE)


@contextmanager
def serving(url: URL, home: Path) -> Iterator[None]:
    """Both servers, as they are when they start; ours knows no tile of before."""
    shutil.rmtree(home / "cache" / "tiles", ignore_errors=True)
    with running(start_one(url, OUR_PORT), OUR_PORT, "/healthz"), running(start_peer(url, home), PEER_PORT, "/"):
        # The first requests of a process open its connections and plan its statements; neither side is charged for it.
        measure([(OUR_PORT, OURS), (PEER_PORT, PEER)], [get_part(MIDDLE, 16, 2)] * 8)
        yield


def fill(url: URL, rows: int) -> None:
    """The lines, in our table and in a plain one."""
    engine = make_engine(url)
    schema.upgrade(engine, 9210)
    with engine.begin() as connection:
        connection.execute(text(LINES), {"rows": rows})
        connection.execute(text(PEER_TABLE))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def start_peer(url: URL, home: Path) -> subprocess.Popen[bytes]:
    """tipg, one process, on the same lines; installed first if it is not."""
    programs = install("tipg", PEER_PACKAGES, home)
    command = [str(programs / "uvicorn"), "tipg.main:app", "--port", str(PEER_PORT), "--log-level", "warning"]
    settings = {"TIPG_DB_SCHEMAS": '["public"]', "TIPG_MAX_FEATURES_PER_TILE": "100000"}
    return start(command, {"DATABASE_URL": to_peer_address(url), **settings})


def list_squares() -> list[TileAddress]:
    """The tiles of zoom 14 in which the lines lie."""
    return [TileAddress(ZOOM, FIRST_ROW + n % ACROSS, FIRST_COLUMN + n // ACROSS) for n in range(ACROSS**2)]


def compare_first() -> None:
    """Ask both for tiles in places where nothing was asked for before; print the medians and their ratios."""
    sides = [(OUR_PORT, OURS), (PEER_PORT, PEER)]
    west = list_squares()[: ACROSS**2 // 4]
    tell("first of its place, zoom 14", *measure(sides, west[::2]), "tipg")
    tell("first of its place, zoom 16", *measure(sides, [get_part(each, 16, 1) for each in west[1::2]]), "tipg")


def compare_one() -> None:
    """Ask both for tiles they have not made yet, by one client and by several; print the medians and their ratios."""
    sides = [(OUR_PORT, OURS), (PEER_PORT, PEER)]
    squares = list_squares()
    for zoom in (ZOOM, 15, 16):
        tell(f"made anew, zoom {zoom}", *measure(sides, [get_part(each, zoom, 0) for each in squares]), "tipg", GOAL)
    # Others of the same place, which nobody has asked for yet.
    shares = share([get_part(each, 15, 1) for each in squares])
    tell_rates("made anew, zoom 15", *(count_rate(*side, shares) for side in sides), "tipg")


def compare_kept(hot: int) -> None:
    """Ask for one tile that is kept, and for a static file; print the medians and their ratios."""
    sides = [(OUR_PORT, OURS), (OUR_PORT, STATIC)]
    one = [TileAddress(ZOOM, FIRST_ROW, FIRST_COLUMN)] * hot
    tell("kept", *measure(sides, one), "static", "goal: 0.8 or more")
    tell_rates("kept", *(count_rate(*side, share(one)) for side in sides), "static")


def compare_maps() -> None:
    """Move eight maps over the city, each along rows of its own, of which nothing is read yet; print both rates."""
    side = 2 * ACROSS
    first = get_part(TileAddress(ZOOM, FIRST_ROW, FIRST_COLUMN), ZOOM + 1, 0)
    shares = [
        [TileAddress(first.zoom, first.row + row, first.column + column) for row in rows for column in range(side)]
        for rows in ((2 * client, 2 * client + 1) for client in range(CLIENTS))
    ]
    sides = [(OUR_PORT, OURS), (PEER_PORT, PEER)]
    tell_rates("maps moved, zoom 15", *(count_rate(*each, shares) for each in sides), "tipg")


def get_part(address: TileAddress, zoom: int, step: int) -> TileAddress:
    """A tile of a deeper zoom within one: `step` tiles from its north-west corner to the south-east."""
    shift = zoom - address.zoom
    return TileAddress(zoom, (address.row << shift) + step, (address.column << shift) + step)


def share(addresses: Sequence[TileAddress]) -> list[Sequence[TileAddress]]:
    """The addresses shared among the clients."""
    return [addresses[first::CLIENTS] for first in range(CLIENTS)]


def show_freshness(url: URL) -> None:
    """Edit a line by plain SQL, and print what became of the tiles: the one it is in, and one far from it."""
    near, far = (TileAddress(16, 4 * FIRST_ROW + 8, 4 * FIRST_COLUMN + step) for step in (8, 24))
    paths = [fill_in(OURS, each) for each in (near, far)]
    before = [read_tag(path) for path in paths]
    engine = make_engine(url)
    with engine.begin() as connection:
        changed = connection.execute(text(EDIT), {"column": near.column, "row": near.row}).rowcount
    engine.dispose()
    after = [read_tag(path) for path in paths]
    told = ["made anew" if new != old else "kept" for old, new in zip(before, after, strict=True)]
    print(f"after an edit of {changed} line, in the next request: its tile {told[0]}, a tile 10 km away {told[1]}")


def read_tag(path: str) -> str | None:
    """The tag of a tile of ours."""
    connection = http.client.HTTPConnection("127.0.0.1", OUR_PORT, timeout=60)
    connection.request("GET", path)
    return connection.getresponse().headers["ETag"]


def count_rate(port: int, template: str, shares: Sequence[Sequence[TileAddress]]) -> float:
    """The answers a second that several clients get. shares: what each of them asks for."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        began = time.perf_counter()
        list(pool.map(partial(ask_all, port, template), shares))
        return sum(map(len, shares)) / (time.perf_counter() - began)


def ask_all(port: int, template: str, addresses: Sequence[TileAddress]) -> None:
    """Ask for every tile, one after another on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for address in addresses:
        ask(connection, fill_in(template, address))


def tell_rates(what: str, ours: float, other: float, name: str) -> None:
    """One line: answers a second of both to several clients."""
    print(f"{what:26} x{CLIENTS}  ours {ours:8.0f}/s   {name:7} {other:8.0f}/s   ratio {ours / other:6.2f}")


def tell(what: str, ours: float, other: float, name: str, goal: str = "") -> None:
    """One line: milliseconds of both, and how many times longer the other took."""
    told = f"{what:26} x1  ours {ours:7.2f} ms   {name:7} {other:7.2f} ms   ratio {other / ours:6.2f}   {goal}"
    print(told.rstrip())


def fill_in(template: str, address: TileAddress) -> str:
    """The path of a tile."""
    properties = CODED_PROPERTIES if address.zoom >= CODE_ZOOM else PROPERTIES
    return template.format(z=address.zoom, x=address.column, y=address.row, properties=properties)


def measure(sides: list[tuple[int, str]], addresses: list[TileAddress]) -> list[float]:
    """The median milliseconds of each side's answers; both are asked in turns, so that a busy moment meets both.

    sides: port and path template. A failed answer ends the run.
    """
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port, _ in sides]
    taken: list[list[float]] = [[] for _ in sides]
    for address in addresses:
        for (_, template), connection, times in zip(sides, connections, taken, strict=True):
            times.append(ask(connection, fill_in(template, address)))
    return [statistics.median(times) for times in taken]


def ask(connection: http.client.HTTPConnection, path: str) -> float:
    """The milliseconds of one answer."""
    began = time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path} gave {answer.status}: {body[:200]!r}")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
