"""The part of the API definition that is about reading a collection: its items, its schemas, its description."""

from collections.abc import Sequence

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.features.formats.registry import FORMATS
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.openapi.parts import (
    COMMON_PARAMETERS,
    Document,
    Operation,
    add_headers,
    list_problems,
    make_parameter,
    make_response,
    refer,
    refer_all,
)
from gis_infra.web.ogcapi.openapi.schemas import to_type

# In the order they are read; each is one that the items take.
ITEMS_PARAMETERS = (
    *("limit", "offset", "cursor", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs"),
    *("properties", "skipGeometry", "sortby", "zoom-level", "max-allowable-offset", "as-of", "id", "format", "lang"),
)
ITEM_PARAMETERS = (
    *("featureId", "crs", "properties", "skipGeometry", "zoom-level", "max-allowable-offset", "as-of"),
    *("format", "lang"),
)
SCHEMA_KINDS = {"schema": "getSchema", "queryables": "getQueryables", "sortables": "getSortables"}
TAG = "features"


def list_layer_paths(layer: Layer) -> dict[str, dict[str, Operation]]:
    """The operations that read a collection, by path and method."""
    title, path = layer.title.get_in(choose_language()), f"/collections/{layer.id}"
    paths = {
        path: {"get": make_description(layer, title)},
        f"{path}/items": {"get": make_items(layer, title)},
        f"{path}/items/{{featureId}}": {"get": make_item(layer, title)},
        f"{path}/schema.xsd": {"get": make_xml_schema(layer, title)},
    }
    for kind, operation in SCHEMA_KINDS.items():
        paths[f"{path}/{kind}"] = {"get": make_schema(f"{operation}.{layer.id}", f"{title}: {kind}")}
    return paths


def make_description(layer: Layer, title: str) -> Operation:
    """What a collection is."""
    answer = make_page(make_response("the collection", media.JSON, "collection"))
    answers = {"200": answer, **list_problems("404")}
    return Operation(f"describe.{layer.id}", TAG, title, answers, refer_all(COMMON_PARAMETERS))


def make_items(layer: Layer, title: str) -> Operation:
    """A page of features."""
    answer = make_features_answer("a page of features", f"{layer.id}.page")
    headers = ("Allow", "Content-Crs", "Link", "OGC-NumberMatched", "OGC-NumberReturned")
    answers = {"200": add_headers(answer, *headers), **list_problems("404", "406")}
    parameters = [*refer_all(ITEMS_PARAMETERS), *list_property_parameters(layer)]
    return Operation(f"getFeatures.{layer.id}", TAG, f"{title}: features", answers, parameters)


def make_item(layer: Layer, title: str) -> Operation:
    """One feature."""
    answer = make_features_answer("a feature", f"{layer.id}.feature")
    headers = ("Allow", "Content-Crs", "ETag", "Last-Modified", "Link")
    answers = {
        "200": add_headers(answer, *headers),
        "304": {"description": "it is still what If-None-Match or If-Modified-Since says"},
        **list_problems("404", "406"),
    }
    return Operation(f"getFeature.{layer.id}", TAG, f"{title}: one feature", answers, refer_all(ITEM_PARAMETERS))


def make_features_answer(description: str, schema: str) -> Document:
    """Features in every format there is; the two that are JSON, with their schema."""
    content: Document = {media.GEOJSON: {"schema": refer("schemas", schema)}}
    for each in FORMATS.values():
        kind = {"type": "object"} if "json" in each.mimetype else {"type": "string", "format": "binary"}
        content.setdefault(each.mimetype.split(";")[0], {"schema": kind})
    return make_page({"description": description, "content": content})


def make_page(answer: Document) -> Document:
    """The same answer, of which there is a page for people too."""
    return {**answer, "content": {**answer["content"], media.HTML: {"schema": {"type": "string"}}}}


def make_schema(operation: str, summary: str) -> Operation:
    """One of the collection's schemas."""
    answer = add_headers(make_page(make_response("a JSON Schema", media.SCHEMA_JSON, "jsonSchema")), "Link")
    parameters = refer_all(("profile", *COMMON_PARAMETERS))
    return Operation(operation, "schemas", summary, {"200": answer, **list_problems("404")}, parameters)


def make_xml_schema(layer: Layer, title: str) -> Operation:
    """The collection's schema for GML."""
    answer = {"description": "an XML Schema", "content": {"application/xml": {"schema": {"type": "string"}}}}
    answers = {"200": answer, **list_problems("404")}
    return Operation(f"getXmlSchema.{layer.id}", "schemas", f"{title}: XML Schema", answers, refer_all(["lang"]))


def list_property_parameters(layer: Layer) -> Sequence[Document]:
    """The layer's own properties as parameters: each takes the features that have that value.

    Written out and not referred to: QGIS before 4.0 follows no reference but that of `limit`.
    """
    return [make_property_parameter(each) for each in layer.fields]


def refer_properties(layer: Layer) -> Sequence[Document]:
    """The same for paths QGIS does not read: what every layer has is referred to."""
    return [
        refer("parameters", f"universal.{each.name}") if each.universal else make_property_parameter(each)
        for each in layer.fields
    ]


def list_universal_parameters(layers: Sequence[Layer]) -> Document:
    """What every layer has, as parameters by their name under components.parameters."""
    universal = [field for layer in layers[:1] for field in layer.fields if field.universal]
    return {f"universal.{field.name}": make_property_parameter(field) for field in universal}


def make_property_parameter(field: Field) -> Document:
    """A property as a parameter that takes the features that have that value."""
    return make_parameter(field.name, field.title.get_in(choose_language()), to_type(field))
