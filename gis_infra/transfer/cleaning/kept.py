"""The columns of a file that map to no field: kept in the row as one JSON object, so that nothing of a file is lost.

A file that was exported here has such an object in a column of its own, which goes back as it was.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

EXPORTED = "source_attributes"


def render(table: pa.Table) -> pa.Array:
    """One JSON object a row, as text, of the values that are there; null for a row that has none."""
    if EXPORTED in table.column_names or any(pa.types.is_nested(kind) for kind in table.schema.types):
        return render_rows(table)
    pairs = [render_pairs(name, table[name].combine_chunks()) for name in table.column_names]
    # Each pair brings its own comma: told to skip nulls, Arrow leaves out a row that has nothing else.
    inner = pc.binary_join_element_wise(*pairs, "", null_handling="replace", null_replacement="")
    whole = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(inner, 1), "}", "")
    return pc.if_else(pc.equal(inner, ""), pa.scalar(None, pa.string()), whole)


def render_pairs(name: str, column: pa.Array) -> pa.Array:
    """A column's name and value as JSON has them, after a comma; null where there is no value."""
    coded = column.dictionary_encode()
    key = orjson.dumps(name).decode()
    values = coded.dictionary.to_pylist()
    texts = [None if value == "" else f",{key}:{orjson.dumps(value, default=show).decode()}" for value in values]
    return pa.array(texts, pa.string()).take(coded.indices)


def render_rows(table: pa.Table) -> pa.Array:
    """The same row by row, for what cannot be done by columns."""
    rows = (join(drop_empty(row)) for row in table.to_pylist())
    return pa.array([orjson.dumps(row, default=show).decode() if row else None for row in rows], pa.string())


def drop_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there."""
    return {name: value for name, value in row.items() if value is not None and value != ""}


def join(row: dict[str, Any]) -> dict[str, Any]:
    """The values with those of an exported object among them; where both have one of a name, the column's own stays."""
    inner = parse_object(row.get(EXPORTED))
    if inner is None:
        return row
    return {**inner, **{name: value for name, value in row.items() if name != EXPORTED}}


def parse_object(value: object) -> dict[str, Any] | None:
    """The JSON object a text holds, None if it holds something else."""
    if not isinstance(value, str):
        return None
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def show(value: object) -> str:
    """Bytes as hex, for JSON, which has none; anything else as text."""
    return value.hex() if isinstance(value, bytes) else str(value)
