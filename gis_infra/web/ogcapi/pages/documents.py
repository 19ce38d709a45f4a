"""Documents meant for programs, told to people: schemas, conformance classes, the paths of the API. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.web.ogcapi.pages.formatting import format_moment
from gis_infra.web.ogcapi.pages.layers import FieldLine, make_field_line

Json = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete", "options", "head")
COLLECTION = "/collections/"
GEOMETRY = "geometry-"
# The first words of a class's address, and what the standard is called.
STANDARDS: Mapping[str, str] = {
    "ogcapi-common": "OGC API - Common",
    "ogcapi-features": "OGC API - Features",
    "ogcapi-tiles": "OGC API - Tiles",
    "ogcapi-processes": "OGC API - Processes",
    "ogcapi-records": "OGC API - Records",
    "cql2": "CQL2",
    "json-fg": "JSON-FG",
    "gmlsf": "GML Simple Features",
    "GML": "GML",
}


@dataclass(frozen=True)
class ConformanceClass:
    """One class: its own name and its address."""

    name: str
    uri: str


@dataclass(frozen=True)
class Standard:
    """One standard, or one part of one, with the classes of it that are fulfilled."""

    name: str
    parts: tuple[ConformanceClass, ...]


@dataclass(frozen=True)
class PathLine:
    """One operation of the API."""

    method: str
    path: str
    summary: str


@dataclass(frozen=True)
class PathGroup:
    """The operations of one collection; without a name, those of none."""

    name: str
    lines: tuple[PathLine, ...]


def describe_fields(layer: Layer, properties: Mapping[str, Json], language: Language) -> tuple[FieldLine, ...]:
    """The properties of a schema as lines of a table; what is a field of the layer is told as on the layer's page."""
    fields = {field.name: field for field in layer.fields}
    return tuple(
        make_field_line(fields[name], language) if name in fields else describe_other(name, schema)
        for name, schema in properties.items()
    )


def describe_other(name: str, schema: Json) -> FieldLine:
    """A property that no field stands behind: the id, the geometry."""
    kind = str(schema.get("format", ""))
    shown = "geometry" if kind.startswith(GEOMETRY) else str(schema.get("type", "text"))
    known = {"string": "text"}.get(shown, shown)
    described = str(schema.get("description", ""))
    return FieldLine(name, str(schema.get("title", name)), "", known, "", "", described, False, False, ())


def group_classes(uris: Iterable[str]) -> tuple[Standard, ...]:
    """The conformance classes by standard and part, in their order."""
    found: dict[str, list[ConformanceClass]] = {}
    for uri in uris:
        name, part = name_standard(uri)
        found.setdefault(name, []).append(ConformanceClass(part, uri))
    return tuple(Standard(name, tuple(parts)) for name, parts in found.items())


def name_standard(uri: str) -> tuple[str, str]:
    """What the standard of a class is called, with its part's number, and the class's own name."""
    pieces = [piece for piece in urlsplit(uri).path.split("/") if piece and piece != "spec"]
    if not pieces:
        return uri, uri
    base, _, number = pieces[0].rpartition("-")
    known = STANDARDS.get(base) or STANDARDS.get(pieces[0])
    name = known or pieces[0]
    return (f"{name}, {number}" if known and base in STANDARDS and number.isdigit() else name), pieces[-1]


def group_paths(paths: Mapping[str, Json]) -> tuple[PathGroup, ...]:
    """The operations by collection, those of none first."""
    found: dict[str, list[PathLine]] = {"": []}
    for path, operations in paths.items():
        lines = [
            PathLine(method.upper(), path, str(operation.get("summary", "")))
            for method, operation in operations.items()
            if method in METHODS
        ]
        name = path.removeprefix(COLLECTION).split("/")[0] if path.startswith(COLLECTION) else ""
        found.setdefault(name, []).extend(lines)
    return tuple(PathGroup(name, tuple(lines)) for name, lines in found.items() if lines)


def read_moment(text: str, language: Language) -> str:
    """An RFC 3339 moment of a document for people; the text itself if it is none."""
    try:
        return format_moment(datetime.fromisoformat(text), language)
    except ValueError:
        return text
