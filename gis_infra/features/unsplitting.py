"""A split of a line taken back as one change: the line is as it was before, and its new half is gone; or neither."""

from dataclasses import dataclass

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Applied, Delete, Expected
from gis_infra.features.versions.records import Subject
from gis_infra.features.versions.restoring import ROAD, restore


@dataclass(frozen=True)
class Split:
    """What a split made. version: number of the line's version before it. piece_id: the new half.

    kept, piece: how the caller last saw the line and its new half; None for however they are.
    """

    version: int
    piece_id: int
    kept: Expected | None = None
    piece: Expected | None = None


def unsplit(connection: Connection, tables: LayerTables, subject: Subject, split: Split) -> Applied:
    """Take a split back; what became of the line.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept.
    Raises what `restoring.restore` does; UnknownFeature if the new half is gone; StaleVersion if it was changed since.
    """
    line = restore(connection, tables, subject, split.version, split.kept)
    apply(connection, tables, [Delete(subject.layer, split.piece_id, split.piece)], subject.actor, ROAD)
    return line
