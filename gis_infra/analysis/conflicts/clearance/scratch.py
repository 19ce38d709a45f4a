"""Temporary tables of clearances: pairs to look at, and where their segments meet.

Geometries are in the city's CRS, easting first; those of pairs keep the heights of their vertices.
"""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, SmallInteger, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table


def list_side_columns(side: str) -> tuple[Column[Any], ...]:
    """The columns of one asset of a pair."""
    return (
        Column(f"{side}_layer", Text),
        Column(f"{side}_id", BigInteger),
        Column(f"{side}_code", Text),
        Column(f"{side}_owner", Text),
        Column(f"{side}_geom", make_geometry()),
        Column(f"{side}_radius_m", Double, comment="Half its outer width"),
        Column(f"{side}_frame", SmallInteger, comment="What its heights count from; vertical.py"),
        Column(f"{side}_by_z", Boolean),
        Column(f"{side}_ref_up", Double),
        Column(f"{side}_ref_down", Double),
        Column(f"{side}_top_over", Double),
        Column(f"{side}_bottom_over", Double),
    )


MET = make_table(
    "met",
    Column("left_number", Integer, comment="Place of its layer in the order of the run"),
    Column("left_id", BigInteger),
    Column("right_number", Integer),
    Column("right_id", BigInteger),
    Column("horizontal_number", Integer, comment="Place of the rule that counts; null if none asks for anything"),
    Column("vertical_number", Integer),
    Column("spatial_number", Integer),
)

ASKED = make_table("asked", Column("number", Integer), Column("required_m", Double))

ASSET = make_table(
    "asset",
    Column("number", Integer),
    Column("layer", Text),
    Column("sector", Text),
    Column("id", BigInteger),
    Column("code", Text),
    Column("owner", Text),
    Column("duct", Text),
    Column("geom", make_geometry()),
    Column("radius_m", Double),
    Column("plan_m", Double, comment="Its horizontal accuracy"),
    Column("plan_known", Boolean),
    Column("height_m", Double, comment="Its vertical accuracy"),
    Column("height_known", Boolean),
    Column("frame", SmallInteger),
    Column("by_z", Boolean),
    Column("ref_up", Double),
    Column("ref_down", Double),
    Column("top_over", Double),
    Column("bottom_over", Double),
)

CLEARANCE_PAIR = make_table(
    "clearance_pair",
    Column("pair", BigInteger, comment="Its number"),
    Column("is_lines", Boolean, comment="Two lines: measured by their segments"),
    Column("same_sector", Boolean, comment="Being joined exempts"),
    Column("horizontal_number", Integer, comment="Place of the rule that counts in the plan; null if none asks"),
    Column("horizontal_m", Double, comment="What it asks for"),
    Column("vertical_number", Integer),
    Column("vertical_m", Double),
    Column("spatial_number", Integer),
    Column("spatial_m", Double),
    Column("plan_accuracy_m", Double, comment="Sum of both horizontal accuracies"),
    Column("plan_known", Boolean),
    Column("height_accuracy_m", Double, comment="Sum of both vertical accuracies"),
    Column("height_known", Boolean),
    *list_side_columns("left"),
    *list_side_columns("right"),
)

# The straight segments of the lines of pairs, and where their reference height lies at either end.
SEGMENT = make_table(
    "segment",
    Column("pair", BigInteger),
    Column("is_left", Boolean),
    Column("path", Integer, comment="Its place along the line"),
    Column("start_m", Double, comment="Where it begins along the line, in the plan"),
    Column("length_m", Double),
    Column("x", Double),
    Column("y", Double),
    Column("along_x", Double, comment="Its direction, of length 1"),
    Column("along_y", Double),
    Column("ref_start", Double, comment="Reference height; null where not known"),
    Column("ref_end", Double),
    Column("geom", make_geometry(), comment="Without heights"),
)

# Pieces of left lines along which the right asset is near; where the left one is no line, all of it.
PIECE = make_table(
    "piece",
    Column("pair", BigInteger),
    Column("number", Integer, comment="Place of the rule"),
    Column("spatial", Boolean, comment="Measured in space, not in the plan"),
    Column("required_m", Double),
    Column("accuracy_m", Double),
    Column("accuracy_known", Boolean),
    Column("left_path", Integer, comment="The segments, of two lines"),
    Column("right_path", Integer),
    Column("from_m", Double, comment="Along the left line; null where it is no line"),
    Column("to_m", Double),
    Column("at_m", Double, comment="The worst place along the left line"),
    Column("plan_m", Double, comment="Distance between the outsides in the plan there"),
    Column("measured_m", Double, comment="What the rule asks about; null where heights cannot be compared"),
    Column("gap_m", Double, comment="Between the heights there"),
    Column("side", Text),
    Column("place", make_geometry()),
)

CONTAINER = make_table("container", Column("area", make_geometry()))
