"""Addresses of the map that the board links to; the map's own reader of them is tested beside it."""

import pytest

from gis_infra.spatial.boxes import Bbox
from gis_infra.web.board.links import MapLinks, at_box

LINKS = MapLinks("/", "vi")


def test_links_say_the_language_and_what_is_to_be_open():
    assert LINKS.show_register() == "/#lang=vi&tool=register"
    assert LINKS.show_register("water") == "/#lang=vi&tool=register&reg=sector%3Dwater"
    assert LINKS.show_register("water", "violation").endswith("&reg=sector%3Dwater%26severity%3Dviolation")
    assert LINKS.show_service("fire_hydrant", 7) == "/#lang=vi&tool=coverage&service=fire_hydrant&run=7"
    assert LINKS.show_service("fire_hydrant", None) == "/#lang=vi&tool=coverage&service=fire_hydrant"
    assert LINKS.show_layer("tree", None) == "/#lang=vi&on=tree"
    assert LINKS.show_point("tree", (106.7, 10.8)) == (
        "/#18.00/10.800000/106.700000&lang=vi&on=tree&tool=identify&at=106.700000,10.800000"
    )


@pytest.mark.parametrize(
    ("box", "place"),
    [
        ((106.0, 10.0, 107.0, 11.0), "8.79/10.500000/106.500000"),
        ((106.0, 10.0, 106.0, 10.0), "17.00/10.000000/106.000000"),  # a point
        ((-180.0, -90.0, 180.0, 90.0), "8.00/0.000000/0.000000"),
    ],
)
def test_a_box_is_shown_whole_and_not_too_near(box, place):
    assert at_box(Bbox(*box, 4326)) == place
