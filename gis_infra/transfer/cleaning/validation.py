"""Whether values keep to what the layer allows: bounds, patterns, lengths, what must be there, codes used once.

The table holds the same rules as constraints; asked here first, so that a bad row is told and left out instead of
ending the whole import.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as make_field

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ARRAY, Connection, Table, Text, any_, literal, select

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


Lookup = Callable[[Iterable[tuple[str, str]]], set[tuple[str, str]]]


@dataclass
class CodesSeen:
    """The pairs of owner and asset code met so far in one file, and how to ask for those the table has.

    find_taken: pairs -> those of them that are in the table; not called without pairs.
    """

    find_taken: Lookup
    seen: dict[str, set[str]] = make_field(default_factory=dict)

    def check(self, owners: pa.Array, codes: pa.Array, skip: set[int]) -> dict[int, str]:
        """Rows whose pair is in the table or came before in the file: index -> reason.

        skip: rows rejected already, whose codes are not taken by them.
        """
        pairs = {
            row: (owner, code)
            for row, (owner, code) in enumerate(zip(owners.to_pylist(), codes.to_pylist(), strict=True))
            if owner is not None and code is not None and row not in skip
        }
        taken = self.find_taken(pairs.values()) if pairs else set()
        faults = {row: tell_taken(pair) for row, pair in pairs.items() if pair in taken}
        for row, (owner, code) in pairs.items():
            before = self.seen.setdefault(owner, set())
            if row not in faults and code in before:
                faults[row] = f"came before in this file, for the same owner {owner!r}"
            before.add(code)
        return faults


def tell_taken(pair: tuple[str, str]) -> str:
    """The reason for a pair that the table has."""
    return f"is already in the layer, for the same owner {pair[0]!r}"


def find_taken_codes(connection: Connection, table: Table, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those pairs of owner and asset code that rows of the table have."""
    by_owner: dict[str, list[str]] = {}
    for owner, code in pairs:
        by_owner.setdefault(owner, []).append(code)
    found: set[tuple[str, str]] = set()
    for owner, codes in by_owner.items():
        listed = any_(literal(codes, ARRAY(Text)))
        query = select(table.c.asset_code).where(table.c.owner == owner, table.c.asset_code == listed)
        found |= {(owner, code) for (code,) in connection.execute(query)}
    return found
