"""How a layer is drawn, as a renderer of QGIS: the same colours and sizes as on the map, and the same legend.

Sizes are millimetres here and pixels there; a pixel is that of CSS, a 96th of an inch.
Source: QGIS 3.22, src/core/symbology (QgsSymbolLayerUtils).
"""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.web.qgis.expressions import SCALE_AT_0, to_expression
from gis_infra.web.qgis.options import Value, add_options

PIXEL_MM = 25.4 / 96
SYMBOL_TYPES: Mapping[str, str] = {"line": "line", "point": "marker", "fill": "fill"}
OPAQUE = 255


def add_renderer(parent: etree._Element, layer: Layer, language: Language) -> None:
    """Say how the features of a layer are drawn, and what the legend says."""
    kind, symbol = styles.get_symbol(layer)
    colors = symbol.get("colors")
    renderer = etree.SubElement(
        parent, "renderer-v2", {"type": "categorizedSymbol" if colors else "singleSymbol", "symbollevels": "0"}
    )
    if not colors:
        add_symbols(renderer, layer, kind, [symbol["color"]])
        return
    renderer.set("attr", symbol["color_by"])
    legend = styles.to_legend(layer, language)
    categories = etree.SubElement(renderer, "categories")
    # The category without a value is that of all others.
    for place, (value, entry) in enumerate(zip([*colors, ""], legend, strict=True)):
        told = {"symbol": str(place), "value": value, "label": entry["label"], "render": "true", "type": "string"}
        etree.SubElement(categories, "category", told)
    add_symbols(renderer, layer, kind, [entry["color"] for entry in legend])


def add_symbols(renderer: etree._Element, layer: Layer, kind: str, colors: list[str]) -> None:
    """Write one symbol for each colour, numbered."""
    symbols = etree.SubElement(renderer, "symbols")
    looks = styles.to_maplibre(layer, layer.id)
    for place, color in enumerate(colors):
        told = {"name": str(place), "type": SYMBOL_TYPES[kind], "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"}
        SYMBOLS[kind](etree.SubElement(symbols, "symbol", told), looks, color)


def add_line(symbol: etree._Element, looks: list[dict[str, Any]], color: str) -> None:
    """A line; its width, and the dashes that go by it, are computed for each feature and scale."""
    paint = looks[0]["paint"]
    width = to_mm(paint["line-width"])
    dash = paint.get("line-dasharray", [])
    properties = {"outlineWidth": width}
    if dash:
        properties["customDash"] = " || ';' || ".join(f"({part!r} * {width})" for part in dash)
    options = {
        "line_color": to_color(color, paint["line-opacity"]),
        "line_width": "0.5",
        "line_width_unit": "MM",
        "line_style": "solid",
        "joinstyle": "round",
        "capstyle": "flat" if dash else "round",
        "use_custom_dash": "1" if dash else "0",
        "customdash": "4;2",
        "customdash_unit": "MM",
    }
    add_symbol_layer(symbol, "SimpleLine", options, properties)


def add_point(symbol: etree._Element, looks: list[dict[str, Any]], color: str) -> None:
    """A disc, with an edge if the style has one."""
    paint = looks[0]["paint"]
    edge = paint.get("circle-stroke-color")
    options = {
        "name": "circle",
        "color": to_color(color, paint["circle-opacity"]),
        "outline_color": to_color(edge or color, 1),
        "outline_style": "solid" if edge else "no",
        "outline_width": f"{PIXEL_MM * styles.OUTLINE_WIDTH:.4f}",
        "outline_width_unit": "MM",
        "size": "2",
        "size_unit": "MM",
    }
    add_symbol_layer(symbol, "SimpleMarker", options, {"size": f"2 * {to_mm(paint['circle-radius'])}"})


def add_fill(symbol: etree._Element, looks: list[dict[str, Any]], color: str) -> None:
    """An area, with an edge if the style has one."""
    edge = looks[1]["paint"]["line-color"] if len(looks) > 1 else None
    options = {
        "color": to_color(color, looks[0]["paint"]["fill-opacity"]),
        "style": "solid",
        "outline_color": to_color(edge or color, 1),
        "outline_style": "solid" if edge else "no",
        "outline_width": f"{PIXEL_MM * styles.OUTLINE_WIDTH:.4f}",
        "outline_width_unit": "MM",
    }
    add_symbol_layer(symbol, "SimpleFill", options, {})


SYMBOLS: Mapping[str, Callable[[etree._Element, list[dict[str, Any]], str], None]] = {
    "line": add_line,
    "point": add_point,
    "fill": add_fill,
}


def add_symbol_layer(
    symbol: etree._Element, name: str, options: Mapping[str, str], expressions: Mapping[str, str]
) -> None:
    """Write a part of a symbol; `expressions` are computed for each feature and stand above the options."""
    part = etree.SubElement(symbol, "layer", {"class": name, "enabled": "1", "pass": "0", "locked": "0"})
    add_options(part, options)
    defined: dict[str, Value] = {
        key: {"active": True, "expression": each, "type": 3} for key, each in expressions.items()
    }
    add_options(
        etree.SubElement(part, "data_defined_properties"), {"name": "", "properties": defined, "type": "collection"}
    )


def to_mm(size: Any) -> str:
    """A size of the map, a number or an expression in pixels, as an expression in millimetres."""
    return f"({PIXEL_MM!r} * {to_expression(size)})"


def to_color(color: str, opacity: float) -> str:
    """A colour "#rrggbb" as QGIS writes it: red, green, blue, opacity, each to 255."""
    parts = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return ",".join(map(str, [*parts, round(OPAQUE * opacity)]))


def to_scale(zoom: float) -> float:
    """The scale's denominator at a zoom of the map."""
    return float(SCALE_AT_0 / 2**zoom)
