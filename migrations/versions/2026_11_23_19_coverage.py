"""Coverage runs keep what they looked at, each place, facility and site; schedules run them by the calendar."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "2026_11_23_19"
down_revision = "2026_11_23_18"
branch_labels = None
depends_on = None

SCHEMA = "gis"
MOMENT = sa.DateTime(timezone=True)
LONLAT = "ST_Transform(geom, 4326)"
PERIODS = "period IN ('month', 'half_year', 'year')"


def upgrade() -> None:
    """Make them; what older runs found is carried over."""
    add_to_runs()
    change_results()
    change_gaps()
    create_facilities()
    create_places()
    create_sites()
    create_schedules()
    op.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def make_geometry() -> Geometry:
    """A geometry without type modifier, in the city's CRS."""
    return Geometry(geometry_type=None, srid=-1, spatial_index=False)


def make_lonlat() -> sa.Column[object]:
    """The same geometry in longitude/latitude, kept by the database itself."""
    return sa.Column("lonlat", make_geometry(), sa.Computed(LONLAT, persisted=True), comment="Longitude first")


def make_service() -> sa.Column[str]:
    """The run's service, so that a feature says what it is of."""
    return sa.Column("service", sa.Text, nullable=False, server_default="")


def make_share(name: str, unit: str = "") -> sa.Column[float]:
    """The share that is served of what is counted in two columns; null of nothing."""
    share = f"{name}_served{unit} / NULLIF({name}{unit}, (0)::double precision)"
    return sa.Column(f"{name}_share", sa.Double, sa.Computed(share, persisted=True), comment="From 0 to 1")


