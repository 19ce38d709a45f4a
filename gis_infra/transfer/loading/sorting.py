"""Accepted rows three ways: new ones, those whose key the layer has, and those without a key that it may have."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from gis_infra.transfer.loading.layer_keys import LayerKeys, Marks, has_key
from gis_infra.transfer.loading.spool import Spool


@dataclass(frozen=True)
class Sorted:
    """The accepted rows of a batch by what is to be done with them; all have the same columns."""

    new: pa.RecordBatch
    known: pa.RecordBatch
    keyless: pa.RecordBatch


@dataclass(frozen=True)
class Spools:
    """Rows put by until the new ones are in: see `Sorted`. refused: keys of the rows that were refused."""

    known: Spool
    keyless: Spool
    refused: Spool


@contextmanager
def open_spools() -> Iterator[Spools]:
    """Spools that are gone when the block ends."""
    with ExitStack() as stack:
        yield Spools(*(stack.enter_context(Spool()) for _ in range(3)))


def sort(accepted: pa.RecordBatch, layer: LayerKeys) -> Sorted:
    """The rows of a batch, sorted. In an empty layer all are new."""
    nothing = accepted.slice(0, 0)
    if not layer.has_rows:
        return Sorted(accepted, nothing, nothing)
    if not {"owner", "asset_code"} <= set(accepted.schema.names):
        return Sorted(nothing, nothing, accepted)
    owners, codes = accepted.column("owner"), accepted.column("asset_code")
    keyed, known = has_key(owners, codes), layer.find(owners, codes)
    return Sorted(choose(accepted, keyed & ~known), choose(accepted, known), choose(accepted, ~keyed))


def choose(batch: pa.RecordBatch, chosen: Marks) -> pa.RecordBatch:
    """The chosen rows; the batch itself if that is all of them."""
    return batch if np.all(chosen) else batch.filter(pa.array(chosen))
