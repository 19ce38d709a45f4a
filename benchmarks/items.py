"""Pages of GeoJSON against tipg and pygeoapi, in one run: 1,000 features in a box, by 1 client and by 8 at once.

    python -m benchmarks.items [--rows 200000] [--pages 60] [--peers tipg,pygeoapi]

Every program has two processes of the server it recommends (ours `gis-infra serve`, tipg uvicorn, pygeoapi gunicorn)
and gives all 40 attributes. The peers read a plain table of the same rows with the geometry already in
longitude/latitude, a key and an index, which is what they are best at; ours reads the layer's own table. Boxes are the
same for all, differ from request to request, and hold more than 1,000 features each; nobody is asked to compress.
Programs are asked in turns, so that a busy moment meets all; the figure of each is the median of its rounds.
The peers come from PyPI into venvs of their own under the home folder.
"""

import argparse
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, text

from benchmarks.common.servers import install, running, start, to_peer_address
from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

DATABASE = "gis_infra_bench_items"
LAYER = "sewer_pipe"
PAGE = 1000
PROCESSES = "2"
ROUNDS = 5
PEER_PACKAGES: Mapping[str, tuple[str, ...]] = {
    "tipg": ("tipg==1.6.1", "uvicorn[standard]"),
    "pygeoapi": ("pygeoapi==0.21.*", "gunicorn", "psycopg2-binary", "geoalchemy2"),
}
LINES = """
INSERT INTO infra.sewer_pipe (geom, asset_code, name, owner, status, installed_on, quality_level, source_dataset,
                              import_id, cover_m, system, shape, nominal_diameter_mm, slope_percent, material, street)
SELECT st_setsrid(st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 20, y + 13), st_makepoint(x + 45, y + 11),
                                    st_makepoint(x + 60, y + 30), st_makepoint(x + 75, y + 28)]), 9210),
       'S' || number, 'Cống thoát nước ' || number, 'Công ty Thoát nước đô thị', 'in_service',
       date '1990-01-01' + (number % 12000), 'b1', 'Bản đồ hiện trạng 2019', 1, 0.7 + random(), 'combined',
       'circular', 300 + number % 5 * 100, random(), 'concrete', 'Đường Nguyễn Huệ'
FROM (SELECT number, 600000 + random() * 20000 AS x, 1185000 + random() * 20000 AS y
      FROM generate_series(1, :rows) AS number) AS places
"""
# The same rows and attributes without what the peers would have to turn or cannot show.
PEER_TABLE = """
CREATE TABLE public.lines AS SELECT * FROM infra.sewer_pipe;
ALTER TABLE public.lines DROP COLUMN geom, DROP COLUMN source_attributes;
ALTER TABLE public.lines RENAME COLUMN lonlat TO geom;
ALTER TABLE public.lines ALTER COLUMN geom TYPE geometry(LineString, 4326);
ALTER TABLE public.lines ADD PRIMARY KEY (id);
CREATE INDEX ON public.lines USING gist (geom);
"""
PYGEOAPI_SETTINGS = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  language: en-US
  limits: {{default_items: 10, max_items: 10000, on_exceed: throttle}}
  map: {{url: "https://tile.example/{{z}}/{{x}}/{{y}}.png", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    {{title: lines, description: lines, keywords: [lines], keywords_type: theme, terms_of_service: none,
      url: "http://127.0.0.1:{port}"}}
  license: {{name: none, url: "http://127.0.0.1:{port}"}}
  provider: {{name: none, url: "http://127.0.0.1:{port}"}}
  contact:
    {{name: none, position: none, address: none, city: none, stateorprovince: none, postalcode: none, country: none,
      phone: none, fax: none, email: none@example.org, url: "http://127.0.0.1:{port}", hours: none,
      instructions: none, role: none}}
resources:
  lines:
    type: collection
    title: lines
    description: lines
    keywords: [lines]
    extents: {{spatial: {{bbox: [106, 10, 107, 11], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}}}
    links: [{{type: text/html, rel: canonical, title: none, href: "http://127.0.0.1:{port}"}}]
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: "{host}", dbname: "{database}", user: "{user}", password: "", search_path: [public]}}
        id_field: id
        table: lines
        geom_field: geom
"""


@dataclass
class Side:
    """One program: its port, the path of a page in a box, and the features per second it reached, by clients."""

    name: str
    port: int
    path: str
    reached: dict[int, list[float]] = field(default_factory=dict)


OURS = Side("ours", 8493, f"/ogc/collections/{LAYER}/items?f=json&limit={PAGE}&bbox=")
TIPG = Side("tipg", 8494, f"/collections/public.lines/items?f=geojson&limit={PAGE}&bbox=")
PYGEOAPI = Side("pygeoapi", 8495, f"/collections/lines/items?f=json&limit={PAGE}&bbox=")


def main() -> None:
    """Make the lines, start every server, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--pages", type=int, default=60, help="pages a program gives in a round")
    parser.add_argument("--peers", default="tipg,pygeoapi")
    asked = parser.parse_args()
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    url = databases.create(server, DATABASE)
    starters = {"tipg": (TIPG, start_tipg), "pygeoapi": (PYGEOAPI, start_pygeoapi)}
    peers = [starters[name] for name in asked.peers.split(",")]
    try:
        fill(url, asked.rows)
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(running(start_ours(url, folder), OURS.port, "/healthz"))
            for side, begin in peers:
                stack.enter_context(running(begin(url, settings.home, folder), side.port, "/"))
            compare([OURS, *(side for side, _ in peers)], make_boxes(asked.rows, asked.pages), asked.pages)
    finally:
        databases.drop(server, DATABASE)


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


def make_boxes(rows: int, number: int) -> list[str]:
    """Boxes of about 1,500 features each, somewhere among the lines; the same ones in every run."""
    dice = random.Random(4)
    # The lines lie on a square of about 0.183 x 0.181 degrees.
    side = 0.18 * (1500 / rows) ** 0.5
    corners = [(106.665 + dice.random() * (0.17 - side), 10.715 + dice.random() * (0.17 - side)) for _ in range(number)]
    return [f"{x:.5f},{y:.5f},{x + side:.5f},{y + side:.5f}" for x, y in corners]


def start_ours(url: URL, folder: Path) -> subprocess.Popen[bytes]:
    """Our server on the lines, as a city would start it, with a home folder of its own."""
    variables = {
        "GIS_INFRA_DATABASE_URL": url.render_as_string(hide_password=False),
        "GIS_INFRA_HOME": str(folder / "home"),
        "GIS_INFRA_PORT": str(OURS.port),
        "GIS_INFRA_WORKERS": PROCESSES,
        "GIS_INFRA_JOBS_AT_ONCE": "0",
    }
    return start([str(Path(sys.executable).with_name("gis-infra")), "serve"], variables)


def start_tipg(url: URL, home: Path, folder: Path) -> subprocess.Popen[bytes]:
    """tipg on the same lines."""
    programs = install("tipg", PEER_PACKAGES["tipg"], home)
    command = [str(programs / "uvicorn"), "tipg.main:app", "--port", str(TIPG.port), "--workers", PROCESSES]
    return start(
        [*command, "--log-level", "warning"],
        {"DATABASE_URL": to_peer_address(url), "TIPG_DB_SCHEMAS": '["public"]', "PWD": str(folder)},
    )


def start_pygeoapi(url: URL, home: Path, folder: Path) -> subprocess.Popen[bytes]:
    """pygeoapi on the same lines."""
    programs = install("pygeoapi", PEER_PACKAGES["pygeoapi"], home)
    config, openapi = folder / "pygeoapi.yml", folder / "openapi.yml"
    host = url.query.get("host") or url.host
    config.write_text(PYGEOAPI_SETTINGS.format(port=PYGEOAPI.port, host=host, database=url.database, user=url.username))
    variables = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(openapi)}
    generate = [str(programs / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(openapi)]
    subprocess.run(generate, check=True, env={**os.environ, **variables}, stdout=subprocess.DEVNULL)
    command = [str(programs / "gunicorn"), "--workers", PROCESSES, "--bind", f"127.0.0.1:{PYGEOAPI.port}"]
    return start([*command, "pygeoapi.flask_app:APP"], variables)


def compare(sides: Sequence[Side], boxes: Sequence[str], pages: int) -> None:
    """Ask every side in turns with 1 client and with 8, and print what each reached and how it compares with ours."""
    for side in sides:
        check(side, boxes[0])
        run(side, boxes[:16], 8)
    for clients in (1, 8):
        for number in range(ROUNDS):
            turned = random.Random(number).sample(boxes, pages)
            for side in sides:
                side.reached.setdefault(clients, []).append(run(side, turned, clients))
        tell(sides, clients)


def check(side: Side, box: str) -> None:
    """Return if the side gives a page of features with all attributes; ends the run otherwise."""
    body = ask(connect(side), side.path + box)
    found = body.replace(b'": ', b'":').count(b'"type":"Feature"')
    attributes = body.count(b'"slope_percent"')
    if found != PAGE or attributes != PAGE:
        sys.exit(f"{side.name} gave {found} features, {attributes} with their attributes: {body[:300]!r}")
    print(f"{side.name:9} {len(body):,} bytes a page")


def run(side: Side, boxes: Sequence[str], clients: int) -> float:
    """Features per second of one program that gives one page for each box."""
    shares = [boxes[number::clients] for number in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda share: ask_all(side, share), shares))
    return len(boxes) * PAGE / (time.perf_counter() - began)


def ask_all(side: Side, boxes: Sequence[str]) -> None:
    """One client's pages, one after the other on one connection."""
    connection = connect(side)
    for box in boxes:
        ask(connection, side.path + box)


def connect(side: Side) -> http.client.HTTPConnection:
    """A connection to a program's server."""
    return http.client.HTTPConnection("127.0.0.1", side.port, timeout=120)


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of one answer, whole; a failed one ends the run."""
    connection.request("GET", path, headers={"Accept": "*/*", "Accept-Encoding": "identity"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        sys.exit(f"{path} gave {answer.status}: {body[:300]!r}")
    return body


def tell(sides: Sequence[Side], clients: int) -> None:
    """One line a side: features per second, and how many times more ours gave."""
    ours = statistics.median(sides[0].reached[clients])
    for side in sides:
        reached = statistics.median(side.reached[clients])
        spread = f"{min(side.reached[clients]):,.0f}-{max(side.reached[clients]):,.0f}"
        goal = "" if side is sides[0] else f"ours is {ours / reached:5.2f} times as fast   goal: 5 or more"
        print(f"clients {clients}   {side.name:9} {reached:9,.0f} features/s ({spread})   {goal}".rstrip())


if __name__ == "__main__":
    main()
