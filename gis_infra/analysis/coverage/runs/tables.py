"""What coverage runs leave behind, in schema `gis`.

Geometries `geom` are in the city's CRS, easting first, `lonlat` the same in longitude/latitude. All that belongs to a
run goes with it.
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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gis_infra.analysis.geometries import make_geometry
from gis_infra.storage.system import SYSTEM

PERIODS = "period IN ('month', 'half_year', 'year')"
STATES = ("kept", "drawn", "planned", "out")


def make_run_id() -> Column[int]:
    """The run a row belongs to."""
    return Column("run_id", BigInteger, ForeignKey("gis.coverage_run.id", ondelete="CASCADE"), nullable=False)


def make_service() -> Column[str]:
    """The run's service, so that a feature says what it is of."""
    return Column("service", Text, nullable=False, server_default="")


def make_lonlat() -> Column[object]:
    """The geometry in longitude/latitude, kept by the database itself."""
    shift = Computed("ST_Transform(geom, 4326)", persisted=True)
    return Column("lonlat", make_geometry(), shift, comment="Longitude first")


def make_share(name: str, unit: str = "") -> Column[float]:
    """The share that is served of what is counted in two columns; null of nothing."""
    share = f"{name}_served{unit} / NULLIF({name}{unit}, (0)::double precision)"
    return Column(f"{name}_share", Double, Computed(share, persisted=True), comment="From 0 to 1")


def index_shapes(name: str) -> tuple[Index, Index]:
    """Indexes by which features are found where they are."""
    return (
        Index(f"{name}_geom_idx", "geom", postgresql_using="gist"),
        Index(f"{name}_lonlat_idx", "lonlat", postgresql_using="gist"),
    )


