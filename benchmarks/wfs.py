"""GML 3.2 by WFS 2.0 against MapServer, in one run; and what a layer of millions costs ours.

    python -m benchmarks.wfs [--rows 5000000] [--peer-rows 200000] [--rounds 5]

Against MapServer: 10,000 features at once by one client, and 200 in a box by 8 clients. Both programs have two
processes (ours `gis-infra serve`, MapServer by FastCGI behind lighttpd with connections kept), give all 40 attributes
in longitude/latitude, and read tables of the same rows with key and index; MapServer's is in longitude/latitude
already. Nobody is asked to compress. Programs are asked in turns; the figure of each is the median of its rounds.
Ours alone, on --rows features: the first byte of a million features, the page at startIndex 1,000,000 against the
first one, and the number of all features (resultType=hits).
MapServer and lighttpd are Debian's: apt-get install cgi-mapserver lighttpd
"""

import argparse
import http.client
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, text

from benchmarks.common.servers import running, start
from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

DATABASE = "gis_infra_bench_wfs"
LAYER = "sewer_pipe"
MANY, FEW, CLIENTS = 10_000, 200, 8
MILLION = 1_000_000
PROCESSES = 2
REQUEST = "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&SRSNAME=urn:ogc:def:crs:EPSG::4326"
LINES = """
INSERT INTO infra.sewer_pipe (geom, asset_code, name, owner, status, installed_on, quality_level, source_dataset,
                              import_id, cover_m, system, shape, nominal_diameter_mm, slope_percent, material, street)
SELECT st_setsrid(st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 20, y + 13), st_makepoint(x + 45, y + 11),
                                    st_makepoint(x + 60, y + 30), st_makepoint(x + 75, y + 28)]), 9210),
       'S' || number, 'Cống thoát nước ' || number, 'Công ty Thoát nước đô thị', 'in_service',
       date '1990-01-01' + (number % 12000), 'b1', 'Bản đồ hiện trạng 2019', 1, 0.7 + random(), 'combined',
       'circular', 300 + number % 5 * 100, random(), 'concrete', 'Đường Nguyễn Huệ'
FROM (SELECT number, 600000 + random() * 20000 AS x, 1185000 + random() * 20000 AS y
      FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS number) AS places
"""
# The same rows and attributes without what MapServer would have to turn or cannot show.
PEER_TABLE = """
CREATE TABLE public.lines AS SELECT * FROM infra.sewer_pipe;
ALTER TABLE public.lines DROP COLUMN geom, DROP COLUMN source_attributes;
ALTER TABLE public.lines RENAME COLUMN lonlat TO geom;
ALTER TABLE public.lines ALTER COLUMN geom TYPE geometry(LineString, 4326);
ALTER TABLE public.lines ADD PRIMARY KEY (id);
CREATE INDEX ON public.lines USING gist (geom);
"""
MAP_FILE = """
MAP
  NAME "lines"
  PROJECTION "init=epsg:4326" END
  EXTENT 106.5 10.5 107.5 11.5
  WEB METADATA
    "ows_title" "lines"
    "ows_onlineresource" "http://127.0.0.1:{port}/wfs"
    "ows_srs" "EPSG:4326"
    "ows_enable_request" "*"
    "wfs_maxfeatures" "{many}"
  END END
  LAYER
    NAME "{layer}"
    TYPE LINE
    STATUS ON
    CONNECTIONTYPE POSTGIS
    CONNECTION "host={host} dbname={database} user={user}"
    PROCESSING "CLOSE_CONNECTION=DEFER"
    DATA "geom from public.lines using unique id using srid=4326"
    PROJECTION "init=epsg:4326" END
    EXTENT 106.5 10.5 107.5 11.5
    METADATA
      "ows_title" "lines"
      "ows_srs" "EPSG:4326"
      "gml_include_items" "all"
      "gml_featureid" "id"
      "gml_types" "auto"
      "wfs_use_default_extent_for_getfeature" "false"
    END
  END
END
"""
HTTP_FRONT = """
server.modules = ("mod_fastcgi")
server.document-root = "{folder}"
server.bind = "127.0.0.1"
server.port = {port}
server.stream-response-body = 1
server.errorlog = "{folder}/errors.log"
fastcgi.server = ("/wfs" => ((
  "socket" => "{folder}/mapserver.sock", "bin-path" => "{program}", "max-procs" => {processes},
  "check-local" => "disable",
  "bin-environment" => ("MAPSERVER_CONFIG_FILE" => "{folder}/mapserver.conf")
)))
"""
CONFIGURATION = 'CONFIG\n  ENV\n    MS_MAPFILE "{folder}/lines.map"\n    MS_MAP_PATTERN "."\n  END\nEND\n'


