"""One batch of a file on its way to the table: text read, values converted and checked, shapes made fit.

Pure but for the question which asset codes are taken, which is handed in. What comes out is split into the rows to
load, as Arrow columns named as the table's, and the rows refused, as the file had them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from gis_infra.features.shapes.preparing import ShapeCheck, prepare
from gis_infra.features.validation import find_faults
from gis_infra.transfer.cleaning import kept
from gis_infra.transfer.cleaning.values import convert, is_text
from gis_infra.transfer.loading.key_check import KeyCheck
from gis_infra.transfer.planning import ImportPlan
from gis_infra.transfer.problems import RowProblem, show
from gis_infra.transfer.reporting.rejected import REASON, ROW
from gis_infra.transfer.text.reading import read_column

GEOMETRY = "geometry"


@dataclass
class Batch:
    """A batch while it is being cleaned.

    first: number in the file of its first row, from 1. theirs: the file's columns, text read; wkb: its shapes as WKB.
    ours: columns by field name; rejected: indices of rows refused.
    """

    plan: ImportPlan
    first: int
    size: int
    theirs: dict[str, pa.Array]
    wkb: pa.Array
    ours: dict[str, pa.Array] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)

    def tell(self, name: str, faults: Mapping[int, str], values: pa.Array | None, *, is_error: bool = True) -> None:
        """Note what is wrong with rows, by index; errors reject them, and warnings too where the plan is strict."""
        is_error = is_error or self.plan.strict
        for index, reason in sorted(faults.items()):
            value = show(values[index].as_py()) if values is not None else ""
            self.problems.append(RowProblem(self.first + index, name, value, reason, is_error))
        if is_error:
            self.rejected.update(faults)


@dataclass(frozen=True)
class CleanBatch:
    """What became of a batch.

    rows: how many it had. accepted: the rows to load, columns named as the table's, geometry as binary EWKB. refused:
    the others as the file had them, and after the file's columns their number, the reasons, and their shapes as WKB.
    notes: how often what was done to shapes.
    """

    rows: int
    accepted: pa.RecordBatch
    refused: pa.Table
    problems: tuple[RowProblem, ...]
    notes: Counter[str]


def clean(plan: ImportPlan, raw: pa.RecordBatch, first: int, keys: KeyCheck) -> CleanBatch:
    """The rows of one batch, sorted into those to load and those refused.

    raw: as `batches.read_batches` gives it. first: number of its first row in the file, from 1.
    """
    batch = read(plan, raw, first)
    convert_columns(batch)
    shapes = prepare_shapes(batch)
    require_allowed(batch)
    require_unused_codes(batch, keys)
    accepted = take_accepted(batch, shapes)
    return CleanBatch(batch.size, accepted, take_refused(batch), tuple(batch.problems), shapes.notes)


def read(plan: ImportPlan, raw: pa.RecordBatch, first: int) -> Batch:
    """The batch with its text read."""
    shape_at = find_geometry(raw.schema)
    wkb = raw.column(shape_at) if shape_at is not None else pa.nulls(raw.num_rows, pa.binary())
    batch = Batch(plan, first, raw.num_rows, {}, wkb)
    for theirs, name in plan.names.items():
        column = raw.column(raw.schema.get_all_field_indices(theirs)[0])
        if is_text(column.type):
            text = read_column(column, plan.text.get(theirs) if plan.text is not None else None)
            batch.tell(name, text.faults, column)
            batch.tell(name, text.warnings, text.column, is_error=False)
            column = text.column
        batch.theirs[name] = column
    return batch


def find_geometry(schema: pa.Schema) -> int | None:
    """Where the shapes are: the column GDAL marks as WKB, None if there is none."""
    for index, each in enumerate(schema):
        if (each.metadata or {}).get(b"ARROW:extension:name") in {b"geoarrow.wkb", b"ogc.wkb"}:
            return index
    return None


def convert_columns(batch: Batch) -> None:
    """The mapped columns as values of their fields."""
    for each in batch.plan.mapped.columns:
        if each.field is None:
            continue
        theirs = batch.theirs[each.column]
        converted = convert(theirs, each)
        batch.tell(each.column, converted.faults, theirs)
        batch.tell(each.column, converted.warnings, theirs, is_error=False)
        batch.ours[each.field.name] = converted.column
    if batch.plan.owner is not None:
        given = batch.ours.get("owner", pa.nulls(batch.size, pa.string()))
        batch.ours["owner"] = given.fill_null(batch.plan.owner)


def prepare_shapes(batch: Batch) -> ShapeCheck:
    """The shapes as the layer takes them."""
    check = prepare(batch.wkb, batch.plan.frame)
    batch.tell(GEOMETRY, check.faults, None)
    batch.tell(GEOMETRY, check.warnings, None, is_error=False)
    return check


def require_allowed(batch: Batch) -> None:
    """Refuse the rows the layer does not allow, and those it has a warning for if warnings count."""
    columns = {each.field.name: each.column for each in batch.plan.mapped.taken if each.field is not None}
    for finding in find_faults(batch.plan.layer, batch.ours, batch.size, batch.plan.today):
        # A row may lack a value only because it was refused; that is told already.
        skip = batch.rejected if finding.is_lack else set()
        faults = {row: why for row, why in finding.faults.items() if row not in skip}
        column = columns.get(finding.field, finding.field)
        batch.tell(column, faults, batch.theirs.get(column), is_error=finding.is_error)


def require_unused_codes(batch: Batch, keys: KeyCheck) -> None:
    """Refuse the rows whose asset code is taken."""
    owners, asset_codes = batch.ours.get("owner"), batch.ours.get("asset_code")
    if owners is not None and asset_codes is not None:
        faults = keys.check(owners, asset_codes, batch.rejected, batch.first)
        batch.tell("asset_code", faults, asset_codes)


def take_accepted(batch: Batch, shapes: ShapeCheck) -> pa.RecordBatch:
    """The rows to load, with the shape as EWKB and what maps to no field as JSON."""
    columns = dict(batch.ours)
    if batch.plan.mapped.kept:
        columns["source_attributes"] = kept.render(
            pa.table({name: batch.theirs[name] for name in batch.plan.mapped.kept})
        )
    columns["geom"] = shapes.ewkb
    rows = pa.RecordBatch.from_pydict(columns)
    if not batch.rejected:
        return rows
    accepted = np.ones(batch.size, dtype=bool)
    accepted[list(batch.rejected)] = False
    return rows.filter(pa.array(accepted))


def take_refused(batch: Batch) -> pa.Table:
    """The rows refused, as the file had them, with their number and all reasons."""
    rows = sorted(batch.rejected)
    reasons: dict[int, list[str]] = {row: [] for row in rows}
    for problem in batch.problems:
        if problem.is_error:
            reasons[problem.row - batch.first].append(f"{problem.field}: {problem.reason}")
    chosen = pa.array(rows, pa.int64())
    numbers = pa.array([batch.first + row for row in rows], pa.int64())
    told = pa.array(["; ".join(reasons[row]) for row in rows], pa.string())
    columns = [*(column.take(chosen) for column in batch.theirs.values()), numbers, told, batch.wkb.take(chosen)]
    # Told apart by position, for a column of the file may have any name.
    return pa.Table.from_arrays(columns, [*batch.theirs, ROW, REASON, GEOMETRY])
