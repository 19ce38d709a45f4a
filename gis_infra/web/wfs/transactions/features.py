"""Features written in GML, and properties to be set, read against their layer: values, a shape, and what is wrong.

Nothing is looked up and no value is judged here; what cannot be read is noted, and told by `applying.apply` together
with what the layer does not allow.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import UnknownProperty
from gis_infra.features.changing.changes import KEEP, Keep, Origin, Shape
from gis_infra.features.changing.documents import GEOMETRY, Findings, tell_unknown
from gis_infra.features.changing.geometries import render_wkb
from gis_infra.features.formats.gml.names import GEOMETRY_NAME, NAMESPACE
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.values import (
    GML_NAMESPACES,
    GML_PROPERTIES,
    ID_NAME,
    is_borrowed,
    parse_path,
    parse_property_name,
)
from gis_infra.web.wfs.requests.versions import NAMESPACES
from gis_infra.web.wfs.transactions.actions import Content
from gis_infra.web.wfs.transactions.geometry import read_geometry
from gis_infra.web.wfs.transactions.systems import Systems
from gis_infra.web.wfs.transactions.values import read_value

# Ours, and what an element is in whose writer gave it none: nothing, or the protocol's by default.
OWN_NAMESPACES = frozenset({NAMESPACE, None, *NAMESPACES})
# What GML gives every feature and the program makes itself, or keeps no place for.
LEFT_ASIDE = frozenset({"boundedBy", "location", "metaDataProperty", "descriptionReference"})
NAMES = frozenset({"Name", "ValueReference"})


@dataclass
class Draft:
    """The content of a feature while it is read. spellings: of the properties that were met."""

    layer: Layer
    systems: Systems
    properties: dict[str, Any] = field(default_factory=dict)
    shape: Shape | Keep | None = KEEP
    spellings: set[str] = field(default_factory=set)
    found: Findings = field(default_factory=Findings)

    def meet(self, spelling: str) -> None:
        """Note that a property is there, and that it is there again."""
        if spelling in self.spellings:
            self.found.tell(spelling, None, "comes twice; a property has one value")
        self.spellings.add(spelling)

    def close(self) -> Content:
        """What was read."""
        return Content(self.properties, self.shape, tuple(self.found.faults))


def read_feature(element: etree._Element, layer: Layer, systems: Systems) -> Content:
    """The content of a feature: every property of it; one left out has no value. Raises InvalidCrs.

    Source: OGC 09-025r2 clause 15.2.4; OGC 04-094 clause 12.2.4; OGC 02-058 clause 9.2.1.
    """
    draft = Draft(layer, systems.bounded(element), shape=None)
    for child in sorted(element, key=lambda each: to_turn(each, layer)):
        if draft.found.are_enough:
            break
        name = find_name(child, draft)
        if name is not None:
            draft.meet(f"gml:{get_local_name(child)}" if is_standard(child) else get_local_name(child))
            set_property(name, child, draft)
    return draft.close()


def to_turn(element: etree._Element, layer: Layer) -> int:
    """When a property is read; of those that mean the same, the last counts.

    The standard properties of GML come after the layer's own: what was read from here has both, and who then writes
    gml:name means that, and knows nothing of the other. But a program that has them as fields of the layer, as QGIS
    does, shows a person both, and writes again what came with a feature that was copied: there the layer's own counts.
    """
    if is_standard(element):
        return 2
    return 0 if is_borrowed(get_local_name(element), layer) else 1


def is_standard(element: etree._Element) -> bool:
    """Whether an element is of GML."""
    return etree.QName(element).namespace in GML_NAMESPACES


def find_name(element: etree._Element, draft: Draft) -> str | None:
    """The name of the property an element is; None for one that is left aside, or unknown, which is told."""
    local, namespace = get_local_name(element), etree.QName(element).namespace
    if namespace in GML_NAMESPACES:
        if local not in GML_PROPERTIES and local not in LEFT_ASIDE:
            draft.found.tell(f"gml:{local}", None, "is no property of GML that is kept here")
        return GML_PROPERTIES.get(local)
    is_known = local == GEOMETRY_NAME or any(each.name == local for each in draft.layer.fields)
    if namespace in OWN_NAMESPACES:
        if is_known:
            return local
        if is_borrowed(local, draft.layer):
            return GML_PROPERTIES[local]
    draft.found.tell(local, get_text(element), tell_unknown(local, draft.layer))
    return None


def read_changes(elements: Iterable[etree._Element], layer: Layer, systems: Systems) -> Content:
    """What the Property elements of an Update set; one without Value takes the value away. Raises InvalidCrs.

    Source: OGC 09-025r2 clause 15.2.5; OGC 04-094 clause 12.2.5; OGC 02-058 clause 9.2.2.
    """
    draft = Draft(layer, systems)
    for element in elements:
        parts = {get_local_name(child): child for child in element}
        reference = next((part for name, part in parts.items() if name in NAMES), None)
        if reference is None:
            draft.found.tell("Property", None, "has no Name and no ValueReference")
            continue
        name = find_changed(reference, draft)
        if name is not None:
            draft.meet(name)
            is_removed = reference.get("action") == "remove"
            set_property(name, None if is_removed else parts.get("Value"), draft)
    return draft.close()


def find_changed(reference: etree._Element, draft: Draft) -> str | None:
    """The name of the property at a path; None for what cannot be changed, which is told."""
    path = get_text(reference)
    try:
        name = parse_property_name(path, draft.layer, reference.nsmap)
    except UnknownProperty as error:
        draft.found.tell(path, None, f"cannot be changed: {error.message}")
        return None
    if name == ID_NAME:
        draft.found.tell(path, None, "never changes")
    elif name == GEOMETRY_NAME and "boundedBy" in parse_path(path)[-1]:
        draft.found.tell(path, None, f"is made from {GEOMETRY_NAME}, which is what can be changed")
    elif reference.get("action", "replace") not in {"replace", "remove"}:
        draft.found.tell(path, None, "has one value, which is replaced or removed")
    else:
        return name
    return None


def set_property(name: str, element: etree._Element | None, draft: Draft) -> None:
    """Take the value inside an element into a draft; None is no value. The program's own properties are left aside.

    Raises InvalidCrs.
    """
    if name == GEOMETRY_NAME:
        draft.shape = None if element is None else read_shape(element, draft)
        return
    known = draft.layer.get_field(name)
    if known.system:
        return
    try:
        draft.properties[name] = None if element is None else read_value(element, known)
    except ValueError as error:
        draft.found.tell(name, None if element is None else get_text(element), str(error))


def read_shape(element: etree._Element, draft: Draft) -> Shape | None:
    """The shape inside an element, None if there is none, or none that can be read. Raises InvalidCrs."""
    try:
        if len(element) > 1:
            raise ValueError(f"holds {len(element)} geometries, where one is taken")
        if not len(element):
            if get_text(element):
                raise ValueError("holds text, where a geometry is taken")
            return None
        return Shape(render_wkb(read_geometry(element[0])), find_origin(element[0], draft.systems))
    except ValueError as error:
        draft.found.tell(GEOMETRY, None, str(error))
        return None


def find_origin(element: etree._Element, systems: Systems) -> Origin:
    """How the coordinates of a geometry are meant. Raises InvalidCrs; ValueError if its parts do not agree in it."""
    names = dict.fromkeys(name for each in element.iter() if (name := each.get("srsName")))
    origins = {systems.find_origin(name) for name in names}
    if len(origins) > 1:
        raise ValueError(f"is in several coordinate systems: {', '.join(names)[:120]}")
    return origins.pop() if origins else systems.default
