"""The program's own tables about layers: revision, counts and extents. Triggers keep them; nothing here writes them."""

from sqlalchemy import BigInteger, Column, DateTime, Double, ForeignKey, Table, Text, func

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
