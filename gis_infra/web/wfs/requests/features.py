"""GetFeature as values: parameters, the actor and the catalogue in, queries for the one way to read out.

Pure. Coordinates are put easting first here; `features` knows no other order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.errors import InvalidBbox, InvalidCrs, InvalidParameter, UnknownLayer
from gis_infra.features.query import FeatureQuery, SortKey
from gis_infra.filters.fes import FilterFrame, parse_filter
from gis_infra.filters.fes.values import GEOMETRY_NAME, parse_property_name, parse_resource_id
from gis_infra.filters.tree import Condition
from gis_infra.spatial import boxes, crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.names import GET_FEATURE_BY_ID, GET_FEATURE_BY_ID_NAMES, GML_FORMAT, OUTPUT_FORMATS
from gis_infra.web.wfs.requests.parameters import Parameters, find_layer_id, parse_bindings, split_groups, split_list

MOST_QUERIES = 100
GROUPED = ("TYPENAMES", "TYPENAME", "FILTER", "PROPERTYNAME", "SORTBY", "SRSNAME")
JSON_NAMES = frozenset({"application/json", "application/geo+json", "json", "geojson"})
GML_NAMES = frozenset(
    {
        *("application/gml+xml;version=3.2", "application/gml+xml", "text/xml;subtype=gml/3.2", "gml32", "gml3.2"),
        *("text/xml;subtype=gml/3.2.1", "text/xml", "application/xml"),
    }
)

OutputFormat = Literal["gml", "json"]
ResourceId = tuple[str, int]


@dataclass(frozen=True)
class City:
    """What a request is read against: the layers, who asks, and the CRS everything is stored in.

    max_page: most features of an answer. count_bound: a page counts its matches up to this number; None counts all.
    """

    catalogue: Catalogue
    actor: Actor
    srid: int
    max_page: int
    count_bound: int | None = None

    @property
    def srids(self) -> tuple[int, ...]:
        """The CRSs features are served in, the default first."""
        return tuple(dict.fromkeys((self.srid, crs.WGS84, crs.WEB_MERCATOR)))

    @property
    def default_crs(self) -> CrsReference:
        """The CRS meant where a request names none, in the order of its authority."""
        return CrsReference(self.srid, crs.is_northing_first(self.srid))


@dataclass(frozen=True)
class TypeQuery:
    """One query of a GetFeature: what to read, and the name under which its CRS is written."""

    query: FeatureQuery
    srs_name: str
    swap_axes: bool


@dataclass(frozen=True)
class FeatureRequest:
    """A GetFeature. nested: whether each query's features stand in a collection of their own.

    limit, start: of all queries together, in order. limit is never above the service's own.
    """

    queries: tuple[TypeQuery, ...]
    nested: bool
    limit: int
    start: int
    hits: bool
    output: OutputFormat


def parse_feature_request(parameters: Parameters, city: City) -> FeatureRequest:
    """The GetFeature that parameters say. GeoJSON is in longitude/latitude unless another CRS is asked for.

    Raises MissingParameter, InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty, and UnknownLayer for a type
    that is not there or that the actor may not see.
    Source: OGC 09-025r2 clauses 7.6, 7.9 and 11.
    """
    output = parse_output(parameters.find("OUTPUTFORMAT") or GML_FORMAT)
    if output == "json" and parameters.find("SRSNAME") is None:
        parameters = Parameters({**parameters.values, "SRSNAME": crs.CRS84_URI})
    groups = split_parameters(parameters)
    queries = [each for group in groups for each in parse_queries(group, city)]
    limit = parameters.find_whole("COUNT", "MAXFEATURES")
    return FeatureRequest(
        queries=tuple(queries),
        nested=len(groups) > 1,
        limit=city.max_page if limit is None else min(limit, city.max_page),
        start=parameters.find_whole("STARTINDEX") or 0,
        hits=parse_hits(parameters.find("RESULTTYPE") or "results"),
        output=output,
    )


def split_parameters(parameters: Parameters) -> list[Parameters]:
    """The parameters of each query of a request; those that are not lists hold for all. Raises InvalidParameter."""
    lists = {name: split_groups(parameters.values[name]) for name in GROUPED if parameters.find(name)}
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


def parse_queries(parameters: Parameters, city: City) -> list[TypeQuery]:
    """The queries of one group: one for its type, or one for each type that its resource ids are of."""
    ids = parse_ids(parameters.find("RESOURCEID", "FEATUREID"))
    return [make_query(layer, parameters, city, ids) for layer in parse_layers(parameters, city, ids)]


def parse_layers(parameters: Parameters, city: City, ids: tuple[ResourceId, ...] | None) -> list[Layer]:
    """The layers asked, which the actor may see. Raises UnknownLayer, MissingParameter; InvalidParameter for a join."""
    names = split_list(parameters.find("TYPENAMES", "TYPENAME") or "")
    if not names and ids is None:
        raise MissingParameter("parameter typeNames is missing", where="typeNames")
    if not names:
        held = dict.fromkeys(layer_id for layer_id, _ in ids or () if layer_id in city.catalogue.layers)
        return [layer for layer in map(city.catalogue.get_layer, held) if city.actor.is_allowed("read", layer)]
    bindings = parse_bindings(parameters.find("NAMESPACES", "NAMESPACE") or "")
    if len(names) > 1:
        raise InvalidParameter(
            f"typeNames={','.join(names)[:100]} is a join, which is not supported; "
            "for several types write typeNames=(infra:a)(infra:b)",
            where="typeNames",
        )
    return [get_type(names[0], bindings, city)]


def get_type(name: str, bindings: Mapping[str, str], city: City) -> Layer:
    """The layer of a type name. Raises UnknownLayer, in the same words if it is not there and if it may not be seen."""
    layer = city.catalogue.layers.get(find_layer_id(name, bindings) or "")
    if layer is None or not city.actor.is_allowed("read", layer):
        raise UnknownLayer(f"there is no feature type {name[:100]!r}", where="typeNames")
    return layer


def parse_types(parameters: Parameters, city: City) -> list[Layer]:
    """The layers that a DescribeFeatureType names, each once; all the actor may see if it names none.

    Raises UnknownLayer.
    """
    text = parameters.find("TYPENAMES", "TYPENAME") or ""
    bindings = parse_bindings(parameters.find("NAMESPACES", "NAMESPACE") or "")
    named = [get_type(name, bindings, city) for group in split_groups(text) for name in split_list(group)]
    return list({layer.id: layer for layer in named}.values()) or city.actor.list_readable(city.catalogue)


def make_query(layer: Layer, parameters: Parameters, city: City, ids: tuple[ResourceId, ...] | None) -> TypeQuery:
    """The query of one type, without its page. Raises InvalidParameter, InvalidBbox, InvalidCrs, UnknownProperty."""
    written = parameters.find("SRSNAME")
    reference = parse_srs_name(written, city) if written else city.default_crs
    query = FeatureQuery(
        layer=layer,
        actor=city.actor,
        bbox=parse_box(parameters.find("BBOX"), city),
        filter=parse_condition(parameters.find("FILTER"), layer, city),
        ids=None if ids is None else tuple(number for layer_id, number in ids if layer_id == layer.id),
        sort=parse_sort(parameters.find("SORTBY") or "", layer),
        srid=reference.srid,
        count_bound=city.count_bound,
    )
    query = restrict_to_properties(query, parameters.find("PROPERTYNAME"))
    # Without what `parse_crs` looks past, so that nothing but the name itself gets into the answer.
    name = written.strip().strip("<>") if written else crs.to_urn(city.srid)
    return TypeQuery(query, name, reference.swap_axes)


def restrict_to_properties(query: FeatureQuery, text: str | None) -> FeatureQuery:
    """The query with only the properties named; "*" and no text are all. Raises UnknownProperty."""
    names = split_list(text or "*")
    if "*" in names:
        return query
    wanted = [parse_property_name(name, query.layer) for name in names]
    attributes = tuple(name for name in wanted if name != GEOMETRY_NAME)
    return replace(query, properties=attributes, skip_geometry=GEOMETRY_NAME not in wanted)


def parse_condition(text: str | None, layer: Layer, city: City) -> Condition | None:
    """The condition of the parameter `filter`, None if it is not given. Raises as `filters.fes.parse_filter` does."""
    return None if text is None else parse_filter(text, FilterFrame(layer, city.default_crs))


def parse_ids(text: str | None) -> tuple[ResourceId, ...] | None:
    """Layer and number of each resource id, None if none is given; what can be the id of no feature is left out."""
    if text is None:
        return None
    return tuple(found for each in split_list(text) if (found := parse_resource_id(each)) is not None)


def parse_srs_name(text: str, city: City) -> CrsReference:
    """The CRS of the parameter `srsName`. Raises InvalidCrs if it is not one that is offered."""
    try:
        reference = crs.parse_crs(text)
    except InvalidCrs as error:
        raise InvalidCrs(error.message, where="srsName") from None
    if reference.srid not in city.srids:
        offered = ", ".join(map(crs.to_urn, city.srids))
        raise InvalidCrs(f"srsName {text[:60]!r} is not offered; these are: {offered}", where="srsName")
    return reference


def parse_box(text: str | None, city: City) -> Bbox | None:
    """The parameter `bbox`, easting first: four numbers and, if it is not the default one, the name of their CRS.

    Raises InvalidBbox, InvalidCrs. Source: OGC 09-025r2 clause 7.9.2.3, OGC 06-121r9 clause 10.2.3.
    """
    if text is None:
        return None
    parts = text.split(",")
    numbers, name = parts[:4], ",".join(parts[4:]).strip()
    reference = parse_box_crs(name) if name else city.default_crs
    xmin, ymin, xmax, ymax = parse_corners(numbers, text)
    if reference.swap_axes:
        xmin, ymin, xmax, ymax = ymin, xmin, ymax, xmax
    return boxes.make(xmin, ymin, xmax, ymax, srid=reference.srid)


def parse_corners(parts: list[str], text: str) -> tuple[float, float, float, float]:
    """The four numbers of a box. text: the whole parameter, for the message. Raises InvalidBbox for anything else."""
    numbers = boxes.parse_numbers(",".join(parts))
    if len(numbers) != 4:
        raise InvalidBbox(f"bbox must be four numbers and a CRS, got {len(numbers)} in {text[:100]!r}", where="bbox")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def parse_box_crs(name: str) -> CrsReference:
    """The CRS that stands behind the numbers of a box. Raises InvalidCrs, which names the parameter."""
    try:
        return crs.parse_crs(name)
    except InvalidCrs as error:
        raise InvalidCrs(error.message, where="bbox") from None


def parse_sort(text: str, layer: Layer) -> tuple[SortKey, ...]:
    """The keys of the parameter `sortBy`: "name ASC,installed_on DESC", D for DESC. Raises InvalidParameter."""
    return tuple(parse_sort_key(part, layer) for part in split_list(text))


def parse_sort_key(text: str, layer: Layer) -> SortKey:
    """One key. Raises InvalidParameter for the geometry or an order that is none, UnknownProperty."""
    name, _, order = text.partition(" ")
    field = parse_property_name(name, layer)
    direction = order.strip().upper() or "ASC"
    if field == GEOMETRY_NAME:
        raise InvalidParameter(f"sortBy cannot sort by a geometry, got {text[:60]!r}", where="sortBy")
    if direction not in {"A", "ASC", "D", "DESC"}:
        raise InvalidParameter(f"sortBy goes ASC or DESC, got {text[:60]!r}", where="sortBy")
    return SortKey(field, descending=direction.startswith("D"))


def parse_hits(text: str) -> bool:
    """Whether only the number is wanted. Raises InvalidParameter for anything but results and hits."""
    if text.lower() not in {"results", "hits"}:
        raise InvalidParameter(f"resultType must be results or hits, got {text[:40]!r}", where="resultType")
    return text.lower() == "hits"


def parse_output(text: str) -> OutputFormat:
    """The format of the answer. Raises InvalidParameter, which lists what there is."""
    # A plus in a URL that was not escaped arrives as a space.
    name = text.strip().lower().replace("application/gml xml", "application/gml+xml").replace(" ", "").replace('"', "")
    if name in JSON_NAMES:
        return "json"
    if name in GML_NAMES:
        return "gml"
    raise InvalidParameter(
        f"outputFormat {text[:60]!r} is not offered; these are: {', '.join(OUTPUT_FORMATS)}", where="outputFormat"
    )


def require_stored_query(name: str) -> None:
    """Return if there is a stored query of that name. Raises InvalidParameter."""
    if name not in GET_FEATURE_BY_ID_NAMES:
        raise InvalidParameter(
            f"there is no stored query {name[:100]!r}; there is {GET_FEATURE_BY_ID}", where="storedQuery_id"
        )


def restrict_to_id(parameters: Parameters) -> Parameters:
    """The parameters of GetFeatureById as those of an ad hoc query. Raises MissingParameter."""
    wanted = {"RESOURCEID": parameters.require("ID"), "COUNT": "1"}
    kept = {name: text for name, text in parameters.values.items() if name in {"SRSNAME", "OUTPUTFORMAT"}}
    return Parameters({**kept, **wanted})
