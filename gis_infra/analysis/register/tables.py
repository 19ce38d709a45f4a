"""What the conflict analysis leaves behind, in schema `gis`: its runs and the register of conflicts.

Geometries are in the city's CRS, easting first. The register keeps what a rule said when the conflict was found, so
that an entry still explains itself after the rule files have changed.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

STATUSES = ("new", "active", "reviewed", "approved", "resolved")


CONFLICT_RUN = Table(
    "conflict_run",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("packs", ARRAY(Text), nullable=False),
    Column("rules_version", Text, nullable=False, comment="The same as long as rules and classes say the same"),
    Column("rules", ARRAY(Text), nullable=False, comment="Rules that were checked"),
    Column("rules_not_checked", ARRAY(Text), nullable=False, comment="In force, but not to be checked yet"),
    Column("checked", JSONB, nullable=False, comment="By layer: rows looked at, and what they lacked"),
    Column("found", Integer, nullable=False),
    Column("found_new", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    comment="One row per run of the conflict analysis",
)

CONFLICT = Table(
    "conflict",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True, comment="Of rule and assets; the same in every run"),
    Column("status", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rule_title_vi", Text, nullable=False),
    Column("rule_title_en", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("left_layer", Text, nullable=False),
    Column("left_id", BigInteger, nullable=False),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("right_layer", Text, comment="Null where the rule speaks of one asset"),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
    Column("required_m", Double, nullable=False),
    Column("distance_m", Double, nullable=False),
    Column("length_m", Double, nullable=False, comment="Of the left asset that is too near; 0 for points and areas"),
    Column("geom", make_geometry(), nullable=False, comment="Worst place, a point"),
    Column("lonlat", make_geometry(), Computed("ST_Transform(geom, 4326)", persisted=True), comment="Longitude first"),
    Column("reach", make_geometry(), comment="The part of the left asset that is too near"),
    Column("found_on", DateTime(timezone=True), nullable=False, comment="First found, or again after it was resolved"),
    Column("last_run_id", BigInteger, ForeignKey(CONFLICT_RUN.c.id), nullable=False, comment="Last run that found it"),
    Column("resolved_on", DateTime(timezone=True)),
    CheckConstraint("status IN ('new', 'active', 'reviewed', 'approved', 'resolved')", name="status"),
    CheckConstraint("severity IN ('violation', 'possible')", name="severity"),
    CheckConstraint("(right_layer IS NULL) = (right_id IS NULL)", name="right_whole"),
    Index("conflict_geom_idx", "geom", postgresql_using="gist"),
    Index("conflict_lonlat_idx", "lonlat", postgresql_using="gist"),
    Index("conflict_left_idx", "left_layer", "left_id"),
    Index("conflict_right_idx", "right_layer", "right_id"),
    Index("conflict_rule_idx", "rule"),
    comment="The register of conflicts, kept over runs",
)
