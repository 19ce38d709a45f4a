"""The register of conflicts as an actor may read it: a page of it, one entry, the history of one."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, func, or_, select, type_coerce

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.entries import Conflict, to_conflict
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT, SEVERITIES, STATUSES
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.filters.places import select_in_box
from gis_infra.spatial.boxes import Bbox

OPEN = tuple(status for status in STATUSES if status != "resolved")
LONLAT_DECIMALS = 8
MOST_EVENTS = 2000
BATCH = 1000  # conflicts held in memory while a file is written
WORST = "worst"
SORTS = (WORST, "id", "street", "rule", "owner", "assignee", "due_on", "found_on", "status_on", "distance_m")
# What only people who are signed in may ask for, as it tells of people.
OF_PEOPLE = frozenset({"owner", "assignee", "due_on"})
# By name in a query: the columns of which one has the value.
EQUALS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "street": ("street",),
    "layer": ("left_layer", "right_layer"),
    "asset_owner": ("left_owner", "right_owner"),
    "owner": ("owner",),
    "assignee": ("assignee",),
}

# What a conflict may be without; that of an asset is not recorded.
LACKS = ("street", "asset_owner", "owner", "assignee")


@dataclass(frozen=True)
class RegisterQuery:
    """One request for conflicts.

    bbox: conflicts whose worst place lies in it, edges included.
    statuses, severities: empty for all. rule: a rule's id, or a pack's for all its rules.
    equals: names of EQUALS and the value wanted. sector: of the layer of one of the assets. without: names of LACKS.
    due_before: due on an earlier day.
    sort: one of SORTS, with "-" before it for the reverse.
    """

    actor: Actor
    bbox: Bbox | None = None
    rule: str | None = None
    statuses: tuple[str, ...] = OPEN
    limit: int = 1000
    severities: tuple[str, ...] = ()
    equals: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    due_before: datetime.date | None = None
    sort: str = WORST
    offset: int = 0
    sector: str | None = None


@dataclass(frozen=True)
class RegisterPage:
    """Conflicts in the order asked for, and how many match in all."""

    conflicts: tuple[Conflict, ...]
    matched: int


@dataclass(frozen=True)
class Event:
    """One thing that became of a conflict. changes: by column, its value before and after."""

    id: int
    happened_at: datetime.datetime
    action: str
    actor: str
    run_id: int | None
    text: str | None
    changes: Mapping[str, Any]


def read_register(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, query: RegisterQuery
) -> RegisterPage:
    """The conflicts the actor may see that match; never a hint of the others, not even in the count.

    Raises InvalidParameter for a status, severity or sort that is none, and for what tells of people where nobody is
    signed in; InvalidCrs for a box in a CRS not made for the city.
    """
    wanted = select_wanted(catalogue, tables, query)
    matched = connection.execute(select(func.count()).select_from(CONFLICT).where(wanted)).scalar_one()
    with_people = not query.actor.is_anonymous
    rows = connection.execute(select_page(wanted, query))
    return RegisterPage(tuple(to_conflict(row, with_people=with_people) for row in rows), matched)


def stream_register(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, query: RegisterQuery
) -> Iterator[Conflict]:
    """The same conflicts one after the other, not counted before and never all in memory, for a file of them.

    Raises as `read_register`, at the first.
    """
    with_people = not query.actor.is_anonymous
    page = select_page(select_wanted(catalogue, tables, query), query)
    with connection.execute(page, execution_options={"yield_per": BATCH}) as rows:
        for row in rows:
            yield to_conflict(row, with_people=with_people)


def select_page(wanted: ColumnElement[bool], query: RegisterQuery) -> Select[Any]:
    """The rows of a query that are asked for, in its order."""
    return select_entries().where(wanted).order_by(*order_by(query)).limit(query.limit).offset(query.offset or None)


def read_conflict(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, actor: Actor, conflict_id: int
) -> Conflict:
    """One entry. Raises MissingError if there is none of that number that the actor may see."""
    visible = select_visible_conflicts(catalogue, tables, actor)
    row = connection.execute(select_entries().where(CONFLICT.c.id == conflict_id, visible)).one_or_none()
    if row is None:
        raise MissingError(f"there is no conflict {conflict_id}", where="id")
    return to_conflict(row, with_people=not actor.is_anonymous)


def read_events(connection: Connection, conflict: Conflict, actor: Actor) -> tuple[Event, ...]:
    """What became of a conflict, the oldest first; nothing for the public, whom the words of people are not for.

    Of more than `MOST_EVENTS` the latest. conflict: as `read_conflict` gave it to the actor.
    """
    if actor.is_anonymous:
        return ()
    names = ("id", "happened_at", "action", "actor", "run_id", "text", "changes")
    columns = [CONFLICT_EVENT.c[name] for name in names]
    rows = select(*columns).where(CONFLICT_EVENT.c.conflict_id == conflict.id).order_by(CONFLICT_EVENT.c.id.desc())
    found = connection.execute(rows.limit(MOST_EVENTS)).mappings().all()
    return tuple(Event(**{**row, "changes": row["changes"] or {}}) for row in reversed(found))


def select_entries() -> Select[Any]:
    """Rows that `to_conflict` reads."""
    place = func.st_asgeojson(CONFLICT.c.lonlat, LONLAT_DECIMALS, 0)
    return select(CONFLICT, type_coerce(place, Text).label("place_json"))


def select_wanted(catalogue: Catalogue, tables: LayerTables, query: RegisterQuery) -> ColumnElement[bool]:
    """True for conflicts that match the query and that its actor may see. Raises InvalidParameter, InvalidCrs."""
    require_known(query)
    conditions: list[ColumnElement[bool]] = [select_visible_conflicts(catalogue, tables, query.actor)]
    if query.statuses:
        conditions.append(CONFLICT.c.status.in_(query.statuses))
    if query.severities:
        conditions.append(CONFLICT.c.severity.in_(query.severities))
    if query.rule is not None:
        conditions.append(get_rule_column(query.rule) == query.rule)
    if query.sector is not None:
        layers = list_layers(catalogue, query)
        conditions.append(or_(CONFLICT.c.left_layer.in_(layers), CONFLICT.c.right_layer.in_(layers)))
    if query.bbox is not None:
        conditions.append(select_in_box(CONFLICT, query.bbox, tables.srid))
    if query.due_before is not None:
        conditions.append(CONFLICT.c.due_on < query.due_before)
    conditions += [or_(*(CONFLICT.c[name] == value for name in EQUALS[key])) for key, value in query.equals.items()]
    conditions += [lacks(name) for name in query.without]
    return and_(*conditions)


def get_rule_column(rule: str) -> ColumnElement[str]:
    """Where the register has what is asked for as a rule: the rule itself, or its pack."""
    return CONFLICT.c.rule if "." in rule else CONFLICT.c.pack


def list_layers(catalogue: Catalogue, query: RegisterQuery) -> list[str]:
    """The ids of the layers of a query's sector that its actor may see.

    Raises InvalidParameter if there are none, in the same words whether or not there is such a sector.
    """
    seen = query.actor.list_readable(catalogue)
    layers = [layer.id for layer in seen if layer.sector == query.sector and layer.kept is None]
    if not layers:
        known = dict.fromkeys(layer.sector for layer in seen if layer.kept is None)
        raise InvalidParameter(
            f"sector must be one of {', '.join(sorted(known))}, got {str(query.sector)[:40]!r}", where="sector"
        )
    return layers


def lacks(name: str) -> ColumnElement[bool]:
    """True for conflicts that have no value of that name; of the owners of assets, where one is not recorded."""
    if name != "asset_owner":
        return CONFLICT.c[name].is_(None)
    no_right_owner = and_(CONFLICT.c.right_layer.is_not(None), CONFLICT.c.right_owner.is_(None))
    return or_(CONFLICT.c.left_owner.is_(None), no_right_owner)


def order_by(query: RegisterQuery) -> list[ColumnElement[Any]]:
    """The order of a query, which ends in the number. Worst: violations first, and what falls short by most."""
    name = query.sort.removeprefix("-")
    if name == WORST:
        rank = func.array_position(list(SEVERITIES), CONFLICT.c.severity)
        shortage = CONFLICT.c.distance_m - CONFLICT.c.required_m
        keys = [rank, shortage]
    else:
        keys = [CONFLICT.c[name]]
    if query.sort.startswith("-"):
        return [*(key.desc().nulls_last() for key in keys), CONFLICT.c.id.desc()]
    return [*(key.asc().nulls_last() for key in keys), CONFLICT.c.id]


def require_known(query: RegisterQuery) -> None:
    """Return if the query asks for what there is, and what its actor may ask. Raises InvalidParameter."""
    require_statuses(query.statuses)
    for severity in query.severities:
        if severity not in SEVERITIES:
            raise InvalidParameter(
                f"severity must be one of {', '.join(SEVERITIES)}, got {severity!r}", where="severity"
            )
    sort = query.sort.removeprefix("-")
    if sort not in SORTS:
        raise InvalidParameter(f"sort must be one of {', '.join(SORTS)}, got {query.sort!r}", where="sort")
    for name in query.without:
        if name not in LACKS:
            raise InvalidParameter(f"without must be of {', '.join(LACKS)}, got {name[:40]!r}", where="without")
    asked = {*query.equals, *query.without, sort} | ({"due_on"} if query.due_before is not None else set())
    if query.actor.is_anonymous and not OF_PEOPLE.isdisjoint(asked):
        raise InvalidParameter("sign in to ask for owner, assignee or due date", where=min(OF_PEOPLE & asked))


def require_statuses(statuses: Sequence[str]) -> None:
    """Return if each is a status of the register. Raises InvalidParameter."""
    for status in statuses:
        if status not in STATUSES:
            raise InvalidParameter(f"status must be one of {', '.join(STATUSES)}, got {status!r}", where="status")
