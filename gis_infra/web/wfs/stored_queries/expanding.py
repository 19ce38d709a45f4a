"""A request that names stored queries as the request that says the same in full.

So every operation that takes queries takes stored ones, and permission, bounds and errors are those of any query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree
from sqlalchemy import Connection

from gis_infra.errors import InvalidParameter
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.filters.fes.document import XmlLimits, get_local_name, parse_xml
from gis_infra.filters.fes.values import GML_NAMESPACES
from gis_infra.storage.transactions import reading
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.names import FES, GET_FEATURE_BY_ID_NAMES, wfs
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.parameters import Parameters, parse_bindings
from gis_infra.web.wfs.requests.posts import group, read_query, to_own_name
from gis_infra.web.wfs.requests.versions import NEWEST
from gis_infra.web.wfs.service import Service
from gis_infra.web.wfs.stored_queries import store, types
from gis_infra.web.wfs.stored_queries.answers import is_hidden
from gis_infra.web.wfs.stored_queries.definitions import Definition
from gis_infra.web.wfs.stored_queries.substituting import Value, fill

Element = etree._Element
STORED = "STOREDQUERY_ID"
VALUE_LIMITS = XmlLimits(size=1_000_000, depth=32, elements=10_000)
QUERIES = frozenset({"Query", "StoredQuery"})
# What is said of a request as a whole, whichever queries it has.
GENERAL = frozenset(
    {
        *("SERVICE", "VERSION", "REQUEST", "COUNT", "MAXFEATURES", "STARTINDEX", "RESULTTYPE", "OUTPUTFORMAT"),
        *("RESOLVE", "RESOLVEPATH", "SRSNAME", "VALUEREFERENCE", "NAMESPACES", "EXPIRY", "LOCKACTION", "LOCKID"),
    }
)


def is_by_id(request: Request) -> bool:
    """Whether a request is for one feature by its id and for nothing else, which is answered by that feature itself."""
    is_alone = request.root is None or len(list_queries(request.root)) == 1
    return is_alone and request.parameters.find(STORED) in GET_FEATURE_BY_ID_NAMES


def expand(request: Request, service: Service) -> Request:
    """The request with queries in the place of those it names; itself if it names none.

    Raises InvalidParameter for a stored query that the actor cannot see, and as `substituting.fill`.
    Source: OGC 09-025r2 clause 7.9.3.
    """
    if request.version != NEWEST or request.parameters.find(STORED) is None:
        return request
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        if request.root is None:
            return expand_url(request, connection, service.city)
        return expand_post(request, request.root, connection, service.city)


def expand_url(request: Request, connection: Connection, city: City) -> Request:
    """The same of a request in a URL, which names one. Raises as `expand`."""
    parameters = request.parameters
    if is_by_id(request):
        return complete(request, [("RESOURCEID", parameters.require("ID"))], parameters)
    definition = store.get(connection, parameters.require(STORED), city, "storedQuery_id")
    queries = [read_query(query) for query in fill(definition, read_url(parameters, definition))]
    return complete(request, group(queries), parameters)


def read_url(parameters: Parameters, definition: Definition) -> dict[str, Value]:
    """The values of a definition's parameters in a URL, where a geometry is written as GML. Raises InvalidParameter."""
    bindings = parse_bindings(parameters.find("NAMESPACES") or "")
    found: dict[str, Value] = {}
    for name, kind in definition.parameters.items():
        text = parameters.find(name.upper())
        if text is None:
            continue
        if kind == types.GEOMETRY:
            found[name] = parse_xml(text.encode(), name, VALUE_LIMITS)
        else:
            is_name = kind == types.QUALIFIED and types.is_qualified_name(text.strip())
            found[name] = to_bound_name(text, bindings) if is_name else text
    return found


def to_bound_name(text: str, bindings: Mapping[str | None, str]) -> str:
    """A qualified name with our own prefix, or GML's, whatever prefix a URL binds to the namespace.

    A prefix that is bound to nothing is taken for ours: programs that turn a posted query into a URL lose what it was
    bound to, and there is no other namespace that types are in.
    """
    prefix, colon, local = text.strip().rpartition(":")
    bound = bindings.get(prefix, "")
    if bound in GML_NAMESPACES or (prefix == "gml" and not bound):
        return f"gml:{local}"
    return f"{PREFIX}:{local}" if bound == NAMESPACE or (colon and not bound) else text


