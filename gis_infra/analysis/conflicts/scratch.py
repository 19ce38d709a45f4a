"""Temporary tables of a conflict run: pairs to look at, what is found, what the rules say.

Geometries are in the city's CRS, easting first, without heights.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

CANDIDATE = make_table(
    "candidate",
    Column("number", Integer, comment="Place of the rule among those of the run"),
    Column("parallel", Boolean, comment="Only where the two run side by side"),
    Column("joinable", Boolean, comment="Being joined, or in one tunnel, exempts"),
    Column("required_m", Double),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("left_geom", make_geometry()),
    Column("left_radius_m", Double),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
    Column("right_geom", make_geometry()),
    Column("right_radius_m", Double),
    Column("same_sector", Boolean),
)

FINDING = make_table(
    "finding",
    Column("number", Integer),
    Column("required_m", Double),
    Column("distance_m", Double),
    Column("length_m", Double),
    Column("place", make_geometry()),
    Column("reach", make_geometry()),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
)

CONTAINER = make_table("container", Column("area", make_geometry()))

SAID = make_table(
    "said",
    Column("number", Integer),
    Column("pack", Text),
    Column("rule", Text),
    Column("kind", Text),
    Column("rule_title_vi", Text),
    Column("rule_title_en", Text),
    Column("clause", Text),
    Column("source", Text),
    Column("legal_basis", Text),
    Column("verified", Boolean),
)
