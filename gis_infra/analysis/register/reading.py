"""The register of conflicts as an actor may read it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Text, and_, func, select, type_coerce

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.register.tables import CONFLICT, STATUSES
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter
from gis_infra.filters.places import select_in_box
from gis_infra.spatial.boxes import Bbox

OPEN = tuple(status for status in STATUSES if status != "resolved")
LONLAT_DECIMALS = 8


@dataclass(frozen=True)
class RegisterQuery:
    """One request for conflicts.

    bbox: conflicts whose worst place lies in it, edges included.
    statuses: empty for all. rule: a rule's id, or a pack's for all its rules.
    """

    actor: Actor
    bbox: Bbox | None = None
    rule: str | None = None
    statuses: tuple[str, ...] = OPEN
    limit: int = 1000


@dataclass(frozen=True)
class Asset:
    """One side of a conflict, as it was when last found."""

    layer: str
    id: int
    code: str | None
    owner: str | None


@dataclass(frozen=True)
class Conflict:
    """One entry of the register. place: worst place, a GeoJSON point in longitude/latitude."""

    id: int
    fingerprint: str
    rule: str
    rule_title: Title
    kind: str
    severity: str
    status: str
    left: Asset
    right: Asset | None
    required_m: float
    distance_m: float
    length_m: float
    clause: str
    source: str
    verified: bool
    found_on: datetime.datetime
    place: dict[str, Any]


@dataclass(frozen=True)
class RegisterPage:
    """Conflicts, the furthest below its required distance first, and how many match in all."""

    conflicts: tuple[Conflict, ...]
    matched: int


def read_register(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, query: RegisterQuery
) -> RegisterPage:
    """The conflicts the actor may see that match; never a hint of the others, not even in the count.

    Raises InvalidParameter for a status that is none, InvalidCrs for a box in a CRS not made for the city.
    """
    wanted = select_wanted(catalogue, tables, query)
    matched = connection.execute(select(func.count()).select_from(CONFLICT).where(wanted)).scalar_one()
    place = func.st_asgeojson(CONFLICT.c.lonlat, LONLAT_DECIMALS, 0)
    rows = connection.execute(
        select(CONFLICT, type_coerce(place, Text).label("place_json"))
        .where(wanted)
        .order_by((CONFLICT.c.distance_m - CONFLICT.c.required_m).asc(), CONFLICT.c.id)
        .limit(query.limit)
    )
    return RegisterPage(tuple(to_conflict(row) for row in rows), matched)


def select_wanted(catalogue: Catalogue, tables: LayerTables, query: RegisterQuery) -> ColumnElement[bool]:
    """True for conflicts that match the query and that its actor may see. Raises InvalidParameter."""
    conditions: list[ColumnElement[bool]] = [select_visible_conflicts(catalogue, tables, query.actor)]
    if query.statuses:
        require_statuses(query.statuses)
        conditions.append(CONFLICT.c.status.in_(query.statuses))
    if query.rule is not None:
        conditions.append(CONFLICT.c[("rule" if "." in query.rule else "pack")] == query.rule)
    if query.bbox is not None:
        conditions.append(select_in_box(CONFLICT, query.bbox, tables.srid))
    return and_(*conditions)


def require_statuses(statuses: Sequence[str]) -> None:
    """Return if each is a status of the register. Raises InvalidParameter."""
    for status in statuses:
        if status not in STATUSES:
            raise InvalidParameter(f"status must be one of {', '.join(STATUSES)}, got {status!r}", where="status")


def to_conflict(row: Any) -> Conflict:
    """One row of the register."""
    right = None
    if row.right_layer is not None:
        right = Asset(row.right_layer, row.right_id, row.right_code, row.right_owner)
    return Conflict(
        id=row.id,
        fingerprint=row.fingerprint,
        rule=row.rule,
        rule_title=Title(row.rule_title_vi, row.rule_title_en),
        kind=row.kind,
        severity=row.severity,
        status=row.status,
        left=Asset(row.left_layer, row.left_id, row.left_code, row.left_owner),
        right=right,
        required_m=row.required_m,
        distance_m=row.distance_m,
        length_m=row.length_m,
        clause=row.clause,
        source=row.source,
        verified=row.verified,
        found_on=row.found_on,
        place=orjson.loads(row.place_json),
    )
