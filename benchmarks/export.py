"""Export against ogr2ogr, in one run: a layer of lines from PostGIS to a GeoPackage.

    python -m benchmarks.export [--rows 1000000] [--runs 3] [--all]

Both write the same rows and attributes of one table in the city's coordinate system, with a spatial index; `gis-infra
export` besides asks what may be seen, and reads its file again. The best run of each counts. With --all every other
format is written too, once by each, ogr2ogr where Debian's has the driver. Needs ogr2ogr (Debian: gdal-bin).
"""

import argparse
import importlib
import tempfile
from pathlib import Path

from sqlalchemy import URL, text

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine

# The file is called as what it measures, which is a word of the language.
importing = importlib.import_module("benchmarks.import")

DATABASE = "gis_infra_bench_export"
LAYER = "water_pipe"
FILL = text("""
    INSERT INTO infra.water_pipe (asset_code, owner, name, status, material, installed_on, cover_m,
                                  nominal_diameter_mm, remarks, geom)
    SELECT 'WP-' || n, 'SAWACO', 'Đường số ' || n % 500, 'in_service', 'hdpe', date '1990-01-01' + n % 9000,
           round((0.5 + random() * 1.5)::numeric, 2), 100 + 50 * (n % 4), CASE WHEN n % 3 = 0 THEN 'đã sửa' END,
           ST_SetSRID(ST_MakeLine(ARRAY[ST_MakePoint(x, y), ST_MakePoint(x + 10, y + 5), ST_MakePoint(x + 20, y + 7),
                                        ST_MakePoint(x + 33, y + 1), ST_MakePoint(x + 50, y + 50)]), 9210)
    FROM (SELECT n, 560000 + random() * 140000 AS x, 1140000 + random() * 130000 AS y
          FROM generate_series(1, :rows) AS n OFFSET 0) AS places
""")
# Format -> the suffix of ours, and the driver of ogr2ogr and its options, None where Debian's lacks it.
PEERS = {
    "GeoPackage": (".gpkg", "GPKG", ()),
    "FlatGeobuf": (".fgb", "FlatGeobuf", ()),
    "Shapefile": (".zip", "ESRI Shapefile", ("-lco", "ENCODING=UTF-8")),
    "GeoJSON": (".geojson", "GeoJSON", ("-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=9")),
    "CSV": (".csv", "CSV", ("-lco", "GEOMETRY=AS_WKT")),
    "GeoParquet": (".parquet", None, ()),
}


def measure_ours(url: URL, path: Path) -> importing.Figure:
    """gis-infra export of the whole layer."""
    arguments = [str(importing.COMMAND), "export", LAYER, str(path), "--overwrite"]
    return importing.measure(arguments, {"GIS_INFRA_DATABASE_URL": url.render_as_string(hide_password=False)})


def measure_ogr2ogr(url: URL, path: Path, driver: str, options: tuple[str, ...], layer: Layer) -> importing.Figure:
    """ogr2ogr of the same attributes and geometry, in the same order."""
    given = {**url.query, "dbname": url.database, "user": url.username, "host": url.query.get("host", url.host)}
    source = "PG:" + " ".join(f"{name}='{value}'" for name, value in given.items() if value)
    columns = ", ".join(each.name for each in layer.fields if not each.system)
    query = f"SELECT id, {columns}, geom FROM infra.{LAYER} ORDER BY id"
    path.unlink(missing_ok=True)
    arguments = ["ogr2ogr", "-f", driver, str(path), source, "-sql", query, "-nln", LAYER, "-nlt", "LINESTRING"]
    return importing.measure([*arguments, "-a_srs" if "-t_srs" not in options else "-s_srs", "EPSG:9210", *options], {})


def compare(url: URL, name: str, runs: int, layer: Layer, rows: int) -> None:
    """Measure both, by turns, and print what came out."""
    suffix, driver, options = PEERS[name]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            ours.append(measure_ours(url, Path(folder) / f"ours{suffix}"))
            if driver is not None:
                peer = Path(folder) / f"peer{suffix.replace('.zip', '.shp')}"
                theirs.append(measure_ogr2ogr(url, peer, driver, options, layer))
    best = min(ours, key=lambda each: each.seconds)
    show(f"gis-infra, {name}", best, rows)
    if theirs:
        peer_best = min(theirs, key=lambda each: each.seconds)
        show(f"ogr2ogr, {name}", peer_best, rows)
        print(f"ratio of speed          {peer_best.seconds / best.seconds:6.2f}  (ogr2ogr = 1)")


def show(name: str, figure: importing.Figure, rows: int) -> None:
    """Print one line."""
    speed = rows / figure.seconds
    print(f"{name:23} {figure.seconds:6.1f} s  {speed:9,.0f} rows/s  peak {figure.peak_mb:5.0f} MB", flush=True)


def main() -> None:
    """Fill a layer, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--all", action="store_true", help="every format")
    asked = parser.parse_args()
    settings = read_settings()
    layer = read_catalogue(settings.layers).get_layer(LAYER)
    url = databases.create(PrivateCluster(settings.home).ensure_running(), DATABASE)
    try:
        engine = make_engine(url)
        schema.upgrade(engine, settings.city_srid)
        with engine.begin() as connection:
            connection.execute(FILL, {"rows": asked.rows})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM ANALYZE infra.{LAYER}"))
        engine.dispose()
        for name in PEERS if asked.all else ("GeoPackage",):
            compare(url, name, asked.runs, layer, asked.rows)
    finally:
        databases.drop(PrivateCluster(settings.home).ensure_running(), DATABASE)


if __name__ == "__main__":
    main()
