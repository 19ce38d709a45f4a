"""The two files QGIS opens: a project (.qgs), and a definition of layers to add to a project (.qlr). Pure.

Both hold the same tree, a group a sector, and the same layers; the project has the map's box and order of drawing too.
Source: QGIS 3.22, QgsProject::read, QgsLayerDefinition, QgsMapLayer::readLayerXml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from gis_infra.catalogue.definitions import Language, Layer, Sector
from gis_infra.features.formats.gml.names import PREFIX
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.qgis.forms import add_form
from gis_infra.web.qgis.symbols import add_renderer, to_scale

PROJECT_TYPE = '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">'
LAYERS_TYPE = "<!DOCTYPE qgis-layer-definition>"
# The oldest QGIS these files are tried with.
QGIS_VERSION = "3.22.16-Białowieża"
GEOMETRIES: Mapping[str, tuple[str, str]] = {
    "Point": ("Point", "Point"),
    "MultiPoint": ("Point", "MultiPoint"),
    "LineString": ("Line", "LineString"),
    "MultiLineString": ("Line", "MultiLineString"),
    "Polygon": ("Polygon", "Polygon"),
    "MultiPolygon": ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True)
class Entry:
    """A layer as one caller gets it. order: higher is drawn above."""

    layer: Layer
    may_edit: bool
    is_shown: bool
    order: float


@dataclass(frozen=True)
class Content:
    """What is put into a file. wfs: the address of the WFS. srid: the city's CRS. box: what is shown first, in it."""

    title: str
    wfs: str
    srid: int
    box: Bbox
    sectors: Sequence[Sector]
    entries: Sequence[Entry]
    language: Language


def render_layers(content: Content) -> bytes:
    """The layer definition."""
    root = etree.Element("qlr")
    tree = add_tree(root, content)
    group = etree.Element("layer-tree-group", {"name": content.title, "checked": "Qt::Checked", "expanded": "1"})
    group.extend(list(tree))
    tree.append(group)
    add_layers(etree.SubElement(root, "maplayers"), content)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=LAYERS_TYPE)


def render_project(content: Content) -> bytes:
    """The project."""
    root = etree.Element("qgis", {"projectname": content.title, "version": QGIS_VERSION})
    etree.SubElement(root, "title").text = content.title
    add_system(etree.SubElement(root, "projectCrs"), content.srid)
    tree = add_tree(root, content)
    order = etree.SubElement(tree, "custom-order", {"enabled": "1"})
    for entry in sorted(content.entries, key=lambda each: -each.order):
        etree.SubElement(order, "item").text = make_id(entry.layer)
    canvas = etree.SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    etree.SubElement(canvas, "units").text = "meters"
    extent = etree.SubElement(canvas, "extent")
    for name in ("xmin", "ymin", "xmax", "ymax"):
        etree.SubElement(extent, name).text = repr(getattr(content.box, name))
    add_system(etree.SubElement(canvas, "destinationsrs"), content.srid)
    add_layers(etree.SubElement(root, "projectlayers"), content)
    # Without it QGIS takes a project for one of no system.
    systems = etree.SubElement(etree.SubElement(root, "properties"), "SpatialRefSys")
    etree.SubElement(systems, "ProjectionsEnabled", {"type": "int"}).text = "1"
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=PROJECT_TYPE)


def add_tree(root: etree._Element, content: Content) -> etree._Element:
    """Write a group a sector, those layers first that are drawn above; returns the tree."""
    tree = etree.SubElement(root, "layer-tree-group", {"name": "", "checked": "Qt::Checked", "expanded": "1"})
    for sector in content.sectors:
        own = [each for each in content.entries if each.layer.sector == sector.id]
        if not own:
            continue
        title = sector.title.get_in(content.language)
        group = etree.SubElement(tree, "layer-tree-group", {"name": title, "checked": "Qt::Checked", "expanded": "0"})
        for entry in sorted(own, key=lambda each: -each.order):
            add_branch(group, entry, content)
    return tree


def add_branch(group: etree._Element, entry: Entry, content: Content) -> None:
    """Write a layer of the tree."""
    told = {
        "id": make_id(entry.layer),
        "name": entry.layer.title.get_in(content.language),
        "source": make_source(entry.layer, content),
        "providerKey": "WFS",
        "checked": "Qt::Checked" if entry.is_shown else "Qt::Unchecked",
        "expanded": "0",
    }
    etree.SubElement(group, "layer-tree-layer", told)


def add_layers(parent: etree._Element, content: Content) -> None:
    """Write every layer: where its features are, how they look, how their form looks."""
    for entry in content.entries:
        layer = entry.layer
        kind, shape = GEOMETRIES[layer.geometry]
        told = {"type": "vector", "geometry": kind, "wkbType": shape, "readOnly": "0" if entry.may_edit else "1"}
        element = etree.SubElement(parent, "maplayer", told | make_scales(layer))
        etree.SubElement(element, "id").text = make_id(layer)
        etree.SubElement(element, "datasource").text = make_source(layer, content)
        etree.SubElement(element, "layername").text = layer.title.get_in(content.language)
        if layer.description is not None:
            etree.SubElement(element, "abstract").text = layer.description.get_in(content.language)
        add_system(etree.SubElement(element, "srs"), content.srid)
        etree.SubElement(element, "provider", {"encoding": "UTF-8"}).text = "WFS"
        add_renderer(element, layer, content.language)
        add_form(element, layer, content.language)


def make_scales(layer: Layer) -> dict[str, str]:
    """Between which scales a layer is drawn, as attributes; the least zoom is the smallest scale."""
    least, most = (layer.style.rules.get(key) for key in ("min_zoom", "max_zoom"))
    if least is None and most is None:
        return {"hasScaleBasedVisibilityFlag": "0"}
    smallest = repr(to_scale(least)) if least is not None else "0"
    largest = repr(to_scale(most)) if most is not None else "0"
    return {"hasScaleBasedVisibilityFlag": "1", "minScale": smallest, "maxScale": largest}


def make_id(layer: Layer) -> str:
    """What QGIS calls the layer; the same at every download."""
    return f"gis_infra_{layer.id}"


def make_source(layer: Layer, content: Content) -> str:
    """Where the features of a layer are, as the WFS provider reads it."""
    parts = {
        "pagingEnabled": "true",
        "restrictToRequestBBOX": "1",
        "srsname": f"EPSG:{content.srid}",
        "typename": f"{PREFIX}:{layer.id}",
        "url": content.wfs,
        "version": "2.0.0",
    }
    return " ".join(f"{name}='{value}'" for name, value in parts.items())


def add_system(parent: etree._Element, srid: int) -> None:
    """Name a coordinate system; QGIS looks up the rest, where there is an id of its own, whichever it is."""
    system = etree.SubElement(parent, "spatialrefsys")
    etree.SubElement(system, "srsid").text = "1"
    etree.SubElement(system, "authid").text = f"EPSG:{srid}"
