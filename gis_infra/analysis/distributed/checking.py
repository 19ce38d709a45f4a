"""What a worker does with one partition: lay its assets into temporary tables and let the engine find.

The PostGIS is the worker's own, as its settings say: the private cluster if they name none. Only temporary tables are
made there, and they go with the transaction, also when the worker is killed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import geopandas
import pandas
import shapely
from psycopg import sql
from sqlalchemy import Column, Connection, Engine, Index, MetaData, Table, exists, func, insert, select, text, true

from gis_infra import __version__
from gis_infra.analysis.conflicts import scratch
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.distributed.arrivals import ARRIVED
from gis_infra.analysis.distributed.preparing import prepare
from gis_infra.analysis.distributed.records import copy_into, expand_record, select_records
from gis_infra.analysis.distributed.source import Work
from gis_infra.analysis.scratch import make_scratch
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import StorageError
from gis_infra.features.loading import open_cursor
from gis_infra.settings import read_settings
from gis_infra.storage import faults, transactions
from gis_infra.storage.engine import open_engine
from gis_infra.storage.system import LAYER_SCHEMA

HERE = "pg_temp"
FINDINGS = "finding"  # the one column of what a partition gives


def check_partition(frame: geopandas.GeoDataFrame, work: Work) -> pandas.DataFrame:
    """The findings whose left asset is the partition's own, one a row, each as JSON.

    Raises StorageError when the worker has no PostGIS or is of another version than the client.
    """
    require_version(work.program)
    prepared = prepare(work, frozenset(frame["layer"]))
    ground = prepared.ground
    with working(work.limit.total_seconds()) as plain:
        lay(plain, ground.tables, frame)
        connection = plain.execution_options(
            schema_translate_map={LAYER_SCHEMA: HERE}, compiled_cache=prepared.statements
        )
        find(connection, ground, work.rules)
        return read_findings(plain)


def require_version(program: str) -> None:
    """Return if this is the program that planned the run. Raises StorageError: another might find other things."""
    if program != __version__:
        raise StorageError(f"a worker has gis-infra {__version__}, and the run was planned by {program}")


@contextmanager
def working(limit_s: float) -> Iterator[Connection]:
    """A connection to the worker's own PostGIS; whatever is made on it is gone when the block ends."""
    engine = open_engine(read_settings())
    try:
        with faults.translated():
            ensure_postgis(engine)
            with engine.connect() as connection:
                # A worker that is killed must not leave its statement at work.
                transactions.limit(connection, limit_s, {"jit": "off", "client_connection_check_interval": "1s"})
                yield connection
    finally:
        engine.dispose()


def ensure_postgis(engine: Engine) -> None:
    """Put PostGIS into a database that was just made. Workers of one machine take turns."""
    with engine.begin() as connection:
        if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")).first() is None:
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("gis-infra dask", 0))))
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))


def lay(connection: Connection, tables: LayerTables, frame: geopandas.GeoDataFrame) -> None:
    """Put the assets of a partition into temporary tables that look like the city's."""
    make_scratch(connection, ARRIVED)
    copy_into(connection, ARRIVED, list_rows(frame))
    analyze(connection, ARRIVED.name)
    for table in tables.metadata.sorted_tables:
        bare = to_bare(table)
        bare.create(connection)
        fill(connection, bare)


def list_rows(frame: geopandas.GeoDataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a frame, the geometry as hexadecimal EWKB."""
    srid = frame.crs.to_epsg()
    geometries = shapely.to_wkb(shapely.set_srid(frame.geometry.to_numpy(), srid), hex=True, include_srid=True)
    names = ("layer", "id", "own", "record")
    return zip(*(frame[name].to_list() for name in names), geometries.tolist(), strict=True)


def to_bare(table: Table) -> Table:
    """A temporary table with the columns of a layer's, and none of its rules: the city's own have held already."""
    columns = (Column(each.name, each.type, primary_key=each.primary_key) for each in table.columns)
    return Table(table.name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def fill(connection: Connection, table: Table) -> None:
    """Put what has arrived of one layer into its table, indexed as the engine asks of it."""
    said = [column for column in table.columns if column.name not in ("id", "geom")]
    record = expand_record(ARRIVED.c.record, said)
    values = [ARRIVED.c.id, *(record.c[column.name] for column in said), ARRIVED.c.geom]
    rows = select(*values).select_from(ARRIVED.join(record, true())).where(ARRIVED.c.layer == table.name)
    names = ["id", *(column.name for column in said), "geom"]
    connection.execute(insert(table).from_select(names, rows))
    Index(f"{table.name}_near_idx", table.c.geom, postgresql_using="gist").create(connection)
    analyze(connection, table.name)


def analyze(connection: Connection, name: str) -> None:
    """Let the planner know what is in a temporary table; nobody else will tell it."""
    open_cursor(connection).execute(sql.SQL("ANALYZE {}").format(sql.Identifier(HERE, name)))


def read_findings(connection: Connection) -> pandas.DataFrame:
    """What was found of the partition's own assets as left side.

    What the halo has as left side may lack what lies around it; it is found where the halo is own.
    """
    finding = scratch.FINDING
    own = exists().where(ARRIVED.c.own, ARRIVED.c.layer == finding.c.left_layer, ARRIVED.c.id == finding.c.left_id)
    return to_findings(connection.execute(select_records(finding, finding.columns).where(own)).scalars())


def to_findings(records: Iterable[str]) -> pandas.DataFrame:
    """The frame of findings, which has its column also when there is none."""
    return pandas.DataFrame({FINDINGS: pandas.Series(list(records), dtype="string[pyarrow]")})
