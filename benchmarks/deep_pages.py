"""Pages far from the start against the first one, and what counting adds to a page; in one run, on one table.

    python -m benchmarks.deep_pages [ROWS] [--rounds 15] [--features 1000]

ROWS lines (5,000,000 unless said) are made in a database of their own, which is dropped afterwards. Every question goes
through the whole application, without a network. The pages compared are asked for in turns, so that whatever else the
machine does slows all of them. Figures are milliseconds at the median, and the ratio to the first page.
"""

import argparse
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy import URL, Engine, text

from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from gis_infra.web.app import create_app

DATABASE = "gis_infra_bench_deep_pages"
ROWS_AT_ONCE = 250_000
ITEMS = "/ogc/collections/sewer_pipe/items"
WFS = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=infra:sewer_pipe&OUTPUTFORMAT=application/json"
SORTED = "bbox=106.6935,10.7680,106.7005,10.7750&sortby=-installed_on,asset_code"
FILTER = "filter=nominal_diameter_mm%20%3E%3D%20500%20AND%20status%20%3D%20'in_service'"

LINES = text(
    """
INSERT INTO infra.sewer_pipe (geom, asset_code, system, nominal_diameter_mm, status, installed_on)
SELECT st_setsrid(st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 20, y + 13), st_makepoint(x + 45, y + 11),
                                    st_makepoint(x + 60, y + 30), st_makepoint(x + 75, y + 28)]), 9210),
       'S' || number, 'combined', 300 + number % 5 * 100,
       CASE WHEN number % 50 = 0 THEN 'abandoned' ELSE 'in_service' END,
       CASE WHEN number % 4 > 0 THEN DATE '1960-01-01' + CAST(number * 48271 % 24000 AS integer) END
FROM (SELECT number, 580000 + random() * 40000 AS x, 1170000 + random() * 40000 AS y
      FROM generate_series(CAST(:first AS bigint), :last) AS number) AS places
"""
)
GAP = text("DELETE FROM infra.sewer_pipe WHERE asset_code = 'S2'")


def main() -> None:
    """Make the lines, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="?", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--features", type=int, default=1000)
    asked = parser.parse_args()
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    url = databases.create(server, DATABASE)
    try:
        with opened(url) as engine:
            fill(engine, asked.rows)
            compare(engine, with_database(settings, url), asked)
    finally:
        databases.drop(server, DATABASE)


@contextmanager
def opened(url: URL) -> Iterator[Engine]:
    """An engine, whose connections are closed afterwards."""
    engine = make_engine(url)
    yield engine
    engine.dispose()


def with_database(settings: Settings, url: URL) -> Settings:
    """The settings in force, for another database."""
    return replace(settings, database_url=url.render_as_string(hide_password=False))


def fill(engine: Engine, rows: int) -> None:
    """The lines, in a database of the program's schema."""
    schema.upgrade(engine, 9210)
    for first in range(1, rows + 1, ROWS_AT_ONCE):
        with engine.begin() as connection:
            connection.execute(LINES, {"first": first, "last": min(rows, first + ROWS_AT_ONCE - 1)})
    vacuum(engine)


def vacuum(engine: Engine) -> None:
    """What the database does by itself once in a while."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE infra.sewer_pipe"))


def compare(engine: Engine, settings: Settings, asked: argparse.Namespace) -> None:
    """Ask for pages near and far, of numbers without a gap and with one, and print the medians and ratios."""
    deep = min(1_000_000, asked.rows // 2)
    page = f"{ITEMS}?f=json&limit={asked.features}"
    print(f"{asked.rows:,} rows, {asked.features} a page, far is {deep:,} rows from the start")
    client = create_app(settings, engine).test_client()
    far = {
        "first page": page,
        "far, next by cursor": find_next(client, f"{page}&offset={deep}"),
        "far, by offset": f"{page}&offset={deep}",
        "first page of WFS": f"{WFS}&COUNT={asked.features}",
        "far, by STARTINDEX of WFS": f"{WFS}&COUNT={asked.features}&STARTINDEX={deep}",
    }
    show(client, far, asked.rounds)
    with engine.begin() as connection:
        connection.execute(GAP)
    vacuum(engine)
    client.get(far["far, by offset"])
    print("after a feature was deleted, so that numbers have a gap; pages one after the other, as QGIS asks")
    show(client, far, asked.rounds)
    fresh = create_app(settings, engine).test_client()
    fresh.get(page)
    began = time.perf_counter()
    fresh.get(far["far, by offset"])
    print(f"  {'far, by offset, nothing known yet':<36} {(time.perf_counter() - began) * 1000:8.1f} ms")
    print("counting")
    box = f"{page}&bbox="
    counted = {
        "first page": page,
        "box of few": f"{box}106.6935,10.7680,106.7035,10.7780",
        "box of most": f"{box}106.5,10.5,107,11",
        "filter that most match": f"{page}&nominal_diameter_mm=500",
        "box, CQL2, sort": f"{page}&{SORTED}&{FILTER}",
    }
    show(client, counted, asked.rounds)


def find_next(client: FlaskClient, address: str) -> str:
    """The address of the page after one."""
    links = client.get(address).get_json()["links"]
    return str(next(link["href"] for link in links if link["rel"] == "next"))


def show(client: FlaskClient, pages: Mapping[str, str], rounds: int) -> None:
    """Ask for the pages in turns and print what each took; the first is what the others are compared with."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    matched = {name: client.get(address).get_json().get("numberMatched") for name, address in pages.items()}
    for _ in range(rounds):
        for name, address in pages.items():
            began = time.perf_counter()
            client.get(address)
            taken[name].append((time.perf_counter() - began) * 1000)
    first = next(iter(pages))
    for name, times in taken.items():
        if name.startswith("first"):
            first = name
        ratio = statistics.median(times) / statistics.median(taken[first])
        print(f"  {name:<36} {statistics.median(times):8.1f} ms  {ratio:5.2f}  numberMatched {matched[name]}")


if __name__ == "__main__":
    main()
