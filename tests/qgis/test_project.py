"""The project and the layer definition: QGIS opens them, finds every layer, and draws and asks as the map does."""

import math
from dataclasses import dataclass
from itertools import pairwise

import pytest

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Layer
from gis_infra.web.context import EXTENSION
from gis_infra.web.qgis.expressions import SCALE_AT_0, to_expression
from tests.qgis.conftest import PASSWORD, USER

CREDENTIALS = f"username='{USER}' password='{PASSWORD}' url="
NOTHING = {"en": "(none)", "vi": "(không có)"}
YES_NO = {"en": ("Yes", "No"), "vi": ("Có", "Không")}


def fetch(qgis, name, lang, auth=None):
    """A file of the map as it is downloaded, put where QGIS can read it; its path and text."""
    answer = qgis.client.get(f"/qgis/{name}?lang={lang}", base_url=qgis.address, auth=auth)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    # What QGIS asks a person for when it is refused, written down.
    text = answer.text if auth is None else answer.text.replace("url=", CREDENTIALS)
    return qgis.keep(name, text), text


@dataclass(frozen=True)
class Opened:
    """A file as QGIS opened it: what it saw, and its layers by their titles, each with what the catalogue says."""

    language: str
    seen: dict
    layers: dict
    user: str | None

    def may_edit(self, layer):
        """Whether whoever got the file may edit that layer: lan may the sector water."""
        return self.user is not None and layer.sector == "water"


@pytest.fixture(
    scope="module",
    params=[("qgs", "en", None), ("qgs", "vi", USER), ("qlr", "vi", None), ("qlr", "en", USER)],
    ids=lambda param: f"{param[0]}-{param[1]}-{param[2] or 'public'}",
)
def opened(request, qgis):
    """A file of the map as QGIS opened it, of which nothing was complained."""
    kind, language, user = request.param
    path, text = fetch(qgis, f"gis-infra.{kind}", language, auth=user and (user, PASSWORD))
    assert f"url='{qgis.address}/wfs{'/signed-in' if user else ''}'" in text
    seen, log = qgis.run(("project" if kind == "qgs" else "definition", {"path": path}))
    assert seen["done"] and log == []
    layers = {each.title.get_in(language): each for each in list_readable(qgis, user)}
    # Added to a project, layers get ids of that project: only titles stay.
    found = {each["title"]: each for each in seen["layers"].values()}
    assert set(found) == set(layers) and len(seen["layers"]) == len(layers)
    return Opened(language, seen, {title: (layers[title], each) for title, each in found.items()}, user)


def list_readable(qgis, user):
    """The layers a person may see, those that the program itself keeps included."""
    layers = qgis.recorder.app.extensions[EXTENSION].catalogue.layers.values()
    if user is None:
        return [each for each in layers if each.access == "public"]
    return [each for each in layers if each.access != "restricted" or each.sector == "water"]


def test_every_layer_one_may_see_opens_under_its_sector(opened, catalogue):
    for title, (layer, seen) in opened.layers.items():
        assert seen["valid"] and seen["crs"] == "EPSG:9210", title
        assert seen["geometry"].removesuffix("Z") == layer.geometry, title
        assert seen["may_edit"] == opened.may_edit(layer), title
    under = {}
    for title, (layer, _) in opened.layers.items():
        under.setdefault(catalogue.sectors[layer.sector].title.get_in(opened.language), set()).add(title)
    grouped = {group: {title for title, _ in layers} for group, layers in opened.seen["tree"].items() if layers}
    assert grouped == under
    _, hydrants = opened.layers["Fire hydrant" if opened.language == "en" else "Trụ nước chữa cháy"]
    assert hydrants["count"] == (6 if opened.user is None else 7)


def test_layers_are_shown_and_ordered_as_on_the_map(opened):
    shown = {title: shown for group in opened.seen["tree"].values() for title, shown in group}
    public = {title for title, (layer, _) in opened.layers.items() if layer.id in ("fire_hydrant", "admin_unit")}
    assert {opened.layers[title][0].id: shown[title] for title in public} == {"fire_hydrant": True, "admin_unit": False}
    if "order" in opened.seen:  # of a project; layers that are added to one lie as it has them
        by_id = {f"gis_infra_{layer.id}": layer for layer, _ in opened.layers.values()}
        orders = [by_id[name].style.rules.get("order", 50) for name in opened.seen["order"]]
        assert orders == sorted(orders, reverse=True)
        titles = {"en": "Infrastructure of Thành phố Hồ Chí Minh", "vi": "Hạ tầng Thành phố Hồ Chí Minh"}
        assert (opened.seen["title"], opened.seen["crs"]) == (titles[opened.language], "EPSG:9210")


