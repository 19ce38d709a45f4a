"""What breaks the rules: every finding of a set of rules, left in a temporary table of the transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from gis_infra.analysis.conflicts import scratch
from gis_infra.analysis.conflicts.clearance.finding import find_clearances
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.finding import find_all
from gis_infra.analysis.rules.model import Rule
from gis_infra.analysis.scratch import make_scratch
from gis_infra.collector import collector_paused
from gis_infra.progress import Progress


def find(
    connection: Connection,
    ground: Ground,
    rules: Sequence[Rule],
    focus: Focus | None = None,
    tell: Progress | None = None,
) -> None:
    """Leave every finding in the temporary table `finding`, and what the rules say in `said`.

    focus: only findings that have one of its assets; everything else is still what they stand against.
    tell: called with how many steps are done, and of how many.
    """
    make_scratch(connection, scratch.FINDING, scratch.SAID)
    insert_said(connection, rules)
    for done, step in enumerate(STEPS):
        if tell is not None:
            tell(done, len(STEPS))
        with collector_paused():
            step(connection, ground, rules, focus)


STEPS = (find_clearances, find_all)


def insert_said(connection: Connection, rules: Sequence[Rule]) -> None:
    """Put what each rule says beside its number."""
    rows = [
        {
            "number": number,
            "pack": rule.pack,
            "rule": rule.id,
            "kind": rule.kind,
            "rule_title_vi": rule.title.vi,
            "rule_title_en": rule.title.en,
            "clause": rule.clause,
            "source": rule.source,
            "legal_basis": rule.legal_basis,
            "verified": rule.verified,
        }
        for number, rule in enumerate(rules)
    ]
    if rows:
        connection.execute(insert(scratch.SAID), rows)
