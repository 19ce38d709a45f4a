"""Every conflict of every kind."""

from collections import defaultdict
from collections.abc import Iterable

from second_opinion.lines import find_clearances, find_covers
from second_opinion.places import find_corridors, find_overlapping_works
from second_opinion.rows import Finding, Row


def find_conflicts(rows: Iterable[Row]) -> list[Finding]:
    """Every conflict of every kind, ordered by rule and codes."""
    by_layer: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.values.get("status") != "removed":
            by_layer[row.layer].append(row)
    found = [
        *find_clearances(by_layer),
        *find_covers(by_layer),
        *find_corridors(by_layer),
        *find_overlapping_works(by_layer),
    ]
    return sorted(found, key=lambda each: (each.rule, each.left, each.right or ("", "")))
