"""One city's findings by the workers of a dask scheduler, left in the same temporary tables as the engine leaves them.

The client holds a transaction on the city, and every worker sees the moment of that transaction. What a worker was at
when it died is done again by another.
"""

import datetime
import hashlib
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import dask.dataframe
import dask_geopandas  # makes a GeoDataFrame in partitions of what is read as one  # noqa: F401
from dask.delayed import Delayed
from distributed import Client
from sqlalchemy import Connection, func, select

from gis_infra import __version__
from gis_infra.analysis.conflicts.finding import insert_said
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.distributed import gathering, planning
from gis_infra.analysis.distributed.checking import FINDINGS, check_partition, to_findings
from gis_infra.analysis.distributed.halos import find_halos, list_layers
from gis_infra.analysis.distributed.planning import Partition
from gis_infra.analysis.distributed.preparing import narrow_catalogue
from gis_infra.analysis.distributed.reading import read_partition, to_frame
from gis_infra.analysis.distributed.source import Snapshot, Work
from gis_infra.analysis.distributed.waiting import Waiting, list_results
from gis_infra.analysis.rules.model import Rule, hash_version
from gis_infra.analysis.snapshots import ANALYSIS_LIMIT_S
from gis_infra.errors import InvalidParameter

MOST_ASSETS = 20_000
LIMIT = datetime.timedelta(seconds=ANALYSIS_LIMIT_S)


@dataclass(frozen=True)
class Workers:
    """The workers of a scheduler, at work for one city.

    most: assets of one partition. stop: set to give up. progress: told how many partitions of how many are done.
    """

    client: Client
    stop: threading.Event
    progress: Callable[[int, int], None]
    most: int = MOST_ASSETS

    def find(self, connection: Connection, ground: Ground, rules: Sequence[Rule], focus: Focus | None = None) -> None:
        """Leave every finding in the temporary table `finding`, and what the rules say in `said`.

        focus: None; partitions are of whole cities, and what changed is sooner looked at where it is.
        Raises InvalidParameter for a focus, StorageError when the workers are lost or one of them cannot do its part,
        BusyError when it takes too long, and whatever else a worker meets.
        """
        if focus is not None:
            raise InvalidParameter("workers look at whole cities, not at a part of one", where="--dask")
        gathering.prepare(connection)
        insert_said(connection, rules)
        work = plan_work(connection, ground, rules)
        partitions = planning.plan(connection, ground.tables, work.halos.layers, self.most)
        self.progress(0, len(partitions))
        waiting = Waiting(self.client, self.stop, LIMIT.total_seconds())
        for done, found in enumerate(list_results(waiting, make_tasks(partitions, work)), start=1):
            gathering.gather(connection, found[FINDINGS])
            self.progress(done, len(partitions))
        gathering.unfold(connection)


def plan_work(connection: Connection, ground: Ground, rules: Sequence[Rule]) -> Work:
    """What all partitions have in common. The snapshot is the connection's; it must be of one moment."""
    book = ground.book
    layers = list_layers(book, rules)
    widest = planning.read_widest(connection, ground, sorted(layers))
    url = connection.engine.url.render_as_string(hide_password=False)
    halos = find_halos(book, rules, widest)
    snapshot_id: str = connection.execute(select(func.pg_export_snapshot())).scalar_one()
    catalogue = narrow_catalogue(ground.catalogue, layers)
    asked = repr((hash_version(book, rules), ground.tables.srid, catalogue))
    return Work(
        asked=hashlib.sha256(asked.encode()).hexdigest(),
        run=uuid.uuid4().hex,
        program=__version__,
        snapshot=Snapshot(url, snapshot_id),
        srid=ground.tables.srid,
        catalogue=catalogue,
        book=replace(book, packs={}),  # the rules go along by themselves
        rules=tuple(rules),
        halos=halos,
        limit=LIMIT,
    )


def make_tasks(partitions: Sequence[Partition], work: Work) -> list[Delayed]:
    """A task for each partition, whose result is a frame of findings: the partition never leaves its worker."""
    if not partitions:
        return []
    empty = to_frame([], work.srid)
    assets = dask.dataframe.from_map(read_partition, partitions, work=work, meta=empty)
    found = assets.map_partitions(check_partition, work, meta=to_findings([]))
    tasks: list[Delayed] = found.to_delayed()
    return tasks
