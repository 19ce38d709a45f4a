"""Temporary tables of a coverage run: facilities, demand, wards.

Geometries are in the city's CRS, easting first, without heights.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

FACILITY = make_table(
    "facility",
    Column("id", BigInteger),
    Column("geom", make_geometry()),
    Column("distance_m", Double),
)

DEMAND = make_table(
    "demand",
    Column("id", BigInteger),
    Column("place", make_geometry(), comment="A point"),
    Column("people", BigInteger),
    Column("ward", BigInteger),
    Column("served", Boolean),
)

WARD = make_table(
    "ward",
    Column("id", BigInteger),
    Column("code", Text),
    Column("name", Text),
    Column("geom", make_geometry()),
    Column("gap", make_geometry(), comment="The part no facility reaches"),
)
