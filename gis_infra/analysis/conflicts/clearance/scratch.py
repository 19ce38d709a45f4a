"""Temporary tables of clearances: pairs to look at, and where their segments meet.

Geometries are in the city's CRS, easting first; those of pairs keep the heights of their vertices.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, SmallInteger, Text

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

# Assets in the cells of a grid that their boxes touch; a line too long for a cell is here by its segments.
ENTRY = make_table(
    "entry",
    Column("layer", Integer, comment="Place of its layer in the order of the run"),
    Column("id", BigInteger),
    Column("geom", make_geometry()),
    Column("unsure_m", Double, comment="What its outside and its accuracies add to its outline"),
    Column("pad_m", Double, comment="That and half of what the rules ask for"),
    Column("x0", Double, comment="Its box, wider by the pad"),
    Column("y0", Double),
    Column("x1", Double),
    Column("y1", Double),
    Column("cell", Double),
)

MET = make_table(
    "met",
    Column("left_number", Integer, comment="Place of its layer in the order of the run"),
    Column("left_id", BigInteger),
    Column("right_number", Integer),
    Column("right_id", BigInteger),
)

# The rules as they meet parts of layers; of those of one measure that fit a pair the one with the least place counts.
JOINED = make_table(
    "joined",
    Column("place", Integer),
    Column("measure", Text),
    Column("left_number", Integer),
    Column("left_bit", BigInteger, comment="Set in the fits of the rows it speaks of"),
    Column("right_number", Integer),
    Column("right_bit", BigInteger),
    Column("rule", Integer, comment="Place of the rule; null if it asks for nothing"),
    Column("required_m", Double),
)

PARTNER = make_table(
    "partner",
    Column("asset", BigInteger, comment="Numbers the assets that met another"),
    Column("layer_number", Integer),
    Column("id", BigInteger),
)

ASSET = make_table(
    "asset",
    Column("asset", BigInteger),
    Column("layer_number", Integer),
    Column("layer", Text),
    Column("sector", Text),
    Column("id", BigInteger),
    Column("code", Text),
    Column("owner", Text),
    Column("duct", Text),
    Column("geom", make_geometry()),
    Column("fits", BigInteger, comment="Bits of the parts of its layer that it belongs to"),
    Column("radius_m", Double, comment="Half its outer width"),
    Column("plan_m", Double, comment="Its horizontal accuracy"),
    Column("plan_known", Boolean),
    Column("height_m", Double, comment="Its vertical accuracy"),
    Column("height_known", Boolean),
    Column("lowest_m", Double, comment="The lowest bottom anywhere along it; null where not known"),
    Column("highest_m", Double),
    Column("frame", SmallInteger, comment="What its heights count from; vertical.py"),
    Column("by_z", Boolean),
    Column("ref_up", Double),
    Column("ref_down", Double),
    Column("top_over", Double),
    Column("bottom_over", Double),
)

CLEARANCE_PAIR = make_table(
    "clearance_pair",
    Column("pair", BigInteger, comment="Its number"),
    Column("left_asset", BigInteger),
    Column("right_asset", BigInteger),
    Column("is_lines", Boolean, comment="Two lines: measured by their segments"),
    Column("horizontal_number", Integer, comment="Place of the rule that counts in the plan; null if none asks"),
    Column("horizontal_m", Double, comment="What it asks for"),
    Column("vertical_number", Integer, comment="Null too where the heights are known to keep the distance everywhere"),
    Column("vertical_m", Double),
    Column("spatial_number", Integer),
    Column("spatial_m", Double),
    Column("plan_accuracy_m", Double, comment="Sum of both horizontal accuracies"),
    Column("plan_known", Boolean),
    Column("height_accuracy_m", Double, comment="Sum of both vertical accuracies"),
    Column("height_known", Boolean),
    Column("radii_m", Double, comment="Sum of both half widths"),
    Column("reach_m", Double, comment="What is farther apart than this in the plan is clear"),
)

# The straight segments of the lines of pairs, and where their reference height lies at either end.
SEGMENT = make_table(
    "segment",
    Column("asset", BigInteger),
    Column("path", Integer, comment="Its place along the line"),
    Column("start_m", Double, comment="Where it begins along the line, in the plan"),
    Column("length_m", Double),
    Column("x", Double),
    Column("y", Double),
    Column("end_x", Double),
    Column("end_y", Double),
    Column("along_x", Double, comment="Its direction, of length 1"),
    Column("along_y", Double),
    Column("ref_start", Double, comment="Reference height; null where not known"),
    Column("ref_end", Double),
)

# Segments of two lines of a pair that are near each other.
FACING = make_table(
    "facing",
    Column("pair", BigInteger),
    Column("left_path", Integer),
    Column("right_path", Integer),
    Column("start_m", Double, comment="Where the left one begins along its line"),
    Column("length_m", Double),
    Column("right_m", Double, comment="Length of the right one"),
    Column("x", Double, comment="Where the left one begins, and its direction"),
    Column("y", Double),
    Column("along_x", Double),
    Column("along_y", Double),
    Column("near_along", Double, comment="Where the right one begins, as metres along the left one and across it"),
    Column("near_across", Double),
    Column("cosine", Double, comment="Of the angle from the left one to the right one"),
    Column("sine", Double),
    Column("left_start", Double, comment="Reference heights at both ends of either"),
    Column("left_end", Double),
    Column("right_start", Double),
    Column("right_end", Double),
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
