"""Planned works drawn on the map against everything the city has, and a bare search by place beside it, in one run.

    python -m benchmarks.works_check [--rows 5000000] [--repeat 30]

Ten layers share that many assets: lines of three segments in a grid over 24 km, with sizes, covers and owners; half of
them say nothing of their accuracy. Works of 60 by 20 m are drawn at another place each time, once with a depth and once
without. Ours is the whole answer as the map is given it: rules, depths, owners, contacts, parts within reach, as JSON.
The peer is one ST_Intersects with the index of each of the ten layers, in one statement.
The figure is the median time of ours; the target is 200 ms (issue 6, Speed).
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import orjson
from shapely import box
from sqlalchemy import Engine, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.model import Rule, list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import Works
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.processes.definitions import read_clock
from gis_infra.processes.works_check import NO_JIT
from gis_infra.reports.works import to_works_check
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from gis_infra.storage.transactions import reading

DATABASE = "gis_infra_bench_works"
LAYERS = {
    "water_pipe": "outer_diameter_mm",
    "sewer_pipe": "outer_diameter_mm",
    "power_cable_underground": "outer_diameter_mm",
    "telecom_duct": "outer_diameter_mm",
    "telecom_cable": "outer_diameter_mm",
    "power_line_overhead": None,
    "manhole": None,
    "water_valve": None,
    "tree": None,
    "fire_hydrant": None,
}
POINTS = ("manhole", "water_valve", "tree", "fire_hydrant")
WEST, SOUTH, SIDE_M = 590000, 1175000, 24000
LINE = "st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 15, y + 0.3), st_makepoint(x + 30, y)])"
FILL = """
INSERT INTO infra.{layer} (geom, owner, cover_m, quality_level{size_name})
SELECT st_setsrid({shape}, 9210), 'Chủ ' || number % 7, CASE WHEN number % 3 > 0 THEN 0.5 + number % 20 / 10.0 END,
    CASE WHEN number % 2 = 0 THEN 'b2' END{size}
FROM (
    SELECT number, {west} + number % :columns * {step} AS x, {south} + number / :columns * {step} + {shift} AS y
    FROM generate_series(0, :rows - 1) AS number
) AS place
"""
BARE = "SELECT {counts}"
COUNT = "(SELECT count(*) FROM infra.{layer} WHERE st_intersects(geom, st_makeenvelope(:w, :s, :e, :n, 9210)))"


def main() -> None:
    """Make the assets, run both, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--repeat", type=int, default=30)
    asked = parser.parse_args()
    settings = read_settings()
    engine = make_engine(databases.create(PrivateCluster(settings.home).ensure_running(), DATABASE))
    try:
        schema.upgrade(engine, settings.city_srid)
        fill(engine, asked.rows // len(LAYERS))
        compare(engine, settings, asked.repeat)
    finally:
        engine.dispose()
        databases.drop(PrivateCluster(settings.home).ensure_running(), DATABASE)


def fill(engine: Engine, rows: int) -> None:
    """So many assets in each layer, evenly over the city."""
    columns = max(1, round(rows**0.5))
    for at, (layer, size) in enumerate(LAYERS.items()):
        statement = FILL.format(
            layer=layer,
            shape="st_makepoint(x, y)" if layer in POINTS else LINE,
            size_name=f", {size}" if size else "",
            size=", 100 + number % 5 * 50" if size else "",
            west=WEST,
            south=SOUTH,
            step=SIDE_M / columns,
            shift=at * 0.8,
        )
        with engine.begin() as connection:
            connection.execute(text(statement), {"rows": rows, "columns": columns})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def compare(engine: Engine, settings: Settings, repeat: int) -> None:
    """Run both at the same places, and print medians and the slowest."""
    catalogue = read_catalogue(settings.layers)
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, build_tables(catalogue, settings.city_srid))
    rules = list_in_force(ground.book, settings.rule_packs, read_clock().date())
    places = [draw() for _ in range(repeat)]
    bare = [measure(lambda works=works: search(engine, works)) for works in places]
    tell("bare search by place", bare)
    for name, depth_m in (("works check, no depth", None), ("works check, 1.5 m deep", 1.5)):
        check(engine, ground, rules, replace(places[0], depth_m=depth_m))  # statements are compiled once a process
        found = [replace(works, depth_m=depth_m) for works in places]
        tell(name, [measure(lambda works=works: check(engine, ground, rules, works)) for works in found])


def draw() -> Works:
    """Works at a place of their own."""
    west, south = (random.uniform(base, base + SIDE_M - 100) for base in (WEST, SOUTH))
    return Works(box(west, south, west + 60, south + 20))


def measure(run: Callable[[], int]) -> tuple[float, int]:
    """Milliseconds a run takes, and what it counted."""
    start = time.perf_counter()
    counted = run()
    return (time.perf_counter() - start) * 1000, counted


def tell(name: str, runs: list[tuple[float, int]]) -> None:
    """One line of the result."""
    times, counts = zip(*runs, strict=True)
    middle, most, met = statistics.median(times), max(times), statistics.median(counts)
    print(f"{name:<26} median {middle:7.1f} ms, slowest {most:7.1f} ms, {met:.0f} assets", flush=True)


def search(engine: Engine, works: Works) -> int:
    """How many assets the index finds."""
    west, south, east, north = works.shape.bounds
    statement = BARE.format(counts=" + ".join(COUNT.format(layer=layer) for layer in LAYERS))
    with engine.connect() as connection:
        found = connection.execute(text(statement), {"w": west, "s": south, "e": east, "n": north})
        return int(found.scalar_one())


def check(engine: Engine, ground: Ground, rules: tuple[Rule, ...], works: Works) -> int:
    """How many assets the whole answer tells of."""
    with reading(engine, 60.0, NO_JIT) as connection:
        answer = to_works_check(check_works(connection, ground, rules, works, SYSTEM), ground.tables.srid)
    orjson.dumps(answer)
    return int(answer["conflicts"]["numberMatched"])


if __name__ == "__main__":
    main()
