"""The tables of locks, and of the features each of them holds."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Table, Text, Uuid, func

from gis_infra.storage.system import SYSTEM

MOMENT = DateTime(timezone=True)

LOCK = Table(
    "feature_lock",
    SYSTEM,
    Column("id", Uuid, primary_key=True),
    # The name and no key: history, too, knows people by their names.
    Column("username", Text, nullable=False, index=True, comment="Whose it is; nobody else can use it"),
    Column("duration_s", Integer, nullable=False, comment="How long it lasts when it is made or renewed"),
    Column("created_at", MOMENT, nullable=False, server_default=func.now()),
    Column("expires_at", MOMENT, nullable=False, index=True, comment="When it ends; kept a day to tell so"),
    comment="Locks that people hold on features",
)
LOCKED = Table(
    "locked_feature",
    SYSTEM,
    Column("layer", Text, primary_key=True),
    Column("feature_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lock_id", Uuid, ForeignKey(LOCK.c.id, ondelete="CASCADE"), nullable=False, index=True),
    comment="The features that locks hold, one lock a feature",
)
