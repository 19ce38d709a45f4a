"""PostGIS, the two schemas and the coordinate systems with their pinned operations."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_01"
down_revision = None
branch_labels = None
depends_on = None

# EPSG:6960, VN-2000 to WGS 84; +towgs84 takes a position vector, so the rotations have EPSG's opposite sign.
SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"

# EPSG code, central meridian in degrees, scale on it. PostGIS 3.3 lacks 9205 to 9218, and shifts the others by
# EPSG:5194 or 6960 depending on the place: 0.80 m apart, with the seam inside one city.
ZONES = (
    (3405, "105", "0.9996"),
    (3406, "111", "0.9996"),
    (5896, "102", "0.9999"),
    (5897, "105", "0.9999"),
    (5898, "108", "0.9999"),
    (5899, "107.75", "0.9999"),
    (9205, "103", "0.9999"),
    (9206, "104", "0.9999"),
    (9207, "104.5", "0.9999"),
    (9208, "104.75", "0.9999"),
    (9209, "105.5", "0.9999"),
    (9210, "105.75", "0.9999"),
    (9211, "106", "0.9999"),
    (9212, "106.25", "0.9999"),
    (9213, "106.5", "0.9999"),
    (9214, "107", "0.9999"),
    (9215, "107.25", "0.9999"),
    (9216, "107.5", "0.9999"),
    (9217, "108.25", "0.9999"),
    (9218, "108.5", "0.9999"),
)

# The authority is not "EPSG" and there is no WKT: with either, PROJ would choose the shift by itself.
UPSERT = sa.text(
    """
    INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
    VALUES (:srid, 'gis-infra', :srid, '', :proj4text)
    ON CONFLICT (srid) DO UPDATE
    SET auth_name = EXCLUDED.auth_name, auth_srid = EXCLUDED.auth_srid,
        srtext = EXCLUDED.srtext, proj4text = EXCLUDED.proj4text
    """
)


def upgrade() -> None:
    """Make them."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE SCHEMA IF NOT EXISTS gis")
    op.execute("CREATE SCHEMA IF NOT EXISTS infra")
    op.get_bind().execute(UPSERT, [{"srid": srid, "proj4text": proj4} for srid, proj4 in list_definitions()])
    city = op.create_table(
        "city",
        sa.Column("one", sa.Boolean, server_default=sa.true(), comment="True: there is one row."),
        sa.Column(
            "srid", sa.Integer, nullable=False, comment="EPSG code of the coordinate system the layers are stored in."
        ),
        sa.PrimaryKeyConstraint("one", name="city_pkey"),
        sa.CheckConstraint("one", name="city_one_check"),
        schema="gis",
        comment="What the database was made for.",
    )
    op.bulk_insert(city, [{"srid": op.get_context().config.attributes["city_srid"]}])


def list_definitions() -> list[tuple[int, str]]:
    """EPSG code and PROJ string of VN-2000 and of each of its zones."""
    ends = f"+ellps=WGS84 +towgs84={SHIFT}"
    geographic = [(4756, f"+proj=longlat {ends} +no_defs")]
    return geographic + [
        (srid, f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0=500000 +y_0=0 {ends} +units=m +no_defs")
        for srid, meridian, scale in ZONES
    ]


def downgrade() -> None:
    """Take them away; the coordinate systems and PostGIS stay, because others may use them."""
    op.drop_table("city", schema="gis")
    op.execute("DROP SCHEMA infra")
