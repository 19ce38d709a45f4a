"""A request posted as XML into the same parameters a URL would have.

One reading of parameters serves both, and the links to other pages of an answer to a POST can be URLs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from lxml import etree

from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.filters.fes.document import XmlLimits, get_local_name, get_text, parse_xml
from gis_infra.filters.fes.values import GML_NAMESPACES
from gis_infra.web.wfs.faults import UnreadableRequest
from gis_infra.web.wfs.requests.parameters import Parameters, parse_parameters
from gis_infra.web.wfs.requests.versions import NAMESPACES

LIMITS = XmlLimits(size=2_000_000, depth=72, elements=20_000)
# Of 20,000 features with what they usually have; the tree of as many elements takes some 100 MB.
BY_ROOT: Mapping[str, XmlLimits] = {"Transaction": XmlLimits(size=16_777_216, depth=72, elements=400_000)}
# Attributes of the root and the parameters they are in a URL.
ROOT_ATTRIBUTES: Mapping[str, str] = {
    "service": "SERVICE",
    "version": "VERSION",
    "count": "COUNT",
    "maxFeatures": "COUNT",
    "startIndex": "STARTINDEX",
    "resultType": "RESULTTYPE",
    "updateSequence": "UPDATESEQUENCE",
    "outputFormat": "OUTPUTFORMAT",
    "lockId": "LOCKID",
    "lockAction": "LOCKACTION",
    "expiry": "EXPIRY",
    "resolve": "RESOLVE",
    "resolvePath": "RESOLVEPATH",
}


def parse_post(body: bytes) -> etree._Element:
    """The root of a request in XML. Raises InvalidParameter for a body that is not XML or beyond the limits."""
    return parse_xml(body, "body", LIMITS, BY_ROOT)


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
    """AcceptVersions, AcceptFormats and Sections, each a list of texts."""
    return [
        (get_local_name(child).upper(), ",".join(get_text(each) for each in child))
        for child in root
        if get_local_name(child) in {"AcceptVersions", "AcceptFormats", "Sections"}
    ]


def read_description(root: etree._Element) -> list[tuple[str, str]]:
    """The type names of DescribeFeatureType; none is all."""
    names = [to_own_name(get_text(child), child) for child in root if get_local_name(child) == "TypeName"]
    return [("TYPENAMES", ",".join(names))]


def read_get_feature(root: etree._Element) -> list[tuple[str, str]]:
    """The stored query, or one group of parameters for each query. Raises UnreadableRequest if there is neither.

    Source: OGC 09-025r2 clauses 7.9 and 11.2; OGC 04-094 clause 9.2; OGC 02-058 clause 8.2.
    """
    stored = [child for child in root if get_local_name(child) == "StoredQuery"]
    if stored:
        return read_stored_query(stored[0])
    queries = [read_query(child) for child in root if get_local_name(child) in {"Query", "Lock"}]
    if not queries:
        name = get_local_name(root)
        raise UnreadableRequest(f"{name} holds no Query and no StoredQuery", where=name)
    return group(queries)


def group(queries: Sequence[Mapping[str, str]]) -> list[tuple[str, str]]:
    """The parameters of one query or, of several, one part for each in every parameter."""
    if len(queries) == 1:
        return list(queries[0].items())
    names = sorted({name for query in queries for name in query})
    return [(name, "".join(f"({query.get(name, '')})" for query in queries)) for name in names]


def read_get_property_value(root: etree._Element) -> list[tuple[str, str]]:
    """The query, and which of its features' values. Raises UnreadableRequest as `read_get_feature` does."""
    written = root.get("valueReference")
    path = [] if written is None else [("VALUEREFERENCE", to_own_path(written, root))]
    return [*path, *read_get_feature(root)]


def read_lock_feature(root: etree._Element) -> list[tuple[str, str]]:
    """The queries to lock, none where a lock is to last anew, whatever stands there. Raises as `read_get_feature`."""
    return [] if root.get("lockId") else read_get_feature(root)


def read_stored_query(element: etree._Element) -> list[tuple[str, str]]:
    """The id of a stored query and its parameters."""
    parameters = [(child.get("name", ""), get_text(child)) for child in element]
    return [("STOREDQUERY_ID", element.get("id", "")), *parameters]


def read_query(element: etree._Element) -> dict[str, str]:
    """The parameters of one ad hoc query."""
    names = element.get("typeNames", element.get("typeName", ""))
    # Lists are of spaces in 2.0.0 and 1.1.0; GDAL writes commas all the same.
    found = {"TYPENAMES": ",".join(to_own_name(name, element) for name in names.replace(",", " ").split())}
    for attribute, name in QUERY_ATTRIBUTES.items():
        if element.get(attribute):
            found[name] = ",".join(element.get(attribute, "").split())
    properties = [to_own_path(get_text(child), child) for child in element if get_local_name(child) == "PropertyName"]
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
        parts = {get_local_name(child): child for child in key}
        name = next((parts[each] for each in ("ValueReference", "PropertyName") if each in parts), None)
        order = parts.get("SortOrder")
        path = "" if name is None else to_own_path(get_text(name), name)
        yield f"{path} {'ASC' if order is None else get_text(order)}"


def read_dropped(root: etree._Element) -> list[tuple[str, str]]:
    """The stored query to drop."""
    return [("STOREDQUERY_ID", root.get("id", ""))]


def read_stored_query_ids(root: etree._Element) -> list[tuple[str, str]]:
    """The stored queries to describe; none is all."""
    return [("STOREDQUERY_ID", ",".join(get_text(child) for child in root))]


def to_own_path(path: str, element: etree._Element) -> str:
    """A path with our own prefixes in every step."""
    return "/".join(to_own_name(step.strip(), element) for step in path.split("/"))


def to_own_name(text: str, element: etree._Element) -> str:
    """A name with our own prefix, or GML's, whatever prefix the document binds to the namespace."""
    if text.startswith("schema-element(") and text.endswith(")"):
        return to_own_name(text.removeprefix("schema-element(").removesuffix(")"), element)
    prefix, colon, local = text.removeprefix("@").rpartition(":")
    bound = element.nsmap.get(prefix or None, "")
    if bound in GML_NAMESPACES and colon:
        return f"{'@' if text.startswith('@') else ''}gml:{local}"
    return f"{PREFIX}:{local}" if bound == NAMESPACE and colon else text


QUERY_ATTRIBUTES: Mapping[str, str] = {"srsName": "SRSNAME", "aliases": "ALIASES"}
READERS: Mapping[str, Callable[[etree._Element], list[tuple[str, str]]]] = {
    "GetCapabilities": read_capabilities,
    "DescribeFeatureType": read_description,
    "GetFeature": read_get_feature,
    "GetFeatureWithLock": read_get_feature,
    "LockFeature": read_lock_feature,
    "GetPropertyValue": read_get_property_value,
    "DescribeStoredQueries": read_stored_query_ids,
    "DropStoredQuery": read_dropped,
}
