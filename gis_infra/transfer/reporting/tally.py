"""What is counted while the batches of an import pass: rows, problems by kind with examples, where rows lie.

Of bounded size whatever the file: problems are told one by one up to a number and beyond it only counted.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.sketch import Sketch

MOST_PROBLEMS = 1000  # told one by one
MOST_KINDS = 200  # of problems told apart
MOST_EXAMPLES = 5  # of one kind, each with another value
OTHER = "one of many more reasons; the rejected rows have each its own"

# A word of a reason -> the form it then has, what of it is alike in many rows, and what is particular to one.
SPLITS: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    (" at ", re.compile(r"(.*?) (at (?:-?[0-9.e+-]+,? -?[0-9.e+-]+|vertex \d).*)"), "{1}", "{2}"),
    ("must hold", re.compile(r"(must hold: .*); here (.*)"), "{1}", "{2}"),
    ("codes", re.compile(r"(is none of the codes .*); say which with .*"), "{1}", ""),  # `advice` says with what
    ("came before", re.compile(r"(came before in this file, .*), in (row \d+)"), "{1}", "as in {2}"),
    ("cannot be read as", re.compile(r"(text cannot be read as [^:]+): (.*)"), "{1}", "{2}"),
    ("separate parts", re.compile(r"has (\d+) separate parts(.*)"), "has separate parts{2}", "{1} parts"),
    ("vertices", re.compile(r"(\d+ of \d+) (vertices have no height.*)"), "some {2}", "{1}"),
)
MOST_REMEMBERED = 1000  # reasons whose split is kept, for most come again and again

Kind = tuple[str, str, bool]


@dataclass(frozen=True)
class Example:
    """A row with a problem: its number, the value found, and what else is particular to it, such as the place."""

    row: int
    value: str
    rest: str = ""


@dataclass
class Alike:
    """The problems of one kind: how many, and some of them, with different values."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, row: int, value: str, rest: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.examples) < MOST_EXAMPLES and (not value or value not in self.list_values()):
            self.examples.append(Example(row, value, rest))

    def list_values(self) -> list[str]:
        """The values of the examples."""
        return [each.value for each in self.examples]


@dataclass
class Tally:
    """What is counted while batches pass.

    inserted, updated, unchanged, skipped: what became of the accepted rows. deleted: rows of the owner that the file
    lacks, gone or, in a dry run, to go; deleted_rows: the first of them by name. kinds: problems by field, what is
    alike in their reasons, and whether they reject.
    """

    rows: int = 0
    accepted: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    deleted: int = 0
    deleted_rows: list[str] = field(default_factory=list)
    kinds: dict[Kind, Alike] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    problems: list[RowProblem] = field(default_factory=list)
    sketch: Sketch = field(default_factory=Sketch)
    splits: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, rows: int, accepted: int, problems: Iterable[RowProblem], notes: Counter[str]) -> None:
        """Count one batch."""
        self.rows += rows
        self.accepted += accepted
        self.notes.update({name: count for name, count in notes.items() if count})
        for problem in problems:
            self.add_problem(problem)

    def add_problem(self, problem: RowProblem) -> None:
        """Count one problem, under its kind."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)
        reason, rest = self.split(problem.reason)
        kind = (problem.field, reason, problem.is_error)
        if kind not in self.kinds and len(self.kinds) >= MOST_KINDS:
            kind = ("", OTHER, problem.is_error)
        self.kinds.setdefault(kind, Alike()).add(problem.row, problem.value, rest)

    def split(self, reason: str) -> tuple[str, str]:
        """As `split_reason`, which is asked once of a reason that comes again."""
        found = self.splits.get(reason)
        if found is None:
            found = split_reason(reason)
            if len(self.splits) < MOST_REMEMBERED:
                self.splits[reason] = found
        return found


def split_reason(reason: str) -> tuple[str, str]:
    """What is alike in many rows' reasons, and what is particular to this one ("" if nothing is)."""
    for word, pattern, alike, rest in SPLITS:
        if word in reason and (match := pattern.fullmatch(reason)):
            groups = (match[0], *match.groups())
            return alike.format(*groups), rest.format(*groups)
    return reason, ""
