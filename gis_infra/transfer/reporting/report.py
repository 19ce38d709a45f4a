"""What became of an import: one value that terminal, JSON, HTML and the list of imports show.

It is plain data, so that what was stored as JSON is read back whole and shown in the same words years later.
"""

import shlex
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as make_field
from pathlib import Path
from typing import Any

from gis_infra.catalogue.definitions import Title
from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.sketch import Place
from gis_infra.transfer.reporting.tally import Example


@dataclass(frozen=True)
class ColumnUse:
    """Where a column of the file went and why; field is None where it is kept in source_attributes.

    unit: what its numbers were read in, where it is not the field's. codes: value -> code, as somebody said.
    """

    column: str
    field: str | None
    reason: str
    unit: str | None = None
    codes: Mapping[str, str] = make_field(default_factory=dict)


@dataclass(frozen=True)
class HowRead:
    """How the file was read, and why so.

    crs: "EPSG:9210 (VN-2000 / TM-3 105-45)"; lands: where that puts it, "" if that cannot be said. encoding: "" for a
    format that is Unicode by itself; encodings: column -> encoding, of those that differ. remarks: what was mended or
    noticed. doubts: what looks wrong with a column as a whole.
    """

    crs: str
    crs_reason: str
    lands: str = ""
    swap_xy: bool = False
    encoding: str = ""
    encoding_reason: str = ""
    encodings: Mapping[str, str] = make_field(default_factory=dict)
    columns: tuple[ColumnUse, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that went into no field."""
        return tuple(each.column for each in self.columns if each.field is None)


@dataclass(frozen=True)
class Problems:
    """All problems of one kind.

    field: the column or field, "geometry" for shapes. rows: how many have it. is_error: whether they were rejected for
    it. advice: what to do about it, None if there is no more to say than to mend the rows.
    """

    field: str
    reason: str
    rows: int
    is_error: bool
    examples: tuple[Example, ...] = ()
    advice: Title | None = None

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one import.

    import_id: of the batch, None for a dry run. inserted, updated, unchanged, skipped: what became of the accepted
    rows; deleted: rows of the owner that the file lacks, the first of them named in deleted_rows. notes: what was done
    to shapes. kinds: the problems, most frequent first; problems: the first of them one by one. rejected_file: None if
    there is none; elsewhere: why it is not beside the file. again: the options to import the rejected rows with.
    username, started_at (ISO 8601), sha256, settings: who, when, of which bytes, with what said. accepted_places,
    rejected_places: x and y in metres of some rows, in the city's CRS.
    """

    import_id: int | None
    layer_id: str
    layer_title: Title
    file: str
    source_layer: str
    rows: int
    accepted: int
    inserted: int
    updated: int
    unchanged: int
    skipped: int
    deleted: int
    rejected: int
    seconds: float
    how: HowRead
    is_dry_run: bool
    deleted_rows: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kinds: tuple[Problems, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    rejected_file: Path | None = None
    elsewhere: str = ""
    again: tuple[str, ...] = ()
    username: str = ""
    started_at: str = ""
    sha256: str = ""
    settings: Mapping[str, Any] = make_field(default_factory=dict)
    accepted_places: tuple[Place, ...] = ()
    rejected_places: tuple[Place, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if every row went in (or would), 1 if some were rejected, 2 if none was taken."""
        if self.accepted == 0:
            return 2
        return 1 if self.rejected else 0

    @property
    def command(self) -> str:
        """The command that imports the rejected rows once they are mended, as it is typed; "" if there is no file."""
        if self.rejected_file is None:
            return ""
        return shlex.join(["gis-infra", "import", str(self.rejected_file), *self.again])

    @property
    def counts(self) -> Counter[str]:
        """ "field: reason" -> how often, of errors and warnings alike."""
        counts: Counter[str] = Counter()
        for each in self.kinds:
            counts[str(each)] += each.rows
        return counts

    @property
    def decisions(self) -> tuple[str, ...]:
        """What was found, guessed and done, a line each."""
        return (*list_decisions(self.how), *self.notes)


def list_decisions(how: HowRead) -> tuple[str, ...]:
    """What was decided about the file, a line each."""
    swapped = ", its first coordinate being the northing" if how.swap_xy else ""
    lines = [f"coordinate system: {how.crs}, {how.crs_reason}{swapped}"]
    if how.lands:
        lines.append(f"lands {how.lands}")
    if how.encoding:
        lines.append(f"text: {how.encoding}, {how.encoding_reason}")
    lines += [f"text of {column}: {encoding}" for column, encoding in how.encodings.items()]
    lines += [f"column {each.column} -> {each.field}, {tell_use(each)}" for each in how.columns if each.field]
    if how.kept:
        lines.append(f"kept in source_attributes: {', '.join(how.kept)}")
    return (*lines, *how.remarks, *how.doubts)


def tell_use(use: ColumnUse) -> str:
    """Why a column went where it went, and how its values were read."""
    codes = [f"{value!r} is {code}" for value, code in use.codes.items()]
    return ", ".join(filter(None, (use.reason, f"in {use.unit}" if use.unit else "", *codes)))


def to_json(report: ImportReport) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "import": report.import_id,
        "layer": report.layer_id,
        "layer_title": asdict(report.layer_title),
        "file": report.file,
        "source_layer": report.source_layer,
        "dry_run": report.is_dry_run,
        "username": report.username,
        "started_at": report.started_at,
        "sha256": report.sha256,
        "settings": dict(report.settings),
        **{name: getattr(report, name) for name in COUNTED},
        "seconds": round(report.seconds, 3),
        "read": asdict(report.how),
        "notes": list(report.notes),
        "decisions": list(report.decisions),
        "counts": dict(report.counts),
        "kinds": [kind_to_json(each) for each in report.kinds],
        "problems": [problem_to_json(problem) for problem in report.problems],
        "deleted_rows": list(report.deleted_rows),
        "rejected_file": str(report.rejected_file) if report.rejected_file is not None else None,
        "rejected_file_elsewhere": report.elsewhere,
        "again": list(report.again),
        "places": {"accepted": list(report.accepted_places), "rejected": list(report.rejected_places)},
    }


COUNTED = ("rows", "accepted", "inserted", "updated", "unchanged", "skipped", "deleted", "rejected")


def kind_to_json(kind: Problems) -> dict[str, Any]:
    """The problems of one kind as JSON has them."""
    return {
        "field": kind.field,
        "reason": kind.reason,
        "rows": kind.rows,
        "severity": name_severity(kind.is_error),
        "examples": [asdict(example) for example in kind.examples],
        "advice": asdict(kind.advice) if kind.advice is not None else None,
    }


def problem_to_json(problem: RowProblem) -> dict[str, Any]:
    """One problem as JSON has it."""
    return {
        "row": problem.row,
        "field": problem.field,
        "value": problem.value,
        "reason": problem.reason,
        "severity": name_severity(problem.is_error),
    }


def name_severity(is_error: bool) -> str:
    """ "error" for what rejects a row, else "warning"."""
    return "error" if is_error else "warning"


def from_json(document: Mapping[str, Any]) -> ImportReport:
    """The report that `to_json` made this of. Raises KeyError for what is none."""
    rejected_file = document["rejected_file"]
    return ImportReport(
        import_id=document["import"],
        layer_id=document["layer"],
        layer_title=Title(**document["layer_title"]),
        **{name: document[name] for name in COUNTED + TAKEN_AS_THEY_ARE},
        is_dry_run=document["dry_run"],
        how=parse_how(document["read"]),
        notes=tuple(document["notes"]),
        kinds=tuple(parse_kind(each) for each in document["kinds"]),
        problems=tuple(parse_problem(each) for each in document["problems"]),
        deleted_rows=tuple(document["deleted_rows"]),
        rejected_file=Path(rejected_file) if rejected_file is not None else None,
        elsewhere=document["rejected_file_elsewhere"],
        again=tuple(document["again"]),
        accepted_places=parse_places(document["places"]["accepted"]),
        rejected_places=parse_places(document["places"]["rejected"]),
    )


TAKEN_AS_THEY_ARE = ("file", "source_layer", "username", "started_at", "sha256", "settings", "seconds")


def parse_how(document: Mapping[str, Any]) -> HowRead:
    """How the file was read, from JSON."""
    columns = tuple(ColumnUse(**each) for each in document["columns"])
    lists = {name: tuple(document[name]) for name in ("remarks", "doubts")}
    return HowRead(**{**document, "columns": columns, **lists})


def parse_kind(document: Mapping[str, Any]) -> Problems:
    """The problems of one kind, from JSON."""
    advice = Title(**document["advice"]) if document["advice"] is not None else None
    examples = tuple(Example(**each) for each in document["examples"])
    is_error = document["severity"] == "error"
    return Problems(document["field"], document["reason"], document["rows"], is_error, examples, advice)


def parse_problem(document: Mapping[str, Any]) -> RowProblem:
    """One problem, from JSON."""
    is_error = document["severity"] == "error"
    return RowProblem(document["row"], document["field"], document["value"], document["reason"], is_error)


def parse_places(document: Any) -> tuple[Place, ...]:
    """Places, from JSON."""
    return tuple((x, y) for x, y in document)
