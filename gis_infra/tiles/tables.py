"""The program's own table about tiles. Triggers keep it; nothing here writes it."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text

from gis_infra.features.tables import LAYER_STATE
from gis_infra.storage.system import SYSTEM

LAYER_AREA = Table(
    "layer_area",
    SYSTEM,
    Column("layer", Text, ForeignKey(LAYER_STATE.c.layer, ondelete="CASCADE"), primary_key=True),
    Column("area", BigInteger, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    comment="When each part of a layer was changed last, for its tiles",
)
