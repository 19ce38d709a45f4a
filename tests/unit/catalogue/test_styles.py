"""How layers look on the map and in the legend."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Field, Layer, Style, Title

NAME = Title(vi="Ống", en="Pipe")
SIZE = Field("size_mm", "integer", NAME, unit="mm", minimum=100, maximum=900)
KIND = Field("kind", "code", NAME, codes={"a": Title("Loại A", "Kind A"), "b": Title("Loại B", "Kind B")})


def make(rules, geometry="LineString"):
    return Layer("pipe", "water", NAME, geometry, "public", (SIZE, KIND), Style(rules))


def evaluate(expression, properties, zoom=16.0):
    """What MapLibre would make of an expression, for the few operators used here."""
    if not isinstance(expression, list):
        return expression
    operator, *rest = expression
    if operator == "get":
        return properties.get(rest[0])
    if operator == "zoom":
        return zoom
    if operator == "to-number":
        return evaluate(rest[0], properties, zoom) or 0
    if operator == "interpolate":
        return interpolate(rest[0], evaluate(rest[1], properties, zoom), rest[2:], properties, zoom)
    values = [evaluate(part, properties, zoom) for part in rest]
    return {"max": max, "sqrt": lambda x: math.sqrt(x), "*": lambda a, b: a * b}[operator](*values)


def interpolate(curve, value, stops, properties, zoom):
    points = [(at, evaluate(out, properties, zoom)) for at, out in zip(stops[::2], stops[1::2], strict=True)]
    if value <= points[0][0]:
        return points[0][1]
    for (low, from_), (high, to) in itertools.pairwise(points):
        if value <= high:
            base = curve[1] if curve[0] == "exponential" else 1
            part, whole = value - low, high - low
            share = part / whole if base == 1 else (base**part - 1) / (base**whole - 1)
            return from_ + share * (to - from_)
    return points[-1][1]


def get_width(rules, properties, zoom=16.0):
    (line,) = styles.to_maplibre(make({"line": rules}), "tiles")
    return evaluate(line["paint"]["line-width"], properties, zoom)


def test_a_line_is_drawn_from_its_source_and_source_layer_between_its_zooms():
    layer = make({"line": {"color": "#1f77d0", "width": 3}, "min_zoom": 12, "max_zoom": 20, "order": 5})
    (line,) = styles.to_maplibre(layer, "tiles")
    assert (line["id"], line["type"], line["source"], line["source-layer"]) == ("pipe", "line", "tiles", "pipe")
    assert (line["minzoom"], line["maxzoom"]) == (12, 20)
    assert line["paint"]["line-color"] == "#1f77d0"


@pytest.mark.parametrize(("zoom", "pixels"), [(5, 1.2), (10, 1.2), (16, 3), (20, 7.5), (22, 7.5)])
def test_a_width_is_as_written_at_zoom_16_and_follows_the_zoom(zoom, pixels):
    assert get_width({"color": "#000000", "width": 3}, {}, zoom) == pytest.approx(pixels)


@pytest.mark.parametrize(
    ("size", "pixels"),
    # sqrt(100) = 10 is drawn 1 wide and sqrt(900) = 30 is drawn 8 wide; sqrt(400) = 20 lies in the middle.
    [(100, 1.0), (400, 4.5), (900, 8.0), (50, 1.0), (5000, 8.0), (-7, 1.0), (None, 1.0)],
)
def test_a_width_goes_by_the_square_root_of_its_field(size, pixels):
    assert get_width({"color": "#000000", "width_by": "size_mm"}, {"size_mm": size}) == pytest.approx(pixels)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 24))
def test_the_larger_is_never_drawn_thinner(one, other, zoom):
    rules = {"color": "#000000", "width_by": "size_mm"}
    low, high = (get_width(rules, {"size_mm": size}, zoom) for size in sorted((one, other)))
    assert 0 < low <= high


def test_colours_go_by_a_code_and_the_rest_has_the_plain_colour():
    rules = {"color": "#000000", "color_by": "kind", "colors": {"a": "#111111", "b": "#222222"}}
    (line,) = styles.to_maplibre(make({"line": rules}), "tiles")
    assert line["paint"]["line-color"] == ["match", ["get", "kind"], "a", "#111111", "b", "#222222", "#000000"]
    assert styles.to_legend(make({"line": rules}), "en") == [
        {"label": "Kind A", "kind": "line", "color": "#111111"},
        {"label": "Kind B", "kind": "line", "color": "#222222"},
        {"label": "Other or unknown", "kind": "line", "color": "#000000"},
    ]


def test_a_dash_has_no_round_ends_and_stands_in_the_legend():
    layer = make({"line": {"color": "#000000", "dash": (4, 2)}})
    (line,) = styles.to_maplibre(layer, "tiles")
    assert line["paint"]["line-dasharray"] == [4, 2] and line["layout"]["line-cap"] == "butt"
    assert styles.to_legend(layer, "vi") == [{"label": "Ống", "kind": "line", "color": "#000000", "dash": [4, 2]}]


def test_an_area_has_its_edge_above_it_in_a_layer_of_its_own():
    layer = make({"fill": {"color": "#aaaaaa", "opacity": 0.5, "outline": "#333333"}}, "MultiPolygon")
    area, edge = styles.to_maplibre(layer, "tiles")
    assert (area["id"], area["type"], area["paint"]["fill-opacity"]) == ("pipe", "fill", 0.5)
    assert (edge["id"], edge["type"], edge["paint"]["line-color"]) == ("pipe-outline", "line", "#333333")


def test_a_point_is_a_disc_with_an_edge():
    layer = make({"point": {"color": "#aaaaaa", "radius": 4, "outline": "#ffffff"}}, "Point")
    (disc,) = styles.to_maplibre(layer, "tiles")
    assert disc["type"] == "circle" and disc["paint"]["circle-stroke-color"] == "#ffffff"
    assert evaluate(disc["paint"]["circle-radius"], {}) == 4


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_layer_of_the_city_has_a_style_and_a_legend_that_say_the_same(catalogue, language):
    for layer in catalogue.layers.values():
        drawn = styles.to_maplibre(layer, "tiles")[0]
        (color,) = [value for key, value in drawn["paint"].items() if key.endswith("-color") and "stroke" not in key]
        shown = [color] if isinstance(color, str) else [*color[3:-1:2], color[-1]]
        assert [entry["color"] for entry in styles.to_legend(layer, language)] == shown, layer.id


def test_trades_have_their_colours(catalogue):
    def find_strongest(layer_id):
        color = styles.to_legend(catalogue.get_layer(layer_id), "en")[0]["color"]
        parts = [int(color[place : place + 2], 16) for place in (1, 3, 5)]
        return ("red", "green", "blue")[parts.index(max(parts))]

    assert find_strongest("power_cable_underground") == "red"
    assert find_strongest("telecom_cable") == "green"
    assert find_strongest("water_pipe") == "blue"
