"""One partition of a city as a GeoDataFrame: its own assets, and those around them that its conflicts depend on.

Columns: layer, id, own (False in the halo), record (the asset's attributes as JSON), geometry (the city's CRS, easting
first, heights kept). All of it is read at the moment of the snapshot, however long the run lasts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import geopandas
import pandas
from psycopg import sql
from psycopg.errors import InvalidParameterValue, UndefinedObject
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    Text,
    any_,
    cast,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.analysis.conflicts.matching import select_present
from gis_infra.analysis.distributed.planning import Partition
from gis_infra.analysis.distributed.preparing import prepare
from gis_infra.analysis.distributed.records import select_records
from gis_infra.analysis.distributed.source import Snapshot, Work
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import StorageError
from gis_infra.features.loading import open_cursor
from gis_infra.storage import faults, transactions
from gis_infra.storage.engine import make_engine, parse_url

NOT_ASKED_FOR = ("geom", "lonlat", "source_attributes")  # no rule speaks of what the source had besides
COLUMNS = ("layer", "id", "own", "record", "geometry")

Ids = Mapping[str, Sequence[int]]


def read_partition(partition: Partition, work: Work) -> geopandas.GeoDataFrame:
    """The assets of a partition and of its halo.

    Raises StorageError when the city's database cannot be reached or the snapshot is over, BusyError at the limit.
    """
    tables = prepare(work, frozenset(work.catalogue.layers)).ground.tables
    with looking(work.snapshot, work.limit.total_seconds()) as connection:
        own = find_own(connection, tables, work.halos.layers, partition)
        near = find_near(connection, tables, own, work.halos.near)
        beyond = find_near(connection, tables, near, work.halos.beyond)
        chosen = merge(work.halos.whole, own, near, beyond)
        rows = [row for each, ids in chosen.items() for row in read_rows(connection, tables.get(each), ids, own)]
    return to_frame(rows, work.srid)


@contextmanager
def looking(snapshot: Snapshot, limit_s: float) -> Iterator[Connection]:
    """A connection that sees a city as it was at the moment of a snapshot, and can change nothing."""
    engine = make_engine(parse_url(snapshot.url))
    try:
        with faults.translated(), engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                join(connection, snapshot)
                transactions.limit(connection, limit_s, {"jit": "off"})
                yield connection
    finally:
        engine.dispose()


def join(connection: Connection, snapshot: Snapshot) -> None:
    """Let a transaction in which nothing was asked yet see that moment. Raises StorageError when it is over."""
    try:
        open_cursor(connection).execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot.id)))
    except (InvalidParameterValue, UndefinedObject) as error:
        raise StorageError("the run that this part of a city was to be read for is over") from error


def find_own(connection: Connection, tables: LayerTables, layers: Iterable[str], partition: Partition) -> Ids:
    """Layer id -> ids of the partition's assets; layers it has none of are left out."""
    selects = [select_own(tables, each, partition) for each in layers]
    return group(connection.execute(union_all(*selects)))


def select_own(tables: LayerTables, layer_id: str, partition: Partition) -> Select[str, int]:
    """Layer and id of the partition's assets in one layer."""
    table = tables.get(layer_id)
    return select(literal(layer_id, Text).label("layer"), cast(table.c.id, BigInteger).label("id")).where(
        select_present(table), partition.select_own(table, tables.srid)
    )


def find_near(
    connection: Connection, tables: LayerTables, around: Ids, widths: Mapping[str, Mapping[str, float]]
) -> Ids:
    """Layer id -> ids of assets within the width of the halo around the given ones."""
    selects = [
        select_near(tables, (layer_id, ids), other, width_m)
        for layer_id, ids in around.items()
        for other, width_m in widths.get(layer_id, {}).items()
    ]
    return group(connection.execute(union(*selects))) if selects else {}


def select_near(tables: LayerTables, around: tuple[str, Sequence[int]], other: str, width_m: float) -> Select[str, int]:
    """Layer and id of assets of the other layer that come within a width of some assets, with repetitions."""
    layer_id, ids = around
    one, near = tables.get(layer_id).alias("one"), tables.get(other).alias("near")
    return (
        select(literal(other, Text).label("layer"), cast(near.c.id, BigInteger).label("id"))
        .select_from(one.join(near, near.c.geom.op("&&")(func.st_expand(one.c.geom, width_m))))
        .where(is_one_of(one.c.id, ids), select_present(near), func.st_dwithin(one.c.geom, near.c.geom, width_m))
    )


def is_one_of(column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """True for rows with one of the ids; one parameter, however many they are."""
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def group(rows: Iterable[Row[str, int]]) -> Ids:
    """Layer id -> ids, of rows of both."""
    found: dict[str, list[int]] = {}
    for layer_id, asset_id in rows:
        found.setdefault(layer_id, []).append(asset_id)
    return found


def merge(whole: Iterable[str], *parts: Ids) -> Mapping[str, Sequence[int] | None]:
    """Layer id -> the ids of all parts, each once; None for layers that are read whole."""
    ids: dict[str, set[int]] = {}
    for part in parts:
        for layer_id, some in part.items():
            ids.setdefault(layer_id, set()).update(some)
    return {**{each: sorted(found) for each, found in ids.items()}, **dict.fromkeys(whole)}


def read_rows(connection: Connection, table: Table, ids: Sequence[int] | None, own: Ids) -> Iterator[tuple[Any, ...]]:
    """Rows of a layer, in the order of COLUMNS, the geometry as EWKB; every row that is somewhere if ids is None."""
    attributes = [column for column in table.columns if column.name not in NOT_ASKED_FOR]
    chosen = select_present(table) if ids is None else is_one_of(table.c.id, ids)
    rows = select_records(table, attributes, table.c.id, func.st_asewkb(table.c.geom)).where(chosen)
    ours = frozenset(own.get(table.name, ()))
    for asset_id, geometry, record in connection.execute(rows):
        yield table.name, asset_id, asset_id in ours, record, bytes(geometry)


def to_frame(rows: Sequence[tuple[Any, ...]], srid: int) -> geopandas.GeoDataFrame:
    """Rows as a GeoDataFrame in EPSG:`srid`, which holds the columns also when there is no row."""
    layers, ids, own, records, geometries = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return geopandas.GeoDataFrame(
        {
            "layer": pandas.Series(layers, dtype="string[pyarrow]"),
            "id": pandas.Series(ids, dtype="int64"),
            "own": pandas.Series(own, dtype="bool"),
            "record": pandas.Series(records, dtype="string[pyarrow]"),
        },
        geometry=geopandas.GeoSeries.from_wkb(list(geometries)) if rows else [],
        crs=f"EPSG:{srid}",
    )
