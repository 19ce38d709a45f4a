"""The register in groups, with how many conflicts each has: by street, rule, owner and so on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, case, cast, func, null, select, union_all

from gis_infra.analysis.register.reading import OF_PEOPLE, RegisterQuery, select_wanted
from gis_infra.analysis.register.tables import CONFLICT, SEVERITIES
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter

ASSET_OWNER = "asset_owner"
GROUPINGS = ("street", "rule", ASSET_OWNER, "owner", "assignee", "status", "severity", "kind", "pack")


@dataclass(frozen=True)
class Group:
    """Conflicts that share a value; None is those that have none. severities: how many of each answer.

    title: of a rule, else None. worst_m: the least that any is short of what is required (negative: too near).
    """

    value: str | None
    title: Title | None
    conflicts: int
    severities: Mapping[str, int]
    worst_m: float | None


def read_groups(
    connection: Connection, catalogue: Catalogue, tables: LayerTables, query: RegisterQuery, by: str
) -> tuple[Group, ...]:
    """The groups of all conflicts that match, the largest first; the query's limit bounds the groups.

    A conflict between assets of two owners is in the group of each.
    Raises InvalidParameter for a grouping that is none, and as `read_register` does.
    """
    if by not in GROUPINGS:
        raise InvalidParameter(f"by must be one of {', '.join(GROUPINGS)}, got {by[:40]!r}", where="by")
    if query.actor.is_anonymous and by in OF_PEOPLE:
        raise InvalidParameter(f"sign in to group by {by}", where="by")
    rows = connection.execute(select_groups(select_wanted(catalogue, tables, query), by).limit(query.limit))
    return tuple(to_group(row, by) for row in rows)


def select_groups(wanted: ColumnElement[bool], by: str) -> Select[Any]:
    """One row a group: value, titles, number, number of each severity, worst shortage."""
    member = select_members(wanted, by).subquery("member")
    counts = [func.count().filter(member.c.severity == severity).label(f"count_{severity}") for severity in SEVERITIES]
    number = func.count().label("conflicts")
    return (
        select(
            member.c.value,
            func.max(member.c.title_vi).label("title_vi"),
            func.max(member.c.title_en).label("title_en"),
            number,
            func.min(member.c.short_m).label("worst_m"),
            *counts,
        )
        .group_by(member.c.value)
        .order_by(number.desc(), member.c.value.collate("C").asc().nulls_last())
    )


def select_members(wanted: ColumnElement[bool], by: str) -> Any:
    """One row for each group that a conflict is in."""
    if by != ASSET_OWNER:
        return select_member(CONFLICT.c[by], by).where(wanted)
    left, right = CONFLICT.c.left_owner, CONFLICT.c.right_owner
    other = CONFLICT.c.right_layer.is_not(None) & right.is_distinct_from(left)
    return union_all(select_member(left, by).where(wanted), select_member(right, by).where(wanted, other))


def select_member(value: ColumnElement[Any], by: str) -> Select[Any]:
    """What a conflict brings to a group."""
    titles = (CONFLICT.c.rule_title_vi, CONFLICT.c.rule_title_en) if by == "rule" else (cast(null(), Text),) * 2
    return select(
        cast(value, Text).label("value"),
        titles[0].label("title_vi"),
        titles[1].label("title_en"),
        CONFLICT.c.severity,
        case((CONFLICT.c.severity != "opportunity", CONFLICT.c.distance_m - CONFLICT.c.required_m)).label("short_m"),
    )


def to_group(row: Any, by: str) -> Group:
    """The group in a row of `select_groups`."""
    severities = {severity: getattr(row, f"count_{severity}") for severity in SEVERITIES}
    title = Title(row.title_vi, row.title_en) if by == "rule" else None
    return Group(row.value, title, row.conflicts, severities, row.worst_m)
