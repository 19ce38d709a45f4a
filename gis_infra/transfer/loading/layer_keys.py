"""Which keys, owner and asset code, the rows of a layer have already."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ARRAY, BigInteger, Connection, Select, String, Table, Text, exists, func, literal, select

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LayerKeys:
    """The keys of a layer, as of one moment.

    connection: of `storage.transactions.reading`, begun when nobody can change the layer any more. has_rows, has_keys:
    whether there is any row, and any with a key; where there is none, nothing is asked.
    """

    connection: Connection
    table: Table
    has_rows: bool
    has_keys: bool

    def find(self, owners: pa.Array, codes: pa.Array) -> Marks:
        """Whether the layer has each key; one without owner or code it does not have."""
        known = np.zeros(len(owners), bool)
        keyed = np.flatnonzero(has_key(owners, codes))
        if self.has_keys and keyed.size:
            query = select_known(self.table, owners.take(keyed).to_pylist(), codes.take(keyed).to_pylist())
            places = np.fromiter(self.connection.execute(query).scalars(), np.int64) - 1
            known[keyed[places]] = True
        return known


def open_layer(connection: Connection, table: Table) -> LayerKeys:
    """The keys of the layer behind `table`."""
    any_row = exists().select_from(table)
    keyed = table.c.owner.is_not(None) & table.c.asset_code.is_not(None)
    has_rows, has_keys = connection.execute(select(any_row, any_row.where(keyed))).one()
    return LayerKeys(connection, table, has_rows, has_keys)


def has_key(owners: pa.Array, codes: pa.Array) -> Marks:
    """Whether rows have both an owner and a code."""
    marks: Marks = pc.and_(pc.is_valid(owners), pc.is_valid(codes)).to_numpy(zero_copy_only=False)
    return marks


def select_known(table: Table, owners: list[str], codes: list[str]) -> Select[int]:
    """The places, from 1, of those pairs that rows of the table have."""
    texts = ARRAY(Text)
    asked = (
        func.unnest(literal(owners, texts), literal(codes, texts))
        .table_valued("owner", "code", with_ordinality="place", name="asked")
        .render_derived()
    )
    same = (table.c.owner == asked.c.owner.cast(String)) & (table.c.asset_code == asked.c.code.cast(String))
    return select(asked.c.place.cast(BigInteger)).join_from(asked, table, same)