def add_to_runs() -> None:
    """What a run was asked for, who may see it, and what was found by the way."""
    op.alter_column("coverage_run", "distance_m", nullable=True, schema=SCHEMA)
    for column in (
        sa.Column("person_id", sa.BigInteger, comment="Who asked for it; null where it is not known any more"),
        sa.Column("shared", sa.Boolean, nullable=False, server_default="true", comment="False: for its person alone"),
        sa.Column("official", sa.Boolean, nullable=False, server_default="true", comment="As the standard says"),
        sa.Column("period", sa.Text, comment="Of the series it belongs to"),
        sa.Column("period_from", sa.Date, comment="First day of that period"),
        sa.Column("title", sa.Text, nullable=False, server_default="", comment="As its person calls it"),
        sa.Column("minutes", sa.Double, comment="The reach where it is a time"),
        sa.Column("demand", sa.Text, nullable=False, server_default=""),
        sa.Column("level", sa.Text, nullable=False, server_default="commune", comment="Of the units"),
        sa.Column("day", sa.Date, comment="The units are those of that day"),
        sa.Column("takes", ARRAY(sa.Text), comment="layer:sensitivity of all rows that took part; null: not known"),
        sa.Column("data", JSONB, nullable=False, server_default="{}", comment="By layer: its revision and rows"),
        sa.Column("told", JSONB, nullable=False, server_default="{}", comment="What was found by the way, counted"),
        sa.Column(
            "digest", sa.Text, nullable=False, server_default="", comment="Of all figures; the same: same result"
        ),
        sa.Column("what_if", JSONB, comment="What it assumes; null: nothing"),
        sa.Column("sites", JSONB, comment="What search for sites was asked for, and its bound; null: none"),
        sa.Column("reach", make_geometry(), comment="Area that is reached, drawn with fewer points"),
    ):
        op.add_column("coverage_run", column, schema=SCHEMA)
    op.create_check_constraint(op.f("coverage_run_period_check"), "coverage_run", PERIODS, schema=SCHEMA)
    op.create_index(
        "coverage_run_period_idx",
        "coverage_run",
        ["service", "period", "period_from"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("period IS NOT NULL"),
    )


def change_results() -> None:
    """Results by unit have all indicators; people are no longer whole."""
    op.rename_table("coverage_result", "coverage_unit", schema=SCHEMA)
    op.drop_constraint("coverage_result_pkey", "coverage_unit", schema=SCHEMA)
    op.drop_constraint("coverage_result_scope_check", "coverage_unit", schema=SCHEMA)
    op.execute("UPDATE gis.coverage_unit SET scope = 'unit' WHERE scope = 'ward'")
    op.execute(
        "ALTER TABLE gis.coverage_unit RENAME CONSTRAINT coverage_result_run_id_fkey TO coverage_unit_run_id_fkey"
    )
    names = {
        "place": "position",
        "population": "people",
        "population_served": "people_served",
        "buildings": "places",
        "buildings_served": "places_served",
    }
    for old, new in names.items():
        op.alter_column("coverage_unit", old, new_column_name=new, schema=SCHEMA)
    for name in ("people", "people_served", "places", "places_served"):
        op.alter_column("coverage_unit", name, type_=sa.Double, schema=SCHEMA)
    op.alter_column("coverage_unit", "area_served_m2", nullable=True, schema=SCHEMA)
    op.alter_column(
        "coverage_unit", "position", schema=SCHEMA, comment="0 is the city, then units by code, last what is in none"
    )
    op.alter_column("coverage_unit", "geom", schema=SCHEMA, comment="The unit as it was that day; null for the rest")
    for column in (
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("population", sa.Double, comment="The unit's known number, null where it has none"),
        sa.Column("people_unassigned", sa.Double, comment="Within reach of full facilities only"),
        sa.Column("facilities", sa.Integer, nullable=False, server_default="0", comment="That lie in it"),
        sa.Column("amount", sa.Double, comment="Of what the service gives, of the facilities in it"),
        sa.Column("mean_distance", sa.Double, comment="Weighted by people; metres or minutes, as the run's reach"),
        sa.Column("median_distance", sa.Double),
        sa.Column("p90_distance", sa.Double),
        sa.Column("largest_distance", sa.Double),
        sa.Column(
            "classes",
            JSONB,
            nullable=False,
            server_default="[]",
            comment="By distance: ten up to twice the reach, beyond",
        ),
        sa.Column(
            "indicators", JSONB, nullable=False, server_default="{}", comment="Shares and means; null: no answer"
        ),
        sa.Column("targets", JSONB, nullable=False, server_default="[]", comment="Each target and whether it is met"),
        make_service(),
        make_share("people"),
        make_share("places"),
        make_share("area", "_m2"),
        make_lonlat(),
    ):
        op.add_column("coverage_unit", column, schema=SCHEMA)
    op.create_primary_key("coverage_unit_pkey", "coverage_unit", ["id"], schema=SCHEMA)
    op.create_unique_constraint(
        "coverage_unit_run_id_position_key", "coverage_unit", ["run_id", "position"], schema=SCHEMA
    )
    op.create_check_constraint(
        op.f("coverage_unit_scope_check"), "coverage_unit", "scope IN ('city', 'unit', 'outside')", schema=SCHEMA
    )
    index_shapes("coverage_unit")
    op.create_table_comment(
        "coverage_unit",
        "Who and what a service reaches, by unit and for the city",
        existing_comment="Who and what a service reaches, by ward and for the city",
        schema=SCHEMA,
    )


def change_gaps() -> None:
    """Gaps are features of their own."""
    op.drop_constraint("coverage_gap_pkey", "coverage_gap", schema=SCHEMA)
    for old, new in {"ward_code": "unit_code", "population": "people", "buildings": "places"}.items():
        op.alter_column("coverage_gap", old, new_column_name=new, schema=SCHEMA)
    for name in ("people", "places"):
        op.alter_column("coverage_gap", name, type_=sa.Double, schema=SCHEMA)
    op.add_column("coverage_gap", sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False), schema=SCHEMA)
    op.add_column("coverage_gap", make_service(), schema=SCHEMA)
    op.add_column("coverage_gap", make_lonlat(), schema=SCHEMA)
    op.create_primary_key("coverage_gap_pkey", "coverage_gap", ["id"], schema=SCHEMA)
    op.create_unique_constraint("coverage_gap_run_id_rank_key", "coverage_gap", ["run_id", "rank"], schema=SCHEMA)
    index_shapes("coverage_gap")
    op.create_table_comment(
        "coverage_gap",
        "Parts of units out of a service's reach",
        existing_comment="Parts of wards out of a service's reach",
        schema=SCHEMA,
    )


def make_owned(name: str, *columns: sa.Column[object], comment: str, is_tied: bool = True) -> None:
    """A table of what a run found, each row a feature. is_tied: by a foreign key, which is asked of every row."""
    tie = sa.ForeignKeyConstraint(["run_id"], ["gis.coverage_run.id"], name=f"{name}_run_id_fkey", ondelete="CASCADE")
    op.create_table(
        name,
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger, nullable=False),
        make_service(),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"{name}_pkey"),
        *([tie] if is_tied else []),
        schema=SCHEMA,
        comment=comment,
    )
    op.create_index(f"{name}_run_id_idx", name, ["run_id"], schema=SCHEMA)


