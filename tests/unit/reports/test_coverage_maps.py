"""Maps of coverage: colours by share, gaps by rank, and nothing that is not on the map."""

import pytest
from lxml import etree
from shapely import Point, Polygon, box

from gis_infra.reports.maps.drawing import HIGH_PX, WIDE_PX, find_scale_m, show_length
from gis_infra.reports.maps.shading import CLASSES, UNKNOWN, CoverageScene, Shade, Spot, find_color, list_classes
from gis_infra.reports.maps.shading import render_gaps as draw_gaps
from gis_infra.reports.maps.shading import render_shares as draw_shares

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "<script>x</script>"
WEST, EAST = box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)
SCENE = CoverageScene(
    shades=(Shade(WEST, "Một", 0.4), Shade(EAST, NASTY, None)),
    reach=box(0, 0, 800, 1000),
    gaps=(box(800, 0, 1000, 1000), EAST),
    spots=(Spot(Point(400, 500)), Spot(Point(1500, 500), "site", "1"), Spot(Point(90_000, 0))),
)


def read(markup):
    return etree.fromstring(markup)


@pytest.mark.parametrize(
    ("share", "color"),
    [(None, UNKNOWN), (0.0, 0), (0.4999, 0), (0.5, 1), (0.8, 2), (0.9499, 2), (0.95, 3), (0.9999, 3), (1.0, 4)],
)
def test_a_share_has_the_colour_of_the_last_class_it_reached(share, color):
    assert find_color(share) == (color if share is None else CLASSES[color][1])


def test_the_legend_tells_every_class_and_the_last_is_all():
    assert [each[:2] for each in list_classes()] == [(0.0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.0), (1.0, None)]


def test_units_are_drawn_in_their_colours_with_their_names():
    svg = read(draw_shares(SCENE, NASTY))
    fills = [each.get("fill") for each in svg.iter(f"{SVG}path") if each.get("fill-rule")]
    assert fills == [CLASSES[0][1], UNKNOWN]
    assert {"Một", NASTY} <= {each.text for each in svg.iter(f"{SVG}text")} and not list(svg.iter(f"{SVG}script"))


def test_gaps_are_hatched_and_ranked_and_spots_off_the_map_are_left_out():
    svg = read(draw_gaps(SCENE, "t"))
    fills = [each.get("fill") for each in svg.iter(f"{SVG}path") if each.get("fill-rule")]
    assert fills.count("url(#hatch)") == 2 and svg.find(f".//{SVG}pattern") is not None
    assert [each.text for each in svg.iter(f"{SVG}text")][:3] == ["1", "1", "2"]  # the site, then two gaps
    assert len([each for each in svg.iter(f"{SVG}circle") if each.get("r") == "3.0"]) == 1


def test_what_is_drawn_lies_on_the_paper():
    svg = read(draw_shares(SCENE, "t"))
    path = next(each.get("d") for each in svg.iter(f"{SVG}path") if each.get("fill-rule"))
    numbers = [tuple(map(float, pair.split(" "))) for pair in path.strip("MZ").replace("ZM", "L").split("L")]
    assert all(0 < x < WIDE_PX and 0 < y < HIGH_PX for x, y in numbers)


def test_an_area_of_many_parts_with_holes_is_one_path():
    holed = Polygon([(0, 0), (900, 0), (900, 900), (0, 900)], [[(300, 300), (600, 300), (600, 600), (300, 600)]])
    svg = read(draw_shares(CoverageScene((Shade(holed.union(box(950, 0, 990, 40)), "", 1.0),)), "t"))
    paths = [each for each in svg.iter(f"{SVG}path") if each.get("fill-rule")]
    assert len(paths) == 1 and paths[0].get("d").count("M") == 3


@pytest.mark.parametrize("scene", [CoverageScene(()), CoverageScene((Shade(Polygon(), "leer", 0.5),))])
def test_a_city_with_nothing_in_it_is_drawn_as_nothing(scene):
    assert read(draw_gaps(scene, "t")).tag == f"{SVG}svg"


def test_a_scale_of_a_whole_city_is_in_kilometres():
    assert [show_length(each) for each in (500, 1000, 2000, 10_000)] == ["500 m", "1000 m", "2 km", "10 km"]
    assert find_scale_m(80_000) == 20_000
