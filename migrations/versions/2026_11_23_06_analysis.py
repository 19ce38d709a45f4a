"""Conflict runs and register, coverage runs."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "2026_11_23_06"
down_revision = "2026_11_23_05"
branch_labels = None
depends_on = None

SCHEMA = "gis"
MOMENT = sa.DateTime(timezone=True)
STATUSES = "status IN ('new', 'active', 'reviewed', 'approved', 'resolved')"
SERIAL = sa.Identity()
LONLAT = "ST_Transform(geom, 4326)"


def upgrade() -> None:
    """Make them."""
    create_conflict_run()
    create_conflict()
    create_coverage_run()
    create_coverage_result()
    create_coverage_gap()


def make_geometry() -> Geometry:
    """A geometry without type modifier, in the city's CRS."""
    return Geometry(geometry_type=None, srid=-1, spatial_index=False)


def create_conflict_run() -> None:
    """One row per run of the conflict analysis."""
    op.create_table(
        "conflict_run",
        sa.Column("id", sa.BigInteger, SERIAL, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("packs", ARRAY(sa.Text), nullable=False),
        sa.Column(
            "rules_version", sa.Text, nullable=False, comment="The same as long as rules and classes say the same"
        ),
        sa.Column("rules", ARRAY(sa.Text), nullable=False, comment="Rules that were checked"),
        sa.Column(
            "rules_not_checked",
            ARRAY(sa.Text),
            nullable=False,
            comment="In force, but not to be checked yet",
        ),
        sa.Column("checked", JSONB, nullable=False, comment="By layer: rows looked at, and what they lacked"),
        sa.Column("found", sa.Integer, nullable=False),
        sa.Column("found_new", sa.Integer, nullable=False),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("resolved", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="conflict_run_pkey"),
        schema=SCHEMA,
        comment="One row per run of the conflict analysis",
    )


def create_conflict() -> None:
    """The register."""
    op.create_table(
        "conflict",
        sa.Column("id", sa.BigInteger, SERIAL, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False, comment="Of rule and assets; the same in every run"),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rule_title_vi", sa.Text, nullable=False),
        sa.Column("rule_title_en", sa.Text, nullable=False),
        sa.Column("clause", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("legal_basis", sa.Text, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("left_layer", sa.Text, nullable=False),
        sa.Column("left_id", sa.BigInteger, nullable=False),
        sa.Column("left_code", sa.Text),
        sa.Column("left_owner", sa.Text),
        sa.Column("right_layer", sa.Text, comment="Null where the rule speaks of one asset"),
        sa.Column("right_id", sa.BigInteger),
        sa.Column("right_code", sa.Text),
        sa.Column("right_owner", sa.Text),
        sa.Column("required_m", sa.Double, nullable=False),
        sa.Column("distance_m", sa.Double, nullable=False),
        sa.Column(
            "length_m", sa.Double, nullable=False, comment="Of the left asset that is too near; 0 for points and areas"
        ),
        sa.Column("geom", make_geometry(), nullable=False, comment="Worst place, a point"),
        sa.Column("lonlat", make_geometry(), sa.Computed(LONLAT, persisted=True), comment="Longitude first"),
        sa.Column("reach", make_geometry(), comment="The part of the left asset that is too near"),
        sa.Column("found_on", MOMENT, nullable=False, comment="First found, or again after it was resolved"),
        sa.Column("last_run_id", sa.BigInteger, nullable=False, comment="Last run that found it"),
        sa.Column("resolved_on", MOMENT),
        sa.PrimaryKeyConstraint("id", name="conflict_pkey"),
        sa.UniqueConstraint("fingerprint", name="conflict_fingerprint_key"),
        sa.ForeignKeyConstraint(["last_run_id"], ["gis.conflict_run.id"], name="conflict_last_run_id_fkey"),
        sa.CheckConstraint(STATUSES, name=op.f("conflict_status_check")),
        sa.CheckConstraint("severity IN ('violation', 'possible')", name=op.f("conflict_severity_check")),
        sa.CheckConstraint("(right_layer IS NULL) = (right_id IS NULL)", name=op.f("conflict_right_whole_check")),
        schema=SCHEMA,
        comment="The register of conflicts, kept over runs",
    )
    for column in ("geom", "lonlat"):
        op.create_index(f"conflict_{column}_idx", "conflict", [column], schema=SCHEMA, postgresql_using="gist")
    op.create_index("conflict_left_idx", "conflict", ["left_layer", "left_id"], schema=SCHEMA)
    op.create_index("conflict_right_idx", "conflict", ["right_layer", "right_id"], schema=SCHEMA)
    op.create_index("conflict_rule_idx", "conflict", ["rule"], schema=SCHEMA)


def create_coverage_run() -> None:
    """One row per run of the coverage of one service."""
    op.create_table(
        "coverage_run",
        sa.Column("id", sa.BigInteger, SERIAL, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("distance_m", sa.Double, nullable=False),
        sa.Column(
            "parameters", JSONB, nullable=False, comment="The service's file as it was read, and the day of the wards"
        ),
        sa.Column("facilities", sa.Integer, nullable=False, comment="Facilities in service"),
        sa.PrimaryKeyConstraint("id", name="coverage_run_pkey"),
        schema=SCHEMA,
        comment="One row per run of the coverage of one service",
    )
    op.create_index("coverage_run_service_idx", "coverage_run", ["service", "id"], schema=SCHEMA)


def create_coverage_result() -> None:
    """Who and what a service reaches, by ward and for the city."""
    op.create_table(
        "coverage_result",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column(
            "place", sa.Integer, nullable=False, comment="0 is the city, then wards by code, last what is in none"
        ),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("population", sa.BigInteger, nullable=False),
        sa.Column("population_served", sa.BigInteger, nullable=False),
        sa.Column("buildings", sa.BigInteger, nullable=False),
        sa.Column("buildings_served", sa.BigInteger, nullable=False),
        sa.Column("area_m2", sa.Double, nullable=False),
        sa.Column("area_served_m2", sa.Double, nullable=False),
        sa.Column("geom", make_geometry(), comment="The ward as it was that day; null for the rest"),
        sa.PrimaryKeyConstraint("run_id", "place", name="coverage_result_pkey"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["gis.coverage_run.id"], name="coverage_result_run_id_fkey", ondelete="CASCADE"
        ),
        sa.CheckConstraint("scope IN ('city', 'ward', 'outside')", name=op.f("coverage_result_scope_check")),
        schema=SCHEMA,
        comment="Who and what a service reaches, by ward and for the city",
    )


def create_coverage_gap() -> None:
    """Parts of wards out of a service's reach."""
    op.create_table(
        "coverage_gap",
        sa.Column("run_id", sa.BigInteger, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False, comment="1 has the most people unserved"),
        sa.Column("ward_code", sa.Text),
        sa.Column("population", sa.BigInteger, nullable=False),
        sa.Column("buildings", sa.BigInteger, nullable=False),
        sa.Column("area_m2", sa.Double, nullable=False),
        sa.Column("geom", make_geometry(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "rank", name="coverage_gap_pkey"),
        sa.ForeignKeyConstraint(
            ["run_id"], ["gis.coverage_run.id"], name="coverage_gap_run_id_fkey", ondelete="CASCADE"
        ),
        schema=SCHEMA,
        comment="Parts of wards out of a service's reach",
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("coverage_gap", "coverage_result", "coverage_run", "conflict", "conflict_run"):
        op.drop_table(table, schema=SCHEMA)
