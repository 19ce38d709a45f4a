"""Coordinates put back into shapes."""

import numpy as np
import shapely

from gis_infra.features.shapes.moving import set_coordinates


def test_a_ring_that_does_not_close_any_more_is_none_and_holds_up_no_other():
    boxes = np.array([shapely.box(at, 0, at + 1, 1) for at in range(5)], dtype=object)
    coordinates = shapely.get_coordinates(boxes) + 10
    coordinates[9] += 0.001  # the last vertex of the second
    moved = set_coordinates(boxes.copy(), coordinates)
    assert shapely.is_missing(moved).tolist() == [False, True, False, False, False]
    assert moved[4].bounds == (14, 10, 15, 11)


def test_no_shapes_are_no_shapes():
    none = np.array([], dtype=object)
    assert len(set_coordinates(none, np.zeros((0, 2)))) == 0
