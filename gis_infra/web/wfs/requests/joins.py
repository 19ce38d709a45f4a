"""A query of several types together as a value: which types under which names, and the condition between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.features.joins import Join, JoinKey
from gis_infra.filters.fes import FilterFrame, parse_filter
from gis_infra.filters.fes.frames import find_property
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.parameters import Parameters, split_list
from gis_infra.web.wfs.requests.queries import TypeQuery, make_query, make_sort_key, split_sort_key
from gis_infra.web.wfs.requests.types import get_bindings, get_type, parse_ids

# Each further type multiplies what the database looks at.
MOST_TYPES = 4


@dataclass(frozen=True)
class JoinQuery:
    """One query of several types. sides: how the features of each are written, in the order of the tuples."""

    join: Join
    sides: tuple[TypeQuery, ...]


def make_join(parameters: Parameters, city: City) -> JoinQuery:
    """The join of a request's types, without its page.

    Raises UnknownLayer, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty.
    Source: OGC 09-025r2 clauses 7.9.2.4 and 7.9.2.5.3.
    """
    named = name_sides(parameters, city)
    frame = FilterFrame(next(iter(named.values())), city.default_crs, joined=named, easting_first=city.easting_first)
    ids = parse_ids(parameters.find("RESOURCEID", "FEATUREID"))
    own = Parameters({**parameters.values, "FILTER": "", "SORTBY": ""})
    sides = {name: make_query(layer, restrict_names(own, name, frame), city, ids) for name, layer in named.items()}
    written = parameters.find("FILTER")
    join = Join(
        sides={name: replace(side.query, want_count=False) for name, side in sides.items()},
        condition=None if written is None else parse_filter(written, frame),
        sort=tuple(parse_key(part, frame, parameters) for part in split_list(parameters.find("SORTBY") or "")),
        count_bound=city.count_bound,
    )
    return JoinQuery(join, tuple(sides.values()))


def name_sides(parameters: Parameters, city: City) -> Mapping[str, Layer]:
    """The layers joined, by their aliases or, without, by their own names. Raises UnknownLayer, InvalidParameter."""
    bindings = get_bindings(parameters)
    layers = [get_type(name, bindings, city) for name in split_list(parameters.find("TYPENAMES", "TYPENAME") or "")]
    if len(layers) > MOST_TYPES:
        raise InvalidParameter(f"a join is of at most {MOST_TYPES} types, got {len(layers)}", where="typeNames")
    aliases = split_list(parameters.find("ALIASES") or "")
    if aliases and len(aliases) != len(layers):
        raise InvalidParameter(f"aliases has {len(aliases)} names for {len(layers)} types", where="aliases")
    names = aliases or [layer.id for layer in layers]
    if len(set(names)) != len(names):
        raise InvalidParameter("a type joined with itself, and every alias, needs a name of its own", where="aliases")
    return dict(zip(names, layers, strict=True))


def restrict_names(parameters: Parameters, side: str, frame: FilterFrame) -> Parameters:
    """The parameters with the property names of one side alone; none of it is all. Raises UnknownProperty."""
    names = split_list(parameters.find("PROPERTYNAME") or "*")
    if "*" in names:
        return parameters
    bindings = get_bindings(parameters)
    own = [name for name in names if find_property(name, frame, bindings).of == side]
    return Parameters({**parameters.values, "PROPERTYNAME": ",".join(own)})


def parse_key(text: str, frame: FilterFrame, parameters: Parameters) -> JoinKey:
    """One key of the parameter `sortBy`, of one of the types. Raises InvalidParameter, UnknownProperty."""
    path, descending = split_sort_key(text)
    found = find_property(path, frame, get_bindings(parameters))
    key = make_sort_key(found.name, text, descending=descending)
    return JoinKey(found.of, key.name, key.descending)
