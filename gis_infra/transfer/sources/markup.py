"""KML made ready: it is parsed by us first, so that no other kind of XML and no entity reaches a driver."""

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.staging import Part, Parts, Staged, link, read_head, require_no_lure, require_room

DEEPEST = 100


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The KML in a folder, under the name "data.kml", in UTF-8; `bare_geometry` changes nothing.

    Raises InvalidSource if it is no KML, is not well formed, or has a document type; OurError without room on disk.
    """
    part = parts.main
    require_no_lure(part, read_head(part))
    encoding = study(part)
    target = folder / "data.kml"
    if encoding in {None, "UTF-8", "utf-8", "ASCII", "US-ASCII"}:
        return Staged(link(part, target), (part.path,))
    require_room(folder, 3 * part.size)
    document = etree.parse(part.path, make_parser())
    document.write(target, encoding="UTF-8", xml_declaration=True)
    return Staged(target, (part.path,), (f"{part.name} is in {encoding}",))


def make_parser() -> etree.XMLParser:
    """A parser that follows no entity and no address."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def study(part: Part) -> str | None:
    """The encoding an XML file says, if it is KML and well formed to its end. Raises InvalidSource."""
    with part.path.open("rb") as file:
        events = etree.iterparse(file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False)
        try:
            go_through(part, events)
        except etree.XMLSyntaxError as error:
            raise InvalidSource(f"{part.name} cannot be read as KML: {error.msg}", where=part.name) from error
        document = events.root.getroottree().docinfo
        return str(document.encoding) if document.encoding else None


def go_through(part: Part, events: Iterable[tuple[str, etree._Element]]) -> None:
    """Look at every element and forget it. Raises InvalidSource for one that may not be there."""
    depth = 0
    for event, element in events:
        if event == "start":
            require_kml(part, element, depth)
            depth += 1
        else:
            depth -= 1
            forget(element)


def forget(element: etree._Element) -> None:
    """Free an element that was seen, and what came before it, so that a file of any size passes."""
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def require_kml(part: Part, element: etree._Element, depth: int) -> None:
    """Return if an element may stand where it does. Raises InvalidSource."""
    if depth == 0:
        name = etree.QName(element).localname
        if name != "kml":
            raise InvalidSource(f"{part.name} cannot be read as KML: its root is <{name}>, not <kml>", where=part.name)
        if element.getroottree().docinfo.internalDTD is not None:
            message = f"{part.name} has a document type (<!DOCTYPE>), which is not read here; take it out"
            raise InvalidSource(message, where=part.name)
    if depth > DEEPEST:
        raise InvalidSource(f"{part.name} is nested deeper than {DEEPEST} elements", where=part.name)
