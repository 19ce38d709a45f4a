"""Import against ogr2ogr, in one run: lines with 8 attributes, in another zone than the city's.

    python -m benchmarks.import [--rows 300000] [--runs 3]

Both bring the same shapefile (EPSG:5899, UTF-8) into the same server in EPSG:9210 by COPY. `gis-infra import` besides
finds out the encoding, converts and validates, keys by owner and asset code, keeps a second geometry in
longitude/latitude and a spatial index of both, and reports; ogr2ogr reprojects, loads and makes one spatial index. The
best run of each counts. Beside the time from start to end stands the processor time of the program and of the server,
which says more on a machine with other work. Needs ogr2ogr (Debian: gdal-bin) and Linux.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import shapely
from sqlalchemy import URL, text

from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

DATABASE = "gis_infra_bench_import"
COMMAND = Path(sys.executable).with_name("gis-infra")
MATERIALS = ("Gang dẻo", "HDPE", "Thép", "uPVC")


@dataclass(frozen=True)
class Figure:
    """What one process took: seconds in all, of processor time its own and the server's, and megabytes at its peak."""

    seconds: float
    own_s: float
    server_s: float
    peak_mb: float


def write_lines(path: Path, rows: int) -> None:
    """A shapefile of lines of five vertices all over the city."""
    random = np.random.default_rng(1)
    starts = random.uniform((345_000, 1_150_000), (480_000, 1_260_000), (rows, 2))
    vertices = starts[:, None, :] + np.cumsum(random.uniform(-10, 30, (rows, 5, 2)), axis=1)
    columns = {
        "MA_ONG": [f"WP-{number:07d}" for number in range(rows)],
        "DUONG_KINH": random.choice([100, 150, 200, 300], rows),
        "VAT_LIEU": random.choice(MATERIALS, rows),
        "TEN_DUONG": random.choice([f"Đường số {number}" for number in range(500)], rows),
        "NAM_LD": random.integers(1980, 2020, rows),
        "DO_SAU": random.uniform(0.5, 2, rows).round(2),
        "GHI_CHU": random.choice(["", "tốt", "đã sửa"], rows),
        "TO_BAN_DO": random.integers(0, 1_000_000, rows),
    }
    frame = geopandas.GeoDataFrame(columns, geometry=shapely.linestrings(vertices), crs=5899)
    pyogrio.write_dataframe(frame, path, encoding="UTF-8")


def measure(arguments: list[str], environment: dict[str, str]) -> Figure:
    """Run a process to its end. Its output is not shown; it must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    peak_kb, own_s, server = 0, 0.0, {}
    while process.poll() is None:
        peak_kb = max(peak_kb, read_peak_kb(process.pid))
        own_s = max(own_s, read_processor_s(process.pid))
        server |= {pid: read_processor_s(pid) for pid in list_backends()}
        time.sleep(0.1)
    if process.returncode != 0:
        raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
    return Figure(time.perf_counter() - started, own_s, sum(server.values()), peak_kb / 1024)


def list_backends() -> list[int]:
    """The processes of the server that work in the database of this benchmark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            if command.startswith(b"postgres:") and DATABASE.encode() in command:
                found.append(int(folder.name))
    return found


def read_processor_s(pid: int) -> float:
    """The processor time a process has had so far, in seconds; 0 once it is gone."""
    try:
        numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def read_peak_kb(pid: int) -> int:
    """The most memory a process has held so far; 0 once it is gone.

    From /proc, because the figure wait4 gives includes what this process held before it became the other.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def measure_ours(url: URL, path: Path) -> Figure:
    """gis-infra import into an empty layer."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE infra.water_pipe"))
    engine.dispose()
    arguments = [str(COMMAND), "import", str(path), "--layer", "water_pipe", "--owner", "SAWACO"]
    return measure(arguments, {"GIS_INFRA_DATABASE_URL": url.render_as_string(hide_password=False)})


def measure_ogr2ogr(url: URL, path: Path) -> Figure:
    """ogr2ogr into a new table."""
    options = {**url.query, "dbname": url.database, "user": url.username, "host": url.query.get("host", url.host)}
    target = "PG:" + " ".join(f"{name}='{value}'" for name, value in options.items() if value)
    arguments = ["ogr2ogr", "-f", "PostgreSQL", target, str(path), "-nln", "public.peer", "-overwrite"]
    arguments += ["-t_srs", "EPSG:9210", "-nlt", "LINESTRING", "-lco", "GEOMETRY_NAME=geom"]
    return measure(arguments, {"PG_USE_COPY": "YES"})


def main() -> None:
    """Measure both by turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    url = databases.create(server, DATABASE)
    try:
        engine = make_engine(url)
        schema.upgrade(engine, settings.city_srid)
        engine.dispose()
        compare(url, options.rows, options.runs)
    finally:
        databases.drop(server, DATABASE)


def compare(url: URL, rows: int, runs: int) -> None:
    """Measure both, by turns, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lines.shp"
        write_lines(path, rows)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(measure_ours(url, path))
            theirs.append(measure_ogr2ogr(url, path))
    best, peer = (min(figures, key=lambda each: each.seconds) for figures in (ours, theirs))
    for name, figure in (("gis-infra import", best), ("ogr2ogr, COPY", peer)):
        times = f"{figure.seconds:6.1f} s  (processor: own {figure.own_s:5.1f} s, server {figure.server_s:5.1f} s)"
        print(f"{name:18} {times}  {rows / figure.seconds:9,.0f} rows/s  peak {figure.peak_mb:5.0f} MB")
    print(f"ratio of speed     {peer.seconds / best.seconds:6.2f}  (ogr2ogr = 1; of {rows:,} lines, best of {runs})")


if __name__ == "__main__":
    main()
