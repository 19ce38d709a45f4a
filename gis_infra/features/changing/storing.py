"""Checked drafts written to the table of their layer, whatever their number by a few statements.

First what goes, then what changes, then what comes: so an asset code that one feature gives up is free for another.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    any_,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.features.changing.folding import Draft
from gis_infra.features.changing.keys import CODE, find_key, has_new_key
from gis_infra.features.loading import copy_batches, get_arrow_type

GEOM = "geom"
BORN = "created_at"
Stamps = dict[int, datetime]


@dataclass(frozen=True)
class Work:
    """A draft and the shape it is to have: EWKB in the city's CRS, None where it keeps the one it has."""

    draft: Draft
    ewkb: bytes | None


def store(connection: Connection, table: Table, works: Sequence[Work]) -> Stamps:
    """Write the drafts of one layer, give new ones their ids, and return since when each feature written is so.

    A feature that would stay as it is, is not written: it gets no version.
    """
    remove(connection, table, [work.draft for work in works if work.draft.is_gone])
    left = [work for work in works if not work.draft.is_gone]
    changed = [work for work in left if work.draft.held is not None and is_changed(work)]
    stamps = change(connection, table, changed)
    return stamps | add(connection, table, [work for work in left if work.draft.held is None])


def is_changed(work: Work) -> bool:
    """Whether a feature that is there is to be another than it is."""
    return work.ewkb is not None or bool(work.draft.list_changed())


def remove(connection: Connection, table: Table, drafts: Sequence[Draft]) -> None:
    """Delete features."""
    if drafts:
        connection.execute(table.delete().where(has_id(table, [draft.id for draft in drafts])))


def change(connection: Connection, table: Table, works: Sequence[Work]) -> Stamps:
    """Set what changes in any of the features, in one statement."""
    if not works:
        return {}
    release_codes(connection, table, [work.draft for work in works])
    names = sorted({name for work in works for name in work.draft.list_changed()})
    arrays: list[ColumnElement[Any]] = [literal([work.draft.id for work in works], ARRAY(BigInteger))]
    arrays += [to_array(table, name, [work.draft.values[name] for work in works]) for name in names]
    arrays.append(cast(literal([work.ewkb for work in works], ARRAY(LargeBinary)), ARRAY(LargeBinary)))
    columns = [column("id", BigInteger), *(column(name, get_sent_type(table, name)) for name in names)]
    new = func.unnest(*arrays).table_valued(*columns, column(GEOM, LargeBinary), name="new").render_derived()
    values: dict[str, Any] = {name: restore(table, name, new.c[name]) for name in names}
    values[GEOM] = func.coalesce(func.st_geomfromewkb(new.c[GEOM], type_=Geometry), table.c.geom)
    statement = table.update().where(table.c.id == new.c.id).values(values).returning(table.c.id, table.c.updated_at)
    return {row.id: row.updated_at for row in connection.execute(statement)}


def release_codes(connection: Connection, table: Table, drafts: Sequence[Draft]) -> None:
    """Take the asset codes from features that give them up to others of the same list, which the index asks at once."""
    wanted = {find_key(draft.values) for draft in drafts if has_new_key(draft)}
    giving = [
        draft.id
        for draft in drafts
        if draft.held is not None and find_key(draft.held.values) in wanted - {find_key(draft.values), None}
    ]
    if giving:
        connection.execute(table.update().where(has_id(table, giving)).values({CODE: None}))


def has_id(table: Table, ids: Sequence[int | None]) -> ColumnElement[bool]:
    """True for the rows of those ids."""
    found: ColumnElement[bool] = table.c.id == any_(literal(list(ids), ARRAY(BigInteger)))
    return found


def to_array(table: Table, name: str, values: Sequence[Any]) -> ColumnElement[Any]:
    """The values of a column as one parameter."""
    kind = ARRAY(get_sent_type(table, name))
    return cast(literal([to_sent(value) for value in values], kind), kind)


def get_sent_type(table: Table, name: str) -> Any:
    """The type in which values of a column are sent: its own, but JSON as text."""
    kind = table.c[name].type
    return Text() if isinstance(kind, JSONB) else kind


def to_sent(value: Any) -> Any:
    """A value as it is sent: JSON as text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def restore(table: Table, name: str, sent: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value that was sent, as the column takes it."""
    kind = table.c[name].type
    return cast(sent, JSONB) if isinstance(kind, JSONB) else sent


def add(connection: Connection, table: Table, works: Sequence[Work]) -> Stamps:
    """Insert features, by COPY; the ids ascend in their order."""
    if not works:
        return {}
    give_ids(connection, table, [work.draft for work in works])
    names = sorted({name for work in works for name in work.draft.list_changed()})
    now = connection.execute(select(func.now())).scalar_one()  # which the columns take when nobody says otherwise
    arrays = {"id": pa.array([work.draft.id for work in works], pa.int64())}
    for name in names:
        values = [to_sent(work.draft.values.get(name)) for work in works]
        if name == BORN:  # of features brought back, among which there may be new ones
            values = [now if value is None else value for value in values]
        arrays[name] = pa.array(values, get_arrow_type(table.c[name]))
    arrays[GEOM] = pa.array([work.ewkb for work in works], pa.binary())
    for _ in copy_batches(connection, table, [pa.RecordBatch.from_pydict(arrays)]):
        pass
    return {work.draft.id: now for work in works if work.draft.id is not None}


def give_ids(connection: Connection, table: Table, drafts: Sequence[Draft]) -> None:
    """Let the database give an id to each draft that has none."""
    nameless = [draft for draft in drafts if draft.id is None]
    if not nameless:
        return
    sequence = func.pg_get_serial_sequence(f"{table.schema}.{table.name}", "id")
    numbers = func.generate_series(1, literal(len(nameless), Integer)).table_valued("number")
    ids = connection.execute(select(func.nextval(sequence, type_=BigInteger)).select_from(numbers)).scalars()
    for draft, id_ in zip(nameless, sorted(ids), strict=True):
        draft.id = id_
