"""Findings on their way into the temporary table `finding`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from gis_infra.analysis.conflicts.clearance.assets import Assets
from gis_infra.analysis.conflicts.clearance.pieces import ANSWERS, SIDES, Found
from gis_infra.analysis.conflicts.scratch import FINDING
from gis_infra.analysis.ragged import Marks, Numbers
from gis_infra.features.loading import copy_batches

POINT = 0x20000001  # with its SRID
EWKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")])


def write(connection: Connection, assets: Assets, layers: tuple[str, ...], srid: int, found: Iterable[Found]) -> None:
    """Add findings to `finding`. layers: by number."""
    for _ in copy_batches(connection, FINDING, list_batches(assets, layers, srid, found)):
        pass


def list_batches(
    assets: Assets, layers: tuple[str, ...], srid: int, found: Iterable[Found]
) -> Iterator[pa.RecordBatch]:
    """Findings as Arrow batches with the columns of the table."""
    for each in found:
        if len(each):
            yield pa.RecordBatch.from_pydict(to_columns(assets, layers, srid, each))


def to_columns(assets: Assets, layers: tuple[str, ...], srid: int, found: Found) -> Mapping[str, pa.Array]:
    """The columns of the table, by name."""
    columns = {
        "number": to_array(found.number, pa.int32()),
        "severity": pick(ANSWERS, found.answer),
        "side": pick(SIDES, found.side),
        "stretch": to_array(found.stretch, pa.int32()),
        "required_m": to_numbers(found.required_m),
        "distance_m": to_numbers(found.distance_m),
        "accuracy_m": to_numbers(found.accuracy_m),
        "accuracy_known": pa.Array.from_buffers(pa.bool_(), len(found), [None, pack(found.accuracy_known)]),
        "vertical_m": to_numbers(found.vertical_m),
        "length_m": to_numbers(found.length_m),
        "place": to_points(found.x, found.y, srid),
        "reach": to_texts(found.reach.tolist(), pa.binary()),
    }
    for side, rows in (("left", found.left), ("right", found.right)):
        chosen = to_array(rows, pa.int64())
        columns[f"{side}_layer"] = pick(layers, assets.layer[rows])
        columns[f"{side}_id"] = to_array(assets.id[rows], pa.int64())
        columns[f"{side}_code"] = assets.code.take(chosen)
        columns[f"{side}_owner"] = assets.owner.take(chosen)
    return columns


def to_array(values: NDArray[Any], kind: pa.DataType, known: pa.Buffer | None = None) -> pa.Array:
    """Numbers as Arrow has them; made of their bytes, because Arrow's own way loads pandas, which takes a while.

    known: the bits of those that are not null; None: all.
    """
    content = np.ascontiguousarray(values.astype(kind.to_pandas_dtype(), copy=False))
    return pa.Array.from_buffers(kind, len(values), [known, pa.py_buffer(content)])


def to_numbers(values: Numbers) -> pa.Array:
    """Numbers, null for nan."""
    return to_array(values, pa.float64(), pack(~np.isnan(values)))


def pack(marks: Marks) -> pa.Buffer:
    """Marks as bits."""
    return pa.py_buffer(np.packbits(marks, bitorder="little"))


def to_texts(texts: Sequence[bytes | None], kind: pa.DataType) -> pa.Array:
    """Texts as Arrow has them, null for None."""
    known = pack(np.array([each is not None for each in texts], dtype=bool))
    ends = np.cumsum([0, *(len(each or b"") for each in texts)], dtype=np.int32)
    content = b"".join(each for each in texts if each is not None)
    return pa.Array.from_buffers(kind, len(texts), [known, pa.py_buffer(ends), pa.py_buffer(content)])


def pick(words: Sequence[str | None], places: NDArray[Any]) -> pa.Array:
    """The word at each place."""
    known = to_texts([each if each is None else each.encode() for each in words], pa.string())
    return known.take(to_array(places, pa.int64()))


def to_points(x: Numbers, y: Numbers, srid: int) -> pa.Array:
    """Places as EWKB."""
    points = np.empty(len(x), EWKB_POINT)
    points["order"], points["type"], points["srid"], points["x"], points["y"] = 1, POINT, srid, x, y
    offsets = np.arange(len(x) + 1, dtype=np.int32) * EWKB_POINT.itemsize
    return pa.BinaryArray.from_buffers(pa.binary(), len(x), [None, pa.py_buffer(offsets), pa.py_buffer(points)])
