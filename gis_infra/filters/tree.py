"""The one tree every filter language is read into, and the only thing `filters.to_sql` reads.

Expressions have a value (a number, a text, a moment, a shape …), conditions are true, false or unknown. Nodes are
frozen and hold Python values; names and types are not yet checked against a layer, `to_sql` does that. A node knows
the spot of the filter it was read from, for messages; two nodes are equal wherever they stood.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal as Choice

from gis_infra.filters.spots import Spot
from gis_infra.spatial.boxes import Bbox

Value = str | int | float | bool | date | datetime
ComparisonOperator = Choice["=", "<>", "<", "<=", ">", ">="]
ArithmeticOperator = Choice["+", "-", "*", "/", "%", "div", "^"]
SpatialOperator = Choice["intersects", "disjoint", "within", "contains", "touches", "crosses", "overlaps", "equals"]
TemporalOperator = Choice[
    "after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes", "intersects", "meets",
    "metby", "overlappedby", "overlaps", "startedby", "starts",
]  # fmt: skip
ArrayOperator = Choice["equals", "contains", "containedby", "overlaps"]


# --- Expressions: what has a value ---


@dataclass(frozen=True)
class Property:
    """The value a feature has under this name; `id` is its id, `geom` (or `geometry`) its shape.

    of: which layer of a join the feature is of, by its name there; "" where one layer is asked.
    """

    name: str
    spot: Spot | None = field(default=None, compare=False, repr=False)
    of: str = ""


@dataclass(frozen=True)
class Literal:
    """A value written in the filter. A whole number keeps all its digits."""

    value: Value
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers made one. `/` gives parts of a whole, `div` cuts them off, `%` is what `div` leaves."""

    operator: ArithmeticOperator
    left: "Expression"
    right: "Expression"
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Function:
    """A function of `filters.functions`, by its name."""

    name: str
    arguments: tuple["Expression", ...]
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Casei:
    """Text without the difference of capitals."""

    text: "Expression"
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Accenti:
    """Text without accents; the Vietnamese đ is d."""

    text: "Expression"
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Shape:
    """A constant geometry. wkb: in `srid`, easting first."""

    wkb: bytes
    srid: int
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Box:
    """A constant box; it may cross the antimeridian."""

    box: Bbox
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Interval:
    """The time from `start` to `end`, both inside; None is open."""

    start: "Expression | None"
    end: "Expression | None"
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Items:
    """An array written in the filter."""

    items: tuple["Expression", ...]
    spot: Spot | None = field(default=None, compare=False, repr=False)


Expression = Property | Literal | Arithmetic | Function | Casei | Accenti | Shape | Box | Interval | Items

# --- Conditions: what holds, does not hold, or is unknown ---


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
class Truth:
    """The value is true: of a boolean property, function or literal."""

    expression: Expression


@dataclass(frozen=True)
class Comparison:
    """`left operator right`."""

    left: Expression
    operator: ComparisonOperator
    right: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Between:
    """`low <= value <= high`."""

    value: Expression
    low: Expression
    high: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class In:
    """The value is one of the options."""

    value: Expression
    options: tuple[Expression, ...]
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Like:
    """The text matches a SQL LIKE pattern: % any run, _ one character, backslash escapes either.

    pattern: a literal, bare or within Casei and Accenti.
    """

    text: Expression
    pattern: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class IsNull:
    """The expression has no value, or the condition is unknown."""

    operand: "Expression | Condition"


@dataclass(frozen=True)
class IdIn:
    """The feature's id is one of these; none is false. of: as of `Property`."""

    ids: tuple[int, ...]
    of: str = ""


@dataclass(frozen=True)
class InBox:
    """The feature's geometry and the box share a point (the box may cross the antimeridian). of: as of `Property`."""

    box: Bbox
    of: str = ""


@dataclass(frozen=True)
class Spatial:
    """`left` stands in this relation to `right`; both are shapes."""

    operator: SpatialOperator
    left: Expression
    right: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Near:
    """The two shapes come as close to each other as `distance_m`, on the ground plan."""

    left: Expression
    right: Expression
    distance_m: float
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Temporal:
    """`left` stands in this relation to `right`; each is a moment or an interval, a moment begins and ends at once."""

    operator: TemporalOperator
    left: Expression
    right: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ArrayRelation:
    """The items of `left` stand in this relation to those of `right`."""

    operator: ArrayOperator
    left: Expression
    right: Expression
    spot: Spot | None = field(default=None, compare=False, repr=False)


Condition = (
    And | Or | Not | Truth | Comparison | Between | In | Like | IsNull | IdIn | InBox | Spatial | Near | Temporal
    | ArrayRelation
)  # fmt: skip


def compare(name: str, operator: ComparisonOperator, value: Value, *, match_case: bool = True) -> Comparison:
    """A property beside a value; with match_case False text is compared without the difference of capitals."""
    left, right = Property(name), Literal(value)
    return Comparison(left, operator, right) if match_case else Comparison(Casei(left), operator, Casei(right))
