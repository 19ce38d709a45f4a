"""Whether values keep to what the layer allows: bounds, patterns, lengths, what must be there.

The table holds the same rules as constraints; asked here first, so that a bad row is told and left out instead of
ending the whole import.
"""

import re
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import Field, Layer

NUL = "\x00"


def check_column(column: pa.Array, field: Field) -> dict[int, str]:
    """What is wrong with the values of a field: index in the batch -> reason. Null is not judged here."""
    faults: dict[int, str] = {}
    if field.type in {"integer", "number"}:
        faults |= check_bounds(column, field)
    if field.type == "text":
        faults |= check_text(column, field)
    return faults


def check_bounds(column: pa.Array, field: Field) -> dict[int, str]:
    """Numbers below the least or above the greatest that is allowed."""
    unit = f" {field.unit}" if field.unit else ""
    faults: dict[int, str] = {}
    if field.minimum is not None:
        faults |= tell(pc.less(column, field.minimum), f"is below the least allowed, {field.minimum:g}{unit}")
    if field.maximum is not None:
        faults |= tell(pc.greater(column, field.maximum), f"is above the greatest allowed, {field.maximum:g}{unit}")
    return faults


def check_text(column: pa.Array, field: Field) -> dict[int, str]:
    """Text that is too long, does not have the form asked for, or holds what no database text can."""
    faults = tell(pc.match_substring(column, NUL), "holds a NUL character")
    if field.max_length is not None:
        too_long = pc.greater(pc.utf8_length(column), field.max_length)
        faults |= tell(too_long, f"is longer than the {field.max_length} letters allowed; it is not cut")
    if field.pattern is not None:
        faults |= check_pattern(column, re.compile(field.pattern), field.pattern)
    return faults


def check_pattern(column: pa.Array, pattern: re.Pattern[str], shown: str) -> dict[int, str]:
    """Values in which the pattern is not found."""
    reason = f"does not have the form {shown}"
    values = enumerate(column.to_pylist())
    return {row: reason for row, value in values if value is not None and not pattern.search(value)}


def tell(wrong: pa.Array, reason: str) -> dict[int, str]:
    """The rows for which `wrong` is true, each with the reason."""
    if not pc.any(wrong, min_count=0).as_py():
        return {}
    return {row: reason for row, bad in enumerate(wrong.to_pylist()) if bad}


def check_required(columns: Mapping[str, pa.Array], layer: Layer, rows: int) -> dict[str, dict[int, str]]:
    """Rows without a value the layer asks for: field -> index in the batch -> reason."""
    faults: dict[str, dict[int, str]] = {}
    for field in layer.fields:
        if field.required and not field.system:
            column = columns.get(field.name)
            missing = pc.is_null(column) if column is not None else pa.array([True] * rows)
            faults[field.name] = tell(missing, "must have a value")
    return {name: found for name, found in faults.items() if found}