@dataclass
class Side:
    """One program: its port, the name of the layer, and the features per second it reached, by task."""

    name: str
    port: int
    layer: str
    reached: dict[str, list[float]] = field(default_factory=dict)

    def address(self, count: int, **more: object) -> str:
        """The path of a page."""
        extra = "".join(f"&{name.upper()}={value}" for name, value in more.items())
        return f"/wfs?{REQUEST}&TYPENAMES={self.layer}&COUNT={count}{extra}"


OURS = Side("ours", 8496, f"infra:{LAYER}")
MAPSERVER = Side("mapserver", 8497, f"ms:{LAYER}")


def main() -> None:
    """Make the lines, start the servers, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000, help="features of ours alone")
    parser.add_argument("--peer-rows", type=int, default=200_000, help="features of both")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    programs = {name: shutil.which(name) for name in ("mapserv", "lighttpd")}
    if None in programs.values():
        sys.exit("MapServer is missing: apt-get install cgi-mapserver lighttpd")
    server = PrivateCluster(read_settings().home).ensure_running()
    url = databases.create(server, DATABASE)
    try:
        with tempfile.TemporaryDirectory() as name:
            measure(url, Path(name), asked)
    finally:
        databases.drop(server, DATABASE)


def measure(url: URL, folder: Path, asked: argparse.Namespace) -> None:
    """First both programs on the smaller table, then ours alone on the larger one."""
    engine = make_engine(url)
    schema.upgrade(engine, 9210)
    fill(url, 1, asked.peer_rows)
    change(url, PEER_TABLE)
    with running(start_ours(url, folder), OURS.port, "/healthz"):
        with running(start_mapserver(url, folder), MAPSERVER.port, f"/wfs?{REQUEST}&COUNT=1&TYPENAMES=ms:{LAYER}"):
            compare([OURS, MAPSERVER], asked)
        if asked.rows > asked.peer_rows:
            fill(url, asked.peer_rows + 1, asked.rows)
        look_at_many(asked.rounds)
    engine.dispose()


def fill(url: URL, first: int, last: int) -> None:
    """More lines in our table. first, last: their numbers."""
    change(url, LINES, first=first, last=last)
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE infra.sewer_pipe"))
    engine.dispose()


def change(url: URL, statements: str, **values: object) -> None:
    """Run statements in one transaction."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statements), values)
    engine.dispose()


def start_ours(url: URL, folder: Path) -> subprocess.Popen[bytes]:
    """Our server on the lines, as a city would start it, with a home folder of its own and pages of a million."""
    variables = {
        "GIS_INFRA_DATABASE_URL": url.render_as_string(hide_password=False),
        "GIS_INFRA_HOME": str(folder / "home"),
        "GIS_INFRA_PORT": str(OURS.port),
        "GIS_INFRA_WORKERS": str(PROCESSES),
        "GIS_INFRA_JOBS_AT_ONCE": "0",
        "GIS_INFRA_MAX_PAGE": str(MILLION),
        "GIS_INFRA_READ_LIMIT_S": "300",
    }
    return start([str(Path(sys.executable).with_name("gis-infra")), "serve"], variables)


def start_mapserver(url: URL, folder: Path) -> subprocess.Popen[bytes]:
    """MapServer on the same lines."""
    host = url.query.get("host") or url.host
    layer = MAP_FILE.format(
        port=MAPSERVER.port, many=MILLION, layer=LAYER, host=host, database=url.database, user=url.username
    )
    front = HTTP_FRONT.format(folder=folder, port=MAPSERVER.port, program=shutil.which("mapserv"), processes=PROCESSES)
    for name, content in {
        "lines.map": layer,
        "mapserver.conf": CONFIGURATION.format(folder=folder),
        "front.conf": front,
    }.items():
        (folder / name).write_text(content)
    return start([str(shutil.which("lighttpd")), "-D", "-f", str(folder / "front.conf")], {})


def compare(sides: Sequence[Side], asked: argparse.Namespace) -> None:
    """Ask every side in turns, and print what each reached and how it compares with ours."""
    boxes = make_boxes(asked.peer_rows, 16 * CLIENTS)
    for side in sides:
        check(side)
        ask_boxes(side, boxes[: 2 * CLIENTS])
    tasks: dict[str, Callable[[Side], float]] = {
        f"{MANY:,} features, 1 client": ask_many,
        f"{FEW} in a box, {CLIENTS} clients": lambda side: ask_boxes(side, boxes),
    }
    for name, task in tasks.items():
        for _ in range(asked.rounds):
            for side in sides:
                side.reached.setdefault(name, []).append(task(side))
        tell(sides, name)


