"""What coverage runs leave behind, in schema `gis`: runs, results by ward, gaps.

Geometries are in the city's CRS, easting first.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

COVERAGE_RUN = Table(
    "coverage_run",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("service", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("distance_m", Double, nullable=False),
    Column("parameters", JSONB, nullable=False, comment="The service's file as it was read, and the day of the wards"),
    Column("facilities", Integer, nullable=False, comment="Facilities in service"),
    Index("coverage_run_service_idx", "service", "id"),
    comment="One row per run of the coverage of one service",
)

COVERAGE_RESULT = Table(
    "coverage_result",
    SYSTEM,
    Column("run_id", BigInteger, ForeignKey(COVERAGE_RUN.c.id, ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True, comment="0 is the city, then wards by code, last what is in none"),
    Column("scope", Text, nullable=False),
    Column("code", Text),
    Column("name", Text),
    Column("population", BigInteger, nullable=False),
    Column("population_served", BigInteger, nullable=False),
    Column("buildings", BigInteger, nullable=False),
    Column("buildings_served", BigInteger, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("area_served_m2", Double, nullable=False),
    Column("geom", make_geometry(), comment="The ward as it was that day; null for the rest"),
    CheckConstraint("scope IN ('city', 'ward', 'outside')", name="scope"),
    comment="Who and what a service reaches, by ward and for the city",
)

COVERAGE_GAP = Table(
    "coverage_gap",
    SYSTEM,
    Column("run_id", BigInteger, ForeignKey(COVERAGE_RUN.c.id, ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, primary_key=True, comment="1 has the most people unserved"),
    Column("ward_code", Text),
    Column("population", BigInteger, nullable=False),
    Column("buildings", BigInteger, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("geom", make_geometry(), nullable=False),
    comment="Parts of wards out of a service's reach",
)
