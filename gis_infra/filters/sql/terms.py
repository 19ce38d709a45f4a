"""What an expression is in SQL: an element and the kind of its values; and what it is asked of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, FromClause

from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.filters import tree
from gis_infra.filters.spots import Spot

Kind = Literal["text", "integer", "number", "boolean", "date", "timestamp"]
KIND_OF_FIELD: Mapping[FieldType, Kind] = {
    "text": "text",
    "code": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
NUMBERS: frozenset[Kind] = frozenset({"integer", "number"})
MOMENTS: frozenset[Kind] = frozenset({"date", "timestamp"})
ID = "id"
GEOMETRY_NAMES = frozenset({"geom", "geometry"})


@dataclass(frozen=True)
class Scope:
    """What a condition is about.

    table: the layer's table, or anything with its columns. city_srid: EPSG code of its column `geom`.
    joined: the layers of a join, by the names its condition calls them; empty where it is about one layer.
    """

    layer: Layer
    table: FromClause
    city_srid: int
    joined: Mapping[str, "Scope"] = field(default_factory=dict)

    def get_of(self, expression: tree.Expression | tree.Condition) -> "Scope":
        """What an expression is about: in a join, the layer its property is of."""
        of = getattr(expression, "of", "")
        return self.joined[of] if of else self


@dataclass(frozen=True)
class Term:
    """An expression in SQL.

    field: the attribute it is, where it is one and nothing besides; computed: whether it is neither an attribute nor a
    literal, so that a whole number is a `numeric`.
    """

    kind: Kind
    element: ColumnElement[Any]
    field: Field | None = None
    computed: bool = False
    spot: Spot | None = None

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return self.field.name if self.field is not None else f"an expression of type {self.kind}"


def is_geometry(expression: tree.Expression) -> bool:
    """Whether an expression is a shape: the feature's own or a constant one."""
    if isinstance(expression, tree.Property):
        return expression.name in GEOMETRY_NAMES
    return isinstance(expression, tree.Shape | tree.Box)
