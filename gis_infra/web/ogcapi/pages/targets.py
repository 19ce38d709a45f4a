"""Where a page leads: the pages around it, the files of what it shows, the forms that programs read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.formats.registry import FORMATS
from gis_infra.transfer.exporting.formats import FORMATS as FILES
from gis_infra.web.ogcapi.pages import addresses
from gis_infra.web.ogcapi.pages.narrowing import SELECTING, Asked

TURNING = ("first", "prev", "next")


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
    """The whole selection as a file, one of each kind; none of the layer as it was, which is given by the page."""
    if "as-of" in asked.arguments:
        return ()
    names = SELECTING | {"properties"} | {field.name for field in layer.fields}
    own = addresses.narrow(asked.arguments, names)
    path = asked.path.removesuffix("/items") + "/export"
    return tuple(Target(each.title, path + addresses.change({**own, "f": each.id}, {})) for each in FILES.values())


def list_forms(path: str, arguments: Mapping[str, str]) -> tuple[Target, ...]:
    """The same features in the formats that programs read. path: of them; arguments: by which they are asked for."""
    return tuple(Target(each.title, path + addresses.change(arguments, {"f": each.name})) for each in FORMATS.values())
