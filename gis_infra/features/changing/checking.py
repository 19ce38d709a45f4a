"""Whether what features shall become is allowed: by the same validation of attributes and shapes as the importer's.

Everything is looked at before anything is refused, so that the caller is told all that is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import Fault
from gis_infra.features.arrow_types import ARROW_TYPES
from gis_infra.features.changing.changes import KEEP, Box, Origin, Shape
from gis_infra.features.changing.folding import Draft
from gis_infra.features.shapes.preparing import Frame, prepare
from gis_infra.features.validation import find_faults
from gis_infra.spatial.crs import WGS84, get_transformer

GEOMETRY = "geometry"
SHOWN = 60  # letters of a value in a message


@dataclass
class Checked:
    """What was found. faults: what is not allowed; remarks: what was taken, and the caller should know of.

    shapes: for each draft the EWKB in the city's CRS, None where the shape stays.
    """

    shapes: list[bytes | None]
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


def check(drafts: Sequence[Draft], srid: int) -> Checked:
    """Everything about drafts of one layer, none of them gone. srid: of the city's CRS."""
    checked = Checked([None] * len(drafts), [fault for draft in drafts for fault in draft.faults])
    check_shapes(drafts, srid, checked)
    check_values(drafts, checked)
    return checked


def check_values(drafts: Sequence[Draft], checked: Checked) -> None:
    """The attributes. What was wrong before and is left as it is, is not held against a change of something else."""
    layer = drafts[0].layer
    told = {(fault.index, fault.field) for fault in checked.faults}
    findings = find_faults(layer, to_columns(layer, [draft.values for draft in drafts]), len(drafts), date.today())
    known = list_known(drafts) if findings else set()
    for finding in findings:
        target = checked.faults if finding.is_error else checked.remarks
        for row, reason in finding.faults.items():
            draft, name = drafts[row], finding.field
            # Of a value that could not be read it was told already that there is none.
            if (row, name, reason) not in known and not (finding.is_lack and (draft.index, name) in told):
                target.append(Fault(draft.index, name, show(draft.values[name]), reason))


def to_columns(layer: Layer, rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Array]:
    """The values of each field, as the validation takes them."""
    return {
        field.name: pa.array([row[field.name] for row in rows], ARROW_TYPES[field.type])
        for field in layer.fields
        if not field.system
    }


def list_known(drafts: Sequence[Draft]) -> set[tuple[int, str, str]]:
    """What was wrong in the features before, about values that stay: row, field, reason."""
    rows = [row for row, draft in enumerate(drafts) if draft.held is not None]
    before = [drafts[row].held.values for row in rows]  # type: ignore[union-attr]  # only those that are held
    if not rows:
        return set()
    layer = drafts[0].layer
    findings = find_faults(layer, to_columns(layer, before), len(rows), date.today())
    return {
        (rows[at], finding.field, reason)
        for finding in findings
        for at, reason in finding.faults.items()
        if before[at][finding.field] == drafts[rows[at]].values[finding.field]
    }


def check_shapes(drafts: Sequence[Draft], srid: int, checked: Checked) -> None:
    """The shapes that are given, made as the layer takes them."""
    for origin, rows in group_by_origin(drafts).items():
        frame = make_frame(drafts[0].layer, origin, srid)
        found = prepare(pa.array([drafts[row].shape.wkb for row in rows], pa.binary()), frame)  # type: ignore[union-attr]
        for at, ewkb in enumerate(found.ewkb.to_pylist()):
            checked.shapes[rows[at]] = ewkb
        tell_shapes(found.faults, rows, drafts, checked.faults)
        tell_shapes(found.warnings, rows, drafts, checked.remarks)
    lacking = [row for row, draft in enumerate(drafts) if lacks_shape(draft)]
    told = {fault.index for fault in checked.faults if fault.field == GEOMETRY}
    checked.faults += [
        Fault(drafts[row].index, GEOMETRY, "", f"must have a shape; the layer takes {drafts[row].layer.geometry}")
        for row in lacking
        if drafts[row].index not in told
    ]


def lacks_shape(draft: Draft) -> bool:
    """Whether a feature would be without a shape; one that never had any may stay so."""
    if draft.held is not None and not draft.held.has_shape:
        return False
    return draft.shape is None or (draft.shape is KEEP and draft.held is None)


def group_by_origin(drafts: Sequence[Draft]) -> dict[Origin, list[int]]:
    """The rows of the drafts with a shape, by where their coordinates come from."""
    groups: dict[Origin, list[int]] = {}
    for row, draft in enumerate(drafts):
        if isinstance(draft.shape, Shape):
            groups.setdefault(draft.shape.origin, []).append(row)
    return groups


def make_frame(layer: Layer, origin: Origin, srid: int) -> Frame:
    """What shapes of an origin must become."""
    transformer = get_transformer(origin.srid, srid) if origin.srid != srid else None
    extent = project_extent(origin.extent, srid) if origin.extent is not None else None
    return Frame(layer.geometry, srid, transformer, extent, origin.swap_axes, source="the request")


def project_extent(extent: Box, srid: int) -> Box:
    """A longitude/latitude box as a box in the city's CRS, which holds all of it."""
    box: Box = get_transformer(WGS84, srid).transform_bounds(*extent)
    return box


def tell_shapes(reasons: Mapping[int, str], rows: Sequence[int], drafts: Sequence[Draft], target: list[Fault]) -> None:
    """Add what was found of shapes to `target`."""
    target.extend(Fault(drafts[rows[at]].index, GEOMETRY, "", reason) for at, reason in sorted(reasons.items()))


def show(value: object) -> str:
    """A value as messages show it, "" for none; long ones are shortened, in the message only."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
