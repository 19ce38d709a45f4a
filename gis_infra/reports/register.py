"""The register as documents: one entry with its history and what may be done with it, and groups."""

from collections.abc import Sequence
from typing import Any

from gis_infra.analysis.register.entries import Conflict
from gis_infra.analysis.register.groups import Group
from gis_infra.analysis.register.reading import Event
from gis_infra.reports.features import to_conflict, to_metres, to_titles


def to_entry(conflict: Conflict, events: Sequence[Event], allowed: Sequence[str]) -> dict[str, Any]:
    """One conflict as a GeoJSON feature with the members `history` (the oldest first) and `allowed` (actions)."""
    return {**to_conflict(conflict), "history": [to_event(each) for each in events], "allowed": list(allowed)}


def to_event(event: Event) -> dict[str, Any]:
    """One thing that became of a conflict."""
    return {
        "id": event.id,
        "happened_at": event.happened_at.isoformat(),
        "action": event.action,
        "actor": event.actor,
        "run": event.run_id,
        "text": event.text,
        "changes": dict(event.changes),
    }


def to_groups(by: str, groups: Sequence[Group]) -> dict[str, Any]:
    """Groups with their counts. value: null for conflicts that have none."""
    return {
        "by": by,
        "groups": [
            {
                "value": each.value,
                **({"title": to_titles(each.title)} if each.title is not None else {}),
                "conflicts": each.conflicts,
                "severities": dict(each.severities),
                "worst_m": to_metres(each.worst_m),
            }
            for each in groups
        ],
    }
