"""Temporary tables into which rows are copied that come from elsewhere.

Geometries are in the city's CRS, easting first, with the heights they have.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

ARRIVED = make_table(
    "arrived",
    Column("layer", Text),
    Column("id", BigInteger),
    Column("own", Boolean, comment="False for what is there because of what it is near to"),
    Column("record", JSON, comment="The attributes, but for what is null"),
    Column("geom", make_geometry()),
)

TOLD = make_table("told", Column("record", JSON, comment="A finding, but for what is null"))