def test_layers_look_as_on_the_map(opened):
    for title, (layer, seen) in opened.layers.items():
        legend = styles.to_legend(layer, opened.language)
        if seen["by"] is None:
            assert [color for _, _, color in seen["look"]] == [entry["color"] for entry in legend], title
        else:
            assert [(label, color) for _, label, color in seen["look"]] == [
                (entry["label"], entry["color"]) for entry in legend
            ], title
            _, symbol = styles.get_symbol(layer)
            values = [value for value, _, _ in seen["look"]]
            assert (seen["by"], values) == (symbol["color_by"], [*symbol["colors"], ""]), title
        least = layer.style.rules.get("min_zoom")
        assert (seen["scales"] or [None])[0] == (None if least is None else pytest.approx(SCALE_AT_0 / 2**least))


def test_forms_have_titles_units_and_code_lists(opened):
    for title, (layer, seen) in opened.layers.items():
        for field in layer.fields:
            kind, options = seen["widgets"][field.name]
            assert seen["titles"][field.name].startswith(field.title.get_in(opened.language)), (title, field.name)
            assert (field.name in seen["fixed"]) == field.system, (title, field.name)
            if field.type == "code":
                listed = {meaning: code for each in options["map"] for meaning, code in each.items()}
                expected = {meaning.get_in(opened.language): code for code, meaning in field.codes.items()}
                assert kind == "ValueMap" and expected.items() <= listed.items(), (title, field.name)
                assert next(iter(listed)) == NOTHING[opened.language]


def test_the_form_of_a_hydrant_asks_as_the_map_does(opened):
    hydrant = next(seen for layer, seen in opened.layers.values() if layer.id == "fire_hydrant")
    diameter = {"en": "Nominal diameter (mm)", "vi": "Đường kính danh nghĩa (mm)"}
    assert hydrant["titles"]["nominal_diameter_mm"] == diameter[opened.language]
    assert hydrant["widgets"]["tested_on"][0] == "DateTime"
    told = [pair for each in hydrant["widgets"]["in_service"][1]["map"] for pair in each.items()]
    assert told[1:] == list(zip(YES_NO[opened.language], ("true", "false"), strict=True))
    assert (hydrant["widgets"]["outlets"][1]["Min"], hydrant["widgets"]["outlets"][1]["Max"]) == (1, 8)


def test_the_public_is_not_served_at_the_address_of_those_who_sign_in(qgis):
    answer = qgis.client.get("/wfs/signed-in?service=WFS&request=GetCapabilities")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Basic ")
    told = qgis.client.get(
        "/wfs/signed-in?service=WFS&request=GetCapabilities", auth=("lan", "a long plain password")
    ).text
    assert 'xlink:href="http://localhost/wfs/signed-in"' in told
    assert 'xlink:href="http://localhost/wfs"' not in told


# Of a zoom and a diameter; the same computed by hand, as the style specification says.
SIZES = [(8, 100), (10, None), (13, 15), (16, 4000), (17.5, 600), (20, 50), (22, 9000)]


def interpolate(stops, base, at):
    """MapLibre's interpolation: stops are pairs of place and value."""
    if at <= stops[0][0]:
        return stops[0][1]
    for (before, low), (after, high) in pairwise(stops):
        if at < after:
            share = (
                (at - before) / (after - before)
                if base == 1
                else (base ** (at - before) - 1) / (base ** (after - before) - 1)
            )
            return low + (high - low) * share
    return stops[-1][1]


def compute_width(layer: Layer, zoom: float, value: float | None) -> float:
    """The width of a line in pixels, by its rules."""
    field = layer.get_field(styles.get_symbol(layer)[1]["width_by"])
    low, high = math.sqrt(field.minimum), math.sqrt(field.maximum)
    root = math.sqrt(max(0.0, field.minimum if value is None else value))
    width = interpolate([(low, 1.0), (high, 8.0)], 1, root)
    return interpolate([(10, 0.4 * width), (16, width), (20, 2.5 * width)], 1.5, zoom)


def test_sizes_are_computed_as_on_the_map(qgis, catalogue):
    layer = catalogue.get_layer("water_pipe")
    width = to_expression(styles.to_maplibre(layer, "x")[0]["paint"]["line-width"])
    steps = [
        ("evaluate", {"expression": width, "values": {"nominal_diameter_mm": value}, "scale": SCALE_AT_0 / 2**zoom})
        for zoom, value in SIZES
    ]
    *found, _ = qgis.run(*steps)
    assert found == pytest.approx([compute_width(layer, zoom, value) for zoom, value in SIZES], rel=1e-9)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("it's", "'it''s'"),
        (2.5, "2.5"),
        (["get", 'a"b'], '"a""b"'),
        (["match", ["get", "k"], "x", "red", "blue"], "CASE WHEN \"k\" = 'x' THEN 'red' ELSE 'blue' END"),
    ],
)
def test_expressions_are_written_so_that_no_text_ends_early(expression, written):
    assert to_expression(expression) == written
