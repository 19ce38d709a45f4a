"""The program's own tables about layers: revision, counts, extents, and who put features in.

Triggers keep them; nothing here writes them.
"""

from sqlalchemy import BigInteger, Column, DateTime, Double, ForeignKey, Identity, Index, Table, Text, func
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from gis_infra.storage.system import SYSTEM

LAYER_STATE = Table(
    "layer_state",
    SYSTEM,
    Column("layer", Text, primary_key=True),
    Column("revision", BigInteger, nullable=False, server_default="0"),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# sensitivity is "" for rows that say nothing; the extent is longitude/latitude.
LAYER_TALLY = Table(
    "layer_tally",
    SYSTEM,
    Column("layer", Text, ForeignKey(LAYER_STATE.c.layer, ondelete="CASCADE"), primary_key=True),
    Column("sensitivity", Text, primary_key=True),
    Column("features", BigInteger, nullable=False),
    Column("west", Double),
    Column("south", Double),
    Column("east", Double),
    Column("north", Double),
)

# How many features have their ids in each block of 2^BLOCK_BITS.
BLOCK_BITS = 12
LAYER_BLOCK = Table(
    "layer_block",
    SYSTEM,
    Column("layer", Text, ForeignKey(LAYER_STATE.c.layer, ondelete="CASCADE"), primary_key=True),
    Column("block", BigInteger, primary_key=True, autoincrement=False),
    Column("features", BigInteger, nullable=False),
    comment="How many features of each layer have their ids in each block of 4,096",
)

# A line for each statement that put features in, but for imports; first_at and last_at are the least and the greatest
# updated_at of their rows.
CREATION = Table(
    "creation",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("layer", Text, nullable=False),
    Column("ids", INT8MULTIRANGE, nullable=False),
    Column("first_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_via", Text, nullable=False),
    Column("made_import", BigInteger),
    Index(None, "ids", postgresql_using="gist"),
)
