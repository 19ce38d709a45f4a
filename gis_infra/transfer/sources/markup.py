"""KML made ready: it is parsed by us first, so that no other kind of XML and no entity reaches a driver."""

import re
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.geojson import UTF_16
from gis_infra.transfer.sources.staging import Part, Parts, Staged, link, read_head, require_no_lure, require_room

ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]{0,100}?encoding=["']([\w.-]+)""")
# Neither entities nor addresses are followed.
SAFELY: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The KML in a folder, under the name "data.kml", in UTF-8; `bare_geometry` changes nothing.

    Raises InvalidSource if it is no KML, is not well formed, or has a document type; OurError without room on disk.
    """
    part = parts.main
    head = read_head(part)
    require_no_lure(part, head)
    require_sound(part)
    encoding = find_encoding(head)
    target = folder / "data.kml"
    if encoding in {"UTF-8", "ASCII", "US-ASCII"}:
        return Staged(link(part, target), (part.path,))
    require_room(folder, 3 * part.size)
    document = etree.parse(part.path, etree.XMLParser(**SAFELY))
    document.write(target, encoding="UTF-8", xml_declaration=True)
    # Once more: what was hidden by the encoding is not any longer.
    require_no_lure(part, read_head(Part(part.name, target)))
    return Staged(target, (part.path,), (f"{part.name} is in {encoding}",))


def find_encoding(head: bytes) -> str:
    """The encoding an XML file says it is in; UTF-8 if it says none."""
    if head.startswith(UTF_16):
        return "UTF-16"
    found = ENCODING.match(head)
    return found[1].decode("ascii").upper() if found is not None else "UTF-8"


def require_sound(part: Part) -> None:
    """Return if a file is KML, well formed to its end. Raises InvalidSource."""
    with part.path.open("rb") as file:
        try:
            require_kml(part, file)
            go_through(file)
        except etree.XMLSyntaxError as error:
            raise InvalidSource(f"{part.name} cannot be read as KML: {error.msg}", where=part.name) from error


def require_kml(part: Part, file: BinaryIO) -> None:
    """Return if the root of a file is that of KML and it has no document type. Raises InvalidSource."""
    _, root = next(iter(etree.iterparse(file, events=("start",), **SAFELY)))
    file.seek(0)
    name = etree.QName(root).localname
    if name != "kml":
        raise InvalidSource(f"{part.name} cannot be read as KML: its root is <{name}>, not <kml>", where=part.name)
    if root.getroottree().docinfo.internalDTD is not None:
        message = f"{part.name} has a document type (<!DOCTYPE>), which is not read here; take it out"
        raise InvalidSource(message, where=part.name)


def go_through(file: BinaryIO) -> None:
    """Parse to the end, placemark by placemark, so that a file of any size passes.

    Raises XMLSyntaxError if it is not well formed, or nested deeper than libxml2 allows, which is 256 elements.
    """
    for _, element in etree.iterparse(file, events=("end",), tag="{*}Placemark", **SAFELY):
        parent = element.getparent()
        element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
