"""The versions of a feature, read: a page of them with what each changed, or one as the feature it was."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter, UnknownFeature
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.features.reading import to_features
from gis_infra.features.selection import list_fields, select_geometry
from gis_infra.features.versions.comparing import compare_fields, compare_shapes
from gis_infra.features.versions.records import (
    FIRST_PAGE,
    MOST_VERSIONS,
    NOBODY,
    Author,
    History,
    Page,
    Subject,
    Version,
)
from gis_infra.features.versions.selecting import SHAPE, select_numbered, select_page


def read_history(connection: Connection, tables: LayerTables, subject: Subject, page: Page = FIRST_PAGE) -> History:
    """The versions of a feature that the actor may see, the newest first, also of one that was deleted.

    Raises UnknownLayer; UnknownFeature if there is none that they may see, and never was; InvalidParameter for a page
    that is too large.
    """
    if not 0 < page.limit <= MOST_VERSIONS:
        raise InvalidParameter(f"limit must be from 1 to {MOST_VERSIONS}, got {page.limit}", where="limit")
    versions = select_page(tables, subject, page.before)
    # One more, against which the last of the page is held.
    rows = connection.execute(versions.limit(page.limit + 1)).all()
    any_row = rows[0] if rows else read_newest(connection, tables, subject)
    return History(
        feature_id=subject.feature_id,
        versions=to_versions(subject, rows)[: page.limit],
        total=any_row.total,
        is_deleted=not any_row.is_there,
        page=page,
    )


def read_newest(connection: Connection, tables: LayerTables, subject: Subject) -> Row[Any]:
    """The newest version as `select_page` gives it. Raises UnknownLayer, UnknownFeature."""
    row = connection.execute(select_page(tables, subject, None).limit(1)).one_or_none()
    if row is None:
        raise UnknownFeature(f"layer {subject.layer.id} has no feature {subject.feature_id}", where="featureId")
    return row


def read_version(
    connection: Connection, tables: LayerTables, query: FeatureQuery, feature_id: int, number: int
) -> tuple[Version, Feature]:
    """One version, and the feature it was, in the CRS and form the query asks for.

    Raises UnknownLayer; UnknownFeature if there is no such version that the query's actor may see.
    """
    subject = Subject(query.layer, query.actor, feature_id)
    rows = read_rows(connection, tables, subject, number)
    version = select_numbered(tables, subject)
    columns = (version.c[field.name] for field in list_fields(query))
    one = select(version.c.id, select_geometry(version, query, tables.srid), *columns)
    found = connection.execute(one.where(version.c.number == number)).all()
    return to_versions(subject, rows)[0], next(to_features(query, found))


def read_rows(connection: Connection, tables: LayerTables, subject: Subject, number: int) -> Sequence[Row[Any]]:
    """A version and, if there is one, the version before it, as `select_page` gives them.

    Raises UnknownLayer; UnknownFeature if there is no such version that the actor may see.
    """
    versions = select_page(tables, subject, number + 1)
    rows = connection.execute(versions.limit(2)).all()
    if not rows or rows[0].number != number:
        newest = read_newest(connection, tables, subject)
        asked = f"feature {subject.feature_id} of layer {subject.layer.id} has no version {number}"
        raise UnknownFeature(f"{asked}; it has 1 to {newest.total}", where="version")
    return rows


def to_versions(subject: Subject, rows: Sequence[Row[Any]]) -> tuple[Version, ...]:
    """The versions in rows of `select_page`; the last is told as the oldest unless it is held against one more."""
    return tuple(to_version(subject, new, old) for new, old in pairwise((*rows, None)) if new is not None)


def to_version(subject: Subject, row: Row[Any], older: Row[Any] | None) -> Version:
    """One version, against the one before it."""
    values, before = row._mapping, older._mapping if older is not None else None  # the public name of it
    return Version(
        feature_id=row.id,
        number=row.number,
        begins=row.updated_at,
        ends=row.ended_at,
        made=hide_name(find_maker(row), subject.actor),
        ended=hide_name(find_ender(row), subject.actor) if is_last(row) else None,
        is_first=row.changed_via is None,
        changes=compare_fields(subject.layer, before, values) if before is not None else (),
        shape=compare_shapes(before[SHAPE], values[SHAPE]) if before is not None else None,
    )


def find_maker(row: Row[Any]) -> Author:
    """Who made a version: who ended the one before, or put the feature in; nobody where that is not known."""
    if row.changed_via is not None:
        return Author(row.changed_by, row.changed_via, row.changed_import)
    if row.put_via is not None:
        return Author(row.put_by, row.put_via, row.put_import)
    # Where it was brought back before that was kept, the import of old did not do it.
    if row.import_id is not None and row.created_at == row.updated_at:
        return Author(row.imported_by, "import", row.import_id)
    return NOBODY


def find_ender(row: Row[Any]) -> Author:
    """Who ended a version."""
    return Author(row.ended_by, row.ended_via, row.ended_import)


def is_last(row: Row[Any]) -> bool:
    """Whether the feature was not there when a version had ended."""
    return row.ended_at is not None and row.next_at != row.ended_at


def hide_name(author: Author, actor: Actor) -> Author:
    """The author as the actor may know them: names of people are for those who signed in."""
    return Author(None, author.via, author.import_id) if actor.is_anonymous else author
