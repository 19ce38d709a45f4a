"""Elements of capabilities documents, put together by name. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from gis_infra.spatial.boxes import Bbox


def add(parent: etree._Element, name: str, text: str = "", /, **attributes: str) -> etree._Element:
    """A new last child of `parent`. name: with its namespace. text: what it holds, if anything."""
    element = etree.SubElement(parent, name, attributes)
    if text:
        element.text = text
    return element


def add_all(parent: etree._Element, name: str, texts: Iterable[str]) -> None:
    """One new child for each text."""
    for text in texts:
        add(parent, name, text)


def render(root: etree._Element) -> bytes:
    """The document as it is sent."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def restrict(root: etree._Element, wanted: Collection[str]) -> None:
    """Leave only those children whose local names are among these."""
    for child in list(root):
        if etree.QName(child).localname not in wanted:
            root.remove(child)


def make_sequence(root: etree._Element) -> str:
    """The updateSequence of a whole document: another one as soon as anything in it is another.

    It is made of what the document says and of nothing else, so it tells of no change that its reader may not see.
    """
    return hashlib.sha256(etree.tostring(root)).hexdigest()[:16]


def to_corners(extent: Bbox) -> tuple[str, str]:
    """The lower and the upper corner of a box, longitude first, to the centimetre."""
    return f"{extent.xmin:.7f} {extent.ymin:.7f}", f"{extent.xmax:.7f} {extent.ymax:.7f}"


def to_flag(holds: bool) -> str:
    """A truth value as clients compare it, letter by letter."""
    return "TRUE" if holds else "FALSE"


def make_root(name: str, namespaces: Mapping[str, str], location: str, version: str) -> etree._Element:
    """The root of a document. location: of its schema, as xsi:schemaLocation has it."""
    root = etree.Element(name, {"version": version}, nsmap=dict(namespaces))
    root.set("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", location)
    return root
