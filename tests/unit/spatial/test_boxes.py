"""Reading the `bbox` parameter."""

import pytest

from gis_infra.errors import InvalidBbox
from gis_infra.spatial import boxes


@pytest.mark.parametrize("text", ["1,2,3", "1,2,3,x", "", "1,9,3,4", "1,2,nan,4", "1,2,inf,4", "1,2,3,4,5", "1;2;3;4"])
def test_a_malformed_bbox_is_refused_by_name(text):
    with pytest.raises(InvalidBbox, match="bbox"):
        boxes.parse(text, srid=4326)


def test_four_numbers_are_a_box_in_the_crs_given():
    assert boxes.parse("106.6,10.7,106.7,10.8", srid=4326) == boxes.Bbox(106.6, 10.7, 106.7, 10.8, 4326)


def test_six_numbers_are_two_corners_with_heights():
    assert boxes.parse("1,2,-5,3,4,99", srid=9210) == boxes.Bbox(1, 2, 3, 4, 9210, heights=(-5, 99))


def test_a_box_whose_floor_is_above_its_ceiling_is_refused():
    with pytest.raises(InvalidBbox, match=r"bbox has zmin 9\.0 above zmax 5\.0"):
        boxes.parse("1,2,9,3,4,5", srid=9210)


def test_a_box_of_no_width_is_legal():
    assert boxes.parse("1,2,1,2", srid=4326) == boxes.Bbox(1, 2, 1, 2, 4326)


def test_degrees_may_run_over_the_antimeridian_and_metres_may_not():
    assert boxes.parse("170,-10,-170,10", srid=4326).crosses_antimeridian
    with pytest.raises(InvalidBbox, match="right of"):
        boxes.parse("500,0,400,10", srid=9210)
