"""A request posted as XML into the same parameters a URL would have.

One reading of parameters serves both, and the links to other pages of an answer to a POST can be URLs.
"""

from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from gis_infra.features.formats.gml.features import NAMESPACE, PREFIX
from gis_infra.filters.fes.document import XmlLimits, get_local_name, get_text, parse_xml
from gis_infra.web.wfs.faults import UnreadableRequest
from gis_infra.web.wfs.requests.parameters import Parameters, parse_parameters
from gis_infra.web.wfs.requests.versions import NAMESPACES

LIMITS = XmlLimits(size=2_000_000, depth=72, elements=20_000)
# Attributes of the root and the parameters they are in a URL.
ROOT_ATTRIBUTES: Mapping[str, str] = {
    "service": "SERVICE",
    "version": "VERSION",
    "count": "COUNT",
    "maxFeatures": "COUNT",
    "startIndex": "STARTINDEX",
    "resultType": "RESULTTYPE",
    "outputFormat": "OUTPUTFORMAT",
}


def parse_post(body: bytes) -> etree._Element:
    """The root of a request in XML. Raises InvalidParameter for a body that is not XML or beyond the limits."""
    return parse_xml(body, "body", LIMITS)


def read_post(root: etree._Element) -> Parameters:
    """The parameters of a request in XML; a version that is not written is that of the root's namespace.

    Raises UnreadableRequest for XML that is no request of a WFS.
    Source: OGC 09-025r2 clauses 8 to 14.
    """
    operation = get_local_name(root)
    pairs = [("REQUEST", operation)]
    pairs += [(name, str(root.attrib[key])) for key, name in ROOT_ATTRIBUTES.items() if key in root.attrib]
    implied = NAMESPACES.get(etree.QName(root).namespace or "")
    if implied is not None:
        pairs.append(("VERSION", implied))
    if operation in READERS:
        pairs += READERS[operation](root)
    return parse_parameters(pairs)


def read_capabilities(root: etree._Element) -> list[tuple[str, str]]:
    """AcceptVersions and Sections, each a list of texts."""
    return [
        (get_local_name(child).upper(), ",".join(get_text(each) for each in child))
        for child in root
        if get_local_name(child) in {"AcceptVersions", "Sections"}
    ]


def read_description(root: etree._Element) -> list[tuple[str, str]]:
    """The type names of DescribeFeatureType; none is all."""
    names = [to_type_name(get_text(child), child) for child in root if get_local_name(child) == "TypeName"]
    return [("TYPENAMES", ",".join(names))]


def read_get_feature(root: etree._Element) -> list[tuple[str, str]]:
    """The stored query, or one group of parameters for each query. Raises UnreadableRequest if there is neither."""
    stored = [child for child in root if get_local_name(child) == "StoredQuery"]
    if stored:
        return read_stored_query(stored[0])
    queries = [read_query(child) for child in root if get_local_name(child) == "Query"]
    if not queries:
        raise UnreadableRequest("GetFeature holds no Query and no StoredQuery", where="GetFeature")
    if len(queries) == 1:
        return list(queries[0].items())
    names = sorted({name for query in queries for name in query})
    return [(name, "".join(f"({query.get(name, '')})" for query in queries)) for name in names]


def read_stored_query(element: etree._Element) -> list[tuple[str, str]]:
    """The id of a stored query and its parameters."""
    parameters = [(child.get("name", ""), get_text(child)) for child in element]
    return [("STOREDQUERY_ID", element.get("id", "")), *parameters]


def read_query(element: etree._Element) -> dict[str, str]:
    """The parameters of one ad hoc query."""
    names = element.get("typeNames", element.get("typeName", ""))
    found = {"TYPENAMES": ",".join(to_type_name(name, element) for name in names.split())}
    if element.get("srsName"):
        found["SRSNAME"] = element.get("srsName", "")
    properties = [get_text(child) for child in element if get_local_name(child) == "PropertyName"]
    if properties:
        found["PROPERTYNAME"] = ",".join(properties)
    for child in element:
        if get_local_name(child) == "Filter":
            found["FILTER"] = etree.tostring(child, encoding="unicode", with_tail=False)
        elif get_local_name(child) == "SortBy":
            found["SORTBY"] = ",".join(read_sort_keys(child))
    return found


def read_sort_keys(element: etree._Element) -> Iterable[str]:
    """The keys of a SortBy as a URL writes them: "name ASC"."""
    for key in element:
        parts = {get_local_name(child): get_text(child) for child in key}
        name = parts.get("ValueReference", parts.get("PropertyName", ""))
        yield f"{name} {parts.get('SortOrder', 'ASC')}"


def read_stored_query_ids(root: etree._Element) -> list[tuple[str, str]]:
    """The stored queries to describe; none is all."""
    return [("STOREDQUERY_ID", ",".join(get_text(child) for child in root))]


def to_type_name(text: str, element: etree._Element) -> str:
    """A type name with our own prefix, whatever prefix the document binds to our namespace."""
    prefix, _, local = text.rpartition(":")
    bound = element.nsmap.get(prefix or None)
    return f"{PREFIX}:{local}" if bound == NAMESPACE or not prefix else text


READERS: Mapping[str, Callable[[etree._Element], list[tuple[str, str]]]] = {
    "GetCapabilities": read_capabilities,
    "DescribeFeatureType": read_description,
    "GetFeature": read_get_feature,
    "DescribeStoredQueries": read_stored_query_ids,
}
