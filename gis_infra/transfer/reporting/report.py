"""What became of an import: the value that the terminal, JSON and the list of imports show."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.problems import RowProblem

PLACE = re.compile(r" at -?[0-9.e+]+ -?[0-9.e+]+$")  # left out of the counts, where alike problems are one
MOST_PROBLEMS = 1000  # told one by one; beyond it they are only counted


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import.

    import_id: of the batch, None for a dry run. inserted, updated, unchanged, skipped: what became of the accepted
    rows; deleted: rows of the owner that the file lacked. decisions: what was found, guessed and done, in words.
    counts: "field: reason" -> rows, of everything told; problems: the first of them one by one. rejected_file: None if
    there is none.
    """

    import_id: int | None
    layer_id: str
    file: str
    rows: int
    accepted: int
    inserted: int
    updated: int
    unchanged: int
    skipped: int
    deleted: int
    rejected: int
    seconds: float
    decisions: tuple[str, ...]
    counts: Counter[str]
    problems: tuple[RowProblem, ...]
    rejected_file: Path | None
    is_dry_run: bool

    @property
    def exit_code(self) -> int:
        """0 if every row went in (or would), 1 if some were rejected, 2 if none was taken."""
        if self.accepted == 0:
            return 2
        return 1 if self.rejected else 0


@dataclass
class Tally:
    """What is counted while batches pass."""

    rows: int = 0
    accepted: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    deleted: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)

    def add(self, rows: int, accepted: int, problems: Iterable[RowProblem], notes: Counter[str]) -> None:
        """Count one batch."""
        self.rows += rows
        self.accepted += accepted
        self.notes.update({name: count for name, count in notes.items() if count})
        for problem in problems:
            self.counts[f"{problem.field}: {PLACE.sub('', problem.reason)}"] += 1
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)


def list_decisions(plan: ImportPlan) -> tuple[str, ...]:
    """What was decided about the file before its rows were read, in words."""
    lines = [f"coordinate system: EPSG:{plan.srid}, {plan.crs.reason}"]
    if plan.crs.landing is not None:
        lines.append(f"lands {plan.crs.landing}")
    if plan.text is not None:
        lines.append(f"text: {plan.text.encoding.name}, {plan.text.reason}")
    for each in plan.mapped.taken:
        if each.field is not None:
            lines.append(f"column {each.column} -> {each.field.name}, {each.reason}")
    if plan.mapped.kept:
        lines.append(f"kept in source_attributes: {', '.join(plan.mapped.kept)}")
    return tuple(lines)


def list_notes(tally: Tally) -> tuple[str, ...]:
    """What was done to shapes while they passed, in words."""
    return tuple(f"{name}: {count}" for name, count in sorted(tally.notes.items()))


def to_json(report: ImportReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "import": report.import_id,
        "layer": report.layer_id,
        "file": report.file,
        "dry_run": report.is_dry_run,
        "rows": report.rows,
        "accepted": report.accepted,
        "inserted": report.inserted,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "deleted": report.deleted,
        "rejected": report.rejected,
        "seconds": round(report.seconds, 3),
        "decisions": list(report.decisions),
        "counts": dict(report.counts),
        "problems": [problem_to_json(problem) for problem in report.problems],
        "rejected_file": str(report.rejected_file) if report.rejected_file is not None else None,
    }


def problem_to_json(problem: RowProblem) -> dict[str, Any]:
    """One problem as JSON has it."""
    return {
        "row": problem.row,
        "field": problem.field,
        "value": problem.value,
        "reason": problem.reason,
        "severity": "error" if problem.is_error else "warning",
    }
