"""From what an import decided, counted and found to its report."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from gis_infra.spatial.crs import get_name
from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.reporting.advice import Case, advise
from gis_infra.transfer.reporting.report import ColumnUse, HowRead, ImportReport, Problems
from gis_infra.transfer.reporting.tally import Alike, Kind, Tally
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.text.encodings import Encoding


@dataclass(frozen=True)
class Outcome:
    """What is known of an import besides its request, its plan and what was counted.

    import_id: None for a dry run or where no row was accepted. sha256: of the file, "" where it was not asked.
    """

    import_id: int | None = None
    username: str = ""
    sha256: str = ""
    started_at: datetime | None = None
    seconds: float = 0.0
    rejected_file: Path | None = None
    elsewhere: str = ""


def make_report(request: ImportRequest, plan: ImportPlan, tally: Tally, outcome: Outcome) -> ImportReport:
    """What became of an import, so far or in the end."""
    return ImportReport(
        import_id=outcome.import_id,
        layer_id=request.layer.id,
        layer_title=request.layer.title,
        file=request.path.name,
        source_layer=plan.source.layer,
        rows=tally.rows,
        accepted=tally.accepted,
        inserted=tally.inserted,
        updated=tally.updated,
        unchanged=tally.unchanged,
        skipped=tally.skipped,
        deleted=tally.deleted,
        rejected=tally.rows - tally.accepted,
        seconds=outcome.seconds,
        how=describe_reading(plan),
        is_dry_run=request.dry_run,
        deleted_rows=tuple(tally.deleted_rows),
        notes=tuple(f"{name}: {count:,}" for name, count in sorted(tally.notes.items())),
        kinds=sort_kinds(plan, tally),
        problems=tuple(tally.problems),
        rejected_file=outcome.rejected_file,
        elsewhere=outcome.elsewhere,
        again=tuple(list_again(request)),
        username=outcome.username,
        started_at=outcome.started_at.isoformat(timespec="seconds") if outcome.started_at else "",
        sha256=outcome.sha256,
        settings=list_settings(request),
        accepted_places=tuple(tally.sketch.accepted.kept),
        rejected_places=tuple(tally.sketch.rejected.kept),
    )


def describe_reading(plan: ImportPlan) -> HowRead:
    """How the file was read, in words."""
    text = plan.text
    return HowRead(
        crs=f"EPSG:{plan.srid} ({get_name(plan.srid)})",
        crs_reason=plan.crs.reason,
        lands=str(plan.crs.landing) if plan.crs.landing is not None else "",
        swap_xy=plan.frame.swap_xy,
        encoding=text.encoding.name if text is not None else "",
        encoding_reason=text.reason if text is not None else "",
        encodings={plan.names[name]: each.name for name, each in list_odd(plan)},
        columns=tuple(describe_columns(plan)),
        remarks=(*plan.source.remarks, *plan.mapped.notes),
        doubts=plan.mapped.warnings,
    )


def list_odd(plan: ImportPlan) -> Iterator[tuple[str, Encoding]]:
    """The columns whose encoding is not the layer's, by the driver's names."""
    if plan.text is not None:
        yield from ((name, each) for name, each in plan.text.columns.items() if name in plan.names)


def describe_columns(plan: ImportPlan) -> Iterator[ColumnUse]:
    """Where each column went."""
    for each in plan.mapped.columns:
        field = each.field.name if each.field is not None else None
        yield ColumnUse(each.column, field, each.reason, each.unit, dict(each.codes))


def sort_kinds(plan: ImportPlan, tally: Tally) -> tuple[Problems, ...]:
    """The problems by kind: what rejects first, then by how often; each with what to do about it."""
    kinds = (make_kind(plan, tally, each) for each in tally.kinds.items())
    return tuple(sorted(kinds, key=lambda kind: (not kind.is_error, -kind.rows, kind.field, kind.reason)))


def make_kind(plan: ImportPlan, tally: Tally, found: tuple[Kind, Alike]) -> Problems:
    """The problems of one kind."""
    (name, reason, is_error), alike = found
    target = next((each.field for each in plan.mapped.taken if each.column == name), None)
    kind = Problems(name, reason, alike.count, is_error, tuple(alike.examples))
    case = Case(kind, target, tally.rows, is_mapped(plan, name))
    return replace(kind, advice=advise(case))


def is_mapped(plan: ImportPlan, name: str) -> bool:
    """Whether some column goes into a field."""
    return any(each.field is not None and each.field.name == name for each in plan.mapped.taken)


def describe_rejected(request: ImportRequest) -> str:
    """What a file of rejected rows says of itself, where QGIS shows the abstract of a layer."""
    command = shlex.join(["gis-infra", "import", "FILE", *list_again(request)])
    return f"Rows of {request.path.name} that were rejected; row_reason says why. Once mended: {command}"


def list_settings(request: ImportRequest) -> dict[str, Any]:
    """What was asked of the import besides how to read the file, as JSON has it; what is left at its default is out."""
    asked: dict[str, Any] = {"owner": request.owner} if request.owner is not None else {}
    if request.on_duplicate != "update":
        asked["on_duplicate"] = request.on_duplicate
    for name in ("replace", "strict", "accept_outside"):
        if getattr(request, name):
            asked[name] = True
    return asked


def list_again(request: ImportRequest) -> Iterator[str]:
    """The options to import the rejected rows with, once mended: what was said of columns and rows.

    What was said of coordinates and text is left out, for the file of rejected rows says it of itself; so is
    --replace, by which the rows that are in would be deleted.
    """
    reading = request.reading
    yield from ("--layer", request.layer.id)
    yield from repeat("--map", reading.mapping)
    yield from repeat("--unit", reading.units)
    for column, codes in reading.codes.items():
        yield from repeat("--code", {f"{column}:{value}": code for value, code in codes.items()})
    if request.owner is not None:
        yield from ("--owner", request.owner)
    if request.on_duplicate != "update":
        yield from ("--on-duplicate", request.on_duplicate)
    yield from (f"--{name.replace('_', '-')}" for name in ("strict", "accept_outside") if getattr(request, name))


def repeat(option: str, pairs: Mapping[str, str]) -> Iterator[str]:
    """An option once for each pair, written NAME=value."""
    for name, value in pairs.items():
        yield from (option, f"{name}={value}")
