"""The sample of places a report's map is drawn from."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely import LineString, Point

from gis_infra.features.shapes.preparing import Frame
from gis_infra.spatial.crs import get_transformer
from gis_infra.transfer.reporting.sketch import EACH, MOST, Sketch

CITY = Frame("Point", 9210)


def to_wkb(shapes):
    return pa.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], pa.binary())


def test_rows_are_where_the_middle_of_their_box_is():
    sketch = Sketch()
    sketch.add(to_wkb([LineString([(0, 0), (10, 20)])]), to_wkb([None, Point(3, 4), Point()]), CITY)
    assert (sketch.accepted.kept, sketch.rejected.kept) == ([(5.0, 10.0)], [(3.0, 4.0)])


def test_batches_without_rows_and_shapes_that_cannot_be_read_add_nothing():
    sketch = Sketch()
    sketch.add(to_wkb([]), pa.array([b"no shape"], pa.binary()), CITY)
    assert (sketch.accepted.kept, sketch.rejected.kept) == ([], [])


def test_rejected_rows_are_moved_to_the_citys_system():
    frame = Frame("Point", 9210, get_transformer(4326, 9210), swap_xy=True)
    sketch = Sketch()
    sketch.add(to_wkb([]), to_wkb([Point(10.76840366, 106.69358409)]), frame)
    assert sketch.rejected.kept == [pytest.approx((603000, 1191000), abs=0.2)]


def test_however_many_rows_pass_few_places_are_kept_from_all_of_them():
    sketch = Sketch()
    for batch in range(100):
        points = shapely.to_wkb(shapely.points(np.arange(EACH * 2) + batch * EACH * 2, np.zeros(EACH * 2)))
        sketch.add(pa.array(points, pa.binary()), to_wkb([]), CITY)
    kept = [x for x, _ in sketch.accepted.kept]
    assert MOST / 4 < len(kept) <= MOST
    assert min(kept) < 0.05 * 100 * EACH * 2 and max(kept) > 0.95 * 100 * EACH * 2