def expand_post(request: Request, root: Element, connection: Connection, city: City) -> Request:
    """The same of a request in XML, which may name several, and have other queries beside them. Raises as `expand`."""
    children = list_queries(root)
    if is_by_id(request):
        given = read_post(children[0])
        return complete(request, [("RESOURCEID", require_id(given))], make_origin(request, children[0], given))
    queries: list[dict[str, str]] = []
    for child in children:
        queries += expand_child(child, connection, city, is_alone=len(children) == 1)
    origin = make_origin(request, children[0], read_post(children[0])) if len(children) == 1 else None
    return complete(request, group(queries), origin)


def expand_child(child: Element, connection: Connection, city: City, *, is_alone: bool) -> list[dict[str, str]]:
    """The parameters of each query that one query expression of a request stands for. Raises as `expand`."""
    if get_local_name(child) != "StoredQuery":
        return [read_query(child)]
    query_id = child.get("id", "")
    given = read_post(child)
    if query_id in GET_FEATURE_BY_ID_NAMES:
        return [read_query(make_query_by_id(require_id(given)))]
    definition = store.get(connection, query_id, city, "id")
    # The addresses of other pages would tell its text.
    if is_hidden(definition, city.actor) and not is_alone:
        raise InvalidParameter(f"stored query {query_id[:100]!r} is private, and asked for alone", where="id")
    return [read_query(query) for query in fill(definition, dict(read_values(given, definition)))]


def list_queries(root: Element) -> list[Element]:
    """The query expressions of a request."""
    return [child for child in root if get_local_name(child) in QUERIES]


def read_post(element: Element) -> dict[str, Element]:
    """The parameters of a wfs:StoredQuery, by name in capitals; of a name given twice the first counts."""
    found: dict[str, Element] = {}
    for child in element:
        if get_local_name(child) == "Parameter":
            found.setdefault(child.get("name", "").upper(), child)
    return found


def read_values(given: Mapping[str, Element], definition: Definition) -> Iterator[tuple[str, Value]]:
    """The values of a definition's parameters as they were posted."""
    for name, kind in definition.parameters.items():
        element = given.get(name.upper())
        if element is None:
            continue
        if len(element):
            yield name, element[0]
        else:
            text = element.text or ""
            yield name, to_own_name(text.strip(), element) if kind == types.QUALIFIED else text


def require_id(given: Mapping[str, Element]) -> str:
    """The id that GetFeatureById is given. Raises MissingParameter."""
    text = (given["ID"].text or "").strip() if "ID" in given else ""
    if not text:
        raise MissingParameter("parameter id is missing", where="id")
    return text


def make_query_by_id(feature_id: str) -> Element:
    """The query of one feature, for a request that has others beside it."""
    query = etree.Element(wfs("Query"), {"typeNames": f"{PREFIX}:{feature_id.rpartition('.')[0]}"})
    section = etree.SubElement(query, f"{{{FES}}}Filter")
    etree.SubElement(section, f"{{{FES}}}ResourceId", {"rid": feature_id})
    return query


def make_origin(request: Request, element: Element, given: Mapping[str, Element]) -> Parameters:
    """How a URL says what was posted: other pages of the answer are links."""
    values = {name: write_value(each) for name, each in given.items()}
    return Parameters({**values, **keep_general(request), STORED: element.get("id", "")})


def write_value(element: Element) -> str:
    """The value of a parameter as a URL has it: a geometry as GML, a name with our own prefix."""
    if len(element):
        return etree.tostring(element[0], encoding="unicode", with_tail=False)
    text = (element.text or "").strip()
    return to_own_name(text, element) if types.is_qualified_name(text) else element.text or ""


def complete(request: Request, pairs: list[tuple[str, str]], origin: Parameters | None) -> Request:
    """The request with other queries. origin: how it can be asked again."""
    parameters = Parameters({**dict(pairs), **keep_general(request)})
    return replace(request, parameters=parameters, root=None, origin=origin)


def keep_general(request: Request) -> dict[str, str]:
    """What a request says whichever queries it has."""
    return {name: text for name, text in request.parameters.values.items() if name in GENERAL}
