"""Whether rows keep to what their layer allows: bounds, forms, lengths, codes, what must be there, what must hold.

Pure: from columns to findings, the same for a file's batches and for features sent to a service. The table holds most
of it as constraints too; asked here first, a bad row is told in words, with all that is wrong with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gis_infra.catalogue.definitions import TODAY, Check, Comparison, Field, Layer, Term
from gis_infra.catalogue.units import get_ratio

NUL = "\x00"
SLACK = 1e-9  # relative: what sums of decimals differ by in binary, far below any measure
COMPARE: Mapping[Comparison, Callable[[pa.Array, float | pa.Array], pa.Array]] = {
    "<": pc.less,
    "<=": pc.less_equal,
    "=": pc.equal,
    ">=": pc.greater_equal,
    ">": pc.greater,
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with rows in one respect.

    field: the field it is told of. faults: index of the row -> reason, which says what is allowed. is_error: whether
    such a row is refused. is_lack: whether the rows have no value.
    """

    field: str
    faults: Mapping[int, str]
    is_error: bool = True
    is_lack: bool = False


def find_faults(layer: Layer, columns: Mapping[str, pa.Array], rows: int, today: date) -> tuple[Finding, ...]:
    """Everything the layer does not allow in rows, in the order of its fields and then of its checks.

    columns: by field name, in the field's type and unit; a field without a column has no value in any row. rows: how
    many there are. today: the day by which what must not lie in the future is judged.
    """
    every = (*check_fields(layer, columns), *check_required(layer, columns, rows), *run_checks(layer, columns, today))
    return tuple(finding for finding in every if finding.faults)


def check_fields(layer: Layer, columns: Mapping[str, pa.Array]) -> Iterator[Finding]:
    """Values that are not allowed in their field. Null is not judged here."""
    for field in layer.fields:
        if field.name in columns:
            yield Finding(field.name, check_column(columns[field.name], field))


def check_column(column: pa.Array, field: Field) -> dict[int, str]:
    """What is wrong with the values of one field: index -> reason."""
    if field.type in {"integer", "number"}:
        return check_bounds(column, field)
    if field.type == "text":
        return check_text(column, field)
    return check_codes(column, field) if field.type == "code" else {}


def check_bounds(column: pa.Array, field: Field) -> dict[int, str]:
    """Numbers below the least or above the greatest that is allowed, and numbers that are none."""
    unit = f" {field.unit}" if field.unit else ""
    faults: dict[int, str] = {}
    if pa.types.is_floating(column.type):
        faults |= tell(pc.invert(pc.is_finite(column)), "is not a finite number")
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
    """Values in which the pattern is not found, by Python: Arrow's RE2 does not read all that PostgreSQL does."""
    coded = column.dictionary_encode()
    wrong = pa.array([not pattern.search(value) for value in coded.dictionary.to_pylist()], pa.bool_())
    return tell(wrong.take(coded.indices), f"does not have the form {shown}")


def check_codes(column: pa.Array, field: Field) -> dict[int, str]:
    """Values that are no code of the field."""
    known = pc.is_in(column, pa.array(list(field.codes), column.type))
    unknown = pc.and_(pc.invert(known), pc.is_valid(column))
    return tell(unknown, f"is none of the codes {', '.join(field.codes)}")


def check_required(layer: Layer, columns: Mapping[str, pa.Array], rows: int) -> Iterator[Finding]:
    """Rows without a value the layer asks for."""
    for field in layer.fields:
        if field.required and not field.system:
            column = columns.get(field.name)
            missing = pc.is_null(column) if column is not None else pa.repeat(pa.scalar(True), rows)
            yield Finding(field.name, tell(missing, "must have a value"), is_lack=True)


