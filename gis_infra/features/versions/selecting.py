"""The versions of one feature as a statement: numbered, with who made and who ended each. Builds SQL and runs nothing.

A version is there for a reader if its own sensitivity and that of the feature's row of today, or its last one, are
within their sight. They are numbered among those, so that no gap tells of the others.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    FromClause,
    LargeBinary,
    Select,
    Subquery,
    Table,
    Text,
    cast,
    column,
    func,
    null,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.types import TypeEngine

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue import history
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.selection import select_visible
from gis_infra.features.tables import CREATION
from gis_infra.features.versions.records import Subject
from gis_infra.features.versions.sources import is_last_within, require_versions
from gis_infra.storage.system import SYSTEM_SCHEMA

SHAPE = "_shape"
GEOMETRIES = ("geom", "lonlat")
ENDING: tuple[tuple[str, TypeEngine[Any]], ...] = (
    ("ended_at", DateTime(timezone=True)),
    ("ended_by", Text()),
    ("ended_via", Text()),
    ("ended_import", BigInteger()),
)
# Of the list of imports, which a room above this one keeps.
IMPORT = table("import_batch", column("id", BigInteger), column("username", Text), schema=SYSTEM_SCHEMA)


def select_numbered(tables: LayerTables, subject: Subject) -> Subquery:
    """Every version of a feature that the actor may see, with the columns of its table.

    Also: ended_at, ended_by, ended_via and ended_import, null for the one that is there; number, 1 for the oldest;
    total; next_at, when the next one began; is_there, whether one of them has not ended.
    Raises UnknownLayer, InvalidParameter.
    """
    layer, actor = subject.layer, subject.actor
    actor.require("read", layer)
    require_versions(layer)
    rows = tables.get(layer.id)
    past = history.build(rows)
    names = [each.name for each in rows.c]
    then = select(*(past.c[name] for name in names), *(past.c[name] for name, _ in ENDING))
    then = then.where(past.c.id == subject.feature_id, *list_conditions(past, rows, layer, actor))
    now = select(*rows.c, *(cast(null(), kind).label(name) for name, kind in ENDING))
    now = now.where(rows.c.id == subject.feature_id, *list_visible(rows, layer, actor))
    every = union_all(then, now).subquery("every_version")
    order = (every.c.updated_at, every.c.ended_at.asc().nulls_last())
    return select(
        every,
        func.row_number().over(order_by=order).label("number"),
        func.count().over().label("total"),
        func.lead(every.c.updated_at).over(order_by=order).label("next_at"),
        func.bool_or(every.c.ended_at.is_(None)).over().label("is_there"),
    ).subquery("version")


def list_visible(rows: FromClause, layer: Layer, actor: Actor) -> list[ColumnElement[bool]]:
    """What must hold of a row that the actor may see; nothing if that is every row."""
    visible = select_visible(rows, layer, actor)
    return [] if visible is None else [visible]


def list_conditions(past: Table, rows: Table, layer: Layer, actor: Actor) -> list[ColumnElement[bool]]:
    """What must hold of a version that ended and that the actor may see."""
    own = list_visible(past, layer, actor)
    return [*own, is_last_within(rows, past, actor.get_visible_levels(layer))] if own else []


def select_page(tables: LayerTables, subject: Subject, before: int | None) -> Select[Any]:
    """The versions with a number below `before`, the newest first: values, shape, and what tells who made them.

    Columns: those of `select_numbered`, but for the two geometries; `SHAPE`, WKB in the city's CRS; changed_by,
    changed_via and changed_import, of whom ended the version before; put_by, put_via and put_import, of whom put the
    feature in; imported_by. Those that do not apply are null. Raises UnknownLayer.
    """
    version = select_numbered(tables, subject)
    change = select_change(history.build(tables.get(subject.layer.id)), version)
    creation = select_creation(subject.layer, version)
    imported = IMPORT.c.id == version.c.import_id
    shape = func.st_asbinary(version.c.geom, type_=LargeBinary).label(SHAPE)
    columns = (each for each in version.c if each.name not in GEOMETRIES)
    return (
        select(*columns, shape, *change.c, *creation.c, IMPORT.c.username.label("imported_by"))
        .select_from(version.outerjoin(change, true()).outerjoin(creation, true()).outerjoin(IMPORT, imported))
        .where(true() if before is None else version.c.number < before)
        .order_by(version.c.number.desc())
    )


def select_change(past: Table, version: Subquery) -> FromClause:
    """Who made a version of one that was there: whoever ended that, at the moment this one began."""
    changed = select(
        past.c.ended_by.label("changed_by"),
        past.c.ended_via.label("changed_via"),
        past.c.ended_import.label("changed_import"),
    )
    return changed.where(past.c.id == version.c.id, past.c.ended_at == version.c.updated_at).limit(1).lateral("change")


def select_creation(layer: Layer, version: Subquery) -> FromClause:
    """Who put the feature in that begins with a version, unless it was an import."""
    line = CREATION.c
    put = select(line.made_by.label("put_by"), line.made_via.label("put_via"), line.made_import.label("put_import"))
    is_there = line.ids.op("@>", is_comparison=True)(version.c.id)
    then = version.c.updated_at.between(line.first_at, line.last_at)
    # Of two statements within whose times it began, the one that knows it closer.
    closest = (line.last_at - line.first_at, line.id.desc())
    return put.where(line.layer == layer.id, is_there, then).order_by(*closest).limit(1).lateral("creation")
