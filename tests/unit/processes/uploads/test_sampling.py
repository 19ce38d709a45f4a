"""The first features of a file as GeoJSON, longitude first."""

import math

import numpy as np
import pytest
import shapely
from shapely import LineString, Point

from gis_infra.processes.uploads import sampling
from gis_infra.transfer.coordinates.systems import CrsGuess

# 603000 1191000 by pyproj 3.7.2, EPSG:9210 to 4326 with the operation EPSG:6960.
PLACE = (106.6935841, 10.7684037)


def guess(srid, swap_xy=False):
    """A coordinate system that is sure."""
    return CrsGuess(srid, True, "as asked", None, (), swap_xy)


@pytest.mark.parametrize(
    ("point", "crs"),
    [
        (Point(603000, 1191000), guess(9210)),
        (Point(1191000, 603000), guess(9210, swap_xy=True)),
        (Point(603000, 1191000, -1.5), guess(9210)),
        (Point(*PLACE), guess(4326)),
        (Point(*reversed(PLACE)), guess(4326, swap_xy=True)),
    ],
)
def test_shapes_are_shown_in_degrees_without_heights(point, crs):
    [shown] = sampling.to_lonlat(np.array([point], dtype=object), crs)
    assert not shown.has_z and shown.coords[0] == PLACE


def test_shapes_without_a_place_are_left_out():
    shapes = np.array([Point(603000, 1191000), None, Point(), Point(math.nan, 1), Point(1e300, 1e300)], dtype=object)
    shown = sampling.to_lonlat(shapes, guess(9210))
    assert [each is not None for each in shown] == [True, False, False, False, False]


def test_features_carry_the_values_of_their_own_row():
    shapes = np.array([Point(1, 2), None, Point(3, 4)], dtype=object)
    features = list(sampling.make_features(shapes, {"code": ["a", "b", "c"], "depth": [1.5, None, math.nan]}))
    assert [each["id"] for each in features] == [1, 3]
    assert [each["properties"] for each in features] == [{"code": "a", "depth": 1.5}, {"code": "c", "depth": None}]
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [3.0, 4.0]}


def test_long_lines_do_not_make_a_long_answer():
    line = LineString(np.column_stack((np.arange(9_000), np.arange(9_000))))
    features = list(sampling.make_features(np.array([line] * 5, dtype=object), {}))
    assert len(features) == 2
    assert sum(shapely.get_num_coordinates(shapely.from_geojson(str(each["geometry"]).replace("'", '"')))
               for each in features) <= sampling.MOST_VERTICES  # fmt: skip
