"""The definition of a stored query, read from XML and held to what can be carried out. Pure.

Source: OGC 09-025r2 clauses 14.2.2 and 14.5.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.document import XmlLimits, get_local_name, parse_xml
from gis_infra.web.wfs.faults import DuplicateStoredQueryParameter, MissingParameter, UnreadableRequest
from gis_infra.web.wfs.names import WFS, wfs
from gis_infra.web.wfs.requests.posts import to_own_name
from gis_infra.web.wfs.stored_queries import types

Element = etree._Element
LIMITS = XmlLimits(size=100_000, depth=64, elements=2_000)
LANGUAGES = frozenset(
    {
        "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression",
        "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression",
        "http://www.opengis.net/def/queryLanguage/OGC-WFS/0/WFSQueryExpression",
        "http://www.opengis.net/def/queryLanguage/OGC-WFS/0/WFS_QueryExpression",
    }
)
PLACEHOLDER = re.compile(r"\$\{([^${}]*)\}")
# Ids stand in lists with commas, and in addresses.
ID = re.compile(r"[^\s,<>\"]{1,200}")
MOST_PARAMETERS = 50
MOST_PLACEHOLDERS = 200
# What a URL says of every request; a parameter of such a name could not be told from it.
RESERVED = frozenset(
    {
        *("SERVICE", "VERSION", "REQUEST", "STOREDQUERY_ID", "NAMESPACES", "NAMESPACE", "COUNT", "MAXFEATURES"),
        *("STARTINDEX", "RESULTTYPE", "OUTPUTFORMAT", "RESOLVE", "RESOLVEPATH", "RESOLVEDEPTH", "RESOLVETIMEOUT"),
        *("SRSNAME", "VALUEREFERENCE", "EXPIRY", "LOCKACTION", "LOCKID"),
    }
)


@dataclass(frozen=True)
class Definition:
    """A stored query. element: of its definition. username: who stored it, "" for one that comes with the service.

    parameters: type by name, as of `types.find_type`. type_names: what its queries and its answers are of as far as
    that is written down, with our own prefix. is_private: whether its queries are shown to nobody else.
    """

    id: str
    element: Element
    username: str
    parameters: Mapping[str, str]
    type_names: tuple[str, ...]
    is_private: bool


def read(element: Element, username: str) -> Definition:
    """The definition in a wfs:StoredQueryDefinition, the root of its document: prefixes are bound nowhere else.

    Raises MissingParameter, InvalidParameter, UnreadableRequest and DuplicateStoredQueryParameter for what none can be.
    """
    parameters = read_parameters(element)
    texts = list(iterate(element, "QueryExpressionText"))
    if not texts:
        raise MissingParameter("a stored query has a QueryExpressionText", where="QueryExpressionText")
    for text in texts:
        require_queries(text, parameters)
    if sum(len(PLACEHOLDER.findall(written)) for written in list_texts(element)) > MOST_PLACEHOLDERS:
        raise InvalidParameter(
            f"a stored query has at most {MOST_PLACEHOLDERS} placeholders", where="QueryExpressionText"
        )
    return Definition(
        id=read_id(element),
        element=element,
        username=username,
        parameters=parameters,
        type_names=tuple(dict.fromkeys(name for text in texts for name in list_type_names(text))),
        is_private=any(text.get("isPrivate", "false").strip() in {"true", "1"} for text in texts),
    )


def parse(document: str, username: str) -> Definition:
    """The definition in a document of `write`. Raises as `read`, and InvalidParameter for one beyond LIMITS."""
    return read(parse_xml(document.encode(), "StoredQueryDefinition", LIMITS), username)


def write(element: Element) -> str:
    """A definition as a document, with all the prefixes that are bound where it stands."""
    document: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return document


def read_id(element: Element) -> str:
    """The id of a definition. Raises MissingParameter, InvalidParameter."""
    written = element.get("id", "").strip()
    if not written:
        raise MissingParameter("a stored query has an id", where="id")
    if ID.fullmatch(written) is None:
        raise InvalidParameter(
            f"the id of a stored query is a URI of at most 200 letters without commas, got {written[:60]!r}", where="id"
        )
    return written


def read_parameters(element: Element) -> dict[str, str]:
    """The type of each parameter by name. Raises InvalidParameter, DuplicateStoredQueryParameter."""
    found: dict[str, str] = {}
    for each in iterate(element, "Parameter"):
        name = each.get("name", "")
        if types.NAME.fullmatch(name) is None or len(name) > 60 or name.upper() in RESERVED:
            raise InvalidParameter(f"a parameter of a stored query cannot be called {name[:60]!r}", where="name")
        if name.upper() in {known.upper() for known in found}:
            raise DuplicateStoredQueryParameter(f"there are two parameters {name!r}", where=name)
        found[name] = read_type(each)
    if len(found) > MOST_PARAMETERS:
        raise InvalidParameter(f"a stored query has at most {MOST_PARAMETERS} parameters", where="Parameter")
    return found


def read_type(parameter: Element) -> str:
    """The type of a parameter. Raises InvalidParameter."""
    written = parameter.get("type", "").strip()
    prefix, _, local = written.rpartition(":")
    kind = types.find_type(parameter.nsmap.get(prefix or None), local)
    if kind is None:
        raise InvalidParameter(
            f"a parameter is of a simple type of XML Schema or of a geometry of GML, not of {written[:60]!r}",
            where="type",
        )
    return kind


def require_queries(text: Element, parameters: Mapping[str, str]) -> None:
    """Return if an expression is of queries that can be carried out. Raises InvalidParameter, UnreadableRequest."""
    language = text.get("language", "").strip()
    if language not in LANGUAGES:
        raise InvalidParameter(f"queries are stored as wfs:Query, not in {language[:100]!r}", where="language")
    if len(text) == 0 or any(child.tag != wfs("Query") for child in text):
        raise UnreadableRequest("a QueryExpressionText holds wfs:Query elements", where="QueryExpressionText")
    for written in list_texts(text):
        unknown = next((name for name in PLACEHOLDER.findall(written) if name not in parameters), None)
        if unknown is not None:
            raise InvalidParameter(f"${{{unknown[:60]}}} is no parameter of the stored query", where=unknown[:60])


def list_texts(element: Element) -> Iterator[str]:
    """Every text and every value of an attribute within an element."""
    for each in element.iter():
        yield each.text or ""
        yield each.tail or ""
        yield from map(str, each.attrib.values())


def list_type_names(text: Element) -> Iterator[str]:
    """The types that an expression names, but for those that a parameter will."""
    names = text.get("returnFeatureTypes", "").split()
    for query in text:
        names += query.get("typeNames", "").split()
    for name in names:
        if not PLACEHOLDER.search(name):
            yield to_own_name(name, text)


def iterate(element: Element, name: str) -> Iterator[Element]:
    """The children of that name, in the namespace of WFS 2.0."""
    return (child for child in element if get_local_name(child) == name and etree.QName(child).namespace == WFS)
