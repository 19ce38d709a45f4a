"""How a layer looks: the `style` of its file as MapLibre layers, and as lines of a legend. Both say the same.

Colours follow the trade: red power, green telecom, blue water, brown and grey drainage, softer greens the environment.
Source: MapLibre Style Specification, version 8.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from gis_infra.catalogue.definitions import Language, Layer, Title

Symbol = Mapping[str, Any]
Json = dict[str, Any]

DEFAULT_WIDTH = 2.0
DEFAULT_RADIUS = 4.0
OUTLINE_WIDTH = 1.0
# Widths of the least and the greatest value of the field that widths go by, in pixels at NEAR.
LEAST_WIDTH, MOST_WIDTH = 1.0, 8.0
# Zooms and what sizes are multiplied with there: drawn as written at NEAR, thinner from afar, thicker close up.
FAR, NEAR, CLOSE = (10, 0.4), (16, 1.0), (20, 2.5)
OTHERS = Title(vi="Khác hoặc không rõ", en="Other or unknown")


def to_maplibre(layer: Layer, source_id: str) -> list[Json]:
    """The MapLibre layers that draw a layer, bottom first; the first has the layer's own id.

    source_id: the vector source; the layer in its tiles is called by the layer's id, and carries the fields that
    colours and widths go by.
    """
    kind, symbol = get_symbol(layer)
    frame: Json = {"source": source_id, "source-layer": layer.id}
    rules = layer.style.rules
    frame |= {name: rules[key] for name, key in (("minzoom", "min_zoom"), ("maxzoom", "max_zoom")) if key in rules}
    return [{"id": layer.id + end, "type": type_, **frame, **look} for end, type_, look in DRAWERS[kind](layer, symbol)]


def to_legend(layer: Layer, language: Language) -> list[Json]:
    """The legend of a layer: one entry, or one a colour where colours go by a code, the default colour last.

    Each entry has label, kind ("line", "point" or "fill") and color, and where they apply outline, width and dash.
    """
    kind, symbol = get_symbol(layer)
    look: Json = {"kind": kind}
    look |= {key: symbol[key] for key in ("outline", "width") if key in symbol}
    if "dash" in symbol:
        look["dash"] = list(symbol["dash"])
    if "color_by" not in symbol:
        return [{"label": layer.title.get_in(language), **look, "color": symbol["color"]}]
    titles = layer.get_field(symbol["color_by"]).codes
    entries = [
        {"label": titles[code].get_in(language), **look, "color": color} for code, color in symbol["colors"].items()
    ]
    return [*entries, {"label": OTHERS.get_in(language), **look, "color": symbol["color"]}]


def get_symbol(layer: Layer) -> tuple[str, Symbol]:
    """Which of line, point and fill a layer is drawn as, and how."""
    return next((kind, layer.style.rules[kind]) for kind in DRAWERS if kind in layer.style.rules)


def draw_line(layer: Layer, symbol: Symbol) -> list[tuple[str, str, Json]]:
    """A line, as suffix of the id, type, and look."""
    paint: Json = {
        "line-color": make_color(symbol),
        "line-width": scale_by_zoom(make_width(layer, symbol)),
        "line-opacity": symbol.get("opacity", 1),
    }
    # Round caps would fill the gaps of a dash.
    cap = "butt" if "dash" in symbol else "round"
    if "dash" in symbol:
        paint["line-dasharray"] = list(symbol["dash"])
    return [("", "line", {"layout": {"line-cap": cap, "line-join": "round"}, "paint": paint})]


def draw_point(layer: Layer, symbol: Symbol) -> list[tuple[str, str, Json]]:
    """A disc, as suffix of the id, type, and look."""
    paint: Json = {
        "circle-color": make_color(symbol),
        "circle-radius": scale_by_zoom(symbol.get("radius", DEFAULT_RADIUS)),
        "circle-opacity": symbol.get("opacity", 1),
    }
    if "outline" in symbol:
        paint |= {"circle-stroke-color": symbol["outline"], "circle-stroke-width": OUTLINE_WIDTH}
    return [("", "circle", {"paint": paint})]


def draw_fill(layer: Layer, symbol: Symbol) -> list[tuple[str, str, Json]]:
    """An area, and its edge as a layer of its own, because MapLibre draws the edge of a fill only a hair wide."""
    paint: Json = {"fill-color": make_color(symbol), "fill-opacity": symbol.get("opacity", 1)}
    area = [("", "fill", {"paint": paint})]
    if "outline" not in symbol:
        return area
    edge: Json = {"line-color": symbol["outline"], "line-width": OUTLINE_WIDTH}
    return [*area, ("-outline", "line", {"paint": edge})]


DRAWERS: Mapping[str, Callable[[Layer, Symbol], list[tuple[str, str, Json]]]] = {
    "fill": draw_fill,
    "line": draw_line,
    "point": draw_point,
}


def make_color(symbol: Symbol) -> Any:
    """A colour, or an expression that chooses one by a code."""
    if not symbol.get("colors"):
        return symbol["color"]
    pairs = [part for pair in symbol["colors"].items() for part in pair]
    return ["match", ["get", symbol["color_by"]], *pairs, symbol["color"]]


def make_width(layer: Layer, symbol: Symbol) -> Any:
    """A width in pixels at zoom NEAR, or an expression of the field it goes by.

    Widths go by the square root of the value: by the value itself, all but the largest trunk mains would look the same.
    A feature without a value is drawn like the least.
    """
    if "width_by" not in symbol:
        return symbol.get("width", DEFAULT_WIDTH)
    field = layer.get_field(symbol["width_by"])
    if field.minimum is None or field.maximum is None:
        return symbol.get("width", DEFAULT_WIDTH)
    value = ["max", 0, ["to-number", ["get", field.name], field.minimum]]
    low, high = (math.sqrt(max(0.0, bound)) for bound in (field.minimum, field.maximum))
    return ["interpolate", ["linear"], ["sqrt", value], low, LEAST_WIDTH, high, MOST_WIDTH]


def scale_by_zoom(size: Any) -> list[Any]:
    """An expression of the zoom that multiplies a size, a number or an expression of the feature."""
    stops = [part for zoom, factor in (FAR, NEAR, CLOSE) for part in (zoom, multiply(size, factor))]
    return ["interpolate", ["exponential", 1.5], ["zoom"], *stops]


def multiply(size: Any, factor: float) -> Any:
    """A number or an expression, `factor` times as large."""
    return ["*", factor, size] if isinstance(size, list) else round(size * factor, 2)
