"""Features as GML 3.2: one element a feature, its properties in the order of the schema (`schema.py`).

Pure. A property without value is left out. `asset_code`, `name` and `remarks` stand twice: as the standard properties
gml:identifier, gml:name and gml:description, and under their own names, because GDAL and QGIS make fields only of the
latter (docs/decisions/2026-11-23-standard-properties-of-gml.md).
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.features.formats.gml.geometry import GmlAxes, render_geometries
from gis_infra.features.query import Feature

NAMESPACE = "urn:gis-infra:infra"
PREFIX = "infra"
GML_NAMESPACE = "http://www.opengis.net/gml/3.2"
GEOMETRY_NAME = "geom"

# GDAL takes the text "<gml:name" near the start of an answer for a property that the schema forgot, and warns of it at
# each read; under another prefix for the same namespace it does not.
STANDARD_PREFIX = "g"
# Attribute -> opening and closing tag of the standard property it is also published as, in the order GML demands.
STANDARD_PROPERTIES: Mapping[str, tuple[str, str]] = {
    "remarks": ("<g:description>", "</g:description>"),
    "asset_code": (f'<g:identifier codeSpace="{NAMESPACE}">', "</g:identifier>"),
    "name": ("<g:name>", "</g:name>"),
}

SPECIAL = re.compile("[<>&\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class GmlForm:
    """How the features of one layer are written.

    properties: the attributes wanted, None for all; with_geometry: whether the geometry is.
    """

    layer: Layer
    axes: GmlAxes
    properties: tuple[str, ...] | None = None
    with_geometry: bool = True

    @cached_property
    def columns(self) -> tuple["GmlColumn", ...]:
        """The elements of a feature before its geometry, in order."""
        wanted = [each for each in self.layer.fields if self.properties is None or each.name in self.properties]
        names = {each.name for each in wanted}
        standard = [make_standard(name) for name in STANDARD_PROPERTIES if name in names]
        return (*standard, *(make_own(each) for each in wanted))


@dataclass(frozen=True)
class GmlColumn:
    """One element of a feature: the attribute it is of, its tags, and how its value is written."""

    name: str
    start: str
    end: str
    render: Callable[[Any], str]


def make_standard(name: str) -> GmlColumn:
    """The standard property of GML that an attribute is published as."""
    start, end = STANDARD_PROPERTIES[name]
    return GmlColumn(name, start, end, render_text)


def make_own(field: Field) -> GmlColumn:
    """The element of an attribute under its own name."""
    tag = f"{PREFIX}:{field.name}"
    return GmlColumn(field.name, f"<{tag}>", f"</{tag}>", RENDERERS[field.type])


def render_features(features: Sequence[Feature], form: GmlForm) -> list[str]:
    """Each feature as an element `infra:<layer>`; the prefixes infra, gml and g must be bound around it.

    features: geometries easting first, in the CRS that `form.axes` names.
    Source: OGC 07-036 (GML 3.2.1) clause 9.
    """
    layer = form.layer
    ids = [f"{layer.id}.{each.id}" for each in features]
    geometries = render_geometry_properties(features, ids, form)
    tag = f"{PREFIX}:{layer.id}"
    columns = form.columns
    return [
        f'<{tag} gml:id="{id}">{render_properties(feature.properties, columns)}{geometry}</{tag}>'
        for feature, id, geometry in zip(features, ids, geometries, strict=True)
    ]


def render_geometry_properties(features: Sequence[Feature], ids: Sequence[str], form: GmlForm) -> list[str]:
    """The geometry property of each feature, "" where there is none or none is wanted."""
    if not form.with_geometry:
        return [""] * len(features)
    wkbs = [each.wkb for each in features]
    shapes = render_geometries(wkbs, [f"{id}.{GEOMETRY_NAME}" for id in ids], form.layer.geometry, form.axes)
    tag = f"{PREFIX}:{GEOMETRY_NAME}"
    return [f"<{tag}>{shape}</{tag}>" if shape else "" for shape in shapes]


def render_properties(properties: Mapping[str, Any], columns: Sequence[GmlColumn]) -> str:
    """The elements of one feature's attributes; those without value are left out."""
    return "".join(
        [
            f"{column.start}{column.render(value)}{column.end}"
            for column in columns
            if (value := properties.get(column.name)) is not None
        ]
    )


def render_text(value: Any) -> str:
    """Text that XML can hold: markup escaped, characters XML forbids replaced by U+FFFD."""
    text = str(value)
    if SPECIAL.search(text) is None:
        return text
    return escape(FORBIDDEN.sub("\ufffd", text), {"\r": "&#13;"})


def render_number(value: Any) -> str:
    """A number as xsd:double."""
    number = float(value)
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else ("INF" if number > 0 else "-INF")


def render_boolean(value: Any) -> str:
    """A truth value as xsd:boolean."""
    return "true" if value else "false"


def render_date(value: date) -> str:
    """A day as xsd:date."""
    return value.isoformat()


def render_timestamp(value: datetime) -> str:
    """A moment as xsd:dateTime in UTC, to the millisecond where it has one; without a zone it is taken as UTC."""
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision).replace("+00:00", "Z")


RENDERERS: Mapping[FieldType, Callable[[Any], str]] = {
    "text": render_text,
    "code": render_text,
    "integer": str,
    "number": render_number,
    "boolean": render_boolean,
    "date": render_date,
    "timestamp": render_timestamp,
}
