"""The project and the layer definition: QGIS opens them, finds every layer, and draws and asks as the map does."""

import math
from itertools import pairwise

import pytest

from gis_infra.catalogue import styles
from gis_infra.catalogue.definitions import Layer
from gis_infra.web.qgis.expressions import SCALE_AT_0, to_expression

CREDENTIALS = "username='lan' password='a long plain password' url="

# Layers the program itself keeps, to be looked at: the register, and what coverage found.
KEPT = {
    "Xung đột hạ tầng", "Độ bao phủ theo đơn vị", "Vùng trống dịch vụ", "Khoảng cách đến dịch vụ", "Vị trí đề xuất",
}  # fmt: skip


def fetch(qgis, name, lang, auth=None):
    """A file of the map as it is downloaded, put where QGIS can read it; its path and text."""
    answer = qgis.client.get(f"/qgis/{name}?lang={lang}", base_url=qgis.address, auth=auth)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    # What QGIS asks a person for when it is refused, written down.
    text = answer.text if auth is None else answer.text.replace("url=", CREDENTIALS)
    return qgis.keep(name, text), text


@pytest.fixture(scope="module")
def project(qgis):
    """What QGIS saw in the project of somebody who is not signed in, in English; nothing was complained of."""
    path, _ = fetch(qgis, "gis-infra.qgs", "en")
    seen, log = qgis.run(("project", {"path": path}))
    assert log == []
    return seen


@pytest.fixture(scope="module")
def public(catalogue):
    """The layers everybody may see, by the id QGIS has for each."""
    return {f"gis_infra_{each.id}": each for each in catalogue.layers.values() if each.access == "public"}


def test_every_layer_one_may_see_opens_under_its_sector(project, public, catalogue):
    assert project["done"] and project["crs"] == "EPSG:9210"
    assert project["title"] == "Infrastructure of Thành phố Hồ Chí Minh"
    assert set(project["layers"]) == set(public)
    for name, layer in public.items():
        seen = project["layers"][name]
        assert seen["valid"] and seen["crs"] == "EPSG:9210" and not seen["may_edit"], name
        assert seen["geometry"].removesuffix("Z") == layer.geometry, name
    assert project["layers"]["gis_infra_fire_hydrant"]["count"] == 6
    titles = {each.title.en for each in catalogue.sectors.values()}
    assert set(project["tree"]) <= titles
    named = {title for group in project["tree"].values() for title, _ in group}
    assert named == {each.title.en for each in public.values()}


def test_layers_are_shown_and_ordered_as_on_the_map(project, public):
    shown = {title: shown for group in project["tree"].values() for title, shown in group}
    assert shown["Fire hydrant"] and not shown["Administrative unit"]
    orders = [public[name].style.rules.get("order", 50) for name in project["order"]]
    assert orders == sorted(orders, reverse=True)


def test_layers_look_as_on_the_map(project, public):
    for name, layer in public.items():
        seen, legend = project["layers"][name], styles.to_legend(layer, "en")
        if seen["by"] is None:
            assert [color for _, _, color in seen["look"]] == [entry["color"] for entry in legend], name
        else:
            assert [(label, color) for _, label, color in seen["look"]] == [
                (entry["label"], entry["color"]) for entry in legend
            ], name
            _, symbol = styles.get_symbol(layer)
            assert (seen["by"], [value for value, _, _ in seen["look"]]) == (
                symbol["color_by"],
                [*symbol["colors"], ""],
            )
        least = layer.style.rules.get("min_zoom")
        assert (seen["scales"] or [None])[0] == (None if least is None else pytest.approx(SCALE_AT_0 / 2**least))


def test_forms_have_titles_units_and_code_lists(project, public):
    for name, layer in public.items():
        seen = project["layers"][name]
        for field in layer.fields:
            kind, options = seen["widgets"][field.name]
            assert seen["titles"][field.name].startswith(field.title.en), (name, field.name)
            assert (field.name in seen["fixed"]) == field.system, (name, field.name)
            if field.type == "code":
                listed = {title: code for each in options["map"] for title, code in each.items()}
                expected = {title.en: code for code, title in field.codes.items()}
                assert kind == "ValueMap" and expected.items() <= listed.items(), (name, field.name)
                assert next(iter(listed)) == "(none)"
    hydrant = project["layers"]["gis_infra_fire_hydrant"]
    assert hydrant["titles"]["nominal_diameter_mm"] == "Nominal diameter (mm)"
    assert hydrant["widgets"]["tested_on"][0] == "DateTime"
    told = [pair for each in hydrant["widgets"]["in_service"][1]["map"] for pair in each.items()]
    assert told[1:] == [("Yes", "true"), ("No", "false")]
    assert (hydrant["widgets"]["outlets"][1]["Min"], hydrant["widgets"]["outlets"][1]["Max"]) == (1, 8)


def test_who_signed_in_gets_their_layers_and_may_edit_what_they_may_edit(qgis, catalogue):
    path, text = fetch(qgis, "gis-infra.qlr", "vi", auth=("lan", "a long plain password"))
    assert f"url='{qgis.address}/wfs/signed-in'" in text
    seen, log = qgis.run(("definition", {"path": path}))
    assert seen["done"] and log == []
    readable = {each.title.vi for each in catalogue.layers.values() if each.access != "restricted"}
    own = {each.title.vi for each in catalogue.layers.values() if each.sector == "water"}
    # Added to a project, layers get ids of that project.
    layers = {each["title"]: each for each in seen["layers"].values()}
    assert set(layers) == readable | own | KEPT
    for title, layer in layers.items():
        assert layer["valid"] and layer["may_edit"] == (title in own), title
    hydrants = layers["Trụ nước chữa cháy"]
    assert hydrants["count"] == 7 and hydrants["titles"]["kind"] == "Loại trụ"
    assert "Cấp nước" in seen["tree"]


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
