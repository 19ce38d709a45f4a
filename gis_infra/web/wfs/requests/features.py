"""GetFeature as values: parameters, the actor and the catalogue in, queries for the one way to read out. Pure."""

from dataclasses import dataclass, replace

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.frames import refuse_id
from gis_infra.spatial import crs
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.formats import OutputFormat, parse_output
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.joins import JoinQuery, make_join
from gis_infra.web.wfs.requests.parameters import Parameters, split_groups, split_list
from gis_infra.web.wfs.requests.queries import TypeQuery, make_query
from gis_infra.web.wfs.requests.types import ResourceId, get_bindings, get_types, keep_once, list_held, parse_ids

MOST_QUERIES = 100
GROUPED = ("TYPENAMES", "TYPENAME", "ALIASES", "FILTER", "PROPERTYNAME", "SORTBY", "SRSNAME")


@dataclass(frozen=True)
class FeatureRequest:
    """A GetFeature. nested: whether each query's features stand in a collection of their own.

    join: the one query of several types, in place of `queries`; its answer holds tuples.
    limit, start: of all queries together, in order. limit is never above the service's own.
    """

    queries: tuple[TypeQuery, ...]
    nested: bool
    limit: int
    start: int
    hits: bool
    output: OutputFormat
    join: JoinQuery | None = None


def parse_feature_request(parameters: Parameters, city: City) -> FeatureRequest:
    """The GetFeature that parameters say. GeoJSON is in longitude/latitude unless another CRS is asked for.

    Raises MissingParameter, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty, and UnknownLayer for a type
    that is not there or that the actor may not see.
    Source: OGC 09-025r2 clauses 7.6, 7.9 and 11; OGC 04-094 clause 14.7; OGC 02-058 clause 13.3.
    """
    output = parse_output(parameters.find("OUTPUTFORMAT"), city.version)
    require_resolvable(parameters)
    if output == "json" and parameters.find("SRSNAME") is None:
        parameters = Parameters({**parameters.values, "SRSNAME": crs.CRS84_URI})
    groups = split_parameters(parameters, city)
    join = find_join(groups, output, city)
    queries = [] if join is not None else [each for group in groups for each in parse_queries(group, city)]
    limit = parameters.find_whole("COUNT", "MAXFEATURES")
    return FeatureRequest(
        queries=tuple(queries),
        nested=len(groups) > 1 and city.version == "2.0.0",
        limit=city.max_page if limit is None else min(limit, city.max_page),
        start=parameters.find_whole("STARTINDEX") or 0,
        hits=parse_hits(parameters.find("RESULTTYPE") or "results"),
        output=output,
        join=join,
    )


def require_resolvable(parameters: Parameters) -> None:
    """Return unless the values of references are wanted that lie elsewhere. Raises InvalidParameter.

    Source: OGC 09-025r2 clause 7.6.4. No feature here refers to another, so there is nothing to resolve locally.
    """
    wanted = (parameters.find("RESOLVE") or "none").lower()
    if wanted not in {"none", "local"}:
        raise InvalidParameter(f"resolve is none or local here, got {wanted[:40]!r}", where="resolve")


def split_parameters(parameters: Parameters, city: City) -> list[Parameters]:
    """The parameters of each query of a request; those that are not lists hold for all. Raises InvalidParameter."""
    lists = {name: split_groups(parameters.values[name]) for name in GROUPED if parameters.find(name)}
    if city.version != "2.0.0":
        # Two types in one list are two queries in 1.1.0 and 1.0.0, and a join in 2.0.0.
        for name in lists.keys() & {"TYPENAME", "TYPENAMES"}:
            lists[name] = [each for group in lists[name] for each in split_list(group)]
    number = max((len(parts) for parts in lists.values()), default=1)
    if number > MOST_QUERIES:
        raise InvalidParameter(f"a request has at most {MOST_QUERIES} queries, got {number}", where="typeNames")
    for name, parts in lists.items():
        if len(parts) not in {1, number}:
            raise InvalidParameter(f"{name.lower()} has {len(parts)} parts for {number} queries", where=name.lower())
    return [
        Parameters({**parameters.values, **{name: parts[min(at, len(parts) - 1)] for name, parts in lists.items()}})
        for at in range(number)
    ]


def find_join(groups: list[Parameters], output: OutputFormat, city: City) -> JoinQuery | None:
    """The join a request asks, None if it asks none. Raises InvalidParameter for a join among other queries."""
    joins = [each for each in groups if len(split_list(each.find("TYPENAMES", "TYPENAME") or "")) > 1]
    if not joins:
        return None
    if len(groups) > 1:
        raise InvalidParameter("a join stands alone in its request, without other queries", where="typeNames")
    if output != "gml32":
        raise InvalidParameter("a join is answered in GML 3.2 only", where="outputFormat")
    return make_join(joins[0], city)


def parse_queries(parameters: Parameters, city: City) -> list[TypeQuery]:
    """The queries of one group: one for its type, or one for each type that its resource ids are of."""
    ids = parse_ids(parameters.find("RESOURCEID", "FEATUREID"))
    layers = parse_layers(parameters, city, ids)
    if city.version == "2.0.0" and len(layers) == 1 and parameters.find("TYPENAMES", "TYPENAME"):
        require_ids_of(layers[0], ids or ())
        city = replace(city, refuse_other_ids=True)
    return [make_query(layer, parameters, city, ids) for layer in layers]


def require_ids_of(layer: Layer, ids: tuple[ResourceId, ...]) -> None:
    """Return if the features of all ids are of the layer. Raises InvalidParameter.

    Source: OGC 09-025r2 clause 7.9.2.5.3.
    """
    for layer_id, number in ids:
        if layer_id != layer.id:
            raise refuse_id(f"{layer_id}.{number}", layer.id)


def parse_layers(parameters: Parameters, city: City, ids: tuple[ResourceId, ...] | None) -> list[Layer]:
    """The layers asked, which the actor may see. Raises UnknownLayer, MissingParameter."""
    names = split_list(parameters.find("TYPENAMES", "TYPENAME") or "")
    if not names and ids is None:
        raise MissingParameter("parameter typeNames is missing", where="typeNames")
    if not names:
        return list_held(ids or (), city)
    bindings = get_bindings(parameters)
    return keep_once(layer for name in names for layer in get_types(name, bindings, city))


def parse_hits(text: str) -> bool:
    """Whether only the number is wanted. Raises InvalidParameter for anything but results and hits."""
    if text.lower() not in {"results", "hits"}:
        raise InvalidParameter(f"resultType must be results or hits, got {text[:40]!r}", where="resultType")
    return text.lower() == "hits"


def restrict_to_id(parameters: Parameters) -> Parameters:
    """The parameters of GetFeatureById as those of an ad hoc query. Raises MissingParameter."""
    wanted = {"RESOURCEID": parameters.require("ID"), "COUNT": "1"}
    kept = {name: text for name, text in parameters.values.items() if name in {"SRSNAME", "OUTPUTFORMAT"}}
    return Parameters({**kept, **wanted})
