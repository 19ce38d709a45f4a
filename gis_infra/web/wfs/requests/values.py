"""GetPropertyValue as a value: which property of which features."""

from dataclasses import dataclass, replace

from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.values import GEOMETRY_NAME, ID_NAME, is_gml_path, parse_property_name
from gis_infra.filters.tree import And, IsNull, Not, Property
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.features import FeatureRequest, parse_feature_request
from gis_infra.web.wfs.requests.parameters import Parameters
from gis_infra.web.wfs.requests.queries import TypeQuery
from gis_infra.web.wfs.requests.types import get_bindings


@dataclass(frozen=True)
class ValueRequest:
    """A GetPropertyValue: the features that have a value there, and for each query of them which property it is.

    names: attribute, "geom" or "@gml:id", one for each query. standard: whether the property of GML is meant that the
    attribute is published as.
    """

    features: FeatureRequest
    names: tuple[str, ...]
    standard: bool


def parse_value_request(parameters: Parameters, city: City) -> ValueRequest:
    """The GetPropertyValue that parameters say.

    Raises MissingParameter, InvalidParameter, and as `parse_feature_request`.
    Source: OGC 09-025r2 clause 10.
    """
    path = require_path(parameters)
    wanted = parse_feature_request(Parameters({**parameters.values, "OUTPUTFORMAT": "", "PROPERTYNAME": ""}), city)
    if wanted.join is not None:
        raise InvalidParameter("the values of a join are not offered; ask for one type", where="typeNames")
    bindings = get_bindings(parameters)
    names = tuple(parse_property_name(path, each.query.layer, bindings) for each in wanted.queries)
    queries = tuple(restrict(each, name) for each, name in zip(wanted.queries, names, strict=True))
    return ValueRequest(replace(wanted, queries=queries), names, is_gml_path(path, bindings))


def require_path(parameters: Parameters) -> str:
    """The parameter `valueReference`. Raises MissingParameter if there is none, InvalidParameter if it is empty."""
    path = parameters.values.get("VALUEREFERENCE")
    if path is None:
        raise MissingParameter("parameter valueReference is missing", where="valueReference")
    if not path.strip():
        raise InvalidParameter("valueReference names no property", where="valueReference")
    return path


def restrict(query: TypeQuery, name: str) -> TypeQuery:
    """The query of the features that have a value there, and of that value alone."""
    asked = query.query
    if name == ID_NAME:
        return replace(query, query=replace(asked, properties=(), skip_geometry=True))
    has_value = Not(IsNull(Property(name)))
    both = has_value if asked.filter is None else And((asked.filter, has_value))
    is_shape = name == GEOMETRY_NAME
    shown = replace(asked, filter=both, properties=() if is_shape else (name,), skip_geometry=not is_shape)
    return replace(query, query=shown)
