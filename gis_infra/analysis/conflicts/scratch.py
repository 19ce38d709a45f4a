"""Temporary tables of a conflict run: what is found, and what the rules say.

Geometries are in the city's CRS, easting first, without heights.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

FINDING = make_table(
    "finding",
    Column("number", Integer, comment="Place of the rule among those of the run"),
    Column("severity", Text, comment="violation, possible, vertical_unknown or opportunity"),
    Column("side", Text, comment="Where the right asset lies from the left one; docs/conflicts.md, Side"),
    Column("stretch", Integer, comment="Number along the left line, from 1"),
    Column("required_m", Double),
    Column("distance_m", Double, comment="Null where heights cannot be compared"),
    Column("accuracy_m", Double, comment="Sum of both accuracies"),
    Column("accuracy_known", Boolean, comment="False where an accuracy of either is neither recorded nor implied"),
    Column("vertical_m", Double, comment="Bottom of the upper less top of the lower; null where not known"),
    Column("length_m", Double, comment="Of the left asset that is not clear; 0 for points and areas"),
    Column("place", make_geometry(), comment="Worst place, a point"),
    Column("reach", make_geometry(), comment="The part of the left asset that is not clear"),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
)

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
