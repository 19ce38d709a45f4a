"""One entry of the register as a value, and from a row."""

import datetime
from dataclasses import dataclass
from typing import Any

import orjson

from gis_infra.catalogue.definitions import Title


@dataclass(frozen=True)
class Asset:
    """One side of a conflict, as it was when last found."""

    layer: str
    id: int
    code: str | None
    owner: str | None


@dataclass(frozen=True)
class Work:
    """How a conflict stands with the people who settle it.

    owner: code of the department. assignee, status_by: user names; status_by is None where a run gave the status.
    """

    owner: str | None
    assignee: str | None
    due_on: datetime.date | None
    reason: str | None
    status_on: datetime.datetime
    status_by: str | None


@dataclass(frozen=True)
class Conflict:
    """One entry of the register.

    distance_m, vertical_m, accuracy_m: None where not known. place: worst place, a GeoJSON point in longitude/latitude.
    work: None for the public, whom names of people are not for. version: rises with every change.
    """

    id: int
    fingerprint: str
    pack: str
    rule: str
    rule_title: Title
    kind: str
    severity: str
    status: str
    left: Asset
    right: Asset | None
    side: str | None
    stretch: int
    required_m: float
    distance_m: float | None
    accuracy_m: float | None
    accuracy_known: bool
    vertical_m: float | None
    length_m: float
    street: str | None
    clause: str
    source: str
    legal_basis: str
    verified: bool
    found_on: datetime.datetime
    resolved_on: datetime.datetime | None
    work: Work | None
    place: dict[str, Any]
    version: int


# What is taken from a row as it is.
PLAIN = (
    "id",
    "fingerprint",
    "pack",
    "rule",
    "kind",
    "severity",
    "status",
    "side",
    "stretch",
    "required_m",
    "distance_m",
    "accuracy_m",
    "accuracy_known",
    "vertical_m",
    "length_m",
    "street",
    "clause",
    "source",
    "legal_basis",
    "verified",
    "found_on",
    "resolved_on",
    "version",
)


def to_conflict(row: Any, *, with_people: bool) -> Conflict:
    """One row of the register; `place_json` is its place as GeoJSON. with_people: whether to tell who works on it."""
    right = None
    if row.right_layer is not None:
        right = Asset(row.right_layer, row.right_id, row.right_code, row.right_owner)
    return Conflict(
        **{name: getattr(row, name) for name in PLAIN},
        rule_title=Title(row.rule_title_vi, row.rule_title_en),
        left=Asset(row.left_layer, row.left_id, row.left_code, row.left_owner),
        right=right,
        work=to_work(row) if with_people else None,
        place=orjson.loads(row.place_json),
    )


def to_work(row: Any) -> Work:
    """How the conflict of a row stands with people."""
    return Work(row.owner, row.assignee, row.due_on, row.reason, row.status_on, row.status_by)
