"""The one tree every filter language is read into, and the only thing `filters.to_sql` reads.

Nodes are frozen and hold Python values; property names are not yet checked against a layer, `to_sql` does that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from gis_infra.spatial.boxes import Bbox

Value = str | int | float | bool | date | datetime
ComparisonOperator = Literal["=", "<>", "<", "<=", ">", ">="]
SpatialOperator = Literal["intersects", "disjoint", "within", "contains", "touches", "crosses", "overlaps", "equals"]


@dataclass(frozen=True)
class And:
    """All parts hold; no parts is true."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Or:
    """At least one part holds; no parts is false."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True)
class Comparison:
    """`name operator value`; with match_case False text is compared without regard to case."""

    name: str
    operator: ComparisonOperator
    value: Value
    match_case: bool = True


@dataclass(frozen=True)
class Between:
    """`low <= name <= high`."""

    name: str
    low: Value
    high: Value


@dataclass(frozen=True)
class Like:
    """`name` matches a SQL LIKE pattern: % any run, _ one character, backslash escapes either."""

    name: str
    pattern: str
    match_case: bool = True


@dataclass(frozen=True)
class IsNull:
    """`name` has no value."""

    name: str


@dataclass(frozen=True)
class IdIn:
    """The feature's id is one of these; none is false."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class InBox:
    """The geometry and the box share a point (the box may cross the antimeridian)."""

    box: Bbox


@dataclass(frozen=True)
class Spatial:
    """The geometry stands in this relation to a constant one.

    wkb: the constant, in `srid`, easting first.
    """

    operator: SpatialOperator
    wkb: bytes
    srid: int


Condition = And | Or | Not | Comparison | Between | Like | IsNull | IdIn | InBox | Spatial