def make_boxes(rows: int, number: int) -> list[str]:
    """Boxes of about 300 features each, latitude first, somewhere among the lines; the same ones in every run."""
    dice = random.Random(4)
    # The lines lie on a square of about 0.183 x 0.181 degrees.
    side = 0.18 * (300 / rows) ** 0.5
    corners = [(106.665 + dice.random() * (0.17 - side), 10.715 + dice.random() * (0.17 - side)) for _ in range(number)]
    srs = "urn:ogc:def:crs:EPSG::4326"
    return [f"{y:.5f},{x:.5f},{y + side:.5f},{x + side:.5f},{srs}" for x, y in corners]


def check(side: Side) -> None:
    """Return if the side gives features with all attributes in the order of the axes; ends the run otherwise."""
    body = ask(connect(side), side.address(MANY))
    found, attributes = body.count(b"<wfs:member>"), body.count(b":slope_percent>") // 2
    latitude = body.partition(b"posList")[2].partition(b">")[2][:3]
    if (found, attributes, latitude) != (MANY, MANY, b"10."):
        sys.exit(f"{side.name} gave {found} features, {attributes} with their attributes: {body[:2000]!r}")
    print(f"{side.name:9} {len(body):,} bytes of {MANY:,} features")


def ask_many(side: Side) -> float:
    """Features per second of one large answer."""
    connection, began = connect(side), time.perf_counter()
    ask(connection, side.address(MANY))
    return MANY / (time.perf_counter() - began)


def ask_boxes(side: Side, boxes: Sequence[str]) -> float:
    """Features per second of small answers to several clients, each on one connection."""

    def ask_all(share: Sequence[str]) -> int:
        connection = connect(side)
        return sum(ask(connection, side.address(FEW, bbox=box)).count(b"<wfs:member>") for box in share)

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = sum(pool.map(ask_all, [boxes[number::CLIENTS] for number in range(CLIENTS)]))
    return found / (time.perf_counter() - began)


def connect(side: Side) -> http.client.HTTPConnection:
    """A connection to a program's server."""
    return http.client.HTTPConnection("127.0.0.1", side.port, timeout=300)


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """The body of one answer, whole; a failed one ends the run."""
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        sys.exit(f"{path} gave {answer.status}: {body[:300]!r}")
    return body


def tell(sides: Sequence[Side], task: str) -> None:
    """One line a side: features per second, and how many times more ours gave."""
    ours = statistics.median(sides[0].reached[task])
    for side in sides:
        reached = statistics.median(side.reached[task])
        spread = f"{min(side.reached[task]):,.0f}-{max(side.reached[task]):,.0f}"
        goal = "" if side is sides[0] else f"ours is {ours / reached:5.2f} times as fast   goal: 2 or more"
        print(f"{task:28} {side.name:9} {reached:9,.0f} features/s ({spread})   {goal}".rstrip())


def look_at_many(rounds: int) -> None:
    """What many features cost: the first byte, a page far from the start, the number of all."""
    first_byte = statistics.median(time_first_byte(OURS.address(MILLION)) for _ in range(rounds))
    print(f"first byte of {MILLION:,} features {first_byte * 1000:7.1f} ms   goal: 100 or less")
    first, far = (
        statistics.median(time_whole(OURS.address(1000, startindex=start)) for _ in range(2 * rounds))
        for start in (0, MILLION)
    )
    print(f"1,000 from the start {first * 1000:.1f} ms, from {MILLION:,} on {far * 1000:.1f} ms", end="")
    print(f"   {far / first:.2f} times   goal: 3 or less")
    hits = statistics.median(time_whole(OURS.address(1, resulttype="hits")) for _ in range(2 * rounds))
    print(f"number of all features {hits * 1000:.1f} ms   goal: 20 or less")


def time_first_byte(path: str) -> float:
    """Seconds until the first byte of a body; the rest is not waited for."""
    connection, began = connect(OURS), time.perf_counter()
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    if not answer.read(1):
        sys.exit(f"{path} gave nothing")
    found = time.perf_counter() - began
    connection.close()
    return found


def time_whole(path: str) -> float:
    """Seconds of a whole answer."""
    connection, began = connect(OURS), time.perf_counter()
    ask(connection, path)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