def run_checks(layer: Layer, columns: Mapping[str, pa.Array], today: date) -> Iterator[Finding]:
    """Rows in which something does not hold that must, or should, hold between their attributes."""
    for check in layer.checks:
        if all(name in columns for name in check.field_names):
            wrong = pc.invert(hold(check, layer, columns, today))
            yield Finding(
                check.field_names[0],
                {row: explain(check, columns, row) for row in list_true(wrong)},
                is_error=check.severity == "error",
            )


def hold(check: Check, layer: Layer, columns: Mapping[str, pa.Array], today: date) -> pa.Array:
    """Whether a check holds, row by row; null where a value is missing, true where the check does not apply."""
    if layer.get_field(check.field_names[0]).type == "date":
        sides = (take_dates(check.left[0], columns, today), take_dates(check.right[0], columns, today))
        holds = COMPARE[check.comparison](*sides)
    else:
        holds = compare_sums(check, layer, columns)
    for name, codes in check.unless.items():
        if name in columns:
            exempt = pc.is_in(columns[name], pa.array(codes, pa.string()))
            holds = pc.or_kleene(holds, exempt)
    return holds


def take_dates(term: Term, columns: Mapping[str, pa.Array], today: date) -> pa.Array | pa.Scalar:
    """The dates of a field, or the day of checking."""
    return pa.scalar(today, pa.date32()) if term.value == TODAY else columns[str(term.value)]


def compare_sums(check: Check, layer: Layer, columns: Mapping[str, pa.Array]) -> pa.Array:
    """Whether the sums compare as they must. What decimals lose in binary is not held against them."""
    left = add_terms(check.left, check, layer, columns)
    right = add_terms(check.right, check, layer, columns)
    difference = pc.subtract(left, right)
    slack = pc.multiply(pc.add(pc.abs(left), pc.add(pc.abs(right), 1.0)), SLACK)
    if check.comparison == "=":
        return pc.less_equal(pc.abs(difference), pc.add(slack, check.tolerance))
    # A strict comparison fails where the sums are equal but for the slack; the others hold there.
    bound = pc.negate(slack) if check.comparison in {"<", ">="} else slack
    return COMPARE[check.comparison](difference, bound)


def add_terms(
    terms: tuple[Term, ...], check: Check, layer: Layer, columns: Mapping[str, pa.Array]
) -> pa.Array | pa.Scalar:
    """The sum of a side, in the unit of the check."""
    total: pa.Array | pa.Scalar = pa.scalar(0.0)
    for term in terms:
        if isinstance(term.value, str):
            amount = to_unit(columns[term.value], layer.get_field(term.value).unit, check.unit)
        else:
            amount = pa.scalar(float(term.value))
        total = pc.add(total, amount) if term.sign > 0 else pc.subtract(total, amount)
    return total


def to_unit(column: pa.Array, unit: str | None, target: str | None) -> pa.Array:
    """Numbers in another unit, as floats."""
    numbers = column.cast(pa.float64(), safe=False)
    if unit is None or target is None or unit == target:
        return numbers
    ratio = get_ratio(unit, target)
    return pc.divide(pc.multiply(numbers, float(ratio.numerator)), float(ratio.denominator))


def explain(check: Check, columns: Mapping[str, pa.Array], row: int) -> str:
    """What must hold, and the other values of the row it is about."""
    others = dict.fromkeys(check.field_names[1:])
    values = [f"{name} is {columns[name][row].as_py()}" for name in others if name != check.field_names[0]]
    here = f"; here {', '.join(values)}" if values else ""
    return f"must hold: {check.text} ({check.title.en}){here}"


def tell(wrong: pa.Array, reason: str) -> dict[int, str]:
    """The rows for which `wrong` is true, each with the reason."""
    return dict.fromkeys(list_true(wrong), reason)


def list_true(flags: pa.Array) -> list[int]:
    """The indices at which flags are true; null is not."""
    if not pc.any(flags, min_count=0).as_py():
        return []
    found: list[int] = np.flatnonzero(flags.fill_null(False).to_numpy(zero_copy_only=False)).tolist()
    return found
