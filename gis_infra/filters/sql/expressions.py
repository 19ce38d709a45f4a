"""Expressions with one value (number, text, truth, moment) as SQL."""

from collections.abc import Mapping

from sqlalchemy import Text, func

from gis_infra.errors import CallerError
from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, locate, refuse
from gis_infra.filters.sql import functions, shapes
from gis_infra.filters.sql.arithmetic import calculate
from gis_infra.filters.sql.binding import to_bound
from gis_infra.filters.sql.terms import GEOMETRY_NAMES, ID, KIND_OF_FIELD, Scope, Term, is_geometry

NAMES: Mapping[type, str] = {
    tree.Shape: "a geometry",
    tree.Box: "a box",
    tree.Interval: "an interval",
    tree.Items: "an array",
}


def to_term(expression: tree.Expression, scope: Scope) -> Term:
    """The expression as SQL.

    Raises UnknownProperty for a name the layer has not, FilterError for an expression that has no single value, for
    types that do not go together and for an unknown function.
    """
    match expression:
        case tree.Property(name, spot):
            return to_column(name, spot, scope.get_of(expression))
        case tree.Literal(value, spot):
            return to_bound(value, spot)
        case tree.Casei() | tree.Accenti():
            return fold(expression, scope)
        case tree.Arithmetic(operator, left, right, spot):
            return calculate(operator, to_term(left, scope), to_term(right, scope), spot)
        case tree.Function(name, arguments, spot):
            definition = functions.find_definition(name, len(arguments), spot)
            return functions.call(definition, [to_argument(each, scope) for each in arguments], spot)
        case _:
            raise refuse(f"{NAMES[type(expression)]} is not one value that can be compared", expression.spot)


def to_argument(expression: tree.Expression, scope: Scope) -> functions.Argument:
    """An argument of a function: a value, or a shape in the city's CRS."""
    return shapes.to_city_element(expression, scope) if is_geometry(expression) else to_term(expression, scope)


def to_column(name: str, spot: Spot | None, scope: Scope) -> Term:
    """The attribute or id called `name`. Raises UnknownProperty, and FilterError for the geometry."""
    if name == ID:
        return Term("integer", scope.table.c.id, spot=spot)
    if name in GEOMETRY_NAMES and all(field.name != name for field in scope.layer.fields):
        raise refuse(f"{name} is a geometry; it is compared by S_INTERSECTS and its like, not as one value", spot)
    try:
        field = scope.layer.get_field(name[:100])
    except CallerError as error:
        raise locate(error, spot) from None
    return Term(KIND_OF_FIELD[field.type], scope.table.c[field.name], field, spot=spot)


def fold(expression: tree.Casei | tree.Accenti, scope: Scope) -> Term:
    """Text without the difference of capitals, of accents or of both: the one expression that is indexed.

    Raises FilterError if it is no text.
    Source: OGC 21-065r2, /req/case-insensitive-comparison, /req/accent-insensitive-comparison.
    """
    inner = expression.text
    case, accents = isinstance(expression, tree.Casei), isinstance(expression, tree.Accenti)
    while isinstance(inner, tree.Casei | tree.Accenti):
        case, accents = case or isinstance(inner, tree.Casei), accents or isinstance(inner, tree.Accenti)
        inner = inner.text
    term = to_term(inner, scope)
    if term.kind != "text":
        name = "CASEI" if case else "ACCENTI"
        raise refuse(f"{name} is of text, and {term.name} is {term.kind}", term.spot or expression.spot)
    if case and accents:
        return Term("text", func.gis.fold_text(term.element, type_=Text), computed=True, spot=term.spot)
    change = func.gis.fold_case if case else func.gis.fold_accents
    return Term("text", change(term.element, type_=Text), computed=True, spot=term.spot)
