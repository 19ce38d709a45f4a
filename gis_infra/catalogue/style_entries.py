"""The `style` of a layer file, checked against the layer's geometry and fields. Source: layers/README.md, "Style"."""

from collections.abc import Mapping
from typing import Any

from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Field, Style
from gis_infra.catalogue.documents import Entry, Notes

KIND_OF_GEOMETRY: Mapping[str, str] = {"Point": "point", "LineString": "line", "Polygon": "fill"}
COMMON_KEYS = ("color", "opacity", "color_by", "colors")
KEYS_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "line": (*COMMON_KEYS, "width", "width_by", "dash"),
    "point": (*COMMON_KEYS, "radius", "outline"),
    "fill": (*COMMON_KEYS, "outline"),
}
MOST_ZOOM = 24


def parse_style(entry: Entry, geometry: str, fields: Mapping[str, Field], notes: Notes) -> Style:
    """The style of a layer of that geometry: one of line, point or fill, and the zooms and order it is drawn in."""
    kind = KIND_OF_GEOMETRY[geometry.removeprefix("Multi")]
    pairs = entries.take_mapping(entry, "style", notes, required=(kind,), optional=("min_zoom", "max_zoom", "order"))
    rules: dict[str, Any] = {}
    if kind in pairs:
        rules[kind] = parse_symbol(kind, pairs[kind], fields, notes)
    for key in ("min_zoom", "max_zoom"):
        if key in pairs:
            rules[key] = entries.take_number(pairs[key], f"style: {key}", notes, 0, MOST_ZOOM)
    if "order" in pairs:
        rules["order"] = entries.take_whole(pairs["order"], "style: order", notes, 0, 1000)
    if rules.get("min_zoom", 0) >= rules.get("max_zoom", MOST_ZOOM + 1):
        notes.add(pairs["max_zoom"].line, "style: max_zoom must be above min_zoom")
    return Style(rules)


def parse_symbol(kind: str, entry: Entry, fields: Mapping[str, Field], notes: Notes) -> Mapping[str, Any]:
    """How one geometry is drawn: its colour, and what else its kind has."""
    what = f"style: {kind}"
    pairs = entries.take_mapping(entry, what, notes, required=("color",), optional=KEYS_OF_KIND[kind])
    symbol: dict[str, Any] = {}
    for key in ("color", "outline"):
        if key in pairs:
            symbol[key] = entries.take_color(pairs[key], f"{what}: {key}", notes)
    for key, most in (("width", 20), ("radius", 20), ("opacity", 1)):
        if key in pairs:
            symbol[key] = entries.take_number(pairs[key], f"{what}: {key}", notes, 0, most)
    if "dash" in pairs:
        parts = entries.take_list(pairs["dash"], f"{what}: dash", notes)
        symbol["dash"] = tuple(entries.take_number(part, f"{what}: dash", notes, 0, 50) for part in parts)
    if "width_by" in pairs:
        symbol["width_by"] = take_scale_field(pairs["width_by"], f"{what}: width_by", fields, notes)
    return symbol | parse_color_by(pairs, what, fields, notes)


def take_scale_field(entry: Entry, what: str, fields: Mapping[str, Field], notes: Notes) -> str:
    """The name of a number field with both bounds, between which widths are spread."""
    name = entries.take_text(entry, what, notes)
    field = fields.get(name)
    if field is None or field.type not in ("integer", "number") or field.minimum is None or field.maximum is None:
        notes.add(entry.line, f"{what} must name a number field with min and max, got {name!r}")
    return name


def parse_color_by(pairs: Mapping[str, Entry], what: str, fields: Mapping[str, Field], notes: Notes) -> dict[str, Any]:
    """The code field that colours the layer and the colours of its codes; both or neither."""
    if ("color_by" in pairs) != ("colors" in pairs):
        key = "color_by" if "color_by" in pairs else "colors"
        notes.add(pairs[key].key_line, f"{what}: color_by and colors go together")
    if "color_by" not in pairs or "colors" not in pairs:
        return {}
    name = entries.take_text(pairs["color_by"], f"{what}: color_by", notes)
    field = fields.get(name)
    if field is None or field.type != "code":
        notes.add(pairs["color_by"].line, f"{what}: color_by must name a code field, got {name!r}")
        return {}
    colors = entries.take_mapping(pairs["colors"], f"{what}: colors", notes, optional=tuple(field.codes))
    taken = {code: entries.take_color(color, f"{what}: colour of {code!r}", notes) for code, color in colors.items()}
    for code, color in taken.items():
        if "color" in pairs and color == pairs["color"].value:
            notes.add(colors[code].line, f"{what}: colour of {code!r} must differ from color, which marks other values")
    return {"color_by": name, "colors": taken}
