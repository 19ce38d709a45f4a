"""The feature types a request names, and the resource ids that name some by the way."""

from collections.abc import Iterable, Mapping

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import UnknownLayer
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.filters.fes.values import GML_NAMESPACES, parse_resource_id
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.parameters import Parameters, parse_bindings, split_groups, split_list

ResourceId = tuple[str, int]
# The head of all feature types: it stands for each of them.
ANY_TYPE = "AbstractFeature"
WHERE_LISTED = "GetCapabilities lists those you may see"


def get_bindings(parameters: Parameters) -> Mapping[str | None, str]:
    """The prefixes a request binds."""
    return parse_bindings(parameters.find("NAMESPACES", "NAMESPACE") or "")


def get_type(name: str, bindings: Mapping[str | None, str], city: City) -> Layer:
    """The layer of a type name. Raises UnknownLayer, in the same words if it is not there and if it may not be seen."""
    layer = city.catalogue.layers.get(find_layer_id(name, bindings) or "")
    if layer is None or not city.actor.is_allowed("read", layer):
        raise UnknownLayer(f"there is no feature type {name[:100]!r}; {WHERE_LISTED}", where="typeNames")
    return layer


def get_types(name: str, bindings: Mapping[str | None, str], city: City) -> list[Layer]:
    """The layers of a type name: one, or of gml:AbstractFeature all that the actor may read. Raises UnknownLayer."""
    prefix, _, local = strip_schema_element(name).rpartition(":")
    if local == ANY_TYPE and (prefix == "gml" or bindings.get(prefix) in GML_NAMESPACES):
        return list(city.actor.list_readable(city.catalogue))
    return [get_type(name, bindings, city)]


def find_layer_id(name: str, bindings: Mapping[str | None, str]) -> str | None:
    """The layer id in a type name: "infra:water_pipe", with any prefix bound to the namespace, or with none.

    bindings: of `parse_bindings`. None for a name in another namespace.
    """
    prefix, colon, local = strip_schema_element(name).rpartition(":")
    bound = bindings.get(prefix, NAMESPACE if prefix == PREFIX else None)
    return local if not colon or bound == NAMESPACE else None


def strip_schema_element(name: str) -> str:
    """The name in "schema-element(name)", which stands for a type and those derived from it: here there are none."""
    return name.strip().removeprefix("schema-element(").removesuffix(")")


def parse_types(parameters: Parameters, city: City) -> list[Layer]:
    """The layers that a DescribeFeatureType names, each once; all the actor may see if it names none.

    Raises UnknownLayer.
    """
    text = parameters.find("TYPENAMES", "TYPENAME") or ""
    bindings = get_bindings(parameters)
    named = [layer for group in split_groups(text) for name in split_list(group)
             for layer in get_types(name, bindings, city)]  # fmt: skip
    return keep_once(named) or list(city.actor.list_readable(city.catalogue))


def keep_once(layers: Iterable[Layer]) -> list[Layer]:
    """The layers in their order, each once."""
    return list({layer.id: layer for layer in layers}.values())


def parse_ids(text: str | None) -> tuple[ResourceId, ...] | None:
    """Layer and number of each resource id, None if none is given; what can be the id of no feature is left out."""
    if text is None:
        return None
    return tuple(found for each in split_list(text) if (found := parse_resource_id(each)) is not None)


def list_held(ids: Iterable[ResourceId], city: City) -> list[Layer]:
    """The layers that resource ids are of, of those the actor may see."""
    held = dict.fromkeys(layer_id for layer_id, _ in ids if layer_id in city.catalogue.layers)
    return [layer for layer in map(city.catalogue.get_layer, held) if city.actor.is_allowed("read", layer)]
