"""The stored queries that come with the service, whoever asks: nobody can drop them."""

from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.web.wfs.names import GET_FEATURE_BY_ID, GET_FEATURE_BY_ID_NAMES, WFS, XSD
from gis_infra.web.wfs.stored_queries.definitions import Definition, parse

PREFIX_OF_IDS = "urn:ogc:def:query:OGC-WFS::"
GET_FEATURE_BY_TYPE_NAME = f"{PREFIX_OF_IDS}GetFeatureByTypeName"
NOBODY = ""
LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression"
NAMESPACES = f'xmlns="{WFS}" xmlns:xsd="{XSD}" xmlns:{PREFIX}="{NAMESPACE}"'

# Written down as any other, though what it gives is the feature itself and no collection; so its text is private.
BY_ID = f"""<StoredQueryDefinition {NAMESPACES} id="{GET_FEATURE_BY_ID}">
  <Title xml:lang="en">Feature by its id</Title>
  <Parameter name="id" type="xsd:string"/>
  <QueryExpressionText returnFeatureTypes="" language="{LANGUAGE}" isPrivate="true">
    <Query typeNames="schema-element(gml:AbstractFeature)"/>
  </QueryExpressionText>
</StoredQueryDefinition>"""
BY_TYPE_NAME = f"""<StoredQueryDefinition {NAMESPACES} id="{GET_FEATURE_BY_TYPE_NAME}">
  <Title xml:lang="en">Features of a type</Title>
  <Parameter name="typeName" type="xsd:QName"/>
  <QueryExpressionText returnFeatureTypes="" language="{LANGUAGE}" isPrivate="false">
    <Query typeNames="${{typeName}}"/>
  </QueryExpressionText>
</StoredQueryDefinition>"""


def list_provided() -> list[Definition]:
    """All of them, in the order in which they are told."""
    return [parse(BY_ID, NOBODY), parse(BY_TYPE_NAME, NOBODY)]


def find_provided(query_id: str) -> Definition | None:
    """The one of that id, by any of its names; None if there is none."""
    wanted = GET_FEATURE_BY_ID if query_id in GET_FEATURE_BY_ID_NAMES else query_id
    return next((each for each in list_provided() if each.id == wanted), None)


def is_taken(query_id: str) -> bool:
    """Whether an id is kept for queries of the service."""
    return query_id in GET_FEATURE_BY_ID_NAMES or query_id.startswith(PREFIX_OF_IDS)
