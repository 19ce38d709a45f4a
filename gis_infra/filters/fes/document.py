"""XML from strangers into an element tree, or a refusal: no entities, no network, and bounds on size, depth and count.

Whatever is posted to the WFS and every filter in a URL comes through here. Pure: knows no layer and no protocol.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lxml import etree

from gis_infra.errors import InvalidParameter


@dataclass(frozen=True)
class XmlLimits:
    """How large a document may be: bytes, elements within one another, elements in all, attributes of one element.

    All attributes and namespaces together may be as many as elements.
    """

    size: int = 2_000_000
    depth: int = 64
    elements: int = 50_000
    attributes: int = 100


FILTER_LIMITS = XmlLimits()
NOTHING: Mapping[str, XmlLimits] = MappingProxyType({})


def parse_xml(
    body: bytes, where: str, limits: XmlLimits = FILTER_LIMITS, by_root: Mapping[str, XmlLimits] = NOTHING
) -> etree._Element:
    """The root element of a document from outside.

    where: the parameter (or "body") it came in, for the message. by_root: the limits of documents whose root element
    has that local name, instead of `limits`.
    Raises InvalidParameter if it is not well-formed, has a document type declaration, or is beyond `limits`; parsing
    stops at the first of these, so that what follows is never expanded or kept.
    """
    largest = max(each.size for each in (limits, *by_root.values()))
    if len(body) > largest:
        raise InvalidParameter(f"{where} has {len(body)} bytes of XML, at most {largest} are read", where=where)
    # The builder stands in for libxml2's own, and refuses a DOCTYPE before its entities are even declared.
    target: Any = BoundedBuilder(
        where, limits, by_root, len(body)
    )  # the stubs want bytes allowed everywhere; a parser gives only text
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: etree._Element = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidParameter(f"{where} is not well-formed XML: {error.msg}", where=where) from None
    return root


class BoundedBuilder:
    """A parser target that builds a tree as long as the document keeps within its limits."""

    def __init__(self, where: str, limits: XmlLimits, by_root: Mapping[str, XmlLimits], size: int) -> None:
        self.builder: Any = etree.TreeBuilder()  # the stubs lack its namespaces
        self.where = where
        self.limits = limits
        self.by_root = by_root
        self.size = size
        self.depth = 0
        self.count = 0
        self.marks = 0
        self.refusal: InvalidParameter | None = None

    def start(self, tag: str, attributes: Mapping[str, str], nsmap: Mapping[str, str]) -> None:
        """Open an element. Raises InvalidParameter beyond what is allowed, and for names that XML does not allow."""
        self.depth += 1
        self.count += 1
        if self.count == 1:
            self.limit_by_root(tag.rpartition("}")[2])
        if self.depth > self.limits.depth:
            raise self.refuse(f"nests elements more than {self.limits.depth} deep")
        if self.count > self.limits.elements:
            raise self.refuse(f"has more than {self.limits.elements} elements")
        # The builder looks through all attributes of an element for each one: 60,000 of them kept it for 47 s.
        if max(len(attributes), len(nsmap)) > self.limits.attributes:
            raise self.refuse(f"has an element with more than {self.limits.attributes} attributes or namespaces")
        self.marks += len(attributes) + len(nsmap)
        if self.marks > self.limits.elements:
            raise self.refuse(f"has more than {self.limits.elements} attributes and namespaces")
        try:
            etree.QName(tag)
            # The parser calls the default namespace "", the builder None.
            self.builder.start(tag, dict(attributes), {prefix or None: uri for prefix, uri in nsmap.items()})
        except ValueError:
            raise self.refuse("has a name or a namespace that is not well-formed") from None

    def limit_by_root(self, name: str) -> None:
        """Hold the rest of the document to the limits of its root. Raises InvalidParameter if it is too long."""
        self.limits = self.by_root.get(name, self.limits)
        if self.size > self.limits.size:
            raise self.refuse(f"has {self.size} bytes of XML, at most {self.limits.size} are read")

    def end(self, tag: str) -> None:
        """Close an element."""
        self.depth -= 1
        self.builder.end(tag)

    def data(self, text: str) -> None:
        """Keep character data."""
        self.builder.data(text)

    def doctype(self, name: str | None, public_id: str | None, system_id: str | None) -> None:
        """Refuse a document type declaration: entities are declared in it. Raises InvalidParameter."""
        raise self.refuse("has a document type declaration, which is not allowed")

    def comment(self, text: str) -> None:
        """Leave comments out."""

    def pi(self, target: str, text: str | None = None) -> None:
        """Leave processing instructions out."""

    def close(self) -> etree._Element | None:
        """The root element; None of a broken document, so that lxml reports what is wrong with it and not this call.

        Raises what was refused: lxml closes the target after an error, and passes on the last one raised.
        """
        if self.refusal is not None:
            raise self.refusal
        root: etree._Element | None = self.builder.close() if self.count and not self.depth else None
        return root

    def refuse(self, reason: str) -> InvalidParameter:
        """The error to raise for `reason`."""
        self.refusal = InvalidParameter(f"{self.where} {reason}", where=self.where)
        return self.refusal


def get_local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def get_text(element: etree._Element) -> str:
    """All the text inside an element, without the spaces around it."""
    return "".join(str(text) for text in element.itertext()).strip()
