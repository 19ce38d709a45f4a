"""An earlier version of a feature made the current one again: a change like any other, by the one way to write.

What the feature was is held to what is allowed today, and its history goes on: nothing of it is taken back.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import StaleVersion
from gis_infra.features.changing import permission
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Applied, Change, Expected, Insert, Origin, Replace, Shape
from gis_infra.features.changing.held import list_writable
from gis_infra.features.history import Via
from gis_infra.features.versions.reading import read_newest, read_rows
from gis_infra.features.versions.records import Subject
from gis_infra.features.versions.selecting import SHAPE

ROAD: Via = "undo"  # as history names it; undoing an import says which one, too
BORN = "created_at"


def restore(
    connection: Connection, tables: LayerTables, subject: Subject, number: int, expected: Expected | None = None
) -> Applied:
    """Make a version the current one again, as a new version; one that was deleted comes back with the id it had.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept. expected: how the caller
    last saw the feature, None to restore whatever it is.
    Raises UnknownLayer, SignInNeeded or NotPermitted for who may not; UnknownFeature if there is no such version;
    StaleVersion if the feature is not as expected; InvalidFeature for what the layer does not allow any more,
    ConflictError for an asset code that another feature has by now.
    """
    subject.actor.require("edit", subject.layer)
    row = read_rows(connection, tables, subject, number)[0]
    if not row.is_there:
        require_level(connection, tables, subject, row)
    change = make_change(tables, subject.layer, row, expected)
    (applied,) = apply(connection, tables, [change], subject.actor, ROAD)
    return applied if row.is_there else replace(applied, updated_at=find_beginning(connection, tables, applied))


def require_level(connection: Connection, tables: LayerTables, subject: Subject, row: Row[Any]) -> None:
    """Return if a deleted feature comes back no more open than it was at last, or to who may open it.

    Of one that is there, the writing of the change asks the same. Raises NotPermitted.
    """
    last = read_newest(connection, tables, subject)
    permission.require_level(subject.actor, subject.layer, last.sensitivity, row.sensitivity, is_new=False)


def make_change(tables: LayerTables, layer: Layer, row: Row[Any], expected: Expected | None) -> Change:
    """What puts the version in a row of `select_page` in the place of what is there now, or where nothing is.

    Raises StaleVersion if something is expected where nothing is.
    """
    values = {name: row._mapping[name] for name in list_writable(layer)}  # the public name of it
    shape = Shape(row._mapping[SHAPE], Origin(tables.srid)) if row._mapping[SHAPE] is not None else None
    if row.is_there:
        del values[BORN]  # it was born when it was, and still is
        return Replace(layer, row.id, values, shape, expected)
    if expected is not None:
        raise StaleVersion(f"feature {row.id} was deleted after you read it", where="If-Match")
    return Insert(layer, values, shape, id=row.id)


def find_beginning(connection: Connection, tables: LayerTables, applied: Applied) -> Any:
    """Since when a feature that came back is there: after its last version ended, if that was only a moment ago."""
    table = tables.get(applied.layer.id)
    return connection.execute(select(table.c.updated_at).where(table.c.id == applied.id)).scalar_one()