COVERAGE_RUN = Table(
    "coverage_run",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("service", Text, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("distance_m", Double),
    Column("parameters", JSONB, nullable=False, comment="The service's file as it was read, and the day of the wards"),
    Column("facilities", Integer, nullable=False, comment="Facilities in service"),
    Column("person_id", BigInteger, comment="Who asked for it; null where it is not known any more"),
    Column("shared", Boolean, nullable=False, server_default="true", comment="False: for its person alone"),
    Column("official", Boolean, nullable=False, server_default="true", comment="As the standard says"),
    Column("period", Text, comment="Of the series it belongs to"),
    Column("period_from", Date, comment="First day of that period"),
    Column("title", Text, nullable=False, server_default="", comment="As its person calls it"),
    Column("minutes", Double, comment="The reach where it is a time"),
    Column("demand", Text, nullable=False, server_default=""),
    Column("level", Text, nullable=False, server_default="commune", comment="Of the units"),
    Column("day", Date, comment="The units are those of that day"),
    Column("takes", ARRAY(Text), comment="layer:sensitivity of all rows that took part; null: not known"),
    Column("data", JSONB, nullable=False, server_default="{}", comment="By layer: its revision and rows"),
    Column("told", JSONB, nullable=False, server_default="{}", comment="What was found by the way, counted"),
    Column("digest", Text, nullable=False, server_default="", comment="Of all figures; the same: same result"),
    Column("what_if", JSONB, comment="What it assumes; null: nothing"),
    Column("sites", JSONB, comment="What search for sites was asked for, and its bound; null: none"),
    Column("reach", make_geometry(), comment="Area that is reached, drawn with fewer points"),
    CheckConstraint(PERIODS, name="period"),
    Index("coverage_run_service_idx", "service", "id"),
    Index(
        "coverage_run_period_idx",
        "service",
        "period",
        "period_from",
        unique=True,
        postgresql_where=text("period IS NOT NULL"),
    ),
    comment="One row per run of the coverage of one service",
)

COVERAGE_UNIT = Table(
    "coverage_unit",
    SYSTEM,
    make_run_id(),
    make_service(),
    Column("position", Integer, nullable=False, comment="0 is the city, then units by code, last what is in none"),
    Column("scope", Text, nullable=False),
    Column("code", Text),
    Column("name", Text),
    Column("people", Double, nullable=False),
    Column("people_served", Double, nullable=False),
    Column("places", Double, nullable=False),
    Column("places_served", Double, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("area_served_m2", Double),
    Column("geom", make_geometry(), comment="The unit as it was that day; null for the rest"),
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("population", Double, comment="The unit's known number, null where it has none"),
    Column("people_unassigned", Double, comment="Within reach of full facilities only"),
    Column("facilities", Integer, nullable=False, server_default="0", comment="That lie in it"),
    Column("amount", Double, comment="Of what the service gives, of the facilities in it"),
    Column("mean_distance", Double, comment="Weighted by people; metres or minutes, as the run's reach"),
    Column("median_distance", Double),
    Column("p90_distance", Double),
    Column("largest_distance", Double),
    Column(
        "classes", JSONB, nullable=False, server_default="[]", comment="By distance: ten up to twice the reach, beyond"
    ),
    Column("indicators", JSONB, nullable=False, server_default="{}", comment="Shares and means; null: no answer"),
    Column("targets", JSONB, nullable=False, server_default="[]", comment="Each target and whether it is met"),
    make_share("people"),
    make_share("places"),
    make_share("area", "_m2"),
    make_lonlat(),
    UniqueConstraint("run_id", "position"),
    CheckConstraint("scope IN ('city', 'unit', 'outside')", name="scope"),
    *index_shapes("coverage_unit"),
    comment="Who and what a service reaches, by unit and for the city",
)

COVERAGE_GAP = Table(
    "coverage_gap",
    SYSTEM,
    make_run_id(),
    make_service(),
    Column("rank", Integer, nullable=False, comment="1 has the most people unserved"),
    Column("unit_code", Text),
    Column("people", Double, nullable=False),
    Column("places", Double, nullable=False),
    Column("area_m2", Double, nullable=False),
    Column("geom", make_geometry(), nullable=False),
    Column("id", BigInteger, Identity(), primary_key=True),
    make_lonlat(),
    UniqueConstraint("run_id", "rank"),
    *index_shapes("coverage_gap"),
    comment="Parts of units out of a service's reach",
)

COVERAGE_FACILITY = Table(
    "coverage_facility",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    make_run_id(),
    make_service(),
    Column("layer", Text, comment="Null for one that was drawn"),
    Column("facility_id", BigInteger, comment="Its row; null for one that was drawn"),
    Column("code", Text),
    Column("name", Text),
    Column("state", Text, nullable=False),
    Column("unit_code", Text),
    Column("people", Double, nullable=False, comment="Whose nearest it is, or who are assigned to it"),
    Column("places", Double, nullable=False),
    Column("reach", Double, comment="Metres or minutes, as the run's; null without"),
    Column("capacity", Double, comment="People; null without limit"),
    Column("geom", make_geometry(), nullable=False),
    make_lonlat(),
    CheckConstraint("state IN ('kept', 'drawn', 'planned', 'out')", name="state"),
    Index("coverage_facility_run_id_idx", "run_id"),
    *index_shapes("coverage_facility"),
    comment="Facilities of a coverage run and whom they serve",
)

COVERAGE_PLACE = Table(
    "coverage_place",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    # No foreign key, which is asked of each of a million rows: a trigger takes them away with their run.
    Column("run_id", BigInteger, nullable=False),
    make_service(),
    Column("place_id", BigInteger, nullable=False, comment="Its row in the layer of the demand"),
    Column("unit_code", Text),
    Column("people", Double, nullable=False),
    Column("distance", Double, comment="Metres or minutes, as the run's reach; null without"),
    Column("facility_id", BigInteger, comment="The row it is measured to; null for a drawn one or none"),
    Column("served", Double, nullable=False, comment="Share from 0 to 1"),
    Column("geom", make_geometry(), nullable=False, comment="A point"),
    Column("lonlat", make_geometry(), nullable=False, comment="Longitude first"),
    Index("coverage_place_run_id_idx", "run_id"),
    # Rows come in the order of a curve that keeps neighbours together, so that a small index does.
    Index("coverage_place_geom_idx", "geom", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
    Index("coverage_place_lonlat_idx", "lonlat", postgresql_using="brin", postgresql_with={"pages_per_range": 32}),
    comment="Places of a coverage run, kept for the latest runs only",
)

COVERAGE_SITE = Table(
    "coverage_site",
    SYSTEM,
    Column("id", BigInteger, Identity(), primary_key=True),
    make_run_id(),
    make_service(),
    Column("rank", Integer, nullable=False, comment="1 is to be built first"),
    Column("candidate", Text, comment="What it is called: a row, a node, a point given"),
    Column("gain", Double, nullable=False, comment="People newly served"),
    Column("cumulative", Double, nullable=False, comment="With all before it"),
    Column("geom", make_geometry(), nullable=False, comment="A point"),
    make_lonlat(),
    Index("coverage_site_run_id_idx", "run_id"),
    *index_shapes("coverage_site"),
    comment="Proposed sites of a coverage run",
)

COVERAGE_SCHEDULE = Table(
    "coverage_schedule",
    SYSTEM,
    Column("service", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("begun_on", Date, nullable=False, comment="Periods that ended before are not run"),
    Column("actor", Text, nullable=False, comment="Who asked for it"),
    CheckConstraint(PERIODS, name="period"),
    comment="Services whose coverage is run when a period has ended",
)
