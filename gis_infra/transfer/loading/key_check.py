"""Whether the key of a row may be taken: it comes once in the file and, where that is asked, is new to the layer."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from gis_infra.transfer.loading.keys import Keys, Marks
from gis_infra.transfer.loading.layer_keys import LayerKeys, has_key
from gis_infra.transfer.loading.spool import Spool

IN_LAYER = 2**32 - 1  # in place of the number of an earlier row


@dataclass
class KeyCheck:
    """The keys of one file, checked batch by batch in file order.

    known: the keys a row must not have, None if it may have any. refused: where the keys of refused rows are put by,
    None if nobody asks for them.
    """

    known: LayerKeys | None = None
    refused: Spool | None = None
    keys: Keys = field(default_factory=Keys)

    def check(self, owners: pa.Array, codes: pa.Array, rejected: set[int], first: int) -> dict[int, str]:
        """Rows whose key is taken: index -> reason. A row without owner or code has no key and is never refused.

        rejected: rows refused already, whose keys are not taken by them. first: number of the first row in the file.
        """
        keyed = has_key(owners, codes)
        judged = np.flatnonzero(keyed & ~mark(rejected, len(keyed)))
        before = self.keys.add(owners.take(judged), codes.take(judged), (judged + first).astype(np.uint32))
        known = self.find_known(owners.take(judged), codes.take(judged))
        before[known] = IN_LAYER
        taken = np.flatnonzero(before)
        faults = {int(judged[at]): tell(owners[judged[at]].as_py(), int(before[at])) for at in taken}
        self.put_by(owners, codes, keyed & mark(rejected | faults.keys(), len(keyed)))
        return faults

    def find_known(self, owners: pa.Array, codes: pa.Array) -> Marks:
        """Whether the layer has each key that a row must not have."""
        return self.known.find(owners, codes) if self.known is not None else np.zeros(len(owners), bool)

    def put_by(self, owners: pa.Array, codes: pa.Array, chosen: Marks) -> None:
        """Keep the keys of refused rows: the file does not lack them."""
        if self.refused is not None and chosen.any():
            keys = pa.RecordBatch.from_pydict({"owner": owners, "asset_code": codes})
            self.refused.add(keys.filter(pa.array(chosen)))


def mark(rows: set[int], size: int) -> Marks:
    """True at the rows."""
    marks = np.zeros(size, bool)
    marks[list(rows)] = True
    return marks


def tell(owner: str, row: int) -> str:
    """The reason for a key that came before in row `row` of the file, or that the layer has."""
    if row == IN_LAYER:
        return f"is already in the layer, for the same owner {owner!r}"
    return f"came before in this file, for the same owner {owner!r}, in row {row}"
