"""Temporary table of pairs that a rule may speak of: what the statements of this room measure. Runs nothing.

Geometries are in the city's CRS, easting first, without heights.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Double,
    FromClause,
    Integer,
    Text,
    case,
    cast,
    func,
    literal,
    null,
)

from gis_infra.analysis.geometries import make_geometry
from gis_infra.analysis.scratch import make_table

NEIGHBOUR = make_table(
    "neighbour",
    Column("number", Integer, comment="Place of the rule among those of the run"),
    Column("severity", Text, comment="The answer, if it does not hang on the distance"),
    Column("required_m", Double),
    Column("accuracy_m", Double, comment="Sum of both accuracies"),
    Column("accuracy_known", Boolean),
    Column("radius_m", Double, comment="What is taken off the distance between the outlines"),
    Column("measured_m", Double, comment="What was measured, if it is no distance between the outlines"),
    Column("spot", make_geometry(), comment="Where it was measured, with measured_m; a point"),
    Column("left_layer", Text),
    Column("left_id", BigInteger),
    Column("left_code", Text),
    Column("left_owner", Text),
    Column("left_geom", make_geometry()),
    Column("right_layer", Text),
    Column("right_id", BigInteger),
    Column("right_code", Text),
    Column("right_owner", Text),
    Column("right_geom", make_geometry()),
)


def describe_side(table: FromClause, layer_id: str) -> tuple[ColumnElement[Any], ...]:
    """The columns of one side of a pair: layer, id, code, owner and shape in the plan."""
    return (*describe_asset(table, layer_id), func.st_force2d(table.c.geom))


def describe_asset(table: FromClause, layer_id: str) -> tuple[ColumnElement[Any], ...]:
    """The columns that say which asset it is: layer, id, code and owner."""
    return (cast(literal(layer_id), Text), cast(table.c.id, BigInteger), table.c.asset_code, table.c.owner)


def describe_nothing() -> tuple[ColumnElement[Any], ...]:
    """The columns of the right side of a finding that has none."""
    return (cast(null(), Text), cast(null(), BigInteger), cast(null(), Text), cast(null(), Text))


def select_middle(flat: ColumnElement[Any]) -> ColumnElement[Any]:
    """Half-way along a line; within anything else."""
    is_line = func.geometrytype(flat) == "LINESTRING"
    return case((is_line, func.st_lineinterpolatepoint(flat, 0.5)), else_=func.st_pointonsurface(flat))