def index_shapes(name: str) -> None:
    """Have features found by where they are."""
    for column in ("geom", "lonlat"):
        op.create_index(f"{name}_{column}_idx", name, [column], schema=SCHEMA, postgresql_using="gist")


def create_facilities() -> None:
    """Whom each facility serves."""
    make_owned(
        "coverage_facility",
        sa.Column("layer", sa.Text, comment="Null for one that was drawn"),
        sa.Column("facility_id", sa.BigInteger, comment="Its row; null for one that was drawn"),
        sa.Column("code", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("unit_code", sa.Text),
        sa.Column("people", sa.Double, nullable=False, comment="Whose nearest it is, or who are assigned to it"),
        sa.Column("places", sa.Double, nullable=False),
        sa.Column("reach", sa.Double, comment="Metres or minutes, as the run's; null without"),
        sa.Column("capacity", sa.Double, comment="People; null without limit"),
        sa.Column("geom", make_geometry(), nullable=False),
        make_lonlat(),
        sa.CheckConstraint("state IN ('kept', 'drawn', 'planned', 'out')", name=op.f("coverage_facility_state_check")),
        comment="Facilities of a coverage run and whom they serve",
    )
    index_shapes("coverage_facility")


def create_places() -> None:
    """Each place of a run: how far it is, and whether it is served. Millions of rows, written once."""
    make_owned(
        "coverage_place",
        sa.Column("place_id", sa.BigInteger, nullable=False, comment="Its row in the layer of the demand"),
        sa.Column("unit_code", sa.Text),
        sa.Column("people", sa.Double, nullable=False),
        sa.Column("distance", sa.Double, comment="Metres or minutes, as the run's reach; null without"),
        sa.Column("facility_id", sa.BigInteger, comment="The row it is measured to; null for a drawn one or none"),
        sa.Column("served", sa.Double, nullable=False, comment="Share from 0 to 1"),
        sa.Column("geom", make_geometry(), nullable=False, comment="A point"),
        sa.Column("lonlat", make_geometry(), nullable=False, comment="Longitude first"),
        comment="Places of a coverage run, kept for the latest runs only",
        is_tied=False,
    )
    for column in ("geom", "lonlat"):
        # Rows come in the order of a curve that keeps neighbours together, so that a small index does.
        op.create_index(
            f"coverage_place_{column}_idx",
            "coverage_place",
            [column],
            schema=SCHEMA,
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32},
        )


def create_sites() -> None:
    """Where one more facility would help most."""
    make_owned(
        "coverage_site",
        sa.Column("rank", sa.Integer, nullable=False, comment="1 is to be built first"),
        sa.Column("candidate", sa.Text, comment="What it is called: a row, a node, a point given"),
        sa.Column("gain", sa.Double, nullable=False, comment="People newly served"),
        sa.Column("cumulative", sa.Double, nullable=False, comment="With all before it"),
        sa.Column("geom", make_geometry(), nullable=False, comment="A point"),
        make_lonlat(),
        comment="Proposed sites of a coverage run",
    )
    index_shapes("coverage_site")


def create_schedules() -> None:
    """Which services are run by the calendar."""
    op.create_table(
        "coverage_schedule",
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("begun_on", sa.Date, nullable=False, comment="Periods that ended before are not run"),
        sa.Column("actor", sa.Text, nullable=False, comment="Who asked for it"),
        sa.PrimaryKeyConstraint("service", "period", name="coverage_schedule_pkey"),
        sa.CheckConstraint(PERIODS, name=op.f("coverage_schedule_period_check")),
        schema=SCHEMA,
        comment="Services whose coverage is run when a period has ended",
    )


def downgrade() -> None:
    """Take them away; people are whole numbers again, and what the old tables cannot hold is lost."""
    for name in ("coverage_schedule", "coverage_site", "coverage_place", "coverage_facility"):
        op.drop_table(name, schema=SCHEMA)
    op.execute(Path(__file__).with_name("2026_11_23_19_coverage_back.sql").read_text(encoding="utf-8"))
