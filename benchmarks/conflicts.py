"""The conflict analysis against a bare ST_DWithin join of the same tables, in one run on one database.

    python -m benchmarks.conflicts [--rows 50000 ...] [--repeat 3]

With several numbers of rows it tells how the time grows: the exponent between the first and the last.

Two layers of that many lines of three segments: streets 40 m apart in which a water pipe and a power cable run beside
each other, one in fifty of them too near, and cross those of other streets; of two thirds the depth is known. Ours is
the search of a run: every clearance rule between and within the two layers, exemptions, worst places, stretches, all
that is found in a table of the database. The peer joins the two tables by the distance of the rule between them and
counts; it knows neither sizes nor angles nor what is joined. The figure is the ratio of the least times; the target is
1.5 (design, numbers to hold). Then a whole run, which enters all of it into the register, and the run after one pipe
that stands in a conflict was moved (target 1 s).
"""

import argparse
import datetime
import math
import os
import resource
import time
from collections.abc import Callable

from sqlalchemy import Engine, func, select, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.scratch import FINDING
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.analysis.snapshots import looking
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

PACKS = ("qcvn01",)
DATABASE = "gis_infra_bench_conflicts"

# A square of streets east-west and north-south, as dense whatever its size; along each, one asset every 60 m, its ends
# 2 m from the next one's. Within a street the cable lies 1.2 m beside the pipe, in every fiftieth place 0.4 m.
LINES = """
INSERT INTO infra.{layer} (geom, outer_diameter_mm, cover_m)
SELECT CASE WHEN along THEN line ELSE st_flipcoordinates(st_translate(line, 585000, -585000)) END, 100,
    CASE WHEN number % 3 > 0 THEN {cover} + number % 7 * 0.05 END
FROM (
    SELECT number, number % 2 = 0 AS along, st_setsrid(st_makeline(ARRAY[
        st_makepoint(x, y), st_makepoint(x + 20, y + 0.05), st_makepoint(x + 40, y), st_makepoint(x + 58, y + 0.05)
    ]), 9210) AS line
    FROM (
        SELECT number, 600000 + (number / 2 % :columns) * 60.0 AS x, 1185000 + (number / (2 * :columns)) * 40.0
            + CASE WHEN number % 50 < 2 THEN {near} ELSE {far} END AS y
        FROM generate_series(0, :rows - 1) AS number
    ) AS place
) AS laid
"""
LAYERS = (("water_pipe", "0.0", "0.0", "1.4"), ("power_cable_underground", "0.4", "1.2", "0.6"))
# One that stands in conflicts, from the middle of the register.
EDIT = """
UPDATE infra.water_pipe SET geom = st_translate(geom, 0, 0.01)
WHERE id = (
    SELECT left_id FROM gis.conflict WHERE left_layer = 'water_pipe' AND id >= (SELECT max(id) / 2 FROM gis.conflict)
    ORDER BY id LIMIT 1
)
"""
BARE = """
SELECT count(*)
FROM infra.water_pipe AS l
JOIN infra.power_cable_underground AS r ON st_dwithin(l.geom, r.geom, 0.6)
"""


def main() -> None:
    """Make the lines, run both, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000])
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    took = {rows: run_with(rows, asked.repeat) for rows in asked.rows}
    if len(took) > 1:
        (fewest, first), *_, (most, last) = sorted(took.items())
        for name in first:
            grown = math.log(last[name] / first[name]) / math.log(most / fewest)
            print(f"growth of {name}: rows to the power of {grown:.2f}")


def run_with(rows: int, repeat: int) -> dict[str, float]:
    """Seconds of the join, the search and a whole run over two layers of that many rows, in a database of its own."""
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    engine = make_engine(databases.create(server, DATABASE))
    try:
        schema.upgrade(engine, settings.city_srid)
        fill(engine, rows)
        print(f"{rows} rows in each layer, load {os.getloadavg()[0]:.1f}")
        return compare(engine, settings, repeat)
    finally:
        engine.dispose()
        databases.drop(server, DATABASE)


def fill(engine: Engine, rows: int) -> None:
    """The lines of both layers."""
    values = {"rows": rows, "columns": math.ceil(math.sqrt(rows / 2 * 40 / 60))}
    with engine.begin() as connection:
        for layer, near, far, cover in LAYERS:
            connection.execute(text(LINES.format(layer=layer, near=near, far=far, cover=cover)), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def compare(engine: Engine, settings: Settings, repeat: int) -> dict[str, float]:
    """Run all, join and search in turns, and print the least time of each; the seconds by name."""
    catalogue = read_catalogue(settings.layers)
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, build_tables(catalogue, settings.city_srid))
    ours, peer = [], []
    for _ in range(repeat):
        peer.append(measure(lambda: join_bare(engine)))
        ours.append(measure(lambda: search(engine, ground)))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (joined_s, pairs), (searched_s, found) = min(peer), min(ours)
    print(f"bare ST_DWithin join  {joined_s:8.2f} s  {pairs:8d} pairs")
    print(f"clearances            {searched_s:8.2f} s  {found:8d} conflicts, {memory_mb:.0f} MB of memory at most")
    print(f"ratio {searched_s / joined_s:.2f} (target 1.5 or less)")
    whole_s, entered = measure(lambda: run_ours(engine, ground))
    print(f"run with its register {whole_s:8.2f} s  {entered:8d} conflicts")
    edits = [measure(lambda: run_after_edit(engine, ground)) for _ in range(repeat)]
    print(f"after an edit         {min(edits)[0]:8.2f} s  {edits[0][1]:8d} conflicts near it (target 1 s or less)")
    return {"the join": joined_s, "clearances": searched_s, "the run with its register": whole_s}


def measure(run: Callable[[], int]) -> tuple[float, int]:
    """Seconds a run takes, and what it counted."""
    start = time.perf_counter()
    counted = run()
    return time.perf_counter() - start, counted


def join_bare(engine: Engine) -> int:
    """How many pairs of the two layers lie within the distance."""
    with engine.connect() as connection:
        return int(connection.execute(text(BARE)).scalar_one())


def search(engine: Engine, ground: Ground) -> int:
    """How many conflicts the rules find, left in a temporary table."""
    rules = list_in_force(ground.book, PACKS, datetime.date.today())
    with looking(engine) as connection:
        find(connection, ground, rules)
        return int(connection.execute(select(func.count()).select_from(FINDING)).scalar_one())


def run_ours(engine: Engine, ground: Ground) -> int:
    """How many conflicts a whole run finds."""
    now = datetime.datetime.now().astimezone()
    return run_conflicts(engine, ground, RunOrder(SYSTEM, PACKS, now, keeps_up=True)).found


def run_after_edit(engine: Engine, ground: Ground) -> int:
    """How many conflicts a run of what changed finds after one pipe was moved."""
    with engine.begin() as connection:
        connection.execute(text(EDIT))
    now = datetime.datetime.now().astimezone()
    report = run_conflicts(engine, ground, RunOrder(SYSTEM, PACKS, now, scope="changes", keeps_up=True))
    if report.scope != "changes":
        raise RuntimeError(f"the run looked at the {report.scope}")
    return report.found


if __name__ == "__main__":
    main()
