"""Coverage along streets against `pgr_drivingDistance` for the same answer, in one run on one database.

    python -m benchmarks.coverage [--edges 500000 ...] [--repeat 3] [--limit 1000]

For each number of street edges: as many streets of one edge in a bent grid 100 m wide, two buildings to an edge and
one hydrant to fifty. Ours finds for every building the nearest hydrant along the streets, without a limit, and tells
whom it reaches: the engine with the graph and the places' way onto it kept from a run before; apart from that a first
run that reads the streets and makes both, and the area within reach. The peer is given the same graph, facilities and
places in tables and asked for what lies within `--limit` metres; places are joined to it in SQL. Both must say the same
to 1 mm. Targets: 5 s, ten times the peer, straight lines in 3 s.

The peer is asked for TOGETHER facilities at a time: it holds something of every node for every facility, and asked for
10,000 in one it took 18 GB, and the database server fell. Its `equicost`, which tells each node once, took longer and
named other facilities than the nearest (6,057 of 500,000 places, by up to 60 m), so it is not the same answer.

Needs the extension pgrouting in the private database's PostgreSQL: apt-get install postgresql-15-pgrouting. Without it
the benchmark ends with exit status 3. With several numbers it tells how the time grows.
"""

import argparse
import dataclasses
import datetime
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection, Engine, text

from gis_infra.analysis.coverage.methods.facilities import read_facilities
from gis_infra.analysis.coverage.methods.model import Facilities, Ground
from gis_infra.analysis.coverage.methods.straight_line import find_reaching
from gis_infra.analysis.coverage.methods.streets import open_streets
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.coverage.places.reading import read_places
from gis_infra.analysis.coverage.places.units import read_units
from gis_infra.analysis.coverage.standards.model import Service
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.coverage.streets.arcs import cost_ways, start_journey
from gis_infra.analysis.coverage.streets.measuring import measure_reached
from gis_infra.analysis.coverage.streets.model import SAME_M, Graph, Nearest, Snapped
from gis_infra.analysis.coverage.streets.network import Network
from gis_infra.analysis.coverage.streets.reaching import reach_area
from gis_infra.analysis.snapshots import looking
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

DATABASE = "gis_infra_bench_coverage"
NO_PEER = 3
FACILITY_TO_EDGES, PLACES_TO_EDGE = 50, 2
TOGETHER = 1000

Given = TypeVar("Given")

# A node of the grid: 100 m from the next, put off by up to 25 m.
NODES = """
CREATE TABLE bench_node AS
SELECT i, j, st_setsrid(st_makepoint(560000 + i * 100 + 25 * sin(i * 1.7 + j * 2.3),
    1160000 + j * 100 + 25 * cos(i * 2.9 + j * 1.1)), 9210) AS geom
FROM generate_series(0, :side) AS i, generate_series(0, :side) AS j
"""
KEY = "ALTER TABLE bench_node ADD PRIMARY KEY (i, j)"
STREETS = """
INSERT INTO infra.road_segment (geom, road_class)
SELECT st_makeline(a.geom, b.geom), 'local'
FROM bench_node AS a
JOIN bench_node AS b ON (b.i = a.i + 1 AND b.j = a.j) OR (b.i = a.i AND b.j = a.j + 1)
ORDER BY a.i, a.j LIMIT :edges
"""
# Along a street and off it, each by another irrational step.
BESIDE = """
SELECT number, st_translate(st_lineinterpolatepoint(street.geom, mod((number * 0.6180339887)::numeric, 1)::float8),
    mod((number * 7.5487766624)::numeric, 30)::float8 - 15,
    mod((number * 5.6984029099)::numeric, 30)::float8 - 15) AS geom
FROM generate_series(0, :rows - 1) AS number
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, geom FROM infra.road_segment) AS street
    ON street.place = (number * :step) % :edges
"""
HYDRANTS = f"INSERT INTO infra.fire_hydrant (geom) SELECT geom FROM ({BESIDE}) AS beside"
BUILDINGS = f"""
INSERT INTO infra.building (geom, residents)
SELECT st_multi(st_makeenvelope(st_x(geom) - 4, st_y(geom) - 4, st_x(geom) + 4, st_y(geom) + 4, 9210)), number % 9
FROM ({BESIDE}) AS beside
"""
PEER_TABLES = """
CREATE UNLOGGED TABLE bench_edge (id bigint, source bigint, target bigint, cost float8, reverse_cost float8);
CREATE UNLOGGED TABLE bench_place (id bigint, edge bigint, tail bigint, head bigint, along float8, from_tail float8,
    from_head float8, off float8);
CREATE UNLOGGED TABLE bench_access (edge bigint, along float8, off float8);
CREATE UNLOGGED TABLE bench_reached (node bigint, agg_cost float8)
"""
PEER_REACHES = """
INSERT INTO bench_reached
SELECT node, agg_cost FROM pgr_drivingdistance(
    'SELECT id, source, target, cost, reverse_cost FROM bench_edge', CAST(:starts AS bigint[]), :limit, true)
"""
PEER_ANSWER = """
WITH reached AS MATERIALIZED (SELECT node, min(agg_cost) AS agg_cost FROM bench_reached GROUP BY node)
SELECT place.id, place.off + least(
    tail.agg_cost + place.from_tail, head.agg_cost + place.from_head, min(access.off + abs(access.along - place.along)))
FROM bench_place AS place
LEFT JOIN reached AS tail ON tail.node = place.tail
LEFT JOIN reached AS head ON head.node = place.head
LEFT JOIN bench_access AS access ON access.edge = place.edge
GROUP BY place.id, place.off, tail.agg_cost, place.from_tail, head.agg_cost, place.from_head
"""


