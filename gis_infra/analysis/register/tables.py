"""What the conflict analysis leaves behind, in schema `gis`: its runs and the register of conflicts.

Geometries are in the city's CRS, easting first. The register keeps what a rule said when the conflict was found, so
that an entry still explains itself after the rule files have changed. That runs and conflicts which others name are
there is kept by triggers (migration 21), which ask once a statement.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

STATUSES = ("new", "active", "reviewed", "approved", "resolved")
SEVERITIES = ("violation", "possible", "vertical_unknown", "opportunity")
SIDES = ("left", "right", "above", "below", "across", "inside")
RUN_ACTIONS = ("found", "found_again", "changed", "gone", "came_back")
PEOPLE_ACTIONS = ("owned", "assigned", "due", "commented", "reviewed", "approved", "resolved", "reopened")
ACTIONS = RUN_ACTIONS + PEOPLE_ACTIONS


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
    Column("scope", Text, nullable=False, server_default="city", comment="city, box or changes"),
    Column("focus", Integer, comment="Assets it was narrowed to; null for the whole city"),
    Column("answers", JSONB, nullable=False, server_default="{}", comment="By severity: findings of it"),
    Column("reasons", JSONB, nullable=False, server_default="{}", comment="By rule not checked: why"),
    CheckConstraint("scope IN ('city', 'box', 'changes')", name="scope"),
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
    Column("distance_m", Double, comment="Null where heights are unknown"),
    Column("length_m", Double, nullable=False, comment="Of the left asset that is too near; 0 for points and areas"),
    Column("geom", make_geometry(), nullable=False, comment="Worst place, a point"),
    Column("lonlat", make_geometry(), Computed("ST_Transform(geom, 4326)", persisted=True), comment="Longitude first"),
    Column("reach", make_geometry(), comment="The part of the left asset that is too near"),
    Column("found_on", DateTime(timezone=True), nullable=False, comment="First found, or again after it was resolved"),
    Column("last_run_id", BigInteger, nullable=False, comment="Last run that found it otherwise than before"),
    Column("resolved_on", DateTime(timezone=True)),
    Column("side", Text, comment="Where the right asset lies from the left one, looking along it; null for others"),
    Column("stretch", Integer, nullable=False, server_default="1", comment="Along the left asset, from 1"),
    Column("accuracy_m", Double, comment="Sum of both accuracies"),
    Column(
        "accuracy_known",
        Boolean,
        nullable=False,
        server_default="false",
        comment="False where one of them is not recorded",
    ),
    Column("vertical_m", Double, comment="Bottom of the upper less top of the lower; null where heights are unknown"),
    Column("street", Text, comment="Name of the nearest street when last found"),
    Column(
        "owner",
        Text,
        ForeignKey(DEPARTMENT.c.code, onupdate="CASCADE", ondelete="SET NULL"),
        comment="Department that has to settle it",
    ),
    Column(
        "assignee",
        Text,
        ForeignKey(PERSON.c.username, onupdate="CASCADE", ondelete="SET NULL"),
        comment="User name of who works on it",
    ),
    Column("due_on", Date),
    Column("reason", Text, comment="Why it has the status a person gave it; one that is approved has it"),
    Column(
        "status_on",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.now(),
        comment="Since when it has its status",
    ),
    Column("status_by", Text, comment="User name of who gave it; null for a run"),
    Column("version", BigInteger, nullable=False, server_default="1", comment="Rises with every change"),
    CheckConstraint("status IN ('new', 'active', 'reviewed', 'approved', 'resolved')", name="status"),
    CheckConstraint("severity IN ('violation', 'possible', 'vertical_unknown', 'opportunity')", name="severity"),
    CheckConstraint("(right_layer IS NULL) = (right_id IS NULL)", name="right_whole"),
    CheckConstraint("side IN ('left', 'right', 'above', 'below', 'across', 'inside')", name="side"),
    CheckConstraint("status <> 'approved' OR reason IS NOT NULL", name="reason"),
    Index("conflict_geom_idx", "geom", postgresql_using="gist"),
    Index("conflict_lonlat_idx", "lonlat", postgresql_using="gist"),
    Index("conflict_left_idx", "left_layer", "left_id"),
    Index("conflict_right_idx", "right_layer", "right_id"),
    Index("conflict_rule_idx", "rule"),
    Index("conflict_owner_idx", "owner"),
    Index("conflict_assignee_idx", "assignee"),
    Index("conflict_street_idx", "street"),
    comment="The register of conflicts, kept over runs",
)

CONFLICT_EVENT = Table(
    "conflict_event",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conflict_id", BigInteger, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False, comment="User name; of a run, who asked for it"),
    Column("run_id", BigInteger, comment="Null for what a person did"),
    Column("text", Text, comment="The comment or the reason"),
    Column("changes", JSONB, comment="By column: its value before and after"),
    CheckConstraint(
        "action IN ('found', 'found_again', 'changed', 'gone', 'came_back', 'owned', 'assigned', 'due', 'commented', "
        "'reviewed', 'approved', 'resolved', 'reopened')",
        name="action",
    ),
    Index("conflict_event_conflict_id_idx", "conflict_id", "id"),
    comment="What became of each conflict, by whom and when",
)
