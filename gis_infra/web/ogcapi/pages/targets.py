"""Where a page leads: the pages around it, the files of what it shows, the forms that programs read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis_infra.catalogue.definitions import Layer
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.web.ogcapi.pages import addresses
from gis_infra.web.ogcapi.pages.narrowing import SELECTING, Asked

TURNING = ("first", "prev", "next")
NAMES: Mapping[str, str] = {
    "application/geo+json": "GeoJSON",
    "application/fg+json": "JSON-FG",
    "application/vnd.ogc.fg+json": "JSON-FG",
    "application/gml+xml": "GML",
    "application/flatgeobuf": "FlatGeobuf",
    "application/vnd.flatgeobuf": "FlatGeobuf",
    "text/csv": "CSV",
}


@dataclass(frozen=True)
class Target:
    """A file, or a page: what it is called and where it is."""

    title: str
    href: str
    rel: str = ""


def list_pages(document: Mapping[str, Any]) -> tuple[Target, ...]:
    """The pages before and after this one."""
    found = {link["rel"]: Target("", link["href"], link["rel"]) for link in document["links"]}
    return tuple(found[rel] for rel in TURNING if rel in found)


def list_files(asked: Asked, layer: Layer) -> tuple[Target, ...]:
    """The whole selection as a file, one of each kind."""
    names = SELECTING | {"properties"} | {field.name for field in layer.fields}
    own = addresses.narrow(asked.arguments, names)
    path = asked.path.removesuffix("/items") + "/export"
    return tuple(Target(each.title, path + addresses.change({**own, "f": each.id}, {})) for each in FORMATS.values())


def list_forms(document: Mapping[str, Any]) -> tuple[Target, ...]:
    """The same document in the formats that programs read, one of each."""
    found = {
        NAMES[kind]: link["href"]
        for link in document["links"]
        if link["rel"] == "alternate" and (kind := link["type"].partition(";")[0]) in NAMES
    }
    return tuple(Target(title, href) for title, href in found.items())