@dataclasses.dataclass(frozen=True)
class Scene:
    """What both are asked about."""

    ground: Ground
    service: Service
    facilities: Facilities
    places: Places


def main() -> int:
    """Make the streets, run both, print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", type=int, nargs="+", default=[500_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1000.0)
    asked = parser.parse_args()
    took = {edges: run_with(edges, asked.repeat, asked.limit) for edges in asked.edges}
    if None in took.values():
        return NO_PEER
    if len(took) > 1:
        (fewest, first_s), *_, (most, last_s) = sorted(took.items())
        print(f"growth: edges to the power of {math.log(last_s / first_s) / math.log(most / fewest):.2f}")
    return 0


def run_with(edges: int, repeat: int, limit_m: float) -> float | None:
    """Seconds of the engine over so many edges, in a database of its own; None without pgrouting."""
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    engine = make_engine(databases.create(server, DATABASE))
    cache = Path(tempfile.mkdtemp(prefix="bench_coverage_"))
    try:
        if not has_peer(engine):
            print("pgrouting is not there: apt-get install postgresql-15-pgrouting", file=sys.stderr)
            return None
        schema.upgrade(engine, settings.city_srid)
        fill(engine, edges)
        with looking(engine) as connection:
            return compare(make_scene(connection, settings, cache), repeat, limit_m)
    finally:
        shutil.rmtree(cache)
        engine.dispose()
        databases.drop(server, DATABASE)


def has_peer(engine: Engine) -> bool:
    """Whether this PostgreSQL has pgrouting."""
    asked = text("SELECT count(*) FROM pg_available_extensions WHERE name = 'pgrouting'")
    with engine.connect() as connection:
        return bool(connection.execute(asked).scalar_one())


def fill(engine: Engine, edges: int) -> None:
    """Streets, hydrants and buildings."""
    side = math.ceil((math.sqrt(1 + 2 * edges) - 1) / 2) + 1
    with engine.begin() as connection:
        connection.execute(text(NODES), {"side": side})
        connection.execute(text(KEY))
        connection.execute(text(STREETS), {"edges": edges})
        for statement, rows, step in (
            (HYDRANTS, edges // FACILITY_TO_EDGES, FACILITY_TO_EDGES - 1),
            (BUILDINGS, edges * PLACES_TO_EDGE, 1),
        ):
            connection.execute(text(statement), {"rows": rows, "step": step, "edges": edges})
        connection.execute(text("CREATE EXTENSION pgrouting"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def make_scene(connection: Connection, settings: Settings, cache: Path) -> Scene:
    """The hydrants and the buildings, and everything the engine needs to know of streets."""
    catalogue = read_catalogue(settings.layers)
    tables, book = build_tables(catalogue, settings.city_srid), read_services(settings.layers, catalogue)
    service = dataclasses.replace(book.get_service("fire_hydrant"), method="streets", capacity=None)
    start = time.perf_counter()
    units = read_units(connection, tables, book.units, datetime.date(2026, 1, 1), book.units.level)
    places = read_places(connection, tables, book.get_demand("residents"), units)
    took_s = time.perf_counter() - start
    ground = Ground(connection, tables, book, units, cache)
    facilities = read_facilities(ground, service)
    print(f"{len(facilities)} facilities, {len(places)} places read in {took_s:.2f} s, load {os.getloadavg()[0]:.1f}")
    return Scene(ground, service, facilities, places)


def compare(scene: Scene, repeat: int, limit_m: float) -> float:
    """Run both, and print the least time of each; ours in seconds."""
    cold_s, (network, starts, ends, nearest) = measure_time(lambda: run_streets(scene))
    print(f"first run             {cold_s:8.2f} s  {len(network.graph)} edges read, joined, kept; places snapped")
    ours_s = min(measure_time(lambda: run_streets(scene))[0] for _ in range(repeat))
    area_s, area = measure_time(lambda: draw(scene, network, starts))
    straight_s = min(measure_time(lambda: run_straight(scene))[0] for _ in range(repeat))
    fill_peer(scene.ground.connection, network.graph, starts, ends)
    peer_s, told = measure_time(lambda: run_peer(scene.ground.connection, network.graph, starts, limit_m))
    off = differ(nearest, told, limit_m)
    found = int(np.isfinite(nearest.distance).sum())
    print(f"pgr_drivingDistance   {peer_s:8.2f} s  {len(told)} places within {limit_m:.0f} m")
    print(f"engine                {ours_s:8.2f} s  {found} places (target 5 s or less)")
    print(f"largest difference    {off.max() * 1000:8.6f} mm")
    print(f"ratio {peer_s / ours_s:.1f} (target 10 or more)")
    if off.max() > SAME_M:
        raise RuntimeError("both do not say the same")
    print(f"straight line         {straight_s:8.2f} s  (target 3 s or less)")
    print(f"area within reach     {area_s:8.2f} s  {area / 1e6:.1f} km2")
    return ours_s


def measure_time(run: Callable[[], Given]) -> tuple[float, Given]:
    """Seconds a run takes, and what it gives."""
    start = time.perf_counter()
    given = run()
    return time.perf_counter() - start, given


def run_streets(scene: Scene) -> tuple[Network, Snapped, Snapped, Nearest]:
    """The nearest hydrant of every building along the streets, and whom they reach."""
    network = open_streets(scene.ground, scene.service)
    starts, ends = network.snap_shapes(scene.facilities.shapes), network.snap_points(scene.places.xy)
    nearest, _ = measure_reached(network.graph, starts, ends, scene.facilities.reach, scene.service.direction)
    return network, starts, ends, nearest


def run_straight(scene: Scene) -> int:
    """How many buildings a hydrant reaches straight."""
    return int(find_reaching(scene.facilities.shapes, scene.facilities.reach, scene.places.xy)[1].sum())


def draw(scene: Scene, network: Network, starts: Snapped) -> float:
    """How large the area within reach is, m2."""
    reach, direction = scene.facilities.reach, scene.service.direction
    return float(reach_area(network.graph, network.barriers, starts, reach, network.snap_m, direction).area)


def fill_peer(connection: Connection, graph: Graph, starts: Snapped, ends: Snapped) -> None:
    """The same graph, facilities (nodes after all others) and places in tables."""
    for statement in PEER_TABLES.split(";"):
        connection.execute(text(statement))
    journey = start_journey(graph, "from")
    leaving, arriving = cost_ways(journey, starts), cost_ways(journey, ends)
    count, nodes, off_m = len(graph), len(graph.nodes), starts.off_m
    ids = np.arange(count + 2 * len(starts))
    one_way = np.full(2 * len(starts), -1.0)
    edges = (
        ids,
        np.concatenate([graph.tail, np.tile(starts.row + nodes, 2)]),
        np.concatenate([graph.head, graph.tail[starts.edge], graph.head[starts.edge]]),
        np.concatenate([graph.forward, off_m + leaving.to_tail, off_m + leaving.to_head]),
        np.concatenate([graph.backward, one_way]),
    )
    tail, head = graph.tail[ends.edge], graph.head[ends.edge]
    places = (ends.row, ends.edge, tail, head, ends.along_m, arriving.from_tail, arriving.from_head, ends.off_m)
    copy_rows(connection, "bench_edge", edges)
    copy_rows(connection, "bench_place", places)
    copy_rows(connection, "bench_access", (starts.edge, starts.along_m, starts.off_m))
    for table in ("bench_edge", "bench_place", "bench_access"):
        connection.execute(text(f"ANALYZE {table}"))


def copy_rows(connection: Connection, table: str, columns: tuple[np.ndarray, ...]) -> None:
    """Columns into a table."""
    driver = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in zip(*(column.tolist() for column in columns), strict=True):
            copy.write_row(row)


def run_peer(connection: Connection, graph: Graph, starts: Snapped, limit_m: float) -> dict[int, float]:
    """Distances of the places that the peer finds within the limit, by their row."""
    connection.execute(text("TRUNCATE bench_reached"))
    facilities = (np.unique(starts.row) + len(graph.nodes)).tolist()
    for at in range(0, len(facilities), TOGETHER):
        values = {"starts": facilities[at : at + TOGETHER], "limit": limit_m}
        connection.execute(text(PEER_REACHES), values)
    return {place: metres for place, metres in connection.execute(text(PEER_ANSWER)) if metres is not None}


def differ(nearest: Nearest, told: dict[int, float], limit_m: float) -> np.ndarray:
    """By how many metres both differ, of the places that both must know; inf where one is missing."""
    # Beyond a node that the peer leaves out, a place may lie within the limit by its other end alone.
    near = np.flatnonzero(nearest.distance <= limit_m - 200)
    return np.abs(np.array([told.get(place, np.inf) for place in near.tolist()]) - nearest.distance[near])


if __name__ == "__main__":
    sys.exit(main())
