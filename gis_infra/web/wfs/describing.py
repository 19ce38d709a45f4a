"""The operations that tell what stored queries there are."""

from collections.abc import Sequence

from lxml import etree

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.formats.gml.names import PREFIX
from gis_infra.web.wfs.names import GET_FEATURE_BY_ID, NAMESPACES, WFS, WFS_LOCATION, XML_LANG, XSD, wfs, xsi
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.features import require_stored_query
from gis_infra.web.wfs.requests.parameters import split_list
from gis_infra.web.wfs.service import Answer, Service, answer_whole


def answer_stored_queries(request: Request, service: Service) -> Answer:
    """ListStoredQueries."""
    return answer_whole(render_stored_queries(service.actor.list_readable(service.services.catalogue)))


def answer_stored_query_descriptions(request: Request, service: Service) -> Answer:
    """DescribeStoredQueries. Raises InvalidParameter for one that does not exist."""
    for stored in split_list(request.parameters.find("STOREDQUERY_ID") or ""):
        require_stored_query(stored)
    return answer_whole(render_stored_query(service.actor.list_readable(service.services.catalogue)))


def render_stored_queries(types: Sequence[Layer]) -> bytes:
    """The answer to ListStoredQueries: the one that every WFS has. Source: OGC 09-025r2 clause 14.3."""
    root = etree.Element(wfs("ListStoredQueriesResponse"), nsmap=NAMESPACES)
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    query = etree.SubElement(root, wfs("StoredQuery"), {"id": GET_FEATURE_BY_ID})
    etree.SubElement(query, wfs("Title"), {XML_LANG: "en"}).text = "Feature by its id"
    for layer in types:
        etree.SubElement(query, wfs("ReturnFeatureType")).text = f"{PREFIX}:{layer.id}"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def render_stored_query(types: Sequence[Layer]) -> bytes:
    """The answer to DescribeStoredQueries. Source: OGC 09-025r2 clause 14.4."""
    root = etree.Element(wfs("DescribeStoredQueriesResponse"), nsmap=NAMESPACES)
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    query = etree.SubElement(root, wfs("StoredQueryDescription"), {"id": GET_FEATURE_BY_ID})
    etree.SubElement(query, wfs("Title"), {XML_LANG: "en"}).text = "Feature by its id"
    etree.SubElement(query, wfs("Parameter"), {"name": "id", "type": "xsd:string"}, nsmap={"xsd": XSD})
    definition = {
        "returnFeatureTypes": " ".join(f"{PREFIX}:{layer.id}" for layer in types),
        "language": "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression",
        "isPrivate": "true",
    }
    etree.SubElement(query, wfs("QueryExpressionText"), definition)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
