"""Two runs as JSON holds them: what changed between them, and why."""

from typing import Any

from gis_infra.analysis.coverage.runs.results import (
    Comparison,
    UnitChange,
)
from gis_infra.reports.coverage import telling
from gis_infra.reports.coverage.documents import count, to_entry
from gis_infra.reports.coverage.terms import Terms

Json = dict[str, Any]


def to_comparison(comparison: Comparison, terms: Terms) -> Json:
    """What changed between two runs, for the city and by unit, and why."""
    return {
        "before": to_entry(comparison.before, terms),
        "after": to_entry(comparison.after, terms),
        "city": to_change(comparison.city),
        "units": count([to_changed(each) for each in comparison.units], len(comparison.units)),
        "reasons": telling.tell_reasons(comparison.reasons),
    }


def to_changed(change: UnitChange) -> Json:
    """One unit before and after as a feature."""
    return {"type": "Feature", "geometry": change.geometry, "properties": to_change(change)}


def to_change(change: UnitChange) -> Json:
    """People and those served before and after, and what the difference consists of."""
    names = (
        "code", "name", "state", "people_before", "people_after", "served_before", "served_after", "came", "went",
        "changed", "newly", "no_longer",
    )  # fmt: skip
    shares = {
        f"share_{side}": divide(getattr(change, f"served_{side}"), getattr(change, f"people_{side}"))
        for side in ("before", "after")
    }
    return {**{name: getattr(change, name) for name in names}, **shares}


def divide(part: float, whole: float) -> float | None:
    """part / whole, None when the whole is nothing."""
    return part / whole if whole > 0 else None
