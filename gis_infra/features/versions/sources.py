"""Where versions are read from: the layer of a moment, as something to select from. Builds SQL and runs nothing.

A version was there from its `updated_at` up to, and not at, its `ended_at`. The times are those at which statements
ran, not those at which their transactions ended: what a transaction changes is entered at the moment it is changed, and
shows once the transaction is through. So a layer as of a moment stays as it is once every transaction that was under
way at that moment has ended; until then it may still gain what they bring.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Subquery,
    Table,
    Text,
    func,
    literal,
    select,
    union_all,
)

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Access, Layer
from gis_infra.errors import InvalidParameter

UNSAID = ""


def require_versions(layer: Layer) -> None:
    """Return if versions of the layer's rows are kept. Raises InvalidParameter."""
    if layer.kept is not None:
        raise InvalidParameter(f"layer {layer.id} is kept by the program, without the versions it had", where=layer.id)


def select_as_of(table: Table, versions: Table, moment: datetime, levels: Iterable[Access] = ACCESS_LEVELS) -> Subquery:
    """The rows a layer had at a moment, under the name and with the columns of its table.

    table: of the layer. versions: its history, as `catalogue.history.build` makes it. moment: with its offset from UTC.
    levels: the steps of sensitivity the reader may see. A version is left out if the row it belongs to is beyond them
        today, or was when it was deleted; that the version itself is within them is for `selection.select_visible`.
    Both halves are searched by the indexes they have: the parts of a plain UNION ALL are planned one by one, and what
    is asked of the whole is asked of each.
    """
    at = literal(moment, DateTime(timezone=True))
    now = select(*table.c).where(table.c.updated_at <= at)
    then = select(*(versions.c[column.name] for column in table.c))
    then = then.where(versions.c.updated_at <= at, versions.c.ended_at > at)
    seen = tuple(levels)
    if set(seen) != set(ACCESS_LEVELS):
        then = then.where(is_last_within(table, versions, seen))
    return union_all(now, then).subquery(table.name)


def is_last_within(table: Table, versions: Table, levels: tuple[Access, ...]) -> ColumnElement[bool]:
    """True for versions of features whose row of today, or last row if they were deleted, is within the levels.

    A row that says nothing of its sensitivity is as open as its layer.
    """
    current, last = table.alias("current_row"), versions.alias("last_version")
    of_today = select(say(current)).where(current.c.id == versions.c.id)
    newest_first = (last.c.ended_at.desc(), last.c.updated_at.desc())
    of_the_last = select(say(last)).where(last.c.id == versions.c.id).order_by(*newest_first).limit(1)
    parts = (each.correlate(versions).scalar_subquery() for each in (of_today, of_the_last))
    return func.coalesce(*parts).in_((UNSAID, *levels))


def say(row: FromClause) -> ColumnElement[str]:
    """The sensitivity of a row, `UNSAID` for none, so that it is not taken for no row."""
    return func.coalesce(row.c.sensitivity, literal(UNSAID, Text))
