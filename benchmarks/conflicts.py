"""The conflict analysis against a bare ST_DWithin join of the same tables, in one run on one database.

    python benchmarks/conflicts.py [--rows 50000 ...] [--repeat 3]

With several numbers of rows it tells how the time grows: the exponent between the first and the last.

Two layers of that many lines of three segments: streets 40 m apart in which a water pipe and a power cable run beside
each other, one in fifty of them too near, and cross those of other streets; of two thirds the depth is known. Ours is
a whole run: every clearance rule between and within the two layers, exemptions, worst places, stretches, the register.
The peer joins the two tables by the distance of the rule between them and counts; it knows neither sizes nor angles nor
what is joined. The figure is the ratio of the least times; the target is 1.5 (design, numbers to hold).
"""

import argparse
import datetime
import math
import os
import time
from collections.abc import Callable

from sqlalchemy import Engine, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

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
        (fewest, first_s), *_, (most, last_s) = sorted(took.items())
        print(f"growth: rows to the power of {math.log(last_s / first_s) / math.log(most / fewest):.2f}")


def run_with(rows: int, repeat: int) -> float:
    """Seconds of a whole run over two layers of that many rows, in a database of its own."""
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


def compare(engine: Engine, settings: Settings, repeat: int) -> float:
    """Run both, in turns, and print the least time of each; ours in seconds."""
    catalogue = read_catalogue(settings.layers)
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, build_tables(catalogue, settings.city_srid))
    ours, peer = [], []
    for _ in range(repeat):
        peer.append(measure(lambda: join_bare(engine)))
        ours.append(measure(lambda: run_ours(engine, ground)))
    ratio = min(each for each, _ in ours) / min(each for each, _ in peer)
    print(f"bare ST_DWithin join  {min(peer)[0]:8.2f} s  {peer[0][1]:8d} pairs")
    print(f"conflicts run         {min(ours)[0]:8.2f} s  {ours[0][1]:8d} conflicts")
    print(f"ratio {ratio:.2f} (target 1.5 or less)")
    edits = [measure(lambda: run_after_edit(engine, ground)) for _ in range(repeat)]
    print(f"after an edit         {min(edits)[0]:8.2f} s  {edits[0][1]:8d} conflicts near it (target 1 s or less)")
    return min(ours)[0]


def measure(run: Callable[[], int]) -> tuple[float, int]:
    """Seconds a run takes, and what it counted."""
    start = time.perf_counter()
    counted = run()
    return time.perf_counter() - start, counted


def join_bare(engine: Engine) -> int:
    """How many pairs of the two layers lie within the distance."""
    with engine.connect() as connection:
        return int(connection.execute(text(BARE)).scalar_one())


def run_ours(engine: Engine, ground: Ground) -> int:
    """How many conflicts a whole run finds."""
    now = datetime.datetime.now().astimezone()
    return run_conflicts(engine, ground, RunOrder(SYSTEM, ("qcvn01",), now, keeps_up=True)).found


def run_after_edit(engine: Engine, ground: Ground) -> int:
    """How many conflicts a run of what changed finds after one pipe was moved."""
    with engine.begin() as connection:
        connection.execute(text(EDIT))
    now = datetime.datetime.now().astimezone()
    report = run_conflicts(engine, ground, RunOrder(SYSTEM, ("qcvn01",), now, scope="changes", keeps_up=True))
    if report.scope != "changes":
        raise RuntimeError(f"the run looked at the {report.scope}")
    return report.found


if __name__ == "__main__":
    main()
