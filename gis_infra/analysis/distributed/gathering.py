"""What the workers found of one city, gathered into the temporary table `finding` of the run."""

from collections.abc import Iterable

from sqlalchemy import Connection, select, true

from gis_infra.analysis.conflicts import scratch
from gis_infra.analysis.distributed.arrivals import TOLD
from gis_infra.analysis.distributed.records import copy_into, expand_record
from gis_infra.analysis.scratch import insert_from, make_scratch


def prepare(connection: Connection) -> None:
    """Make the tables that findings are gathered in."""
    make_scratch(connection, scratch.FINDING, scratch.SAID, TOLD)


def gather(connection: Connection, findings: Iterable[str]) -> int:
    """Add findings, each as JSON; how many they were."""
    return copy_into(connection, TOLD, ((each,) for each in findings))


def unfold(connection: Connection) -> None:
    """Put what was gathered into `finding`."""
    said = expand_record(TOLD.c.record, scratch.FINDING.columns)
    values = [said.c[column.name] for column in scratch.FINDING.columns]
    insert_from(connection, scratch.FINDING, select(*values).select_from(TOLD.join(said, true())))
