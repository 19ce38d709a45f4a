"""Works read from GeoJSON: what is taken, and what is refused in which words."""

import datetime

import pytest

from gis_infra.analysis.works.works import parse_works
from gis_infra.errors import InvalidParameter

PIT = {
    "type": "Polygon",
    "coordinates": [[[106.69, 10.77], [106.6901, 10.77], [106.6901, 10.7701], [106.69, 10.7701], [106.69, 10.77]]],
}


def test_a_polygon_comes_in_the_citys_coordinates():
    works = parse_works(PIT, 9210)
    # 0.0001 degrees are 10.93 m east-west and 11.06 m north-south here.
    assert works.shape.area == pytest.approx(10.93 * 11.06, rel=0.01)
    assert 602000 < works.shape.bounds[0] < 603000 and works.depth_m is None and works.method == "open_cut"


def test_the_properties_of_a_feature_are_read():
    properties = {"depth_m": 1.5, "method": "trenchless", "buffer_m": 2, "starts_on": "2026-12-01", "name": "x"}
    works = parse_works({"type": "Feature", "geometry": PIT, "properties": properties}, 9210)
    assert (works.depth_m, works.method, works.buffer_m) == (1.5, "trenchless", 2.0)
    assert works.starts_on == datetime.date(2026, 12, 1) and works.ends_on is None


def test_the_shapes_of_a_collection_are_taken_together():
    other = {"type": "Point", "coordinates": [106.7, 10.8]}
    features = [{"type": "Feature", "geometry": each, "properties": None} for each in (PIT, other)]
    works = parse_works({"type": "FeatureCollection", "features": features}, 9210)
    assert works.shape.geom_type == "GeometryCollection"


def test_a_bow_tie_is_read_as_its_two_halves():
    ring = [[106.69, 10.77], [106.6901, 10.7701], [106.6901, 10.77], [106.69, 10.7701], [106.69, 10.77]]
    assert parse_works({"type": "Polygon", "coordinates": [ring]}, 9210).shape.area > 50


def feature(**properties):
    return {"type": "Feature", "geometry": PIT, "properties": properties}


def point(*place):
    return {"type": "Point", "coordinates": list(place)}


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [[list(each) for each in ring]]}


BIG = polygon((106.6, 10.7), (106.7, 10.7), (106.7, 10.8), (106.6, 10.8), (106.6, 10.7))
ZIGZAG = {"type": "LineString", "coordinates": [[106.6 + each % 2 / 10, 10.7 + each / 1000] for each in range(20)]}
MANY = {"type": "LineString", "coordinates": [[106.6, 10.7 + each / 1e7] for each in range(5001)]}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "must be a GeoJSON object"),
        ({}, "type must be Feature, FeatureCollection or one of .*, got None"),
        ({"type": "GeometryCollection", "geometries": []}, "got 'GeometryCollection'"),
        ({"type": "FeatureCollection", "features": []}, "at least one feature"),
        ({"type": "FeatureCollection", "features": [1]}, "at least one feature"),
        ({"type": "FeatureCollection", "features": [{}] * 1001}, "at most 1000 features are allowed, got 1001"),
        ({"type": "Feature", "geometry": None}, "the geometry must be one of"),
        ({"type": "Feature", "geometry": PIT, "properties": [1]}, "the properties of the works must be an object"),
        ({"type": "Polygon", "coordinates": []}, "the geometry is empty"),
        ({"type": "Polygon", "coordinates": "x"}, "coordinates of the geometry cannot be read"),
        ({"type": "Polygon"}, "coordinates of the geometry cannot be read"),
        (polygon((1, 1)), "coordinates of the geometry cannot be read"),
        (point(603000, 1191500), "must be longitude and latitude in degrees, got a box of 603000"),
        (point(10.77, 106.69), "must be longitude and latitude"),
        (point(2.35, 48.85), "the works lie far outside the city"),
        (BIG, "cover 1[12][0-9].[0-9] km², at most 25 km² are allowed"),
        (ZIGZAG, "are 2[0-9]+.[0-9] km long, at most 100 km are allowed"),
        (MANY, "has 5001 vertices, at most 5000 are allowed"),
        (feature(depth_m="1"), "depth_m must be a number of metres, got '1'"),
        (feature(depth_m=True), "depth_m must be a number of metres"),
        (feature(depth_m=-1), "depth_m must be from 0 to 200 m, got -1"),
        (feature(buffer_m=1000), "buffer_m must be from 0 to 500 m, got 1000"),
        (feature(method="dynamite"), "method must be one of open_cut, trenchless, got 'dynamite'"),
        (feature(starts_on="1/12/2026"), "starts_on must be a day like 2026-12-01, got '1/12/2026'"),
        (feature(starts_on="2026-12-02", ends_on="2026-12-01"), "ends_on 2026-12-01 is before starts_on 2026-12-02"),
    ],
)
def test_works_that_cannot_be_read_are_refused_in_plain_words(document, words):
    with pytest.raises(InvalidParameter, match=words):
        parse_works(document, 9210)
