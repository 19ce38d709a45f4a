"""The formats features are given out in, by the names each version of the protocol lists and clients write.

The format fixes the whole document: GML 3.1.1 stands in a collection of WFS 1.1.0 whatever version asked for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.requests.versions import Version

OutputFormat = Literal["gml32", "gml31", "gml2", "json", "csv", "flatgeobuf", "shapefile"]


@dataclass(frozen=True)
class Format:
    """One format.

    content_type: of an answer. listed: its names in capabilities. spellings: what else is understood, in small
    letters and without spaces. file: the ending of a file it is saved as, "" for a document of the protocol.
    """

    content_type: str
    listed: tuple[str, ...]
    spellings: tuple[str, ...] = ()
    file: str = ""

    @property
    def names(self) -> frozenset[str]:
        """Every name of it, simplified."""
        return frozenset({*map(simplify, self.listed), *self.spellings})


def simplify(text: str) -> str:
    """A name without what clients write now one way and now another."""
    # A plus in a URL that was not escaped arrives as a space.
    plain = text.strip().lower().replace("application/gml xml", "application/gml+xml")
    plain = plain.replace("application/geo json", "application/geo+json")
    return plain.replace(" ", "").replace('"', "").replace("'", "").replace(";charset=utf-8", "")


FORMATS: Mapping[OutputFormat, Format] = {
    "gml32": Format(
        "application/gml+xml; version=3.2",
        ("application/gml+xml; version=3.2", "text/xml; subtype=gml/3.2", "text/xml; subtype=gml/3.2.1"),
        ("application/gml+xml;version=3.2.1", "application/gml+xml", "gml32", "gml3.2"),
    ),
    "gml31": Format(
        "text/xml; subtype=gml/3.1.1",
        ("text/xml; subtype=gml/3.1.1", "GML3"),
        (
            *("text/xml;subtype=gml/3.1", "application/gml+xml;version=3.1.1", "application/gml+xml;version=3.1"),
            *("gml31", "gml3.1", "gml311", "text/gml;subtype=gml/3.1.1"),
        ),
    ),
    "gml2": Format(
        "text/xml; subtype=gml/2.1.2",
        ("text/xml; subtype=gml/2.1.2", "GML2"),
        ("text/xml;subtype=gml/2.1", "application/gml+xml;version=2.1.2", "application/gml+xml;version=2.1", "gml212"),
    ),
    "json": Format("application/json", ("application/json", "application/geo+json"), ("json", "geojson")),
    "csv": Format("text/csv; charset=utf-8; header=present", ("csv", "text/csv"), (), "csv"),
    "flatgeobuf": Format("application/flatgeobuf", ("application/flatgeobuf",), ("flatgeobuf", "fgb"), "fgb"),
    "shapefile": Format("application/zip", ("SHAPE-ZIP",), ("shapefile", "application/zip", "shape"), "zip"),
}
# What a version gives where no format is named, where only XML is, and where the names of a schema language are.
DEFAULTS: Mapping[Version, OutputFormat] = {"2.0.0": "gml32", "1.1.0": "gml31", "1.0.0": "gml2"}
UNSAID = frozenset({"text/xml", "application/xml", "xmlschema", "xml"})
# The schema of 1.0.0 lists formats as elements, which can be no media types.
LISTED_IN_THE_OLDEST = ("GML2", "GML3", "SHAPE-ZIP")


def parse_output(text: str | None, version: Version) -> OutputFormat:
    """The format of the name; that of the version for None. Raises InvalidParameter, which lists what there is."""
    name = simplify(text or "")
    if not name or name in UNSAID:
        return DEFAULTS[version]
    found = next((key for key, each in FORMATS.items() if name in each.names), None)
    if found is None:
        offered = ", ".join(list_output_formats(version))
        raise InvalidParameter(f"outputFormat {text!r:.60} is not offered; these are: {offered}", where="outputFormat")
    return found


def parse_schema_output(text: str | None, version: Version) -> OutputFormat:
    """The same for a schema, which there is of GML only. Raises InvalidParameter."""
    found = parse_output(text, version)
    if not is_gml(found):
        offered = ", ".join(list_schema_formats(version))
        raise InvalidParameter(f"a schema comes as one of: {offered}; not as {text!r:.60}", where="outputFormat")
    return found


def list_output_formats(version: Version) -> tuple[str, ...]:
    """The names that the capabilities of a version list for features, its own format first."""
    if version == "1.0.0":
        return LISTED_IN_THE_OLDEST
    own = DEFAULTS[version]
    return tuple(name for key in (own, *(set_aside(own))) for name in FORMATS[key].listed)


def list_schema_formats(version: Version) -> tuple[str, ...]:
    """The names that the capabilities of a version list for schemas, its own first."""
    if version == "1.0.0":
        return ("XMLSCHEMA",)
    own = DEFAULTS[version]
    return tuple(name for key in (own, *set_aside(own)) if is_gml(key) for name in FORMATS[key].listed)


def set_aside(own: OutputFormat) -> tuple[OutputFormat, ...]:
    """All formats but one."""
    return tuple(key for key in FORMATS if key != own)


def is_gml(output: OutputFormat) -> bool:
    """Whether the format is GML."""
    return output in DEFAULTS.values()


def get_content_type(output: OutputFormat) -> str:
    """The media type of an answer."""
    return FORMATS[output].content_type
